// SPDX-License-Identifier: MIT
#include <tallyscope/null_sink.hpp>

#include "catch.hpp"

#include <type_traits>
#include <utility>

namespace ts = tallyscope;

TEST_CASE("the null sink takes every record, keeps none and is not there", "[null_sink]") {
  ts::NullSink sink;
  CHECK(ts::Sink<ts::NullSink>);
  CHECK_FALSE(sink.write(ts::Record{}));
  CHECK_FALSE(sink.flush());
  CHECK(std::is_empty_v<ts::NullSink>);
  CHECK(noexcept(sink.write(std::declval<const ts::Record&>())));
  CHECK(noexcept(sink.flush()));
}

TEST_CASE("the null sink has no health of its own to tell", "[null_sink]") {
  CHECK_FALSE(ts::SinkWithHealth<ts::NullSink>);
}
