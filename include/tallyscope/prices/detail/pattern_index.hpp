// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/kept_texts.hpp>
#include <tallyscope/prices/detail/name_index.hpp>
#include <tallyscope/prices/detail/pattern.hpp>
#include <tallyscope/prices/detail/pattern_anchor.hpp>
#include <tallyscope/prices/detail/price_row.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The patterns of rules, each found by its anchor. Patterns of one provider stand apart from those of others; all of
/// them once more together.
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
    std::uint32_t next_same = none;        // with the same text
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

  /// The pattern's number. Allocates before it changes anything that is found.
  std::uint32_t number_of(KeptTexts& texts, std::uint16_t provider, const PlainName& text, const PlainName& except) {
    const std::uint32_t first = by_text_.find(provider, text);
    for (std::uint32_t number = first; number != none; number = patterns_[number].next_same)
      if (patterns_[number].except == except.text()) return number;
    make_room(provider);
    const Pattern added{.text = texts.keep(text.text()), .except = texts.keep(except.text()), .provider = provider};
    std::uint32_t& same = by_text_.place(provider, text);
    const std::uint32_t number = add(added);
    patterns_[number].next_same = same;
    return same = number;
  }

  /// Visits the numbers of those of `provider` that stand for `name`, some of them twice.
  template <class Visit>
  void for_each(std::uint16_t provider, const PlainName& name, const PlainName& whole, Visit&& visit) const noexcept {
    const AnchorPlaces* const places = places_of(provider);
    if (places == nullptr) return;
    places->for_each_piece(
        name.text(), [&](std::uint32_t piece) __attribute__((always_inline)) {
          if (may_have(piece, provider)) look_up(piece, provider, name.text(), whole.text(), visit);
        });
  }

  /// That of the patterns of `provider` for `name` which was added to last; or none.
  std::uint32_t newest(std::uint16_t provider, const PlainName& name, const PlainName& whole) const noexcept {
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
  const AnchorPlaces* places_of(std::uint16_t provider) const noexcept {
    const AnchorPlaces* const places = provider == all             ? &all_places_
                                       : provider < places_.size() ? &places_[provider]
                                                                   : nullptr;
    return places == nullptr || places->empty() ? nullptr : places;
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

  /// An anchor costs what else is found by its piece, and a place to look at that no other has.
  PatternAnchor anchor_of(const Pattern& pattern) const noexcept {
    return cheapest_anchor(pattern.text, pattern.before, pattern.behind, [&](const PatternAnchor& anchor) {
      const std::size_t others = slots_[place_of(anchor.piece, all)].count;
      return 4 * others + (places_[pattern.provider].has(anchor) ? 0 : 2u) + (all_places_.has(anchor) ? 0 : 1u);
    });
  }

  std::uint32_t add(const Pattern& pattern) noexcept {
    const auto number = static_cast<std::uint32_t>(patterns_.size());
    patterns_.add(pattern);
    patterns_.back().set_ends();
    const PatternAnchor anchor = anchor_of(patterns_.back());
    put(anchor.piece, pattern.provider, number, 0);
    put(anchor.piece, all, number, 1);
    places_[pattern.provider].add(anchor);
    all_places_.add(anchor);
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
    while (places_.size() <= provider) places_.add({});
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
  GrowingArray<AnchorPlaces> places_;  // by provider
  AnchorPlaces all_places_;
  GrowingArray<Slot> slots_;
  GrowingArray<std::uint64_t> bits_;
  std::size_t slot_count_ = 0;
  unsigned bit_shift_ = 0;
};

}  // namespace tallyscope::inline v0::detail
