// SPDX-License-Identifier: MIT
// Lines, words and definitions in texts of any kind; nothing here knows of tracking.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace demo {

constexpr bool is_word_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

inline std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

/// Calls `visit(number, line)` for every line, from 1.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    visit(number, text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

template <class Visit>
void for_each_word(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t start = at;
    while (at < text.size() && is_word_character(text[at])) ++at;
    if (at > start) visit(text.substr(start, at - start));
  }
}

inline std::string_view first_word(std::string_view text) noexcept {
  std::size_t end = 0;
  while (end < text.size() && is_word_character(text[end])) ++end;
  return text.substr(0, end);
}

/// The name that a line of source code defines, in any of a few languages; empty if it defines none that is worth a
/// question.
inline std::string_view defined_name(std::string_view line) noexcept {
  constexpr std::string_view keywords[] = {"class ", "struct ", "enum class ", "enum ",  "def ",
                                           "fn ",    "func ",   "function ",   "trait ", "#define "};
  std::string_view rest = trimmed(line);
  for (const std::string_view word : {"export ", "public ", "pub ", "static ", "async ", "inline "})
    if (rest.starts_with(word)) rest.remove_prefix(word.size());
  for (const std::string_view keyword : keywords) {
    if (!rest.starts_with(keyword)) continue;
    const std::string_view name = first_word(rest.substr(keyword.size()));
    const std::string_view after = trimmed(rest.substr(keyword.size() + name.size()));
    const bool is_macro = keyword == "#define " && !name.ends_with("_H") && !name.ends_with("_HPP") && !after.empty();
    const bool has_body = after.empty() || after.starts_with("final") ||
                          std::string_view{"{:(<="}.find(after[0]) != std::string_view::npos;
    const bool worth_it = name.size() >= 5 && name[0] != '_';
    if (worth_it && (keyword == "#define " ? is_macro : has_body)) return name;
  }
  return {};
}

/// At most `most` bytes, cut between two characters of UTF-8.
inline std::string_view cut(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

/// Fit for a terminal: a control character reads as a question mark.
inline std::string printable(std::string_view text) {
  std::string clean{text};
  bool in_c1 = false;  // behind the first byte of U+0080 to U+00BF, half of which are control characters
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (in_c1 && byte < 0xA0)) c = '?';
    in_c1 = byte == 0xC2;
  }
  return clean;
}

/// "1,234,567"
inline std::string with_commas(unsigned long long number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

/// "1 file", "2 files"
inline std::string counted(unsigned long long number, std::string_view noun) {
  return with_commas(number) + ' ' + std::string{noun} + (number == 1 ? "" : "s");
}

}  // namespace demo
