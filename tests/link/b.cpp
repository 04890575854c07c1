// SPDX-License-Identifier: MIT
#include <everything.hpp>

int b();

int b() { return 0; }
