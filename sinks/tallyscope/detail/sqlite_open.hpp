// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_file.hpp>
#include <tallyscope/detail/sqlite_migration.hpp>

#include <string>

// Opens a file for a sink: makes it, finds it in order, brings it to the present format, or refuses it unchanged.
// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// What one attempt came to: `code` is SQLite's, `refused` is for good.
struct SqliteOpened {
  int code = SQLITE_OK;
  std::error_code refused{};
};

/// Makes an empty database one of ours, or brings an old one up to date. Whoever is first has the lock; the others then
/// find that there is nothing left to do.
inline SqliteOpened make_ours(SqliteConnection& connection) {
  if (const int code = connection.run("BEGIN IMMEDIATE"); code != SQLITE_OK) return {code, {}};
  SqliteIdentity identity;
  int code = sqlite_identity(connection, identity);
  bool lacks_fields = false;
  if (code == SQLITE_OK && identity.ours()) code = sqlite_lacks_fields(connection, lacks_fields);
  if (code == SQLITE_OK && identity.blank())
    code = connection.run(sqlite_tables() + sqlite_views() + sqlite_mark());
  else if (code == SQLITE_OK && identity.version_0)
    code = migrate_version_0(connection);
  else if (code == SQLITE_OK && lacks_fields)
    code = add_usage_fields(connection);
  if (code == SQLITE_OK) code = connection.run("COMMIT");
  if (code != SQLITE_OK) connection.roll_back();
  return {code, refusal(identity)};
}

/// A database without a mark of its own is looked at through a reader first, which leaves no trace if it is refused.
inline SqliteOpened look_before_opening(const std::string& path, int milliseconds) {
  SqliteConnection connection;
  SqliteReading reading;
  SqliteIdentity identity;
  int code = reading.open(connection, path, milliseconds);
  if (code == SQLITE_OK) code = sqlite_identity(connection, identity);
  const std::error_code refused = code == SQLITE_OK ? refusal(identity) : std::error_code{};
  if (code != SQLITE_OK ? reading.changed() : refused && reading.disturbed()) return {SQLITE_BUSY, {}};
  return {code, refused};
}

/// Statements for a connection.
struct SqliteSettings {
  std::string new_file;  // before anything is in the file
  std::string always;
};

/// One attempt with a file that is there.
inline SqliteOpened open_to_write(SqliteConnection& connection, const std::string& path, const SqliteSettings& settings,
                                  int milliseconds) {
  int code = connection.open(path, SQLITE_OPEN_READWRITE);
  if (code != SQLITE_OK) return {code, {}};
  connection.tidy_on_close(false);
  connection.wait_for_locks(milliseconds);
  SqliteIdentity identity;
  code = sqlite_identity(connection, identity);
  if (code != SQLITE_OK) return {code, {}};
  if (const std::error_code refused = refusal(identity)) return {SQLITE_OK, refused};
  if (identity.blank()) code = connection.run(settings.new_file);
  if (code == SQLITE_OK) code = connection.run("PRAGMA journal_mode = WAL");
  bool lacks_fields = false;
  if (code == SQLITE_OK && identity.ours()) code = sqlite_lacks_fields(connection, lacks_fields);
  if (code == SQLITE_OK && (!identity.ours() || lacks_fields)) {
    const SqliteOpened made = make_ours(connection);
    if (made.code != SQLITE_OK || made.refused) return made;
  }
  if (code == SQLITE_OK) code = connection.run(settings.always);
  if (code == SQLITE_OK) connection.tidy_on_close(true);
  return {code, {}};
}

}  // namespace tallyscope::inline v0::detail
