// SPDX-License-Identifier: MIT
#include <tallyscope/detail/json_scan.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#define TALLYSCOPE_HAVE_NLOHMANN
#endif

namespace {

namespace detail = tallyscope::detail;
using detail::JsonScan;
using detail::JsonString;
using detail::JsonType;

/// Of exactly the document's size, so that AddressSanitizer sees a byte beyond it.
struct Document {
  explicit Document(std::string_view text) : bytes(text.begin(), text.end()) {}
  JsonScan scan() const { return JsonScan{{bytes.data(), bytes.size()}}; }

  std::vector<char> bytes;
};

bool accepts(std::string_view text) {
  const Document document{text};
  JsonScan scan = document.scan();
  return scan.skip() && scan.at_end();
}

std::string text_of(const JsonString& string) {
  std::string text(string.raw().size(), '?');
  text.resize(static_cast<std::size_t>(string.write(text.data()) - text.data()));
  return text;
}

std::string string_of(std::string_view quoted) {
  const Document document{quoted};
  JsonScan scan = document.scan();
  JsonString string;
  REQUIRE(scan.string(string));
  REQUIRE(scan.at_end());
  return text_of(string);
}

bool is_integer(std::string_view text, std::int64_t expected) {
  const Document document{text};
  JsonScan scan = document.scan();
  std::int64_t value = 0;
  return scan.integer(value) && scan.at_end() && value == expected;
}

/// Refused as an integer, and still there as a number.
bool is_other_number(std::string_view text) {
  const Document document{text};
  JsonScan scan = document.scan();
  std::int64_t value = 0;
  std::string_view number;
  return !scan.integer(value) && !scan.failed() && scan.number(number) && number == text && scan.at_end();
}

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

}  // namespace

TEST_CASE("an object is gone through member by member", "[json_scan]") {
  const Document document{" { \"a\" : 1 , \"b\":[true,null,\"x\\n\",{}],\"c\":{\"d\":-2.5e1}} "};
  JsonScan scan = document.scan();
  JsonString key;
  std::int64_t number = 0;
  std::string_view digits;
  bool truth = false;
  CHECK(scan.type() == JsonType::object);
  REQUIRE(scan.begin_object());
  REQUIRE(scan.next_member(key));
  CHECK(key.raw() == "a");
  CHECK(scan.type() == JsonType::number);
  CHECK(scan.integer(number));
  CHECK(number == 1);
  REQUIRE(scan.next_member(key));
  REQUIRE(scan.begin_array());
  REQUIRE(scan.next_element());
  CHECK(scan.boolean(truth));
  CHECK(truth);
  REQUIRE(scan.next_element());
  CHECK(scan.null());
  REQUIRE(scan.next_element());
  CHECK(scan.string(key));
  CHECK(key.escaped());
  CHECK(text_of(key) == "x\n");
  REQUIRE(scan.next_element());
  CHECK(scan.skip());
  CHECK_FALSE(scan.next_element());
  REQUIRE(scan.next_member(key));
  REQUIRE(scan.begin_object());
  REQUIRE(scan.next_member(key));
  CHECK(scan.number(digits));
  CHECK(digits == "-2.5e1");
  CHECK_FALSE(scan.next_member(key));
  CHECK_FALSE(scan.next_member(key));
  CHECK_FALSE(scan.failed());
  CHECK(scan.at_end());
}

TEST_CASE("a value of another type is refused and can be asked for otherwise", "[json_scan]") {
  const Document document{"[\"text\"]"};
  JsonScan scan = document.scan();
  JsonString string;
  std::int64_t number = 0;
  std::string_view digits;
  bool truth = false;
  REQUIRE(scan.begin_array());
  REQUIRE(scan.next_element());
  CHECK_FALSE(scan.integer(number));
  CHECK_FALSE(scan.number(digits));
  CHECK_FALSE(scan.boolean(truth));
  CHECK_FALSE(scan.null());
  CHECK_FALSE(scan.begin_object());
  CHECK_FALSE(scan.begin_array());
  CHECK_FALSE(scan.failed());
  CHECK(scan.string(string));
  CHECK(string.raw() == "text");
  CHECK_FALSE(scan.next_element());
  CHECK(scan.at_end());
}

TEST_CASE("once a scan has failed it answers no more", "[json_scan]") {
  const Document document{"[1 2]"};
  JsonScan scan = document.scan();
  std::int64_t number = 0;
  REQUIRE(scan.begin_array());
  REQUIRE(scan.next_element());
  REQUIRE(scan.integer(number));
  CHECK_FALSE(scan.next_element());
  CHECK(scan.failed());
  CHECK_FALSE(scan.next_element());
  CHECK_FALSE(scan.integer(number));
  CHECK_FALSE(scan.skip());
  CHECK_FALSE(scan.at_end());
  CHECK(scan.taken() == 3);
}

TEST_CASE("a value that was not read is an error, not a wrong answer", "[json_scan]") {
  const Document document{"{\"a\":1,\"b\":2}"};
  JsonScan scan = document.scan();
  JsonString key;
  REQUIRE(scan.begin_object());
  REQUIRE(scan.next_member(key));
  CHECK_FALSE(scan.next_member(key));
  CHECK(scan.failed());
}

TEST_CASE("what RFC 8259 has is accepted", "[json_scan]") {
  for (const char* text : {"{}", "[]", " [ ] ", "\t\n\r {\"a\":{}}", "0", "-0", "-0.0e-0", "1E+2", "10", "1.5", "true",
                           "false", "null", "\"\"", "[1,2]", "{\"\":0,\"\":1}", "\"\\u0000\\/\x7f\"", "[[],{}]"}) {
    INFO(text);
    CHECK(accepts(text));
  }
}

TEST_CASE("what RFC 8259 does not have is refused", "[json_scan]") {
  for (const std::string_view text : std::initializer_list<std::string_view>{"",
                                                                             " ",
                                                                             "{",
                                                                             "}",
                                                                             "[",
                                                                             "]",
                                                                             "[1,]",
                                                                             "[,1]",
                                                                             "[1 2]",
                                                                             "[1}",
                                                                             "{\"a\":1]",
                                                                             "{\"a\":1,}",
                                                                             "{,}",
                                                                             "{a:1}",
                                                                             "{\"a\"}",
                                                                             "{\"a\":}",
                                                                             "{\"a\" 1}",
                                                                             "{1:1}",
                                                                             "01",
                                                                             "-",
                                                                             "-a",
                                                                             "+1",
                                                                             ".5",
                                                                             "1.",
                                                                             "1.e1",
                                                                             "1e",
                                                                             "1e+",
                                                                             "0x1",
                                                                             "tru",
                                                                             "nul",
                                                                             "True",
                                                                             "NaN",
                                                                             "Infinity",
                                                                             "'a'",
                                                                             "\"",
                                                                             "\"\\",
                                                                             "\"\\x\"",
                                                                             "\"\\u12\"",
                                                                             "\"\\u12g4\"",
                                                                             "\"a\nb\"",
                                                                             "\"\x1f\"",
                                                                             "\"\xff\"",
                                                                             "\"\xc0\xaf\"",
                                                                             "\"\xed\xa0\x80\"",
                                                                             "\"\xf4\x90\x80\x80\"",
                                                                             "\"\xe6\x97\"",
                                                                             "{}{}",
                                                                             "1 2",
                                                                             "[]]",
                                                                             "\xEF\xBB\xBF{}",
                                                                             "/**/1",
                                                                             std::string_view{"1\0", 2},
                                                                             std::string_view{"[\0]", 3}}) {
    INFO(text);
    CHECK_FALSE(accepts(text));
  }
}

TEST_CASE("256 levels are read and more are refused", "[json_scan]") {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  CHECK(accepts(nested(256)));
  CHECK_FALSE(accepts(nested(257)));
  CHECK_FALSE(accepts(std::string(100'000, '[')));
  std::string objects;
  for (int level = 0; level < 100'000; ++level) objects += "{\"\":";
  CHECK_FALSE(accepts(objects));
}

TEST_CASE("escapes become what they stand for", "[json_scan]") {
  CHECK(string_of("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") == "\"\\/\b\f\n\r\t");
  CHECK(string_of("\"a\\u0000b\"") == std::string{"a\0b", 3});
  CHECK(string_of("\"\\u00e9\\u00E9\\u65e5\\uffff\\u007f\\u0080\\u07ff\\u0800\"") ==
        "\xc3\xa9\xc3\xa9\xe6\x97\xa5\xef\xbf\xbf\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80");
  CHECK(string_of("\"\\ud83d\\udcb8\\uD800\\uDC00\\udbff\\udfff\"") ==
        "\xf0\x9f\x92\xb8\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
  CHECK(string_of("\"\xc3\xa9 \\n \xe6\x97\xa5\"") == "\xc3\xa9 \n \xe6\x97\xa5");
}

TEST_CASE("half a surrogate pair becomes U+FFFD", "[json_scan]") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(string_of("\"\\ud83d\"") == replacement);
  CHECK(string_of("\"\\ud83d\\n\"") == replacement + "\n");
  CHECK(string_of("\"\\udcb8\\ud83d\"") == replacement + replacement);
  CHECK(string_of("\"\\ud83d\\u0041\"") == replacement + "A");
  CHECK(string_of("\"\\ud83d\\ud83d\\udcb8\"") == replacement + "\xf0\x9f\x92\xb8");
  CHECK(string_of("\"\\ud83dx\\udcb8\"") == replacement + "x" + replacement);
}

TEST_CASE("the end of a string is found at every place of a text of every size", "[json_scan]") {
  for (std::size_t size = 0; size <= 40; ++size)
    for (const char fill : {'a', ' ', '!', '#', '[', ']', '~', '\x7f'}) {
      const std::string text(size, fill);
      CHECK(string_of('"' + text + '"') == text);
      for (std::size_t place = 0; place < size; ++place)
        for (const char bad : {'\0', '\x1f', '"', '\x80'}) {
          std::string wrong = '"' + text + '"';
          wrong[place + 1] = bad;
          if (accepts(wrong)) FAIL("size " << size << ", place " << place << ", byte " << int{bad});
        }
    }
}

TEST_CASE("an integer is exact, however it is written", "[json_scan]") {
  CHECK(is_integer("0", 0));
  CHECK(is_integer("-0", 0));
  CHECK(is_integer("9223372036854775807", most));
  CHECK(is_integer("-9223372036854775808", least));
  CHECK(is_integer("9007199254740993", 9'007'199'254'740'993));
  CHECK(is_integer("1e3", 1000));
  CHECK(is_integer("1.0", 1));
  CHECK(is_integer("-12.50e1", -125));
  CHECK(is_integer("100e-2", 1));
  CHECK(is_integer("0.0e-99999999999999999999", 0));
  CHECK(is_integer("0e99999999999999999999", 0));
  CHECK(is_integer("9.223372036854775807e18", most));
  CHECK(is_integer("0." + std::string(100, '0') + "7e101", 7));
  CHECK(is_integer("7" + std::string(100, '0') + "e-100", 7));
}

TEST_CASE("what is no integer, or none of 64 bits, stays a number", "[json_scan]") {
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e19", "1e400", "0.5", "1e-1", "1.05e1",
        "99999999999999999999999999", "1e99999999999999999999", "1e-99999999999999999999", "-1.5"}) {
    INFO(text);
    CHECK(is_other_number(text));
  }
}

TEST_CASE("a number is near enough as a double", "[json_scan]") {
  CHECK(detail::JsonNumber{"0.15"}.approximate() == 0.15);
  CHECK(detail::JsonNumber{"-12.5e1"}.approximate() == -125.0);
  CHECK(detail::JsonNumber{"1e-3"}.approximate() == 0.001);
  CHECK(detail::JsonNumber{"0e999"}.approximate() == 0.0);
  CHECK(std::isinf(detail::JsonNumber{"1e999"}.approximate()));
  CHECK(detail::JsonNumber{"1e-999"}.approximate() == 0.0);
  CHECK(std::abs(detail::JsonNumber{"123456789012345678901234567890"}.approximate() / 1.2345678901234568e29 - 1) <
        1e-15);
}

#if defined(TALLYSCOPE_HAVE_NLOHMANN)

namespace {

using Json = nlohmann::json;

/// Random documents, in all ways in which JSON can be written.
class Documents {
 public:
  explicit Documents(std::uint64_t seed) : random_{seed} {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::string value(int levels) {
    switch (below(levels > 0 ? 8 : 5)) {
      case 0:
        return one_of({"true", "false", "null"});
      case 1:
        return number();
      case 2:
      case 3:
      case 4:
        return string();
      case 5:
        return row('[', ']', [&] { return value(levels - 1); });
      default:
        return row('{', '}', [&] { return string() + space() + ':' + space() + value(levels - 1); });
    }
  }

  std::string mutated(std::string text) {
    for (std::uint64_t times = 1 + below(3); times > 0 && !text.empty(); --times) {
      const std::size_t place = below(text.size());
      switch (below(4)) {
        case 0:
          text.erase(place, 1 + below(4));
          break;
        case 1:
          text[place] = "{}[]\":,\\u0-+.eE tfn\x1f\x80\xc3\xe6"[below(23)];
          break;
        case 2:
          text[place] = static_cast<char>(1 + below(255));
          break;
        default:
          text.insert(place, text.substr(below(text.size()), below(6)));
      }
    }
    return text;
  }

 private:
  std::string one_of(std::initializer_list<const char*> choices) { return choices.begin()[below(choices.size())]; }
  std::string space() { return one_of({"", "", "", " ", "\t", "\n \r"}); }

  std::string number() {
    std::string text = one_of({"", "-"}) + (below(3) == 0 ? "0" : std::to_string(1 + (random_() >> below(64))));
    if (below(3) == 0) text += "." + std::to_string(below(10000));
    if (below(4) == 0) text += one_of({"e", "E", "e+", "E-"}) + std::to_string(below(30));
    return text;
  }

  std::string string() {
    std::string text = "\"";
    for (std::uint64_t pieces = below(12); pieces > 0; --pieces)
      text += one_of({"a", "some longer piece", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\ud83d\\udcb8",
                      "\\uFFFF", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x92\xb8", "\x7f", "{", "]", ":"});
    return text + '"';
  }

  template <class Element>
  std::string row(char begin, char end, Element element) {
    std::string text = begin + space();
    for (std::uint64_t left = below(5); left > 0; --left) text += element() + space() + (left > 1 ? "," + space() : "");
    return text + end;
  }

  std::mt19937_64 random_;
};

Json tree(JsonScan& scan) {
  JsonString text;
  std::string_view digits;
  std::int64_t integer = 0;
  bool truth = false;
  Json json;
  switch (scan.type()) {
    case JsonType::object:
      json = Json::object();
      for (bool more = scan.begin_object() && scan.next_member(text); more; more = scan.next_member(text)) {
        const std::string key = text_of(text);
        json[key] = tree(scan);
      }
      return json;
    case JsonType::array:
      json = Json::array();
      for (bool more = scan.begin_array() && scan.next_element(); more; more = scan.next_element())
        json.push_back(tree(scan));
      return json;
    case JsonType::string:
      return scan.string(text) ? Json(text_of(text)) : json;
    case JsonType::boolean:
      return scan.boolean(truth) ? Json(truth) : json;
    case JsonType::number:
      if (scan.integer(integer)) return integer;
      return scan.number(digits) ? Json(detail::JsonNumber{digits}.approximate()) : json;
    default:
      scan.null();
      return json;
  }
}

bool alike(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) {
    if (a.is_number_integer() && b.is_number_integer()) return a == b;
    const double x = a.get<double>(), y = b.get<double>();
    return std::abs(x - y) <= 1e-14 * std::abs(y);
  }
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (!a.is_structured()) return a == b;
  for (auto mine = a.begin(), other = b.begin(); mine != a.end(); ++mine, ++other)
    if ((a.is_object() && mine.key() != other.key()) || !alike(*mine, *other)) return false;
  return true;
}

/// What only the other reader refuses, by design: half a surrogate pair, and numbers that no double holds.
bool accepted_here_only(const std::string& text) {
  for (std::size_t place = text.find("\\u"); place != std::string::npos; place = text.find("\\u", place + 1))
    if ((text[place + 2] | 0x20) == 'd') return true;
  constexpr std::string_view digits = "0123456789";
  for (std::size_t place = text.find_first_of("eE"); place != std::string::npos;
       place = text.find_first_of("eE", place + 1)) {
    const std::size_t from = place + (text.compare(place + 1, 1, "+") == 0 ? 2 : 1);
    if (std::min(text.find_first_not_of(digits, from), text.size()) >= from + 3) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("twenty thousand random documents mean the same to another reader", "[json_scan]") {
  Documents documents{20260304};
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = documents.value(5);
    INFO(text);
    const Document document{text};
    JsonScan scan = document.scan();
    const Json mine = tree(scan);
    REQUIRE(scan.at_end());
    REQUIRE(accepts(text));
    REQUIRE(alike(mine, Json::parse(text)));
  }
}

TEST_CASE("of damaged documents the same are refused as by another reader", "[json_scan]") {
  Documents documents{20260305};
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // which the other reader passes over
  int refused = 0, settled = 0;
  for (int round = 0; round < 100'000; ++round) {
    const std::string text = documents.mutated(documents.value(4));
    const bool mine = accepts(text), other = Json::accept(text);
    refused += mine ? 0 : 1;
    if (mine == other) continue;
    INFO(text);
    REQUIRE((mine ? accepted_here_only(text) : text.starts_with(byte_order_mark)));
    ++settled;
  }
  CHECK(refused > 30'000);
  CHECK(settled < 2'000);
}

#endif
