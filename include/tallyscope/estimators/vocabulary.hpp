// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/bridges.hpp>
#include <tallyscope/estimators/detail/pieces.hpp>
#include <tallyscope/estimators/detail/token_slots.hpp>
#include <tallyscope/estimators/detail/vocabulary_image.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0 {

/// Why an image is no vocabulary that can be used here.
enum class VocabularyProblem : std::uint8_t {
  none,
  no_image,          ///< it does not begin as an image does
  other_format,      ///< it is of another version of the format: build it anew
  other_byte_order,  ///< it was made for machines of another byte order
  misaligned,        ///< it does not begin at a multiple of 8 bytes
  cut_off,           ///< it is shorter than it says
  broken,            ///< its parts are not where they can be
  changed,           ///< its bytes are not those it was made with
};

constexpr std::string_view sentence_of(VocabularyProblem problem) noexcept {
  switch (problem) {
    case VocabularyProblem::none:
      return "the vocabulary is sound";
    case VocabularyProblem::no_image:
      return "this is no vocabulary image; make one with `tallyscope vocab build`";
    case VocabularyProblem::other_format:
      return "the vocabulary image is of another version of its format; make it anew with `tallyscope vocab build`";
    case VocabularyProblem::other_byte_order:
      return "the vocabulary image was made for machines of another byte order; make it anew on this one";
    case VocabularyProblem::misaligned:
      return "the vocabulary image does not begin at a multiple of 8 bytes; map or copy it to such a place";
    case VocabularyProblem::cut_off:
      return "the vocabulary image is shorter than it says; copy it again";
    case VocabularyProblem::broken:
      return "parts of the vocabulary image are not where they can be; make it anew with `tallyscope vocab build`";
    case VocabularyProblem::changed:
      return "the bytes of the vocabulary image are not those it was made with; copy or make it anew";
  }
  return "unknown problem";
}

/// The tokens of one encoding, as a view of an image that was made once (vocabulary_builder.hpp, or the program's
/// `vocab build`) and is used where it lies: mapped from a file, in memory or a part of the program. Nothing is read or
/// built at the start. Copies are cheap; the image must outlive them. Any number of threads may use one.
class Vocabulary {
 public:
  Vocabulary() noexcept = default;

  /// A view of `image`. Looks at the header alone: no image, however broken, makes a later call read outside of it.
  /// `problem` tells why it is none; the vocabulary is then empty. About 100 ns.
  static Vocabulary from_image(std::string_view image, VocabularyProblem& problem) noexcept {
    Vocabulary vocabulary;
    problem = vocabulary.open(image);
    return problem == VocabularyProblem::none ? vocabulary : Vocabulary{};
  }

  /// Are all bytes those it was made with? Reads the whole image: some milliseconds.
  static VocabularyProblem check(std::string_view image) noexcept {
    Vocabulary vocabulary;
    if (const VocabularyProblem problem = vocabulary.open(image); problem != VocabularyProblem::none) return problem;
    const std::string_view whole = image.substr(0, static_cast<std::size_t>(vocabulary.header_->size));
    return detail::image_checksum(whole) == vocabulary.header_->checksum ? VocabularyProblem::none
                                                                         : VocabularyProblem::changed;
  }

  explicit operator bool() const noexcept { return header_ != nullptr; }
  bool empty() const noexcept { return header_ == nullptr; }

  /// These need one that is not empty.
  std::string_view name() const noexcept {
    const std::string_view padded{header_->name, sizeof header_->name};
    return padded.substr(0, padded.find('\0'));
  }
  detail::PiecePattern pattern() const noexcept { return static_cast<detail::PiecePattern>(header_->pattern); }
  std::uint32_t token_count() const noexcept { return header_->token_count; }  ///< one more than the largest number
  std::uint32_t longest() const noexcept { return header_->longest; }          ///< bytes of the longest token
  std::size_t size() const noexcept { return static_cast<std::size_t>(header_->size); }  ///< of the image
  /// Are texts put into Unicode's normalization form C (NFC) before they are cut and counted? Of an empty one, no.
  bool normalizes() const noexcept { return header_ != nullptr && header_->normal_form == 1; }
  bool can_decode() const noexcept { return offset_count_ != 0; }

  /// The token that is exactly this text, or detail::no_token.
  std::uint32_t token_of(std::string_view text) const noexcept {
    if (text.empty() || text.size() > header_->longest) return detail::no_token;
    if (text.size() < 8) return short_token(detail::short_key(text.data(), text.size()));
    if (text.size() < 16) return middle_token(detail::middle_key(text.data(), text.size()));
    return long_token(text);
  }

  /// Is a text of 1 to 15 bytes, as piece_key() has it, a token?
  [[gnu::always_inline]] bool has(const detail::WidePair& key) const noexcept {
    return detail::is_short(key) ? short_texts_.find<0>(key.low | key.high) != nullptr
                                 : middle_texts_.find(key) != nullptr;
  }
  /// The token that such a text is, or detail::no_token.
  std::uint32_t token_of(const detail::WidePair& key) const noexcept {
    return detail::is_short(key) ? short_token(key.low | key.high) : middle_token(key);
  }
  /// So that these need not wait.
  [[gnu::always_inline]] void prefetch(const detail::WidePair& key) const noexcept {
    if (detail::is_short(key))
      short_texts_.prefetch(key.low | key.high);
    else
      middle_texts_.prefetch(key);
  }

  std::uint32_t byte_token(unsigned char byte) const noexcept { return byte_tokens_[byte]; }
  /// What two bytes, or two tokens, become, or detail::no_token.
  std::uint32_t byte_pair(unsigned char first, unsigned char second) const noexcept {
    return byte_pairs_[std::size_t{first} << 8 | second];
  }
  std::uint32_t pair(std::uint32_t left, std::uint32_t right) const noexcept {
    const std::uint64_t key = detail::pair_key(left, right), hash = detail::slot_hash(key);
    const std::uint64_t bits = detail::filter_bits(hash);
    if ((pair_filter_[hash >> 12 & filter_mask_] & bits) != bits) return detail::no_token;
    const std::uint64_t* const found = pairs_.find<detail::token_bits>(key);
    return found ? static_cast<std::uint32_t>(*found) & (detail::token_limit - 1) : detail::no_token;
  }

  /// Do merges lead to every token?
  bool reaches_all() const noexcept { return header_->unreachable == 0; }
  /// Do they, and does each make a token with a higher number than its parts have?
  bool is_monotone() const noexcept { return reaches_all() && header_->monotone == 1; }
  /// Where tokens reach from one character into the next.
  detail::Bridges bridges() const noexcept { return detail::Bridges{bridges_, cut_bridges_}; }

  /// The bytes of a token; empty for one that is not there.
  std::string_view text_of(std::uint32_t token) const noexcept {
    if (token < header_->token_count && token + 1 < offset_count_) {
      const std::uint32_t begin = decode_offsets_[token], end = decode_offsets_[token + 1];
      if (begin < end && end <= decode_bytes_.size()) return decode_bytes_.substr(begin, end - begin);
    }
    for (std::size_t place = 0; place < special_count_; ++place)
      if (specials_[place].token == token) return text_at(special_bytes_, specials_[place]);
    return {};
  }

  /// The special tokens, such as <|endoftext|>.
  std::size_t special_count() const noexcept { return special_count_; }
  std::string_view special_text(std::size_t place) const noexcept { return text_at(special_bytes_, specials_[place]); }
  std::uint32_t special_token(std::size_t place) const noexcept { return specials_[place].token; }

 private:
  using Section = detail::Section;

  static std::string_view text_at(std::string_view bytes, const detail::TextEntry& entry) noexcept {
    const bool inside = entry.offset <= bytes.size() && entry.size <= bytes.size() - entry.offset;
    return inside ? bytes.substr(entry.offset, entry.size) : std::string_view{};
  }

  std::uint32_t short_token(std::uint64_t key) const noexcept {
    const std::uint64_t* const found = short_texts_.find<0>(key);
    return found ? short_tokens_[found - short_texts_.slots] : detail::no_token;
  }
  std::uint32_t middle_token(const detail::WidePair& key) const noexcept {
    const detail::WidePair* const found = middle_texts_.find(key);
    return found ? middle_tokens_[found - middle_texts_.slots] : detail::no_token;
  }
  [[gnu::noinline]] std::uint32_t long_token(std::string_view text) const noexcept {
    const std::uint64_t* const found = long_texts_.find<detail::token_bits>(detail::long_key(text.data(), text.size()));
    if (found == nullptr) return detail::no_token;
    const std::size_t entry = *found & (detail::token_limit - 1);
    return entry < long_count_ && text_at(long_bytes_, long_entries_[entry]) == text ? long_entries_[entry].token
                                                                                     : detail::no_token;
  }

  VocabularyProblem open(std::string_view image) noexcept;

  /// The place of a section, and how many T it has.
  template <class T>
  const T* section(Section wanted, std::size_t& count) const noexcept {
    const detail::SectionPlace& place = header_->sections[static_cast<std::size_t>(wanted)];
    count = static_cast<std::size_t>(place.size) / sizeof(T);
    return reinterpret_cast<const T*>(reinterpret_cast<const char*>(header_) + place.offset);
  }
  std::string_view bytes(Section wanted) const noexcept {
    std::size_t count = 0;
    const char* const first = section<char>(wanted, count);
    return {first, count};
  }
  template <class Slots, class Slot>
  bool open_slots(Section wanted, Slots& opened, const Slot*& slots) const noexcept {
    std::size_t count = 0;
    slots = section<Slot>(wanted, count);
    opened.buckets = count / Slots::bucket_size;
    return opened.buckets > 0;
  }
  bool open_sections() noexcept;

  const detail::VocabularyHeader* header_ = nullptr;
  const std::uint32_t* byte_tokens_ = nullptr;
  const std::uint32_t* byte_pairs_ = nullptr;
  const std::uint64_t* pair_filter_ = nullptr;
  const std::uint64_t* bridges_ = nullptr;
  const std::uint64_t* cut_bridges_ = nullptr;
  std::size_t filter_mask_ = 0;
  detail::WordSlots pairs_{}, short_texts_{}, long_texts_{};
  detail::WideSlots middle_texts_{};
  const std::uint32_t* short_tokens_ = nullptr;
  const std::uint32_t* middle_tokens_ = nullptr;
  const detail::TextEntry* long_entries_ = nullptr;
  const detail::TextEntry* specials_ = nullptr;
  const std::uint32_t* decode_offsets_ = nullptr;
  std::size_t long_count_ = 0, special_count_ = 0, offset_count_ = 0;
  std::string_view long_bytes_{}, decode_bytes_{}, special_bytes_{};
};

inline VocabularyProblem Vocabulary::open(std::string_view image) noexcept {
  using Problem = VocabularyProblem;
  using Header = detail::VocabularyHeader;
  if (image.size() < sizeof detail::vocabulary_magic ||
      std::memcmp(image.data(), detail::vocabulary_magic, sizeof detail::vocabulary_magic) != 0)
    return Problem::no_image;
  if (image.size() < sizeof(Header)) return Problem::cut_off;
  if (reinterpret_cast<std::uintptr_t>(image.data()) % alignof(Header) != 0) return Problem::misaligned;
  const auto* const header = reinterpret_cast<const Header*>(image.data());
  if (header->byte_order != detail::vocabulary_byte_order) return Problem::other_byte_order;
  if (header->format != detail::vocabulary_format || header->normal_form > 1) return Problem::other_format;
  if (header->size > image.size()) return Problem::cut_off;
  if (header->size < sizeof(Header) || header->size % 8 != 0) return Problem::broken;
  for (const detail::SectionPlace& place : header->sections) {
    const bool inside = place.offset <= header->size && place.size <= header->size - place.offset;
    if (!inside || place.offset % detail::vocabulary_alignment != 0) return Problem::broken;
  }
  header_ = header;
  return open_sections() ? Problem::none : Problem::broken;
}

inline bool Vocabulary::open_sections() noexcept {
  std::size_t byte_count = 0, pair_count = 0, filter_count = 0, bridge_words = 0, cut_words = 0, short_count = 0,
              middle_count = 0;
  byte_tokens_ = section<std::uint32_t>(Section::byte_tokens, byte_count);
  byte_pairs_ = section<std::uint32_t>(Section::byte_pairs, pair_count);
  pair_filter_ = section<std::uint64_t>(Section::pair_filter, filter_count);
  filter_mask_ = filter_count - 1;
  bridges_ = section<std::uint64_t>(Section::bridges, bridge_words);
  cut_bridges_ = section<std::uint64_t>(Section::cut_bridges, cut_words);
  const bool slots = open_slots(Section::pairs, pairs_, pairs_.slots) &&
                     open_slots(Section::short_texts, short_texts_, short_texts_.slots) &&
                     open_slots(Section::middle_texts, middle_texts_, middle_texts_.slots) &&
                     open_slots(Section::long_texts, long_texts_, long_texts_.slots);
  short_tokens_ = section<std::uint32_t>(Section::short_tokens, short_count);
  middle_tokens_ = section<std::uint32_t>(Section::middle_tokens, middle_count);
  long_entries_ = section<detail::TextEntry>(Section::long_entries, long_count_);
  specials_ = section<detail::TextEntry>(Section::specials, special_count_);
  decode_offsets_ = section<std::uint32_t>(Section::decode_offsets, offset_count_);
  long_bytes_ = bytes(Section::long_bytes);
  decode_bytes_ = bytes(Section::decode_bytes);
  special_bytes_ = bytes(Section::special_bytes);
  return slots && byte_count == 256 && pair_count == 65'536 && std::has_single_bit(filter_count) &&
         bridge_words == detail::bridge_bits / 64 && cut_words == detail::cut_bridge_bits / 64 &&
         header_->token_count <= detail::token_limit &&
         short_count >= short_texts_.buckets * detail::WordSlots::bucket_size &&
         middle_count >= middle_texts_.buckets * detail::WideSlots::bucket_size &&
         header_->pattern >= static_cast<std::uint32_t>(detail::PiecePattern::gpt2) &&
         header_->pattern <= static_cast<std::uint32_t>(detail::PiecePattern::deepseek3);
}

}  // namespace tallyscope::inline v0
