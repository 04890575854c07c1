// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/bridges.hpp>
#include <tallyscope/estimators/detail/merge_pairs.hpp>
#include <tallyscope/estimators/detail/token_slots.hpp>
#include <tallyscope/estimators/detail/vocabulary_image.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tallyscope::inline v0::detail {

/// Slots at four fifths of their room, to be filled; Slot is a std::uint64_t or a WidePair.
template <class Slot>
class SlotWriter {
 public:
  static constexpr std::size_t bucket_size = vocabulary_alignment / sizeof(Slot);

  explicit SlotWriter(std::size_t count) : slots_((count * 5 / 4 / bucket_size + 1) * bucket_size) {}

  /// The place of the slot.
  std::size_t put(std::uint64_t hash, const Slot& slot) {
    const std::size_t buckets = slots_.size() / bucket_size;
    for (std::size_t place = bucket_of(hash, buckets) * bucket_size;; place = (place + 1) % slots_.size())
      if (slots_[place] == Slot{}) {
        slots_[place] = slot;
        return place;
      }
  }
  const std::vector<Slot>& slots() const noexcept { return slots_; }

 private:
  std::vector<Slot> slots_;
};

/// Puts the sections of an image together.
class ImageWriter {
 public:
  ImageWriter() : image_(padded(sizeof(VocabularyHeader)), '\0') {}

  void put_byte_tokens(const TokenNumbers& numbers) {
    std::vector<std::uint32_t> bytes(256), pairs(65'536);
    for (std::size_t value = 0; value < pairs.size(); ++value) {
      const char text[2] = {static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)};
      pairs[value] = number_of(numbers, {text, 2});
      if (value < 256) bytes[value] = number_of(numbers, {text + 1, 1});
    }
    put(Section::byte_tokens, bytes);
    put(Section::byte_pairs, pairs);
  }

  void put_pairs(const std::vector<MergePair>& pairs) {
    SlotWriter<std::uint64_t> slots{pairs.size()};
    std::vector<std::uint64_t> filter(std::bit_ceil(pairs.size() / 8 + 1));  // 8 to 16 bits a pair
    for (const MergePair& pair : pairs) {
      const std::uint64_t key = pair_key(pair.left, pair.right);
      const std::uint64_t hash = slot_hash(key);
      slots.put(hash, key << token_bits | pair.whole);
      filter[hash >> 12 & (filter.size() - 1)] |= filter_bits(hash);
    }
    put(Section::pairs, slots.slots());
    put(Section::pair_filter, filter);
  }

  /// Those tokens that a whole piece may be; false if two of them cannot be told apart.
  bool put_texts(const std::vector<std::string>& tokens, const std::vector<bool>& whole) {
    put_short(tokens, sized(tokens, whole, 1, 7));
    put_middle(tokens, sized(tokens, whole, 8, 15));
    return put_long(tokens, sized(tokens, whole, 16, ~std::size_t{0}));
  }

  void put_unreachable(std::uint32_t count) noexcept { header_.unreachable = count; }

  void put_monotone(bool monotone) noexcept { header_.monotone = monotone ? 1 : 0; }

  void put_normal_form(bool nfc) noexcept { header_.normal_form = nfc ? 1 : 0; }

  void put_bridges(const std::vector<std::string>& tokens) {
    std::vector<std::uint64_t> bits(bridge_bits / 64), cut(cut_bridge_bits / 64);
    const auto set = [](std::vector<std::uint64_t>& words, std::size_t bit) {
      words[bit / 64] |= std::uint64_t{1} << bit % 64;
    };
    for (const std::string& token : tokens)
      for_each_bridge(token, [&](std::string_view before, std::string_view behind) {
        set(bits, bridge_bit(packed(before), packed(behind)));
        if (is_cut(before) || is_cut(behind)) set(cut, cut_bridge_bit(before.back(), behind[0]));
      });
    put(Section::bridges, bits);
    put(Section::cut_bridges, cut);
  }

  /// What decoding needs.
  void put_bytes(const std::vector<std::string>& tokens) {
    std::vector<std::uint32_t> offsets{0};
    std::string bytes;
    for (const std::string& token : tokens) {
      bytes += token;
      offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
      header_.longest = std::max(header_.longest, static_cast<std::uint32_t>(token.size()));
    }
    header_.token_count = static_cast<std::uint32_t>(tokens.size());
    put(Section::decode_offsets, offsets);
    put(Section::decode_bytes, bytes);
  }

  void put_special(std::string_view text, std::uint32_t token) {
    specials_.push_back(
        {static_cast<std::uint32_t>(special_bytes_.size()), static_cast<std::uint32_t>(text.size()), token});
    special_bytes_ += text;
  }

  std::string finish(std::string_view name, std::uint32_t pattern, const unsigned char (&sha256)[32]) {
    put(Section::specials, specials_);
    put(Section::special_bytes, special_bytes_);
    std::memcpy(header_.magic, vocabulary_magic, sizeof header_.magic);
    header_.format = vocabulary_format;
    header_.byte_order = vocabulary_byte_order;
    header_.size = image_.size();
    std::memcpy(header_.name, name.data(), std::min(name.size(), sizeof header_.name - 1));
    std::memcpy(header_.source_sha256, sha256, sizeof sha256);
    header_.pattern = pattern;
    header_.unicode_version = 16;
    std::memcpy(image_.data(), &header_, sizeof header_);
    header_.checksum = image_checksum(image_);
    std::memcpy(image_.data(), &header_, sizeof header_);
    return std::move(image_);
  }

 private:
  static std::size_t padded(std::size_t size) {
    return (size + vocabulary_alignment - 1) / vocabulary_alignment * vocabulary_alignment;
  }

  template <class Items>
  void put(Section section, const Items& items) {
    const std::size_t size = items.size() * sizeof(items[0]);
    header_.sections[static_cast<std::size_t>(section)] = {image_.size(), size};
    image_.append(reinterpret_cast<const char*>(items.data()), size);
    image_.resize(padded(image_.size()));
  }

  /// The numbers of the tokens whose size is from `least` to `most`.
  static std::vector<std::uint32_t> sized(const std::vector<std::string>& tokens, const std::vector<bool>& whole,
                                          std::size_t least, std::size_t most) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t token = 0; token < tokens.size(); ++token)
      if (whole[token] && tokens[token].size() >= least && tokens[token].size() <= most) found.push_back(token);
    return found;
  }

  void put_short(const std::vector<std::string>& tokens, const std::vector<std::uint32_t>& numbers) {
    SlotWriter<std::uint64_t> slots{numbers.size()};
    std::vector<std::uint32_t> at(slots.slots().size());
    for (const std::uint32_t number : numbers) {
      const std::uint64_t key = short_key(tokens[number].data(), tokens[number].size());
      at[slots.put(slot_hash(key), key)] = number;
    }
    put(Section::short_texts, slots.slots());
    put(Section::short_tokens, at);
  }

  void put_middle(const std::vector<std::string>& tokens, const std::vector<std::uint32_t>& numbers) {
    SlotWriter<WidePair> slots{numbers.size()};
    std::vector<std::uint32_t> at(slots.slots().size());
    for (const std::uint32_t number : numbers) {
      const WidePair key = middle_key(tokens[number].data(), tokens[number].size());
      at[slots.put(slot_hash(key.low, key.high), key)] = number;
    }
    put(Section::middle_texts, slots.slots());
    put(Section::middle_tokens, at);
  }

  bool put_long(const std::vector<std::string>& tokens, const std::vector<std::uint32_t>& numbers) {
    std::unordered_set<std::uint64_t> keys;
    SlotWriter<std::uint64_t> slots{numbers.size()};
    std::vector<TextEntry> entries;
    std::string bytes;
    for (const std::uint32_t number : numbers) {
      const std::string& text = tokens[number];
      const std::uint64_t key = long_key(text.data(), text.size());
      if (!keys.insert(key).second) return false;
      slots.put(slot_hash(key), key << token_bits | entries.size());
      entries.push_back({static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(text.size()), number});
      bytes += text;
    }
    put(Section::long_texts, slots.slots());
    put(Section::long_entries, entries);
    put(Section::long_bytes, bytes);
    return true;
  }

  VocabularyHeader header_{};
  std::string image_;
  std::vector<TextEntry> specials_;
  std::string special_bytes_;
};

}  // namespace tallyscope::inline v0::detail
