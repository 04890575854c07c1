// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/health.hpp>
#include <tallyscope/record.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0 {

/// What happens to a record.
///   sink.write(record)  takes it, from many threads at once; an error code says it was not taken. Must copy the texts
///                       it keeps: they are valid only during the call. Should not throw; what it throws is caught and
///                       counted.
///   sink.flush()        brings what was taken to where it lasts.
///   sink.health()       optional: what became of the records that write() took, for a sink that works later:
///   delivered,
///                       dropped and pending. Those that write() refused are not in it.
template <class S>
concept Sink = requires(S& sink, const Record& record) {
  { sink.write(record) } -> std::same_as<std::error_code>;
  { sink.flush() } -> std::same_as<std::error_code>;
};

/// A sink that knows better than write()'s answer what became of its records.
template <class S>
concept SinkWithHealth = Sink<S> && requires(const S& sink) {
  { sink.health() } -> std::same_as<Health>;
};

/// Tokens of a text that has not been, or will not be, counted by its provider.
struct Estimate {
  Count tokens{};
  std::string_view method{};  ///< a constant text
  bool exact = false;
  float relative_error = 0;  ///< of the method on ordinary text; 0 when exact or not known
};

/// Counts tokens of the texts that pass through a scope.
///   prototype.for_model(model)  a fresh meter for one direction of one call
///   meter.feed(text)            piece by piece; a piece may end inside a character
///   meter.tokens()              the estimate for all that was fed, rounded once: 0 for no text, else at least 1
///   prototype.learn(record)     optional: what the provider counted, beside what was estimated
template <class E>
concept Estimator = requires(const E& prototype, E& meter, const E& read, std::string_view text) {
  { prototype.for_model(text) } -> std::same_as<E>;
  meter.feed(text);
  { read.tokens() } -> std::same_as<Estimate>;
};

/// An estimator that learns: a tracker shows it the record of each call for each text that it estimated, with that text
/// alone in `metered`, from many threads at once. What it throws is swallowed.
template <class E>
concept LearningEstimator = Estimator<E> && requires(const E& prototype, const Record& record) {
  prototype.learn(record);
};

/// Prices a record from what the record holds.
///   pricing.price(record)  never throws, never guesses; may be called from many threads at once
template <class P>
concept Pricing = requires(const P& pricing, const Record& record) {
  { pricing.price(record) }
  noexcept->std::same_as<Cost>;
};

/// A pricing that has a shorter way for usual calls. Those with a price_hash of 0 are not_applicable. For those that
/// report both totals and nothing else it answers the picodollars that price() would call `priced`, or -1 to be asked
/// the long way; text() is what price() puts into Cost::price_book.
template <class P>
concept QuickPricing = Pricing<P> && requires(const P& pricing, const Call& call, std::int64_t number) {
  { pricing.quick_price(call, number, number, number) }
  noexcept->std::same_as<std::int64_t>;
  { pricing.text() }
  noexcept->std::same_as<std::string_view>;
};

/// Nanoseconds.
///   clock.steady()  monotonic
///   clock.utc()     since 1970-01-01T00:00:00Z
template <class C>
concept Clock = requires(const C& clock) {
  { clock.steady() } -> std::same_as<std::int64_t>;
  { clock.utc() } -> std::same_as<std::int64_t>;
};

}  // namespace tallyscope::inline v0
