// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstring>
#include <new>

namespace tallyscope::inline v0::detail {

/// The part of a growing array that does not depend on what it holds.
class GrowingMemory {
 public:
  GrowingMemory() noexcept = default;
  GrowingMemory(const GrowingMemory&) = delete;
  GrowingMemory& operator=(const GrowingMemory&) = delete;
  ~GrowingMemory() { ::operator delete(items_); }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  void swap(GrowingMemory& other) noexcept {
    void* const items = items_;
    const std::size_t size = size_, capacity = capacity_;
    items_ = other.items_, size_ = other.size_, capacity_ = other.capacity_;
    other.items_ = items, other.size_ = size, other.capacity_ = capacity;
  }

 protected:
  void reserve(std::size_t capacity, std::size_t item_size) {
    GrowingMemory larger;
    larger.items_ = ::operator new(capacity* item_size);
    larger.capacity_ = capacity;
    larger.size_ = size_;
    if (size_ != 0) std::memcpy(larger.items_, items_, size_ * item_size);
    swap(larger);
  }
  void make_room(std::size_t count, std::size_t item_size) {
    if (capacity_ - size_ < count) reserve(2 * size_ + 8 * count, item_size);
  }

  void* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// What prices need of std::vector, for plain data. Instantiating std::vector for many types would cost every host that
/// includes the core a tenth of a second of compiling. Allocates by doubling; throws what new throws, unchanged then.
/// What is not yet in use is not made ready, unlike in an array of T.
template <class T>
class GrowingArray : public GrowingMemory {
  static_assert(__is_trivially_copyable(T) && alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

 public:
  GrowingArray() noexcept = default;
  explicit GrowingArray(std::size_t size) {
    reserve(size, sizeof(T));
    while (size_ < size) new (&begin()[size_++]) T{};
  }

  const T* data() const noexcept { return begin(); }
  T* begin() noexcept { return static_cast<T*>(items_); }
  T* end() noexcept { return begin() + size_; }
  const T* begin() const noexcept { return static_cast<const T*>(items_); }
  const T* end() const noexcept { return begin() + size_; }
  T& operator[](std::size_t place) noexcept { return begin()[place]; }
  const T& operator[](std::size_t place) const noexcept { return begin()[place]; }
  T& back() noexcept { return begin()[size_ - 1]; }

  /// Sees to it that one more, or `count`, can be added without an allocation.
  void make_room(std::size_t count = 1) { GrowingMemory::make_room(count, sizeof(T)); }
  void add(const T& item) {
    make_room();
    new (&begin()[size_++]) T(item);
  }
};

}  // namespace tallyscope::inline v0::detail
