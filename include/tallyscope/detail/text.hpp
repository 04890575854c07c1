// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/diagnostic.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

inline constexpr std::uint64_t high_bits = 0x8080808080808080u;

template <class Word>
Word load(const char* bytes) noexcept {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}
template <class Word>
void store(char* bytes, Word word) noexcept {
  std::memcpy(bytes, &word, sizeof word);
}

inline std::uint64_t load8(const char* bytes) noexcept { return load<std::uint64_t>(bytes); }

constexpr bool is_digit(char byte) noexcept { return static_cast<unsigned char>(byte - '0') < 10; }

constexpr bool is_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// How many code points begin in `text`: a character that two pieces share counts once, where it begins.
inline std::uint64_t count_code_points(std::string_view text) noexcept {
  const char* bytes = text.data();
  std::size_t left = text.size();
  std::uint64_t continuations = 0;
  for (; left >= 8; bytes += 8, left -= 8) {
    const std::uint64_t word = load8(bytes);
    const std::uint64_t marks = (word & high_bits) >> 7 & ~(word >> 6) & 0x0101010101010101u;  // 10xxxxxx
    continuations += (marks * 0x0101010101010101u) >> 56;
  }
  for (; left > 0; ++bytes, --left) continuations += is_continuation(*bytes) ? 1u : 0u;
  return text.size() - continuations;
}

/// The size of the well-formed UTF-8 character that `text` begins with (Unicode 16, table 3-7), or 0.
inline std::size_t character_size(std::string_view text) noexcept {
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t place = 2; place < size; ++place)
    if (!is_continuation(text[place])) return 0;
  return size;
}

/// Copies `text` to `out` as UTF-8: at most `limit` bytes, cut between characters, each wrong byte as U+FFFD.
/// Returns the bytes written.
[[gnu::cold, gnu::noinline]] inline std::size_t copy_repaired(char* out, std::string_view text, std::size_t limit,
                                                              Diagnostics& diagnostics) noexcept {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::size_t written = 0;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const std::string_view character = size == 0 ? replacement : text.substr(0, size);
    if (written + character.size() > limit) {
      diagnostics.set(Diagnostic::text_cut);
      break;
    }
    if (size == 0) diagnostics.set(Diagnostic::text_repaired);
    std::memcpy(out + written, character.data(), character.size());
    written += character.size();
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return written;
}

/// Copies `size` bytes, at least sizeof(Word), a word at a time, the last word overlapping the one before it.
/// Returns all bits seen.
template <class Word>
[[gnu::always_inline]] inline Word copy_words(char* out, const char* from, std::size_t size) noexcept {
  Word seen = load<Word>(from + size - sizeof(Word));
  store(out + size - sizeof(Word), seen);
  for (std::size_t place = 0; place + sizeof(Word) < size; place += sizeof(Word)) {
    const Word word = load<Word>(from + place);
    store(out + place, word);
    seen = static_cast<Word>(seen | word);
  }
  return seen;
}

/// Copies `size` (at least 1) bytes and returns all bits seen, those of `high_bits` where a byte is not ASCII. Faster
/// than memcpy for the few of a name.
[[gnu::always_inline]] inline std::uint64_t copy_few(char* out, const char* from, std::size_t size) noexcept {
  if (size >= 8) return copy_words<std::uint64_t>(out, from, size);
  if (size >= 4) return copy_words<std::uint32_t>(out, from, size);
  return copy_words<unsigned char>(out, from, size);
}
inline bool copy_ascii(char* out, const char* from, std::size_t size) noexcept {
  return (copy_few(out, from, size) & high_bits) == 0;
}

/// Room for the texts of one record. Uninitialised beyond what is used; nothing allocates.
template <std::size_t Size>
class TextBuffer {
 public:
  TextBuffer() noexcept {}  // the bytes stay as they are

  /// A copy of `text` that lives as long as the buffer: at most `limit` bytes, repaired, cut on a UTF-8 boundary.
  std::string_view copy(std::string_view text, std::size_t limit, Diagnostics& diagnostics) noexcept {
    if (text.empty()) return {};
    const std::size_t room = limit < Size - used_ ? limit : Size - used_;
    char* const out = bytes_ + used_;
    std::size_t size = text.size();
    if (size > room || !copy_ascii(out, text.data(), size)) [[unlikely]]
      size = copy_repaired(out, text, room, diagnostics);
    used_ += size;
    return {static_cast<const char*>(out), size};  // of a char* that is not const, a view takes the compiler long
  }

  /// For a writer that minds the room itself.
  char* end() noexcept { return bytes_ + used_; }
  void use_until(const char* end) noexcept { used_ = static_cast<std::size_t>(end - bytes_); }

  std::size_t used() const noexcept { return used_; }
  std::size_t room() const noexcept { return Size - used_; }
  const char* data() const noexcept { return bytes_; }

  /// Takes over what `other` holds. Views into it are moved over by `moved`.
  void take(const TextBuffer& other) noexcept {
    used_ = other.used_;
    std::memcpy(bytes_, other.bytes_, used_);
  }

  /// `text` as it stands in this buffer if it stood in `other`, else as it is.
  std::string_view moved(std::string_view text, const TextBuffer& other) const noexcept {
    const auto start = reinterpret_cast<std::uintptr_t>(other.bytes_);
    const auto place = reinterpret_cast<std::uintptr_t>(text.data()) - start;
    return place < other.used_ ? std::string_view{bytes_ + place, text.size()} : text;
  }

 private:
  std::size_t used_ = 0;
  char bytes_[Size];
};

}  // namespace tallyscope::inline v0::detail
