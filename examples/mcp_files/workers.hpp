// SPDX-License-Identifier: MIT
// A few threads that do what waits in a short queue, and a bell that tells when they have done something.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

namespace mcp_files {

/// Wakes a thread that sleeps in poll(2).
class Bell {
 public:
  Bell() noexcept : file_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {}
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  ~Bell() { ::close(file_); }

  int file() const noexcept { return file_; }
  void ring() const noexcept {
    const std::uint64_t once = 1;
    [[maybe_unused]] const ssize_t written = ::write(file_, &once, sizeof once);
  }
  void silence() const noexcept {
    std::uint64_t rung = 0;
    [[maybe_unused]] const ssize_t got = ::read(file_, &rung, sizeof rung);
  }

 private:
  const int file_;
};

/// `add` and `has_room` are for one thread; the bell rings after each job.
template <class Job>
class Workers {
 public:
  Workers(std::size_t threads, std::size_t room, const Bell& bell, std::function<void(Job)> work)
      : room_{room}, bell_{bell}, work_{std::move(work)} {
    for (std::size_t thread = 0; thread < threads; ++thread) threads_.emplace_back([this] { run(); });
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  /// Does what waits before it lets the threads go.
  ~Workers() {
    {
      const std::lock_guard lock{mutex_};
      closed_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  bool has_room() const {
    const std::lock_guard lock{mutex_};
    return waiting_.size() < room_;
  }

  /// Takes it whether there is room or not: who asks first keeps the queue short.
  void add(Job job) {
    {
      const std::lock_guard lock{mutex_};
      waiting_.push_back(std::move(job));
    }
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock{mutex_};
    for (;;) {
      changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      Job job = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      work_(std::move(job));
      bell_.ring();
      lock.lock();
    }
  }

  const std::size_t room_;
  const Bell& bell_;
  const std::function<void(Job)> work_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace mcp_files
