// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/load_models_dev_cost.hpp>
#include <tallyscope/prices/load_result.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0 {

inline constexpr std::string_view models_dev_format = "models.dev's api.json";

/// Adds the prices of models.dev's `api.json` to a book. Their unit is US dollars for 1,000,000 tokens; they are kept
/// exactly as they are written. Nothing is thrown.
///
/// - `tiers` of the type `context` hold for all tokens of a call with more input than `size`. `context_over_200k`
/// counts
///   only where there are no tiers, since it often means another size.
/// - The cost of a mode, `experimental.modes.fast`, is that of the service tier of its name.
/// - `cache_write` is that of five minutes.
/// - A model with zeros alone is free, since the list says so; one without `cost` is left out.
/// - A price for what no Usage counts makes a cost incomplete.
///
/// A model with a price that is none, such as the -1000000 of routers, is left out, and told of.
inline LoadResult load_models_dev(PriceBook& book, std::string_view json, const LoadOptions& options = {}) noexcept;

namespace detail {

class ModelsDevReader {
 public:
  explicit ModelsDevReader(ListLoad& list) : list_{list}, scan_{list.scan()} {}

  void read() {
    JsonString id;
    if (!scan_.begin_object()) return list_.fail_at(scan_.taken(), "an object of providers was expected");
    while (scan_.next_member(id)) read_provider(list_.text(id));
    list_.check(scan_);
  }

 private:
  void read_provider(std::string_view provider) {
    JsonString member;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(member)) {
      if (member.raw() == "models" && scan_.begin_object())
        read_models(provider);
      else
        scan_.skip();
    }
  }

  void read_models(std::string_view provider) {
    JsonString id;
    while (scan_.next_member(id)) {
      scan_.type();
      const std::size_t place = scan_.taken();
      const std::string_view model = list_.text(id);
      ModelsDevCosts costs = ModelsDevCostReader{list_, scan_}.read();
      if (scan_.failed()) return;
      ModelFault fault = costs.fault;
      if (fault.reason.empty() && costs.standard.empty()) fault = {no_price_stated, {}, place, place};
      if (provider.size() > plain_name_limit || model.size() > plain_name_limit)
        fault = {name_too_long, {}, place, place};
      if (model.find_first_of("*#") != std::string_view::npos) fault = {name_is_pattern, {}, place, place};
      if (fault.reason.empty() && !model.empty())
        add(provider, model, costs);
      else
        list_.leave_out(model, fault);
    }
  }

  void add(std::string_view provider, std::string_view model, const ModelsDevCosts& costs) {
    const PriceRule conditions{.provider = provider, .model = model};
    add(conditions, costs.standard, costs.standard.costs_nothing());
    for (const auto& [tier, rates] : costs.modes) {
      PriceRule rule = conditions;
      rule.service_tier = tier;
      add(rule, rates, false);
    }
    list_.count_model();
  }

  void add(PriceRule rule, const SteppedRates& rates, bool free) {
    rule.free = free;
    if (free) return list_.add(rule);
    const SteppedRates completed = rates.completed();
    for (const auto& [above, stated] : completed.steps()) {
      PriceRule step = rule;
      put_step(step, above);
      stated.put(step);
      list_.add(step);
    }
  }

  ListLoad& list_;
  JsonScan scan_;
};

}  // namespace detail

inline LoadResult load_models_dev(PriceBook& book, std::string_view json, const LoadOptions& options) noexcept {
  return detail::load_list(book, json, options, models_dev_format,
                           [](detail::ListLoad& list) { detail::ModelsDevReader{list}.read(); });
}

}  // namespace tallyscope::inline v0
