// SPDX-License-Identifier: MIT
#include <tallyscope/clock.hpp>
#include <tallyscope/concepts.hpp>

#include "catch.hpp"

#include <cstdint>
#include <string_view>
#include <system_error>

namespace ts = tallyscope;

namespace {

struct GoodSink {
  std::error_code write(const ts::Record&) { return {}; }
  std::error_code flush() { return {}; }
};
struct SinkThatAnswersBool : GoodSink {
  bool write(const ts::Record&) { return true; }
};
struct SinkThatAnswersNothing : GoodSink {
  void write(const ts::Record&) {}
};
struct SinkThatWantsToChangeTheRecord : GoodSink {
  std::error_code write(ts::Record&) { return {}; }
};
struct SinkWithoutFlush {
  std::error_code write(const ts::Record&) { return {}; }
};
struct SinkWithHealthOfItsOwn : GoodSink {
  ts::Health health() const { return {}; }
};
struct SinkWithMutableHealth : GoodSink {
  ts::Health health() { return {}; }
};
struct SinkWithAnotherHealth : GoodSink {
  bool health() const { return true; }
};

struct GoodEstimator {
  GoodEstimator for_model(std::string_view) const { return {}; }
  void feed(std::string_view) {}
  ts::Estimate tokens() const { return {}; }
};
struct EstimatorOfAnInt : GoodEstimator {
  EstimatorOfAnInt for_model(std::string_view) const { return {}; }
  int tokens() const { return 0; }
};
struct EstimatorOfAnotherKind : GoodEstimator {};  // for_model gives a GoodEstimator
struct EstimatorThatMustBeMutable : GoodEstimator {
  EstimatorThatMustBeMutable for_model(std::string_view) { return {}; }
};

struct GoodPricing {
  ts::Cost price(const ts::Record&) const noexcept { return {}; }
};
struct PricingThatMayThrow {
  ts::Cost price(const ts::Record&) const { return {}; }
};
struct PricingInMoney {
  ts::Money price(const ts::Record&) const noexcept { return {}; }
};
struct MutablePricing {
  ts::Cost price(const ts::Record&) noexcept { return {}; }
};

struct GoodClock {
  std::int64_t steady() const { return 0; }
  std::int64_t utc() const { return 0; }
};
struct ClockInSeconds : GoodClock {
  double utc() const { return 0; }
};
struct ClockWithoutUtc {
  std::int64_t steady() const { return 0; }
};

}  // namespace

TEST_CASE("a sink is two verbs that answer with an error code", "[concepts]") {
  CHECK(ts::Sink<GoodSink>);
  CHECK_FALSE(ts::Sink<SinkThatAnswersBool>);
  CHECK_FALSE(ts::Sink<SinkThatAnswersNothing>);
  CHECK_FALSE(ts::Sink<SinkWithoutFlush>);
  CHECK_FALSE(ts::Sink<int>);
  CHECK_FALSE(ts::Sink<const GoodSink>);
}

TEST_CASE("a sink cannot ask for a record that it may change", "[concepts]") {
  CHECK_FALSE(ts::Sink<SinkThatWantsToChangeTheRecord>);
}

TEST_CASE("a sink's health is optional and must be readable from a const sink", "[concepts]") {
  CHECK_FALSE(ts::SinkWithHealth<GoodSink>);
  CHECK(ts::SinkWithHealth<SinkWithHealthOfItsOwn>);
  CHECK(ts::Sink<SinkWithMutableHealth>);
  CHECK_FALSE(ts::SinkWithHealth<SinkWithMutableHealth>);
  CHECK_FALSE(ts::SinkWithHealth<SinkWithAnotherHealth>);
}

TEST_CASE("an estimator makes meters of its own type and answers with an estimate", "[concepts]") {
  CHECK(ts::Estimator<GoodEstimator>);
  CHECK_FALSE(ts::Estimator<EstimatorOfAnInt>);
  CHECK_FALSE(ts::Estimator<EstimatorOfAnotherKind>);
  CHECK_FALSE(ts::Estimator<EstimatorThatMustBeMutable>);
}

TEST_CASE("a pricing answers with a cost and promises not to throw", "[concepts]") {
  CHECK(ts::Pricing<GoodPricing>);
  CHECK_FALSE(ts::Pricing<PricingThatMayThrow>);
  CHECK_FALSE(ts::Pricing<PricingInMoney>);
  CHECK_FALSE(ts::Pricing<MutablePricing>);
}

TEST_CASE("a clock counts whole nanoseconds twice", "[concepts]") {
  CHECK(ts::Clock<GoodClock>);
  CHECK(ts::Clock<ts::SystemClock>);
  CHECK_FALSE(ts::Clock<ClockInSeconds>);
  CHECK_FALSE(ts::Clock<ClockWithoutUtc>);
}

TEST_CASE("an estimate of which nothing is known claims neither tokens nor exactness", "[concepts]") {
  const ts::Estimate estimate{};
  CHECK_FALSE(estimate.tokens.has_value());
  CHECK_FALSE(estimate.exact);
  CHECK(estimate.method.empty());
}
