// SPDX-License-Identifier: MIT
#include <tallyscope/callback_sink.hpp>

#include "catch.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ts = tallyscope;

TEST_CASE("the function of a callback sink is given each record", "[callback_sink]") {
  std::vector<std::string> models;
  ts::CallbackSink sink{[&](const ts::Record& record) { models.emplace_back(record.call.model); }};
  static_assert(ts::Sink<decltype(sink)>);
  for (const char* model : {"gpt-4.1", "claude-sonnet-4-5"}) {
    const ts::Call call{.model = model};
    CHECK_FALSE(sink.write({.call = call}));
  }
  CHECK(models == std::vector<std::string>{"gpt-4.1", "claude-sonnet-4-5"});
  CHECK_FALSE(sink.flush());
}

TEST_CASE("the error that a callback returns is the answer of the write", "[callback_sink]") {
  ts::CallbackSink sink{[](const ts::Record&) { return std::make_error_code(std::errc::host_unreachable); }};
  CHECK(sink.write({}) == std::errc::host_unreachable);
}

TEST_CASE("what a callback throws reaches the caller, who guards it", "[callback_sink]") {
  ts::CallbackSink sink{[](const ts::Record&) { throw std::runtime_error{"no"}; }};
  CHECK_THROWS_AS(sink.write({}), std::runtime_error);
}

TEST_CASE("a callback may be a plain function or hold what cannot be copied", "[callback_sink]") {
  struct Counter {
    static void count(const ts::Record&) {}
  };
  ts::CallbackSink plain{&Counter::count};
  CHECK_FALSE(plain.write({}));
  int calls = 0;
  ts::CallbackSink owner{[&calls, box = std::make_unique<int>(2)](const ts::Record&) { calls += *box; }};
  CHECK_FALSE(owner.write({}));
  CHECK(calls == 2);
}

TEST_CASE("a callback runs in the threads whose calls have ended", "[callback_sink]") {
  std::atomic<int> calls{0};
  ts::CallbackSink sink{[&](const ts::Record&) { ++calls; }};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int record = 0; record < 1'000; ++record) sink.write({});
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(calls == 4'000);
}
