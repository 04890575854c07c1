// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/detail/text.hpp>
#include <tallyscope/record.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0::detail {

/// Where the tokens of a direction come from.
[[gnu::always_inline]] inline Source source_of(Count reported, Count estimated, Finality finality) noexcept {
  if (reported.has_value()) return finality == Finality::partial ? Source::partial : Source::reported;
  return estimated.has_value() ? Source::estimated : Source::none;
}

/// A call that was turned away before it gave anything back has used nothing: the texts meant for it are no tokens.
inline bool was_refused(const Record& record) noexcept {
  return (record.outcome == Outcome::rate_limited || record.outcome == Outcome::policy_blocked) &&
         !record.usage.input_tokens.has_value() && record.output_tokens().value_or(0) == 0;
}

/// Counts the texts of one call in characters and estimates their tokens; keeps nothing of them. What an estimator
/// throws ends here: its estimate is then that of what it took.
template <class Estimator>
class Metering {
 public:
  void feed_input(const Estimator& prototype, std::string_view model, std::string_view text) noexcept {
    feed(input_, prototype, model, text);
  }
  void feed_output(const Estimator& prototype, std::string_view model, std::string_view text) noexcept {
    feed(output_, prototype, model, text);
  }

  /// Enters what was counted, and where the tokens of the record come from.
  void put_into(Record& record) const noexcept {
    if (input_) put(*input_, record.metered, record.metered.characters_in, record.metered.input_tokens);
    if (output_) put(*output_, record.metered, record.metered.characters_out, record.metered.output_tokens);
    if (was_refused(record)) record.metered.input_tokens = record.metered.output_tokens = {};
    record.input_source = source_of(record.usage.input_tokens, record.metered.input_tokens, record.finality);
    record.output_source = source_of(record.usage.output_tokens, record.metered.output_tokens, record.finality);
  }

  /// Shows an estimator that learns what became of its estimates, of one text at a time: what it said of each may be by
  /// another method. Others cost nothing.
  void teach(const Estimator& prototype, const Record& record) const noexcept {
    if constexpr (LearningEstimator<Estimator>) {
      if (input_) teach(*input_, prototype, record, &Metered::output_tokens);
      if (output_) teach(*output_, prototype, record, &Metered::input_tokens);
    }
  }

 private:
  struct Meter {
    Estimator estimator;
    std::int64_t characters = 0;
  };

  static void feed(std::optional<Meter>& meter, const Estimator& prototype, std::string_view model,
                   std::string_view text) noexcept {
    static_cast<void>(guarded([&] {
      if (!meter) meter.emplace(Meter{prototype.for_model(model)});
      meter->characters += static_cast<std::int64_t>(count_code_points(text));
      meter->estimator.feed(text);
      return std::error_code{};
    }));
  }

  static void teach(const Meter& meter, const Estimator& prototype, Record record, Count Metered::*other) noexcept {
    static_cast<void>(guarded([&] {
      const Estimate estimate = meter.estimator.tokens();
      record.metered.estimator = estimate.method;
      record.metered.relative_error = estimate.relative_error;
      record.metered.*other = {};
      prototype.learn(record);
      return std::error_code{};
    }));
  }

  static void put(const Meter& meter, Metered& metered, Count& characters, Count& tokens) noexcept {
    characters = meter.characters;
    Estimate estimate;
    static_cast<void>(guarded([&] {
      estimate = meter.estimator.tokens();
      return std::error_code{};
    }));
    tokens = estimate.tokens;
    metered.estimator = estimate.method;
    metered.relative_error = estimate.relative_error;
  }

  std::optional<Meter> input_{};
  std::optional<Meter> output_{};
};

}  // namespace tallyscope::inline v0::detail
