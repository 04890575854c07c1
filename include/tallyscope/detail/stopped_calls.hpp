// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/call_cells.hpp>
#include <tallyscope/stored_record.hpp>

#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

namespace tallyscope::inline v0::detail {

/// The last calls that were stopped by hand, so that usage that comes later finds them. Each takes the memory its
/// record has in use, about 600 bytes; the oldest goes when there are 2,000. Not for several threads at once.
class StoppedCalls {
 public:
  static constexpr std::size_t capacity = 2000;

  StoppedCalls() noexcept = default;
  StoppedCalls(const StoppedCalls&) = delete;
  StoppedCalls& operator=(const StoppedCalls&) = delete;
  ~StoppedCalls() {
    for (std::size_t place = 0; calls_ != nullptr && place < capacity; ++place) ::operator delete(calls_[place].record);
    delete[] calls_;
  }

  /// Without memory the call is not remembered.
  void remember(const Record& record) noexcept {
    if (calls_ == nullptr) calls_ = new (std::nothrow) Stopped[capacity]{};
    if (calls_ == nullptr) return;
    const StoredRecord stored{record};
    void* const memory = ::operator new(stored.size_in_use(), std::nothrow);
    if (memory == nullptr) return;
    std::memcpy(memory, &stored, stored.size_in_use());
    Stopped& oldest = calls_[next_++ % capacity];
    ::operator delete(oldest.record);
    oldest = {static_cast<StoredRecord*>(memory), record.id, false};
  }

  /// Copies the record of this id to `copy` and says whether this is the first late report for it; nothing when the id
  /// is not remembered.
  std::optional<bool> report(RecordId id, StoredRecord& copy) noexcept {
    for (std::size_t place = 0; calls_ != nullptr && place < capacity; ++place) {
      Stopped& call = calls_[place];
      if (call.record == nullptr || call.id != id) continue;
      std::memcpy(static_cast<void*>(&copy), call.record, call.record->size_in_use());
      return !std::exchange(call.reported_late, true);
    }
    return std::nullopt;
  }

 private:
  struct Stopped {
    StoredRecord* record = nullptr;  // only its bytes in use
    RecordId id{};
    bool reported_late = false;
  };

  Stopped* calls_ = nullptr;
  std::size_t next_ = 0;
};

}  // namespace tallyscope::inline v0::detail
