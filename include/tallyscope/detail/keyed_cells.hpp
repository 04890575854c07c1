// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/thread_shards.hpp>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>

namespace tallyscope::inline v0::detail {

/// The keys that have rows: the first `capacity` that come, for as long as the object lives. Looking one up takes no
/// lock; making one does. Two keys are one when their 64-bit hashes are.
template <class Key>
class KeyRegistry {
 public:
  explicit KeyRegistry(std::size_t capacity) noexcept
      : capacity_{capacity < most ? capacity : most},
        mask_{std::bit_ceil(2 * capacity_ + 2) - 1},
        places_{new (std::nothrow) Place[mask_ + 1]} {}
  KeyRegistry(const KeyRegistry&) = delete;
  KeyRegistry& operator=(const KeyRegistry&) = delete;
  ~KeyRegistry() {
    for (std::size_t place = 0; places_ != nullptr && place <= mask_; ++place)
      delete places_[place].load(std::memory_order_acquire);
    delete[] places_;
  }

  struct Entry {
    std::uint64_t hash;
    std::size_t index;  // the order of coming, from 0
    Key key;
  };

  /// The entry of this hash, made from `make()` if there is room; else null.
  template <class Make>
  const Entry* find_or_make(std::uint64_t hash, const Make& make) noexcept {
    if (places_ == nullptr) return nullptr;
    const Entry* const found = places_[place_of(hash)].load(std::memory_order_acquire);
    if (found != nullptr) return found;
    if (size_.load(std::memory_order_acquire) >= capacity_) return nullptr;
    return make_entry(hash, make);
  }

  std::size_t size() const noexcept { return size_.load(std::memory_order_acquire); }

 private:
  using Place = std::atomic<Entry*>;

  /// Where the hash stands, or the free place where it would.
  std::size_t place_of(std::uint64_t hash) const noexcept {
    std::size_t place = hash & mask_;
    while (true) {
      const Entry* const entry = places_[place].load(std::memory_order_acquire);
      if (entry == nullptr || entry->hash == hash) return place;
      place = (place + 1) & mask_;
    }
  }

  template <class Make>
  [[gnu::cold, gnu::noinline]] const Entry* make_entry(std::uint64_t hash, const Make& make) noexcept {
    const std::lock_guard lock{making_};
    const std::size_t place = place_of(hash);  // another thread may have been faster
    Entry* entry = places_[place].load(std::memory_order_acquire);
    if (entry != nullptr || size_.load(std::memory_order_relaxed) >= capacity_) return entry;
    entry = new (std::nothrow) Entry{hash, size_.load(std::memory_order_relaxed), make()};
    if (entry == nullptr) return nullptr;
    places_[place].store(entry, std::memory_order_release);
    size_.fetch_add(1, std::memory_order_release);
    return entry;
  }

  static constexpr std::size_t most = std::size_t{1} << 24;

  const std::size_t capacity_;
  const std::size_t mask_;
  Place* const places_;
  std::atomic<std::size_t> size_{0};
  std::mutex making_;
};

/// A Cell a thread and key, written by that thread alone: what makes a write free of locked instructions. Keys beyond
/// the capacity, and those for which there is no memory, share one cell a thread, without a key.
template <class Cell, class Key>
class KeyedCells {
 public:
  using Entry = typename KeyRegistry<Key>::Entry;

  explicit KeyedCells(std::size_t capacity) noexcept : keys_{capacity} {}

  /// This thread's cell for the key of this hash, if it is among the last that the thread used: 1 ns. Else null.
  [[gnu::always_inline]] Cell* recent(std::uint64_t hash) const noexcept {
    const std::uint64_t key = hash ^ shards_.salt();
    const Found& found = this_thread_shards.found[key % Found::places];
    return found.key == key ? static_cast<Cell*>(found.what) : nullptr;
  }

  /// The same for any key; `make` gives the Key when no thread has met it. Null only when there is no memory at all.
  template <class Make>
  [[gnu::noinline]] Cell* find_or_make(std::uint64_t hash, const Make& make) noexcept {
    Cell* const cell = look_up(hash, make);
    const std::uint64_t key = hash ^ shards_.salt();
    if (cell != nullptr) this_thread_shards.found[key % Found::places] = {key, cell};
    return cell;
  }

  /// Visits every cell of every thread, dead ones included, with its entry: null for the shared cells.
  template <class Visit>
  void for_each(Visit&& visit) const {
    shards_.for_each([&](Shard& shard) {
      for (Node* node = shard.nodes.load(std::memory_order_acquire); node != nullptr; node = node->next)
        visit(node->entry, node->cell);
    });
  }

  std::size_t key_count() const noexcept { return keys_.size(); }

 private:
  struct Node {
    const Entry* entry;
    Node* next;
    Cell cell{};
  };

  /// Hash to cell, for its thread alone. Grows by doubling, up to the capacity of the registry.
  class Table {
   public:
    Table() noexcept = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    ~Table() { delete[] places_; }

    Cell* find(std::uint64_t hash) const noexcept {
      if (places_ == nullptr) return nullptr;
      for (std::size_t place = hash & mask_;; place = (place + 1) & mask_) {
        if (places_[place].hash == hash) return places_[place].cell;
        if (places_[place].cell == nullptr) return nullptr;
      }
    }

    /// False when there is no memory: the hash is then looked up the slow way again.
    bool insert(std::uint64_t hash, Cell* cell) noexcept {
      if (2 * (used_ + 1) > mask_ + 1 && !grow()) return false;
      put(hash, cell);
      ++used_;
      return true;
    }

   private:
    struct Place {
      std::uint64_t hash = 0;
      Cell* cell = nullptr;
    };

    void put(std::uint64_t hash, Cell* cell) noexcept {
      std::size_t place = hash & mask_;
      while (places_[place].cell != nullptr) place = (place + 1) & mask_;
      places_[place] = {hash, cell};
    }

    bool grow() noexcept {
      const std::size_t old_size = places_ == nullptr ? 0 : mask_ + 1;
      const std::size_t size = old_size == 0 ? 32 : 2 * old_size;
      Place* const grown = new (std::nothrow) Place[size];
      if (grown == nullptr) return false;
      Place* const old = places_;
      places_ = grown;
      mask_ = size - 1;
      for (std::size_t place = 0; place < old_size; ++place)
        if (old[place].cell != nullptr) put(old[place].hash, old[place].cell);
      delete[] old;
      return true;
    }

    Place* places_ = nullptr;
    std::size_t mask_ = 0;
    std::size_t used_ = 0;
  };

  struct Shard : ShardBase {
    Table table;
    std::atomic<Node*> nodes{nullptr};
    Cell* other = nullptr;

    ~Shard() {
      for (Node* node = nodes.load(std::memory_order_acquire); node != nullptr;) {
        Node* const next = node->next;
        delete node;
        node = next;
      }
    }

    Cell* add_node(const Entry* entry) noexcept {
      Node* const node = new (std::nothrow) Node{entry, nodes.load(std::memory_order_relaxed)};
      if (node == nullptr) return nullptr;
      nodes.store(node, std::memory_order_release);
      return &node->cell;
    }

    Cell* find_node(const Entry* entry) const noexcept {
      for (Node* node = nodes.load(std::memory_order_relaxed); node != nullptr; node = node->next)
        if (node->entry == entry) return &node->cell;
      return nullptr;
    }

    Cell* other_cell() noexcept {
      if (other == nullptr) other = add_node(nullptr);
      return other;
    }
  };

  template <class Make>
  Cell* look_up(std::uint64_t hash, const Make& make) noexcept {
    Shard* const shard = shards_.local();
    if (shard == nullptr) return nullptr;
    Cell* const cell = shard->table.find(hash);
    return cell != nullptr ? cell : meet(*shard, hash, make);
  }

  template <class Make>
  Cell* meet(Shard& shard, std::uint64_t hash, const Make& make) noexcept {
    const Entry* const entry = keys_.find_or_make(hash, make);
    if (entry == nullptr) return shard.other_cell();
    Cell* cell = shard.find_node(entry);  // known, but the table had no memory to grow
    if (cell == nullptr) cell = shard.add_node(entry);
    if (cell == nullptr) return shard.other_cell();
    shard.table.insert(hash, cell);
    return cell;
  }

  KeyRegistry<Key> keys_;
  ThreadShards<Shard> shards_;
};

}  // namespace tallyscope::inline v0::detail
