// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/record.hpp>

#include <cstdint>
#include <optional>

namespace tallyscope::inline v0::detail {

/// A call that late tokens may be reported for by its name: what the late record needs of it.
struct LateCall {
  RecordId id{};
  std::int64_t start_utc = 0;
  std::optional<Superseded> superseded{};  // its estimates and its cost, if nothing of it has been reported so far
};

/// What late usage takes the place of: the estimates in the directions that it reports first, and the call's cost,
/// since the late record's cost is that of the call as a whole.
inline Superseded superseded_by(const Usage& late, const Record& call) noexcept {
  const auto replaced = [](Count late_count, Count reported, Count estimated) {
    return late_count.has_value() && !reported.has_value() ? estimated : Count{};
  };
  return {replaced(late.input_tokens, call.usage.input_tokens, call.metered.input_tokens),
          replaced(late.output_tokens, call.usage.output_tokens, call.metered.output_tokens), call.cost};
}

/// Adds late usage to what is known of its call. Reported beats estimated.
inline void add_late_usage(Record& call, const Usage& late) noexcept {
  for (const UsageField& field : usage_fields) call.usage.*field.count += late.*field.count;
  if (late.input_tokens.has_value()) call.input_source = Source::reported;
  if (late.output_tokens.has_value()) call.output_source = Source::reported;
  call.finality = Finality::final;
}

}  // namespace tallyscope::inline v0::detail
