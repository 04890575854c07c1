// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/record.hpp>

#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The last call of a name, as far as its cell knows it.
struct LastCall {
  RecordId id{};
  std::int64_t start_utc = 0;
  std::int64_t end_utc = 0;
  bool reported = false;  ///< it reported tokens itself, which the cell does not know
  Usage usage{};          ///< what has been reported late so far
  Count estimated_input{}, estimated_output{};
  Cost cost{};

  /// What there is of its record, but for the Call.
  Record record(const Call& call) const noexcept {
    Record record{.call = call, .id = id, .start_utc = start_utc, .usage = usage, .cost = cost};
    record.metered.input_tokens = estimated_input;
    record.metered.output_tokens = estimated_output;
    record.input_source = source(usage.input_tokens, estimated_input);
    record.output_source = source(usage.output_tokens, estimated_output);
    return record;
  }

 private:
  static Source source(Count reported_tokens, Count estimated) noexcept {
    return reported_tokens.has_value() ? Source::reported : estimated.has_value() ? Source::estimated : Source::none;
  }
};

/// What late usage takes the place of: the estimates in the directions that it reports first, and the call's cost,
/// since the late record's cost is that of the call as a whole.
inline Superseded superseded_by(const Usage& late, const Record& call) noexcept {
  const auto replaced = [](Count late_count, Count reported, Count estimated) {
    return late_count.has_value() && !reported.has_value() ? estimated : Count{};
  };
  Cost cost = call.cost;
  cost.price_book = {};  // a text of the record that is about to be replaced
  return {replaced(late.input_tokens, call.usage.input_tokens, call.metered.input_tokens),
          replaced(late.output_tokens, call.usage.output_tokens, call.metered.output_tokens), cost};
}

/// Adds late usage to what is known of its call. Reported beats estimated.
inline void add_late_usage(Record& call, const Usage& late) noexcept {
  for (const UsageField& field : usage_fields) call.usage.*field.count += late.*field.count;
  if (late.input_tokens.has_value()) call.input_source = Source::reported;
  if (late.output_tokens.has_value()) call.output_source = Source::reported;
  call.finality = Finality::final;
}

}  // namespace tallyscope::inline v0::detail
