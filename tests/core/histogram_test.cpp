// SPDX-License-Identifier: MIT
#include <tallyscope/detail/histogram.hpp>

#include "catch.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <random>

namespace {

using tallyscope::detail::bucket_of;
using tallyscope::detail::bucket_start;
using tallyscope::detail::histogram_buckets;

/// The bucket as the documentation defines it, looked for one by one.
std::size_t bucket_by_definition(std::uint64_t nanoseconds) {
  std::size_t bucket = 0;
  while (bucket + 1 < histogram_buckets && nanoseconds >= bucket_start(bucket + 1)) ++bucket;
  return bucket;
}

}  // namespace

TEST_CASE("buckets begin at 0, then at 1,024 ns, and go up by halves of an octave", "[histogram]") {
  CHECK(bucket_start(0) == 0);
  CHECK(bucket_start(1) == 1'024);
  CHECK(bucket_start(2) == 1'536);
  CHECK(bucket_start(3) == 2'048);
  CHECK(bucket_start(4) == 3'072);
  CHECK(bucket_start(histogram_buckets - 1) == std::uint64_t{1} << 41);
  for (std::size_t bucket = 1; bucket < histogram_buckets; ++bucket)
    CHECK(bucket_start(bucket) > bucket_start(bucket - 1));
}

TEST_CASE("a duration falls between the starts of its bucket and of the next", "[histogram]") {
  for (std::size_t bucket = 1; bucket < histogram_buckets; ++bucket) {
    const std::uint64_t start = bucket_start(bucket);
    CHECK(bucket_of(start) == bucket);
    CHECK(bucket_of(start - 1) == bucket - 1);
    CHECK(bucket_of(start + 1) == bucket);
  }
  std::mt19937_64 random{1};
  for (int round = 0; round < 100'000; ++round) {
    const std::uint64_t duration = random() >> (1 + random() % 63);
    if (bucket_of(duration) != bucket_by_definition(duration)) FAIL(duration);
  }
}

TEST_CASE("the ends of the scale are taken in", "[histogram]") {
  CHECK(bucket_of(0) == 0);
  CHECK(bucket_of(1) == 0);
  CHECK(bucket_of(std::numeric_limits<std::int64_t>::max()) == histogram_buckets - 1);
}

static_assert(bucket_of(5'000) == 5);
