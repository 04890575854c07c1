// SPDX-License-Identifier: MIT
#include <tallyscope/any_sink.hpp>
#include <tallyscope/recording_sink.hpp>

#include "catch.hpp"

#include <memory>
#include <utility>

namespace ts = tallyscope;

namespace {

/// A sink whose life can be watched from outside.
struct Watched {
  std::shared_ptr<int> written;

  std::error_code write(const ts::Record&) {
    ++*written;
    return {};
  }
  std::error_code flush() { return std::make_error_code(std::errc::interrupted); }
};

}  // namespace

TEST_CASE("a sink that was not chosen discards everything", "[any_sink]") {
  ts::AnySink sink;
  CHECK_FALSE(sink.write({}));
  CHECK_FALSE(sink.flush());
}

TEST_CASE("a borrowed sink gets the records and outlives its borrower", "[any_sink]") {
  ts::RecordingSink recording;
  {
    ts::AnySink sink{recording};
    CHECK_FALSE(sink.write({.sequence = 4}));
  }
  REQUIRE(recording.size() == 1);
  CHECK(recording.records()[0]->sequence == ts::Count{4});
}

TEST_CASE("an owned sink is constructed from its arguments and ends with its owner", "[any_sink]") {
  const auto written = std::make_shared<int>(0);
  {
    ts::AnySink sink = ts::AnySink::make<Watched>(written);
    CHECK(written.use_count() == 2);
    CHECK_FALSE(sink.write({}));
    CHECK(sink.flush() == std::errc::interrupted);
  }
  CHECK(*written == 1);
  CHECK(written.use_count() == 1);
}

TEST_CASE("the errors of the chosen sink are the answers", "[any_sink]") {
  ts::AnySink sink = ts::AnySink::make<ts::RecordingSink>(1u);
  CHECK_FALSE(sink.write({}));
  CHECK(sink.write({}) == ts::Error::full);
}

TEST_CASE("moving hands over the sink, and what was moved from discards", "[any_sink]") {
  const auto written = std::make_shared<int>(0);
  ts::AnySink first = ts::AnySink::make<Watched>(written);
  ts::AnySink second = std::move(first);
  first.write({});
  second.write({});
  CHECK(*written == 1);
  ts::AnySink third;
  third = std::move(second);
  third.write({});
  CHECK(*written == 2);
  CHECK(written.use_count() == 2);
}

TEST_CASE("assigning ends the sink that was owned before", "[any_sink]") {
  const auto old = std::make_shared<int>(0);
  ts::RecordingSink recording;
  ts::AnySink sink = ts::AnySink::make<Watched>(old);
  sink = ts::AnySink{recording};
  CHECK(old.use_count() == 1);
  sink.write({});
  CHECK(recording.size() == 1);
  ts::AnySink& same = sink;
  sink = std::move(same);
  sink.write({});
  CHECK(recording.size() == 2);
}

TEST_CASE("sinks chosen at run time have one type", "[any_sink]") {
  ts::RecordingSink recording;
  for (const bool on : {false, true}) {
    ts::AnySink sink = on ? ts::AnySink{recording} : ts::AnySink{};
    sink.write({});
  }
  CHECK(recording.size() == 1);
}
