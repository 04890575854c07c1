// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_bytes.hpp>

#include <bit>

// Runs of ASCII letters, most of nearly every text, passed over 16 bytes at a time, so that the processor need not
// guess where a word ends. Each function may stop early: what the text still has of the run is the caller's to see.
namespace tallyscope::inline v0::detail {

#if defined(__SSE2__)
/// Which bytes are the 26 letters from `first` on?
[[gnu::always_inline]] inline Bytes16 letters_from(char first, Bytes16 bytes) noexcept {
  return (Bytes16)((bytes > every(static_cast<char>(first - 1))) & (bytes < every(static_cast<char>(first + 26))));
}

/// Past ASCII letters, but not always past all of them.
[[gnu::always_inline]] inline const char* past_ascii_letters(const char* place, const char* end) noexcept {
  for (; end - place >= 16; place += 16) {
    const unsigned wrong = mask_of(letters_from('a', load<Bytes16>(place) | every(0x20))) ^ 0xFFFFu;
    if (wrong != 0) return place + std::countr_zero(wrong);
  }
  return place;
}

/// Past capitals, then small letters; null if 16 bytes do not show the end of them, or it is not ASCII.
[[gnu::always_inline]] inline const char* past_ascii_word(const char* place, const char* end) noexcept {
  if (end - place < 16) return nullptr;
  const auto bytes = load<Bytes16>(place);
  const unsigned capitals = mask_of(letters_from('A', bytes)), smalls = mask_of(letters_from('a', bytes));
  // The lowest bit that is not set is where a run ends; adding the bit where the next one begins carries to its end.
  const unsigned begin = (capitals + 1) & ~capitals;
  const int size = std::countr_zero((smalls + begin) & ~smalls);
  return size < 16 && is_ascii(place[size]) ? place + size : nullptr;
}
#else
inline const char* past_ascii_letters(const char* place, const char*) noexcept { return place; }
inline const char* past_ascii_word(const char*, const char*) noexcept { return nullptr; }
#endif

}  // namespace tallyscope::inline v0::detail
