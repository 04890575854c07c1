// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/char_ratio.hpp>

#include "catch.hpp"

#include <limits>
#include <string>
#include <type_traits>

namespace ts = tallyscope;

namespace {

std::int64_t tokens_of(std::string_view text, const ts::CharRatio& prototype = {}, std::string_view model = "") {
  ts::CharRatio meter = prototype.for_model(model);
  meter.feed(text);
  return meter.tokens().tokens.value_or(-1);
}

std::int64_t tokens_of(std::size_t characters, const ts::CharRatio& prototype = {}, std::string_view model = "") {
  return tokens_of(std::string(characters, 'x'), prototype, model);
}

constexpr ts::ModelRatio ratios[] = {{"claude", 3.0}, {"claude-sonnet", 2.5}, {"gpt-4.1", 4.0}, {"", 1.0}};

}  // namespace

TEST_CASE("a token is 3.5 characters, rounded down, and at least one", "[char_ratio]") {
  CHECK(tokens_of(0) == 0);
  CHECK(tokens_of(1) == 1);
  CHECK(tokens_of(6) == 1);
  CHECK(tokens_of(7) == 2);
  CHECK(tokens_of(100) == 28);
  CHECK(tokens_of(800) == 228);
  CHECK(tokens_of(1000) == 285);
  CHECK(tokens_of(8000) == 2285);
}

TEST_CASE("what is fed in pieces is rounded once", "[char_ratio]") {
  ts::CharRatio meter = ts::CharRatio{}.for_model("gpt-4.1");
  for (int piece = 0; piece < 10; ++piece) meter.feed(std::string(800, 'x'));
  CHECK(meter.tokens().tokens == 2285);
}

TEST_CASE("characters are code points, also those that two pieces share", "[char_ratio]") {
  const std::string text = "日本語";
  CHECK(tokens_of(text) == 1);
  ts::CharRatio bytewise;
  for (const char byte : text) bytewise.feed({&byte, 1});
  CHECK(bytewise.tokens().tokens == 1);
  std::string seven;
  for (int time = 0; time < 7; ++time) seven += "語";
  CHECK(tokens_of(seven) == 2);
}

TEST_CASE("a text of broken bytes alone is not nothing", "[char_ratio]") { CHECK(tokens_of("\x80\x80") == 1); }

TEST_CASE("feeding nothing is no text", "[char_ratio]") {
  ts::CharRatio meter;
  meter.feed("");
  CHECK(meter.tokens().tokens == 0);
}

TEST_CASE("an estimate says what made it and how far it may be off", "[char_ratio]") {
  const ts::Estimate estimate = ts::CharRatio{}.tokens();
  CHECK(estimate.method == "char_ratio");
  CHECK_FALSE(estimate.exact);
  CHECK(estimate.relative_error == 0.25f);
}

TEST_CASE("another ratio is exact to the thousandth", "[char_ratio]") {
  CHECK(tokens_of(32, ts::CharRatio{3.2}) == 10);
  CHECK(tokens_of(31, ts::CharRatio{3.2}) == 9);
  CHECK(tokens_of(10, ts::CharRatio{0.5}) == 20);
  CHECK(tokens_of(3333, ts::CharRatio{3.333}) == 1000);
}

TEST_CASE("a ratio that is none is taken as 3.5", "[char_ratio]") {
  using Limits = std::numeric_limits<double>;
  for (const double ratio :
       {0.0, -1.0, Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), 1e9, Limits::denorm_min()})
    CHECK(tokens_of(700, ts::CharRatio{ratio}) == 200);
}

TEST_CASE("a model has its own ratio by its name or by a beginning of it that is a word", "[char_ratio]") {
  constexpr ts::CharRatio prototype{3.5, ratios};
  CHECK(tokens_of(600, prototype, "claude") == 200);
  CHECK(tokens_of(600, prototype, "claude-haiku-4-5") == 200);
  CHECK(tokens_of(600, prototype, "claude-sonnet-4-5") == 240);  // the longest that fits
  CHECK(tokens_of(600, prototype, "gpt-4.1@2025") == 150);
  CHECK(tokens_of(700, prototype, "gpt-4.10") == 200);
  CHECK(tokens_of(700, prototype, "claudia") == 200);
  CHECK(tokens_of(700, prototype, "gpt-4") == 200);
  CHECK(tokens_of(700, prototype, "") == 200);
}

TEST_CASE("a meter starts from nothing, whatever its prototype was fed", "[char_ratio]") {
  ts::CharRatio used{3.5, ratios};
  used.feed("some text");
  CHECK(used.for_model("gpt-5").tokens().tokens == 0);
}

TEST_CASE("the largest text does not overflow the count", "[char_ratio]") {
  ts::CharRatio meter{1000.0};
  meter.feed(std::string(1'000'000, 'x'));
  CHECK(meter.tokens().tokens == 1000);
  STATIC_REQUIRE(std::is_trivially_copyable_v<ts::CharRatio>);
  STATIC_REQUIRE(sizeof(ts::CharRatio) == 24);
}
