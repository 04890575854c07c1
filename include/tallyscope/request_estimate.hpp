// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/identity.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// What a request will use and cost, as far as that is known before it is made. A cost that is not known is absent, not
/// 0 and not that of another model: all three where the model is unpriced, those of a direction without a rate, and
/// with it the total. Where the model is known to be free they are 0.
struct RequestEstimate {
  Count estimated_input_tokens{};
  Count estimated_output_tokens{};  ///< as the host expects
  std::optional<Money> estimated_input_cost{};
  std::optional<Money> estimated_output_cost{};
  std::optional<Money> estimated_total_cost{};

  CostState state = CostState::unpriced;  ///< of the total
  bool saturated = false;                 ///< the total is beyond what Money holds; the output alone is then absent
  bool exact = false;                     ///< the estimator counts as the model does
  float relative_error = 0;               ///< of the input tokens, as the estimator states it
  std::string_view price_book{};          ///< lives as long as the prices
};

/// How many tokens an answer has where the host has no better idea.
inline constexpr std::int64_t usual_output_tokens = 500;

/// The same of an operation: embeddings and rerank answer without a token.
constexpr std::int64_t usual_output_tokens_of(const Operation& operation) noexcept {
  const bool has_output = operation != Operation::embeddings && operation != Operation::rerank;
  return has_output ? usual_output_tokens : 0;
}

namespace detail {

/// Feeds a text, or each of several: a container of texts, or a list in braces.
template <class Meter, class Texts>
void feed_all(Meter& meter, const Texts& texts) {
  if constexpr (std::convertible_to<const Texts&, std::string_view>)
    meter.feed(std::string_view{texts});
  else
    for (const std::string_view text : texts) meter.feed(text);
}

template <Pricing P>
Cost expected_cost(const P& prices, const CallInfo& info, std::int64_t start_utc, Count input, Count output) noexcept {
  const Call call{.operation = info.operation, .provider = info.provider, .model = info.model, .region = info.region};
  Record record{.call = call, .input_source = Source::estimated, .output_source = Source::estimated};
  record.start_utc = start_utc;
  record.metered.input_tokens = input;
  record.metered.output_tokens = output;
  return prices.price(record);
}

}  // namespace detail

/// Estimates a request that is made now. The texts are counted as one, without what a provider adds for each message;
/// what they cost is by the rates of a call with so much input, and to the picodollar what `prices` would say of it.
/// Throws what the estimator and the clock throw; asks the prices twice.
template <Pricing P, Estimator E, Clock C, class Texts = std::initializer_list<std::string_view>>
RequestEstimate estimate_request(const P& prices, const E& estimator, const C& clock, const CallInfo& info,
                                 const Texts& texts, Count expected_output_tokens) {
  E meter = estimator.for_model(info.model);
  detail::feed_all(meter, texts);
  const Estimate input = meter.tokens();
  const std::int64_t now = clock.utc();
  const Cost total = detail::expected_cost(prices, info, now, input.tokens, expected_output_tokens);
  const Cost input_alone = detail::expected_cost(prices, info, now, input.tokens, 0);
  RequestEstimate estimate{.estimated_input_tokens = input.tokens,
                           .estimated_output_tokens = expected_output_tokens,
                           .state = total.state,
                           .saturated = total.saturated,
                           .exact = input.exact,
                           .relative_error = input.relative_error,
                           .price_book = total.price_book};
  if (input_alone.whole()) estimate.estimated_input_cost = input_alone.amount;
  if (total.whole()) estimate.estimated_total_cost = total.amount;
  // A cost is the sum of its lines, each rounded by itself: what the input leaves of it is what the output costs.
  if (total.whole() && input_alone.whole() && !total.saturated)
    estimate.estimated_output_cost = total.amount - input_alone.amount;
  return estimate;
}

/// The same with the output that is usual of the operation.
template <Pricing P, Estimator E, Clock C, class Texts = std::initializer_list<std::string_view>>
RequestEstimate estimate_request(const P& prices, const E& estimator, const C& clock, const CallInfo& info,
                                 const Texts& texts) {
  return estimate_request(prices, estimator, clock, info, texts, usual_output_tokens_of(info.operation));
}

/// The same by the prices, the estimator and the clock of a tracker: what a scope of the same CallInfo would cost.
template <class Tracker, class Texts = std::initializer_list<std::string_view>>
RequestEstimate estimate_request(const Tracker& tracker, const CallInfo& info, const Texts& texts,
                                 Count expected_output_tokens) {
  return estimate_request(tracker.prices(), tracker.estimator(), tracker.clock(), info, texts, expected_output_tokens);
}
template <class Tracker, class Texts = std::initializer_list<std::string_view>>
RequestEstimate estimate_request(const Tracker& tracker, const CallInfo& info, const Texts& texts) {
  return estimate_request(tracker, info, texts, usual_output_tokens_of(info.operation));
}

}  // namespace tallyscope::inline v0
