// SPDX-License-Identifier: MIT
#include "../reader_target.hpp"

#include <tallyscope/providers/bedrock.hpp>

namespace {

const fuzz::Target target{"bedrock", [](std::string_view input) {
                            fuzz::read_all<tallyscope::bedrock::Events>(input, tallyscope::bedrock::usage);
                          }};

}  // namespace
