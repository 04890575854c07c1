// SPDX-License-Identifier: MIT
#include <tallyscope/detail/text_scanner.hpp>

#include "catch.hpp"

using tallyscope::detail::TextScanner;

TEST_CASE("a scan is complete when nothing was wrong and nothing is left", "[text_scanner]") {
  TextScanner scan{"12:x"};
  CHECK_FALSE(scan.complete());
  CHECK(scan.number(2, 2, 99) == 12);
  CHECK(scan.expect(",:") == ':');
  CHECK_FALSE(scan.take('y'));
  CHECK(scan.next() == 'x');
  CHECK(scan.take('x'));
  CHECK(scan.complete());
  CHECK(scan.at_end());
  CHECK(scan.next() == '\0');
}

TEST_CASE("a scan that failed stays failed", "[text_scanner]") {
  TextScanner scan{"a1"};
  CHECK(scan.expect("b") == '\0');
  CHECK(scan.at_end());
  CHECK_FALSE(scan.take('a'));
  CHECK(scan.number(0, 2, 9) == 0);
  CHECK_FALSE(scan.complete());
}

TEST_CASE("a number keeps to its digits and its limit", "[text_scanner]") {
  const auto read = [](std::string_view text, std::size_t least, std::size_t most, std::uint32_t limit) {
    TextScanner scan{text};
    const auto value = scan.number(least, most, limit);
    return scan.complete() ? static_cast<int>(value) : -1;
  };
  CHECK(read("007", 1, 3, 7) == 7);
  CHECK(read("8", 1, 3, 7) == -1);
  CHECK(read("1", 2, 2, 99) == -1);
  CHECK(read("123", 1, 2, 99) == -1);
  CHECK(read("", 1, 2, 99) == -1);
  CHECK(read("999999999", 1, 9, 999'999'999) == 999'999'999);
  CHECK(read("-1", 1, 2, 99) == -1);
}

TEST_CASE("characters are taken while they belong", "[text_scanner]") {
  TextScanner scan{"CEST-2"};
  CHECK(scan.take_while(tallyscope::detail::is_letter) == 4);
  CHECK(scan.take_while(tallyscope::detail::is_letter) == 0);
  CHECK(scan.take('-'));
  CHECK(scan.take_while(tallyscope::detail::is_digit) == 1);
  CHECK(scan.complete());
}
