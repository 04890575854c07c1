// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/tally.hpp>
#include <tallyscope/record.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0 {

/// What rows can be told apart by.
enum class Dimension : std::uint8_t {
  operation,
  name,
  model,
  provider,
  server,
  tenant,
  application,
  user,
  session,
  turn
};
inline constexpr std::size_t dimension_count = 10;

/// What a record says for a dimension.
constexpr std::string_view text_of(const Caller& caller, const Call& call, Dimension dimension) noexcept {
  switch (dimension) {
    case Dimension::operation:
      return call.operation.text();
    case Dimension::name:
      return call.name;
    case Dimension::model:
      return call.model;
    case Dimension::provider:
      return call.provider;
    case Dimension::server:
      return call.server;
    case Dimension::tenant:
      return caller.tenant;
    case Dimension::application:
      return caller.application;
    case Dimension::user:
      return caller.user;
    case Dimension::session:
      return caller.session;
    case Dimension::turn:
      return caller.turn;
  }
  return {};
}

/// A set of dimensions: `{Dimension::name, Dimension::model}`.
class Dimensions {
 public:
  constexpr Dimensions(std::initializer_list<Dimension> dimensions) noexcept {
    for (const Dimension dimension : dimensions) bits_ |= 1u << static_cast<unsigned>(dimension);
  }
  constexpr Dimensions(Dimension dimension) noexcept : bits_{1u << static_cast<unsigned>(dimension)} {}

  constexpr bool has(Dimension dimension) const noexcept { return bits_ >> static_cast<unsigned>(dimension) & 1; }
  friend constexpr bool operator==(Dimensions, Dimensions) noexcept = default;

 private:
  std::uint32_t bits_ = 0;
};

/// What tells a call from another by default: never the name alone.
inline constexpr Dimensions by_identity{Dimension::operation, Dimension::name, Dimension::model};

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
    void add(std::size_t word, std::uint64_t value) noexcept { words[word] += value; }
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

/// One row: what its calls have in common, and their sums. `other` collects what came after the last free row.
struct StatsRow {
  std::array<std::string, dimension_count> key{};
  bool other = false;
  Totals totals{};

  const std::string& operator[](Dimension dimension) const noexcept { return key[static_cast<std::size_t>(dimension)]; }
};

/// What an accumulator answers: rows, most calls first, then by their keys; and the sums over all of them.
struct Stats {
  std::vector<StatsRow> rows{};
  Totals total{};

  /// The sums over the rows that have this text in this dimension.
  Totals totals_of(Dimension dimension, std::string_view text) const noexcept;
  /// The same calls in coarser rows: those that agree in `dimensions` become one.
  Stats by(Dimensions dimensions) const;
  /// Puts the rows in order.
  void sort();
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
  Plain cell{words_.data()};
  for (std::size_t word = 0; word < words_.size(); ++word)
    if (word < detail::word_cost || word >= detail::word_buckets) words_[word] += more.words_[word];
  for (std::size_t word = detail::word_cost; word < detail::word_buckets; word += 2)
    cell.add_money(word, more.money(word));
  words_[detail::word_duration_least] = least;
  words_[detail::word_duration_greatest] = greatest;
  return *this;
}

inline Totals Stats::totals_of(Dimension dimension, std::string_view text) const noexcept {
  Totals sum;
  for (const StatsRow& row : rows)
    if (!row.other && row[dimension] == text) sum += row.totals;
  return sum;
}

inline Stats Stats::by(Dimensions dimensions) const {
  Stats coarse;
  coarse.total = total;
  for (StatsRow row : rows) {
    for (std::size_t place = 0; place < dimension_count; ++place)
      if (!dimensions.has(static_cast<Dimension>(place))) row.key[place].clear();
    const auto same = [&](const StatsRow& old) { return old.other == row.other && old.key == row.key; };
    const auto found = std::find_if(coarse.rows.begin(), coarse.rows.end(), same);
    if (found == coarse.rows.end())
      coarse.rows.push_back(std::move(row));
    else
      found->totals += row.totals;
  }
  coarse.sort();
  return coarse;
}

inline void Stats::sort() {
  std::sort(rows.begin(), rows.end(), [](const StatsRow& a, const StatsRow& b) {
    if (a.totals.calls() != b.totals.calls()) return a.totals.calls() > b.totals.calls();
    return a.other != b.other ? b.other : a.key < b.key;
  });
}

}  // namespace tallyscope::inline v0
