// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace tallyscope_program {

/// Why the program cannot do what it was asked for: one sentence for the person who asked.
struct Problem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace tallyscope_program
