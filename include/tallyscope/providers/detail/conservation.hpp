// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/diagnostic.hpp>
#include <tallyscope/usage.hpp>

#include <initializer_list>

// What providers count, brought to one form: inclusive totals, disjoint parts, and nothing below zero.
namespace tallyscope::inline v0::detail {

/// What is known of these together; refused if one of them is.
constexpr Count sum(std::initializer_list<Count> counts) noexcept {
  Count total;
  for (const Count count : counts) {
    if (count.refused()) return count;
    total += count;
  }
  return total;
}

/// What is left of `whole` without `part`, which belongs to it; where the part is more, 0, and said so.
constexpr Count without(Count whole, Count part, Diagnostics& diagnostics) noexcept {
  if (!whole.has_value() || !part.has_value()) return whole;
  if (part.value_or(0) <= whole.value_or(0)) return whole.value_or(0) - part.value_or(0);
  diagnostics.set(Diagnostic::parts_exceed_total);
  return 0;
}

/// What was written to the cache, told apart by how long it lives. What is written beyond the two lifetimes lives
/// nobody knows how long.
constexpr void give_cache_writes(Count written, Count five_minutes, Count one_hour, Usage& usage,
                                 Diagnostics& diagnostics) noexcept {
  const Count split = sum({five_minutes, one_hour});
  usage.cache_write_5m = five_minutes;
  usage.cache_write_1h = one_hour;
  if (!split.has_value()) usage.cache_write = written;
  if (!split.has_value() || !written.has_value() || written == split) return;
  diagnostics.set(Diagnostic::total_mismatch);
  if (written.value_or(0) > split.value_or(0)) usage.cache_write = written.value_or(0) - split.value_or(0);
}

/// The inclusive total of a provider that counts what the cache served and took beside its input.
constexpr Count input_with_cache(Count input, const Usage& usage) noexcept {
  if (!input.has_value()) return input;
  return sum({input, usage.cache_read, usage.cache_write, usage.cache_write_5m, usage.cache_write_1h});
}

/// What a provider says of one answer's output: `extra` is what it thought, which some count beside `output`.
struct StatedOutput {
  Count input{};
  Count output{};
  Count extra{};
  Count total{};
  bool beside = false;  ///< taken as counted beside the output where the total does not tell
};

/// The output with everything that is billed as such. The provider's total is the arbiter: it is either input + output
/// or input + output + extra. If it is more than both, something is hidden in it, and the difference is output.
constexpr Count settled_output(const StatedOutput& stated, Diagnostics& diagnostics) noexcept {
  const Count beside = sum({stated.output, stated.extra});
  const bool more = stated.extra.value_or(0) > stated.output.value_or(0);
  const Count assumed = stated.beside || !stated.output.has_value() ? beside : stated.output;
  if (!stated.total.has_value() || !stated.input.has_value() || stated.output.refused()) {
    if (!more || stated.beside || !stated.output.has_value()) return assumed;
    diagnostics.set(Diagnostic::hidden_output);  // a part is never more than its whole
    return beside;
  }
  const std::int64_t total = stated.total.value_or(0), input = stated.input.value_or(0);
  const Count left = total < input ? Count{} : Count{total - input};
  if (left.has_value() && (left == assumed || left == beside || left == stated.output)) return left;
  if (!left.has_value() || left.value_or(0) < assumed.value_or(0)) {
    diagnostics.set(Diagnostic::total_mismatch);
    return assumed;
  }
  if (assumed.has_value()) diagnostics.set(Diagnostic::hidden_output);
  return left;
}

/// Says where the disjoint parts of a total are more than it.
constexpr void check_parts(const Usage& usage, Diagnostics& diagnostics) noexcept {
  const auto check = [&](Count total, Count parts) {
    if (total.has_value() && parts.value_or(0) > total.value_or(0)) diagnostics.set(Diagnostic::parts_exceed_total);
  };
  check(usage.input_tokens, sum({usage.cache_read, usage.cache_write, usage.cache_write_5m, usage.cache_write_1h,
                                 usage.input_audio, usage.input_image, usage.input_video}));
  check(usage.output_tokens, sum({usage.reasoning, usage.output_audio, usage.output_image}));
  check(usage.cache_read, sum({usage.cache_read_audio, usage.cache_read_image}));
}

/// Is anything known by which a call is billed?
constexpr bool has_billed_count(const Usage& usage) noexcept {
  return usage.input_tokens.has_value() || usage.output_tokens.has_value() || usage.search_units.has_value() ||
         usage.pages.has_value() || usage.audio_milliseconds.has_value();
}

}  // namespace tallyscope::inline v0::detail
