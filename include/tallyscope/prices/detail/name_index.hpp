// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/model_name.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

template <class Word>
[[gnu::always_inline]] inline bool same_word(const char* a, const char* b) noexcept {
  Word left, right;
  std::memcpy(&left, a, sizeof left);
  std::memcpy(&right, b, sizeof right);
  return left == right;
}

/// Compares `size` bytes without a call of memcmp.
[[gnu::always_inline]] inline bool same_bytes(const char* a, const char* b, std::size_t size) noexcept {
  if (size >= 8) {
    for (std::size_t place = 0; place + 8 < size; place += 8)
      if (!same_word<std::uint64_t>(a + place, b + place)) return false;
    return same_word<std::uint64_t>(a + size - 8, b + size - 8);
  }
  if (size >= 4) return same_word<std::uint32_t>(a, b) && same_word<std::uint32_t>(a + size - 4, b + size - 4);
  for (std::size_t place = 0; place < size; ++place)
    if (a[place] != b[place]) return false;
  return true;
}

/// A number for each (owner, text). The texts are borrowed.
class NameIndex {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// The number, or none. `text_hash` is the name_hash of the text.
  std::uint32_t find(std::uint16_t owner, std::string_view text, std::uint64_t text_hash) const noexcept {
    if (slots_.empty()) return none;
    return slots_[place_of(owner, text, mixed(owner, text_hash))].value;
  }
  std::uint32_t find(std::uint16_t owner, std::string_view text) const noexcept {
    return find(owner, text, name_hash(text));
  }

  /// So that the next `place` allocates nothing.
  void make_room() {
    if (slots_.size() >= 2 * (count_ + 1)) return;
    GrowingArray<Slot> larger{slots_.empty() ? 16 : 2 * slots_.size()};
    larger.swap(slots_);
    for (const Slot& slot : larger)
      if (slot.value != none) slots_[place_of(slot.owner, {slot.text, slot.size}, slot.hash)] = slot;
  }

  /// Where the number stands, for the caller to set at once; it is none for what was not there. There must be room.
  std::uint32_t& place(std::uint16_t owner, std::string_view text) noexcept {
    const std::uint32_t hash = mixed(owner, name_hash(text));
    Slot& slot = slots_[place_of(owner, text, hash)];
    if (slot.value == none) {
      slot = {text.data(), hash, none, static_cast<std::uint16_t>(text.size()), owner};
      ++count_;
    }
    return slot.value;
  }

 private:
  struct Slot {
    const char* text = nullptr;
    std::uint32_t hash = 0;
    std::uint32_t value = none;
    std::uint16_t size = 0;
    std::uint16_t owner = 0;
  };

  static std::uint32_t mixed(std::uint16_t owner, std::uint64_t text_hash) noexcept {
    return static_cast<std::uint32_t>((text_hash ^ owner) * 0x9E3779B97F4A7C15u >> 32);
  }

  /// Where it is, or where it would be.
  std::size_t place_of(std::uint16_t owner, std::string_view text, std::uint32_t hash) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t place = hash & mask;; place = (place + 1) & mask) {
      const Slot& slot = slots_[place];
      if (slot.value == none) return place;
      if (slot.hash == hash && slot.owner == owner && slot.size == text.size() &&
          same_bytes(slot.text, text.data(), text.size()))
        return place;
    }
  }

  GrowingArray<Slot> slots_;
  std::size_t count_ = 0;
};

/// Small numbers for names, in the order in which they came.
class NumberedNames {
 public:
  static constexpr std::uint16_t unknown = 0xFFFF;

  /// Names get numbers from `first` on.
  explicit NumberedNames(std::uint16_t first) noexcept : next_{first} {}

  std::uint16_t find(std::string_view plain) const noexcept {
    return static_cast<std::uint16_t>(index_.find(0, plain));  // none becomes unknown
  }
  std::uint16_t find(const PlainName& name) const noexcept {
    return static_cast<std::uint16_t>(index_.find(0, name.text(), name.hash()));
  }
  bool full() const noexcept { return next_ == unknown - 1; }
  bool any() const noexcept { return any_; }

  /// The number of `kept`, a text that stays.
  std::uint16_t number_of(std::string_view kept) {
    index_.make_room();
    std::uint32_t& number = index_.place(0, kept);
    if (number == NameIndex::none) number = next_++;
    any_ = true;
    return static_cast<std::uint16_t>(number);
  }
  /// Another text for the same number.
  void add_other(std::string_view kept, std::uint16_t number) {
    index_.make_room();
    index_.place(0, kept) = number;
  }

 private:
  NameIndex index_;
  std::uint16_t next_;
  bool any_ = false;
};

}  // namespace tallyscope::inline v0::detail
