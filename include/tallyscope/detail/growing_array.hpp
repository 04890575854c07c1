// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace tallyscope::inline v0::detail {

/// What prices need of std::vector, for plain data. Instantiating std::vector for five types would cost every host that
/// includes the core a tenth of a second of compiling. Allocates by doubling; throws what new throws, unchanged then.
template <class T>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  GrowingArray() noexcept = default;
  explicit GrowingArray(std::size_t size) : items_{new T[size]()}, size_{size}, capacity_{size} {}
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;
  ~GrowingArray() { delete[] items_; }

  const T* data() const noexcept { return items_; }
  T* begin() noexcept { return items_; }
  T* end() noexcept { return items_ + size_; }
  const T* begin() const noexcept { return items_; }
  const T* end() const noexcept { return items_ + size_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  T& operator[](std::size_t place) noexcept { return items_[place]; }
  const T& operator[](std::size_t place) const noexcept { return items_[place]; }
  T& back() noexcept { return items_[size_ - 1]; }

  /// Sees to it that one more can be added without an allocation.
  void make_room() {
    if (size_ < capacity_) return;
    GrowingArray larger{size_ == 0 ? 8 : 2 * size_};
    for (std::size_t place = 0; place < size_; ++place) larger.items_[place] = items_[place];
    larger.size_ = size_;
    swap(larger);
  }
  void add(const T& item) {
    make_room();
    items_[size_++] = item;
  }
  void swap(GrowingArray& other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  T* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace tallyscope::inline v0::detail
