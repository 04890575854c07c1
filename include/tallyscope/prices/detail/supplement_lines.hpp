// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/price_rule.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

// Plain pointers: so many views would take the compiler a hundredth of a second in every file.
struct SupplementLine {
  const char* provider;
  const char* model;
  const char* tier;
  const char* region;
  Fraction multiplier;
  const char* source;
  const char* as_of;
};

inline constexpr char openai_fast_page[] = "OpenAI: Fast mode for API customers";
inline constexpr char openai_pricing_page[] = "OpenAI: pricing, batch and flex at half the price";
inline constexpr char anthropic_fast_page[] = "Anthropic: fast mode";
inline constexpr char openrouter_fast_page[] = "OpenRouter: fast variants of Claude";
inline constexpr char anthropic_batch_page[] = "Anthropic: batch at half the price";
inline constexpr char anthropic_region_page[] = "Anthropic: data residency, inference_geo";
inline constexpr char google_tiers_page[] = "Google: Gemini API optimization, batch and flex at half the price";

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

inline PriceAdjustment adjustment_of(const SupplementLine& line, const char* tier) noexcept {
  return {.provider = line.provider,
          .model = line.model,
          .service_tier = tier,
          .region = line.region,
          .multiplier = line.multiplier,
          .source = line.source,
          .as_of = line.as_of};
}

/// Visits each line as an adjustment; what is of OpenAI's page of fast mode by both of its names.
template <class Visit>
void for_each_supplement(Visit&& visit) {
  for (const SupplementLine& line : supplement_lines) {
    visit(adjustment_of(line, line.tier));
    if (line.source == openai_fast_page) visit(adjustment_of(line, "fast"));
  }
}

}  // namespace tallyscope::inline v0::detail
