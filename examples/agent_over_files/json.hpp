// SPDX-License-Identifier: MIT
// As much JSON as this program needs: finding a number or a text behind a key, and writing a text.
// A key is looked for with its quotation marks and colon. Within a JSON string a quotation mark has a backslash before
// it, so that no text which the model writes can be taken for a key.
#pragma once

#include <tallyscope/tallyscope.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace agent {

/// What stands behind the first `"key":`, to the end of the body; empty if there is none.
inline std::string_view behind(std::string_view body, std::string_view key) {
  const std::string wanted = '"' + std::string{key} + "\":";
  const std::size_t at = body.find(wanted);
  return at == std::string_view::npos ? std::string_view{} : body.substr(at + wanted.size());
}

/// The whole number behind a key; absent, which is not 0, if there is none.
inline tallyscope::Count number(std::string_view body, std::string_view key) {
  const std::string_view digits = behind(body, key);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} ? tallyscope::Count{value} : tallyscope::Count{};
}

/// The text behind a key as it stands in the body, escapes and all: enough for names and ids.
inline std::string_view plain_text(std::string_view body, std::string_view key) {
  std::string_view text = behind(body, key);
  if (!text.starts_with('"')) return {};
  text.remove_prefix(1);
  std::size_t end = 0;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return text.substr(0, end);
}

/// The same with its escapes resolved, as far as `json_string` makes any.
inline std::string text(std::string_view body, std::string_view key) {
  std::string result;
  const std::string_view escaped = plain_text(body, key);
  for (std::size_t at = 0; at < escaped.size(); ++at) {
    if (escaped[at] != '\\')
      result += escaped[at];
    else if (++at < escaped.size())
      result += escaped[at] == 'n' ? '\n' : escaped[at];
  }
  return result;
}

inline std::size_t occurrences(std::string_view body, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = body.find(wanted); at != std::string_view::npos; at = body.find(wanted, at + 1)) ++count;
  return count;
}

/// The text as a JSON string; other control characters than the end of a line read as spaces.
inline std::string json_string(std::string_view text) {
  std::string result{'"'};
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result += '"';
}

/// The pattern with each name in it, such as "$model", replaced by its value; longer names first.
inline std::string filled(std::string_view pattern,
                          std::initializer_list<std::pair<std::string_view, std::string>> values) {
  std::string result;
  while (!pattern.empty()) {
    const std::size_t start = pattern.find('$');
    result += pattern.substr(0, start);
    if (start == std::string_view::npos) break;
    pattern.remove_prefix(start);
    for (const auto& [name, value] : values) {
      if (!pattern.starts_with(name)) continue;
      result += value;
      pattern.remove_prefix(name.size());
      break;
    }
  }
  return result;
}

}  // namespace agent
