// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/load_rates.hpp>
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

struct SupplementLine {
  std::string_view provider{};
  std::string_view model{};
  std::string_view tier{};
  std::string_view region{};
  Fraction multiplier{};
  std::string_view source{};
  std::string_view as_of{};
};

inline constexpr std::string_view openai_fast_page = "OpenAI: Fast mode for API customers";
inline constexpr std::string_view openai_pricing_page = "OpenAI: pricing, batch and flex at half the price";
inline constexpr std::string_view anthropic_fast_page = "Anthropic: fast mode";
inline constexpr std::string_view openrouter_fast_page = "OpenRouter: fast variants of Claude";
inline constexpr std::string_view anthropic_batch_page = "Anthropic: batch at half the price";
inline constexpr std::string_view anthropic_region_page = "Anthropic: data residency, inference_geo";
inline constexpr std::string_view google_tiers_page =
    "Google: Gemini API optimization, batch and flex at half the price";

// Of the lines that fit a model the last one counts. OpenAI calls `fast` what it called `priority` until 2026-07-30;
// its multipliers are the quotients of the two pages' prices, the same for input, cached input and output.
inline constexpr SupplementLine supplement_lines[] = {
    {"openai", "*", "batch", "", {1, 2}, openai_pricing_page, "2026-08-27"},
    {"openai", "*", "flex", "", {1, 2}, openai_pricing_page, "2026-08-27"},
    {"openai", "gpt-4o", "priority", "", {17, 10}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-4o-2024-05-13", "priority", "", {7, 4}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-4o-mini", "priority", "", {5, 3}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-4.1", "priority", "", {7, 4}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-4.1-mini", "priority", "", {7, 4}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-4.1-nano", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "o3", "priority", "", {7, 4}, openai_fast_page, "2026-08-21"},
    {"openai", "o4-mini", "priority", "", {20, 11}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5-mini", "priority", "", {9, 5}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5-codex", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.1", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.1-codex", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.2", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.4", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.4-mini", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.5", "priority", "", {5, 2}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.6-sol", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.6", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.6-terra", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"openai", "gpt-5.6-luna", "priority", "", {2, 1}, openai_fast_page, "2026-08-21"},
    {"anthropic", "*", "batch", "", {1, 2}, anthropic_batch_page, "2026-09-23"},
    {"anthropic", "*", "", "us", {11, 10}, anthropic_region_page, "2026-09-23"},
    {"anthropic", "claude-opus-4-6*", "fast", "", {6, 1}, anthropic_fast_page, "2026-02-05"},
    {"anthropic", "claude-opus-4-7*", "fast", "", {6, 1}, "ccusage's table of fast modes", "2026-09-23"},
    {"anthropic", "claude-opus-4-8*", "fast", "", {2, 1}, "ccusage's table of fast modes", "2026-09-23"},
    {"anthropic", "claude-opus-5", "fast", "", {2, 1}, openrouter_fast_page, "2026-07-24"},
    {"google", "*", "batch", "", {1, 2}, google_tiers_page, "2026-09-20"},
    {"google", "*", "flex", "", {1, 2}, google_tiers_page, "2026-09-20"},
};

inline std::error_code add_supplement_line(PriceBook& book, const SupplementLine& line, std::string_view tier) {
  return add_adjustment(book, PriceAdjustment{.provider = line.provider,
                                              .model = line.model,
                                              .service_tier = tier,
                                              .region = line.region,
                                              .multiplier = line.multiplier,
                                              .source = line.source,
                                              .as_of = line.as_of});
}

inline std::error_code add_supplement_adjustments(PriceBook& book) {
  for (const SupplementLine& line : supplement_lines) {
    if (const std::error_code error = add_supplement_line(book, line, line.tier)) return error;
    if (line.source != openai_fast_page) continue;
    if (const std::error_code error = add_supplement_line(book, line, "fast")) return error;
  }
  return {};
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
    if (rate && is_token_class(kind)) rate->per *= 2;
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
