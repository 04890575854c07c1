// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/kept_texts.hpp>
#include <tallyscope/prices/detail/name_index.hpp>
#include <tallyscope/prices/detail/pattern.hpp>
#include <tallyscope/prices/detail/price_row.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A name between marks that tell where it begins and ends, so that the few bytes at an end are a piece of their own.
class MarkedName {
 public:
  static constexpr std::size_t marks = 3;

  explicit MarkedName(std::string_view name, bool begins = true, bool ends = true) noexcept {
    if (begins) put("\1\1\1");
    put(name);
    if (ends) put("\2\2\2");
  }

  std::size_t pieces() const noexcept { return size_ < 4 ? 0 : size_ - 3; }
  const char* at(std::size_t place) const noexcept { return bytes_ + place; }
  [[gnu::always_inline]] std::uint32_t piece(std::size_t place) const noexcept {
    std::uint32_t piece;
    std::memcpy(&piece, bytes_ + place, sizeof piece);
    return piece;
  }

 private:
  void put(std::string_view text) noexcept {
    if (!text.empty()) std::memcpy(bytes_ + size_, text.data(), text.size());
    size_ += text.size();
  }

  char bytes_[plain_name_limit + 2 * marks];
  std::size_t size_ = 0;
};

/// The patterns of rules, each found by one piece of four bytes that every name it stands for has. Patterns of one
/// provider stand apart from those of others; all of them once more together.
class PatternIndex {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;
  static constexpr std::uint16_t all = 0xFFFF;  // in the place of a provider: of whichever

  struct Pattern {
    std::string_view text{};    // plain
    std::string_view except{};  // plain
    std::uint32_t rows = no_row;
    std::uint32_t newest = 0;  // the number of the last rule that was added to it
    std::uint16_t provider = no_provider;
    Origin least_origin = Origin::set;
    std::uint32_t next[2] = {none, none};  // with the same piece: of the provider, of all
    std::size_t before = 0, behind = 0;    // bytes before the first wildcard, behind the last
    bool only_one_star = false;

    void set_ends() noexcept {
      before = text.find_first_of("*#");
      if (before == std::string_view::npos) before = text.size();
      behind = before == text.size() ? 0 : text.size() - 1 - text.find_last_of("*#");
      only_one_star = before + 1 + behind == text.size() && text[before] == '*';
    }
    bool begins_and_ends(std::string_view name) const noexcept {
      return name.size() >= before + behind && same_bytes(name.data(), text.data(), before) &&
             same_bytes(name.data() + name.size() - behind, text.data() + text.size() - behind, behind);
    }

    /// `whole` is the name before its date was taken off, if it was.
    bool stands_for(std::string_view name, std::string_view whole) const noexcept {
      if (!begins_and_ends(name) || (!only_one_star && !matches(text, name))) return false;
      return except.empty() || (!matches(except, name) && !matches(except, whole));
    }
  };

  const Pattern& operator[](std::uint32_t number) const noexcept { return patterns_[number]; }
  Pattern& operator[](std::uint32_t number) noexcept { return patterns_[number]; }
  bool empty() const noexcept { return patterns_.empty(); }

  /// The pattern's number. Allocates before it changes anything.
  std::uint32_t number_of(KeptTexts& texts, std::uint16_t provider, std::string_view text, std::string_view except) {
    char both[1 + 2 * plain_name_limit];
    both[0] = static_cast<char>(text.size());
    std::memcpy(both + 1, text.data(), text.size());
    if (!except.empty()) std::memcpy(both + 1 + text.size(), except.data(), except.size());
    const std::string_view key{static_cast<const char*>(both), 1 + text.size() + except.size()};
    const std::uint32_t found = by_text_.find(provider, key);
    if (found != NameIndex::none) return found;
    return add(provider, texts.keep(key), text.size());
  }

  /// Visits the numbers of those of `provider` that stand for `name`.
  template <class Visit>
  void for_each(std::uint16_t provider, std::string_view name, std::string_view whole, Visit&& visit) const noexcept {
    if (!has_any(provider)) return;
    const MarkedName marked{name};
    if (has_loose_) look_up(0, provider, name, whole, visit);
    for (std::size_t place = 0; place < marked.pieces(); ++place)
      if (may_have(marked.piece(place), provider)) look_up(marked.piece(place), provider, name, whole, visit);
  }

  /// That of the patterns of `provider` for `name` which was added to last; or none.
  std::uint32_t newest(std::uint16_t provider, std::string_view name, std::string_view whole) const noexcept {
    std::uint32_t best = none;
    for_each(provider, name, whole, [&](std::uint32_t number) {
      if (best == none || patterns_[number].newest > patterns_[best].newest) best = number;
    });
    return best;
  }

 private:
  // Pieces with the same slot for which no pattern is sought cost a look; so there are many more bits than slots.
  static constexpr unsigned bits_per_slot = 32;

  struct Slot {
    std::uint32_t piece = 0;
    std::uint16_t provider = 0;
    std::uint16_t count = 0;
    std::uint32_t first = none;
  };

  static std::uint32_t hash_of(std::uint32_t piece, std::uint16_t provider) noexcept {
    return (piece ^ provider * 0x85EBCA6Bu) * 0x9E3779B1u;
  }
  bool has_any(std::uint16_t provider) const noexcept {
    if (provider == all) return !patterns_.empty();
    return provider < counts_.size() && counts_[provider] != 0;
  }
  [[gnu::always_inline]] bool may_have(std::uint32_t piece, std::uint16_t provider) const noexcept {
    const std::uint32_t bit = hash_of(piece, provider) >> bit_shift_;
    return (bits_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  std::size_t place_of(std::uint32_t piece, std::uint16_t provider) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t place = hash_of(piece, provider) >> 7 & mask;
    while (slots_[place].first != none && (slots_[place].piece != piece || slots_[place].provider != provider))
      place = (place + 1) & mask;
    return place;
  }

  template <class Visit>
  [[gnu::noinline]] void look_up(std::uint32_t piece, std::uint16_t provider, std::string_view name,
                                 std::string_view whole, Visit& visit) const noexcept {
    for (std::uint32_t number = slots_[place_of(piece, provider)].first; number != none;
         number = patterns_[number].next[provider == all])
      if (patterns_[number].stands_for(name, whole)) visit(number);
  }

  /// The piece that the fewest others are found by; 0 for a pattern without any.
  std::uint32_t piece_of(std::string_view text) const noexcept {
    const MarkedName marked{text, text.front() != '*', text.back() != '*'};
    std::uint32_t best = 0;
    unsigned best_count = ~0u;
    for (std::size_t place = 0; place < marked.pieces(); ++place) {
      unsigned foreign = 0;
      bool literal = true;
      for (std::size_t byte = 0; byte < 4; ++byte) {
        literal = literal && !is_wildcard(marked.at(place)[byte]);
        foreign += marked.at(place)[byte] <= '\2' ? 1 : 0;
      }
      const unsigned count = 4 * slots_[place_of(marked.piece(place), all)].count + foreign;
      if (!literal || count > best_count) continue;
      best = marked.piece(place);
      best_count = count;
    }
    return best;
  }

  std::uint32_t add(std::uint16_t provider, std::string_view key, std::size_t text_size) {
    make_room(provider);
    const auto number = static_cast<std::uint32_t>(patterns_.size());
    by_text_.place(provider, key) = number;
    patterns_.add({key.substr(1, text_size), key.substr(1 + text_size)});
    patterns_.back().provider = provider;
    patterns_.back().set_ends();
    const std::uint32_t piece = piece_of(patterns_.back().text);
    has_loose_ = has_loose_ || piece == 0;
    put(piece, provider, number, 0);
    put(piece, all, number, 1);
    ++counts_[provider];
    return number;
  }

  void put(std::uint32_t piece, std::uint16_t provider, std::uint32_t number, std::size_t list) noexcept {
    Slot& slot = slots_[place_of(piece, provider)];
    if (slot.first == none) slot_count_ += 1;
    patterns_[number].next[list] = slot.first;
    slot = {piece, provider, static_cast<std::uint16_t>(slot.count + (slot.count < 0xFFFF ? 1 : 0)), number};
    mark(slot);
  }

  void mark(const Slot& slot) noexcept {
    const std::uint32_t bit = hash_of(slot.piece, slot.provider) >> bit_shift_;
    bits_[bit / 64] |= std::uint64_t{1} << bit % 64;
  }

  void make_room(std::uint16_t provider) {
    by_text_.make_room();
    patterns_.make_room();
    while (counts_.size() <= provider) counts_.add(0);
    if (slots_.size() >= 2 * (slot_count_ + 2)) return;
    const std::size_t size = slots_.empty() ? 16 : 2 * slots_.size();
    GrowingArray<std::uint64_t> bits{size * bits_per_slot / 64};
    GrowingArray<Slot> larger{size};
    bits.swap(bits_);
    larger.swap(slots_);
    bit_shift_ = static_cast<unsigned>(std::countl_zero(static_cast<std::uint32_t>(size * bits_per_slot - 1)));
    for (const Slot& slot : larger)
      if (slot.first != none) {
        slots_[place_of(slot.piece, slot.provider)] = slot;
        mark(slot);
      }
  }

  NameIndex by_text_;
  GrowingArray<Pattern> patterns_;
  GrowingArray<std::uint32_t> counts_;  // of patterns, by provider
  GrowingArray<Slot> slots_;
  GrowingArray<std::uint64_t> bits_;
  std::size_t slot_count_ = 0;
  unsigned bit_shift_ = 0;
  bool has_loose_ = false;  // some are found by no piece
};

}  // namespace tallyscope::inline v0::detail
