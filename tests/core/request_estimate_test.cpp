// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/request_estimate.hpp>
#include <tallyscope/tallyscope.hpp>

#include "catch.hpp"

#include <limits>
#include <string>
#include <vector>

namespace ts = tallyscope;
using State = ts::CostState;

namespace {

/// A token for each byte.
class Bytes {
 public:
  Bytes for_model(std::string_view) const { return {}; }
  void feed(std::string_view text) { tokens_ += static_cast<std::int64_t>(text.size()); }
  ts::Estimate tokens() const { return {.tokens = tokens_, .method = "bytes", .exact = true}; }

 private:
  std::int64_t tokens_ = 0;
};

/// Says the same whatever it is fed.
struct Fixed {
  std::int64_t count;
  Fixed for_model(std::string_view) const { return *this; }
  void feed(std::string_view) const {}
  ts::Estimate tokens() const { return {.tokens = count, .relative_error = 0.5f}; }
};

struct Throwing {
  Throwing for_model(std::string_view) const { return *this; }
  void feed(std::string_view) const { throw 7; }
  ts::Estimate tokens() const { return {}; }
};

struct Here {
  std::int64_t now = ts::utc_day(2026, 9, 23);
  std::int64_t steady() const { return 0; }
  std::int64_t utc() const { return now; }
};

ts::RequestEstimate of(const ts::CallInfo& info, std::int64_t input, ts::Count output = 500, Here here = {},
                       const ts::PriceBook& prices = {}) {
  return ts::estimate_request(prices, Fixed{input}, here, info, "text", output);
}

std::string dollars(const std::optional<ts::Money>& money) { return money ? money->exact() : "none"; }

}  // namespace

TEST_CASE("a request is estimated by its text and by the output that is expected", "[request_estimate]") {
  const ts::RequestEstimate estimate =
      ts::estimate_request(ts::PriceBook{}, Bytes{}, Here{}, {.model = "gpt-4.1"}, std::string(1000, 'x'));
  CHECK(estimate.estimated_input_tokens == 1000);
  CHECK(estimate.estimated_output_tokens == 500);
  CHECK(dollars(estimate.estimated_input_cost) == "0.002");
  CHECK(dollars(estimate.estimated_output_cost) == "0.004");
  CHECK(dollars(estimate.estimated_total_cost) == "0.006");
  CHECK(estimate.state == State::priced);
  CHECK(estimate.exact);
  CHECK_FALSE(estimate.saturated);
}

TEST_CASE("the host may expect another number of output tokens", "[request_estimate]") {
  CHECK(dollars(of({.model = "gpt-4.1"}, 1000, 2000).estimated_total_cost) == "0.018");
  const ts::RequestEstimate none = of({.model = "gpt-4.1"}, 1000, 0);
  CHECK(dollars(none.estimated_output_cost) == "0");
  CHECK(dollars(none.estimated_total_cost) == "0.002");
}

TEST_CASE("an unknown model has tokens and no figure of money", "[request_estimate]") {
  for (const std::string_view model : {"gptx", "", "gpt-4.1-pico"}) {
    INFO(model);
    const ts::RequestEstimate estimate = of({.model = model}, 1000);
    CHECK(estimate.state == State::unpriced);
    CHECK(estimate.estimated_input_tokens == 1000);
    CHECK_FALSE(estimate.estimated_input_cost);
    CHECK_FALSE(estimate.estimated_output_cost);
    CHECK_FALSE(estimate.estimated_total_cost);
  }
  CHECK(of({.provider = "azure", .model = "gpt-4.1"}, 1000).state == State::unpriced);
}

TEST_CASE("a provider that is free costs 0", "[request_estimate]") {
  const ts::RequestEstimate estimate = of({.provider = "ollama", .model = "qwen3:8b"}, 1000);
  CHECK(estimate.state == State::free);
  CHECK(dollars(estimate.estimated_input_cost) == "0");
  CHECK(dollars(estimate.estimated_output_cost) == "0");
  CHECK(dollars(estimate.estimated_total_cost) == "0");
}

TEST_CASE("above the threshold of the input both directions have their higher rates", "[request_estimate]") {
  const ts::RequestEstimate below = of({.model = "claude-sonnet-4-5"}, 200'000, 1000);
  CHECK(dollars(below.estimated_input_cost) == "0.6");
  CHECK(dollars(below.estimated_output_cost) == "0.015");
  CHECK(dollars(below.estimated_total_cost) == "0.615");
  const ts::RequestEstimate above = of({.model = "claude-sonnet-4-5"}, 200'001, 1000);
  CHECK(dollars(above.estimated_input_cost) == "1.200006");
  CHECK(dollars(above.estimated_output_cost) == "0.0225");
  CHECK(dollars(above.estimated_total_cost) == "1.222506");
}

TEST_CASE("the prices are those of the time when it is asked", "[request_estimate]") {
  CHECK(dollars(of({.model = "o3"}, 1000, 500, {ts::utc_day(2025, 6, 10) - 1}).estimated_total_cost) == "0.03");
  CHECK(dollars(of({.model = "o3"}, 1000, 500, {ts::utc_day(2025, 6, 10)}).estimated_total_cost) == "0.006");
}

TEST_CASE("a direction without a rate has no figure, and neither has the total", "[request_estimate]") {
  const ts::CallInfo embedding{.operation = ts::Operation::embeddings, .model = "text-embedding-3-small"};
  const ts::RequestEstimate both = of(embedding, 1'000'000, 500);
  CHECK(both.state == State::incomplete);
  CHECK(dollars(both.estimated_input_cost) == "0.02");
  CHECK_FALSE(both.estimated_output_cost);
  CHECK_FALSE(both.estimated_total_cost);
  CHECK(dollars(of(embedding, 1'000'000, 0).estimated_total_cost) == "0.02");
}

TEST_CASE("an operation without an output is expected to have none", "[request_estimate]") {
  ts::PriceBook prices;
  REQUIRE_FALSE(prices.set_rate({.model = "rerank-1", .input = ts::per_million("0.02")}));
  ts::MemorySink sink;
  const ts::Tracker tracker{sink, prices, Fixed{1'000'000}};
  for (const ts::CallInfo& info :
       {ts::CallInfo{.operation = ts::Operation::embeddings, .model = "text-embedding-3-small"},
        ts::CallInfo{.operation = ts::Operation::rerank, .model = "rerank-1"}})
    for (const ts::RequestEstimate& estimate : {ts::estimate_request(prices, Fixed{1'000'000}, Here{}, info, "text"),
                                                ts::estimate_request(tracker, info, "text")}) {
      INFO(info.model);
      CHECK(estimate.state == State::priced);
      CHECK(estimate.estimated_output_tokens == 0);
      CHECK(dollars(estimate.estimated_output_cost) == "0");
      CHECK(dollars(estimate.estimated_total_cost) == "0.02");
    }
  const ts::CallInfo text{.operation = ts::Operation::text_completion, .model = "gpt-4.1"};
  CHECK(ts::estimate_request(tracker, text, "text").estimated_output_tokens == 500);
}

TEST_CASE("an expected count that is none leaves the output and the total open", "[request_estimate]") {
  for (const ts::Count none : {ts::Count{}, ts::Count{-1}}) {
    const ts::RequestEstimate estimate = of({.model = "gpt-4.1"}, 1000, none);
    CHECK(estimate.state == State::incomplete);
    CHECK(dollars(estimate.estimated_input_cost) == "0.002");
    CHECK_FALSE(estimate.estimated_output_cost);
    CHECK_FALSE(estimate.estimated_total_cost);
  }
}

TEST_CASE("each direction is rounded by itself, and the total is their sum", "[request_estimate]") {
  ts::PriceBook thirds = ts::PriceBook::empty("thirds", "");
  const ts::Rate third{ts::Money::from_picodollars(1), 3};
  REQUIRE_FALSE(thirds.set_rate("m", third));
  const ts::RequestEstimate estimate = of({.model = "m"}, 5, 5, {}, thirds);  // 5/3 and 5/3, not 10/3
  CHECK(estimate.estimated_input_cost->picodollars() == 2);
  CHECK(estimate.estimated_output_cost->picodollars() == 2);
  CHECK(estimate.estimated_total_cost->picodollars() == 4);
}

TEST_CASE("a request beyond all money says so", "[request_estimate]") {
  const ts::RequestEstimate estimate = of({.model = "gpt-4.1"}, std::numeric_limits<std::int64_t>::max());
  CHECK(estimate.saturated);
  CHECK(estimate.estimated_total_cost->saturated());
  CHECK_FALSE(estimate.estimated_output_cost);
}

TEST_CASE("several texts are counted as one", "[request_estimate]") {
  const std::vector<std::string> messages{"abc", "", "defg"};
  const ts::CallInfo info{.model = "gpt-4.1"};
  const ts::PriceBook prices;
  const std::string answer = "hij";
  const char* const literal = "xy";
  CHECK(ts::estimate_request(prices, Bytes{}, Here{}, info, messages).estimated_input_tokens == 7);
  CHECK(ts::estimate_request(prices, Bytes{}, Here{}, info, {"ab", answer}).estimated_input_tokens == 5);
  CHECK(ts::estimate_request(prices, Bytes{}, Here{}, info, literal).estimated_input_tokens == 2);
  CHECK(ts::estimate_request(prices, Bytes{}, Here{}, info, "").estimated_input_tokens == 0);
  // Three texts of a character each are 3 / 3.5 tokens, rounded once.
  CHECK(ts::estimate_request(prices, ts::CharRatio{}, Here{}, info, {"a", "b", "c", "d"}).estimated_input_tokens == 1);
}

TEST_CASE("an estimate is what a scope of the same call comes to", "[request_estimate]") {
  ts::MemorySink sink;
  ts::PriceBook prices;
  REQUIRE_FALSE(prices.set_rate("house-7b", ts::per_million("1"), ts::per_million("3")));
  ts::Tracker tracker{sink, prices};
  const ts::CallInfo info{.provider = "house", .model = "house-7b"};
  const std::string prompt(3500, 'p'), reply(700, 'r');
  const ts::RequestEstimate estimate = ts::estimate_request(tracker, info, prompt, 200);
  {
    ts::TrackScope call{tracker, info};
    call.input_text(prompt);
    call.output_text(reply);
  }
  CHECK(estimate.estimated_input_tokens == 1000);
  CHECK(dollars(estimate.estimated_total_cost) == "0.0016");
  CHECK(sink.snapshot().total.estimated_cost().exact() == "0.0016");
  CHECK(estimate.price_book == "builtin 2026-09-23 + own rates");
  CHECK(estimate.relative_error == 0.25f);
  CHECK_FALSE(estimate.exact);
}

TEST_CASE("a tracker that is off by type estimates as well", "[request_estimate]") {
  const ts::Tracker<ts::NullSink> tracker;
  const ts::RequestEstimate estimate = ts::estimate_request(tracker, {.model = "gpt-4.1"}, std::string(3500, 'p'));
  CHECK(dollars(estimate.estimated_total_cost) == "0.006");
}

TEST_CASE("what an estimator throws reaches the host that asked", "[request_estimate]") {
  CHECK_THROWS_AS(ts::estimate_request(ts::PriceBook{}, Throwing{}, Here{}, {.model = "gpt-4.1"}, "x"), int);
}
