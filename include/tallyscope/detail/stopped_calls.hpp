// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/stored_record.hpp>

#include <cstddef>
#include <cstring>
#include <new>

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
    if (calls_ != nullptr && put(calls_[next_ % capacity], record)) ++next_;
  }

  bool has(RecordId id) const noexcept { return place_of(id) != nullptr; }
  /// Copies the record of this id to `copy`; false when it is not remembered.
  bool find(RecordId id, StoredRecord& copy) const noexcept {
    const Stopped* const call = place_of(id);
    if (call != nullptr) std::memcpy(static_cast<void*>(&copy), call->record, call->record->size_in_use());
    return call != nullptr;
  }

  /// Puts what is known of a remembered call now in the place of what was known before.
  void replace(const Record& record) noexcept {
    if (Stopped* const call = place_of(record.id)) put(*call, record);
  }

 private:
  struct Stopped {
    StoredRecord* record = nullptr;  // only its bytes in use
    RecordId id{};
  };

  static bool put(Stopped& place, const Record& record) noexcept {
    const StoredRecord stored{record};
    void* const memory = ::operator new(stored.size_in_use(), std::nothrow);
    if (memory == nullptr) return false;
    std::memcpy(memory, &stored, stored.size_in_use());
    ::operator delete(place.record);
    place = {static_cast<StoredRecord*>(memory), record.id};
    return true;
  }

  Stopped* place_of(RecordId id) const noexcept {
    for (std::size_t place = 0; calls_ != nullptr && place < capacity; ++place)
      if (calls_[place].record != nullptr && calls_[place].id == id) return &calls_[place];
    return nullptr;
  }

  Stopped* calls_ = nullptr;
  std::size_t next_ = 0;
};

}  // namespace tallyscope::inline v0::detail
