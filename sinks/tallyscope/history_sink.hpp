// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/stored_record.hpp>

#include <cstddef>
#include <cstring>
#include <mutex>
#include <system_error>
#include <vector>

namespace tallyscope::inline v0 {

/// Keeps the last N records, for a look at what happened just now. Best beside another sink, in a Tee.
///
/// Any thread may call any member at any time. A write holds a mutex for the copy of one record. All memory, about 3 KB
/// a record, is allocated at construction, which throws std::bad_alloc if there is none; write() allocates nothing.
template <std::size_t N = 256>
class HistorySink {
  static_assert(N > 0, "a HistorySink keeps at least one record: give it a size above 0");

 public:
  HistorySink() : places_(N) {}

  std::error_code write(const Record& record) {
    const StoredRecord stored{record};
    const std::lock_guard lock{mutex_};
    copy(places_[written_++ % N], stored);
    return {};
  }
  std::error_code flush() noexcept { return {}; }

  /// What is kept, the oldest first. A copy that nothing changes any more.
  std::vector<StoredRecord> records() const {
    std::vector<StoredRecord> kept(N);
    const std::lock_guard lock{mutex_};
    const std::size_t count = written_ < N ? written_ : N;
    for (std::size_t place = 0; place < count; ++place) copy(kept[place], places_[(written_ - count + place) % N]);
    kept.resize(count);
    return kept;
  }

  /// Forgets everything. Earlier results of records() stay as they are.
  void reset() {
    const std::lock_guard lock{mutex_};
    written_ = 0;
  }

 private:
  // Most of a StoredRecord is room for texts that it does not have.
  static void copy(StoredRecord& to, const StoredRecord& from) noexcept {
    std::memcpy(static_cast<void*>(&to), &from, from.size_in_use());
  }

  mutable std::mutex mutex_;
  std::vector<StoredRecord> places_;
  std::size_t written_ = 0;
};

static_assert(Sink<HistorySink<>>);

}  // namespace tallyscope::inline v0
