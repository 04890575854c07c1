// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/model_name.hpp>
#include <tallyscope/prices/detail/tier_name.hpp>
#include <tallyscope/prices/detail/unit_price.hpp>
#include <tallyscope/prices/price_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0::detail {

inline constexpr std::uint32_t no_row = 0xFFFFFFFF;
inline constexpr std::uint32_t free_rows = 0xFFFFFFFE;  // of a local provider

inline constexpr std::uint16_t no_provider = 0;
inline constexpr std::uint16_t unknown_provider = 0xFFFF;

/// The rows of one model: two chains, each from the row that goes before all others of its own.
struct ModelRows {
  std::uint32_t own = no_row;  // of the call's provider
  std::uint32_t any = no_row;  // of any provider

  constexpr bool found() const noexcept { return own != no_row || any != no_row; }
};

/// Whence a book has a rule: the later in this row, the more it is the host's own.
enum class Origin : std::uint8_t { builtin, added, set };

/// Where and how a call was served, in the numbers of one table.
struct Served {
  std::uint16_t tier = standard_tier;
  std::uint16_t region = 0;  // 0: none that the table knows

  constexpr bool usual() const noexcept { return tier == standard_tier && region == 0; }
};

inline constexpr UnitPrice no_unit_price{};

/// A PriceRule as it is evaluated.
struct PriceRow {
  std::int64_t from = 0;
  std::int64_t above = -1;  // input tokens; -1 lets every call through
  std::uint32_t next = no_row;
  std::uint16_t provider = no_provider;
  std::uint16_t tier = standard_tier;
  std::uint16_t region = 0;  // 0: in each
  std::uint8_t weekdays = all_weekdays;
  Origin origin = Origin::builtin;
  bool free = false;
  bool timed = false;       // only at some hours, or on some days
  bool particular = false;  // not for each usual call
  bool special = false;     // charges for what a call does not state
  bool other_charges = false;
  std::uint8_t places[price_class_count]{};  // of each class among the prices
  std::int32_t daily_start = 0;
  std::int32_t daily_end = 0;
  const UnitPrice* prices = &no_unit_price;  // the first is none
  ZoneOffset zone{};

  [[gnu::always_inline]] constexpr const UnitPrice& price(PriceClass kind) const noexcept {
    return prices[places[static_cast<std::size_t>(kind)]];
  }
  bool is_unconditional() const noexcept {
    return from == std::numeric_limits<std::int64_t>::min() && above < 0 && !particular;
  }

  bool applies_at(std::uint16_t wanted) const noexcept { return tier == wanted || tier == any_tier; }
  bool applies_in(std::uint16_t wanted) const noexcept { return region == 0 || region == wanted; }
  bool applies_to(std::int64_t input_tokens) const noexcept { return input_tokens > above; }
  bool applies_when(std::int64_t start_utc) const noexcept {
    return start_utc >= from && (!timed || is_open(start_utc));
  }

  /// Is the moment within the window, on a day on which one begins?
  [[gnu::noinline]] bool is_open(std::int64_t start_utc) const noexcept {
    constexpr std::int64_t second = 1'000'000'000, day = 86'400;
    std::int64_t seconds = floor_divided(start_utc, second);
    if (zone.seconds != nullptr) seconds += zone.seconds(zone.zone, start_utc);
    const std::int64_t today = floor_divided(seconds, day), now = seconds - today * day;
    const bool spans_midnight = daily_start > daily_end, since_yesterday = spans_midnight && now < daily_end;
    const bool open = spans_midnight ? now >= daily_start || since_yesterday : now >= daily_start && now < daily_end;
    const std::int64_t begun = today - (since_yesterday ? 1 : 0);
    const std::int64_t weekday = (begun + 3) - floor_divided(begun + 3, 7) * 7;  // 1970-01-01 was a Thursday
    return open && (weekdays >> weekday & 1) != 0;
  }

 private:
  static constexpr std::int64_t floor_divided(std::int64_t number, std::int64_t divisor) noexcept {
    const std::int64_t quotient = number / divisor;
    return number % divisor < 0 ? quotient - 1 : quotient;
  }
};

constexpr bool is_right(const Fraction& multiplier) noexcept {
  return multiplier.numerator > 0 && multiplier.denominator > 0;
}

/// The conditions of `rule` but for its names, or why it is none.
inline std::error_code set_conditions(PriceRow& row, const PriceRule& rule) noexcept {
  constexpr std::int32_t day = 86'400;
  bool right = !rule.model.empty() && !rule.input_threshold.refused();
  for (const std::string_view name : {rule.provider, rule.model, rule.except, rule.service_tier, rule.region})
    right = right && name.size() <= plain_name_limit;
  const bool window_right = rule.daily_start >= 0 && rule.daily_start < day && rule.daily_end >= 0 &&
                            rule.daily_end <= day && rule.daily_start != rule.daily_end && rule.weekdays != 0 &&
                            rule.weekdays <= all_weekdays;
  if (!right || !window_right || !is_right(rule.multiplier)) return std::make_error_code(std::errc::invalid_argument);
  row.from = rule.from;
  row.daily_start = rule.daily_start;
  row.daily_end = rule.daily_end;
  row.weekdays = rule.weekdays;
  row.zone = rule.zone;
  row.timed = rule.daily_start != 0 || rule.daily_end != day || rule.weekdays != all_weekdays;
  if (rule.input_threshold.has_value())
    row.above = rule.input_threshold.value_or(0) - (rule.boundary == Boundary::at_least ? 1 : 0);
  return {};
}

/// The prices of a rule, behind one that is none.
struct PricesOfRule {
  UnitPrice prices[price_class_count + 1];
  std::size_t count = 1;
};

/// The rates of `rule`, or why one is none.
inline std::error_code set_prices(PriceRow& row, PricesOfRule& prices, const PriceRule& rule) noexcept {
  row.free = rule.free;
  row.other_charges = rule.other_charges;
  row.special = rule.other_charges || rule.request.has_value();
  for (std::size_t kind = 0; kind < price_class_count; ++kind) {
    const std::optional<Rate>& rate = rule.*price_rule_rates[kind];
    if (!rate) continue;
    row.places[kind] = static_cast<std::uint8_t>(prices.count);
    if (const std::error_code error = prices.prices[prices.count++].set(*rate, rule.multiplier)) return error;
  }
  return {};
}

}  // namespace tallyscope::inline v0::detail
