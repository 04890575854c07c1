// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/price_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace tallyscope::inline v0::detail {

/// The classes that are billed as another one where they have no rate of their own.
constexpr bool is_billed_as_another(PriceClass kind) noexcept {
  return kind == PriceClass::reasoning || kind == PriceClass::input_image || kind == PriceClass::input_video ||
         kind == PriceClass::output_image;
}

template <class Visit>
void for_each_price_class(Visit&& visit) {
  for (std::size_t kind = 0; kind < price_class_count; ++kind) visit(static_cast<PriceClass>(kind));
}

/// What a list states for one model under one set of conditions.
struct StatedRates {
  std::optional<Rate> rates[price_class_count]{};
  bool other_charges = false;

  const std::optional<Rate>& operator[](PriceClass kind) const noexcept {
    return rates[static_cast<std::size_t>(kind)];
  }
  void set(PriceClass kind, const Rate& rate) noexcept { rates[static_cast<std::size_t>(kind)] = rate; }
  void set_if_missing(PriceClass kind, const std::optional<Rate>& rate) noexcept {
    std::optional<Rate>& own = rates[static_cast<std::size_t>(kind)];
    if (!own) own = rate;
  }
  /// A write to the cache whose lifetime is not told is one for five minutes.
  void set_cache_write(const Rate& rate) noexcept {
    set(PriceClass::cache_write, rate);
    set_if_missing(PriceClass::cache_write_5m, rate);
  }

  bool any() const noexcept {
    for (const std::optional<Rate>& rate : rates)
      if (rate) return true;
    return other_charges;
  }
  bool costs_nothing() const noexcept {
    for (const std::optional<Rate>& rate : rates)
      if (rate && rate->amount != Money{}) return false;
    return !other_charges;
  }

  /// Takes what is not stated here from `base`.
  void complete(const StatedRates& base) noexcept {
    for_each_price_class([&](PriceClass kind) { set_if_missing(kind, base[kind]); });
    other_charges = other_charges || base.other_charges;
  }

  void put(PriceRule& rule) const noexcept {
    for (std::size_t kind = 0; kind < price_class_count; ++kind) rule.*price_rule_rates[kind] = rates[kind];
    rule.other_charges = other_charges;
  }
};

/// What a list states for one model by how much input a call has: from the smallest on, each by the input that a call
/// has more of than that.
class SteppedRates {
 public:
  static constexpr std::int64_t any_input = -1;

  StatedRates& above(std::int64_t input) { return steps_[input]; }
  const std::map<std::int64_t, StatedRates>& steps() const noexcept { return steps_; }
  bool empty() const noexcept { return steps_.empty(); }

  bool costs_nothing() const noexcept {
    for (const auto& step : steps_)
      if (!step.second.costs_nothing()) return false;
    return true;
  }

  /// Each step with what is stated only for less input, which holds there too.
  SteppedRates completed() const {
    SteppedRates all;
    StatedRates below;
    for (const auto& [input, stated] : steps_) {
      StatedRates rates = stated;
      rates.complete(below);
      all.steps_[input] = below = rates;
    }
    return all;
  }

 private:
  std::map<std::int64_t, StatedRates> steps_;
};

/// The condition of a step.
inline void put_step(PriceRule& rule, std::int64_t above, Boundary boundary = Boundary::above) noexcept {
  if (above == SteppedRates::any_input) return;
  rule.input_threshold = above;
  rule.boundary = boundary;
}

}  // namespace tallyscope::inline v0::detail
