// SPDX-License-Identifier: MIT
#include "../reader_target.hpp"

#include <tallyscope/providers/openai.hpp>

namespace {

const fuzz::Target target{"openai", [](std::string_view input) {
                            const auto read = [](std::string_view body) { return tallyscope::openai::usage(body); };
                            fuzz::read_all<tallyscope::openai::Events>(input, read);
                          }};

}  // namespace
