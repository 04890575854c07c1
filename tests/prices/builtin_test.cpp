// SPDX-License-Identifier: MIT
#include <tallyscope/prices/builtin.hpp>
#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace ts = tallyscope;

namespace {

constexpr std::int64_t second = 1'000'000'000;

struct Asked {
  std::string_view provider;
  std::string_view model;
  ts::Usage usage;
  std::int64_t start_utc = ts::utc_day(2026, 9, 23);
};

ts::Cost price(const Asked& asked) {
  const ts::Call call{.provider = asked.provider, .model = asked.model};
  const ts::Record record{.call = call, .start_utc = asked.start_utc, .usage = asked.usage};
  return ts::PriceBook{}.price(record);
}

/// In dollars; "?" when something asked for has no price.
std::string amount_of(const Asked& asked) {
  const ts::Cost cost = price(asked);
  return cost.state == ts::CostState::priced ? cost.amount.exact() : "?";
}

std::string input_price(std::string_view model, std::int64_t at) {
  // 100,000 tokens are below every threshold.
  return amount_of({"", model, {.input_tokens = 100'000, .output_tokens = 0}, at});
}

}  // namespace

TEST_CASE("every built-in rule is taken, and states where it was read and when", "[builtin_prices]") {
  std::size_t count = 0;
  ts::PriceBook book = ts::PriceBook::empty("copy", "1");
  ts::for_each_builtin_price([&](const ts::PriceRule& rule) {
    ++count;
    INFO(rule.model);
    CHECK_FALSE(book.add(rule));
    CHECK_FALSE(rule.provider.empty());
    CHECK_FALSE(rule.source.empty());
    CHECK(rule.as_of == "2026-09-23");
    CHECK(rule.input.has_value());
  });
  CHECK(ts::PriceBook{}.rates().size() == count);
  CHECK(ts::PriceBook{}.text() == "builtin 2026-09-23");
}

TEST_CASE("every line of the built-in prices is read, each to its end", "[builtin_prices]") {
  constexpr std::string_view text = ts::detail::builtin::lines;
  std::size_t rules = 0;
  CHECK(ts::detail::builtin::read(text.data(), [&](const ts::PriceRule&) { ++rules; }));
  std::size_t lines = 0, other_names = 0;
  std::istringstream stream{std::string{text.substr(1)}};
  for (std::string line; std::getline(stream, line); ++lines) {
    INFO(line);
    std::istringstream words{line};
    const auto count = std::distance(std::istream_iterator<std::string>{words}, {});
    CHECK((count == 14 || count == 15));
    if (count == 15) ++other_names;
  }
  CHECK(lines == 83);
  CHECK(rules == lines + other_names);
  CHECK(rules == ts::PriceBook{}.rates().size());
}

TEST_CASE("a line of built-in prices has every column", "[builtin_prices]") {
  std::vector<ts::PriceRule> rules;
  CHECK(ts::detail::builtin::read("\na b-1 2026-08-17 9 6-10 1 2.5 0.25 3 4 5 6 7 8 c\n",
                                  [&](const ts::PriceRule& rule) { rules.push_back(rule); }));
  REQUIRE(rules.size() == 2);
  const ts::PriceRule& rule = rules[0];
  CHECK(rule.provider == "a");
  CHECK(rule.model == "b-1");
  CHECK(rules[1].model == "c");
  CHECK(rule.from == ts::utc_day(2026, 8, 17));
  CHECK(rule.input_threshold.value_or(0) == 9);
  CHECK(rule.daily_start == 6 * 3600);
  CHECK(rule.daily_end == 10 * 3600);
  const auto dollars = [&](std::optional<ts::Rate> ts::PriceRule::*rate, std::int64_t per) {
    REQUIRE((rule.*rate).has_value());
    CHECK((rule.*rate)->per == per);
    return (rule.*rate)->amount.exact();
  };
  CHECK(dollars(&ts::PriceRule::input, 1'000'000) == "1");
  CHECK(dollars(&ts::PriceRule::output, 1'000'000) == "2.5");
  CHECK(dollars(&ts::PriceRule::cache_read, 1'000'000) == "0.25");
  CHECK(dollars(&ts::PriceRule::cache_write, 1'000'000) == "3");
  CHECK(dollars(&ts::PriceRule::cache_write_5m, 1'000'000) == "3");
  CHECK(dollars(&ts::PriceRule::cache_write_1h, 1'000'000) == "4");
  CHECK(dollars(&ts::PriceRule::web_search, 1'000) == "5");
  CHECK(dollars(&ts::PriceRule::input_audio, 1'000'000) == "6");
  CHECK(dollars(&ts::PriceRule::cache_read_audio, 1'000'000) == "7");
  CHECK(dollars(&ts::PriceRule::file_search, 1'000) == "8");
}

TEST_CASE("a malformed line of built-in prices is seen, and no rule", "[builtin_prices]") {
  const std::string line = GENERATE(values<std::string>({
      "a b - - - 1 2 3 4 5 6 7 8",        // a column too few
      "a b - - - 1 2 3 4 5 6 7 8 9 c d",  // one too many
      "a b - - - 1x 2 3 4 5 6 7 8 9",     // no price
      "a b - - - 1. 2 3 4 5 6 7 8 9",
      "a b - - - -- 2 3 4 5 6 7 8 9",
      "a b - 9x - 1 2 3 4 5 6 7 8 9",  // no number
      "a b - 1234567890 - 1 2 3 4 5 6 7 8 9",
      "a b 2026-08 - - 1 2 3 4 5 6 7 8 9",  // no day
      "a b 2026-08-17x - - 1 2 3 4 5 6 7 8 9",
      "a b - - 6 1 2 3 4 5 6 7 8 9",  // no window
      "a b - - 6-x 1 2 3 4 5 6 7 8 9",
  }));
  INFO(line);
  CHECK_FALSE(ts::detail::builtin::read(("\n" + line + "\n").c_str(), [](const ts::PriceRule&) {}));
}

TEST_CASE("the built-in prices are those of the published tables", "[builtin_prices]") {
  struct Listed {
    std::string_view provider, model, input, output, cache_read;
  };
  // Dollars per million tokens, or "?" where none is listed. Below every threshold, on 2026-09-23 at midnight.
  const Listed listed = GENERATE(values<Listed>({
      {"openai", "gpt-6-astra", "10", "50", "1"},
      {"openai", "gpt-6-sol", "2", "10", "0.2"},
      {"openai", "gpt-6-luna", "0.1", "0.5", "0.01"},
      {"openai", "gpt-5.6-sol", "4", "20", "0.4"},
      {"openai", "gpt-5.6-terra", "2", "12", "0.2"},
      {"openai", "gpt-5.6-luna", "0.2", "1.2", "0.02"},
      {"openai", "gpt-5.5", "5", "30", "0.5"},
      {"openai", "gpt-5.4", "2.5", "15", "0.25"},
      {"openai", "gpt-5.4-mini", "0.75", "4.5", "0.075"},
      {"openai", "gpt-5", "1.25", "10", "0.125"},
      {"openai", "gpt-5-mini", "0.25", "2", "0.025"},
      {"openai", "gpt-4.1", "2", "8", "0.5"},
      {"openai", "gpt-4.1-mini", "0.4", "1.6", "0.1"},
      {"openai", "gpt-4.1-nano", "0.1", "0.4", "0.025"},
      {"openai", "gpt-4o", "2.5", "10", "1.25"},
      {"openai", "gpt-4o-mini", "0.15", "0.6", "0.075"},
      {"openai", "gpt-4-turbo", "10", "30", "?"},
      {"openai", "gpt-3.5-turbo", "0.5", "1.5", "?"},
      {"openai", "o3", "2", "8", "0.5"},
      {"openai", "o3-mini", "1.1", "4.4", "0.55"},
      {"openai", "o4-mini", "1.1", "4.4", "0.275"},
      {"openai", "text-embedding-3-small", "0.02", "?", "?"},
      {"anthropic", "claude-fable-5-1", "10", "50", "0.25"},
      {"anthropic", "claude-opus-5-5", "4", "20", "0.2"},
      {"anthropic", "claude-opus-4-8", "5", "25", "0.5"},
      {"anthropic", "claude-sonnet-5", "2", "10", "0.2"},
      {"anthropic", "claude-sonnet-4-6", "3", "15", "0.3"},
      {"anthropic", "claude-sonnet-4-5", "3", "15", "0.3"},
      {"anthropic", "claude-haiku-4-5", "1", "5", "0.1"},
      {"anthropic", "claude-sonnet-4", "3", "15", "0.3"},
      {"anthropic", "claude-3-5-sonnet", "3", "15", "0.3"},
      {"anthropic", "claude-3-5-haiku", "0.8", "4", "0.08"},
      {"anthropic", "claude-3-opus", "15", "75", "1.5"},
      {"google", "gemini-3.8-flash", "0.75", "3.75", "0.075"},
      {"google", "gemini-3.5-flash", "1.5", "9", "0.15"},
      {"google", "gemini-3.1-pro-preview", "2", "12", "0.2"},
      {"google", "gemini-3-flash-preview", "0.5", "3", "0.05"},
      {"google", "gemini-2.5-pro", "1.25", "10", "0.125"},
      {"google", "gemini-2.5-flash", "0.3", "2.5", "0.03"},
      {"google", "gemini-2.5-flash-lite", "0.1", "0.4", "0.01"},
      {"x-ai", "grok-4.6", "2", "6", "0.5"},
      {"x-ai", "grok-4.3", "1.25", "2.5", "0.2"},
      {"deepseek", "deepseek-v4-pro", "0.66", "1.98", "0.022"},
      {"deepseek", "deepseek-v4-flash", "0.22", "0.66", "0.007"},
      {"mistral", "mistral-large-2512", "0.5", "1.5", "0.05"},
      {"mistral", "mistral-medium-latest", "1.5", "7.5", "0.15"},
      {"moonshotai", "kimi-k3", "3", "15", "0.3"},
      {"zai", "GLM-5.3", "1.4", "4.4", "0.26"},
      {"groq", "openai/gpt-oss-120b", "0.15", "0.6", "0.075"},
  }));
  INFO(listed.model);
  // A tenth of a million: below every threshold.
  const auto for_tenth = [&](const ts::Usage& usage) { return amount_of({listed.provider, listed.model, usage}); };
  const auto tenth = [](std::string_view dollars) {
    if (dollars == "?") return std::string{dollars};
    return ts::Money::from_picodollars(ts::Money::parse(dollars)->picodollars() / 10).exact();
  };
  CHECK(for_tenth({.input_tokens = 100'000, .output_tokens = 0}) == tenth(listed.input));
  CHECK(for_tenth({.input_tokens = 0, .output_tokens = 100'000}) == tenth(listed.output));
  CHECK(for_tenth({.input_tokens = 100'000, .output_tokens = 0, .cache_read = 100'000}) == tenth(listed.cache_read));
}

TEST_CASE("the examples of the documentation come out to the digit", "[builtin_prices]") {
  const ts::Usage usage{.input_tokens = 1000, .output_tokens = 500};
  CHECK(price({"", "gpt-4.1", usage}).amount.usd(6) == "$0.006000");
  CHECK(price({"", "gpt-4.1-mini", usage}).amount.usd(6) == "$0.001200");
  CHECK(price({"", "claude-sonnet-4-20250514", usage}).amount.usd(6) == "$0.010500");
  CHECK(price({"", "claude-3-5-haiku-20241022", usage}).amount.usd(6) == "$0.002800");
  CHECK(price({"", "gpt-4o", usage}).amount.usd(6) == "$0.007500");
}

TEST_CASE("cache writes are priced by their lifetime, and by the shortest where none is stated", "[builtin_prices]") {
  const auto written = [](ts::Count ts::Usage::*kind) {
    ts::Usage usage{.input_tokens = 1'000, .output_tokens = 0};
    usage.*kind = 1'000;
    return price({"anthropic", "claude-sonnet-4-5", usage}).amount.exact();
  };
  CHECK(written(&ts::Usage::cache_write) == "0.00375");
  CHECK(written(&ts::Usage::cache_write_5m) == "0.00375");
  CHECK(written(&ts::Usage::cache_write_1h) == "0.006");
  const ts::Usage hour{.input_tokens = 1'000, .output_tokens = 0, .cache_write_1h = 1'000};
  CHECK(price({"openai", "gpt-6-sol", hour}).state == ts::CostState::incomplete);
}

TEST_CASE("audio and web searches have their own prices", "[builtin_prices]") {
  const ts::Usage audio{.input_tokens = 1'000, .output_tokens = 0, .input_audio = 1'000};
  CHECK(price({"google", "gemini-2.5-flash", audio}).amount.exact() == "0.001");
  CHECK(price({"google", "gemini-2.5-flash-lite", audio}).amount.exact() == "0.0003");
  CHECK(price({"google", "gemini-2.5-pro", audio}).state == ts::CostState::incomplete);
  const ts::Usage searches{.input_tokens = 0, .output_tokens = 0, .web_searches = 6};
  CHECK(price({"openai", "gpt-5-2025-08-07", searches}).amount.exact() == "0.06");
  CHECK(price({"anthropic", "claude-haiku-4-5", searches}).amount.exact() == "0.06");
  CHECK(price({"google", "gemini-2.5-pro", searches}).state == ts::CostState::incomplete);
}

TEST_CASE("cached audio and searches in files have their own prices, or none", "[builtin_prices]") {
  const ts::Usage audio{
      .input_tokens = 1'000'000, .output_tokens = 0, .cache_read = 1'000'000, .cache_read_audio = 1'000'000};
  CHECK(price({"google", "gemini-3-flash-preview", audio}).amount.exact() == "0.1");
  CHECK(price({"google", "gemini-2.5-flash", audio}).amount.exact() == "0.1");
  CHECK(price({"google", "gemini-2.5-flash-lite", audio}).amount.exact() == "0.03");
  CHECK(price({"google", "gemini-2.5-pro", audio}).state == ts::CostState::incomplete);
  const ts::Usage searches{.input_tokens = 0, .output_tokens = 0, .file_searches = 4};
  CHECK(price({"openai", "gpt-5-2025-08-07", searches}).amount.exact() == "0.01");
  CHECK(price({"anthropic", "claude-haiku-4-5", searches}).state == ts::CostState::incomplete);
}

TEST_CASE("the cliff is at the same token whatever was cached", "[builtin_prices]") {
  const auto cost = [](std::string_view model, std::int64_t input, std::int64_t cached) {
    return amount_of({"", model, {.input_tokens = input, .output_tokens = 0, .cache_read = cached}});
  };
  CHECK(cost("claude-sonnet-4-5", 200'000, 199'999) == "0.0600027");  // 1 x $3 and 199,999 x $0.30 a million
  CHECK(cost("claude-sonnet-4-5", 200'001, 200'000) == "0.120006");   // 1 x $6 and 200,000 x $0.60
  CHECK(cost("gpt-6-sol", 272'000, 271'999) == "0.0544018");
  CHECK(cost("gpt-6-sol", 272'001, 272'000) == "0.108804");
}

TEST_CASE("above its threshold every token of a call has the higher price", "[builtin_prices]") {
  struct Cliff {
    std::string_view model;
    std::int64_t last;  // number of input tokens that still has the lower price
    std::string_view low, high;
    std::int64_t at = ts::utc_day(2026, 9, 23);
  };
  const Cliff cliff = GENERATE(values<Cliff>({
      {"gpt-6-astra", 271'999, "10", "20"},
      {"gpt-6-sol", 272'000, "2", "4"},
      {"gpt-6-luna", 272'000, "0.1", "0.2"},
      {"gpt-5.6-sol", 271'999, "4", "8"},
      {"gpt-5.6-sol", 271'999, "5", "10", ts::utc_day(2026, 8, 20)},
      {"gpt-5.6-terra", 271'999, "2", "4"},
      {"gpt-5.6-terra", 271'999, "2.5", "5", ts::utc_day(2026, 7, 29)},
      {"gpt-5.6-luna", 271'999, "0.2", "0.4"},
      {"gpt-5.6-luna", 271'999, "1", "2", ts::utc_day(2026, 7, 29)},
      {"gpt-5.5", 271'999, "5", "10"},
      {"gpt-5.4", 271'999, "2.5", "5"},
      {"claude-sonnet-4-6", 200'000, "3", "6", ts::utc_day(2026, 3, 12)},
      {"claude-sonnet-4-5", 200'000, "3", "6"},
      {"gemini-3.1-pro-preview", 200'000, "2", "4"},
      {"gemini-2.5-pro", 200'000, "1.25", "2.5"},
      {"grok-4.6", 199'999, "2", "4"},
      {"grok-4.3", 199'999, "1.25", "2.5"},
  }));
  INFO(cliff.model);
  const auto cost_of = [&](std::int64_t input, std::int64_t cached = 0) {
    return price({"", cliff.model, {.input_tokens = input, .output_tokens = 0, .cache_read = cached}, cliff.at}).amount;
  };
  const auto at = [](std::string_view dollars, std::int64_t tokens) {
    return ts::Money::from_picodollars(ts::Money::parse(dollars)->picodollars() / 1'000'000 * tokens);
  };
  for (const std::int64_t input : {199'999, 200'000, 200'001, 271'999, 272'000, 272'001}) {
    INFO(input);
    CHECK(cost_of(input) == at(input > cliff.last ? cliff.high : cliff.low, input));
  }
  // Cached tokens count towards the threshold, and cross it together with the others.
  const ts::Money below = cost_of(cliff.last, 100'000), above = cost_of(cliff.last + 1, 100'000);
  CHECK(above.picodollars() - at(cliff.high, 1).picodollars() == 2 * below.picodollars());
}

TEST_CASE("a tier that was given up is gone from that day on", "[builtin_prices]") {
  const ts::Usage usage{.input_tokens = 300'000, .output_tokens = 0};
  CHECK(price({"", "claude-sonnet-4-6", usage, ts::utc_day(2026, 3, 13) - 1}).amount.exact() == "1.8");
  CHECK(price({"", "claude-sonnet-4-6", usage, ts::utc_day(2026, 3, 13)}).amount.exact() == "0.9");
}

TEST_CASE("a price changes at midnight in UTC", "[builtin_prices]") {
  struct Change {
    std::string_view model;
    std::int64_t midnight;
    std::string_view before, after;  // dollars for 100,000 input tokens
  };
  const Change change = GENERATE(values<Change>({
      {"o3", ts::utc_day(2025, 6, 10), "1", "0.2"},
      {"o3-2025-04-16", ts::utc_day(2025, 6, 10), "1", "0.2"},
      {"gpt-5.6-sol", ts::utc_day(2026, 8, 21), "0.5", "0.4"},
      {"gpt-5.6-terra", ts::utc_day(2026, 7, 30), "0.25", "0.2"},
      {"gpt-5.6-luna", ts::utc_day(2026, 7, 30), "0.1", "0.02"},
      {"gemini-3.8-flash", ts::utc_day(2027, 1, 1), "0.075", "0.15"},
      {"mistral-medium-latest", ts::utc_day(2026, 6, 16), "0.04", "0.15"},
      {"deepseek-v4-pro", ts::utc_day(2026, 8, 17), "0.0435", "0.066"},
      {"deepseek-v4-flash", ts::utc_day(2026, 8, 17), "0.014", "0.022"},
  }));
  INFO(change.model);
  CHECK(input_price(change.model, change.midnight - 1) == change.before);
  CHECK(input_price(change.model, change.midnight) == change.after);
  CHECK(input_price(change.model, 0) == change.before);
  CHECK(input_price(change.model, -1) == change.before);
}

TEST_CASE("DeepSeek costs twice as much from 1 to 4 and from 6 to 10 o'clock in UTC", "[builtin_prices]") {
  const std::int64_t midnight = ts::utc_day(2026, 9, 1);
  const auto flash = [&](int hour, std::int64_t offset) {
    return input_price("deepseek-v4-flash", midnight + hour * 3600 * second + offset);
  };
  CHECK(flash(0, 0) == "0.022");
  CHECK(flash(1, -second) == "0.022");  // 00:59:59Z
  CHECK(flash(1, -1) == "0.022");
  CHECK(flash(1, 0) == "0.044");  // 01:00:00Z
  CHECK(flash(4, -1) == "0.044");
  CHECK(flash(4, 0) == "0.022");
  CHECK(flash(6, -1) == "0.022");
  CHECK(flash(6, 0) == "0.044");
  CHECK(flash(10, -1) == "0.044");
  CHECK(flash(10, 0) == "0.022");
  CHECK(flash(24, -1) == "0.022");
  CHECK(input_price("deepseek-v4-pro", midnight + 2 * 3600 * second) == "0.132");
}

TEST_CASE("DeepSeek's hours do not reach back before the day they began", "[builtin_prices]") {
  const std::int64_t two_hours = 2 * 3600 * second;
  CHECK(input_price("deepseek-v4-flash", ts::utc_day(2026, 8, 16) + two_hours) == "0.014");
  CHECK(input_price("deepseek-v4-flash", ts::utc_day(2026, 8, 17) + two_hours) == "0.044");
}

TEST_CASE("a dated model that costs something else has a price of its own", "[builtin_prices]") {
  const std::int64_t now = ts::utc_day(2026, 9, 23);
  CHECK(input_price("gpt-4o-2024-08-06", now) == "0.25");
  CHECK(input_price("gpt-4o-2024-05-13", now) == "0.5");
  CHECK(input_price("gpt-3.5-turbo-0125", now) == "0.05");
  CHECK(input_price("gpt-3.5-turbo-0613", now) == "0.15");
  CHECK(input_price("gpt-3.5-turbo-1106", now) == "0.1");
}

TEST_CASE("the vendors' other names of a model have all of its prices", "[builtin_prices]") {
  CHECK(input_price("claude-sonnet-4-0", ts::utc_day(2026, 9, 23)) == "0.3");
  CHECK(input_price("claude-3-opus-latest", ts::utc_day(2026, 9, 23)) == "1.5");
  CHECK(input_price("gpt-5.6", ts::utc_day(2026, 8, 20)) == "0.5");
  CHECK(input_price("gpt-5.6", ts::utc_day(2026, 8, 21)) == "0.4");
}

TEST_CASE("the built-in book knows what a batch costs", "[builtin_prices]") {
  const ts::Call call{.provider = "openai", .model = "gpt-4.1"};
  const ts::Response batch{.service_tier = "batch"};
  const ts::Record record{.call = call, .response = batch, .usage = {.input_tokens = 1000, .output_tokens = 500}};
  CHECK(ts::PriceBook{}.price(record).amount.exact() == "0.003");
  ts::PriceBook own;
  REQUIRE_FALSE(own.add({.model = "own", .input = ts::per_million("1")}));
  CHECK(own.price(record).amount.exact() == "0.003");
}
