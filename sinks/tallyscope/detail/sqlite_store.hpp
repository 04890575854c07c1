// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_batch.hpp>
#include <tallyscope/detail/sqlite_open.hpp>
#include <tallyscope/detail/sqlite_writer.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// One file of ours: opened when it is first needed and again after that failed. For one thread at a time.
class SqliteStore {
 public:
  SqliteStore(std::string path, SqliteSettings settings, bool rollups)
      : path_{std::move(path)}, settings_{std::move(settings)}, writer_{rollups} {}

  const std::string& path() const noexcept { return path_; }
  /// Why the file will never be taken.
  const std::error_code& refused() const noexcept { return refused_; }

  /// Opens the file if it is not open, and waits for others to let it go for at most so many milliseconds.
  std::error_code open(int milliseconds) {
    if (ready_) return {};
    if (!refused_) refused_ = check_file();
    if (refused_) return refused_;
    const SqliteOpened opened = open_patiently(milliseconds);
    std::error_code error = opened.refused;
    refused_ = error;
    if (opened.code != SQLITE_OK) error = connection_.error(opened.code);
    if (!error) error = sqlite_code(writer_.prepare(connection_));
    ready_ = !error;
    if (error) writer_.release(), connection_.close();
    return error;
  }

  /// All of the batch, or nothing and the error.
  std::error_code write(const SqliteBatch& batch, int milliseconds) {
    if (const std::error_code error = open(milliseconds)) return error;
    connection_.wait_for_locks(milliseconds);
    const int code = writer_.write(batch);
    return code == SQLITE_OK ? std::error_code{} : connection_.error(code);
  }
  /// After write() has thrown.
  void abandon() noexcept {
    if (ready_) writer_.abandon();
  }

  /// In a forked child: lets go of the parent's connection without a word to the file. SQLite keeps one account per
  /// file of the locks that a process holds; with the parent's in it, a connection of the child's own would rely on
  /// locks that the child does not have.
  void disown() noexcept {
    if (connection_) connection_.tidy_on_close(false);
    writer_.release();
    connection_.close();
  }

 private:
  std::error_code check_file() {
    bool empty = false;
    std::error_code error = check_kind_of_file(path_, false, empty);
    if (error == std::errc::no_such_file_or_directory && !path_.empty()) {
      empty = true;
      error = create_private_file(path_);
    }
    return error || empty ? error : check_sqlite_header(path_);
  }

  SqliteOpened open_once(int milliseconds) {
    const SqliteOpened look = look_before_opening(path_, milliseconds);
    if (look.code != SQLITE_OK || look.refused) return look;
    return open_to_write(connection_, path_, settings_, milliseconds);
  }

  // Not every step of opening waits for locks by itself.
  SqliteOpened open_patiently(int milliseconds) {
    constexpr int pause = 5;
    for (;; milliseconds -= pause) {
      const SqliteOpened opened = open_once(std::max(0, milliseconds));
      if (!is_busy(opened.code) || milliseconds <= 0) return opened;
      connection_.close();
      ::sqlite3_sleep(pause);
    }
  }

  std::string path_;
  SqliteSettings settings_;
  std::error_code refused_{};
  bool ready_ = false;
  SqliteConnection connection_;  // closed after the writer's statements
  SqliteWriter writer_;
};

}  // namespace tallyscope::inline v0::detail
