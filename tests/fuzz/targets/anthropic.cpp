// SPDX-License-Identifier: MIT
#include "../reader_target.hpp"

#include <tallyscope/providers/anthropic.hpp>

namespace {

const fuzz::Target target{"anthropic", [](std::string_view input) {
                            fuzz::read_all<tallyscope::anthropic::Events>(input, tallyscope::anthropic::usage);
                          }};

}  // namespace
