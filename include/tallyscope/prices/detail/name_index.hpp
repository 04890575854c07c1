// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/plain_name.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A number for each (owner, plain name).
class NameIndex {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// The number, or none.
  std::uint32_t find(std::uint16_t owner, const PlainName& name) const noexcept {
    return slots_.empty() ? none : slots_[place_of(owner, name, mixed(owner, name.hash()))].value;
  }

  /// So that the next `place` allocates nothing.
  void make_room() {
    blocks_.make_room(plain_name_limit / name_block);
    if (slots_.size() >= 2 * (count_ + 1)) return;
    GrowingArray<Slot> larger{slots_.empty() ? 16 : 2 * slots_.size()};
    larger.swap(slots_);
    for (const Slot& slot : larger)
      if (slot.value != none) slots_[free_place(slot.hash)] = slot;
  }

  /// Where the number stands, for the caller to set at once; it is none for what was not there. There must be room.
  std::uint32_t& place(std::uint16_t owner, const PlainName& name) noexcept {
    const std::uint32_t hash = mixed(owner, name.hash());
    Slot& slot = slots_[place_of(owner, name, hash)];
    if (slot.value == none) {
      slot = {hash, none, static_cast<std::uint32_t>(blocks_.size()), owner, name.size()};
      for (std::size_t block = 0; block < name.blocks(); ++block) blocks_.add(name.block(block));
      ++count_;
    }
    return slot.value;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t value = none;
    std::uint32_t first_block = 0;
    std::uint16_t owner = 0;
    std::uint16_t size = 0;
  };

  static std::uint32_t mixed(std::uint16_t owner, std::uint64_t text_hash) noexcept {
    return static_cast<std::uint32_t>((text_hash ^ owner) * 0x9E3779B97F4A7C15u >> 32);
  }

  /// Where it is, or where it would be.
  [[gnu::always_inline]] std::size_t place_of(std::uint16_t owner, const PlainName& name,
                                              std::uint32_t hash) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t place = hash & mask;; place = (place + 1) & mask) {
      const Slot& slot = slots_[place];
      if (slot.value == none) return place;
      if (slot.hash == hash && slot.owner == owner && slot.size == name.size() &&
          name.has_blocks(&blocks_[slot.first_block]))
        return place;
    }
  }
  std::size_t free_place(std::uint32_t hash) const noexcept {
    std::size_t place = hash & (slots_.size() - 1);
    while (slots_[place].value != none) place = (place + 1) & (slots_.size() - 1);
    return place;
  }

  GrowingArray<Slot> slots_;
  GrowingArray<NameBlock> blocks_;  // of all names
  std::size_t count_ = 0;
};

/// Small numbers for names, in the order in which they came.
class NumberedNames {
 public:
  static constexpr std::uint16_t unknown = 0xFFFF;

  /// Names get numbers from `first` on.
  explicit NumberedNames(std::uint16_t first) noexcept : next_{first} {}

  std::uint16_t find(const PlainName& name) const noexcept {
    return static_cast<std::uint16_t>(index_.find(0, name));  // none becomes unknown
  }
  bool full() const noexcept { return next_ == unknown - 1; }
  bool any() const noexcept { return any_; }

  /// The number of a name, a new one if it is new.
  std::uint16_t number_of(const PlainName& name) {
    const std::uint16_t known = find(name);
    if (known != unknown) return known;
    add(name, next_);
    any_ = true;
    return next_++;
  }
  /// Another name for a number.
  void add(const PlainName& name, std::uint16_t number) {
    index_.make_room();
    index_.place(0, name) = number;
  }

 private:
  NameIndex index_;
  std::uint16_t next_;
  bool any_ = false;
};

}  // namespace tallyscope::inline v0::detail
