// SPDX-License-Identifier: MIT
#include <tallyscope/detail/text.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ts = tallyscope;
using ts::Diagnostic;
using ts::Diagnostics;
using ts::detail::count_code_points;
using ts::detail::TextBuffer;

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

unsigned byte_of(std::string_view text, std::size_t place) { return static_cast<unsigned char>(text[place]); }

/// The size of the character that `text` begins with, or 0: decodes it and judges the number, without a table of bytes.
std::size_t size_oracle(std::string_view text) {
  const unsigned lead = byte_of(text, 0);
  std::size_t size = 0;
  std::uint32_t point = 0, least = 0;
  if (lead < 0x80)
    size = 1, point = lead;
  else if ((lead & 0xE0) == 0xC0)
    size = 2, point = lead & 0x1F, least = 0x80;
  else if ((lead & 0xF0) == 0xE0)
    size = 3, point = lead & 0x0F, least = 0x800;
  else if ((lead & 0xF8) == 0xF0)
    size = 4, point = lead & 0x07, least = 0x10000;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t place = 1; place < size; ++place) {
    if ((byte_of(text, place) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte_of(text, place) & 0x3F);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < least || surrogate || point > 0x10FFFF ? 0 : size;
}

std::string repair_oracle(std::string_view text) {
  std::string repaired;
  while (!text.empty()) {
    const std::size_t size = size_oracle(text);
    repaired += size == 0 ? replacement : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return repaired;
}

bool is_utf8(std::string_view text) { return repair_oracle(text) == text; }

std::uint64_t count_oracle(std::string_view text) {
  std::uint64_t count = 0;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x80 || static_cast<unsigned char>(c) > 0xBF) ++count;
  return count;
}

std::string encode(std::uint32_t point) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000) return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
          byte(0x80 | (point & 0x3F))};
}

std::uint32_t random_point(std::mt19937_64& random) {
  constexpr std::uint32_t ends[] = {0x80, 0x800, 0x10000, 0x110000};
  for (;;) {
    const auto point = static_cast<std::uint32_t>(random() % ends[random() % 4]);
    if (point < 0xD800 || point > 0xDFFF) return point;
  }
}

std::string random_utf8(std::mt19937_64& random, std::size_t characters) {
  std::string text;
  for (; characters > 0; --characters) text += encode(random_point(random));
  return text;
}

/// Bytes as an enemy sends them: mostly leads, continuations and the bytes that no UTF-8 has.
std::string random_bytes(std::mt19937_64& random, std::size_t size) {
  constexpr unsigned char nasty[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                     0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF};
  std::string bytes(size, ' ');
  for (char& c : bytes) c = static_cast<char>(random() % 4 ? nasty[random() % sizeof nasty] : random());
  return bytes;
}

struct Copied {
  std::string text;
  Diagnostics diagnostics;
};

template <std::size_t Size = 4096>
Copied copied(std::string_view text, std::size_t limit = Size) {
  const auto buffer = std::make_unique<TextBuffer<Size>>();
  Copied result;
  result.text = buffer->copy(text, limit, result.diagnostics);
  return result;
}

}  // namespace

TEST_CASE("code points are counted as a loop over the bytes counts them", "[text]") {
  std::mt19937_64 random{16};
  for (std::size_t size = 0; size < 300; ++size)
    for (int round = 0; round < 20; ++round) {
      const std::string text = round % 2 ? random_bytes(random, size) : random_utf8(random, size);
      if (count_code_points(text) != count_oracle(text)) FAIL("size " << size << ", round " << round);
      const std::string_view inner = std::string_view{text}.substr(std::min<std::size_t>(text.size(), 3));  // unaligned
      if (count_code_points(inner) != count_oracle(inner)) FAIL("size " << size << ", round " << round);
    }
  for (const int byte : {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF}) {
    const std::string text(1 << 16, static_cast<char>(byte));
    CHECK(count_code_points(text) == count_oracle(text));
  }
}

TEST_CASE("the pieces of a text count together as the whole, wherever it is split", "[text]") {
  std::mt19937_64 random{17};
  const std::string text = random_utf8(random, 150);
  REQUIRE(count_code_points(text) == 150);
  for (std::size_t first = 0; first <= text.size(); ++first) {
    const std::string_view whole = text, head = whole.substr(0, first), tail = whole.substr(first);
    if (count_code_points(head) + count_code_points(tail) != 150) FAIL("split at " << first);
    for (std::size_t second = first; second <= text.size(); second += 7)
      if (count_code_points(head) + count_code_points(whole.substr(first, second - first)) +
              count_code_points(whole.substr(second)) !=
          150)
        FAIL("split at " << first << " and " << second);
  }
}

TEST_CASE("ASCII is what has no high bit anywhere", "[text]") {
  char out[40];
  for (std::size_t size = 1; size <= 40; ++size) {
    std::string text(size, '\x7F');
    CHECK(ts::detail::copy_ascii(out, text.data(), size));
    for (std::size_t place = 0; place < size; ++place) {
      text[place] = '\x80';
      if (ts::detail::copy_ascii(out, text.data(), size)) FAIL("byte " << place << " of " << size);
      text[place] = '\x7F';
    }
  }
}

TEST_CASE("every code point is a character, and cut short it is none", "[text]") {
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    const std::string text = encode(point);
    const std::size_t expected = point >= 0xD800 && point <= 0xDFFF ? 0 : text.size();
    if (ts::detail::character_size(text) != expected) FAIL("U+" << std::hex << point);
    if (text.size() > 1 && ts::detail::character_size({text.data(), text.size() - 1}) != 0)
      FAIL("U+" << std::hex << point);
  }
}

TEST_CASE("every pair of bytes and every longer start is judged as decoding judges it", "[text]") {
  // All leads, all second bytes, and for each later byte one of every class.
  constexpr int later[] = {0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xF0, 0xFF};
  for (int lead = 0; lead < 256; ++lead)
    for (int second = 0; second < 256; ++second)
      for (const int third : later)
        for (const int fourth : later) {
          const char bytes[] = {static_cast<char>(lead), static_cast<char>(second), static_cast<char>(third),
                                static_cast<char>(fourth)};
          for (std::size_t size = 1; size <= 4; ++size)
            if (ts::detail::character_size({bytes, size}) != size_oracle({bytes, size}))
              FAIL(std::hex << lead << ' ' << second << ' ' << third << ' ' << fourth);
        }
}

TEST_CASE("each wrong byte reads U+FFFD and its neighbours stay", "[text]") {
  const auto wrong = [](std::size_t times) {
    std::string text = "a";
    for (; times > 0; --times) text += replacement;
    return text + "z";
  };
  struct Case {
    std::string_view what, bytes;
    std::size_t replacements;
  };
  constexpr Case cases[] = {
      {"a continuation without a lead", "\x80", 1},
      {"the last continuation without a lead", "\xBF", 1},
      {"a lead of two alone", "\xC3", 1},
      {"a lead of three with one continuation", "\xE2\x82", 2},
      {"a lead of four with two continuations", "\xF0\x9F\x98", 3},
      {"an overlong NUL", "\xC0\x80", 2},
      {"an overlong slash", "\xC0\xAF", 2},
      {"the other overlong lead of two", "\xC1\xBF", 2},
      {"an overlong slash in three", "\xE0\x80\xAF", 3},
      {"the last overlong of three", "\xE0\x9F\xBF", 3},
      {"an overlong slash in four", "\xF0\x80\x80\xAF", 4},
      {"the last overlong of four", "\xF0\x8F\xBF\xBF", 4},
      {"the first surrogate", "\xED\xA0\x80", 3},
      {"the last surrogate", "\xED\xBF\xBF", 3},
      {"a pair of surrogates", "\xED\xA0\xBD\xED\xB8\x80", 6},
      {"the first beyond U+10FFFF", "\xF4\x90\x80\x80", 4},
      {"a lead of four that no character has", "\xF5\x80\x80\x80", 4},
      {"a lead of five", "\xF8\x88\x80\x80\x80", 5},
      {"a lead of six", "\xFC\x84\x80\x80\x80\x80", 6},
      {"a byte that UTF-8 never has", "\xFE", 1},
      {"the byte order mark of UTF-16", "\xFF\xFE", 2},
  };
  for (const Case& each : cases) {
    const Copied result = copied("a" + std::string{each.bytes} + "z");
    INFO(each.what);
    CHECK(result.text == wrong(each.replacements));
    CHECK(result.diagnostics.has(Diagnostic::text_repaired));
    CHECK_FALSE(result.diagnostics.has(Diagnostic::text_cut));
  }
}

TEST_CASE("a character at the edge of what is allowed stays as it is", "[text]") {
  for (const std::string_view text : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                      "\xEF\xBF\xBD", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    const Copied result = copied(text);
    CHECK(result.text == text);
    CHECK_FALSE(result.diagnostics.any());
  }
  const std::string_view with_nul{"a\0b", 3};
  CHECK(copied(with_nul).text == with_nul);
}

TEST_CASE("hostile bytes come out as decoding repairs them, and as UTF-8", "[text]") {
  std::mt19937_64 random{18};
  for (int round = 0; round < 20'000; ++round) {
    const std::string bytes = random_bytes(random, random() % 60);
    const Copied result = copied(bytes);
    const std::string expected = repair_oracle(bytes);
    if (result.text != expected) FAIL("round " << round);
    if (result.diagnostics.has(Diagnostic::text_repaired) != (expected != bytes)) FAIL("round " << round);
    const Copied again = copied(result.text);  // what is repaired stays so
    if (again.text != result.text || again.diagnostics.any()) FAIL("round " << round);
  }
}

TEST_CASE("a text beyond its limit is cut between characters and as late as can be", "[text]") {
  std::mt19937_64 random{19};
  for (int round = 0; round < 5'000; ++round) {
    const std::string text = round % 3 ? random_utf8(random, random() % 40) : random_bytes(random, random() % 40);
    const std::string whole = repair_oracle(text);
    const std::size_t limit = random() % 130;
    const Copied result = copied(text, limit);
    const bool fits = whole.size() <= limit;
    if (result.diagnostics.has(Diagnostic::text_cut) == fits) FAIL("round " << round);
    if (result.text.size() > limit || !whole.starts_with(result.text) || !is_utf8(result.text)) FAIL("round " << round);
    if (fits ? result.text != whole : result.text.size() + size_oracle(whole.substr(result.text.size())) <= limit)
      FAIL("round " << round << ": cut too early");
  }
}

TEST_CASE("a text of exactly its limit is whole and one byte more is cut", "[text]") {
  for (std::size_t limit = 1; limit <= 40; ++limit) {
    const std::string exact(limit, 'x');
    CHECK(copied(exact, limit).text == exact);
    CHECK_FALSE(copied(exact, limit).diagnostics.any());
    CHECK(copied(exact + "y", limit).text == exact);
    CHECK(copied(exact + "y", limit).diagnostics.has(Diagnostic::text_cut));
  }
  CHECK(copied("\xF0\x9F\x98\x80", 4).text == "\xF0\x9F\x98\x80");
  for (std::size_t limit = 0; limit < 4; ++limit) {
    CHECK(copied("\xF0\x9F\x98\x80", limit).text.empty());
    CHECK(copied("\xF0\x9F\x98\x80", limit).diagnostics.has(Diagnostic::text_cut));
  }
}

TEST_CASE("a wrong byte is not replaced where U+FFFD has no room", "[text]") {
  for (std::size_t limit = 0; limit < 3; ++limit) {
    const Copied result = copied("\xFF", limit);
    CHECK(result.text.empty());
    CHECK(result.diagnostics.has(Diagnostic::text_cut));
    CHECK_FALSE(result.diagnostics.has(Diagnostic::text_repaired));
  }
  CHECK(copied("\xFF", 3).text == replacement);
}

TEST_CASE("a text of a mebibyte is cut to its limit on a boundary", "[text]") {
  std::string text;
  while (text.size() < std::size_t{1} << 20) text += "\xE2\x82\xAC";  // a character of three bytes
  const Copied result = copied(text, 128);
  CHECK(result.text == text.substr(0, 126));
  CHECK(result.diagnostics.has(Diagnostic::text_cut));
  CHECK(copied(std::string(std::size_t{1} << 20, 'x'), 128).text == std::string(128, 'x'));
  CHECK(is_utf8(copied(std::string(std::size_t{1} << 20, '\xFF'), 128).text));
}

TEST_CASE("copying a few bytes writes these and no others", "[text]") {
  for (std::size_t size = 1; size <= 100; ++size) {
    std::string from(size, ' ');
    for (std::size_t place = 0; place < size; ++place) from[place] = static_cast<char>('!' + place % 90);
    std::string out(size + 16, '\x01');
    CHECK(ts::detail::copy_ascii(out.data() + 8, from.data(), size));
    CHECK(out == std::string(8, '\x01') + from + std::string(8, '\x01'));
  }
}

TEST_CASE("the texts of a buffer stand side by side and share its room", "[text]") {
  std::mt19937_64 random{20};
  for (int round = 0; round < 2'000; ++round) {
    TextBuffer<64> buffer;
    std::vector<std::pair<std::string, std::string_view>> kept;
    std::size_t used = 0;
    for (int text = 0; text < 8; ++text) {
      const std::string original = random_utf8(random, random() % 9);
      const std::size_t limit = random() % 20;
      Diagnostics diagnostics;
      const std::string_view copy = buffer.copy(original, limit, diagnostics);
      if (!original.starts_with(copy) || copy.size() > limit || !is_utf8(copy)) FAIL("round " << round);
      if (diagnostics.has(Diagnostic::text_cut) != (copy.size() < original.size())) FAIL("round " << round);
      used += copy.size();
      kept.emplace_back(copy, copy);
    }
    if (buffer.used() != used || used > 64) FAIL("round " << round);
    for (const auto& [text, view] : kept)  // a later copy does not touch an earlier one
      if (text != view) FAIL("round " << round);
  }
}

TEST_CASE("a buffer that is full cuts every further text to nothing and says so", "[text]") {
  TextBuffer<8> buffer;
  Diagnostics diagnostics;
  CHECK(buffer.copy("12345678", 100, diagnostics) == "12345678");
  CHECK_FALSE(diagnostics.any());
  CHECK(buffer.copy("", 100, diagnostics).empty());
  CHECK_FALSE(diagnostics.any());
  CHECK(buffer.copy("9", 100, diagnostics).empty());
  CHECK(diagnostics.has(Diagnostic::text_cut));
  CHECK(buffer.used() == 8);
}

TEST_CASE("views move over with the buffer they stand in, and others stay", "[text]") {
  std::mt19937_64 random{21};
  for (int round = 0; round < 500; ++round) {
    auto from = std::make_unique<TextBuffer<256>>();
    Diagnostics diagnostics;
    std::vector<std::string> texts;
    std::vector<std::string_view> views;
    for (int text = 0; text < 6; ++text) {
      texts.push_back(random_utf8(random, random() % 8));
      views.push_back(from->copy(texts.back(), 32, diagnostics));
      texts.back() = views.back();
    }
    TextBuffer<256> to;
    to.take(*from);
    if (to.used() != from->used()) FAIL("round " << round);
    for (std::string_view& view : views) view = to.moved(view, *from);
    from.reset();  // a view that stayed behind would now show
    for (std::size_t text = 0; text < texts.size(); ++text)
      if (views[text] != texts[text]) FAIL("round " << round << ", text " << text);
  }
}

TEST_CASE("a view of anything but the buffer is not moved", "[text]") {
  struct {
    char before[8] = {};
    TextBuffer<16> buffer;
    char after[8] = {};
  } room;
  Diagnostics diagnostics;
  static_cast<void>(room.buffer.copy("0123456789abcdef", 16, diagnostics));
  TextBuffer<16> to;
  to.take(room.buffer);
  constexpr std::string_view constant = "chat";
  for (const std::string_view view : {constant, std::string_view{room.before, 8}, std::string_view{room.after, 8}}) {
    CHECK(to.moved(view, room.buffer).data() == view.data());
    CHECK(to.moved(view, room.buffer).size() == view.size());
  }
  CHECK(to.moved({}, room.buffer).empty());
  const std::string_view inner{room.buffer.data() + 15, 1};
  CHECK(to.moved(inner, room.buffer) == "f");
  CHECK(to.moved(inner, room.buffer).data() == to.data() + 15);
}
