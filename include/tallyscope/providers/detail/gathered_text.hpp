// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0::detail {

/// A text that comes in pieces. It views them where they lie side by side, and copies only what does not, or what has
/// to outlast its bytes. Holds at most `limit` bytes; of a longer text, or one that there is no memory for, it says
/// `overflowed()` and holds nothing until it is cleared.
class GatheredText {
 public:
  explicit GatheredText(std::size_t limit) noexcept : limit_{limit} {}
  GatheredText(GatheredText&& other) noexcept { swap(other); }
  GatheredText& operator=(GatheredText&& other) noexcept {
    swap(other);
    return *this;
  }
  ~GatheredText() { release(); }

  /// The pieces so far. Valid until the next call of anything that is not const.
  std::string_view view() const noexcept { return {text_, size_}; }
  std::size_t size() const noexcept { return size_; }
  bool overflowed() const noexcept { return overflowed_; }

  /// Borrows `piece` until `keep()`.
  void add(std::string_view piece) noexcept {
    if (piece.empty() || overflowed_) return;
    if (piece.size() > limit_ - size_) return overflow();
    if (size_ == 0)
      text_ = piece.data();
    else if (owned() || text_ + size_ != piece.data())
      return append(piece);
    size_ += piece.size();
  }

  /// The pieces that were added need not stay where they are any longer.
  void keep() noexcept {
    if (size_ > 0 && !owned()) append({});
  }

  /// Forgets the text, but keeps room for the next one, if it is not much.
  void clear() noexcept {
    if (capacity_ > most_spare) release();
    text_ = nullptr;
    size_ = 0;
    overflowed_ = false;
  }

 private:
  static constexpr std::size_t least = 1024;
  static constexpr std::size_t most_spare = std::size_t{1} << 20;

  bool owned() const noexcept { return text_ == bytes_; }

  void append(std::string_view piece) noexcept {
    if (!make_room(size_ + piece.size())) return overflow();
    if (!owned()) std::memcpy(bytes_, text_, size_);
    if (!piece.empty()) std::memcpy(bytes_ + size_, piece.data(), piece.size());
    text_ = bytes_;
    size_ += piece.size();
  }

  bool make_room(std::size_t wanted) noexcept {
    if (wanted <= capacity_) return true;
    std::size_t capacity = capacity_ < least ? least : capacity_ < limit_ / 2 ? 2 * capacity_ : limit_;
    if (capacity < wanted) capacity = wanted;
    char* const larger = new (std::nothrow) char[capacity];
    if (larger == nullptr) return false;
    if (owned() && size_ > 0) std::memcpy(larger, text_, size_);
    if (owned()) text_ = larger;
    delete[] bytes_;
    bytes_ = larger;
    capacity_ = capacity;
    return true;
  }

  void overflow() noexcept {
    release();
    text_ = nullptr;
    size_ = 0;
    overflowed_ = true;
  }

  void release() noexcept {
    delete[] std::exchange(bytes_, nullptr);
    capacity_ = 0;
  }

  void swap(GatheredText& other) noexcept {
    std::swap(text_, other.text_);
    std::swap(size_, other.size_);
    std::swap(bytes_, other.bytes_);
    std::swap(capacity_, other.capacity_);
    std::swap(limit_, other.limit_);
    std::swap(overflowed_, other.overflowed_);
  }

  const char* text_ = nullptr;  // in bytes_, or borrowed
  std::size_t size_ = 0;
  char* bytes_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t limit_ = 0;
  bool overflowed_ = false;
};

}  // namespace tallyscope::inline v0::detail
