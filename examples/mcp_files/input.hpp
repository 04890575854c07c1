// SPDX-License-Identifier: MIT
// The way in: bytes become lines, and no line gets longer than the server is willing to hold.
#pragma once

#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <unistd.h>

namespace mcp_files {

struct Line {
  std::string text{};
  bool too_long = false;  ///< its text was dropped
};

/// For one thread.
class Input {
 public:
  static constexpr std::size_t longest_line = 1 << 20;

  explicit Input(int file) noexcept : file_{file} {}

  int file() const noexcept { return file_; }
  bool ended() const noexcept { return ended_; }

  /// Reads once; waits if there is nothing to read.
  void read_some() {
    char bytes[65536];
    const ssize_t size = ::read(file_, bytes, sizeof bytes);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (size > 0)
      buffer_.append(bytes, static_cast<std::size_t>(size));
    else
      ended_ = true;
  }

  /// The next whole line of what has been read. The last one counts without its newline too.
  std::optional<Line> next() {
    const std::size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos) return take(end, end + 1);
    scanned_ = buffer_.size();
    if (ended_ && begin_ < buffer_.size()) return take(buffer_.size(), buffer_.size());
    drop_what_is_used();
    return std::nullopt;
  }

 private:
  Line take(std::size_t end, std::size_t next) {
    Line line{buffer_.substr(begin_, end - begin_), skipping_ || end - begin_ > longest_line};
    if (line.too_long) line.text.clear();
    begin_ = scanned_ = next;
    skipping_ = false;
    return line;
  }

  void drop_what_is_used() {
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (buffer_.size() > longest_line) {
      skipping_ = true;
      buffer_.clear();
    }
    scanned_ = buffer_.size();
  }

  const int file_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of the line that comes next
  std::size_t scanned_ = 0;  // up to here there is no end of it
  bool skipping_ = false;    // it has been too long for a while
  bool ended_ = false;
};

}  // namespace mcp_files
