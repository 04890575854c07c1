// SPDX-License-Identifier: MIT
// The test programs' main, compiled once and linked into each.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argument_count, char** arguments) { return Catch::Session().run(argument_count, arguments); }
