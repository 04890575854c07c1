// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

// What a document consists of for the most part, passed over many bytes at a time. Each function returns the first
// place from `from` on that does not belong to it, or `end`. No byte outside of the two is read.
namespace tallyscope::inline v0::detail {

constexpr bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }
constexpr bool is_json_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
/// ASCII that stands for itself in a string.
constexpr bool is_json_plain(char c) noexcept {
  return static_cast<unsigned char>(c) - 0x20u < 0x60u && c != '"' && c != '\\';
}
constexpr bool is_json_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') < 10; }

#if defined(__SSE2__)
// Vectors as both compilers have them built in: <emmintrin.h> would take longer to compile than all of this. To compile
// as for a processor without them, here and wherever else they are used: -U__SSE2__.
using Bytes16 = signed char __attribute__((vector_size(16)));

inline unsigned mask_of(Bytes16 bytes) noexcept {
  using Chars = char __attribute__((vector_size(16)));
  return static_cast<unsigned>(__builtin_ia32_pmovmskb128((Chars)bytes));
}

constexpr Bytes16 every(char byte) noexcept {
  const auto b = static_cast<signed char>(byte);
  return Bytes16{b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
}

/// A bit for each of 64 bytes, by a function that gives a vector of truths for each 16.
template <class Test>
[[gnu::always_inline]] inline std::uint64_t mask_of_64(const char* from, Test test) noexcept {
  const auto part = [&](int place) -> std::uint64_t {
    return std::uint64_t{mask_of((Bytes16)test(load<Bytes16>(from + place)))} << place;
  };
  return part(0) | part(16) | part(32) | part(48);
}

/// Which bytes stand for themselves in a string?
[[gnu::always_inline]] inline Bytes16 plain_in_json(Bytes16 bytes) noexcept {
  // Signed, so that what is not ASCII is below the blank too. Both marks are above it; with `&` and `~` g++ makes twice
  // the instructions of it.
  return (Bytes16)((bytes > every(' ' - 1)) ^ (bytes == every('"')) ^ (bytes == every('\\')));
}
/// The places of all others, of 16 or 64 bytes.
[[gnu::always_inline]] inline unsigned json_marks(Bytes16 bytes) noexcept {
  return mask_of(plain_in_json(bytes)) ^ 0xFFFFu;
}
[[gnu::always_inline]] inline std::uint64_t json_marks_of_64(const char* from) noexcept {
  return ~mask_of_64(from, [](Bytes16 bytes) { return plain_in_json(bytes); });
}

/// `wrong` has a bit for each of 16 bytes that does not belong.
template <class Wrong, class Belongs>
[[gnu::always_inline]] inline const char* past(const char* from, const char* end, Wrong wrong,
                                               Belongs belongs) noexcept {
  for (; end - from >= 16; from += 16) {
    const unsigned mask = wrong(load<Bytes16>(from));
    if (mask != 0) return from + std::countr_zero(mask);
  }
  while (from < end && belongs(*from)) ++from;
  return from;
}

[[gnu::always_inline]] inline const char* past_json_space(const char* from, const char* end) noexcept {
  // Most of it is a blank, or the end of a line and the blanks that the next one begins with.
  if (end - from >= 34 && (*from == '\n' || *from == ' ')) {
    const auto blanks = [&](int place) { return mask_of((Bytes16)(load<Bytes16>(from + place) == every(' '))); };
    const char* const at = from + 1 + std::countr_one(blanks(1) | blanks(17) << 16);
    if (*at > ' ') return at;
  }
  const auto wrong = [](Bytes16 bytes) {
    const auto space = (bytes == every(' ')) | (bytes == every('\n')) | (bytes == every('\r')) | (bytes == every('\t'));
    return mask_of((Bytes16)space) ^ 0xFFFFu;
  };
  return past(from, end, wrong, is_json_space);
}

[[gnu::always_inline]] inline const char* past_json_plain(const char* from, const char* end) noexcept {
  return past(
      from, end, [](Bytes16 bytes) { return json_marks(bytes); }, is_json_plain);
}

[[gnu::always_inline]] inline const char* past_json_digits(const char* from, const char* end) noexcept {
  const auto wrong = [](Bytes16 bytes) { return mask_of((Bytes16)((bytes < every('0')) | (bytes > every('9')))); };
  return past(from, end, wrong, is_json_digit);
}
#else

inline const char* past_json_space(const char* from, const char* end) noexcept {
  while (from < end && is_json_space(*from)) ++from;
  return from;
}

inline const char* past_json_plain(const char* from, const char* end) noexcept {
  constexpr auto every = [](std::uint64_t byte) { return byte * 0x0101010101010101u; };
  for (; end - from >= 8; from += 8) {
    const std::uint64_t word = load8(from);
    const std::uint64_t low = word - every(0x20), quotes = (word ^ every('"')) - every(1);
    // A borrow may mark a byte behind a marked one, never one before it.
    const std::uint64_t marks = (low | quotes | ((word ^ every('\\')) - every(1)) | word) & high_bits;
    if (marks == 0) continue;
    if constexpr (std::endian::native == std::endian::little) return from + std::countr_zero(marks) / 8;
    break;
  }
  while (from < end && is_json_plain(*from)) ++from;
  return from;
}

inline const char* past_json_digits(const char* from, const char* end) noexcept {
  while (from < end && is_json_digit(*from)) ++from;
  return from;
}
#endif

}  // namespace tallyscope::inline v0::detail
