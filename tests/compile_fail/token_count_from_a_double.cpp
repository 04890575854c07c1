// expect: a token count is a whole number
// SPDX-License-Identifier: MIT
#include <tallyscope/usage.hpp>

const tallyscope::Usage usage{.input_tokens = 1.5};
