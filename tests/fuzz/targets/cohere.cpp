// SPDX-License-Identifier: MIT
#include "../reader_target.hpp"

#include <tallyscope/providers/cohere.hpp>

namespace {

const fuzz::Target target{"cohere", [](std::string_view input) {
                            fuzz::read_all<tallyscope::cohere::Events>(input, tallyscope::cohere::usage);
                          }};

}  // namespace
