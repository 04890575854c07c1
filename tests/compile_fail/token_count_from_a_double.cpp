// expect: from 'double' to 'tallyscope::
// SPDX-License-Identifier: MIT
#include <tallyscope/usage.hpp>

const tallyscope::Usage usage{.input_tokens = 1.5};
