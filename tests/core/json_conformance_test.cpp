// SPDX-License-Identifier: MIT
// What RFC 8259 has and what it does not have, each case skipped and read, at the beginning of a document and deep in
// it.
#include <tallyscope/detail/json_scan.hpp>

#include "catch.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace detail = tallyscope::detail;
using detail::JsonError;
using detail::JsonFailure;
using detail::JsonScan;
using detail::JsonString;
using detail::JsonType;
using namespace std::string_view_literals;

/// Reads a value member by member, each part by the function for it.
void read(JsonScan& scan) {
  JsonString text;
  std::string_view number;
  bool truth = false;
  switch (scan.type()) {
    case JsonType::object:
      if (scan.begin_object())
        while (scan.next_member(text)) read(scan);
      return;
    case JsonType::array:
      if (scan.begin_array())
        while (scan.next_element()) read(scan);
      return;
    case JsonType::string:
      scan.string(text);
      return;
    case JsonType::number:
      scan.number(number);
      return;
    case JsonType::boolean:
      scan.boolean(truth);
      return;
    case JsonType::null:
      scan.null();
      return;
    default:
      scan.skip();
  }
}

struct Verdict {
  bool accepted = false;
  JsonFailure failure{};
};

/// By skip() and by reading, which must agree. The document stands in memory of exactly its size.
Verdict verdict(std::string_view text) {
  const std::vector<char> bytes(text.begin(), text.end());
  JsonScan skipping{{bytes.data(), bytes.size()}}, reading{{bytes.data(), bytes.size()}};
  const bool skipped = skipping.skip();
  read(reading);
  const bool agree = skipped != skipping.failed() && skipping.failure() == reading.failure() &&
                     skipping.taken() == reading.taken() && skipping.at_end() == reading.at_end();
  if (!agree) FAIL_CHECK("read otherwise than skipped: " << text);
  return {skipping.at_end(), skipping.failure()};
}

bool accepts(std::string_view text) { return verdict(text).accepted; }

/// As an element behind and before others, so that it begins and ends at every place of a block of bytes.
bool accepted_everywhere(std::string_view value) {
  for (std::size_t before = 0; before < 80; ++before)
    for (const std::size_t behind : {std::size_t{0}, std::size_t{5}, std::size_t{90}})
      if (!accepts("[\"" + std::string(before, 'x') + "\",{\"k\":" + std::string{value} + "},\"" +
                   std::string(behind, 'y') + "\"]"))
        return false;
  return true;
}

/// Refused for that reason, and `place` bytes behind the beginning of `value`, wherever it stands.
bool refused_everywhere(std::string_view value, JsonError error, std::size_t place) {
  for (std::size_t before = 0; before < 80; ++before) {
    const std::string front = "[\"" + std::string(before, 'x') + "\",{\"k\":";
    for (const std::size_t behind : {std::size_t{0}, std::size_t{90}}) {
      const Verdict found = verdict(front + std::string{value} + "},\"" + std::string(behind, 'y') + "\"]");
      if (found.accepted || !(found.failure == JsonFailure{error, front.size() + place})) {
        UNSCOPED_INFO(detail::name_of(found.failure.error) << " at " << found.failure.place - front.size());
        return false;
      }
    }
  }
  return true;
}

struct Refused {
  std::string_view value;
  JsonError error;
  std::size_t place;
};

void check_refused(std::initializer_list<Refused> cases) {
  for (const Refused& one : cases) {
    INFO(one.value);
    CHECK(refused_everywhere(one.value, one.error, one.place));
  }
}

}  // namespace

TEST_CASE("sound values are accepted wherever they stand", "[json]") {
  for (const std::string_view value : {
           "{}"sv,
           "[]"sv,
           "[[]]"sv,
           "[{}]"sv,
           "{\"a\":{}}"sv,
           "{\"\":\"\"}"sv,
           "{\"a\":1,\"a\":2}"sv,
           "[null,1,\"1\",{}]"sv,
           " [ 1 , 2 ] "sv,
           "\t{\t\"a\"\t:\t1\t}\t"sv,
           "\r\n[\r\n]\r\n"sv,
           "[[[[[[[[[[]]]]]]]]]]"sv,
           // Numbers.
           "0"sv,
           "-0"sv,
           "1"sv,
           "-1"sv,
           "10"sv,
           "123"sv,
           "1234"sv,
           "12345"sv,
           "1234567890123456789012345678901234567890"sv,
           "0.0"sv,
           "-0.1"sv,
           "1.5"sv,
           "123.456"sv,
           "0.00000000000000000000000000000000000001"sv,
           "1e5"sv,
           "1E5"sv,
           "1e+5"sv,
           "1e-5"sv,
           "0e0"sv,
           "0E+0"sv,
           "1.5e300"sv,
           "1e400"sv,
           "-1e-400"sv,
           "123456.789012e+0034"sv,
           "18446744073709551616"sv,
           "-9223372036854775809"sv,
           // Words.
           "true"sv,
           "false"sv,
           "null"sv,
           "[true,false,null]"sv,
           // Strings and escapes.
           "\"\""sv,
           "\"a\""sv,
           "\" \""sv,
           "\"\x7f\""sv,
           "\"\\\"\""sv,
           "\"\\\\\""sv,
           "\"\\/\""sv,
           "\"/\""sv,
           "\"\\b\\f\\n\\r\\t\""sv,
           "\"\\u0000\""sv,
           "\"\\u0022\""sv,
           "\"\\u005C\""sv,
           "\"\\uABCD\\uabcd\\u1eF9\""sv,
           "\"\\\\u0041\""sv,
           "\"\\\\\\\\\""sv,
           "\"\\\\\\\"\""sv,
           "\"[{}],:\""sv,
           "\"/*c*/\""sv,
           "\"'\""sv,
           "\"\\u0041\\u0042\\u0043\\u0044\""sv,
           // Surrogates are escapes like others; half of a pair is what the text says it is.
           "\"\\uD83D\\uDCB8\""sv,
           "\"\\uD83D\""sv,
           "\"\\uDCB8\""sv,
           "\"\\uD83D\\uD83D\""sv,
           "\"\\uDCB8\\uD83D\""sv,
           "\"\\uD83Dx\""sv,
           "\"\\uD83D\\n\""sv,
           "\"\\uD83D\\u0041\""sv,
           // UTF-8.
           "\"\xC2\x80\""sv,
           "\"\xDF\xBF\""sv,
           "\"\xE0\xA0\x80\""sv,
           "\"\xED\x9F\xBF\""sv,
           "\"\xEE\x80\x80\""sv,
           "\"\xEF\xBF\xBF\""sv,
           "\"\xEF\xBB\xBF\""sv,
           "\"\xF0\x90\x80\x80\""sv,
           "\"\xF0\xA0\x80\x80\""sv,
           "\"\xF4\x8F\xBF\xBF\""sv,
           "\"\xC3\xA9\xC3\xA9\xC3\xA9\""sv,
           "\"\xE2\x80\xA8\xE2\x80\xA9\""sv,
       }) {
    INFO(value);
    CHECK(accepted_everywhere(value));
  }
}

TEST_CASE("a lone value of any type is a document", "[json]") {
  for (const char* text : {"0", "-12.5e3", "true", "false", "null", "\"text\"", "{}", "[]", " 1 ", "\n\"a\"\t"})
    CHECK(accepts(text));
}

TEST_CASE("a broken structure is refused at the byte that does not belong", "[json]") {
  constexpr auto error = JsonError::unexpected_character;
  check_refused({{"[1,]", error, 3},
                 {"[,1]", error, 1},
                 {"[1,,2]", error, 3},
                 {"[1 2]", error, 3},
                 {"[1}", error, 2},
                 {"[\"a\",]", error, 5},
                 {"[\"a\"\"b\"]", error, 4},
                 {"[{}{}]", error, 3},
                 {"[1:2]", error, 2},
                 {"[\"a\":1]", error, 4},
                 {"[]]", error, 2},
                 {"[[]}", error, 3},
                 {"{\"a\":1]", error, 6},
                 {"{\"a\":1,}", error, 7},
                 {"{,}", error, 1},
                 {"{\"a\":1,,}", error, 7},
                 {"{a:1}", error, 1},
                 {"{'a':1}", error, 1},
                 {"{1:1}", error, 1},
                 {"{null:1}", error, 1},
                 {"{[]:1}", error, 1},
                 {"{\"a\"}", error, 4},
                 {"{\"a\",1}", error, 4},
                 {"{\"a\" 1}", error, 5},
                 {"{\"a\"::1}", error, 5},
                 {"{\"a\":}", error, 5},
                 {"{\"a\":,}", error, 5},
                 {"{\"a\":1 \"b\":2}", error, 7},
                 {"{\"a\":1,\"b\"}", error, 10},
                 {"{\"a\":1,2}", error, 7},
                 {"{{}}", error, 1},
                 {"", error, 0},
                 {",", error, 0},
                 {":", error, 0},
                 {"]", error, 0}});
}

TEST_CASE("what other notations have is refused", "[json]") {
  constexpr auto error = JsonError::unexpected_character;
  check_refused({{"'a'", error, 0},
                 {"NaN", error, 0},
                 {"Infinity", error, 0},
                 {"undefined", error, 0},
                 {"True", error, 0},
                 {"NULL", error, 0},
                 {"+1", error, 0},
                 {".5", error, 0},
                 {"/**/1", error, 0},
                 {"1//", error, 1},
                 {"#1", error, 0},
                 {"`a`", error, 0},
                 {"1_000", error, 1},
                 {"0x1F", error, 1},
                 {"1n", error, 1},
                 {"\\n", error, 0},
                 {"\xEF\xBB\xBF{}", error, 0},  // a byte order mark
                 {"\xC2\xA0"
                  "1",
                  error, 0},  // a blank that is none
                 {"\v1", error, 0},
                 {"\f1", error, 0},
                 {"\xE2\x80\xA8[]", error, 0}});
  check_refused({{"nan", JsonError::bad_word, 0}, {"-Infinity", JsonError::bad_number, 1}});
}

TEST_CASE("numbers that RFC 8259 does not have are refused where they go wrong", "[json]") {
  constexpr auto error = JsonError::bad_number;
  check_refused({{"-", error, 1},   {"--1", error, 1},  {"-a", error, 1},    {"-.5", error, 1},
                 {"-]", error, 1},  {"1.", error, 2},   {"1.e1", error, 2},  {"1.a", error, 2},
                 {"-1.", error, 3}, {"0.", error, 2},   {"1e", error, 2},    {"1E", error, 2},
                 {"1e+", error, 3}, {"1e-", error, 3},  {"1e+-1", error, 3}, {"1.5e", error, 4},
                 {"1ea", error, 2}, {"1e.5", error, 2}, {"-+1", error, 1},   {"1234567890.", error, 11}});
  constexpr auto more = JsonError::unexpected_character;
  check_refused({{"01", more, 1},
                 {"-01", more, 2},
                 {"00", more, 1},
                 {"1.2.3", more, 3},
                 {"1e5.5", more, 3},
                 {"1e1e1", more, 3},
                 {"1-2", more, 1},
                 {"1+2", more, 1},
                 {"12a", more, 2},
                 {"1 000", more, 2}});
}

TEST_CASE("words are written out and in small letters", "[json]") {
  constexpr auto error = JsonError::bad_word;
  check_refused({{"tru", error, 0},
                 {"nul", error, 0},
                 {"fals", error, 0},
                 {"tRUE", error, 0},
                 {"nuLL", error, 0},
                 {"t", error, 0},
                 {"n", error, 0},
                 {"f", error, 0},
                 {"trux", error, 0},
                 {"fa lse", error, 0}});
  check_refused({{"truex", JsonError::unexpected_character, 4}, {"nullnull", JsonError::unexpected_character, 4}});
}

TEST_CASE("a control character has no place in a string, nor has 0", "[json]") {
  for (int control = 0; control < 0x20; ++control) {
    const std::string value = "\"a" + std::string(1, static_cast<char>(control)) + "\"";
    INFO(control);
    CHECK(refused_everywhere(value, JsonError::bad_string, 2));
  }
  CHECK(refused_everywhere("\0"sv, JsonError::unexpected_character, 0));
  CHECK(refused_everywhere("1\0"sv, JsonError::unexpected_character, 1));
  CHECK_FALSE(accepts("[]\0"sv));
  CHECK_FALSE(accepts("\0[]"sv));
}

TEST_CASE("escapes that RFC 8259 does not have are refused at their backslash", "[json]") {
  constexpr auto error = JsonError::bad_escape;
  for (int letter = 1; letter < 256; ++letter) {
    const char c = static_cast<char>(letter);
    if ("\"\\/bfnrtu"sv.find(c) != std::string_view::npos) continue;
    INFO(letter);
    CHECK(refused_everywhere("\"ab\\" + std::string(1, c) + "\"", error, 3));
  }
  check_refused({{"\"\\u\"", error, 1},
                 {"\"\\u1\"", error, 1},
                 {"\"\\u12\"", error, 1},
                 {"\"\\u123\"", error, 1},
                 {"\"\\u12g4\"", error, 1},
                 {"\"\\uFFFG\"", error, 1},
                 {"\"\\u-123\"", error, 1},
                 {"\"\\u 123\"", error, 1},
                 {"\"\\u00\xC3\xA9\"", error, 1},
                 {"\"\\U0041\"", error, 1},
                 {"\"\\x41\"", error, 1},
                 {"\"\\101\"", error, 1},
                 {"\"\\u0041\\u00\"", error, 7},
                 {"\"\\uD83D\\uDCB\"", error, 7},
                 {"\"\\uD83D\\x\"", error, 7}});
}

TEST_CASE("bytes that are not UTF-8 are refused where the character begins", "[json]") {
  constexpr auto error = JsonError::bad_utf8;
  check_refused({{"\"\x80\"", error, 1},
                 {"\"\xBF\"", error, 1},
                 {"\"a\xC3\"", error, 2},
                 {"\"\xC0\x80\"", error, 1},
                 {"\"\xC1\xBF\"", error, 1},
                 {"\"\xC3\xC3\"", error, 1},
                 {"\"\xE0\x80\x80\"", error, 1},
                 {"\"\xE0\x9F\xBF\"", error, 1},
                 {"\"\xE6\x97\"", error, 1},
                 {"\"\xE6\"", error, 1},
                 {"\"\xED\xA0\x80\"", error, 1},
                 {"\"\xED\xBF\xBF\"", error, 1},
                 {"\"\xF0\x80\x80\x80\"", error, 1},
                 {"\"\xF0\x8F\xBF\xBF\"", error, 1},
                 {"\"\xF0\x9F\x92\"", error, 1},
                 {"\"\xF4\x90\x80\x80\"", error, 1},
                 {"\"\xF5\x80\x80\x80\"", error, 1},
                 {"\"\xFE\"", error, 1},
                 {"\"\xFF\"", error, 1},
                 {"\"\xC3\xA9\xA9\"", error, 3},
                 {"\"\xE6\x97\xA5\xE6\x97\"", error, 4}});
  check_refused({{"\xC3\xA9", JsonError::unexpected_character, 0}, {"[\xFF]", JsonError::unexpected_character, 1}});
}

TEST_CASE("a document that ends too soon is sound as far as it goes", "[json]") {
  constexpr auto whole =
      " {\"a\\u00e9\\n\":[1.5e+7,-0,true,false,null,\"\xC3\xA9\xE6\x97\xA5\xF0\x9F\x92\xB8\xED\x9F\xBF\xF4\x8F\xBF\xBF\"],\"b\":{}}"sv;
  REQUIRE(accepts(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Verdict found = verdict(whole.substr(0, size));
    INFO(whole.substr(0, size));
    CHECK_FALSE(found.accepted);
    CHECK(found.failure == JsonFailure{JsonError::unexpected_end, size});
  }
}

TEST_CASE("what follows a document is not part of it", "[json]") {
  for (const char* text : {"{}{}", "{} x", "1 2", "[],", "[]]", "\"a\"\"b\"", "null,", "{}}"}) {
    INFO(text);
    JsonScan scan{text};
    CHECK(scan.skip());
    CHECK_FALSE(scan.at_end());
    CHECK_FALSE(scan.failed());
  }
}

TEST_CASE("a scan that was not refused names no failure", "[json]") {
  JsonScan scan{"[1, {}]"};
  CHECK(scan.failure() == JsonFailure{});
  CHECK(scan.skip());
  CHECK(scan.failure() == JsonFailure{});
}

TEST_CASE("the first failure stays the one that is named", "[json]") {
  JsonScan scan{"[01]"};
  CHECK_FALSE(scan.skip());
  const JsonFailure first = scan.failure();
  JsonString text;
  CHECK_FALSE(scan.string(text));
  CHECK_FALSE(scan.next_element());
  CHECK_FALSE(scan.skip());
  CHECK(scan.failure() == first);
  CHECK(first == JsonFailure{JsonError::unexpected_character, 2});
}
