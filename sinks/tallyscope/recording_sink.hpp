// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/error.hpp>
#include <tallyscope/stored_record.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace tallyscope::inline v0 {

/// For tests: keeps every record, so that a host can check what its instrumentation says, and fails when it is told to,
/// so that a host can check what it does then.
///
/// Any thread may call any member at any time. A mutex guards them all. Allocates about 3 KB a record; beyond its
/// capacity write() answers Error::full.
class RecordingSink {
 public:
  static constexpr std::size_t default_capacity = 65'536;

  explicit RecordingSink(std::size_t capacity = default_capacity) : capacity_{capacity} {}

  std::error_code write(const Record& record) {
    const std::lock_guard lock{mutex_};
    throw_if_told();
    if (error_) return error_;
    if (records_.size() >= capacity_) return Error::full;
    records_.emplace_back(record);
    return {};
  }
  std::error_code flush() {
    const std::lock_guard lock{mutex_};
    return error_;
  }

  /// What was taken so far, in the order of the writes.
  std::vector<StoredRecord> records() const {
    const std::lock_guard lock{mutex_};
    return {records_.begin(), records_.end()};
  }
  std::size_t size() const {
    const std::lock_guard lock{mutex_};
    return records_.size();
  }
  void clear() {
    const std::lock_guard lock{mutex_};
    records_.clear();
  }

  /// From now on write() and flush() answer `error` and nothing is taken; `fail_with({})` ends that.
  void fail_with(std::error_code error) {
    const std::lock_guard lock{mutex_};
    error_ = error;
  }

#if defined(__cpp_exceptions)
  /// The next `count` writes throw a std::runtime_error and take nothing.
  void throw_next(std::size_t count = 1) {
    const std::lock_guard lock{mutex_};
    throws_left_ = count;
  }
#endif

 private:
  void throw_if_told() {
    if (throws_left_ == 0) return;
    --throws_left_;
#if defined(__cpp_exceptions)
    throw std::runtime_error{"RecordingSink was told to throw"};
#endif
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<StoredRecord> records_;
  std::error_code error_{};
  std::size_t throws_left_ = 0;
};

static_assert(Sink<RecordingSink>);

}  // namespace tallyscope::inline v0
