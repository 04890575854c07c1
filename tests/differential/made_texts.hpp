// SPDX-License-Identifier: MIT
// Texts with all kinds of characters, the same ones on every machine.
#pragma once

#include "../estimators/small_source.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

class MadeTexts {
 public:
  /// Mostly of some ten bytes, now and then of some thousand.
  std::string next() {
    std::string text;
    const std::size_t size = one_in(200) ? pick(20'000) : one_in(10) ? pick(1'500) : pick(120);
    std::size_t kind = pick(kinds);
    while (text.size() < size) {
      if (one_in(4)) kind = pick(kinds);
      append(text, kind);
    }
    return text;
  }

  std::size_t pick(std::size_t count) { return random_() % count; }
  bool one_in(std::size_t count) { return pick(count) == 0; }

 private:
  static constexpr std::size_t kinds = 9;

  void append(std::string& text, std::size_t kind) {
    switch (kind) {
      case 0:
        return append_words(text);
      case 1:
        return append_ascii(text);
      case 2:
        return append_part(text);
      case 3:
        return append_code_point(text, 0x110000);
      case 4:
        return append_code_point(text, 0x3000);
      case 5:
        return append_run(text);
      case 6:
        return append_long_word(text);
      case 7:
        text += static_cast<char>(pick(256));
        return;
      default:
        text += std::string_view{"\t\n\v\r  /'"}[pick(8)];
    }
  }

  /// Cut anywhere, also within a character.
  void append_words(std::string& text) {
    const std::size_t place = pick(small_text().size());
    text += small_text().substr(place, 1 + pick(40));
  }

  void append_ascii(std::string& text) {
    for (std::size_t left = 1 + pick(30); left > 0; --left)
      text += static_cast<char>(one_in(20) ? pick(128) : 32 + pick(95));
  }

  /// Words that are told apart by their ends alone, of about as many bytes as a cache takes.
  void append_long_word(std::string& text) {
    text += std::string_view{" countedcountedcountedcountedcounted"}.substr(pick(2), 6 + pick(27));
    for (std::size_t left = pick(3); left > 0; --left) text += static_cast<char>('a' + pick(26));
    text += ' ';
  }

  void append_part(std::string& text) { text += parts[pick(std::size(parts))]; }

  /// Below 0x110000; most lie close to each other, as those of one script do. Surrogates become what is no UTF-8.
  void append_code_point(std::string& text, std::uint32_t limit) {
    const auto first = static_cast<std::uint32_t>(pick(one_in(2) ? limit : limit < 0x20000 ? limit : 0x20000));
    for (std::size_t left = 1 + pick(12); left > 0; --left)
      append_utf8(text, (first + static_cast<std::uint32_t>(pick(48))) % limit);
  }

  static void append_utf8(std::string& text, std::uint32_t code_point) {
    const auto last = [&](unsigned shift) { return static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
    if (code_point < 0x80) {
      text += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
      text += {static_cast<char>(0xC0 | code_point >> 6), last(0)};
    } else if (code_point < 0x10000) {
      text += {static_cast<char>(0xE0 | code_point >> 12), last(6), last(0)};
    } else {
      text += {static_cast<char>(0xF0 | code_point >> 18), last(12), last(6), last(0)};
    }
  }

  /// Pieces of more bytes than a cache, a block or a short merge takes.
  void append_run(std::string& text) {
    const std::string_view part = parts[pick(std::size(parts))];
    for (std::size_t left = one_in(4) ? 1 + pick(300) : 1 + pick(40); left > 0; --left) text += part;
  }

  /// What the patterns treat in ways of its own.
  static constexpr std::string_view parts[] = {
      "a",          "The",          "iOS",         "XMLHttp",    "don't",
      "'S",         "'ll",          "'VE",         "'\u017F",    "\u017F",
      "\u212A",     "\u00DF",       "\u00E9",      "e\u0301",    "\u0301",
      "\u01C5",     "\u02B0",       "\u0416",      "\u0436",     "\u4E2D",
      "\u9FA5",     "\u3042",       "\u30FC",      "\uD55C",     "\u0928\u093F",
      "\u0627",     "\u0663",       "\u2167",      "\u00B2",     "7",
      "2026",       "12345",        " ",           "  ",         "\n",
      "\r\n",       " \n ",         "\n\n  ",      "\t",         "\u00A0",
      "\u0085",     "\u2028",       "\u3000",      "\u200B",     "\u200D",
      "\uFE0F",     "\u2019",       "\u20AC",      "\u3001",     "//",
      "/\n",        "!?",           "...",         "({[",        "_",
      "=>",         "<|end|>",      "\U0001F600",  "\U0001F1E9", "\U0001F469\u200D\U0001F4BB",
      "\U000E0100", "\U0001D400",   "\xFF",        "\xE4\xB8",   "\xF0\x9F\x98",
      "\xC0\x80",   "\xED\xA0\x80", "\xEF\xBB\xBF"};

  std::mt19937 random_{20261122};
};
