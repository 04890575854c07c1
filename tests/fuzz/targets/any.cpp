// SPDX-License-Identifier: MIT
#include "../reader_target.hpp"

#include <tallyscope/providers/any.hpp>

namespace {

void read(std::string_view input) { fuzz::require_sound_body(tallyscope::usage(input, {.provider = "x-ai"}), input); }

const fuzz::Target target{"any", read};

}  // namespace
