// SPDX-License-Identifier: MIT
#include <tallyscope/health.hpp>

#include "catch.hpp"

#include <iterator>
#include <string_view>

namespace ts = tallyscope;

TEST_CASE("every reason to drop a record has its name and its count", "[health]") {
  const auto name = [](ts::DropReason reason) { return ts::drop_reason_names[static_cast<std::size_t>(reason)]; };
  CHECK(name(ts::DropReason::sink_error) == "sink_error");
  CHECK(name(ts::DropReason::sink_threw) == "sink_threw");
  CHECK(name(ts::DropReason::queue_full) == "queue_full");
  CHECK(name(ts::DropReason::out_of_memory) == "out_of_memory");
  CHECK(std::size(ts::drop_reason_names) == ts::drop_reason_count);
  CHECK(std::size(ts::Health{}.dropped) == ts::drop_reason_count);
}

TEST_CASE("the dropped are counted by reason and in all", "[health]") {
  ts::Health health{.recorded = 1'119, .delivered = 3, .pending = 5};
  std::uint64_t lost = 1;
  for (std::uint64_t& count : health.dropped) count = lost, lost *= 10;
  CHECK(health.dropped_for(ts::DropReason::sink_error) == 1);
  CHECK(health.dropped_for(ts::DropReason::sink_threw) == 10);
  CHECK(health.dropped_for(ts::DropReason::queue_full) == 100);
  CHECK(health.dropped_for(ts::DropReason::out_of_memory) == 1'000);
  CHECK(health.dropped_in_all() == 1'111);
  CHECK(health.recorded == health.delivered + health.dropped_in_all() + health.pending);
}

TEST_CASE("two states of health differ by any one count", "[health]") {
  const ts::Health healthy{};
  CHECK(healthy == ts::Health{});
  CHECK(healthy.dropped_in_all() == 0);
  CHECK_FALSE(healthy == ts::Health{.recorded = 1});
  CHECK_FALSE(healthy == ts::Health{.delivered = 1});
  CHECK_FALSE(healthy == ts::Health{.pending = 1});
  for (std::size_t reason = 0; reason < ts::drop_reason_count; ++reason) {
    ts::Health other{};
    other.dropped[reason] = 1;
    CHECK_FALSE(healthy == other);
  }
}
