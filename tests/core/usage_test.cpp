// SPDX-License-Identifier: MIT
#include <tallyscope/usage.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ts = tallyscope;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

/// A count of every order of magnitude, now and then absent, zero, refused or the largest.
ts::Count random_count(std::mt19937_64& random) {
  switch (random() % 8) {
    case 0:
      return {};
    case 1:
      return 0;
    case 2:
      return -1;
    case 3:
      return largest;
    default:
      return static_cast<std::int64_t>(random() >> (1 + random() % 63));
  }
}

}  // namespace

TEST_CASE("a count that nobody gave is absent, which is not zero", "[usage]") {
  constexpr ts::Count absent;
  constexpr ts::Count zero = 0;
  CHECK_FALSE(absent.has_value());
  CHECK_FALSE(absent.refused());
  CHECK(absent.value_or(7) == 7);
  CHECK(zero.has_value());
  CHECK(zero.value_or(7) == 0);
  CHECK_FALSE(absent == zero);
}

TEMPLATE_TEST_CASE("a count takes an integer of any type and refuses the negative and what int64 cannot hold",
                   "[usage]", signed char, short, int, long, long long, unsigned char, unsigned short, unsigned,
                   unsigned long, unsigned long long, char, char8_t, char16_t, char32_t, wchar_t) {
  using Limits = std::numeric_limits<TestType>;
  const ts::Count zero = TestType{0};
  CHECK(zero.has_value());
  CHECK(zero.value_or(7) == 0);

  const ts::Count most = Limits::max();
  constexpr bool fits = static_cast<std::uintmax_t>(Limits::max()) <= static_cast<std::uintmax_t>(largest);
  CHECK(most.has_value() == fits);
  CHECK(most.refused() == !fits);
  CHECK(most.value_or(7) == (fits ? static_cast<std::int64_t>(Limits::max()) : 7));

  if constexpr (std::is_signed_v<TestType>) {
    for (const TestType negative : {static_cast<TestType>(-1), static_cast<TestType>(-2), Limits::min()}) {
      const ts::Count count = negative;
      CHECK(count.refused());
      CHECK_FALSE(count.has_value());
      CHECK(count.value_or(7) == 7);
    }
  }
}

TEST_CASE("the largest int64 is a count and one more is refused", "[usage]") {
  CHECK(ts::Count{largest}.value_or(0) == largest);
  CHECK(ts::Count{static_cast<std::uint64_t>(largest)}.value_or(0) == largest);
  CHECK(ts::Count{static_cast<std::uint64_t>(largest) + 1}.refused());
}

TEST_CASE("truth and fractions are not token counts", "[usage]") {
  CHECK_FALSE(std::is_convertible_v<bool, ts::Count>);
  CHECK_FALSE(std::is_constructible_v<ts::Count, bool>);
}

TEST_CASE("a sum of counts is what is known, and stays at the largest int64", "[usage]") {
  std::mt19937_64 random{1};
  for (int round = 0; round < 200'000; ++round) {
    ts::Count sum;
    bool known = false;
    unsigned long long expected = 0;  // saturated by hand: two int64 fit
    for (int terms = static_cast<int>(random() % 5); terms > 0; --terms) {
      const ts::Count term = random_count(random);
      sum += term;
      known = known || term.has_value();
      expected = std::min(expected + static_cast<unsigned long long>(term.value_or(0)),
                          static_cast<unsigned long long>(largest));
    }
    if (sum.has_value() != known || sum.value_or(0) != static_cast<std::int64_t>(expected))
      FAIL("round " << round << ": " << sum.value_or(-1) << " instead of " << expected);
  }
}

TEST_CASE("the order in which counts are added does not matter", "[usage]") {
  std::mt19937_64 random{2};
  for (int round = 0; round < 2'000; ++round) {
    std::vector<ts::Count> counts(10);
    for (ts::Count& count : counts) count = random_count(random);
    ts::Count forwards, shuffled;
    for (const ts::Count count : counts) forwards += count;
    std::shuffle(counts.begin(), counts.end(), random);
    for (const ts::Count count : counts) shuffled += count;
    if (forwards.value_or(-1) != shuffled.value_or(-1)) FAIL("round " << round);
  }
}

TEST_CASE("the table of fields names every count of a usage once", "[usage]") {
  CHECK(sizeof(ts::Usage) == ts::usage_field_count * sizeof(ts::Count));  // no count outside of the table
  std::set<std::string_view> keys;
  ts::Usage usage;
  std::int64_t number = 0;
  for (const ts::UsageField& field : ts::usage_fields) {
    keys.insert(field.key);
    CHECK_FALSE((usage.*field.count).has_value());  // a member that stands twice has been set already
    usage.*field.count = ++number;
  }
  CHECK(keys.size() == ts::usage_field_count);
}

TEST_CASE("the table gives each count the key of format 1", "[usage]") {
  const ts::Usage usage{.input_tokens = 1,
                        .output_tokens = 2,
                        .cache_read = 3,
                        .cache_write = 4,
                        .cache_write_5m = 5,
                        .cache_write_1h = 6,
                        .input_audio = 7,
                        .reasoning = 8,
                        .output_audio = 9,
                        .web_searches = 10,
                        .requests = 11,
                        .tool_calls = 12,
                        .cache_read_audio = 13,
                        .cache_read_image = 14,
                        .input_image = 15,
                        .input_video = 16,
                        .output_image = 17,
                        .file_searches = 18,
                        .search_units = 19,
                        .pages = 20,
                        .audio_milliseconds = 21};
  const std::pair<std::string_view, std::int64_t> expected[] = {{"input_tokens", 1},
                                                                {"output_tokens", 2},
                                                                {"cache_read_tokens", 3},
                                                                {"cache_write_tokens", 4},
                                                                {"cache_write_5m_tokens", 5},
                                                                {"cache_write_1h_tokens", 6},
                                                                {"input_audio_tokens", 7},
                                                                {"reasoning_tokens", 8},
                                                                {"output_audio_tokens", 9},
                                                                {"web_searches", 10},
                                                                {"requests", 11},
                                                                {"tool_calls", 12},
                                                                {"cache_read_audio_tokens", 13},
                                                                {"cache_read_image_tokens", 14},
                                                                {"input_image_tokens", 15},
                                                                {"input_video_tokens", 16},
                                                                {"output_image_tokens", 17},
                                                                {"file_searches", 18},
                                                                {"search_units", 19},
                                                                {"pages", 20},
                                                                {"audio_milliseconds", 21}};
  REQUIRE(std::size(ts::usage_fields) == std::size(expected));
  std::size_t place = 0;
  for (const ts::UsageField& field : ts::usage_fields) {
    CHECK(field.key == expected[place].first);
    CHECK((usage.*field.count).value_or(-1) == expected[place].second);
    ++place;
  }
}

TEST_CASE("usages add field by field, and what neither knows stays absent", "[usage]") {
  std::mt19937_64 random{3};
  for (int round = 0; round < 5'000; ++round) {
    ts::Usage left, right;
    for (const ts::UsageField& field : ts::usage_fields) {
      left.*field.count = random_count(random);
      right.*field.count = random_count(random);
    }
    ts::Usage sum = left;
    sum += right;
    for (const ts::UsageField& field : ts::usage_fields) {
      ts::Count expected = left.*field.count;
      expected += right.*field.count;
      if (!(sum.*field.count == expected)) FAIL("round " << round << ", " << field.key);
    }
  }
}
