// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

// A vocabulary as one flat piece of memory, ready to be used where it lies: a header and sections behind it, each at a
// multiple of 64 bytes. Numbers are in the byte order of the machine that made it, which the header tells.
namespace tallyscope::inline v0::detail {

inline constexpr char vocabulary_magic[8] = {'T', 'S', 'V', 'O', 'C', 'A', 'B', '\n'};
inline constexpr std::uint32_t vocabulary_format = 3;
inline constexpr std::uint32_t vocabulary_byte_order = 0x01020304;
inline constexpr std::size_t vocabulary_alignment = 64;
/// Numbers of tokens have 18 bits, so that two of them and the one they become are one slot.
inline constexpr unsigned token_bits = 18;
inline constexpr std::uint32_t token_limit = 1u << token_bits;

enum class Section : std::uint32_t {
  byte_tokens,     // u32[256]: the token of each byte, no_token for none
  byte_pairs,      // u32[65536]: what two bytes become, by first * 256 + second
  pairs,           // WordSlots: pair_key of two tokens above, the token they become in the lowest 18 bits
  pair_filter,     // u64[a power of 2]: the two filter_bits of each of these pairs, in the word that its hash chooses
  short_texts,     // WordSlots: tokens of 1 to 7 bytes, as short_key
  short_tokens,    // u32 for each slot of these
  middle_texts,    // WideSlots: tokens of 8 to 15 bytes, as middle_key
  middle_tokens,   // u32 for each slot of these
  long_texts,      // WordSlots: hash above, number of the entry in the lowest 18 bits
  long_entries,    // TextEntry of each longer token
  long_bytes,      // their bytes
  bridges,         // u64[16384]: the bridge_bits of all tokens
  cut_bridges,     // u64[64]: the cut_bridge_bits of those that begin or end within a character
  decode_offsets,  // u32 for each token and one more: where its bytes begin; the section may be empty
  decode_bytes,    // the bytes of all tokens
  specials,        // TextEntry of each special token
  special_bytes,   // their texts
  count
};
inline constexpr std::size_t section_count = static_cast<std::size_t>(Section::count);

struct SectionPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // in bytes
};

struct TextEntry {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t token = 0;
};

struct VocabularyHeader {
  char magic[8]{};
  std::uint32_t format = 0;
  std::uint32_t byte_order = 0;
  std::uint64_t size = 0;      // of the image
  std::uint64_t checksum = 0;  // of all else
  char name[32]{};             // "o200k_base", zeros behind it
  unsigned char source_sha256[32]{};
  std::uint32_t pattern = 0;          // PiecePattern
  std::uint32_t unicode_version = 0;  // of the pattern's classes: 16
  std::uint32_t token_count = 0;      // one more than the largest number, without special tokens
  std::uint32_t longest = 0;          // bytes of the longest token
  std::uint32_t unreachable = 0;      // tokens that a whole piece may be, and that no merge leads to
  std::uint32_t normal_form = 0;      // 1: texts are put into NFC first; 0: they are taken as they are
  std::uint32_t monotone = 0;         // 1: every merge makes a token with a higher number than its parts have
  std::uint32_t unused = 0;
  SectionPlace sections[section_count];
};
static_assert(sizeof(VocabularyHeader) % 8 == 0);
static_assert(std::has_unique_object_representations_v<VocabularyHeader>);

/// Two tokens as the key of `pairs`; not 0.
constexpr std::uint64_t pair_key(std::uint32_t left, std::uint32_t right) noexcept {
  return std::uint64_t{1} << 2 * token_bits | std::uint64_t{left} << token_bits | right;
}

/// Two bits that a pair with this hash has in its word of the filter; nearly all pairs that become nothing lack one.
constexpr std::uint64_t filter_bits(std::uint64_t hash) noexcept {
  return std::uint64_t{1} << (hash & 63) | std::uint64_t{1} << (hash >> 6 & 63);
}

/// Of the header, but for the checksum itself, and of all bytes behind it, eight at a time; an image's size is a
/// multiple of them.
inline std::uint64_t image_checksum(std::string_view image) noexcept {
  constexpr std::size_t checksum_place = 24;
  std::uint64_t state = image.size();
  for (std::size_t place = 0; place + 8 <= image.size(); place += 8) {
    const std::uint64_t word = place == checksum_place ? 0 : load8(image.data() + place);
    state = (state ^ word) * 0x9E3779B97F4A7C15u;
    state ^= state >> 29;
  }
  return state;
}
static_assert(offsetof(VocabularyHeader, checksum) == 24);

}  // namespace tallyscope::inline v0::detail
