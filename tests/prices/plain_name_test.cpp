// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <tallyscope/prices/detail/model_name.hpp>
#include <tallyscope/prices/detail/name_index.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace detail = tallyscope::detail;

namespace {

std::string any_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() % 256 : ' ' + random() % 95);
  return bytes;
}

/// Takes the plain name of a copy that has nothing behind or before it.
detail::PlainName plain_of_exactly(const std::string& bytes) {
  const auto copy = std::make_unique<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return detail::PlainName{{copy.get(), bytes.size()}};
}

std::string dateless(std::string_view plain) { return std::string{detail::without_date(plain)}; }

}  // namespace

TEST_CASE("a name of any size and content is plain byte by byte", "[plain_name]") {
  std::mt19937 random{7};
  for (std::size_t size = 0; size <= detail::plain_name_limit; ++size)
    for (int trial = 0; trial < 20; ++trial) {
      const std::string bytes = any_bytes(random, size);
      const detail::PlainName name = plain_of_exactly(bytes);
      REQUIRE(name.text().size() == size);
      REQUIRE(detail::reads_as(bytes, name.text()));
    }
  CHECK(plain_of_exactly(std::string(detail::plain_name_limit + 1, 'a')).empty());
}

TEST_CASE("what reads alike has one hash, and a plain name is its own plain form", "[plain_name]") {
  std::mt19937 random{8};
  for (std::size_t size = 0; size <= detail::plain_name_limit; ++size) {
    std::string bytes = any_bytes(random, size);
    const detail::PlainName name = plain_of_exactly(bytes);
    for (char& byte : bytes) {
      if (byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - 'a' + 'A');
      if (detail::plain_byte(byte) == '_') byte = "-./: _"[random() % 6];
    }
    const detail::PlainName other = plain_of_exactly(bytes), again{name.text()};
    CHECK(other.text() == name.text());
    CHECK(other.hash() == name.hash());
    CHECK(again.text() == name.text());
    CHECK(again.hash() == name.hash());
  }
}

TEST_CASE("names that differ in a byte or in their zeros are two", "[plain_name]") {
  std::mt19937 random{9};
  detail::NameIndex index;
  std::vector<std::string> names;
  for (std::size_t size = 1; size <= detail::plain_name_limit; ++size) {
    const std::string bytes(size, 'a');
    for (const std::size_t place : {std::size_t{0}, size / 2, size - 1}) {
      names.push_back(bytes);
      names.back()[place] = 'b';
    }
    names.push_back(bytes);
    names.push_back(std::string(size, '\0'));
    names.push_back(bytes.substr(1) + '\0');
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::shuffle(names.begin(), names.end(), random);
  for (std::uint32_t number = 0; number < names.size(); ++number) {
    index.make_room();
    const detail::PlainName name{names[number]};
    REQUIRE(index.find(3, name) == detail::NameIndex::none);
    index.place(3, name) = number;
  }
  for (std::uint32_t number = 0; number < names.size(); ++number) {
    CHECK(index.find(3, plain_of_exactly(names[number])) == number);
    CHECK(index.find(4, plain_of_exactly(names[number])) == detail::NameIndex::none);
  }
}

TEST_CASE("only a date of this century at the end of a name is one", "[plain_name]") {
  for (const char* date : {"_2026_01_31", "_20260131", "@20260131", "_0131", "_2000_12_01", "_1231"}) {
    CHECK(dateless(std::string{"gpt"} + date) == "gpt");
    CHECK(dateless(date).empty());  // nothing would be left
    CHECK(dateless(std::string{"gpt"} + date + "x").empty());
    CHECK(dateless(std::string{"gpt"} + date + "1").empty());
  }
  for (const char* none : {"",
                           "7",
                           "_1",
                           "gpt_4",
                           "gpt_41",
                           "gpt_0431_",
                           "gpt_1301",
                           "gpt_0132",
                           "gpt_0031",
                           "gpt_0100",
                           "gpt_1999_01_31",
                           "gpt_2100_01_31",
                           "gpt_19990131",
                           "gpt_2026_13_01",
                           "gpt_2026_00_01",
                           "gpt_2026_01_32",
                           "gpt@2026_01_31",
                           "gpt_2026@01_31",
                           "gpt@0131",
                           "gpt0131",
                           "gpt20260131",
                           "gpt_2o26_01_31",
                           "gpt_20260 31",
                           "_0131",
                           "01_31",
                           "\xFF\xFF\xFF\xFF\xFF\xFF"})
    CHECK(dateless(none).empty());
}
