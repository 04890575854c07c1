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
  cache_read_audio,  ///< only for models that bill audio apart
  cache_read_image,  ///< only for models that bill cached images apart from other cached input
  input_image,       ///< only for models that bill it apart from the input
  input_video,       ///< only for models that bill it apart from the input
  output_image,      ///< only for models that bill it apart from the output
  file_search,
  search_unit,
  page,
  audio_millisecond,
};
inline constexpr std::string_view price_class_names[] = {
    "input",          "output",           "cache_read",       "cache_write",  "cache_write_5m",
    "cache_write_1h", "input_audio",      "reasoning",        "output_audio", "web_search",
    "request",        "cache_read_audio", "cache_read_image", "input_image",  "input_video",
    "output_image",   "file_search",      "search_unit",      "page",         "audio_millisecond"};
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

/// How far a zone is ahead of UTC at a moment: a host may give any function of its own. `in_zone` of zoned.hpp makes
/// one of a zone's name. It must live as long as the book.
struct ZoneOffset {
  std::int32_t (*seconds)(const void* zone, std::int64_t utc) noexcept = nullptr;  ///< utc: nanoseconds since 1970
  const void* zone = nullptr;
};

inline constexpr std::uint8_t all_weekdays = 0x7F;  ///< bit 0 is Monday

/// One line of a price list. It applies when all of its conditions hold; one that is left out always does, but for the
/// service tier: without one the rates are those of the provider's standard tier. Of several lines of a model and
/// provider, the last one added that applies counts, whole: a line for a tier, a time of day, a service tier or a
/// region repeats every rate that holds there. A class without a rate has no known price, which is not a price of 0.
/// The texts are borrowed until the rule has been added to a book.
struct PriceRule {
  std::string_view provider{};  ///< empty: of any provider
  /// As the provider writes it, best without a date; `PriceBook` says what matches it. `*` stands for any characters,
  /// also none, and `#` for one digit: "claude-sonnet-4-5*".
  std::string_view model{};
  std::string_view except{};  ///< models like this are not meant: "*-tts*"

  std::int64_t from = std::numeric_limits<std::int64_t>::min();  ///< in force since, as `utc_day` gives it
  std::int32_t daily_start = 0;                                  ///< second of the day in the zone, inclusive
  std::int32_t daily_end = 86'400;       ///< exclusive; before the start: the window spans midnight
  std::uint8_t weekdays = all_weekdays;  ///< on which a window begins
  ZoneOffset zone{};                     ///< of the window and its days; none: UTC
  Count input_threshold{};               ///< for calls with more input than this, all parts of it included
  Boundary boundary = Boundary::above;
  std::string_view service_tier{};  ///< for calls served at this tier, such as "priority" or "batch"; "*": at any
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
  std::optional<Rate> cache_read_audio{};
  std::optional<Rate> cache_read_image{};
  std::optional<Rate> input_image{};
  std::optional<Rate> input_video{};
  std::optional<Rate> output_image{};
  std::optional<Rate> file_search{};
  std::optional<Rate> search_unit{};
  std::optional<Rate> page{};
  std::optional<Rate> audio_millisecond{};

  Fraction multiplier{};       ///< of every rate of this rule
  bool free = false;           ///< known to cost nothing, whatever is used
  bool other_charges = false;  ///< the list charges also for what no Usage counts: a cost is never whole

  std::string_view source{};  ///< where the figures were read
  std::string_view as_of{};   ///< the day they were read or published, YYYY-MM-DD
};

/// The rates of a rule, in the order of PriceClass.
inline constexpr std::optional<Rate> PriceRule::*price_rule_rates[price_class_count] = {
    &PriceRule::input,
    &PriceRule::output,
    &PriceRule::cache_read,
    &PriceRule::cache_write,
    &PriceRule::cache_write_5m,
    &PriceRule::cache_write_1h,
    &PriceRule::input_audio,
    &PriceRule::reasoning,
    &PriceRule::output_audio,
    &PriceRule::web_search,
    &PriceRule::request,
    &PriceRule::cache_read_audio,
    &PriceRule::cache_read_image,
    &PriceRule::input_image,
    &PriceRule::input_video,
    &PriceRule::output_image,
    &PriceRule::file_search,
    &PriceRule::search_unit,
    &PriceRule::page,
    &PriceRule::audio_millisecond,
};

/// What a provider charges at a tier or in a region in proportion to its standard price: {.provider = "anthropic",
/// .model = "*", .service_tier = "batch", .multiplier = {1, 2}}. It holds for what is billed by the token, and where
/// the book has no rule of that tier or region for the model itself. One of a tier and one of a region multiply each
/// other; of several of a tier the last one added counts.
struct PriceAdjustment {
  std::string_view provider{};  ///< empty: of any provider
  std::string_view model = "*";
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::string_view service_tier{};
  std::string_view region{};
  Fraction multiplier{};
  std::string_view source{};
  std::string_view as_of{};
};

/// What the conditions of a rule are held against.
struct Circumstances {
  std::int64_t start_utc = 0;     ///< nanoseconds since 1970-01-01T00:00:00Z
  std::int64_t input_tokens = 0;  ///< all of them, cached ones too
  std::string_view service_tier{};
  std::string_view region{};
};

}  // namespace tallyscope::inline v0
