// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_rates.hpp>
#include <tallyscope/prices/detail/own_rates.hpp>
#include <tallyscope/prices/detail/supplement_lines.hpp>
#include <tallyscope/prices/detail/unit_price.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0 {

/// What the price lists do not say, and the vendors do: service tiers and regions in proportion to the standard price,
/// and single models. Each has the source it was read from, and the day.
///
/// Adds it to a book: an adjustment goes after the book's own rules of that tier or region, a model is added only where
/// the book has no price for it. What is added to the book later goes before all of it, so call it before a list with
/// adjustments of its own is loaded. With an error the book is as it was.
inline std::error_code add_supplement(PriceBook& book) noexcept;

namespace detail {

inline std::error_code add_supplement_adjustments(PriceBook& book) {
  std::error_code error;
  for_each_supplement([&](const PriceAdjustment& adjustment) {
    if (!error) error = book.add(adjustment);
  });
  return error;
}

/// Cached input of this one model costs two thirds in a batch, all else half.
inline std::error_code add_flash_lite_batch(PriceBook& book) {
  const std::optional<PriceRule> listed = book.rate_for("google", "gemini-3.5-flash-lite", {});
  if (!listed || listed->free) return {};
  const std::optional<PriceRule> batch = book.rate_for("google", "gemini-3.5-flash-lite", {.service_tier = "batch"});
  if (batch && batch->service_tier == "batch") return {};
  PriceRule rule = *listed;
  rule.service_tier = "batch";
  for_each_price_class([&](PriceClass kind) {
    std::optional<Rate>& rate = rule.*price_rule_rates[static_cast<std::size_t>(kind)];
    if (rate && is_by_token(kind)) rate->per *= 2;
  });
  rule.cache_read = per_million("0.02");
  rule.source = "genai-prices: cached batch of Gemini 3.5 Flash-Lite";
  rule.as_of = "2026-09-23";
  return book.add(rule);
}

inline std::error_code add_supplement_rules(PriceBook& book) {
  constexpr std::string_view cohere = "cohere", reasoning = "command-a-reasoning-08-2025";
  if (!book.rate_for(cohere, reasoning, {}))
    if (const std::error_code error = book.add({.provider = cohere,
                                                .model = reasoning,
                                                .input = per_million("2.50"),
                                                .output = per_million("10.00"),
                                                .source = "models.dev",
                                                .as_of = "2026-07-02"}))
      return error;
  return add_flash_lite_batch(book);
}

}  // namespace detail

inline std::error_code add_supplement(PriceBook& book) noexcept {
  return detail::without_throwing([&] {
    PriceBook next = book;
    if (const std::error_code error = detail::add_supplement_adjustments(next)) return error;
    if (const std::error_code error = detail::add_supplement_rules(next)) return error;
    book = next;
    return std::error_code{};
  });
}

}  // namespace tallyscope::inline v0
