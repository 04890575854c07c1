// expect: UserId
// SPDX-License-Identifier: MIT
// A literal could start the 16 bytes of a Pseudonym: a raw id that passes for a keyed hash.
#include <tallyscope/identity.hpp>

const tallyscope::CallInfo info{.user = {{"alice"}}};
