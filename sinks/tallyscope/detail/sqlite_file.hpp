// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/shown_text.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_schema.hpp>

#include <cerrno>
#include <climits>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// Why a file cannot be used, for programs and in one sentence for people. No error: it can.
struct SqliteProblem {
  std::error_code error{};
  std::string message{};

  explicit operator bool() const noexcept { return static_cast<bool>(error); }
};

/// What to do about an error of the operating system; the errors of ours say so themselves.
inline std::string_view sqlite_advice(std::error_code error) noexcept {
  if (error == std::errc::no_such_file_or_directory) return "; check the path";
  if (error == std::errc::is_a_directory) return "; name a file in it";
  if (error == std::errc::permission_denied) return "; check who may use the file and its folder";
  if (error == std::errc::too_many_symbolic_link_levels) return "; name the file itself instead of a symbolic link";
  if (error == std::errc::not_supported) return "; name an ordinary file";
  return {};
}

inline SqliteProblem sqlite_problem(std::error_code error, std::string_view path) {
  std::string message = "cannot use \"" + shown(path) + "\": " + error.message();
  return {error, message.append(sqlite_advice(error))};
}

/// So that SQLite takes it for a file's name and not for one of its own words, wherever the program goes.
inline std::string absolute_path(const std::string& path) {
  if (path.empty() || path[0] == '/') return path;
  char folder[PATH_MAX];
  return ::getcwd(folder, sizeof folder) == nullptr ? "./" + path : std::string{folder} + "/" + path;
}

/// Is there a file that may be a database? Changes nothing.
inline std::error_code check_kind_of_file(const std::string& path, bool follow_links, bool& empty) noexcept {
  struct stat status;
  if ((follow_links ? ::stat(path.c_str(), &status) : ::lstat(path.c_str(), &status)) != 0)
    return {errno, std::system_category()};
  if (S_ISLNK(status.st_mode)) return std::make_error_code(std::errc::too_many_symbolic_link_levels);
  if (S_ISDIR(status.st_mode)) return std::make_error_code(std::errc::is_a_directory);
  if (!S_ISREG(status.st_mode)) return std::make_error_code(std::errc::not_supported);
  empty = status.st_size == 0;
  return {};
}

/// A new empty file that only its owner can read. That it is there already is no error.
inline std::error_code create_private_file(const std::string& path) noexcept {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return errno == EEXIST ? std::error_code{} : std::error_code{errno, std::system_category()};
  ::close(file);
  return {};
}

/// The first 100 bytes of a file, read as SQLite itself reads: a plain close(2) would take away the locks that other
/// connections of this process hold on the file.
inline int read_sqlite_header(const std::string& path, unsigned char (&header)[100]) {
  sqlite3_vfs* const vfs = ::sqlite3_vfs_find(nullptr);
  std::vector<std::max_align_t> room(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
  auto* const file = reinterpret_cast<sqlite3_file*>(room.data());
  int flags = 0;
  int code = vfs->xOpen(vfs, path.c_str(), file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, &flags);
  if (code == SQLITE_OK) code = file->pMethods->xRead(file, header, sizeof header, 0);
  if (file->pMethods != nullptr) file->pMethods->xClose(file);
  return code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code;
}

inline std::int64_t big_endian(const unsigned char* bytes) noexcept {
  return static_cast<std::int32_t>(std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
                                   std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]});
}

/// Refuses what the first bytes of a file already tell. A file that its log has more to say about passes.
inline std::error_code check_sqlite_header(const std::string& path) {
  unsigned char header[100]{};
  if (const int code = read_sqlite_header(path, header); code != SQLITE_OK)
    return (code & 0xFF) == SQLITE_CANTOPEN && errno != 0 ? std::error_code{errno, std::system_category()}
                                                          : sqlite_code(code);
  if (std::memcmp(header, "SQLite format 3", 16) != 0) return SqliteError::not_a_database;
  const std::int64_t format = big_endian(header + 60), application_id = big_endian(header + 68);
  if (application_id != 0 && application_id != sqlite_application_id) return SqliteError::foreign;
  if (application_id == sqlite_application_id && format > sqlite_format) return SqliteError::newer_format;
  return {};
}

/// `path` as a URI for SQLite.
inline std::string sqlite_uri(std::string_view path, std::string_view options) {
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte > 0x20 && byte < 0x7F && c != '?' && c != '#' && c != '%';
    uri += plain ? std::string(1, c) : std::string{'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
  }
  return uri.append(options);
}

/// What changes when somebody writes to a file, or opens it to write.
struct FileState {
  std::int64_t size = -1;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  bool has_log = false;

  friend bool operator==(const FileState&, const FileState&) noexcept = default;
};

inline FileState file_state(const std::string& path) noexcept {
  struct stat file, log;
  FileState state;
  if (::stat(path.c_str(), &file) == 0)
    state = {file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec, ::lstat((path + "-wal").c_str(), &log) == 0};
  return state;
}

/// A connection that reads a database, so that no file is made or changed.
class SqliteReading {
 public:
  int open(SqliteConnection& connection, const std::string& path, int milliseconds) {
    unsigned char header[100]{};
    if (const int code = read_sqlite_header(path, header); code != SQLITE_OK) return code;
    path_ = path;
    before_ = file_state(path);
    // A database that is used with a log and has none is open nowhere. SQLite would make a log even to read it, unless
    // it is told that nobody will change the file.
    unlocked_ = header[19] == 2 && !before_.has_log;
    const std::string uri = sqlite_uri(path, unlocked_ ? "?mode=ro&immutable=1" : "?mode=ro");
    const int code = connection.open(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    if (code != SQLITE_OK) return code;
    connection.tidy_on_close(false);
    connection.wait_for_locks(milliseconds);
    return SQLITE_OK;
  }

  /// Did somebody change the file meanwhile? An error may come from that.
  bool changed() const noexcept { return file_state(path_) != before_; }
  /// Was it also read without a lock? Then what was read may be wrong.
  bool disturbed() const noexcept { return unlocked_ && changed(); }

 private:
  std::string path_;
  FileState before_{};
  bool unlocked_ = false;
};

inline std::error_code refusal(const SqliteIdentity& identity) noexcept {
  if (identity.newer()) return SqliteError::newer_format;
  return identity.foreign() ? std::error_code{SqliteError::foreign} : std::error_code{};
}

}  // namespace tallyscope::inline v0::detail
