// expect: a user id is not a bare string: write .user = ts::RawUser{id} to store it as it is
// SPDX-License-Identifier: MIT
#include <tallyscope/identity.hpp>

const std::string_view id = "alice@example.org";
const tallyscope::CallInfo info{.user = id};
