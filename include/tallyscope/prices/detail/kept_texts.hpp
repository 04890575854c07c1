// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/model_name.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Plain data that stays where it is while more is added.
template <class T>
class KeptItems {
 public:
  KeptItems() noexcept = default;
  KeptItems(const KeptItems&) = delete;
  KeptItems& operator=(const KeptItems&) = delete;
  ~KeptItems() {
    for (const T* block : blocks_) delete[] block;
  }

  const T* keep(const T* items, std::size_t count) {
    if (count == 0) return nullptr;
    if (room_ < count) add_block(count < block_size ? block_size : count);
    T* const kept = next_;
    std::memcpy(static_cast<void*>(kept), items, count * sizeof(T));
    next_ += count;
    room_ -= count;
    return kept;
  }

 private:
  static constexpr std::size_t block_size = 2048;

  void add_block(std::size_t size) {
    blocks_.make_room();
    blocks_.add(next_ = new T[size]);
    room_ = size;
  }

  GrowingArray<T*> blocks_;
  T* next_ = nullptr;
  std::size_t room_ = 0;
};

class KeptTexts {
 public:
  std::string_view keep(std::string_view text) { return {characters_.keep(text.data(), text.size()), text.size()}; }
  std::string_view keep_plain(std::string_view text) { return keep(PlainName{text}.text()); }

 private:
  KeptItems<char> characters_;
};

}  // namespace tallyscope::inline v0::detail
