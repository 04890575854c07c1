// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstring>
#include <new>
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
  explicit GrowingArray(std::size_t size) : items_{room_for(size)}, size_{size}, capacity_{size} {
    for (T& item : *this) new (&item) T{};
  }
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;
  ~GrowingArray() { ::operator delete(static_cast<void*>(items_)); }

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
    GrowingArray larger;
    larger.items_ = room_for(size_ == 0 ? 8 : 2 * size_);
    larger.capacity_ = size_ == 0 ? 8 : 2 * size_;
    if (size_ != 0) std::memcpy(static_cast<void*>(larger.items_), items_, size_ * sizeof(T));
    larger.size_ = size_;
    swap(larger);
  }
  void add(const T& item) {
    make_room();
    new (&items_[size_++]) T(item);
  }
  void swap(GrowingArray& other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  // Not an array of T: what is not yet in use would be made ready in vain, and is much of it.
  static T* room_for(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T))); }

  T* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace tallyscope::inline v0::detail
