// SPDX-License-Identifier: MIT
#include <tallyscope/detail/keyed_cells.hpp>

#include "catch.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <set>
#include <thread>
#include <vector>

namespace {

struct Key {
  std::uint64_t number;
};
struct Cell {
  std::atomic<std::uint64_t> count{0};
  void add() { count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
};
using Registry = tallyscope::detail::KeyRegistry<Key>;
using Cells = tallyscope::detail::KeyedCells<Cell, Key>;

/// Any hash of a number, its low bits as unlucky as can be: they are all the same.
constexpr std::uint64_t unlucky(std::uint64_t number) { return number << 40 | 7; }

/// As every user of cells looks one up.
Cell* cell_of(Cells& cells, std::uint64_t hash, std::uint64_t number) {
  Cell* const recent = cells.recent(hash);
  return recent != nullptr ? recent : cells.find_or_make(hash, [number] { return Key{number}; });
}

void count(Cells& cells, std::uint64_t hash) { cell_of(cells, hash, hash)->add(); }

std::map<std::uint64_t, std::uint64_t> counts_of(const Cells& cells) {
  std::map<std::uint64_t, std::uint64_t> counts;
  cells.for_each([&](const Cells::Entry* entry, const Cell& cell) {
    counts[entry == nullptr ? 0 : entry->key.number] += cell.count.load(std::memory_order_acquire);
  });
  return counts;
}

}  // namespace

TEST_CASE("a registry makes each key once, in the order of coming", "[keyed_cells]") {
  Registry registry{100};
  int made = 0;
  const auto entry_of = [&](std::uint64_t number) {
    return registry.find_or_make(unlucky(number), [&] { return ++made, Key{number}; });
  };
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t number = 1; number <= 100; ++number) {
      const Registry::Entry* const entry = entry_of(number);
      REQUIRE(entry != nullptr);
      CHECK(entry->index == number - 1);
      CHECK(entry->key.number == number);
      CHECK(entry->hash == unlucky(number));
    }
  CHECK(made == 100);
  CHECK(registry.size() == 100);
  CHECK(entry_of(101) == nullptr);
  CHECK(entry_of(50)->index == 49);
}

TEST_CASE("a registry without room has no entries", "[keyed_cells]") {
  Registry registry{0};
  CHECK(registry.find_or_make(1, [] { return Key{1}; }) == nullptr);
  CHECK(registry.size() == 0);
}

TEST_CASE("a key that several threads bring at once has one entry", "[keyed_cells]") {
  constexpr std::uint64_t keys = 500;
  Registry registry{keys};
  std::atomic<int> made{0};
  std::vector<std::vector<const Registry::Entry*>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : found)
      threads.emplace_back([&] {
        for (std::uint64_t number = 1; number <= keys; ++number)
          mine.push_back(registry.find_or_make(unlucky(number), [&] { return ++made, Key{number}; }));
      });
  }
  CHECK(made == static_cast<int>(keys));
  for (const auto& each : found) CHECK(each == found[0]);
  std::set<std::size_t> indices;
  for (const auto* entry : found[0]) indices.insert(entry->index);
  CHECK(indices.size() == keys);
  CHECK(*indices.rbegin() == keys - 1);
}

TEST_CASE("a thread finds its cell of a key again, also among many", "[keyed_cells]") {
  Cells cells{1'000};
  std::map<std::uint64_t, Cell*> first;
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t number = 1; number <= 1'000; ++number) {
      Cell* const cell = cell_of(cells, unlucky(number), number);
      REQUIRE(cell != nullptr);
      if (round == 0)
        first[number] = cell;
      else
        CHECK(first[number] == cell);
    }
  CHECK(cells.key_count() == 1'000);
}

TEST_CASE("keys beyond the capacity share a cell a thread", "[keyed_cells]") {
  Cells cells{10};
  const auto work = [&] {
    for (int round = 0; round < 5; ++round)
      for (std::uint64_t hash = 1; hash <= 30; ++hash) count(cells, hash);
  };
  work();
  std::jthread{work}.join();
  const auto counts = counts_of(cells);
  CHECK(counts.size() == 11);
  CHECK(counts.at(0) == 20 * 5 * 2);
  for (std::uint64_t hash = 1; hash <= 10; ++hash) CHECK(counts.at(hash) == 10);
}

TEST_CASE("two objects with the same keys do not meet", "[keyed_cells]") {
  Cells one{10}, two{10};
  for (int round = 0; round < 100; ++round)
    for (std::uint64_t hash = 1; hash <= 5; ++hash) {
      count(one, hash);
      if (round % 2 == 0) count(two, hash);
    }
  for (std::uint64_t hash = 1; hash <= 5; ++hash) {
    CHECK(counts_of(one).at(hash) == 100);
    CHECK(counts_of(two).at(hash) == 50);
  }
}

TEST_CASE("objects that follow one another begin with nothing", "[keyed_cells]") {
  for (int round = 0; round < 100; ++round) {
    Cells cells{10};
    count(cells, 1);
    CHECK(counts_of(cells).at(1) == 1);
  }
}

TEST_CASE("cells keep their counts when their threads go, and the next threads go on with them", "[keyed_cells]") {
  Cells cells{10};
  for (int thread = 0; thread < 200; ++thread)
    std::jthread{[&] {
      for (std::uint64_t hash = 1; hash <= 3; ++hash) count(cells, hash);
    }}.join();
  int nodes = 0;
  cells.for_each([&](const Cells::Entry*, const Cell&) { ++nodes; });
  CHECK(nodes == 3);
  for (std::uint64_t hash = 1; hash <= 3; ++hash) CHECK(counts_of(cells).at(hash) == 200);
}

TEST_CASE("cells are visited while threads make new ones", "[keyed_cells]") {
  Cells cells{2'000};
  std::uint64_t steps_back = 0, last = 0;
  {
    std::atomic<int> running{4};
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (std::uint64_t hash = 1; hash <= 3'000; ++hash) count(cells, hash);
        --running;
      });
    while (running > 0) {
      std::uint64_t sum = 0;
      for (const auto& [number, counted] : counts_of(cells)) sum += counted;
      if (sum < last) ++steps_back;
      last = sum;
    }
  }
  CHECK(steps_back == 0);
  const auto counts = counts_of(cells);
  CHECK(counts.size() == 2'001);
  std::uint64_t sum = 0;
  for (const auto& [number, counted] : counts) sum += counted;
  CHECK(sum == 12'000);
}
