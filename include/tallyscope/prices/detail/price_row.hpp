// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/model_name.hpp>
#include <tallyscope/prices/price_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0::detail {

inline constexpr std::int64_t no_price = -1;
inline constexpr std::int64_t fraction_price = -2;  // not a whole number of picodollars

/// Picodollars for one: a rate times its multiplier as one reduced fraction, so that a count times the numerator fits
/// 126 bits whatever the count is.
struct UnitPrice {
  std::int64_t numerator = no_price;
  std::int64_t denominator = 1;

  constexpr explicit operator bool() const noexcept { return numerator >= 0; }

  /// What `rate` times `multiplier` comes to; an error for what is no price, or none that the fraction can hold.
  std::error_code set(const Rate& rate, const Fraction& multiplier) noexcept {
    constexpr int128 most = std::numeric_limits<std::int64_t>::max();
    if (rate.amount < Money{} || rate.per <= 0) return std::make_error_code(std::errc::invalid_argument);
    const int128 above = int128{rate.amount.picodollars()} * multiplier.numerator;
    const int128 below = int128{rate.per} * multiplier.denominator;
    int128 divisor = below;
    for (int128 rest = above; rest != 0;) {
      const int128 next = divisor % rest;
      divisor = rest;
      rest = next;
    }
    if (above / divisor > most || below / divisor > most) return std::make_error_code(std::errc::result_out_of_range);
    numerator = static_cast<std::int64_t>(above / divisor);
    denominator = static_cast<std::int64_t>(below / divisor);
    return {};
  }
};

inline constexpr std::uint32_t no_row = 0xFFFFFFFF;
inline constexpr std::uint32_t free_rows = 0xFFFFFFFE;  // of a local provider

inline constexpr std::uint16_t no_provider = 0;
inline constexpr std::uint16_t unknown_provider = 0xFFFF;

/// Rows of which providers are meant.
struct ProviderChoice {
  std::uint16_t one = no_provider;
  std::uint16_t other = no_provider;

  constexpr bool allows(std::uint16_t provider) const noexcept { return provider == one || provider == other; }
};

/// The rows of one model: a chain from the one that goes before all others.
struct ModelRows {
  std::uint32_t first = no_row;
  ProviderChoice providers{};

  constexpr bool found() const noexcept { return first != no_row; }
};

/// Whence a book has a rule: the later in this row, the more it is the host's own.
enum class Origin : std::uint8_t { builtin, added, set };

/// A PriceRule as it is evaluated.
struct PriceRow {
  std::int64_t from = 0;
  std::int64_t above = -1;  // input tokens; -1 lets every call through
  std::uint32_t next = no_row;
  std::uint16_t provider = no_provider;
  bool free = false;
  bool particular = false;                         // to a time of day, a service tier or a region
  std::int64_t whole_prices[price_class_count]{};  // picodollars; or no_price, or fraction_price
  UnitPrice prices[price_class_count]{};
  std::int32_t daily_start = 0;
  std::int32_t daily_end = 0;
  std::string_view service_tier{};  // plain
  std::string_view region{};        // plain
  Origin origin = Origin::builtin;

  /// Of two rows that apply the one of more weight counts, of two of one weight the newer.
  int weight() const noexcept { return 2 * static_cast<int>(origin) + (provider != no_provider ? 1 : 0); }
  const UnitPrice& price(PriceClass kind) const noexcept { return prices[static_cast<std::size_t>(kind)]; }
  std::int64_t whole_price(PriceClass kind) const noexcept { return whole_prices[static_cast<std::size_t>(kind)]; }

  [[gnu::noinline]] bool applies_in_particular(std::int64_t start_utc, std::string_view tier,
                                               std::string_view in_region) const noexcept {
    constexpr std::int64_t second = 1'000'000'000, day = 86'400 * second;
    const std::int64_t rest = start_utc % day;
    const std::int64_t now = (rest < 0 ? rest + day : rest) / second;
    const bool in_window =
        daily_start < daily_end ? now >= daily_start && now < daily_end : now >= daily_start || now < daily_end;
    return in_window && (service_tier.empty() || reads_as(tier, service_tier)) &&
           (region.empty() || reads_as(in_region, region));
  }
};

/// The provider that is meant where a call of a model names none, from the rows of the model: the one whose model it is
/// in the built-in prices, else, unless there is a row of any provider, the one that has it.
class MeantProvider {
 public:
  void add(const PriceRow& row) noexcept {
    for_any_ = for_any_ || row.provider == no_provider;
    if (none_yet_ || row.origin < origin_)
      provider_ = row.provider;
    else if (row.origin == origin_ && row.provider != provider_)
      provider_ = no_provider;  // of several, none is meant
    if (none_yet_ || row.origin < origin_) origin_ = row.origin;
    none_yet_ = false;
  }
  std::uint16_t number() const noexcept { return for_any_ && origin_ != Origin::builtin ? no_provider : provider_; }

 private:
  bool none_yet_ = true;
  bool for_any_ = false;
  Origin origin_ = Origin::set;
  std::uint16_t provider_ = no_provider;
};

/// The conditions of `rule`, or why it is none.
inline std::error_code set_conditions(PriceRow& row, const PriceRule& rule) noexcept {
  constexpr std::int32_t day = 86'400;
  bool right = !rule.model.empty() && !rule.input_threshold.refused();
  for (const std::string_view name : {rule.provider, rule.model, rule.service_tier, rule.region})
    right = right && name.size() <= plain_name_limit;
  const bool window_right = rule.daily_start >= 0 && rule.daily_start < day && rule.daily_end >= 0 &&
                            rule.daily_end <= day && rule.daily_start != rule.daily_end;
  const bool multiplier_right = rule.multiplier.numerator > 0 && rule.multiplier.denominator > 0;
  if (!right || !window_right || !multiplier_right) return std::make_error_code(std::errc::invalid_argument);
  row.from = rule.from;
  row.daily_start = rule.daily_start;
  row.daily_end = rule.daily_end;
  if (rule.input_threshold.has_value())
    row.above = rule.input_threshold.value_or(0) - (rule.boundary == Boundary::at_least ? 1 : 0);
  row.particular = rule.daily_start != 0 || rule.daily_end != day || !rule.service_tier.empty() || !rule.region.empty();
  return {};
}

/// The rates of `rule`, or why one is none.
inline std::error_code set_prices(PriceRow& row, const PriceRule& rule) noexcept {
  row.free = rule.free;
  for (std::size_t kind = 0; kind < price_class_count; ++kind) {
    UnitPrice& price = row.prices[kind];
    if (const std::optional<Rate>& rate = rule.*price_rule_rates[kind])
      if (const std::error_code error = price.set(*rate, rule.multiplier)) return error;
    row.whole_prices[kind] = price.denominator == 1 ? price.numerator : fraction_price;
  }
  return {};
}

}  // namespace tallyscope::inline v0::detail
