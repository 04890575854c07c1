// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_litellm_entry.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0::detail {

/// Reads one entry.
class LitellmReader {
 public:
  LitellmReader(ListLoad& list, JsonScan& scan) : list_{list}, scan_{scan} {}

  LitellmEntry read() {
    JsonString member;
    if (scan_.begin_object())
      while (scan_.next_member(member)) read_member(member.raw());
    settle_other_units();
    settle_names();
    return std::move(entry_);
  }

 private:
  // A charge by the image, second, character ... in one direction, which tokens may bill too.
  struct OtherUnit {
    ModelFault what{};
    bool of_input = false;
    LitellmMember member{};
    std::optional<Rate> by_second{};
    bool is_audio = false;
  };

  void fault(const ModelFault& what) {
    if (entry_.fault.reason.empty()) entry_.fault = what;
  }

  void read_member(std::string_view name) {
    if (name == "litellm_provider") return read_text(entry_.provider);
    if (name == "mode") return read_text(entry_.mode);
    if (name == "web_search_billing_unit") return read_search_unit();
    if (name == "search_context_cost_per_query") return read_search_prices();
    if (name == "tiered_pricing") return read_ranges();
    if (name == "off_peak_pricing") return read_off_peak();
    if (name == "provider_specific_entry") return read_multipliers();
    if (name.find("uplift_multiplier") != std::string_view::npos) return read_uplift(name);
    if (name.find("cost") == std::string_view::npos) return void(scan_.skip());
    const LitellmMember member = litellm_member(name);
    read_price(name, member.name, entry_.tiers[member.tier].above(member.above), member);
  }

  void read_text(std::string_view& text) {
    JsonString value;
    if (scan_.string(value))
      text = list_.text(value);
    else
      scan_.skip();
  }

  void read_price(std::string_view name, std::string_view plain, StatedRates& rates, const LitellmMember& member) {
    const LitellmName* const known = litellm_name(plain);
    scan_.type();  // past white space
    const std::size_t begin = scan_.taken();
    if (known == nullptr) return read_other(name, rates, member, begin);
    const std::optional<Rate> rate = take_rate(scan_, known->unit, name, entry_.fault);
    if (!rate) return;
    switch (known->meaning) {
      case LitellmMeaning::one_class:
        return rates.set(known->kind, *rate);
      case LitellmMeaning::cache_write:
        return rates.set_cache_write(*rate);
      case LitellmMeaning::if_missing:
        return late_.push_back({&rates, known->kind, *rate});
      case LitellmMeaning::query:
        return queries_.push_back({&rates, known->kind, *rate});
      case LitellmMeaning::nothing:
        return;
      case LitellmMeaning::heard:
      case LitellmMeaning::second:
        break;
    }
    if (rate->amount == Money{}) return;
    const bool is_audio = known->meaning == LitellmMeaning::heard;
    others_.push_back({{billed_twice, name, begin, scan_.taken()}, name.starts_with("input"), member, rate, is_audio});
  }

  /// A charge for what no Usage counts.
  void read_other(std::string_view name, StatedRates& rates, const LitellmMember& member, std::size_t begin) {
    const bool is_number = scan_.type() == JsonType::number || scan_.type() == JsonType::string;
    Rate rate;
    const std::string_view number = take_number(scan_);
    const std::string_view wrong = is_number && !number.empty() ? rate_of(number, {1, 0}, rate) : std::string_view{};
    if (wrong == negative_price) return fault({wrong, name, begin, scan_.taken()});
    if (!is_number || (wrong.empty() && rate.amount == Money{})) return;
    if (name.starts_with("input_cost_per_") || name.starts_with("output_cost_per_"))
      others_.push_back({{billed_twice, name, begin, scan_.taken()}, name.starts_with("input"), member});
    else
      rates.other_charges = true;
  }

  void read_search_unit() {
    JsonString unit;
    scan_.type();
    const std::size_t begin = scan_.taken();
    if (!scan_.string(unit)) return void(scan_.skip());
    if (unit.raw() != "per_query" && unit.raw() != "per_prompt")
      fault({unknown_unit, "web_search_billing_unit", begin, scan_.taken()});
  }

  /// Of the three sizes of what a search may bring along, the middle one is the providers' default.
  void read_search_prices() {
    JsonString size;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(size)) {
      scan_.type();
      const std::optional<Rate> rate = take_rate(scan_, {1'000, 3}, "search_context_cost_per_query", entry_.fault);
      if (rate && size.raw().find("medium") != std::string_view::npos)
        standard().set(PriceClass::web_search, *rate);
      else if (rate)
        standard_late(PriceClass::web_search, *rate);
    }
  }

  void read_ranges() {
    if (!scan_.begin_array()) return void(scan_.skip());
    while (scan_.next_element()) read_range();
  }

  void read_range() {
    scan_.type();
    const std::size_t begin = scan_.taken();
    JsonScan again = scan_;
    JsonString member;
    std::int64_t least = -1;
    if (scan_.begin_object())
      while (scan_.next_member(member)) {
        if (member.raw() == "range" && scan_.begin_array()) {
          if (scan_.next_element() && !scan_.integer(least)) scan_.skip();
          while (scan_.next_element()) scan_.skip();
        } else {
          scan_.skip();
        }
      }
    else
      scan_.skip();
    if (least < 0) return fault({unread_range, "tiered_pricing", begin, scan_.taken()});
    std::swap(scan_, again);
    scan_.begin_object();
    while (scan_.next_member(member)) {
      const LitellmMember plain = litellm_member(member.raw());
      if (plain.name.find("cost") == std::string_view::npos) {
        scan_.skip();
        continue;
      }
      const std::int64_t above = least == 0 ? SteppedRates::any_input : least;
      read_price(member.raw(), plain.name, entry_.tiers[plain.tier].above(above), {plain.name, plain.tier, above});
    }
  }

  void read_off_peak() {
    scan_.type();
    const std::size_t begin = scan_.taken();
    LitellmHours hours;
    JsonString member;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(member)) {
      if (hours.take(member.raw(), scan_)) continue;
      if (litellm_name(member.raw()) != nullptr)
        read_price(member.raw(), member.raw(), entry_.off_peak, {member.raw()});
      else
        scan_.skip();
    }
    if (!entry_.off_peak.any()) return;
    const std::string_view wrong = hours.put(entry_.windows);
    if (!wrong.empty()) fault({wrong, "off_peak_pricing", begin, scan_.taken()});
  }

  void read_multiplier(std::string_view name, LitellmMultiplier multiplier) {
    scan_.type();
    const std::size_t begin = scan_.taken();
    if (scan_.type() == JsonType::null) return void(scan_.skip());
    const std::string_view wrong = fraction_of(take_number(scan_), multiplier.multiplier);
    if (!wrong.empty()) return fault({wrong, name, begin, scan_.taken()});
    const bool changes = multiplier.multiplier.numerator != multiplier.multiplier.denominator;
    if (changes && multiplier.tier.empty() && multiplier.region.empty())
      entry_.unsaid.push_back({any_region, name, begin, scan_.taken()});
    else if (changes)
      entry_.multipliers.push_back(multiplier);
  }

  void read_multipliers() {
    JsonString member;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(member)) {
      const std::string_view name = list_.text(member);
      const bool is_tier = name == "fast" || name == "ultrafast" || name == "priority" || name == "flex";
      read_multiplier("provider_specific_entry", {is_tier ? name : std::string_view{}, is_tier ? "" : name});
    }
  }

  void read_uplift(std::string_view name) {
    constexpr std::string_view begin = "regional_processing_uplift_multiplier_";
    read_multiplier(name, {{}, name.starts_with(begin) ? name.substr(begin.size()) : std::string_view{}});
  }

  StatedRates& standard() { return entry_.tiers[{}].above(SteppedRates::any_input); }
  void standard_late(PriceClass kind, const Rate& rate) { late_.push_back({&standard(), kind, rate}); }

  void settle_other_units() {
    const bool hears = entry_.mode == "audio_transcription";
    for (const OtherUnit& other : others_) {
      StatedRates& rates = entry_.tiers[other.member.tier].above(other.member.above);
      const std::optional<Rate>& known = rates[PriceClass::audio_millisecond];
      const bool is_audio = other.by_second && (hears || other.is_audio);
      if (!hears && entry_.has_token_price(other.of_input))
        entry_.unsaid.push_back(other.what);
      else if (is_audio && (!known || known->amount == other.by_second->amount))
        rates.set(PriceClass::audio_millisecond, *other.by_second);
      else
        rates.other_charges = true;
    }
  }

  void settle_names() {
    for (const Late& late : late_) late.rates->set_if_missing(late.kind, late.rate);
    for (const Late& query : queries_)
      query.rates->set(entry_.mode == "search" ? PriceClass::request : query.kind, query.rate);
  }

  struct Late {
    StatedRates* rates;  // of a map, which leaves them where they are
    PriceClass kind;
    Rate rate;
  };

  ListLoad& list_;
  JsonScan& scan_;
  LitellmEntry entry_;
  std::vector<OtherUnit> others_;
  std::vector<Late> late_, queries_;
};

}  // namespace tallyscope::inline v0::detail
