// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/plain_name.hpp>

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Bytes that stay where they are while more are added. Pieces of one size, or of multiples of it, are
/// in place for plain data of that size.
class KeptBytes {
 public:
  KeptBytes() noexcept = default;
  KeptBytes(const KeptBytes&) = delete;
  KeptBytes& operator=(const KeptBytes&) = delete;
  ~KeptBytes() {
    for (void* block : blocks_) ::operator delete(block);
  }

  const void* keep(const void* bytes, std::size_t size) {
    if (room_ < size) add_block(size < block_size ? block_size : size);
    void* const kept = next_;
    std::memcpy(kept, bytes, size);
    next_ += size;
    room_ -= size;
    return kept;
  }

 private:
  static constexpr std::size_t block_size = 8192;

  void add_block(std::size_t size) {
    blocks_.make_room();
    void* const block = ::operator new(size);
    blocks_.add(block);
    next_ = static_cast<char*>(block);
    room_ = size;
  }

  GrowingArray<void*> blocks_;
  char* next_ = nullptr;
  std::size_t room_ = 0;
};

class KeptTexts {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    return {static_cast<const char*>(bytes_.keep(text.data(), text.size())), text.size()};
  }
  std::string_view keep_plain(std::string_view text) { return keep(PlainName{text}.text()); }

 private:
  KeptBytes bytes_;
};

}  // namespace tallyscope::inline v0::detail
