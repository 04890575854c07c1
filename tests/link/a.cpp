// SPDX-License-Identifier: MIT
// everything.hpp is generated: the umbrella and every sink. What is defined twice fails to link.
#include <everything.hpp>

int b();

int main() { return b(); }
