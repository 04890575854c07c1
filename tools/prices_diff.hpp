// SPDX-License-Identifier: MIT
// `tallyscope prices diff`
#pragma once

#include "price_rule_text.hpp"
#include "text_table.hpp"

#include <tallyscope/prices/diff.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tallyscope_program {

/// Two books at one time, and where they disagree.
struct PricesCompared {
  const ts::PriceBook& a;
  const ts::PriceBook& b;
  std::int64_t at = 0;
  std::vector<ts::PriceDifference> differences{};

  PricesCompared(const ts::PriceBook& a_book, const ts::PriceBook& b_book, std::int64_t time)
      : a{a_book}, b{b_book}, at{time} {
    ts::diff_prices(a, b, at, [&](const ts::PriceDifference& difference) { differences.push_back(difference); });
  }
};

inline std::string difference_text(const ts::PriceDifference& difference) {
  std::string text = difference.kind ? std::string{name_of(*difference.kind)} : "any price";
  if (!difference.service_tier.empty()) text += ", tier " + shown(difference.service_tier, 20);
  if (difference.large_input) text += ", large input";
  return text;
}

/// One side of a difference: a price, or whether there is one.
inline std::string side_text(const ts::PriceDifference& difference, bool is_in, const std::optional<ts::Rate>& rate) {
  if (difference.kind) return rate ? price_text(*rate) : "none";
  return is_in ? "has one" : "none";
}

inline std::string prices_diff_text(const PricesCompared& compared) {
  std::string text = "A: " + shown(compared.a.text()) + "\nB: " + shown(compared.b.text()) + "\nat " +
                     ts::detail::instant_text(compared.at) + "\n\n";
  if (compared.differences.empty()) return text + "They agree.\n";
  constexpr auto left = TextTable::Align::left;
  TextTable table{{{"provider", left}, {"model", left}, {"price of", left}, {"A"}, {"B"}}};
  std::size_t only_a = 0, only_b = 0;
  for (const ts::PriceDifference& one : compared.differences) {
    only_a += !one.kind && one.in_a ? 1 : 0;
    only_b += !one.kind && one.in_b ? 1 : 0;
    table.row({one.provider.empty() ? "" : shown(one.provider, 24), shown(one.model, 60), difference_text(one),
               side_text(one, one.in_a, one.a), side_text(one, one.in_b, one.b)});
  }
  return text + table.text() + "\n" + grouped(compared.differences.size() - only_a - only_b) + " prices differ, " +
         grouped(only_a) + " models or tiers are only in A, " + grouped(only_b) + " only in B\n";
}

inline Json difference_json(const ts::PriceDifference& difference) {
  Json json;
  json["provider"] = std::string{difference.provider};
  json["model"] = std::string{difference.model};
  if (!difference.service_tier.empty()) json["service_tier"] = std::string{difference.service_tier};
  json["large_input"] = difference.large_input;
  if (difference.kind) json["class"] = std::string{name_of(*difference.kind)};
  json["in_a"] = difference.in_a;
  json["in_b"] = difference.in_b;
  if (difference.a) json["a"] = rate_json(*difference.a);
  if (difference.b) json["b"] = rate_json(*difference.b);
  return json;
}

inline std::string prices_diff_json(const PricesCompared& compared) {
  Json json;
  json["a"] = std::string{compared.a.text()};
  json["b"] = std::string{compared.b.text()};
  json["at"] = ts::detail::instant_text(compared.at);
  json["differences"] = Json::array();
  for (const ts::PriceDifference& difference : compared.differences)
    json["differences"].push_back(difference_json(difference));
  return dumped(json);
}

}  // namespace tallyscope_program
