// expect: UserId
// SPDX-License-Identifier: MIT
// Two pairs of braces would make a RawUser without anyone having written the word.
#include <tallyscope/identity.hpp>

const std::string_view id = "alice@example.org";
const tallyscope::CallInfo info{.user = {{id}}};
