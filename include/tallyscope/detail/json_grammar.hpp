// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_bytes.hpp>
#include <tallyscope/detail/json_failure.hpp>
#include <tallyscope/detail/json_string.hpp>
#include <tallyscope/detail/json_utf8.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// What a document is made of. Each function takes the place where a thing begins and returns the place behind it, or
// null if the thing is not sound: then `refusal` says why. All that changes is a place, which stays in a register.
namespace tallyscope::inline v0::detail {

struct JsonRefusal {
  JsonError error = JsonError::none;
  const char* place = nullptr;

  /// Null, for the caller to return.
  [[gnu::cold, gnu::noinline]] const char* refuse(JsonError why, const char* at, const char* end) noexcept {
    error = at == end ? JsonError::unexpected_end : why;
    place = at;
    return nullptr;
  }
};

/// The byte at a place. Taken for one, the 0 of the end fits nowhere.
inline char json_byte(const char* at, const char* end) noexcept { return at < end ? *at : '\0'; }

/// The first place that is not white space.
[[gnu::always_inline]] inline const char* json_token(const char* from, const char* end) noexcept {
  return json_byte(from, end) > ' ' ? from : past_json_space(from, end);
}

inline const char* past_json_word(const char* from, const char* end, std::string_view word,
                                  JsonRefusal& refusal) noexcept {
  const std::string_view rest{from, static_cast<std::size_t>(end - from)};
  if (rest.starts_with(word)) return from + word.size();
  return refusal.refuse(JsonError::bad_word, word.starts_with(rest) ? end : from, end);
}

/// Null without a refusal if there is no digit.
[[gnu::always_inline]] inline const char* past_some_digits(const char* from, const char* end) noexcept {
  if (!is_json_digit(json_byte(from, end))) return nullptr;
  if (end - from < 16) return past_json_digits(from, end);
  // Of a few digits the processor guesses the end sooner than it could be computed.
  if (!is_json_digit(from[1])) return from + 1;
  if (!is_json_digit(from[2])) return from + 2;
  if (!is_json_digit(from[3])) return from + 3;
  return past_json_digits(from + 4, end);
}

/// What may follow the whole part of a number.
[[gnu::always_inline]] inline const char* past_json_fraction(const char* at, const char* end,
                                                             JsonRefusal& refusal) noexcept {
  if (json_byte(at, end) == '.') {
    const char* const digits = at + 1;
    at = past_some_digits(digits, end);
    if (at == nullptr) return refusal.refuse(JsonError::bad_number, digits, end);
  }
  if ((json_byte(at, end) | 0x20) != 'e') return at;
  ++at;
  if (json_byte(at, end) == '+' || json_byte(at, end) == '-') ++at;
  const char* const digits = at;
  at = past_some_digits(digits, end);
  return at != nullptr ? at : refusal.refuse(JsonError::bad_number, digits, end);
}

[[gnu::always_inline]] inline const char* past_json_number(const char* from, const char* end,
                                                           JsonRefusal& refusal) noexcept {
  if (json_byte(from, end) == '-') ++from;
  const char* const at = json_byte(from, end) == '0' ? from + 1 : past_some_digits(from, end);
  if (at == nullptr) return refusal.refuse(JsonError::bad_number, from, end);
  const char next = json_byte(at, end);
  return next == ',' || next == ']' ? at : past_json_fraction(at, end, refusal);
}

[[gnu::cold, gnu::noinline]] inline const char* refuse_json_escape(const char* from, const char* end,
                                                                   JsonRefusal& refusal) noexcept {
  const std::string_view rest{from, static_cast<std::size_t>(end - from)};
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  const bool cut = rest.size() == 1 ||
                   (rest.size() < 6 && rest[1] == 'u' && rest.find_first_not_of(digits, 2) == std::string_view::npos);
  return refusal.refuse(JsonError::bad_escape, cut ? end : from, end);
}

/// Escapes \uXXXX, of which there is one: whoever writes one often writes all letters of a language so.
inline const char* past_json_code_points(const char* from, const char* end, JsonRefusal& refusal) noexcept {
  do {
    if (json_hex({from + 2, static_cast<std::size_t>(end - from - 2)}) < 0)
      return refuse_json_escape(from, end, refusal);
    from += 6;
  } while (end - from >= 2 && from[0] == '\\' && from[1] == 'u');
  return from;
}

/// May this letter alone follow a backslash?
inline bool is_json_escape(char letter) noexcept {
  constexpr static auto known = [] {
    std::array<bool, 256> letters{};
    for (const char each : {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'}) letters[static_cast<unsigned char>(each)] = true;
    return letters;
  }();
  return known[static_cast<unsigned char>(letter)];
}

[[gnu::always_inline]] inline const char* past_json_escape(const char* from, const char* end,
                                                           JsonRefusal& refusal) noexcept {
  const char letter = json_byte(from + 1, end);
  if (is_json_escape(letter)) return from + 2;
  return letter == 'u' ? past_json_code_points(from, end, refusal) : refuse_json_escape(from, end, refusal);
}

/// What is not plain text in a string, other than its end: an escape or characters that are not ASCII.
[[gnu::always_inline]] inline const char* past_json_special(const char* from, const char* end,
                                                            JsonRefusal& refusal) noexcept {
  const char first = json_byte(from, end);
  if (first == '\\') return past_json_escape(from, end, refusal);
  if (is_ascii(first)) return refusal.refuse(JsonError::bad_string, from, end);
  if (end - from >= 4)
    if (const std::size_t size = wide_character_size(from)) return from + size;
  const char* const at = past_wide_characters(from, end);
  if (at == end || is_ascii(*at)) return at;
  return refusal.refuse(JsonError::bad_utf8, is_cut_character(at, end) ? end : at, end);
}

#if defined(__SSE2__)
/// What begins at the marks of a block of 64 bytes of a string that has room for four more. Places in it are known
/// before the text between them was looked at.
[[gnu::always_inline]] inline const char* past_json_block(const char* block, std::uint64_t marks, const char* end,
                                                          bool& escaped, bool& ended, JsonRefusal& refusal) noexcept {
  const char* next = block + 64;
  while (marks != 0) {
    const int place = std::countr_zero(marks);
    const char* const at = block + place;
    std::size_t size = 2;
    if (*at == '"') return ended = true, at + 1;
    if (*at == '\\') {
      escaped = true;
      if (!is_json_escape(at[1])) return past_json_escape(at, end, refusal);
    } else if (is_ascii(*at)) {
      return past_json_special(at, end, refusal);
    } else {
      if ((marks >> place & 0xFFF) == 0xFFF) {  // a text of wide characters
        const std::uint64_t wide = mask_of_64(block, [](Bytes16 bytes) { return bytes; });
        if (const unsigned whole = whole_characters(block, wide)) {
          next = block + whole;
          marks &= ~wide;
          continue;
        }
      }
      size = wide_character_size(at);
      if (size == 0) return past_json_special(at, end, refusal);
    }
    if (at + size > next) return at + size;
    marks &= (~std::uint64_t{0} << size) << place;
  }
  return next;
}

/// Blocks of a string, as many as there are. Stops where the string ends, or null where it is not sound.
inline const char* past_json_blocks(const char* from, const char* end, bool& escaped, bool& ended,
                                    JsonRefusal& refusal) noexcept {
  while (from != nullptr && !ended && end - from >= 64 + 4)
    from = past_json_block(from, json_marks_of_64(from), end, escaped, ended, refusal);
  return from;
}

/// The same for a processor that looks at 32 bytes at once, which is a fifth faster.
[[gnu::target("avx2,bmi,bmi2")]] inline const char* past_json_blocks_by_32(const char* from, const char* end,
                                                                           bool& escaped, bool& ended,
                                                                           JsonRefusal& refusal) noexcept {
  using Bytes32 = signed char __attribute__((vector_size(32)));
  using Chars32 = char __attribute__((vector_size(32)));
  while (from != nullptr && !ended && end - from >= 64 + 4) {
    Bytes32 low, high;
    std::memcpy(&low, from, sizeof low);
    std::memcpy(&high, from + 32, sizeof high);
    low = (low > ' ' - 1) ^ (low == '"') ^ (low == '\\');  // as plain_in_json()
    high = (high > ' ' - 1) ^ (high == '"') ^ (high == '\\');
    const std::uint64_t plain = static_cast<unsigned>(__builtin_ia32_pmovmskb256((Chars32)low)) |
                                std::uint64_t{static_cast<unsigned>(__builtin_ia32_pmovmskb256((Chars32)high))} << 32;
    from = past_json_block(from, ~plain, end, escaped, ended, refusal);
  }
  return from;
}
inline bool looks_at_32_bytes() noexcept {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
#endif

/// The rest of a string, and its last quotation mark.
[[gnu::noinline]] inline const char* past_rest_of_json_string(const char* from, const char* end, bool& escaped,
                                                              JsonRefusal& refusal) noexcept {
#if defined(__SSE2__)
  bool ended = false;
  from = looks_at_32_bytes() ? past_json_blocks_by_32(from, end, escaped, ended, refusal)
                             : past_json_blocks(from, end, escaped, ended, refusal);
  if (from == nullptr || ended) return from;
#endif
  for (;;) {
    from = past_json_plain(from, end);
    const char c = json_byte(from, end);
    if (c == '"') return from + 1;
    escaped |= c == '\\';
    from = past_json_special(from, end, refusal);
    if (from == nullptr) return nullptr;
  }
}

/// A string, from behind its first quotation mark to behind its last one.
[[gnu::always_inline]] inline const char* past_json_string(const char* from, const char* end, bool& escaped,
                                                           JsonRefusal& refusal) noexcept {
#if defined(__SSE2__)
  if (end - from >= 16) {
    unsigned marks = json_marks(load<Bytes16>(from));
    if (marks == 0 && end - from >= 32) marks = json_marks(load<Bytes16>(from + 16)) << 16;
    if (marks != 0 && from[std::countr_zero(marks)] == '"') return from + std::countr_zero(marks) + 1;
  }
#endif
  return past_rest_of_json_string(from, end, escaped, refusal);
}

}  // namespace tallyscope::inline v0::detail
