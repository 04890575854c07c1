// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/random.hpp>
#include <tallyscope/record.hpp>

#include <atomic>
#include <cstdint>
#if __has_include(<pthread.h>)
#include <pthread.h>
#endif

namespace tallyscope::inline v0::detail {

inline constinit std::atomic<std::uint64_t> process_word{0};
inline constinit std::atomic<std::uint64_t> next_block{0};

/// The numbers that this thread may still hand out.
struct IdBlock {
  std::uint64_t next = 0;
  std::uint64_t end = 0;
};
inline thread_local constinit IdBlock id_block{};

/// Draws this process's word, and sees to it that a forked child draws its own.
[[gnu::cold, gnu::noinline]] inline std::uint64_t draw_process_word() noexcept {
#if __has_include(<pthread.h>)
  static const int watched =
      ::pthread_atfork(nullptr, nullptr, [] { process_word.store(random_word(), std::memory_order_relaxed); });
  static_cast<void>(watched);
#endif
  return draw_once(process_word);
}

[[gnu::cold, gnu::noinline]] inline void refill_id_block() noexcept {
  constexpr std::uint64_t size = 4096;
  id_block.next = next_block.fetch_add(size, std::memory_order_relaxed);
  id_block.end = id_block.next + size;
}

/// A new id: two loads, an increment and a store of this thread's own.
[[gnu::always_inline]] inline RecordId next_record_id() noexcept {
  std::uint64_t process = process_word.load(std::memory_order_relaxed);
  if (process == 0) [[unlikely]]
    process = draw_process_word();
  if (id_block.next == id_block.end) [[unlikely]]
    refill_id_block();
  return {process, id_block.next++};
}

}  // namespace tallyscope::inline v0::detail
