// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/model_name.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Texts that stay where they are while more are added.
class KeptTexts {
 public:
  KeptTexts() noexcept = default;
  KeptTexts(const KeptTexts&) = delete;
  KeptTexts& operator=(const KeptTexts&) = delete;
  ~KeptTexts() {
    for (const char* block : blocks_) delete[] block;
  }

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    if (room_ < text.size()) add_block(text.size() < block_size ? block_size : text.size());
    const char* const kept = next_;  // std::string_view of a char* that is not const takes the compiler long
    std::memcpy(next_, text.data(), text.size());
    next_ += text.size();
    room_ -= text.size();
    return {kept, text.size()};
  }

  std::string_view keep_plain(std::string_view text) { return keep(PlainName{text}.text()); }

 private:
  static constexpr std::size_t block_size = 2048;

  void add_block(std::size_t size) {
    blocks_.make_room();
    blocks_.add(next_ = new char[size]);
    room_ = size;
  }

  GrowingArray<char*> blocks_;
  char* next_ = nullptr;
  std::size_t room_ = 0;
};

}  // namespace tallyscope::inline v0::detail
