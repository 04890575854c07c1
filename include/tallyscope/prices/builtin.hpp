// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/price_rule.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0 {

inline constexpr std::string_view builtin_prices_name = "builtin";
/// The day of the data below; a cost that they gave says "builtin 2026-09-23".
inline constexpr std::string_view builtin_prices_version = "2026-09-23";
/// Prices of the vendors themselves, as collected by Pydantic's genai-prices (MIT), npm release 0.1.8 of that day.
inline constexpr std::string_view builtin_prices_source = "genai-prices 0.1.8 (npm @pydantic/genai-prices)";

namespace detail::builtin {

void not_a_decimal_of_six_places();  // never defined: a call of it is no constant

/// Dollars per million tokens, or per thousand searches, in millionths of a dollar: 2.50_usd is 2,500,000. More than
/// six digits behind the point do not compile.
consteval std::int64_t operator""_usd(const char* text) {
  std::int64_t millionths = 0;
  int places = -1;  // digits behind the point so far; -1 before it
  for (; *text != '\0'; ++text) {
    if (*text == '.') {
      places = 0;
      continue;
    }
    if (*text < '0' || *text > '9' || places == 6) not_a_decimal_of_six_places();
    millionths = millionths * 10 + (*text - '0');
    if (places >= 0) ++places;
  }
  for (int left = places < 0 ? 0 : places; left < 6; ++left) millionths *= 10;
  return millionths;
}

inline constexpr std::int64_t none = -1;

struct Prices {
  std::int64_t input = none;
  std::int64_t output = none;
  std::int64_t cache_read = none;
  std::int64_t cache_write = none;  // for five minutes, and where no lifetime is stated
  std::int64_t cache_write_1h = none;
  std::int64_t web_search = none;
  std::int64_t input_audio = none;
};

struct When {
  std::int64_t from = PriceRule{}.from;
  Count above{};  // tokens of input
  std::int32_t start = 0;
  std::int32_t end = 86'400;
};

struct Line {
  std::string_view provider;
  std::string_view model;
  Prices prices;
  When when{};
};

consteval When from(int year, int month, int day) { return {.from = utc_day(year, month, day)}; }
consteval When above(std::int64_t tokens) { return {.above = tokens}; }
consteval When above(std::int64_t tokens, When when) {
  when.above = tokens;
  return when;
}
consteval When between(int start_hour, int end_hour, When when) {
  when.start = start_hour * 3600;
  when.end = end_hour * 3600;
  return when;
}

// Names without a date: the dates that a vendor appends are taken off before names are compared. A dated name of its
// own stands here where the vendor charges something else for it. Columns: input, output, cache read, cache write,
// cache write for one hour, a thousand web searches, audio input.
inline constexpr Line lines[] = {
    {"openai", "gpt-6-astra", {10_usd, 50_usd, 1_usd, 12.5_usd, none, 10_usd}},
    {"openai", "gpt-6-astra", {20_usd, 75_usd, 2_usd, 25_usd, none, 10_usd}, above(271'999)},
    {"openai", "gpt-6-sol", {2_usd, 10_usd, 0.2_usd, 2.5_usd, none, 10_usd}},
    {"openai", "gpt-6-sol", {4_usd, 15_usd, 0.4_usd, 5_usd, none, 10_usd}, above(272'000)},
    {"openai", "gpt-6-luna", {0.1_usd, 0.5_usd, 0.01_usd, 0.125_usd, none, 10_usd}},
    {"openai", "gpt-6-luna", {0.2_usd, 0.75_usd, 0.02_usd, 0.25_usd, none, 10_usd}, above(272'000)},
    {"openai", "gpt-5.6-sol", {5_usd, 30_usd, 0.5_usd, 6.25_usd, none, 10_usd}},
    {"openai", "gpt-5.6-sol", {10_usd, 45_usd, 1_usd, 12.5_usd, none, 10_usd}, above(271'999)},
    {"openai", "gpt-5.6-sol", {4_usd, 20_usd, 0.4_usd, 5_usd, none, 10_usd}, from(2026, 8, 21)},
    {"openai", "gpt-5.6-sol", {8_usd, 30_usd, 0.8_usd, 10_usd, none, 10_usd}, above(271'999, from(2026, 8, 21))},
    {"openai", "gpt-5.6-terra", {2.5_usd, 15_usd, 0.25_usd, 3.125_usd, none, 10_usd}},
    {"openai", "gpt-5.6-terra", {5_usd, 22.5_usd, 0.5_usd, 6.25_usd, none, 10_usd}, above(271'999)},
    {"openai", "gpt-5.6-terra", {2_usd, 12_usd, 0.2_usd, 2.5_usd, none, 10_usd}, from(2026, 7, 30)},
    {"openai", "gpt-5.6-terra", {4_usd, 18_usd, 0.4_usd, 5_usd, none, 10_usd}, above(271'999, from(2026, 7, 30))},
    {"openai", "gpt-5.6-luna", {1_usd, 6_usd, 0.1_usd, 1.25_usd, none, 10_usd}},
    {"openai", "gpt-5.6-luna", {2_usd, 9_usd, 0.2_usd, 2.5_usd, none, 10_usd}, above(271'999)},
    {"openai", "gpt-5.6-luna", {0.2_usd, 1.2_usd, 0.02_usd, 0.25_usd, none, 10_usd}, from(2026, 7, 30)},
    {"openai", "gpt-5.6-luna", {0.4_usd, 1.8_usd, 0.04_usd, 0.5_usd, none, 10_usd}, above(271'999, from(2026, 7, 30))},
    {"openai", "gpt-5.5", {5_usd, 30_usd, 0.5_usd, none, none, 10_usd}},
    {"openai", "gpt-5.5", {10_usd, 45_usd, 1_usd, none, none, 10_usd}, above(271'999)},
    {"openai", "gpt-5.4", {2.5_usd, 15_usd, 0.25_usd, none, none, 10_usd}},
    {"openai", "gpt-5.4", {5_usd, 22.5_usd, 0.5_usd, none, none, 10_usd}, above(271'999)},
    {"openai", "gpt-5.4-mini", {0.75_usd, 4.5_usd, 0.075_usd, none, none, 10_usd}},
    {"openai", "gpt-5", {1.25_usd, 10_usd, 0.125_usd, none, none, 10_usd}},
    {"openai", "gpt-5-mini", {0.25_usd, 2_usd, 0.025_usd, none, none, 10_usd}},
    {"openai", "gpt-4.1", {2_usd, 8_usd, 0.5_usd, none, none, 10_usd}},
    {"openai", "gpt-4.1-mini", {0.4_usd, 1.6_usd, 0.1_usd, none, none, 10_usd}},
    {"openai", "gpt-4.1-nano", {0.1_usd, 0.4_usd, 0.025_usd}},
    {"openai", "gpt-4o", {2.5_usd, 10_usd, 1.25_usd, none, none, 10_usd}},
    {"openai", "gpt-4o-2024-05-13", {5_usd, 15_usd, none, none, none, 10_usd}},
    {"openai", "gpt-4o-mini", {0.15_usd, 0.6_usd, 0.075_usd, none, none, 10_usd}},
    {"openai", "gpt-4-turbo", {10_usd, 30_usd}},
    {"openai", "gpt-3.5-turbo", {0.5_usd, 1.5_usd}},
    {"openai", "gpt-3.5-turbo-0301", {1.5_usd, 2_usd}},
    {"openai", "gpt-3.5-turbo-0613", {1.5_usd, 2_usd}},
    {"openai", "gpt-3.5-turbo-1106", {1_usd, 2_usd}},
    {"openai", "o3", {10_usd, 40_usd, 0.5_usd, none, none, 10_usd}},
    {"openai", "o3", {2_usd, 8_usd, 0.5_usd, none, none, 10_usd}, from(2025, 6, 10)},
    {"openai", "o3-mini", {1.1_usd, 4.4_usd, 0.55_usd}},
    {"openai", "o4-mini", {1.1_usd, 4.4_usd, 0.275_usd, none, none, 10_usd}},
    {"openai", "text-embedding-3-small", {0.02_usd}},
    {"anthropic", "claude-fable-5-1", {10_usd, 50_usd, 0.25_usd, 12.5_usd, 20_usd, 10_usd}},
    {"anthropic", "claude-opus-5-5", {4_usd, 20_usd, 0.2_usd, 5_usd, 8_usd, 10_usd}},
    {"anthropic", "claude-opus-4-8", {5_usd, 25_usd, 0.5_usd, 6.25_usd, 10_usd, 10_usd}},
    {"anthropic", "claude-sonnet-5", {2_usd, 10_usd, 0.2_usd, 2.5_usd, 4_usd, 10_usd}},
    {"anthropic", "claude-sonnet-4-6", {3_usd, 15_usd, 0.3_usd, 3.75_usd, 6_usd, 10_usd}},
    {"anthropic", "claude-sonnet-4-6", {6_usd, 22.5_usd, 0.6_usd, 7.5_usd, 12_usd, 10_usd}, above(200'000)},
    {"anthropic", "claude-sonnet-4-6", {3_usd, 15_usd, 0.3_usd, 3.75_usd, 6_usd, 10_usd}, from(2026, 3, 13)},
    {"anthropic", "claude-sonnet-4-5", {3_usd, 15_usd, 0.3_usd, 3.75_usd, 6_usd, 10_usd}},
    {"anthropic", "claude-sonnet-4-5", {6_usd, 22.5_usd, 0.6_usd, 7.5_usd, 12_usd, 10_usd}, above(200'000)},
    {"anthropic", "claude-haiku-4-5", {1_usd, 5_usd, 0.1_usd, 1.25_usd, 2_usd, 10_usd}},
    {"anthropic", "claude-sonnet-4", {3_usd, 15_usd, 0.3_usd, 3.75_usd, 6_usd, 10_usd}},
    {"anthropic", "claude-3-5-sonnet", {3_usd, 15_usd, 0.3_usd, 3.75_usd, 6_usd, 10_usd}},
    {"anthropic", "claude-3-5-haiku", {0.8_usd, 4_usd, 0.08_usd, 1_usd, 1.6_usd, 10_usd}},
    {"anthropic", "claude-3-opus", {15_usd, 75_usd, 1.5_usd, 18.75_usd, 30_usd}},
    {"google", "gemini-3.8-flash", {0.75_usd, 3.75_usd, 0.075_usd}},
    {"google", "gemini-3.8-flash", {1.5_usd, 7.5_usd, 0.15_usd}, from(2027, 1, 1)},
    {"google", "gemini-3.5-flash", {1.5_usd, 9_usd, 0.15_usd}},
    {"google", "gemini-3.1-pro-preview", {2_usd, 12_usd, 0.2_usd}},
    {"google", "gemini-3.1-pro-preview", {4_usd, 18_usd, 0.4_usd}, above(200'000)},
    {"google", "gemini-3-flash-preview", {0.5_usd, 3_usd, 0.05_usd, none, none, none, 1_usd}},
    {"google", "gemini-2.5-pro", {1.25_usd, 10_usd, 0.125_usd}},
    {"google", "gemini-2.5-pro", {2.5_usd, 15_usd, 0.25_usd}, above(200'000)},
    {"google", "gemini-2.5-flash", {0.3_usd, 2.5_usd, 0.03_usd, none, none, none, 1_usd}},
    {"google", "gemini-2.5-flash-lite", {0.1_usd, 0.4_usd, 0.01_usd, none, none, none, 0.3_usd}},
    {"x-ai", "grok-4.6", {2_usd, 6_usd, 0.5_usd}},
    {"x-ai", "grok-4.6", {4_usd, 12_usd, 1_usd}, above(199'999)},
    {"x-ai", "grok-4.3", {1.25_usd, 2.5_usd, 0.2_usd}},
    {"x-ai", "grok-4.3", {2.5_usd, 5_usd, 0.4_usd}, above(199'999)},
    {"deepseek", "deepseek-v4-pro", {0.435_usd, 0.87_usd, 0.003625_usd}},
    {"deepseek", "deepseek-v4-pro", {0.66_usd, 1.98_usd, 0.022_usd}, from(2026, 8, 17)},
    {"deepseek", "deepseek-v4-pro", {1.32_usd, 3.96_usd, 0.044_usd}, between(1, 4, from(2026, 8, 17))},
    {"deepseek", "deepseek-v4-pro", {1.32_usd, 3.96_usd, 0.044_usd}, between(6, 10, from(2026, 8, 17))},
    {"deepseek", "deepseek-v4-flash", {0.14_usd, 0.28_usd, 0.0028_usd}},
    {"deepseek", "deepseek-v4-flash", {0.22_usd, 0.66_usd, 0.007_usd}, from(2026, 8, 17)},
    {"deepseek", "deepseek-v4-flash", {0.44_usd, 1.32_usd, 0.014_usd}, between(1, 4, from(2026, 8, 17))},
    {"deepseek", "deepseek-v4-flash", {0.44_usd, 1.32_usd, 0.014_usd}, between(6, 10, from(2026, 8, 17))},
    {"mistral", "mistral-large-2512", {0.5_usd, 1.5_usd, 0.05_usd}},
    {"mistral", "mistral-medium-latest", {0.4_usd, 2_usd, 0.04_usd}},
    {"mistral", "mistral-medium-latest", {1.5_usd, 7.5_usd, 0.15_usd}, from(2026, 6, 16)},
    {"moonshotai", "kimi-k3", {3_usd, 15_usd, 0.3_usd}},
    {"zai", "GLM-5.3", {1.4_usd, 4.4_usd, 0.26_usd}},
    {"groq", "openai/gpt-oss-120b", {0.15_usd, 0.6_usd, 0.075_usd}},
};

struct Alias {
  std::string_view alias;
  std::string_view model;
};

// The vendors' other names of the same models, by the same source.
inline constexpr Alias aliases[] = {
    {"gpt-5.6", "gpt-5.6-sol"},
    {"gpt-5-chat-latest", "gpt-5"},
    {"o3-mini-high", "o3-mini"},
    {"o4-mini-high", "o4-mini"},
    {"claude-sonnet-4-0", "claude-sonnet-4"},
    {"claude-3-5-sonnet-latest", "claude-3-5-sonnet"},
    {"claude-3-5-haiku-latest", "claude-3-5-haiku"},
    {"claude-3-opus-latest", "claude-3-opus"},
    {"grok-4.6-latest", "grok-4.6"},
};

constexpr std::optional<Rate> rate(std::int64_t millionths, std::int64_t per) noexcept {
  if (millionths == none) return std::nullopt;
  return Rate{Money::from_picodollars(millionths * 1'000'000), per};
}

constexpr PriceRule rule(const Line& line) noexcept {
  constexpr std::int64_t million = 1'000'000, thousand = 1'000;
  return {
      .provider = line.provider,
      .model = line.model,
      .from = line.when.from,
      .daily_start = line.when.start,
      .daily_end = line.when.end,
      .input_threshold = line.when.above,
      .input = rate(line.prices.input, million),
      .output = rate(line.prices.output, million),
      .cache_read = rate(line.prices.cache_read, million),
      .cache_write = rate(line.prices.cache_write, million),
      .cache_write_5m = rate(line.prices.cache_write, million),
      .cache_write_1h = rate(line.prices.cache_write_1h, million),
      .input_audio = rate(line.prices.input_audio, million),
      .web_search = rate(line.prices.web_search, thousand),
      .source = builtin_prices_source,
      .as_of = builtin_prices_version,
  };
}

}  // namespace detail::builtin

/// Hands every built-in rule to `take`, in the order in which a book adds them.
template <class Take>
void for_each_builtin_price(Take&& take) {
  for (const detail::builtin::Line& line : detail::builtin::lines) {
    PriceRule rule = detail::builtin::rule(line);
    take(rule);
    for (const detail::builtin::Alias& alias : detail::builtin::aliases) {
      if (alias.model != line.model) continue;
      rule.model = alias.alias;
      take(rule);
    }
  }
}

}  // namespace tallyscope::inline v0
