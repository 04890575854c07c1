// SPDX-License-Identifier: MIT
// Documents that are made to hurt, and text that is not ASCII in all its forms.
#include <tallyscope/detail/json_scan.hpp>

#include "catch.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace detail = tallyscope::detail;
using detail::JsonError;
using detail::JsonFailure;
using detail::JsonScan;
using detail::JsonString;

struct Document {
  explicit Document(std::string_view text) : bytes(text.begin(), text.end()) {}
  JsonScan scan() const { return JsonScan{{bytes.data(), bytes.size()}}; }

  std::vector<char> bytes;  // of exactly that size, so that AddressSanitizer sees a byte beyond it
};

JsonFailure failure_of(std::string_view text) {
  const Document document{text};
  JsonScan scan = document.scan();
  scan.skip();
  return scan.failure();
}

bool accepts(std::string_view text) {
  const Document document{text};
  JsonScan scan = document.scan();
  return scan.skip() && scan.at_end();
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (; times > 0; --times) all += text;
  return all;
}

/// Where the first character begins that is not UTF-8, or the size: by what code points the bytes stand for.
std::size_t sound_prefix(std::string_view text) {
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  for (std::size_t place = 0; place < text.size();) {
    const auto lead = static_cast<unsigned char>(text[place]);
    const std::size_t size = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (size == 0 || place + size > text.size()) return place;
    std::uint32_t value = size == 1 ? lead : lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(text[place + i]);
      if (byte >> 6 != 2) return place;
      value = value << 6 | (byte & 0x3Fu);
    }
    if (value < least[size] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return place;
    place += size;
  }
  return text.size();
}

/// Is the text accepted in a string exactly if it is UTF-8, and refused at the right byte?
bool judged_rightly(std::string_view text) {
  const std::size_t sound = sound_prefix(text);
  const JsonFailure found = failure_of('"' + std::string{text} + '"');
  return found == (sound == text.size() ? JsonFailure{} : JsonFailure{JsonError::bad_utf8, 1 + sound});
}

}  // namespace

TEST_CASE("a hundred thousand open brackets are refused at once", "[json]") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(failure_of(std::string(100'000, '[')) == JsonFailure{JsonError::too_deep, 256});
  CHECK(failure_of(repeated("{\"\":", 100'000)) == JsonFailure{JsonError::too_deep, 256 * 4});
  CHECK(failure_of(repeated("[{\"a\":", 100'000)) == JsonFailure{JsonError::too_deep, 128 * 6});
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
}

TEST_CASE("each level knows its own bracket, in every mixture of 256 of them", "[json]") {
  std::mt19937 random{7};
  for (int round = 0; round < 200; ++round) {
    const std::size_t levels = round < 100 ? 256 : 1 + random() % 256;
    std::string open, close;
    for (std::size_t level = 0; level < levels; ++level) {
      const bool object = random() % 2 == 0;
      open += object ? "{\"a\":" : "[";
      close += object ? '}' : ']';
    }
    std::reverse(close.begin(), close.end());
    REQUIRE(accepts(open + '0' + close));
    const std::size_t wrong = random() % levels;
    close[wrong] = close[wrong] == '}' ? ']' : '}';
    REQUIRE(failure_of(open + '0' + close) == JsonFailure{JsonError::unexpected_character, open.size() + 1 + wrong});
  }
}

TEST_CASE("what is read and what is skipped share one limit of depth", "[json]") {
  const std::string text = std::string(200, '[') + std::string(56, '[') + std::string(256, ']');
  JsonScan scan{text};
  for (int level = 0; level < 200; ++level) REQUIRE((scan.begin_array() && scan.next_element()));
  CHECK(scan.skip());
  const std::string deeper = std::string(257, '[');
  JsonScan other{deeper};
  for (int level = 0; level < 200; ++level) REQUIRE((other.begin_array() && other.next_element()));
  CHECK_FALSE(other.skip());
  CHECK(other.failure() == JsonFailure{JsonError::too_deep, 256});
}

TEST_CASE("many values beside each other are no depth", "[json]") {
  CHECK(accepts('[' + repeated("[],", 100'000) + "[]]"));
  CHECK(accepts('[' + repeated("{\"a\":[1]},", 100'000) + "0]"));
}

TEST_CASE("a string of 64 MiB is one string", "[json]") {
  constexpr std::size_t size = std::size_t{64} << 20;
  std::string text(size + 2, 'x');
  text.front() = text.back() = '"';
  JsonScan scan{text};
  JsonString string;
  REQUIRE(scan.string(string));
  CHECK(string.raw().size() == size);
  CHECK_FALSE(string.escaped());
  CHECK(scan.at_end());
  text[size] = '\n';
  JsonScan other{text};
  CHECK_FALSE(other.skip());
  CHECK(other.failure() == JsonFailure{JsonError::bad_string, size});
}

TEST_CASE("a number of a million digits is a number and no integer", "[json]") {
  const std::string digits(1'000'000, '9');
  JsonScan scan{digits};
  std::int64_t integer = 0;
  std::string_view number;
  CHECK_FALSE(scan.integer(integer));
  REQUIRE(scan.number(number));
  CHECK(number.size() == digits.size());
  CHECK(accepts("1e" + digits));
  CHECK(accepts("0." + digits));
}

TEST_CASE("of a key that is there twice both members are shown, in order", "[json]") {
  JsonScan scan{R"({"a":1,"b":{"a":2},"a":3})"};
  JsonString key;
  std::vector<std::int64_t> seen;
  REQUIRE(scan.begin_object());
  while (scan.next_member(key)) {
    std::int64_t value = 0;
    if (key.raw() == "a" && scan.integer(value))
      seen.push_back(value);
    else
      scan.skip();
  }
  CHECK(scan.at_end());
  CHECK(seen == std::vector<std::int64_t>{1, 3});
}

TEST_CASE("every beginning of a character is judged as UTF-8 has it, alone and among others", "[json]") {
  const std::vector<std::string> surroundings = {"", repeated("\xD0\xB1", 40), repeated("\xE6\x97\xA5", 40)};
  for (unsigned lead = 0x80; lead < 0x100; ++lead)
    for (unsigned second = 0x70; second < 0x100; ++second) {
      if (second == '"' || second == '\\') continue;
      for (const std::string_view rest : {"", "\x80", "\x80\xBF\x80", "a"}) {
        const std::string middle = std::string{static_cast<char>(lead), static_cast<char>(second)} + std::string{rest};
        for (const std::string& around : surroundings)
          if (!judged_rightly(around + middle + around))
            FAIL("lead " << lead << ", second " << second << ", " << rest.size());
      }
    }
}

TEST_CASE("text of any mixture is judged as UTF-8 has it, at every place of a block", "[json]") {
  static constexpr std::string_view pieces[] = {"a",
                                                "plain text of some length, and more of it",
                                                "\xC3\xA9",
                                                "\xD0\xB1",
                                                "\xE6\x97\xA5",
                                                "\xE0\xA4\x85",
                                                "\xED\x9F\xBF",
                                                "\xF0\x9F\x92\xB8",
                                                "\xF0\xA0\x80\x80",
                                                "\xF4\x8F\xBF\xBF",
                                                "\\n",
                                                "\\u00e9"};
  std::mt19937 random{11};
  int refused = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text;
    const std::size_t common = random() % std::size(pieces);
    for (std::size_t left = random() % 60; left > 0; --left)
      text += pieces[random() % 3 == 0 ? random() % std::size(pieces) : common];
    if (!text.empty() && random() % 2 == 0) {
      const std::size_t place = random() % text.size();
      const auto byte = static_cast<char>(0x80 + random() % 0x80);
      // Within an escape it would be another failure.
      if (text.find('\\') == std::string::npos) text[place] = byte;
    }
    if (!judged_rightly(text)) FAIL("round " << round);
    refused += sound_prefix(text) == text.size() ? 0 : 1;
  }
  CHECK(refused > 1'000);
}

TEST_CASE("the end of a long text is found wherever it is, with what is escaped before it", "[json]") {
  for (std::size_t before = 0; before < 150; ++before)
    for (const std::string_view special :
         {"", "\\\"", "\\\\", "\\\\\\\"", "\\u0022", "\\u0022\\u005c", "\xC3\xA9", "\xE6\x97\xA5\xE6\x97\xA5"})
      for (const std::size_t behind : {std::size_t{0}, std::size_t{1}, std::size_t{70}}) {
        const std::string text = std::string(before, 'a') + std::string{special} + std::string(behind, 'b');
        const Document document{'"' + text + "\" \"next\""};
        JsonScan scan = document.scan();
        JsonString string;
        REQUIRE(scan.string(string));
        REQUIRE(string.raw() == text);
        REQUIRE(string.escaped() == (special.find('\\') != std::string_view::npos));
      }
}
