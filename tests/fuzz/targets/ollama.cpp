// SPDX-License-Identifier: MIT
#include "../reader_target.hpp"

#include <tallyscope/providers/ollama.hpp>

namespace {

const fuzz::Target target{"ollama", [](std::string_view input) {
                            fuzz::read_all<tallyscope::ollama::Events>(input, tallyscope::ollama::usage);
                          }};

}  // namespace
