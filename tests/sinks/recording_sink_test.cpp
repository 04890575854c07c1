// SPDX-License-Identifier: MIT
#include <tallyscope/recording_sink.hpp>

#include "catch.hpp"

#include <thread>
#include <vector>

namespace ts = tallyscope;

TEST_CASE("a recording sink keeps every record in the order of the writes", "[recording_sink]") {
  ts::RecordingSink sink;
  for (const char* model : {"gpt-4.1", "gpt-5"}) {
    const ts::Call call{.model = model};
    CHECK_FALSE(sink.write({.call = call, .usage = {.input_tokens = 3}}));
  }
  CHECK(sink.size() == 2);
  const auto records = sink.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0]->call.model == "gpt-4.1");
  CHECK(records[1]->call.model == "gpt-5");
  CHECK(records[1]->usage.input_tokens == ts::Count{3});
}

TEST_CASE("clearing a recording sink leaves earlier results as they are", "[recording_sink]") {
  ts::RecordingSink sink;
  sink.write({.sequence = 5});
  const auto before = sink.records();
  sink.clear();
  CHECK(sink.size() == 0);
  CHECK(sink.records().empty());
  CHECK(before.at(0)->sequence == ts::Count{5});
}

TEST_CASE("a recording sink says when it is full", "[recording_sink]") {
  ts::RecordingSink sink{2};
  CHECK_FALSE(sink.write({}));
  CHECK_FALSE(sink.write({}));
  CHECK(sink.write({}) == ts::Error::full);
  CHECK(sink.size() == 2);
  sink.clear();
  CHECK_FALSE(sink.write({}));
}

TEST_CASE("a recording sink fails until it is told to stop failing", "[recording_sink]") {
  ts::RecordingSink sink;
  sink.fail_with(std::make_error_code(std::errc::no_space_on_device));
  CHECK(sink.write({}) == std::errc::no_space_on_device);
  CHECK(sink.flush() == std::errc::no_space_on_device);
  CHECK(sink.size() == 0);
  sink.fail_with({});
  CHECK_FALSE(sink.write({}));
  CHECK_FALSE(sink.flush());
  CHECK(sink.size() == 1);
}

TEST_CASE("a recording sink throws as often as it is told to", "[recording_sink]") {
  ts::RecordingSink sink;
  sink.throw_next(2);
  CHECK_THROWS_WITH(sink.write({}), "RecordingSink was told to throw");
  CHECK_THROWS_AS(sink.write({}), std::runtime_error);
  CHECK_FALSE(sink.write({}));
  CHECK(sink.size() == 1);
}

TEST_CASE("a recording sink takes every record of many threads", "[recording_sink]") {
  ts::RecordingSink sink;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int record = 0; record < 500; ++record) sink.write({});
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(sink.size() == 2'000);
}
