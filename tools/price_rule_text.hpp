// SPDX-License-Identifier: MIT
// How rules of a price book are shown.
#pragma once

#include "report_json.hpp"
#include "report_text.hpp"
#include "shown_text.hpp"

#include <tallyscope/detail/date_text.hpp>
#include <tallyscope/prices/price_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace tallyscope_program {

inline std::string_view name_of(ts::PriceClass kind) noexcept {
  return ts::price_class_names[static_cast<std::size_t>(kind)];
}

inline const std::optional<ts::Rate>& rate_of(const ts::PriceRule& rule, ts::PriceClass kind) noexcept {
  return rule.*ts::price_rule_rates[static_cast<std::size_t>(kind)];
}

/// "2.5" dollars, and per how many unless that is a million.
inline std::string price_text(const ts::Rate& rate) {
  std::string text = rate.amount.exact();
  if (rate.per == 1) return text + " each";
  return rate.per == 1'000'000 ? text : text + " per " + grouped(static_cast<std::uint64_t>(rate.per));
}

inline std::string price_text(const std::optional<ts::Rate>& rate) { return rate ? price_text(*rate) : std::string{}; }

inline std::string fraction_text(const ts::Fraction& fraction) {
  const std::string text = std::to_string(fraction.numerator);
  return fraction.denominator == 1 ? text : text + "/" + std::to_string(fraction.denominator);
}

inline bool has_start(std::int64_t from) noexcept { return from != std::numeric_limits<std::int64_t>::min(); }

/// "01:00", with the seconds where there are any.
inline std::string time_of_day_text(std::int32_t second) {
  const auto pair = [](std::int32_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  const std::string text = pair(second / 3'600) + ":" + pair(second / 60 % 60);
  return second % 60 == 0 ? text : text + ":" + pair(second % 60);
}

inline std::string weekdays_text(std::uint8_t weekdays) {
  constexpr std::string_view names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  std::string text;
  for (std::size_t day = 0; day < 7; ++day)
    if ((weekdays >> day & 1) != 0) (text += text.empty() ? "" : " ") += names[day];
  return text;
}

inline std::string window_text(const ts::PriceRule& rule) {
  const bool all_day = rule.daily_start == 0 && rule.daily_end == 86'400;
  std::string text = all_day ? std::string{}
                             : time_of_day_text(rule.daily_start) + "-" + time_of_day_text(rule.daily_end) +
                                   (rule.zone.seconds == nullptr ? " UTC" : " local");
  if (rule.weekdays != ts::all_weekdays) (text += text.empty() ? "" : " ") += weekdays_text(rule.weekdays);
  return text;
}

inline std::string threshold_text(const ts::PriceRule& rule) {
  if (!rule.input_threshold.has_value()) return {};
  const std::string tokens = grouped(static_cast<std::uint64_t>(rule.input_threshold.value_or(0)));
  return (rule.boundary == ts::Boundary::above ? "input > " : "input >= ") + tokens;
}

/// When a rule applies, in a few words; nothing for always.
inline std::string conditions_text(const ts::PriceRule& rule) {
  std::string text;
  const auto add = [&](const std::string& condition) {
    if (!condition.empty()) (text += text.empty() ? "" : ", ") += condition;
  };
  if (has_start(rule.from)) add("from " + ts::detail::instant_text(rule.from).substr(0, 10));
  add(window_text(rule));
  add(threshold_text(rule));
  if (!rule.service_tier.empty()) add("tier " + shown(rule.service_tier, 20));
  if (!rule.region.empty()) add("region " + shown(rule.region, 20));
  if (!rule.except.empty()) add("not " + shown(rule.except, 40));
  return text;
}

inline Json rate_json(const ts::Rate& rate) { return {{"usd", rate.amount.exact()}, {"per", rate.per}}; }

inline Json rates_json(const ts::PriceRule& rule) {
  Json json = Json::object();
  for (std::size_t kind = 0; kind < ts::price_class_count; ++kind)
    if (const auto& rate = rate_of(rule, static_cast<ts::PriceClass>(kind)))
      json[std::string{ts::price_class_names[kind]}] = rate_json(*rate);
  return json;
}

/// What is said of a rule; conditions that always hold are left out.
inline Json rule_json(const ts::PriceRule& rule) {
  Json json;
  const auto put = [&](const char* key, std::string_view text) {
    if (!text.empty()) json[key] = std::string{text};
  };
  put("provider", rule.provider);
  put("model", rule.model);
  put("except", rule.except);
  if (has_start(rule.from)) json["from"] = ts::detail::instant_text(rule.from);
  put("window", window_text(rule));
  if (rule.input_threshold.has_value())
    json[rule.boundary == ts::Boundary::above ? "input_above" : "input_at_least"] = rule.input_threshold.value_or(0);
  put("service_tier", rule.service_tier);
  put("region", rule.region);
  json["rates"] = rates_json(rule);
  if (fraction_text(rule.multiplier) != "1") json["multiplier"] = fraction_text(rule.multiplier);
  if (rule.free) json["free"] = true;
  if (rule.other_charges) json["other_charges"] = true;
  put("source", rule.source);
  put("as_of", rule.as_of);
  return json;
}

inline Json adjustment_json(const ts::PriceAdjustment& adjustment) {
  Json json;
  const auto put = [&](const char* key, std::string_view text) {
    if (!text.empty()) json[key] = std::string{text};
  };
  put("provider", adjustment.provider);
  put("model", adjustment.model);
  if (has_start(adjustment.from)) json["from"] = ts::detail::instant_text(adjustment.from);
  put("service_tier", adjustment.service_tier);
  put("region", adjustment.region);
  json["multiplier"] = fraction_text(adjustment.multiplier);
  put("source", adjustment.source);
  put("as_of", adjustment.as_of);
  return json;
}

inline std::string dumped(const Json& json) { return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n"; }

}  // namespace tallyscope_program
