// SPDX-License-Identifier: MIT
// The one way out: whole lines on a file descriptor, one at a time, without ever being stuck for good.
#pragma once

#include "json_rpc.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>
#include <unistd.h>

namespace mcp_files {

/// Any thread may call any member at any time.
class Output {
 public:
  /// Once there is something to read from `signals`, a client that does not read is waited for one second more.
  Output(int file, int signals) noexcept : file_{file}, signals_{signals} {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void send(const json& message) { send_line(written(message)); }

  /// Waits while the client does not read. Once it has gone, messages are dropped.
  void send_line(std::string_view message) noexcept {
    const std::lock_guard lock{mutex_};
    write(message);
    write("\n");
  }

  /// Messages as one: an array of them.
  void send_list(const std::vector<std::string>& messages) noexcept {
    const std::lock_guard lock{mutex_};
    for (std::size_t place = 0; place < messages.size(); ++place) {
      write(place == 0 ? "[" : ",");
      write(messages[place]);
    }
    write("]\n");
  }

  int file() const noexcept { return file_; }
  bool gone() const noexcept { return gone_; }
  void mark_gone() noexcept { gone_ = true; }

 private:
  using Clock = std::chrono::steady_clock;
  // A pipe that poll() finds ready takes this much without blocking (POSIX, PIPE_BUF on Linux).
  static constexpr std::size_t piece = 4096;

  void write(std::string_view bytes) noexcept {
    if (!gone() && !write_all(bytes)) gone_ = true;
  }

  bool write_all(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
      if (!wait_until_ready()) return false;
      const ssize_t written = ::write(file_, bytes.data(), std::min(bytes.size(), piece));
      if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  bool wait_until_ready() noexcept {
    pollfd files[] = {{file_, POLLOUT, 0}, {signals_, POLLIN, 0}};
    while (deadline_ == Clock::time_point::max() && files[0].revents == 0) {
      if (::poll(files, 2, -1) < 0 && errno != EINTR) return false;
      if (files[1].revents != 0) deadline_ = Clock::now() + std::chrono::seconds{1};
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    if (files[0].revents == 0) ::poll(files, 1, left > 0 ? static_cast<int>(left) : 0);
    return (files[0].revents & POLLOUT) != 0 && (files[0].revents & POLLERR) == 0;
  }

  const int file_, signals_;
  std::mutex mutex_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::atomic<bool> gone_{false};
};

}  // namespace mcp_files
