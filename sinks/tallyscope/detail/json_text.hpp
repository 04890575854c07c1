// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// The inside of a JSON string, safe in a terminal as well: quotation mark, backslash, C0, DEL and C1 are escaped, other
// UTF-8 stands as it is, and each byte that is not UTF-8 becomes U+FFFD.
namespace tallyscope::inline v0::detail {

/// The most bytes that one byte of a text can become.
inline constexpr std::size_t json_escape_factor = 6;

constexpr std::uint64_t in_every_byte(std::uint64_t byte) noexcept { return byte * 0x0101010101010101u; }

/// Not zero if one of the 8 bytes cannot stand in a string as it is, or is beyond ASCII.
constexpr std::uint64_t suspects(std::uint64_t word) noexcept {
  const std::uint64_t quotes = word ^ in_every_byte('"');
  const std::uint64_t backslashes = word ^ in_every_byte('\\');
  const std::uint64_t below =
      (word - in_every_byte(0x20)) | (quotes - in_every_byte(1)) | (backslashes - in_every_byte(1));
  // Bytes beyond ASCII are told by `word` itself, so that they may disturb the other two terms.
  return (below | word | (word + in_every_byte(1))) & high_bits;
}

#if defined(__SSE2__)
/// The same for 16 bytes: each suspect byte is all ones. Compared as signed, what is beyond ASCII is below the space.
inline __m128i suspects(__m128i block) noexcept {
  const __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
  const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i deletes = _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F));
  return _mm_or_si128(_mm_or_si128(low, quotes), _mm_or_si128(backslashes, deletes));
}

/// Copies 16 bytes or more, the last block overlapping the one before; false if any is suspect.
inline bool copy_blocks(char* out, const char* from, std::size_t size) noexcept {
  __m128i found = _mm_setzero_si128();
  const auto copy = [&](std::size_t place) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + place));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + place), block);
    found = _mm_or_si128(found, suspects(block));
  };
  for (std::size_t place = 0; place + 16 < size; place += 16) copy(place);
  copy(size - 16);
  return _mm_movemask_epi8(found) == 0;
}
#endif

/// The same for 8 bytes or more.
inline bool copy_words(char* out, const char* from, std::size_t size) noexcept {
  std::uint64_t found = 0;
  const auto copy = [&](std::size_t place) {
    const std::uint64_t word = load8(from + place);
    std::memcpy(out + place, &word, sizeof word);
    found |= suspects(word);
  };
  for (std::size_t place = 0; place + 8 < size; place += 8) copy(place);
  copy(size - 8);
  return found == 0;
}

/// The same for 1 to 7 bytes, which are looked at as one word between spaces.
inline bool copy_bytes(char* out, const char* from, std::size_t size) noexcept {
  std::uint64_t word = in_every_byte(' ');
  if (size >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, from, 4);
    std::memcpy(&last, from + size - 4, 4);
    std::memcpy(out, &first, 4);
    std::memcpy(out + size - 4, &last, 4);
    word = std::uint64_t{first} << 32 | last;
  } else {
    for (std::size_t place = 0; place < size; ++place) {
      out[place] = from[place];
      word = word << 8 | static_cast<unsigned char>(from[place]);
    }
  }
  return suspects(word) == 0;
}

/// Copies `text`; false if a byte in it must be escaped or is beyond ASCII.
// Called 15 times a line: inlined it would triple the code of a line for no gain in time.
[[gnu::noinline]] inline bool copy_if_plain(char* out, std::string_view text) noexcept {
#if defined(__SSE2__)
  if (text.size() >= 16) return copy_blocks(out, text.data(), text.size());
#endif
  if (text.size() >= 8) return copy_words(out, text.data(), text.size());
  return copy_bytes(out, text.data(), text.size());
}

/// One character or wrong byte of a text, and what stands for it in a JSON string.
struct JsonCharacter {
  std::size_t taken;
  std::size_t size;
  char bytes[json_escape_factor];
};

constexpr JsonCharacter escaped_as_hex(std::size_t taken, unsigned value) noexcept {
  return {taken, 6, {'\\', 'u', '0', '0', "0123456789abcdef"[value >> 4], "0123456789abcdef"[value & 15]}};
}

constexpr JsonCharacter escaped_ascii(char c) noexcept {
  switch (c) {
    case '"':
      return {1, 2, {'\\', '"'}};
    case '\\':
      return {1, 2, {'\\', '\\'}};
    case '\b':
      return {1, 2, {'\\', 'b'}};
    case '\f':
      return {1, 2, {'\\', 'f'}};
    case '\n':
      return {1, 2, {'\\', 'n'}};
    case '\r':
      return {1, 2, {'\\', 'r'}};
    case '\t':
      return {1, 2, {'\\', 't'}};
    default:
      break;
  }
  if (c >= 0x20 && c != 0x7F) return {1, 1, {c}};
  return escaped_as_hex(1, static_cast<unsigned char>(c));
}

/// What stands for the character that `text` begins with.
inline JsonCharacter json_character(std::string_view text) noexcept {
  const std::size_t size = character_size(text);
  if (size == 0) return {1, 3, {'\xEF', '\xBF', '\xBD'}};
  if (size == 1) return escaped_ascii(text[0]);
  const auto second = static_cast<unsigned char>(text[1]);
  if (text[0] == '\xC2' && second < 0xA0) return escaped_as_hex(2, second);
  JsonCharacter character{size, size, {}};
  std::memcpy(character.bytes, text.data(), size);
  return character;
}

/// `text` without what is beyond `limit` bytes, on a UTF-8 boundary.
constexpr std::string_view cut_to(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  std::size_t size = limit;
  while (size > 0 && limit - size < 3 && is_continuation(text[size])) --size;
  return text.substr(0, size);
}

/// Writes what `limit` bytes of `text` hold, at most `room` bytes and never a part of a character. Says in `cut` if
/// that was not all. Returns the end.
[[gnu::noinline]] inline char* write_escaped(char* out, std::string_view text, std::size_t limit, std::size_t room,
                                             bool& cut) noexcept {
  std::string_view rest = cut_to(text, limit);
  cut = rest.size() < text.size();
  while (!rest.empty()) {
    const JsonCharacter character = json_character(rest);
    if (character.size > room) {
      cut = true;
      break;
    }
    std::memcpy(out, character.bytes, character.size);
    out += character.size;
    room -= character.size;
    rest.remove_prefix(character.taken);
  }
  return out;
}

}  // namespace tallyscope::inline v0::detail
