// SPDX-License-Identifier: MIT
#include <tallyscope/history_sink.hpp>

#include "catch.hpp"

#include <string>
#include <thread>
#include <vector>

namespace ts = tallyscope;

namespace {

template <class S>
void write_sequence(S& sink, int from, int to) {
  for (int number = from; number < to; ++number) {
    const std::string name = std::string(static_cast<std::size_t>(number % 7 * 30), 'x') + std::to_string(number);
    const ts::Call call{.name = name};
    sink.write({.call = call, .sequence = number});
  }
}

std::vector<std::int64_t> sequences(const std::vector<ts::StoredRecord>& records) {
  std::vector<std::int64_t> numbers;
  for (const ts::StoredRecord& record : records) numbers.push_back(record->sequence.value_or(-1));
  return numbers;
}

}  // namespace

TEST_CASE("a history holds the last records, the oldest first", "[history_sink]") {
  ts::HistorySink<4> sink;
  CHECK(sink.records().empty());
  write_sequence(sink, 0, 3);
  CHECK(sequences(sink.records()) == std::vector<std::int64_t>{0, 1, 2});
  write_sequence(sink, 3, 10);
  CHECK(sequences(sink.records()) == std::vector<std::int64_t>{6, 7, 8, 9});
}

TEST_CASE("a history keeps the texts, also where a longer record stood before", "[history_sink]") {
  ts::HistorySink<3> sink;
  write_sequence(sink, 0, 20);
  const auto records = sink.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0]->call.name == std::string(90, 'x') + "17");
  CHECK(records[1]->call.name == std::string(120, 'x') + "18");
  CHECK(records[2]->call.name == std::string(150, 'x') + "19");
}

TEST_CASE("a reset forgets everything and leaves earlier results as they are", "[history_sink]") {
  ts::HistorySink<> sink;
  write_sequence(sink, 0, 5);
  const auto before = sink.records();
  sink.reset();
  CHECK(sink.records().empty());
  write_sequence(sink, 7, 8);
  CHECK(sequences(before) == std::vector<std::int64_t>{0, 1, 2, 3, 4});
  CHECK(before[3]->call.name == std::string(90, 'x') + "3");
  CHECK(sequences(sink.records()) == std::vector<std::int64_t>{7});
}

TEST_CASE("a history is read while many threads write it", "[history_sink]") {
  ts::HistorySink<16> sink;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back([&] { write_sequence(sink, 0, 1'000); });
  std::size_t torn = 0;
  for (int round = 0; round < 50; ++round)
    for (const ts::StoredRecord& record : sink.records()) {
      const std::string number = std::to_string(record->sequence.value_or(-1));
      if (!std::string{record->call.name}.ends_with(number)) ++torn;
    }
  for (std::thread& thread : threads) thread.join();
  CHECK(torn == 0);
  CHECK(sink.records().size() == 16);
}
