// SPDX-License-Identifier: MIT
#include <tallyscope/detail/sequence_cell.hpp>

#include "catch.hpp"

#include <atomic>
#include <cstdint>
#include <latch>
#include <thread>

namespace ts = tallyscope;

namespace {

using Cell = ts::detail::SequenceCell<8>;

void write(Cell& cell, std::uint64_t value) {
  const std::uint64_t begun = cell.begin();
  for (std::size_t word = 0; word < Cell::size; ++word) cell.set(word, value);
  cell.end(begun);
}

bool is_whole(const Cell::Copy& copy) {
  for (const std::uint64_t word : copy.words)
    if (word != copy.words[0]) return false;
  return true;
}

}  // namespace

TEST_CASE("a cell begins with zeros and reads what was written", "[sequence_cell]") {
  Cell cell;
  CHECK(is_whole(cell.read()));
  CHECK(cell.read().words[0] == 0);
  write(cell, 42);
  CHECK(is_whole(cell.read()));
  CHECK(cell.read().words[7] == 42);
  const std::uint64_t begun = cell.begin();
  cell.add(0, 8);
  cell.add(0, ~std::uint64_t{0});
  cell.end(begun);
  CHECK(cell.read().words[0] == 49);
}

TEST_CASE("sums of money take two words, up and down", "[sequence_cell]") {
  Cell cell;
  const auto add = [&](std::int64_t picodollars) {
    const std::uint64_t begun = cell.begin();
    cell.add_money(2, ts::Money::from_picodollars(picodollars));
    cell.end(begun);
    const auto copy = cell.read();
    return Cell::money_at(copy.words[2], copy.words[3]);
  };
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK((add(most) == ts::detail::int128{most}));
  CHECK((add(most) == ts::detail::int128{most} * 2));
  CHECK((add(most) == ts::detail::int128{most} * 3));
  for (int round = 0; round < 4; ++round) add(-most);
  CHECK((add(-1) == -ts::detail::int128{most} - 1));
  CHECK(cell.read().words[1] == 0);
  CHECK(cell.read().words[4] == 0);
}

TEST_CASE("a reader beside a hot writer sees whole states that never go back", "[sequence_cell]") {
  Cell cell;
  std::uint64_t torn = 0, steps_back = 0, last = 0, written = 0;
  {
    std::atomic<bool> done{false};
    std::latch both{2};
    std::jthread writer{[&] {
      both.arrive_and_wait();
      while (!done) write(cell, ++written);
    }};
    both.arrive_and_wait();
    for (int round = 0; round < 20'000; ++round) {
      const auto copy = cell.read();
      if (!is_whole(copy)) ++torn;
      if (copy.words[0] < last) ++steps_back;
      last = copy.words[0];
    }
    done = true;
  }
  CHECK(torn == 0);
  CHECK(steps_back == 0);
  CHECK(cell.read().words[0] == written);
}

TEST_CASE("a reader that always meets a write is handed the state by the writer", "[sequence_cell]") {
  Cell cell;
  write(cell, 1);
  const std::uint64_t begun = cell.begin();  // the reader finds a write in progress, 64 times and more
  for (std::size_t word = 0; word < Cell::size / 2; ++word) cell.set(word, 2);
  std::atomic<bool> has_read{false};
  Cell::Copy copy{};
  {
    std::jthread reader{[&] {
      copy = cell.read();
      has_read = true;
    }};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    CHECK_FALSE(has_read);
    for (std::size_t word = Cell::size / 2; word < Cell::size; ++word) cell.set(word, 2);
    cell.end(begun);
  }
  CHECK(is_whole(copy));
  CHECK(copy.words[0] == 2);
  write(cell, 3);  // the request is gone with its reader
  CHECK(cell.read().words[0] == 3);
}

TEST_CASE("a reader gets its answer also when the writer stops for good", "[sequence_cell]") {
  Cell cell;
  std::uint64_t torn = 0;
  for (int round = 0; round < 200; ++round) {
    std::jthread writer{[&] {
      for (std::uint64_t value = 1; value <= 100; ++value) write(cell, value);
    }};
    for (int read = 0; read < 20; ++read)
      if (!is_whole(cell.read())) ++torn;
  }
  CHECK(torn == 0);
  CHECK(cell.read().words[0] == 100);
}
