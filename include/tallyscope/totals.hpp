// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/tally.hpp>
#include <tallyscope/record.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace tallyscope::inline v0 {

/// The sums over a set of calls. Counts are exact; nothing reported is mixed with an estimate but where it says so.
class Totals {
 public:
  std::uint64_t calls() const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t outcome = 0; outcome < outcome_count; ++outcome)
      sum += words_[detail::at(detail::word_outcomes, outcome)];
    return sum;
  }
  std::uint64_t late_reports() const noexcept { return words_[detail::word_late_reports]; }
  bool is_without_calls() const noexcept { return calls() == 0 && late_reports() == 0; }
  std::uint64_t turns() const noexcept { return words_[detail::word_turns]; }
  std::uint64_t turns_succeeded() const noexcept { return words_[detail::word_turns_succeeded]; }
  std::uint64_t outcome(Outcome outcome) const noexcept {
    return words_[detail::at(detail::word_outcomes, static_cast<std::size_t>(outcome))];
  }
  std::uint64_t failures() const noexcept { return calls() - outcome(Outcome::success) - outcome(Outcome::pending); }

  /// Reported, inclusive totals.
  std::uint64_t reported_input() const noexcept { return reported(&Usage::input_tokens); }
  std::uint64_t reported_output() const noexcept { return reported(&Usage::output_tokens); }
  /// The sum of one reported count, such as `reported(&Usage::cache_read)`.
  std::uint64_t reported(Count Usage::*count) const noexcept;
  /// Estimated from the texts of the calls that were metered, reported or not.
  std::uint64_t estimated_input() const noexcept { return words_[detail::word_estimated_input]; }
  std::uint64_t estimated_output() const noexcept { return words_[detail::word_estimated_output]; }
  /// The best that is known: call by call and direction by direction, reported if reported, else estimated.
  std::uint64_t used_input() const noexcept { return reported_input() + not_below_zero(detail::word_unreported_input); }
  std::uint64_t used_output() const noexcept {
    return reported_output() + not_below_zero(detail::word_unreported_output);
  }
  std::uint64_t used_tokens() const noexcept { return used_input() + used_output(); }
  /// used_tokens() / calls(), rounded down; 0 without calls.
  std::uint64_t average_tokens() const noexcept { return calls() == 0 ? 0 : used_tokens() / calls(); }
  std::uint64_t characters_in() const noexcept { return words_[detail::word_characters_in]; }
  std::uint64_t characters_out() const noexcept { return words_[detail::word_characters_out]; }

  /// Nanoseconds, of calls; 0 without any.
  std::uint64_t duration_sum() const noexcept { return words_[detail::word_duration_sum]; }
  std::uint64_t duration_least() const noexcept { return calls() == 0 ? 0 : ~words_[detail::word_duration_least]; }
  std::uint64_t duration_greatest() const noexcept { return words_[detail::word_duration_greatest]; }
  std::uint64_t average_duration() const noexcept { return calls() == 0 ? 0 : duration_sum() / calls(); }
  /// The calls that took any time: one that was refused before it began has no duration.
  std::uint64_t timed_calls() const noexcept { return calls() - words_[detail::word_untimed]; }
  std::uint64_t average_timed_duration() const noexcept {
    return timed_calls() == 0 ? 0 : duration_sum() / timed_calls();
  }
  /// When the latest call began: nanoseconds since 1970 UTC; 0 without calls.
  std::int64_t last_start() const noexcept { return static_cast<std::int64_t>(words_[detail::word_last_start]); }
  /// The duration below which this share (0 to 1) of the calls stayed: exact at 0 and 1, else from a histogram of two
  /// buckets an octave, so within 1.5 times of the true one if that is between 1 us and 55 minutes.
  std::uint64_t duration_quantile(double share) const noexcept;
  std::uint64_t first_tokens() const noexcept { return words_[detail::word_first_tokens]; }
  std::uint64_t average_first_token() const noexcept {
    return first_tokens() == 0 ? 0 : words_[detail::word_first_token_sum] / first_tokens();
  }

  /// Whole costs that stand on reported counts alone.
  MoneySum cost() const noexcept { return money(detail::word_cost); }
  /// Whole costs with an estimated count in them.
  MoneySum estimated_cost() const noexcept { return money(detail::word_estimated_cost); }
  /// The parts known of incomplete costs.
  MoneySum known_cost() const noexcept { return money(detail::word_known_cost); }
  /// What providers themselves said they charge.
  MoneySum provider_cost() const noexcept { return money(detail::word_provider_cost); }
  std::uint64_t cost_state(CostState state) const noexcept {
    return not_below_zero(detail::at(detail::word_cost_states, static_cast<std::size_t>(state)));
  }
  std::uint64_t unpriced() const noexcept { return cost_state(CostState::unpriced); }

  Totals& operator+=(const Totals& more) noexcept;
  /// Enters one record.
  void add(const Record& record) noexcept;

  /// The words as an accumulator keeps them.
  static Totals from_words(const std::uint64_t (&words)[detail::word_count]) noexcept {
    Totals totals;
    std::copy(std::begin(words), std::end(words), totals.words_.begin());
    return totals;
  }
  friend bool operator==(const Totals&, const Totals&) noexcept = default;

 private:
  /// Words that only one thread touches, as `detail::tally` wants them.
  struct Plain {
    std::uint64_t* words;

    std::uint64_t get(std::size_t word) const noexcept { return words[word]; }
    void set(std::size_t word, std::uint64_t value) noexcept { words[word] = value; }
    /// Stops at the largest int64 instead of beginning again: a file may hold any counts. What is subtracted comes as
    /// its complement.
    void add(std::size_t word, std::uint64_t value) noexcept {
      const auto sum = static_cast<std::int64_t>(words[word]), more = static_cast<std::int64_t>(value);
      constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
      words[word] = more > 0 && sum > most - more ? static_cast<std::uint64_t>(most) : words[word] + value;
    }
    void add_money(std::size_t word, MoneySum amount) noexcept;
  };

  /// A late report takes out the estimates of a call that these sums may not hold: one from before a reset.
  std::uint64_t not_below_zero(std::size_t word) const noexcept {
    return static_cast<std::int64_t>(words_[word]) < 0 ? 0 : words_[word];
  }
  MoneySum money(std::size_t word) const noexcept {
    return MoneySum::from_picodollars(static_cast<detail::int128>(words_[word + 1]) << 64 |
                                      static_cast<detail::int128>(words_[word]));
  }

  std::array<std::uint64_t, detail::word_count> words_{};
};

inline std::uint64_t Totals::reported(Count Usage::*count) const noexcept {
  for (std::size_t field = 0; field < usage_field_count; ++field)
    if (usage_fields[field].count == count) return words_[detail::at(detail::word_usage, field)];
  return 0;
}

inline std::uint64_t Totals::duration_quantile(double share) const noexcept {
  if (calls() == 0) return 0;
  const double wanted = share * static_cast<double>(calls());
  double below = 0;
  for (std::size_t bucket = 0; bucket < detail::histogram_buckets; ++bucket) {
    const auto inside = static_cast<double>(words_[detail::at(detail::word_buckets, bucket)]);
    if (inside > 0 && below + inside >= wanted) {
      const auto start = static_cast<double>(detail::bucket_start(bucket));
      const auto end = bucket + 1 < detail::histogram_buckets ? static_cast<double>(detail::bucket_start(bucket + 1))
                                                              : static_cast<double>(duration_greatest());
      const auto value = static_cast<std::uint64_t>(start + (end - start) * std::max(0.0, wanted - below) / inside);
      return std::clamp(value, duration_least(), duration_greatest());
    }
    below += inside;
  }
  return duration_greatest();
}

inline void Totals::Plain::add_money(std::size_t word, MoneySum amount) noexcept {
  const detail::int128 sum =
      (static_cast<detail::int128>(words[word + 1]) << 64 | static_cast<detail::int128>(words[word])) +
      amount.picodollars();
  words[word] = static_cast<std::uint64_t>(sum);
  words[word + 1] = static_cast<std::uint64_t>(sum >> 64);
}

inline void Totals::add(const Record& record) noexcept {
  Plain cell{words_.data()};
  detail::tally(cell, record);
}

inline Totals& Totals::operator+=(const Totals& more) noexcept {
  const std::uint64_t least = std::max(words_[detail::word_duration_least], more.words_[detail::word_duration_least]);
  const std::uint64_t greatest = std::max(duration_greatest(), more.duration_greatest());
  const std::uint64_t last = std::max(words_[detail::word_last_start], more.words_[detail::word_last_start]);
  Plain cell{words_.data()};
  for (std::size_t word = 0; word < words_.size(); ++word)
    if (word < detail::word_cost || word >= detail::word_buckets) cell.add(word, more.words_[word]);
  for (std::size_t word = detail::word_cost; word < detail::word_buckets; word += 2)
    cell.add_money(word, more.money(word));
  words_[detail::word_duration_least] = least;
  words_[detail::word_duration_greatest] = greatest;
  words_[detail::word_last_start] = last;
  return *this;
}

}  // namespace tallyscope::inline v0
