// SPDX-License-Identifier: MIT
#include <tallyscope/callback_sink.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tee.hpp>

#include "catch.hpp"

#include <new>
#include <thread>
#include <vector>

namespace ts = tallyscope;

TEST_CASE("every sink of a tee gets every record", "[tee]") {
  ts::RecordingSink first, second, third;
  ts::Tee tee{first, second, third};
  static_assert(ts::Sink<decltype(tee)>);
  for (int record = 0; record < 3; ++record) CHECK_FALSE(tee.write({.sequence = record}));
  for (const ts::RecordingSink* sink : {&first, &second, &third}) {
    REQUIRE(sink->size() == 3);
    CHECK(sink->records()[2]->sequence == ts::Count{2});
  }
}

TEST_CASE("a failing sink keeps nothing from the next one, and the first error is the answer", "[tee]") {
  ts::RecordingSink full{0}, broken, sound;
  broken.fail_with(std::make_error_code(std::errc::io_error));
  ts::Tee tee{sound, broken, full};
  CHECK(tee.write({}) == std::errc::io_error);
  CHECK(sound.size() == 1);
  broken.fail_with({});
  CHECK(tee.write({}) == ts::Error::full);
  CHECK(broken.size() == 1);
}

TEST_CASE("a throwing sink keeps nothing from the next one", "[tee]") {
  ts::CallbackSink throws_int{[](const ts::Record&) { throw 7; }};
  ts::CallbackSink throws_memory{[](const ts::Record&) { throw std::bad_alloc{}; }};
  ts::RecordingSink sound;
  ts::Tee tee{throws_int, throws_memory, sound};
  CHECK(tee.write({}) == ts::Error::sink_threw);
  CHECK(sound.size() == 1);
}

TEST_CASE("a tee flushes every sink and answers the first error", "[tee]") {
  ts::RecordingSink broken, sound;
  broken.fail_with(std::make_error_code(std::errc::io_error));
  ts::Tee tee{broken, sound};
  CHECK(tee.flush() == std::errc::io_error);
  broken.fail_with({});
  CHECK_FALSE(tee.flush());
}

TEST_CASE("a tee counts for each sink what became of its records", "[tee]") {
  ts::RecordingSink small{2}, sound;
  ts::CallbackSink throwing{[](const ts::Record&) { throw 7; }};
  ts::Tee tee{small, sound, throwing};
  for (int record = 0; record < 5; ++record) tee.write({});
  CHECK(tee.health<0>().delivered == 2);
  CHECK(tee.health<0>().dropped_for(ts::DropReason::queue_full) == 3);
  CHECK(tee.health<1>().delivered == 5);
  CHECK(tee.health<1>().dropped_in_all() == 0);
  CHECK(tee.health<2>().dropped_for(ts::DropReason::sink_threw) == 5);
  for (const ts::Health& health : {tee.health<0>(), tee.health<1>(), tee.health<2>()}) CHECK(health.recorded == 5);
}

TEST_CASE("a tee speaks for none of its sinks' health, so that a tracker counts its answers", "[tee]") {
  STATIC_REQUIRE_FALSE(ts::SinkWithHealth<ts::Tee<ts::RecordingSink>>);
}

TEST_CASE("the counts of a tee are exact under many threads", "[tee]") {
  ts::RecordingSink small{1'234}, sound;
  ts::Tee tee{small, sound};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int record = 0; record < 2'000; ++record) tee.write({});
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(tee.health<0>().delivered == 1'234);
  CHECK(tee.health<0>().dropped_in_all() == 8'000 - 1'234);
  CHECK(tee.health<1>().delivered == 8'000);
}

TEST_CASE("a tee may be a branch of a tee", "[tee]") {
  ts::RecordingSink first, second, third;
  ts::Tee inner{first, second};
  ts::Tee outer{inner, third};
  CHECK_FALSE(outer.write({}));
  CHECK(first.size() + second.size() + third.size() == 3);
}
