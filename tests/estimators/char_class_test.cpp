// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/detail/char_class.hpp>

#include "catch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tallyscope::detail::char_class;
using tallyscope::detail::CharClass;

std::string utf8(std::uint32_t code) {
  const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
  const auto low = [&](unsigned shift) { return byte(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), low(0)};
  if (code < 0x10000) return {byte(0xE0 | code >> 12), low(6), low(0)};
  return {byte(0xF0 | code >> 18), low(12), low(6), low(0)};
}

tallyscope::detail::Character first_of(std::string_view text) {
  return tallyscope::detail::character_at(text.data(), text.data() + text.size());
}

}  // namespace

TEST_CASE("characters have the classes of Unicode 16.0", "[char_class]") {
  struct Row {
    std::uint32_t code;
    CharClass expected;
  };
  const auto row = GENERATE(values<Row>({
      {'A', CharClass::upper},       {'z', CharClass::lower},      {'7', CharClass::number},
      {'_', CharClass::punctuation}, {'+', CharClass::symbol},     {'`', CharClass::symbol},
      {'\x1C', CharClass::other},  // a separator to some libraries, not White_Space
      {'\x7F', CharClass::other},    {0x00AA, CharClass::letter},  {0x00AD, CharClass::other},
      {0x00B2, CharClass::number},   {0x017F, CharClass::lower},   {0x01C5, CharClass::upper},  // a title-case letter
      {0x02B0, CharClass::letter},   {0x0301, CharClass::mark},    {0x0378, CharClass::other},
      {0x0903, CharClass::mark},     {0x0967, CharClass::number},  {0x1C89, CharClass::upper},  // new in 16.0
      {0x20AC, CharClass::symbol},   {0x200B, CharClass::other},   {0x2167, CharClass::number},
      {0x3007, CharClass::number},   {0x4E00, CharClass::letter},  {0xA7DC, CharClass::upper},   // new in 16.0
      {0xA7CE, CharClass::other},                                                                // new in 17.0
      {0xE000, CharClass::other},    {0xFFFD, CharClass::symbol},  {0x10D50, CharClass::upper},  // new in 16.0
      {0x1D7D8, CharClass::number},  {0x1F600, CharClass::symbol}, {0x323AF, CharClass::letter},
      {0x323B0, CharClass::other},   {0xE00FF, CharClass::other},  {0xE0100, CharClass::mark},
      {0xE01EF, CharClass::mark},    {0xE01F0, CharClass::other},  {0x10FFFF, CharClass::other},
  }));
  CAPTURE(row.code);
  CHECK(char_class(row.code) == row.expected);
}

TEST_CASE("spaces are the 25 of White_Space", "[char_class]") {
  std::vector<std::uint32_t> spaces;
  for (std::uint32_t code = 0; code < 0x110000; ++code)
    if (char_class(code) == CharClass::space) spaces.push_back(code);
  CHECK(spaces == std::vector<std::uint32_t>{0x09,   0x0A,   0x0B,   0x0C,   0x0D,   0x20,   0x85,   0xA0,   0x1680,
                                             0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
                                             0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000});
}

TEST_CASE("each class has as many characters as Unicode 16.0 says", "[char_class]") {
  std::vector<int> counts(9);
  for (std::uint32_t code = 0; code < 0x110000; ++code) ++counts[static_cast<std::size_t>(char_class(code))];
  counts.erase(counts.begin());  // those of no class
  CHECK(counts == std::vector<int>{1889, 2258, 136881, 2501, 1911, 25, 855, 8514});
}

TEST_CASE("each character is read back from its UTF-8", "[char_class]") {
  std::uint32_t wrong = 0;
  for (std::uint32_t code = 0; code < 0x110000; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    const std::string bytes = utf8(code);
    const auto character = first_of(bytes);
    wrong += character.code != code || character.size != bytes.size() || character.kind != char_class(code);
  }
  CHECK(wrong == 0);
}

TEST_CASE("a character that the text's end cuts is within it", "[char_class]") {
  for (const std::string_view whole : {"\xC3\xA4", "\xE4\xB8\xAD", "\xF0\x9F\x98\x80"})
    for (std::size_t size = 1; size < whole.size(); ++size) {
      const auto character = first_of(whole.substr(0, size));
      CHECK(character.size <= size);
      CHECK(character.size >= 1);
    }
}

TEST_CASE("bytes that are not UTF-8 have a class too", "[char_class]") {
  int wrong = 0;
  for (int lead = 0x80; lead < 0x100; ++lead)
    for (int next = 0; next < 0x100; ++next) {
      const std::string bytes{static_cast<char>(lead), static_cast<char>(next), '\xFF', '\xFF'};
      const auto character = first_of(bytes);
      wrong += character.kind > CharClass::symbol || character.size < 1 || character.size > 4;
    }
  CHECK(wrong == 0);
}
