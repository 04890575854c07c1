// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/money.hpp>
#include <tallyscope/usage.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// What a price list has a price for. Each is a part of a call of its own: `input` is what no other part of the input
/// is, `output` what no other part of the output is.
enum class PriceClass : std::uint8_t {
  input,
  output,
  cache_read,
  cache_write,
  cache_write_5m,
  cache_write_1h,
  input_audio,
  reasoning,  ///< only for models that bill it apart from the output
  output_audio,
  web_search,
  request,
};
inline constexpr std::string_view price_class_names[] = {
    "input",       "output",    "cache_read",   "cache_write", "cache_write_5m", "cache_write_1h",
    "input_audio", "reasoning", "output_audio", "web_search",  "request"};
inline constexpr std::size_t price_class_count = sizeof(price_class_names) / sizeof(price_class_names[0]);

/// So much money for so many, exactly: $2 per million tokens, $10 per thousand searches.
struct Rate {
  Money amount{};
  std::int64_t per = 1'000'000;
};

/// The rate that a price list writes as so many dollars per million, such as "0.15"; nothing for a text that is no
/// decimal number.
constexpr std::optional<Rate> per_million(std::string_view dollars) noexcept {
  const std::optional<Money> amount = Money::parse(dollars);
  return amount ? std::optional{Rate{*amount, 1'000'000}} : std::nullopt;
}

/// The same per thousand, as searches and requests are priced.
constexpr std::optional<Rate> per_thousand(std::string_view dollars) noexcept {
  const std::optional<Money> amount = Money::parse(dollars);
  return amount ? std::optional{Rate{*amount, 1'000}} : std::nullopt;
}

/// The first nanosecond of a day in UTC since 1970-01-01T00:00:00Z, by the Gregorian calendar; for 1970 to 2262.
constexpr std::int64_t utc_day(int year, int month, int day) noexcept {
  const int shifted = month <= 2 ? year - 1 : year;  // a year that ends with February, so that leap days come last
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 719'468;
  return days * 86'400'000'000'000;
}

/// Does a threshold mean more than so many tokens, or so many and more?
enum class Boundary : std::uint8_t { above, at_least };

/// A batch discount of one half is {1, 2}, a regional uplift of a tenth {11, 10}.
struct Fraction {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
};

/// One line of a price list. It applies when all of its conditions hold; one that is left out always does. Of several
/// lines of a model and provider, the last one added that applies counts, whole: a line for a tier, a time of day, a
/// service tier or a region repeats every rate that holds there. A class without a rate has no known price, which is
/// not a price of 0. The texts are borrowed until the rule has been added to a book.
struct PriceRule {
  std::string_view provider{};  ///< empty: of any provider
  std::string_view model{};     ///< as the provider writes it, best without a date; `PriceBook` says what matches it

  std::int64_t from = std::numeric_limits<std::int64_t>::min();  ///< in force since, as `utc_day` gives it
  std::int32_t daily_start = 0;                                  ///< second of the UTC day, inclusive
  std::int32_t daily_end = 86'400;  ///< exclusive; before the start: the window spans midnight
  Count input_threshold{};          ///< for calls with more input than this, all parts of it included
  Boundary boundary = Boundary::above;
  std::string_view service_tier{};  ///< for calls served at this tier, such as "priority" or "batch"
  std::string_view region{};        ///< for calls served in this region

  std::optional<Rate> input{};
  std::optional<Rate> output{};
  std::optional<Rate> cache_read{};
  std::optional<Rate> cache_write{};
  std::optional<Rate> cache_write_5m{};
  std::optional<Rate> cache_write_1h{};
  std::optional<Rate> input_audio{};
  std::optional<Rate> reasoning{};
  std::optional<Rate> output_audio{};
  std::optional<Rate> web_search{};
  std::optional<Rate> request{};

  Fraction multiplier{};  ///< of every rate of this rule
  bool free = false;      ///< known to cost nothing, whatever is used

  std::string_view source{};  ///< where the figures were read
  std::string_view as_of{};   ///< the day they were read or published, YYYY-MM-DD
};

/// The rates of a rule, in the order of PriceClass.
inline constexpr std::optional<Rate> PriceRule::*price_rule_rates[price_class_count] = {
    &PriceRule::input,          &PriceRule::output,         &PriceRule::cache_read,  &PriceRule::cache_write,
    &PriceRule::cache_write_5m, &PriceRule::cache_write_1h, &PriceRule::input_audio, &PriceRule::reasoning,
    &PriceRule::output_audio,   &PriceRule::web_search,     &PriceRule::request,
};

/// What the conditions of a rule are held against.
struct Circumstances {
  std::int64_t start_utc = 0;     ///< nanoseconds since 1970-01-01T00:00:00Z
  std::int64_t input_tokens = 0;  ///< all of them, cached ones too
  std::string_view service_tier{};
  std::string_view region{};
};

}  // namespace tallyscope::inline v0
