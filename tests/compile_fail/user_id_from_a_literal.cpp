// expect: a user id is not a bare string: write .user = ts::RawUser{id} to store it as it is
// SPDX-License-Identifier: MIT
#include <tallyscope/identity.hpp>

const tallyscope::CallInfo info{.user = "alice@example.org"};
