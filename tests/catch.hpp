// SPDX-License-Identifier: MIT
// The only place that includes Catch2: version 3 where it is found, else version 2 as Debian 12 has it.
// Tests keep to what both offer; the few differences are evened out below in version 3's words.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)

#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/catch_tostring.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#elif __has_include(<catch2/catch.hpp>)

#include <catch2/catch.hpp>
#include <string>

namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& text) { return Contains(text); }
}  // namespace Catch::Matchers

#else
#error "Catch2 was not found: install it (Debian: catch2) or configure with -DTALLYSCOPE_BUILD_TESTS=OFF."
#endif

// Ends a test case that this machine cannot run; a version without SKIP shows it as a warning.
#ifndef SKIP
#define SKIP(message)   \
  do {                  \
    WARN(message);      \
    SUCCEED("skipped"); \
    return;             \
  } while (false)
#endif
