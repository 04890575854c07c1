// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/hash.hpp>
#include <tallyscope/detail/keyed_cells.hpp>
#include <tallyscope/detail/owned_call.hpp>
#include <tallyscope/detail/sequence_cell.hpp>
#include <tallyscope/detail/tally.hpp>
#include <tallyscope/stats.hpp>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

namespace tallyscope::inline v0 {

namespace detail {

/// The texts of one row's key, in one piece of memory that is made once. Without memory for them they are empty.
class RowKey {
 public:
  RowKey(const Caller& caller, const Call& call, Dimensions dimensions) noexcept {
    std::size_t size = 0;
    for_each_text(caller, call, dimensions, [&](std::size_t, std::string_view text) { size += text.size(); });
    texts_ = new (std::nothrow) char[size + 1];
    if (texts_ == nullptr) return;
    char* end = texts_;
    for_each_text(caller, call, dimensions, [&](std::size_t place, std::string_view text) {
      if (!text.empty()) std::memcpy(end, text.data(), text.size());
      views_[place] = {end, text.size()};
      end += text.size();
    });
  }
  RowKey(const RowKey&) = delete;
  RowKey& operator=(const RowKey&) = delete;
  ~RowKey() { delete[] texts_; }

  std::string_view operator[](std::size_t place) const noexcept { return views_[place]; }

  template <class Visit>
  static void for_each_text(const Caller& caller, const Call& call, Dimensions dimensions, const Visit& visit) {
    for (std::size_t place = 0; place < dimension_count; ++place)
      if (const auto dimension = static_cast<Dimension>(place); dimensions.has(dimension))
        visit(place, text_of(caller, call, dimension));
  }

 private:
  char* texts_ = nullptr;
  std::string_view views_[dimension_count];
};

/// The words of one row and thread, and which reset they belong to.
struct StatsCell {
  static constexpr std::size_t word_reset = word_count;
  SequenceCell<word_count + 1> words;

  [[gnu::always_inline]] void enter(const Record& record, std::uint64_t reset) noexcept {
    const std::uint64_t begun = words.begin();
    if (words.get(word_reset) != reset) [[unlikely]]
      start_anew(reset);
    tally(words, record);
    words.end(begun);
  }

  [[gnu::cold, gnu::noinline]] void start_anew(std::uint64_t reset) noexcept {
    for (std::size_t word = 0; word < word_count; ++word) words.set(word, 0);
    words.set(word_reset, reset);
  }
};

}  // namespace detail

/// Adds every record up in memory: rows per (operation, name, model) or what the options say, read by `snapshot()`.
/// A write costs a few nanoseconds, takes no lock and allocates nothing once its thread has met the row; each thread
/// writes cells of its own, which stay counted when it is gone. Safe to use from many threads at once.
/// Memory: about 1 KB a row and thread; rows beyond the capacity share one that is marked `other`.
class MemorySink {
 public:
  struct Options {
    Dimensions by = by_identity;
    std::size_t capacity = 2000;
  };

  MemorySink() noexcept : MemorySink{Options{}} {}
  explicit MemorySink(Options options) noexcept : by_{options.by}, cells_{options.capacity} {}
  MemorySink(const MemorySink&) = delete;
  MemorySink& operator=(const MemorySink&) = delete;

  [[gnu::always_inline]] std::error_code write(const Record& record) noexcept {
    const Caller& caller = record.caller;
    const Call& call = record.call;
    const std::uint64_t hash = hash_of(caller, call);
    detail::StatsCell* cell = cells_.recent(hash);
    // Only the references are taken, so that a record that a scope is building stays in registers.
    if (cell == nullptr) [[unlikely]]
      cell = cells_.find_or_make(hash, [this, &caller, &call] { return detail::RowKey{caller, call, by_}; });
    if (cell == nullptr) [[unlikely]]
      return std::make_error_code(std::errc::not_enough_memory);
    cell->enter(record, reset_.load(std::memory_order_relaxed));
    return {};
  }

  std::error_code flush() noexcept { return {}; }

  /// The sums as they stand now. Each thread's share of a row is read between two of its records, never in one; records
  /// written meanwhile may be in or not. Allocates; may throw std::bad_alloc.
  Stats snapshot() const {
    const std::lock_guard lock{reading_};
    Stats stats{.dimensions = by_};
    cells_.for_each([&](const auto* entry, detail::StatsCell& cell) { collect(stats, entry, cell); });
    std::erase_if(stats.rows, [](const StatsRow& row) { return row.totals == Totals{}; });  // before a reset
    stats.sort();
    return stats;
  }

  /// Starts again from nothing. Earlier snapshots stay as they are; rows known keep their place among the capacity.
  /// What is written between a snapshot and a reset is in neither: to count by intervals, subtract snapshots.
  void reset() noexcept {
    const std::lock_guard lock{reading_};
    reset_.fetch_add(1, std::memory_order_relaxed);
  }

 private:
  using Cells = detail::KeyedCells<detail::StatsCell, detail::RowKey>;

  [[gnu::always_inline]] std::uint64_t hash_of(const Caller& caller, const Call& call) const noexcept {
    return by_ == by_identity && call.identity_hash != 0 ? call.identity_hash : hash_texts(caller, call);
  }
  [[gnu::noinline]] std::uint64_t hash_texts(const Caller& caller, const Call& call) const noexcept {
    if (by_ == by_identity) return detail::identity_hash(call);
    std::uint64_t hash = detail::hash_seed();
    detail::RowKey::for_each_text(caller, call, by_,
                                  [&](std::size_t, std::string_view text) { hash = detail::hash(hash, text); });
    return hash;
  }

  void collect(Stats& stats, const Cells::Entry* entry, detail::StatsCell& cell) const {
    const auto copy = cell.words.read();
    if (copy.words[detail::StatsCell::word_reset] != reset_.load(std::memory_order_relaxed)) return;
    std::uint64_t words[detail::word_count];
    std::memcpy(words, copy.words, sizeof words);
    const Totals totals = Totals::from_words(words);
    stats.total += totals;
    row_of(stats, entry).totals += totals;
  }

  /// Row 0 is the shared one while rows are collected; the row of an entry stands at its index + 1.
  static StatsRow& row_of(Stats& stats, const Cells::Entry* entry) {
    const std::size_t place = entry == nullptr ? 0 : entry->index + 1;
    if (stats.rows.size() <= place) stats.rows.resize(place + 1);
    StatsRow& row = stats.rows[place];
    row.other = entry == nullptr;
    for (std::size_t part = 0; entry != nullptr && part < dimension_count; ++part) row.key[part] = entry->key[part];
    return row;
  }

  const Dimensions by_;
  mutable Cells cells_;
  std::atomic<std::uint64_t> reset_{0};
  mutable std::mutex reading_;
};

static_assert(Sink<MemorySink>);

}  // namespace tallyscope::inline v0
