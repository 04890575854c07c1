// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/json_line.hpp>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tallyscope::inline v0 {

struct JsonlOptions {
  bool sync_on_flush = false;  ///< flush() waits until the data is on the disk
};

/// Appends each record to a file as one line of JSON (docs/format.md), readable only by its owner when it is new.
///
/// Any thread may call any member at any time. So may other processes and forked children use the same file: a line is
/// one write(2), and there is no lock and no allocation. Once write() has returned, the record outlives the process,
/// also a killed one, though not a loss of power. It costs about a microsecond, nearly all of it the system's.
///
/// Construction neither throws nor prints: `error()` says why the file cannot be used, and every write returns it. Not
/// taken are directories, symbolic links, pipes and sockets. For POSIX systems.
class JsonlSink {
 public:
  explicit JsonlSink(const char* path, JsonlOptions options = {}) noexcept : options_{options} { open(path); }
  explicit JsonlSink(const std::string& path, JsonlOptions options = {}) noexcept : JsonlSink{path.c_str(), options} {}
  JsonlSink(const JsonlSink&) = delete;
  JsonlSink& operator=(const JsonlSink&) = delete;
  ~JsonlSink() {
    if (file_ >= 0) ::close(file_);
  }

  /// Why the file could not be opened; empty if it could.
  std::error_code error() const noexcept { return error_; }

  /// The error is that of open(2) or write(2). A line of which a part was written before the error stays torn: the next
  /// record begins a line of its own, and readers skip the part.
  std::error_code write(const Record& record) noexcept {
    if (error_) return error_;
    char bytes[1 + detail::json_line_room];
    bytes[0] = '\n';
    const std::size_t size = detail::write_json_line(bytes + 1, record);
    const bool ends_torn_line = torn_.load(std::memory_order_relaxed) && torn_.exchange(false);
    return ends_torn_line ? write_all(bytes, size + 1, true) : write_all(bytes + 1, size, false);
  }

  /// There is nothing to do, as nothing is kept back, unless the options ask for fdatasync(2).
  std::error_code flush() noexcept {
    if (error_ || !options_.sync_on_flush) return error_;
    return sync() == 0 ? std::error_code{} : system_error();
  }

 private:
  static std::error_code system_error() noexcept { return {errno, std::system_category()}; }

  // O_NONBLOCK: a pipe that nobody reads is refused instead of waited for. It means nothing to a file.
  void open(const char* path) noexcept {
    do file_ = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    while (file_ < 0 && errno == EINTR);
    struct stat status;
    if (file_ < 0 || ::fstat(file_, &status) != 0)
      error_ = system_error();
    else if (S_ISREG(status.st_mode))
      torn_ = status.st_size > 0 && !ends_in_newline(path, status.st_size);
    else if (S_ISCHR(status.st_mode))
      ::fcntl(file_, F_SETFL, O_APPEND);
    else
      error_ = std::make_error_code(std::errc::not_supported);
  }

  // A file that must not be read counts as torn: at worst an empty line is written, which readers skip.
  static bool ends_in_newline(const char* path, off_t size) noexcept {
    const int file = ::open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return false;
    char last = 0;
    const ssize_t got = ::pread(file, &last, 1, size - 1);
    ::close(file);
    return got == 1 && last == '\n';
  }

  // The system writes less than it was asked for when the disk fills up or a limit is reached. The rest may still go;
  // if another writer comes in between, which only such a moment allows, a reader loses both parts and finds the
  // other's.
  std::error_code write_all(const char* bytes, std::size_t size, bool torn) noexcept {
    while (size > 0) {
      const ssize_t written = ::write(file_, bytes, size);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) {
        const std::error_code error = written < 0 ? system_error() : std::make_error_code(std::errc::io_error);
        if (torn) torn_.store(true);
        return error;
      }
      bytes += written;
      size -= static_cast<std::size_t>(written);
      torn = true;
    }
    return {};
  }

  int sync() noexcept {
#if defined(__APPLE__)
    return ::fsync(file_);
#else
    return ::fdatasync(file_);
#endif
  }

  JsonlOptions options_;
  int file_ = -1;
  std::error_code error_{};
  std::atomic<bool> torn_{false};  // the file ends in a part of a line
};

static_assert(Sink<JsonlSink>);

}  // namespace tallyscope::inline v0
