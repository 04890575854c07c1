// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// The numbers that stand for texts in the tables. Remembers those it has met, so that the file is asked once.
/// Numbers are never given to another text, whoever adds them, so only a transaction that failed makes it forget.
class SqliteNames {
 public:
  int prepare(sqlite3* connection) noexcept {
    forget();
    const int code = find_.prepare(connection, "SELECT id FROM names WHERE text = ?1");
    return code != SQLITE_OK ? code : add_.prepare(connection, "INSERT INTO names(text) VALUES (?1)");
  }

  void release() noexcept { find_ = SqliteStatement{}, add_ = SqliteStatement{}; }

  /// The number of a text, made if there is none. 0 after an error, which problem() tells. Within a transaction.
  std::int64_t id(std::string_view text) {
    const auto known = known_.find(text);
    return known != known_.end() ? known->second : learn(text);
  }
  int problem() const noexcept { return problem_; }

  void forget() noexcept {
    known_.clear();
    problem_ = SQLITE_OK;
  }
  /// Between batches: forgets all when there are more than `limit`.
  void keep_at_most(std::size_t limit) noexcept {
    if (known_.size() > limit) known_.clear();
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return hash(0, text); }
  };
  struct Same {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept { return a == b; }
  };

  [[gnu::noinline]] std::int64_t learn(std::string_view given) {
    std::string text(3 * given.size(), '\0');  // U+FFFD for each byte at worst
    Diagnostics ignored;
    text.resize(copy_repaired(text.data(), given, text.size(), ignored));
    std::int64_t id = find(text);
    if (id == 0 && problem_ == SQLITE_OK) id = add(text);
    if (id != 0) known_.emplace(given, id);
    return id;
  }
  std::int64_t find(std::string_view text) noexcept {
    find_.bind(1, text);
    const int code = find_.step();
    const std::int64_t id = code == SQLITE_ROW ? find_.integer(0) : 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE) problem_ = code;
    find_.reset();
    return id;
  }
  std::int64_t add(std::string_view text) noexcept {
    add_.bind(1, text);
    problem_ = add_.run();
    return problem_ == SQLITE_OK ? ::sqlite3_last_insert_rowid(::sqlite3_db_handle(add_.get())) : 0;
  }

  SqliteStatement find_, add_;
  std::unordered_map<std::string, std::int64_t, Hash, Same> known_;
  int problem_ = SQLITE_OK;
};

}  // namespace tallyscope::inline v0::detail
