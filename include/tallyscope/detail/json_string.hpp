// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A string of a document as it stands between its quotation marks: sound UTF-8 with sound escapes. Views the document.
class JsonString {
 public:
  constexpr JsonString() noexcept = default;
  constexpr JsonString(std::string_view raw, bool escaped) noexcept : raw_{raw}, escaped_{escaped} {}

  /// The bytes of the document; the text itself unless `escaped()`.
  constexpr std::string_view raw() const noexcept { return raw_; }
  constexpr bool escaped() const noexcept { return escaped_; }

  /// Writes the text, which is never longer than `raw()`, to `out`. An escaped surrogate without its other half becomes
  /// U+FFFD. Returns the end.
  char* write(char* out) const noexcept;

 private:
  std::string_view raw_{};
  bool escaped_ = false;
};

/// What a hex digit stands for, or 16.
inline constexpr auto json_hex_digits = [] {
  struct {
    std::uint8_t of[256];
  } value{};
  for (std::size_t c = 0; c < 256; ++c) value.of[c] = 16;
  for (unsigned char digit = 0; digit < 16; ++digit) {
    value.of[static_cast<std::size_t>("0123456789ABCDEF"[digit])] = digit;
    value.of[static_cast<std::size_t>("0123456789abcdef"[digit])] = digit;
  }
  return value;
}();

/// The four digits of \uXXXX, or -1.
inline std::int32_t json_hex(std::string_view digits) noexcept {
  if (digits.size() < 4) return -1;
  const auto digit = [&](std::size_t place) -> std::uint32_t {
    return json_hex_digits.of[static_cast<unsigned char>(digits[place])];
  };
  const std::uint32_t a = digit(0), b = digit(1), c = digit(2), d = digit(3);
  return (a | b | c | d) < 16 ? static_cast<std::int32_t>(a << 12 | b << 8 | c << 4 | d) : -1;
}

/// Writes a code point as UTF-8. Returns the end.
inline char* write_code_point(char* out, std::uint32_t value) noexcept {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (value < 0x80) return put(value), out;
  if (value < 0x800) {
    put(0xC0 | value >> 6);
  } else {
    if (value < 0x10000) {
      put(0xE0 | value >> 12);
    } else {
      put(0xF0 | value >> 18);
      put(0x80 | (value >> 12 & 0x3F));
    }
    put(0x80 | (value >> 6 & 0x3F));
  }
  put(0x80 | (value & 0x3F));
  return out;
}

/// The code point of a sound escape \uXXXX that `rest` begins with behind its backslash, or of two that are a pair.
/// Takes them.
inline std::uint32_t take_code_point(std::string_view& rest) noexcept {
  const auto value = static_cast<std::uint32_t>(json_hex(rest.substr(1)));
  rest.remove_prefix(5);
  if (value < 0xD800 || value > 0xDFFF) return value;
  constexpr std::uint32_t replacement = 0xFFFD;
  if (value > 0xDBFF || !rest.starts_with("\\u")) return replacement;
  const auto low = static_cast<std::uint32_t>(json_hex(rest.substr(2)));
  if (low < 0xDC00 || low > 0xDFFF) return replacement;
  rest.remove_prefix(6);
  return 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
}

inline char* JsonString::write(char* out) const noexcept {
  for (std::string_view rest = raw_;;) {
    const std::size_t plain = rest.find('\\') < rest.size() ? rest.find('\\') : rest.size();
    if (plain > 0) std::memcpy(out, rest.data(), plain);
    out += plain;
    if (plain == rest.size()) return out;
    rest.remove_prefix(plain + 1);
    if (rest[0] == 'u') {
      out = write_code_point(out, take_code_point(rest));
      continue;
    }
    constexpr std::string_view letters = "bfnrt", meanings = "\b\f\n\r\t";
    const std::size_t letter = letters.find(rest[0]);
    *out++ = letter < letters.size() ? meanings[letter] : rest[0];
    rest.remove_prefix(1);
  }
}

}  // namespace tallyscope::inline v0::detail
