// SPDX-License-Identifier: MIT
#include "../reader_target.hpp"

#include <tallyscope/providers/gemini.hpp>

namespace {

const fuzz::Target target{"gemini", [](std::string_view input) {
                            fuzz::read_all<tallyscope::gemini::Events>(input, tallyscope::gemini::usage);
                          }};

}  // namespace
