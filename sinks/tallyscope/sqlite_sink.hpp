// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/sqlite_options.hpp>
#include <tallyscope/detail/sqlite_queue.hpp>
#include <tallyscope/stored_record.hpp>

#include <atomic>
#include <string>
#include <system_error>
#include <utility>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0 {

/// Writes records to an SQLite database (docs/sqlite.md): rows, exact roll-ups per 15 minutes, and views for queries.
///
/// Any thread may call any member at any time. So may other processes write to the same file. A record waits in memory
/// until there are `batch` of them or the oldest is older than `batch_age_ms`, which the next write() notices; then all
/// that wait are one transaction on the thread that noticed. While another process holds the file for longer than
/// `busy_timeout_ms`, and while the disk is full, records wait for the next try, at most `pending_limit` of them. A
/// process that is killed loses those that wait, and a loss of power what `durability` says. A record whose id the file
/// has already changes nothing, so records can be imported again. In batches a record costs about what a prepared
/// INSERT into a plain table does.
///
/// Construction neither throws nor prints: `error()` and `message()` say why the file cannot be used, and every write
/// returns the error. A new file is readable only by its owner. Not taken, and never changed, are files that are no
/// database, databases of other applications and of later versions, directories, symbolic links, pipes and sockets.
///
/// A transaction that fails is tried again; until it succeeds `message()` says why, `flush()` returns the error and
/// `health()` shows what is pending. What still waits when the sink goes is lost: flush() first, and look.
///
/// A forked child gets a connection and a queue of its own; what waited in its parent is written by the parent. If the
/// parent was just writing, the child's writes return SqliteError::forked. In a process that forks, give each file one
/// sink and no other connection of SQLite's: the child would rely on the locks of those. For POSIX systems.
class SqliteSink {
 public:
  explicit SqliteSink(const std::string& path, SqliteOptions options = {}) noexcept {
    const std::error_code error = detail::guarded([&] {
      queue_ = new detail::SqliteQueue{path, options};
      return queue_.load()->open();
    });
    static_cast<void>(error);
  }
  SqliteSink(const SqliteSink&) = delete;
  SqliteSink& operator=(const SqliteSink&) = delete;
  /// Writes what waits, as flush() does. A forked child leaves alone what is its parent's.
  ~SqliteSink() {
    detail::SqliteQueue* const queue = queue_.load();
    if (queue == nullptr || queue->is_of_parent()) return;
    static_cast<void>(queue->flush());
    delete queue;
  }

  /// Why the file cannot be used; empty if it can, or if it only has to be waited for.
  std::error_code error() const noexcept {
    detail::SqliteQueue* const queue = own_queue();
    return queue == nullptr ? std::make_error_code(std::errc::not_enough_memory) : queue->error();
  }
  /// What is wrong at the moment, as one sentence that can be shown in a terminal; empty if nothing is. Allocates.
  std::string message() const {
    detail::SqliteQueue* const queue = own_queue();
    return queue == nullptr ? std::string{"there is no memory for the sink"} : queue->message();
  }

  /// Takes the record: an error says that it was not taken, Error::full that too many wait. What becomes of a record
  /// that was taken, flush() and health() tell.
  std::error_code write(const Record& record) noexcept {
    detail::SqliteQueue* const queue = own_queue();
    if (queue == nullptr) return std::make_error_code(std::errc::not_enough_memory);
    return queue->write(StoredRecord{record});
  }

  /// Writes what waits, and waits for the file at most `busy_timeout_ms`. The error says why records still wait.
  std::error_code flush() noexcept {
    detail::SqliteQueue* const queue = own_queue();
    return queue == nullptr ? std::make_error_code(std::errc::not_enough_memory) : queue->flush();
  }

  /// What became of the records that were taken. Those whose id the file had already count as delivered.
  Health health() const noexcept {
    detail::SqliteQueue* const queue = own_queue();
    return queue == nullptr ? Health{} : queue->health();
  }

 private:
  /// The queue of this process: a child that meets its parent's makes one of its own.
  detail::SqliteQueue* own_queue() const noexcept {
    detail::SqliteQueue* const queue = queue_.load(std::memory_order_acquire);
    return queue == nullptr || !queue->is_of_parent() ? queue : replace();
  }
  [[gnu::cold, gnu::noinline]] detail::SqliteQueue* replace() const noexcept {
    const std::lock_guard lock{replacing_};
    detail::SqliteQueue* queue = queue_.load();
    if (queue == nullptr || !queue->is_of_parent()) return queue;
    static_cast<void>(detail::guarded([&] {
      queue_ = queue = detail::SqliteQueue::in_the_place_of(*std::exchange(queue, nullptr));
      return std::error_code{};
    }));
    return queue;
  }

  mutable std::mutex replacing_;
  mutable std::atomic<detail::SqliteQueue*> queue_{nullptr};
};

static_assert(SinkWithHealth<SqliteSink>);

}  // namespace tallyscope::inline v0
