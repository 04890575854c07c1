// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tallyscope::inline v0::detail {

/// A line as it stands in a file, without its newline.
struct FileLine {
  std::string_view text{};
  bool ended = true;  ///< a newline follows
  bool cut = false;   ///< the text is only the end of a line that is too long
};

/// Reads a file line by line, with a buffer of one size for files of every size. For one thread.
class LineFile {
 public:
  static constexpr std::size_t most_line = std::size_t{1} << 20;
  static constexpr std::size_t kept_of_too_long = std::size_t{64} << 10;

  explicit LineFile(const char* path) : bytes_{new char[most_line + piece]} { open(path); }
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  ~LineFile() {
    if (file_ >= 0) ::close(file_);
    delete[] bytes_;
  }

  /// Why the file cannot be read, or not any further.
  std::error_code error() const noexcept { return error_; }

  /// The next line, valid until the next call; false at the end of the file or after an error.
  bool next(FileLine& line) noexcept;

 private:
  static constexpr std::size_t piece = std::size_t{128} << 10;

  void open(const char* path) noexcept;
  bool read_more() noexcept;

  char* const bytes_;
  std::size_t begin_ = 0;  // of what was read and not given out
  std::size_t end_ = 0;
  int file_ = -1;
  std::error_code error_{};
};

inline void LineFile::open(const char* path) noexcept {
  do file_ = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  while (file_ < 0 && errno == EINTR);
  struct stat status;
  if (file_ < 0 || ::fstat(file_, &status) != 0)
    error_ = {errno, std::system_category()};
  else if (S_ISDIR(status.st_mode))
    error_ = std::make_error_code(std::errc::is_a_directory);
}

inline bool LineFile::next(FileLine& line) noexcept {
  line = {};
  for (std::size_t looked_at = 0;;) {
    const char* const from = bytes_ + begin_;
    const void* const newline = std::memchr(from + looked_at, '\n', end_ - begin_ - looked_at);
    line.ended = newline != nullptr;
    line.text = {from, line.ended ? static_cast<std::size_t>(static_cast<const char*>(newline) - from) : end_ - begin_};
    if (line.text.size() > most_line) {
      line.cut = true;
      line.text.remove_prefix(line.text.size() - kept_of_too_long);
    }
    begin_ = static_cast<std::size_t>(line.text.data() - bytes_);
    looked_at = line.text.size();
    if (!line.ended && read_more()) continue;
    begin_ += line.text.size() + (line.ended ? 1 : 0);
    return line.ended || (!error_ && (line.cut || !line.text.empty()));
  }
}

/// Reads on behind what was not given out, which moves to the front.
inline bool LineFile::read_more() noexcept {
  if (error_) return false;
  if (begin_ > 0) std::memmove(bytes_, bytes_ + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  ssize_t got;
  do got = ::read(file_, bytes_ + end_, piece);
  while (got < 0 && errno == EINTR);
  if (got < 0) error_ = {errno, std::system_category()};
  if (got <= 0) return false;
  end_ += static_cast<std::size_t>(got);
  return true;
}

}  // namespace tallyscope::inline v0::detail
