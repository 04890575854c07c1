// SPDX-License-Identifier: MIT
// `tallyscope prices show`
#pragma once

#include "price_rule_text.hpp"
#include "text_table.hpp"

#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope_program {

/// What has no column of its own, and what the rates alone do not say.
inline std::string other_prices_text(const ts::PriceRule& rule) {
  using enum ts::PriceClass;
  std::string text;
  const auto add = [&](const std::string& what) { (text += text.empty() ? "" : ", ") += what; };
  if (rule.free) add("free");
  for (std::size_t place = 0; place < ts::price_class_count; ++place) {
    const auto kind = static_cast<ts::PriceClass>(place);
    const bool has_column = kind == input || kind == output || kind == cache_read || kind == cache_write ||
                            kind == cache_write_5m || kind == cache_write_1h;
    if (const auto& rate = rate_of(rule, kind); rate && !has_column)
      add(std::string{name_of(kind)} + " " + price_text(*rate));
  }
  if (price_text(rule.cache_write) != price_text(rule.cache_write_5m) && rule.cache_write_5m)
    add("cache_write_5m " + price_text(rule.cache_write_5m));
  if (fraction_text(rule.multiplier) != "1") add("all x " + fraction_text(rule.multiplier));
  if (rule.other_charges) add("and charges that no usage counts");
  return text;
}

inline bool is_of(std::string_view rule_provider, const std::string& provider) {
  return provider.empty() || (!rule_provider.empty() && ts::detail::share_provider(rule_provider, provider));
}

inline std::string rules_text(const ts::PriceBook& book, const std::string& provider) {
  constexpr auto left = TextTable::Align::left;
  TextTable table{{{"provider", left},
                   {"model", left},
                   {"when", left},
                   {"input"},
                   {"output"},
                   {"cache read"},
                   {"cache write"},
                   {"write 1h"},
                   {"other", left}}};
  for (const ts::PriceRule& rule : book.rates())
    if (is_of(rule.provider, provider))
      table.row({rule.provider.empty() ? "" : shown(rule.provider, 24), shown(rule.model, 60), conditions_text(rule),
                 price_text(rule.input), price_text(rule.output), price_text(rule.cache_read),
                 price_text(rule.cache_write), price_text(rule.cache_write_1h), other_prices_text(rule)});
  return table.text();
}

inline std::string adjustments_text(const ts::PriceBook& book, const std::string& provider) {
  constexpr auto left = TextTable::Align::left;
  TextTable table{
      {{"provider", left}, {"model", left}, {"tier", left}, {"region", left}, {"tokens x"}, {"source", left}}};
  bool any = false;
  for (const ts::PriceAdjustment& adjustment : book.adjustments()) {
    if (!is_of(adjustment.provider, provider)) continue;
    any = true;
    const auto cell = [](std::string_view text) { return text.empty() ? std::string{} : shown(text, 40); };
    table.row({cell(adjustment.provider), cell(adjustment.model), cell(adjustment.service_tier),
               cell(adjustment.region), fraction_text(adjustment.multiplier), cell(adjustment.source)});
  }
  return any ? "\nIn proportion to the standard price, where no rule has the tier or the region itself:\n" +
                   table.text()
             : std::string{};
}

inline std::string prices_show_text(const ts::PriceBook& book, const std::string& provider) {
  return "Prices: " + shown(book.text()) + "; dollars per 1,000,000 tokens, unless it says per how many\n\n" +
         rules_text(book, provider) + adjustments_text(book, provider);
}

inline std::string prices_show_json(const ts::PriceBook& book, const std::string& provider) {
  Json json;
  json["price_book"] = std::string{book.text()};
  json["rules"] = Json::array();
  for (const ts::PriceRule& rule : book.rates())
    if (is_of(rule.provider, provider)) json["rules"].push_back(rule_json(rule));
  json["adjustments"] = Json::array();
  for (const ts::PriceAdjustment& adjustment : book.adjustments())
    if (is_of(adjustment.provider, provider)) json["adjustments"].push_back(adjustment_json(adjustment));
  return dumped(json);
}

}  // namespace tallyscope_program
