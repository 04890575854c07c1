// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/histogram.hpp>
#include <tallyscope/money.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The words of an accumulator. Everything is a sum but the least and the greatest duration and the latest start.
enum Word : std::size_t {
  word_late_reports,
  word_turns,
  word_turns_succeeded,
  word_outcomes,
  word_usage = word_outcomes + outcome_count,
  word_estimated_input = word_usage + usage_field_count,
  word_estimated_output,
  word_unreported_input,  // estimates of calls that have no report: with the reported ones, what was used
  word_unreported_output,
  word_characters_in,
  word_characters_out,
  word_duration_sum,
  word_duration_least,  // its complement, so that 0 means none
  word_duration_greatest,
  word_untimed,  // calls without a duration
  word_last_start,
  word_first_tokens,
  word_first_token_sum,
  word_cost_states,
  word_cost = word_cost_states + cost_state_count,  // sums of money take two words
  word_estimated_cost = word_cost + 2,
  word_known_cost = word_estimated_cost + 2,
  word_provider_cost = word_known_cost + 2,
  word_buckets = word_provider_cost + 2,
  word_count = word_buckets + histogram_buckets,
};

constexpr std::size_t at(Word first, std::size_t place) noexcept { return first + place; }

template <class Cell>
[[gnu::always_inline]] inline void tally_count(Cell& cell, std::size_t word, Count count) noexcept {
  if (const std::int64_t value = count.value_or(0); value != 0) cell.add(word, static_cast<std::uint64_t>(value));
}

template <class Cell>
[[gnu::always_inline]] inline void tally_duration(Cell& cell, std::uint64_t duration) noexcept {
  if (~duration > cell.get(word_duration_least)) cell.set(word_duration_least, ~duration);
  if (duration > cell.get(word_duration_greatest)) cell.set(word_duration_greatest, duration);
  cell.add(word_duration_sum, duration);
  if (duration == 0) [[unlikely]]
    cell.add(word_untimed, 1);
  cell.add(at(word_buckets, bucket_of(duration)), 1);
}

template <class Cell>
[[gnu::always_inline]] inline void tally_details(Cell& cell, const Usage& usage) noexcept {
  std::size_t word = at(word_usage, 2);
  for (const Count count :
       {usage.cache_read, usage.cache_write, usage.cache_write_5m, usage.cache_write_1h, usage.input_audio,
        usage.reasoning, usage.output_audio, usage.web_searches, usage.requests, usage.tool_calls,
        usage.cache_read_audio, usage.cache_read_image, usage.input_image, usage.input_video, usage.output_image,
        usage.file_searches, usage.search_units, usage.pages, usage.audio_milliseconds})
    tally_count(cell, word++, count);
}

template <class Cell>
[[gnu::always_inline]] inline void tally_metered(Cell& cell, const Metered& metered) noexcept {
  tally_count(cell, word_characters_in, metered.characters_in);
  tally_count(cell, word_characters_out, metered.characters_out);
  tally_count(cell, word_estimated_input, metered.input_tokens);
  tally_count(cell, word_estimated_output, metered.output_tokens);
}

template <class Cell>
[[gnu::always_inline]] inline void tally_tokens(Cell& cell, const Record& record) noexcept {
  tally_count(cell, at(word_usage, 0), record.usage.input_tokens);
  tally_count(cell, at(word_usage, 1), record.usage.output_tokens);
  if (record.usage.has_details()) [[unlikely]]
    tally_details(cell, record.usage);
  tally_metered(cell, record.metered);
  if (!record.usage.input_tokens.has_value()) tally_count(cell, word_unreported_input, record.metered.input_tokens);
  if (!record.usage.output_tokens.has_value()) tally_count(cell, word_unreported_output, record.metered.output_tokens);
}

template <class Cell>
[[gnu::always_inline]] inline void tally_cost(Cell& cell, const Cost& cost, std::int64_t sign) noexcept {
  const Word word = !cost.whole() ? word_known_cost : cost.estimated ? word_estimated_cost : word_cost;
  const std::int64_t amount = cost.whole() ? cost.amount.picodollars() : cost.known.picodollars();
  if (amount != 0) cell.add_money(word, Money::from_picodollars(sign * amount));
}

/// A late report adds tokens and money to a call that has been counted, and takes out the estimates that it replaces.
template <class Cell>
[[gnu::always_inline]] inline void tally_late(Cell& cell, const Record& record) noexcept {
  cell.add(word_late_reports, 1);
  tally_tokens(cell, record);
  tally_cost(cell, record.cost, 1);
  if (record.superseded == nullptr) return;
  const Superseded& old = *record.superseded;
  cell.add(word_unreported_input, 0 - static_cast<std::uint64_t>(old.input_tokens.value_or(0)));
  cell.add(word_unreported_output, 0 - static_cast<std::uint64_t>(old.output_tokens.value_or(0)));
  if (!old.cost) return;
  tally_cost(cell, *old.cost, -1);
  cell.add(at(word_cost_states, static_cast<std::size_t>(old.cost->state)), ~std::uint64_t{0});
  cell.add(at(word_cost_states, static_cast<std::size_t>(record.cost.state)), 1);
}

template <class Cell>
[[gnu::always_inline]] inline void tally_turn(Cell& cell, const Record& record) noexcept {
  cell.add(word_turns, 1);
  if (record.outcome == Outcome::success) cell.add(word_turns_succeeded, 1);
}

template <class Cell>
[[gnu::always_inline]] inline void tally_other_kind(Cell& cell, const Record& record) noexcept {
  if (record.kind == Kind::late_usage) tally_late(cell, record);
  if (record.kind == Kind::turn) tally_turn(cell, record);
}

/// The one set of rules by which a record enters an accumulator, whatever holds its words.
template <class Cell>
[[gnu::always_inline]] inline void tally(Cell& cell, const Record& record) noexcept {
  if (record.kind != Kind::call) return tally_other_kind(cell, record);
  tally_duration(cell, static_cast<std::uint64_t>(record.duration_ns));
  if (record.start_utc > static_cast<std::int64_t>(cell.get(word_last_start)))
    cell.set(word_last_start, static_cast<std::uint64_t>(record.start_utc));
  cell.add(at(word_outcomes, static_cast<std::size_t>(record.outcome)), 1);
  cell.add(at(word_cost_states, static_cast<std::size_t>(record.cost.state)), 1);
  tally_tokens(cell, record);
  tally_cost(cell, record.cost, 1);
  if (record.first_token_ns.has_value()) {
    cell.add(word_first_tokens, 1);
    tally_count(cell, word_first_token_sum, record.first_token_ns);
  }
  if (record.provider_cost) cell.add_money(word_provider_cost, *record.provider_cost);
}

}  // namespace tallyscope::inline v0::detail
