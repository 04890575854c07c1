// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/stored_record.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>

namespace tallyscope::inline v0::detail {

/// Records that wait to be written, one after the other in one piece of memory, each in the bytes it has in use.
class SqliteBatch {
 public:
  SqliteBatch() noexcept = default;
  SqliteBatch(const SqliteBatch&) = delete;
  SqliteBatch& operator=(const SqliteBatch&) = delete;

  std::size_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }

  /// Throws std::bad_alloc if there is no memory, unchanged then.
  void add(const StoredRecord& record) {
    const std::size_t size = padded(record.size_in_use());
    if (size > room_ - used_) grow(size);
    std::memcpy(bytes_.get() + used_, &record, record.size_in_use());
    used_ += size;
    ++count_;
  }
  void clear() noexcept { used_ = count_ = 0; }
  void swap(SqliteBatch& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(room_, other.room_);
    std::swap(used_, other.used_);
    std::swap(count_, other.count_);
  }

  /// Shows each record to `visit(const StoredRecord&)`, the oldest first, until it answers something else than 0;
  /// returns the last answer.
  template <class Visit>
  int for_each(const Visit& visit) const {
    int answer = 0;
    for (std::size_t place = 0; place < used_ && answer == 0;) {
      const auto* const record = reinterpret_cast<const StoredRecord*>(bytes_.get() + place);
      answer = visit(*record);
      place += padded(record->size_in_use());
    }
    return answer;
  }

 private:
  static constexpr std::size_t padded(std::size_t size) noexcept {
    return (size + alignof(StoredRecord) - 1) / alignof(StoredRecord) * alignof(StoredRecord);
  }
  void grow(std::size_t size) {
    const std::size_t room = std::max(2 * room_, used_ + std::max(size, std::size_t{64} * 1024));
    std::unique_ptr<std::byte[]> larger{new std::byte[room]};
    if (used_ > 0) std::memcpy(larger.get(), bytes_.get(), used_);
    bytes_ = std::move(larger);
    room_ = room;
  }

  std::unique_ptr<std::byte[]> bytes_{};
  std::size_t room_ = 0;
  std::size_t used_ = 0;
  std::size_t count_ = 0;
};

}  // namespace tallyscope::inline v0::detail
