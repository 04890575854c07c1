// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/money.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#if __has_include(<sched.h>)
#include <sched.h>
#endif

namespace tallyscope::inline v0::detail {

inline void yield_processor() noexcept {
#if __has_include(<sched.h>)
  ::sched_yield();
#endif
}

/// Words that one thread writes and any thread reads as they stood between two writes. The writer stores an odd
/// sequence number, the words (release), and an even number (release); a reader that saw the same even number before
/// and after has one state. No fence stands alone, so ThreadSanitizer understands it; on x86 all of it is plain moves.
/// A reader that fails 64 times leaves a request: the writer then copies the words between two writes.
template <std::size_t Words>
class SequenceCell {
 public:
  static constexpr std::size_t size = Words;
  struct Copy {
    std::uint64_t words[Words];
  };

  // For the writer, between begin() and end(). A relaxed load and a store: no locked instruction.
  // Always inlined: in a large translation unit the compiler would stop to do so, and a call costs more than these do.
  [[gnu::always_inline]] std::uint64_t begin() noexcept {
    const std::uint64_t even = sequence_.load(std::memory_order_relaxed);
    sequence_.store(even + 1, std::memory_order_relaxed);
    return even;
  }
  [[gnu::always_inline]] void add(std::size_t word, std::uint64_t value) noexcept { set(word, get(word) + value); }
  [[gnu::always_inline]] std::uint64_t get(std::size_t word) const noexcept {
    return words_[word].load(std::memory_order_relaxed);
  }
  [[gnu::always_inline]] void set(std::size_t word, std::uint64_t value) noexcept {
    words_[word].store(value, std::memory_order_release);
  }
  /// `begun` is what begin() returned.
  [[gnu::always_inline]] void end(std::uint64_t begun) noexcept {
    sequence_.store(begun + 2, std::memory_order_release);
    if (request_.load(std::memory_order_relaxed) != nullptr) [[unlikely]]
      answer();
  }

  /// Adds to a 128-bit sum that stands in two words, the lower half first.
  [[gnu::always_inline]] void add_money(std::size_t word, Money money) noexcept {
    const int128 sum = money_at(get(word), get(word + 1)) + money.picodollars();
    set(word, static_cast<std::uint64_t>(sum));
    set(word + 1, static_cast<std::uint64_t>(sum >> 64));
  }

  /// How often it has been written.
  std::uint64_t writes() const noexcept { return sequence_.load(std::memory_order_acquire) / 2; }

  static int128 money_at(std::uint64_t low, std::uint64_t high) noexcept {
    return static_cast<int128>(high) << 64 | static_cast<int128>(low);
  }

  /// For one reader at a time (the caller holds a lock of its own).
  Copy read() noexcept {
    Copy copy;
    for (int attempt = 0; attempt < 64; ++attempt)
      if (try_read(copy)) return copy;
    read_by_request(copy);
    return copy;
  }

 private:
  struct Request {
    Copy copy;
    std::atomic<bool> done{false};
  };

  bool try_read(Copy& copy) const noexcept {
    const std::uint64_t before = sequence_.load(std::memory_order_acquire);
    if (before % 2 != 0) return false;
    for (std::size_t word = 0; word < Words; ++word) copy.words[word] = words_[word].load(std::memory_order_acquire);
    return sequence_.load(std::memory_order_relaxed) == before;
  }

  /// Goes on trying while it waits: the writer may have stopped for good between two writes.
  [[gnu::cold, gnu::noinline]] void read_by_request(Copy& copy) noexcept {
    Request request;
    request_.store(&request, std::memory_order_release);
    while (!request.done.load(std::memory_order_acquire)) {
      Request* mine = &request;
      if (try_read(copy) && request_.compare_exchange_strong(mine, nullptr, std::memory_order_acq_rel)) return;
      yield_processor();
    }
    copy = request.copy;
  }

  [[gnu::cold, gnu::noinline]] void answer() noexcept {
    Request* const request = request_.exchange(nullptr, std::memory_order_acq_rel);
    if (request == nullptr) return;
    for (std::size_t word = 0; word < Words; ++word) request->copy.words[word] = get(word);
    request->done.store(true, std::memory_order_release);
  }

  std::atomic<std::uint64_t> sequence_{0};
  std::atomic<Request*> request_{nullptr};
  std::atomic<std::uint64_t> words_[Words]{};
};

}  // namespace tallyscope::inline v0::detail
