// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/load_rates.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0::detail {

inline constexpr std::string_view unread_size = "a tier without a size in tokens";

/// The costs of one model of models.dev.
struct ModelsDevCosts {
  SteppedRates standard{};
  std::vector<std::pair<std::string_view, SteppedRates>> modes{};
  ModelFault fault{};
};

struct ModelsDevKey {
  std::string_view name{};
  PriceClass kind{};
};

inline constexpr ModelsDevKey models_dev_keys[] = {
    {"input", PriceClass::input},
    {"output", PriceClass::output},
    {"reasoning", PriceClass::reasoning},
    {"cache_read", PriceClass::cache_read},
    {"cache_write", PriceClass::cache_write},
    {"input_audio", PriceClass::input_audio},
    {"output_audio", PriceClass::output_audio},
};

/// Reads one model: its `cost`, and those of its modes.
class ModelsDevCostReader {
 public:
  ModelsDevCostReader(ListLoad& list, JsonScan& scan) : list_{list}, scan_{scan} {}

  ModelsDevCosts read() {
    JsonString member;
    if (!scan_.begin_object()) return scan_.skip(), std::move(costs_);
    while (scan_.next_member(member)) {
      if (member.raw() == "cost")
        read_cost(costs_.standard);
      else if (member.raw() == "experimental")
        read_modes();
      else
        scan_.skip();
    }
    return std::move(costs_);
  }

 private:
  void read_cost(SteppedRates& rates) {
    JsonString key;
    std::optional<JsonScan> over_200k;
    bool has_tiers = false;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(key)) {
      if (key.raw() == "tiers" && scan_.begin_array()) {
        while (scan_.next_element()) has_tiers = read_tier(rates) || has_tiers;
      } else if (key.raw() == "context_over_200k") {
        over_200k = scan_;
        scan_.skip();
      } else {
        read_rate(key.raw(), rates.above(SteppedRates::any_input));
      }
    }
    if (over_200k && !has_tiers) {
      std::swap(scan_, *over_200k);
      read_rates(rates.above(200'000));
      std::swap(scan_, *over_200k);
    }
  }

  /// {"tier": {"type": "context", "size": 200000}, "input": 4, ...}, its members in any order.
  bool read_tier(SteppedRates& rates) {
    scan_.type();
    const std::size_t begin = scan_.taken();
    JsonScan again = scan_;
    JsonString key;
    std::int64_t size = -1;
    if (!scan_.begin_object()) return scan_.skip(), false;
    while (scan_.next_member(key)) {
      if (key.raw() == "tier")
        size = take_size();
      else
        scan_.skip();
    }
    if (size < 0) return note({unread_size, "tiers", begin, scan_.taken()}), false;
    std::swap(scan_, again);
    return read_rates(rates.above(size)), true;
  }

  std::int64_t take_size() {
    JsonString member, type;
    std::int64_t size = -1;
    bool is_context = false;
    if (!scan_.begin_object()) return scan_.skip(), -1;
    while (scan_.next_member(member)) {
      if (member.raw() == "size" && scan_.integer(size)) continue;
      if (member.raw() == "type" && scan_.string(type))
        is_context = type.raw() == "context";
      else
        scan_.skip();
    }
    return is_context ? size : -1;
  }

  void read_rates(StatedRates& rates) {
    JsonString key;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(key)) read_rate(key.raw(), rates);
  }

  void read_rate(std::string_view key, StatedRates& rates) {
    if (scan_.type() != JsonType::number && scan_.type() != JsonType::string) return void(scan_.skip());
    const std::optional<Rate> rate = take_rate(scan_, {}, key, costs_.fault);
    if (!rate) return;
    for (const ModelsDevKey& known : models_dev_keys) {
      if (known.name != key) continue;
      return known.kind == PriceClass::cache_write ? rates.set_cache_write(*rate) : rates.set(known.kind, *rate);
    }
    rates.other_charges = rates.other_charges || rate->amount != Money{};
  }

  void read_modes() {
    JsonString member;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(member)) {
      if (member.raw() != "modes" || !scan_.begin_object()) {
        scan_.skip();
        continue;
      }
      JsonString mode;
      while (scan_.next_member(mode)) read_mode(list_.text(mode));
    }
  }

  void read_mode(std::string_view name) {
    JsonString member;
    SteppedRates rates;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(member)) {
      if (member.raw() == "cost")
        read_cost(rates);
      else
        scan_.skip();
    }
    if (!rates.empty() && !name.empty() && name.size() <= plain_name_limit) costs_.modes.emplace_back(name, rates);
  }

  void note(const ModelFault& fault) {
    if (costs_.fault.reason.empty()) costs_.fault = fault;
  }

  ListLoad& list_;
  JsonScan& scan_;
  ModelsDevCosts costs_;
};

}  // namespace tallyscope::inline v0::detail
