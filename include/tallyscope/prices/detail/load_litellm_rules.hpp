// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/load_litellm_entry.hpp>
#include <tallyscope/prices/detail/load_litellm_key.hpp>
#include <tallyscope/prices/detail/unit_price.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// One model of LiteLLM's list as rules.
struct LitellmModel {
  LitellmKey key{};
  LitellmEntry entry{};

  /// Zeros alone, of which one is the price of input.
  bool is_free() const {
    for (const auto& tier : entry.tiers)
      if (!tier.second.costs_nothing()) return false;
    return at(steps_of({}), SteppedRates::any_input)[PriceClass::input].has_value();
  }

  void add_to(ListLoad& list) const {
    if (is_free()) return list.add(rule({}, SteppedRates::any_input, {}, true));
    const SteppedRates standard = steps_of({}).completed();
    for (const auto& [above, rates] : standard.steps()) list.add(rule({}, above, rates));
    for (const UtcWindow& window : entry.windows)
      for (const auto& [above, rates] : standard.steps()) list.add(off_peak_rule(window, above, rates));
    for (const auto& tier : entry.tiers)
      if (!tier.first.empty()) add_tier(list, tier.first, tier.second, standard);
    for (const LitellmMultiplier& one : entry.multipliers)
      list.add(PriceAdjustment{.provider = key.provider,
                               .model = key.model,
                               .service_tier = one.tier,
                               .region = one.region.empty() ? key.region : one.region,
                               .multiplier = one.multiplier});
  }

 private:
  SteppedRates steps_of(std::string_view tier) const {
    const auto found = entry.tiers.find(tier);
    return found == entry.tiers.end() ? SteppedRates{} : found->second;
  }

  PriceRule rule(std::string_view tier, std::int64_t above, const StatedRates& rates, bool free = false) const {
    PriceRule rule{.provider = key.provider, .model = key.model, .service_tier = tier, .region = key.region};
    put_step(rule, above, key.provider == "xai" ? Boundary::at_least : Boundary::above);
    rates.put(rule);
    rule.free = free;
    return rule;
  }

  PriceRule off_peak_rule(const UtcWindow& window, std::int64_t above, const StatedRates& rates) const {
    StatedRates off_peak = entry.off_peak;
    off_peak.complete(rates);
    PriceRule made = rule({}, above, off_peak);
    made.daily_start = window.start;
    made.daily_end = window.end;
    made.weekdays = window.weekdays;
    return made;
  }

  /// A service tier has its own prices of tokens and all others of the standard tier. From where a class of tokens
  /// costs more in the standard tier it has a price only if one for so much input is stated.
  void add_tier(ListLoad& list, std::string_view tier, const SteppedRates& own, const SteppedRates& standard) const {
    std::set<std::int64_t> bounds;
    for (const SteppedRates* steps : {&own, &standard})
      for (const auto& step : steps->steps()) bounds.insert(step.first);
    const SteppedRates stated_standard = steps_of({});
    StatedRates rates;
    bool begun = false;
    for (const std::int64_t above : bounds) {
      const StatedRates stated = at(own, above), usual = in_force(standard, above);
      for_each_price_class([&](PriceClass kind) {
        if (stated[kind])
          rates.set(kind, *stated[kind]);
        else if (is_by_token(kind) && changes(stated_standard, above, kind))
          rates.rates[static_cast<std::size_t>(kind)].reset();
        if (!is_by_token(kind)) rates.set_if_missing(kind, usual[kind]);
        if (is_billed_as_another(kind) && usual[kind] && !rates[kind]) rates.other_charges = true;
      });
      rates.other_charges = rates.other_charges || stated.other_charges || usual.other_charges;
      begun = begun || stated.any();
      if (begun) list.add(rule(tier, above, rates));
    }
  }

  static StatedRates at(const SteppedRates& steps, std::int64_t above) {
    const auto found = steps.steps().find(above);
    return found == steps.steps().end() ? StatedRates{} : found->second;
  }
  static StatedRates in_force(const SteppedRates& steps, std::int64_t above) {
    const auto behind = steps.steps().upper_bound(above);
    return behind == steps.steps().begin() ? StatedRates{} : std::prev(behind)->second;
  }
  static bool changes(const SteppedRates& steps, std::int64_t above, PriceClass kind) {
    return above != SteppedRates::any_input && at(steps, above)[kind].has_value();
  }
};

}  // namespace tallyscope::inline v0::detail
