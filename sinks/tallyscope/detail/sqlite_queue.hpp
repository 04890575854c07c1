// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/clock.hpp>
#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/sqlite_fork_count.hpp>
#include <tallyscope/detail/sqlite_options.hpp>
#include <tallyscope/detail/sqlite_store.hpp>
#include <tallyscope/health.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// The records that wait for their file, and the file: one lock each, so that records come in while others are written.
/// The lock of the file is taken first.
class SqliteQueue {
 public:
  /// Roll-ups, which most views are made of, are left out only to measure what they cost.
  SqliteQueue(const std::string& path, const SqliteOptions& options, bool rollups = true)
      : options_{options}, rollups_{rollups}, store_{absolute_path(path), settings(options), rollups} {}

  /// In a forked child, in the place of its parent's queue, whose connection is let go. The rest of it is left as it
  /// is: a thread that the child does not have may hold its locks.
  static SqliteQueue* in_the_place_of(SqliteQueue& parents) {
    auto* const queue = new SqliteQueue{parents.store_.path(), parents.options_, parents.rollups_};
    if (parents.error())
      queue->refuse(parents.error_);
    else if (parents.writing_now_.load())
      queue->refuse(SqliteError::forked);
    else
      parents.store_.disown();
    return queue;
  }

  bool is_of_parent() const noexcept { return forks_ != fork_count(); }

  std::error_code open() noexcept {
    const std::lock_guard file{file_};
    return with_store([this] { return settle(store_.open(options_.busy_timeout_ms)); });
  }

  std::error_code error() const noexcept {
    return refused_.load(std::memory_order_acquire) ? error_ : std::error_code{};
  }
  std::string message() const {
    const std::lock_guard queue{queue_};
    return message_;
  }

  std::error_code write(const StoredRecord& record) noexcept {
    if (const std::error_code refused = error()) return refused;
    bool due = false;
    const std::error_code error = guarded([&] { return add(record, due); });
    if (error) return error == Error::sink_threw ? std::make_error_code(std::errc::not_enough_memory) : error;
    if (due) static_cast<void>(write_what_waits(false));
    return {};
  }
  std::error_code flush() noexcept {
    const std::error_code refused = error();
    return refused ? refused : write_what_waits(true);
  }

  Health health() const noexcept {
    const std::lock_guard queue{queue_};
    return health_;
  }

 private:
  static constexpr std::int64_t millisecond = 1'000'000;
  static constexpr std::int64_t retry_after = 100 * millisecond;
  static constexpr int retry_wait_ms = 20;

  // Large pages and a long log are worth a third of the time to a batch. A transaction of few records would only write
  // more bytes, and is quicker into a log that is soon begun anew than into one that still grows.
  static SqliteSettings settings(const SqliteOptions& options) {
    constexpr std::size_t few = 100;
    const bool small = options.batch < few;
    const char* const synchronous = options.durability == Durability::off    ? "OFF"
                                    : options.durability == Durability::full ? "FULL"
                                                                             : "NORMAL";
    return {small ? "PRAGMA page_size = 1024" : "PRAGMA page_size = 16384",
            std::string{"PRAGMA wal_autocheckpoint = "} + (small ? "4000" : "16384") +
                "; PRAGMA synchronous = " + synchronous};
  }

  static std::int64_t now() noexcept { return SystemClock{}.steady(); }

  std::error_code add(const StoredRecord& record, bool& due) {
    const std::int64_t time = options_.batch > 1 ? now() : 0;
    const std::lock_guard queue{queue_};
    if (health_.pending >= options_.pending_limit) return Error::full;
    waiting_.add(record);
    ++health_.recorded, ++health_.pending;
    if (waiting_.size() == 1) oldest_ = time;
    due = waiting_.size() >= options_.batch || time - oldest_ >= options_.batch_age_ms * millisecond;
    if (due && retry_at_ != 0) due = now() >= retry_at_;
    return {};
  }

  /// One transaction for all that waits. A write that finds the file busy again does not wait as long as the first did.
  std::error_code write_what_waits(bool flushing) noexcept {
    const std::lock_guard file{file_};
    return with_store([&] {
      for (;;) {
        if (batch_.empty()) take_batch();
        if (batch_.empty()) return std::error_code{};
        const bool again = retry_at_ != 0 && !flushing;
        const std::error_code error =
            store_.write(batch_, again ? std::min(retry_wait_ms, options_.busy_timeout_ms) : options_.busy_timeout_ms);
        settle(error);
        if (error) return error;
      }
    });
  }

  void take_batch() noexcept {
    const std::lock_guard queue{queue_};
    batch_.swap(waiting_);
  }

  /// Runs what touches SQLite, so that a child forked meanwhile knows.
  template <class Action>
  std::error_code with_store(const Action& action) noexcept {
    writing_now_.store(true);
    std::error_code error = guarded(action);
    if (error == Error::sink_threw) {
      store_.abandon();
      error = std::make_error_code(std::errc::not_enough_memory);
    }
    writing_now_.store(false);
    return error;
  }

  /// Notes what became of the batch, or of opening the file.
  std::error_code settle(std::error_code error) {
    if (error && (store_.refused() || (!opened_ && !may_pass(error)))) refuse(error);
    opened_ = opened_ || !error;
    const std::lock_guard queue{queue_};
    if (error) {
      message_ = sqlite_problem(error, store_.path()).message;
      retry_at_ = now() + retry_after;
      return error;
    }
    retry_at_ = 0;
    message_.clear();
    health_.delivered += batch_.size();
    health_.pending -= batch_.size();
    batch_.clear();
    return error;
  }

  /// Is it worth another try: others that hold the file let it go, and a disk gets room?
  static bool may_pass(std::error_code error) noexcept {
    if (error == std::errc::not_enough_memory) return true;
    if (error.category() != sqlite_code(0).category()) return false;
    const int code = error.value() & 0xFF;
    return is_busy(error.value()) || code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_NOMEM;
  }

  /// The file will never be taken: what waits for it is lost.
  void refuse(std::error_code error) {
    const std::lock_guard queue{queue_};
    error_ = error;
    message_ = sqlite_problem(error, store_.path()).message;
    refused_.store(true, std::memory_order_release);
    health_.dropped[static_cast<std::size_t>(DropReason::sink_error)] += health_.pending;
    health_.pending = 0;
    waiting_.clear();
    batch_.clear();
  }

  const SqliteOptions options_;
  const bool rollups_;
  const std::uint32_t forks_ = fork_count();

  mutable std::mutex queue_;  // guards what follows
  SqliteBatch waiting_;
  std::int64_t oldest_ = 0;
  std::int64_t retry_at_ = 0;  // 0: the last try went well
  Health health_{};
  std::string message_{};
  std::error_code error_{};
  std::atomic<bool> refused_{false};

  std::mutex file_;  // guards what follows
  std::atomic<bool> writing_now_{false};
  bool opened_ = false;
  SqliteBatch batch_;  // what is being written, until it has been
  SqliteStore store_;
};

}  // namespace tallyscope::inline v0::detail
