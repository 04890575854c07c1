// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/random.hpp>

#include <atomic>
#include <cstdint>
#include <new>

namespace tallyscope::inline v0::detail {

/// What every shard begins with. Two hold it: the object it belongs to and the thread that writes it; the last one to
/// let go frees it. A thread that ends leaves its shard, with all it counted, to the next new thread.
struct ShardBase {
  std::uint64_t owner = 0;  // serial of the object it belongs to
  std::atomic<int> holders{2};
  std::atomic<bool> taken{true};      // by a thread
  std::atomic<bool> orphaned{false};  // the object is gone
  ShardBase* next_of_owner = nullptr;
  ShardBase* next_of_thread = nullptr;
  void (*destroy)(ShardBase*) = nullptr;

  void let_go() noexcept {
    if (holders.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(this);
  }
};

/// What a thread found last, at fixed places: one comparison answers instead of a walk through tables. A key belongs to
/// one owner for ever, so that nothing need be removed when the owner goes.
struct Found {
  static constexpr std::size_t places = 256;

  std::uint64_t key = 0;
  void* what = nullptr;
};

struct ThreadShardsOfThread {
  Found found[Found::places]{};
  ShardBase* all = nullptr;
  bool ended = false;  // the thread's own clean-up has run
};

// Constant-initialised and without a destructor, so that reading it is one load; the clean-up is an object of its own.
inline thread_local constinit ThreadShardsOfThread this_thread_shards{};

struct ThreadEnd {
  ~ThreadEnd() {
    ThreadShardsOfThread& mine = this_thread_shards;
    mine.ended = true;
    for (Found& place : mine.found) place = {};
    while (ShardBase* const shard = mine.all) {
      mine.all = shard->next_of_thread;
      shard->taken.store(false, std::memory_order_release);
      shard->let_go();
    }
  }
};

inline void clean_up_at_thread_end() noexcept {
  static thread_local ThreadEnd end;
  static_cast<void>(end);
}

inline constinit std::atomic<std::uint64_t> next_owner_serial{1};

/// One Shard a thread, made on the thread's first use and written by that thread alone. Reading them all at any time is
/// `for_each`; a Shard's members must allow that (atomics). Shard derives from ShardBase and is default constructible.
template <class Shard>
class ThreadShards {
 public:
  ThreadShards() noexcept = default;
  ThreadShards(const ThreadShards&) = delete;
  ThreadShards& operator=(const ThreadShards&) = delete;

  ~ThreadShards() {
    ShardBase* shard = head_.load(std::memory_order_acquire);
    while (shard != nullptr) {
      ShardBase* const next = shard->next_of_owner;
      shard->orphaned.store(true, std::memory_order_release);
      shard->let_go();
      shard = next;
    }
  }

  /// This thread's shard, found in its list or made; null when there is no memory for one.
  [[gnu::cold, gnu::noinline]] Shard* local() noexcept {
    ShardBase* shard = find_among_mine();
    if (shard == nullptr) shard = adopt();
    if (shard == nullptr) shard = make();
    return static_cast<Shard*>(shard);
  }

  /// A word that no other owner has: to make keys of.
  std::uint64_t salt() const noexcept { return salt_; }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (ShardBase* shard = head_.load(std::memory_order_acquire); shard != nullptr; shard = shard->next_of_owner)
      visit(static_cast<Shard&>(*shard));
  }

 private:
  /// Looks through this thread's list, and drops what belonged to objects that are gone.
  ShardBase* find_among_mine() noexcept {
    ShardBase* found = nullptr;
    ShardBase** link = &this_thread_shards.all;
    while (ShardBase* const shard = *link) {
      if (shard->owner == serial_) found = shard;
      if (shard->orphaned.load(std::memory_order_acquire)) {
        *link = shard->next_of_thread;
        shard->let_go();
      } else {
        link = &shard->next_of_thread;
      }
    }
    return found;
  }

  ShardBase* adopt() noexcept {
    for (ShardBase* shard = head_.load(std::memory_order_acquire); shard != nullptr; shard = shard->next_of_owner) {
      bool taken = false;
      if (!shard->taken.compare_exchange_strong(taken, true, std::memory_order_acquire)) continue;
      shard->holders.fetch_add(1, std::memory_order_relaxed);
      return join_thread(shard);
    }
    return nullptr;
  }

  ShardBase* make() noexcept {
    Shard* const shard = new (std::nothrow) Shard;
    if (shard == nullptr) return nullptr;
    shard->owner = serial_;
    shard->destroy = [](ShardBase* base) { delete static_cast<Shard*>(base); };
    shard->next_of_owner = head_.load(std::memory_order_relaxed);
    ShardBase* const base = shard;
    while (!head_.compare_exchange_weak(shard->next_of_owner, base, std::memory_order_acq_rel)) {
    }
    return join_thread(shard);
  }

  /// A thread whose clean-up has run already keeps the shard taken for good: nobody would give it back.
  static ShardBase* join_thread(ShardBase* shard) noexcept {
    if (this_thread_shards.ended) {
      shard->let_go();
      return shard;
    }
    clean_up_at_thread_end();
    shard->next_of_thread = this_thread_shards.all;
    this_thread_shards.all = shard;
    return shard;
  }

  const std::uint64_t serial_ = next_owner_serial.fetch_add(1, std::memory_order_relaxed);
  // Owners made one after another, such as a tracker and its sink, have different low bits: what they look up for one
  // call never contends for one place.
  const std::uint64_t salt_ = (spread(serial_) & ~std::uint64_t{0xFF}) | ((serial_ * 0x4D) & 0xFF);
  std::atomic<ShardBase*> head_{nullptr};
};

}  // namespace tallyscope::inline v0::detail
