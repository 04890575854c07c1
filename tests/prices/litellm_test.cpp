// SPDX-License-Identifier: MIT
#include <tallyscope/prices/litellm.hpp>

#include <optional>
#include <string>

#include "catch.hpp"
#include "prices/loaded.hpp"

namespace ts = tallyscope;

namespace {

/// One entry; `key` is the model's, with its prefixes.
std::string entry(const std::string& members, const std::string& key = "m", const std::string& provider = "openai") {
  return "\"" + key + R"(": {"litellm_provider": ")" + provider + R"(", )" + members + "}";
}
std::string list_of(const std::string& entries) { return "{" + entries + "}"; }

ts::PriceBook loaded(const std::string& json) {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_litellm(book, json);
  INFO(result.error);
  REQUIRE(result.loaded());
  return book;
}
ts::PriceBook of_entry(const std::string& members) { return loaded(list_of(entry(members))); }

std::string price(const ts::PriceBook& book, const ts::Usage& usage, const Served& served = {}) {
  return price_of(book, "openai", "m", usage, served);
}

/// What one of a million costs.
std::string amount(const std::optional<ts::Rate>& rate) {
  return rate ? rate->amount.exact() + " per " + std::to_string(rate->per) : "none";
}

constexpr ts::Usage million_in{.input_tokens = 1'000'000, .output_tokens = 0};

}  // namespace

TEST_CASE("prices of LiteLLM are dollars for one token", "[litellm]") {
  const ts::PriceBook book = of_entry(R"("input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05)");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 500}) == "0.0075");
  CHECK(amount(book.rate_for("openai", "m", {})->input) == "2.5 per 1000000");
}

TEST_CASE("a price of LiteLLM may be a number, a text, or null", "[litellm]") {
  const ts::PriceBook book = of_entry(
      R"("input_cost_per_token": "0.0000025", "output_cost_per_token": 1, "cache_read_input_token_cost": null)");
  const ts::PriceRule rule = *book.rate_for("openai", "m", {});
  CHECK(amount(rule.input) == "2.5 per 1000000");
  CHECK(amount(rule.output) == "1000000 per 1000000");
  CHECK_FALSE(rule.cache_read);
}

TEST_CASE("a price of LiteLLM is kept to its last digit", "[litellm]") {
  const ts::PriceBook book =
      of_entry(R"("input_cost_per_token": 2.9999999999999997e-06, "output_cost_per_token": 1.59263611e-07)");
  const ts::PriceRule rule = *book.rate_for("openai", "m", {});
  CHECK(amount(rule.input) == "29999.999999999997 per 10000000000");
  CHECK(amount(rule.output) == "0.159263611 per 1000000");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 1'000}) == "0.003159263611");
}

TEST_CASE("each class of LiteLLM has its price, and its unit", "[litellm]") {
  const ts::PriceBook book = of_entry(R"(
    "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "cache_read_input_token_cost": 3e-06,
    "cache_creation_input_token_cost": 4e-06, "cache_creation_input_token_cost_above_1hr": 5e-06,
    "output_cost_per_reasoning_token": 6e-06, "input_cost_per_audio_token": 7e-06, "output_cost_per_audio_token": 8e-06,
    "cache_read_input_audio_token_cost": 9e-06, "input_cost_per_image_token": 10e-06,
    "output_cost_per_image_token": 11e-06, "input_cost_per_video_token": 12e-06, "input_cost_per_request": 0.005,
    "ocr_cost_per_page": 0.003, "file_search_cost_per_1k_calls": 2.5)");
  const ts::PriceRule rule = *book.rate_for("openai", "m", {});
  CHECK(amount(rule.input) == "1 per 1000000");
  CHECK(amount(rule.output) == "2 per 1000000");
  CHECK(amount(rule.cache_read) == "3 per 1000000");
  CHECK(amount(rule.cache_write) == "4 per 1000000");
  CHECK(amount(rule.cache_write_5m) == "4 per 1000000");
  CHECK(amount(rule.cache_write_1h) == "5 per 1000000");
  CHECK(amount(rule.reasoning) == "6 per 1000000");
  CHECK(amount(rule.input_audio) == "7 per 1000000");
  CHECK(amount(rule.output_audio) == "8 per 1000000");
  CHECK(amount(rule.cache_read_audio) == "9 per 1000000");
  CHECK(amount(rule.input_image) == "10 per 1000000");
  CHECK(amount(rule.output_image) == "11 per 1000000");
  CHECK(amount(rule.input_video) == "12 per 1000000");
  CHECK(amount(rule.request) == "0.005 per 1");
  CHECK(amount(rule.page) == "3 per 1000");
  CHECK(amount(rule.file_search) == "2.5 per 1000");
  CHECK_FALSE(rule.other_charges);
}

TEST_CASE("cached audio is found under the name that realtime models have for it", "[litellm]") {
  CHECK(amount(of_entry(R"("input_cost_per_token": 1e-06, "cache_creation_input_audio_token_cost": 4e-07)")
                   .rate_for("openai", "m", {})
                   ->cache_read_audio) == "0.4 per 1000000");
  CHECK(amount(of_entry(R"("cache_creation_input_audio_token_cost": 4e-07, "cache_read_input_audio_token_cost": 3e-07)")
                   .rate_for("openai", "m", {})
                   ->cache_read_audio) == "0.3 per 1000000");
}

TEST_CASE("a cache hit is found under its older name", "[litellm]") {
  CHECK(amount(of_entry(R"("input_cost_per_token": 1e-06, "input_cost_per_token_cache_hit": 1.4e-08)")
                   .rate_for("openai", "m", {})
                   ->cache_read) == "0.014 per 1000000");
}

TEST_CASE("above a thousand tokens of input a tier holds for all of them, with what it does not state", "[litellm]") {
  const ts::PriceBook book = of_entry(R"(
    "input_cost_per_token": 1e-06, "input_cost_per_token_above_200k_tokens": 2e-06,
    "output_cost_per_token": 1e-05, "cache_creation_input_token_cost_above_1hr": 2e-06,
    "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 4e-06,
    "input_cost_per_token_above_512k_tokens": 3e-06)");
  CHECK(price(book, {.input_tokens = 200'000, .output_tokens = 1'000}) == "0.21");
  CHECK(price(book, {.input_tokens = 200'001, .output_tokens = 1'000}) == "0.410002");
  CHECK(price(book, {.input_tokens = 200'001, .output_tokens = 0, .cache_write_1h = 1}) == "0.400004");
  CHECK(price(book, {.input_tokens = 512'001, .output_tokens = 0, .cache_write_1h = 1}) == "1.536004");
}

TEST_CASE("of xAI a tier begins at its number", "[litellm]") {
  const std::string prices = R"("input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06,
    "input_cost_per_token_above_128k_tokens": 2e-06)";
  const ts::PriceBook book = loaded(list_of(entry(prices, "xai/grok", "xai") + ", " + entry(prices)));
  CHECK(price_of(book, "xai", "grok", {.input_tokens = 127'999, .output_tokens = 0}) == "0.127999");
  CHECK(price_of(book, "xai", "grok", {.input_tokens = 128'000, .output_tokens = 0}) == "0.256");
  CHECK(price(book, {.input_tokens = 128'000, .output_tokens = 0}) == "0.128");
}

TEST_CASE("service tiers have their own prices of tokens, and the usual ones of all else", "[litellm]") {
  const ts::PriceBook book = of_entry(R"(
    "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06, "cache_read_input_token_cost": 1e-06,
    "input_cost_per_token_flex": 1e-06, "output_cost_per_token_flex": 4e-06,
    "input_cost_per_token_priority": 4e-06, "output_cost_per_token_priority": 16e-06,
    "input_cost_per_token_batches": 1.5e-06, "output_cost_per_token_batches": 6e-06,
    "search_context_cost_per_query": {"search_context_size_medium": 0.01})");
  const ts::Usage usage{.input_tokens = 1'000, .output_tokens = 1'000, .web_searches = 1};
  CHECK(price(book, usage) == "0.02");
  CHECK(price(book, usage, {.tier = "flex"}) == "0.015");
  CHECK(price(book, usage, {.tier = "priority"}) == "0.03");
  CHECK(price(book, usage, {.tier = "batch"}) == "0.0175");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0, .cache_read = 500}, {.tier = "flex"}) ==
        "incomplete 0.0005");
}

TEST_CASE("a service tier without a price for so much input has none there", "[litellm]") {
  const ts::PriceBook book = of_entry(R"(
    "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06, "input_cost_per_token_above_200k_tokens": 2e-06,
    "input_cost_per_token_priority": 3e-06, "output_cost_per_token_priority": 3e-06)");
  CHECK(price(book, {.input_tokens = 200'000, .output_tokens = 0}, {.tier = "priority"}) == "0.6");
  CHECK(price(book, {.input_tokens = 200'001, .output_tokens = 1'000}, {.tier = "priority"}) == "incomplete 0.003");
  const ts::PriceBook both = of_entry(R"(
    "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06, "input_cost_per_token_above_200k_tokens": 2e-06,
    "input_cost_per_token_priority": 3e-06, "input_cost_per_token_above_200k_tokens_priority": 6e-06,
    "output_cost_per_token_priority": 3e-06)");
  CHECK(price(both, {.input_tokens = 200'001, .output_tokens = 1'000}, {.tier = "priority"}) == "1.203006");
}

TEST_CASE("ranges of input tokens are tiers", "[litellm]") {
  const ts::PriceBook book = of_entry(R"("tiered_pricing": [
    {"range": [0, 32e3], "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
    {"input_cost_per_token": 3e-06, "output_cost_per_token": 4e-06, "output_cost_per_reasoning_token": 9e-06,
     "range": [32e3, 128e3]}])");
  CHECK(price(book, {.input_tokens = 32'000, .output_tokens = 1'000}) == "0.034");
  CHECK(price(book, {.input_tokens = 32'001, .output_tokens = 1'000, .reasoning = 500}) == "0.102503");
}

TEST_CASE("off-peak prices go before those of the day, in windows that may span midnight", "[litellm]") {
  const ts::PriceBook book = of_entry(R"(
    "input_cost_per_token": 4e-06, "output_cost_per_token": 8e-06, "input_cost_per_token_above_200k_tokens": 6e-06,
    "off_peak_pricing": {"hours_utc": ["16:30-00:30", "03:00-04:00"], "input_cost_per_token": "1e-06"})");
  const std::int64_t day = ts::utc_day(2026, 9, 3);
  const ts::Usage usage{.input_tokens = 1'000, .output_tokens = 1'000};
  CHECK(price(book, usage, {.at = at_time(day, 16, 29, 59)}) == "0.012");
  CHECK(price(book, usage, {.at = at_time(day, 16, 30)}) == "0.009");
  CHECK(price(book, usage, {.at = at_time(day, 0, 29, 59)}) == "0.009");
  CHECK(price(book, usage, {.at = at_time(day, 0, 30)}) == "0.012");
  CHECK(price(book, usage, {.at = at_time(day, 3)}) == "0.009");
  CHECK(price(book, {.input_tokens = 300'000, .output_tokens = 0}, {.at = at_time(day, 3)}) == "0.3");
}

TEST_CASE("off-peak days are those of a zone", "[litellm]") {
  const ts::PriceBook book = of_entry(R"("input_cost_per_token": 2e-06, "output_cost_per_token": 0,
    "off_peak_pricing": {"weekday_timezone": "Asia/Shanghai", "input_cost_per_token": 1e-06, "windows": [
      {"hours_utc": "16:00-17:00", "weekdays": [6]}, {"hours_utc": "00:00-00:00", "weekdays": ["sun"]}]})");
  const auto at = [&](int day, int hours) {
    return price(book, million_in, {.at = at_time(ts::utc_day(2026, 8, day), hours)});
  };
  CHECK(at(28, 16) == "1");  // a Friday in UTC, Saturday in Shanghai
  CHECK(at(28, 15) == "2");
  CHECK(at(28, 17) == "2");
  CHECK(at(29, 15) == "2");
  CHECK(at(29, 16) == "1");  // Sunday in Shanghai, from midnight
  CHECK(at(30, 15) == "1");  // its last hour
  CHECK(at(30, 16) == "2");
}

TEST_CASE("off-peak hours that cannot be told leave their model out", "[litellm]") {
  for (const char* hours :
       {R"("hours_utc": "25:00-26:00")", R"("hours_utc": "noon")", R"("hours_utc": 7)",
        R"("hours_utc": "01:00-02:00", "weekdays": [0])", R"("hours_utc": "01:00-02:00", "weekdays": ["noday"])",
        R"("hours_utc": "01:00-02:00", "weekday_timezone": "Not/AZone")", R"("windows": "00:00-00:00")", R"("x": 1)",
        R"("hours_utc": "01:00-02:00", "weekdays": [1], "weekday_timezone": "America/New_York")"}) {
    INFO(hours);
    ts::PriceBook book = ts::PriceBook::empty("list", "1");
    const ts::LoadResult result = ts::load_litellm(
        book, list_of(entry(R"("input_cost_per_token": 2e-06, "off_peak_pricing": {"input_cost_per_token": 1e-06, )" +
                            std::string{hours} + "}") +
                      ", " + entry(R"("input_cost_per_token": 1e-06)", "other")));
    CHECK(result.loaded());
    CHECK(result.models == 1);
    CHECK(result.models_left_out() == 1);
  }
}

TEST_CASE("a search costs what it does with its context at the middle size", "[litellm]") {
  const ts::PriceBook book = of_entry(R"("input_cost_per_token": 1e-06, "output_cost_per_token": 0,
    "web_search_billing_unit": "per_query", "search_context_cost_per_query": {"search_context_size_low": 0.03,
    "search_context_size_high": 0.05, "search_context_size_medium": 0.035})");
  CHECK(amount(book.rate_for("openai", "m", {})->web_search) == "35 per 1000");
}

TEST_CASE("multipliers of regions and of fast modes become adjustments", "[litellm]") {
  const ts::PriceBook book = of_entry(R"("input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06,
    "regional_processing_uplift_multiplier_eu": 1.1, "provider_specific_entry": {"fast": 6.0, "us": 1.25})");
  CHECK(price(book, million_in) == "1");
  CHECK(price(book, million_in, {.region = "eu"}) == "1.1");
  CHECK(price(book, million_in, {.region = "us"}) == "1.25");
  CHECK(price(book, million_in, {.tier = "fast"}) == "6");
  CHECK(price(book, million_in, {.tier = "fast", .region = "eu"}) == "6.6");
}

TEST_CASE("a multiplier of all regions but one is told of", "[litellm]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_litellm(
      book, list_of(entry(R"("input_cost_per_token": 1e-06, "regional_endpoint_uplift_multiplier": 1.1)")));
  REQUIRE(result.unsaid.size() == 1);
  CHECK(result.unsaid[0].first ==
        "line 1, column 108: m: regional_endpoint_uplift_multiplier is 1.1: a multiplier of every region but the "
        "global one has no place in a book");
}

TEST_CASE("a key is a provider, a region and a model", "[litellm]") {
  const std::string one = R"("input_cost_per_token": 1e-06, "output_cost_per_token": 0)";
  const std::string two = R"("input_cost_per_token": 2e-06, "output_cost_per_token": 0)";
  const ts::PriceBook book = loaded(
      list_of(entry(one, "azure/gpt-4o", "azure") + ", " + entry(two, "azure/eu/gpt-4o", "azure") + ", " +
              entry(two, "bedrock/us-east-1/anthropic.claude-v2:1", "bedrock") + ", " +
              entry(one, "anthropic.claude-v2:1", "bedrock_converse") + ", " +
              entry(one, "vertex_ai/claude-3@20240229", "vertex_ai-anthropic_models") + ", " +
              entry(one, "openrouter/anthropic/claude-3", "openrouter") + ", " + entry(two, "dall-e/3", "openai")));
  CHECK(price_of(book, "azure", "gpt-4o", million_in) == "1");
  CHECK(price_of(book, "azure", "gpt-4o", million_in, {.region = "eu"}) == "2");
  CHECK(price_of(book, "aws.bedrock", "anthropic.claude-v2:1", million_in) == "1");
  CHECK(price_of(book, "aws.bedrock", "anthropic.claude-v2:1", million_in, {.region = "us-east-1"}) == "2");
  CHECK(price_of(book, "gcp.vertex_ai", "claude-3@20240229", million_in) == "1");
  CHECK(price_of(book, "openrouter", "anthropic/claude-3", million_in) == "1");
  CHECK(price_of(book, "openai", "dall-e/3", million_in) == "2");
}

TEST_CASE("of two keys of one model one that costs something counts, else the later one", "[litellm]") {
  const std::string free = R"("input_cost_per_token": 0, "output_cost_per_token": 0)";
  const std::string one = R"("input_cost_per_token": 1e-06, "output_cost_per_token": 0)";
  const std::string two = R"("input_cost_per_token": 2e-06, "output_cost_per_token": 0)";
  CHECK(price_of(loaded(list_of(entry(one, "m", "deepseek") + ", " + entry(two, "deepseek/m", "deepseek"))), "deepseek",
                 "m", million_in) == "2");
  CHECK(
      price_of(loaded(list_of(entry(one, "g", "vertex_ai-language-models") + ", " + entry(free, "gemini/g", "gemini"))),
               "google", "g", million_in) == "1");
}

TEST_CASE("a model with zeros alone is free, one without a price is left out", "[litellm]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_litellm(
      book, list_of(entry(R"("input_cost_per_token": 0, "output_cost_per_token": 0.0)", "zero") + ", " +
                    entry(R"("max_tokens": 5)", "none") + ", " +
                    entry(R"("input_cost_per_token": 0, "output_cost_per_token": 0, "input_cost_per_query": 0.002,
                             "mode": "rerank")",
                          "rerank")));
  CHECK(price_of(book, "openai", "zero", million_in) == "free");
  CHECK(price_of(book, "openai", "none", million_in) == "unpriced");
  CHECK(price_of(book, "openai", "rerank", {.input_tokens = 9, .output_tokens = 0, .search_units = 3}) == "0.006");
  REQUIRE(result.left_out.size() == 1);
  CHECK(result.left_out[0].first == "line 1, column 107: none: no price is stated");
}

TEST_CASE("audio that is transcribed is billed by its milliseconds", "[litellm]") {
  const ts::PriceBook book =
      of_entry(R"("mode": "audio_transcription", "input_cost_per_second": 0.0001, "output_cost_per_second": 0.0001)");
  CHECK(price(book, {.input_tokens = 0, .output_tokens = 0, .audio_milliseconds = 90'500}) == "0.00905");
}

TEST_CASE("seconds of a machine are a charge that no usage counts", "[litellm]") {
  const ts::PriceBook book = of_entry(R"("mode": "chat", "input_cost_per_second": 0.0175)");
  CHECK(price(book, million_in) == "incomplete 0");
}

TEST_CASE("images are billed as tokens where tokens have a price, else they are a charge of their own", "[litellm]") {
  const ts::PriceBook priced =
      of_entry(R"("input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06, "input_cost_per_image": 0.002)");
  CHECK(price(priced, million_in) == "1");
  const ts::PriceBook drawn =
      of_entry(R"("input_cost_per_token": 1e-06, "output_cost_per_token": 0, "output_cost_per_image": 0.04)");
  CHECK(price(drawn, million_in) == "incomplete 1");
  const ts::PriceBook zero =
      of_entry(R"("input_cost_per_token": 1e-06, "output_cost_per_token": 0, "output_cost_per_image": 0.0)");
  CHECK(price(zero, million_in) == "1");
}

TEST_CASE("a charge by a name that is not known makes a cost incomplete", "[litellm]") {
  CHECK(
      price(of_entry(R"("input_cost_per_token": 1e-06, "output_cost_per_token": 0, "citation_cost_per_token": 2e-06)"),
            million_in) == "incomplete 1");
  CHECK(
      price(of_entry(R"("input_cost_per_token": 1e-06, "output_cost_per_token": 0, "input_dbu_cost_per_token": 7e-05)"),
            million_in) == "1");
}

TEST_CASE("a price that is none leaves its model out, and is told with its place", "[litellm]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_litellm(
      book, "{\n  " + entry(R"("input_cost_per_token": -1)", "gpt-5") + ",\n" +
                entry(R"("input_cost_per_token": true)", "b") + ", " + entry(R"("input_cost_per_token": "much")", "c") +
                ", " + entry(R"("input_cost_per_token": 1.2345678901234567890123e-6)", "d") + ", " +
                entry(R"("input_cost_per_token": 1e30)", "e") + ", " + entry(R"("input_cost_per_token": 1e-06)") + "}");
  REQUIRE(result.loaded());
  CHECK(result.models == 1);
  REQUIRE(result.left_out.size() == 3);
  CHECK(result.left_out[0].first == "line 2, column 67: gpt-5: input_cost_per_token is -1: a price is not negative");
  CHECK(result.left_out[1].models == 2);
  CHECK(result.left_out[2].models == 2);
}

TEST_CASE("the sample entry is no model", "[litellm]") {
  const ts::PriceBook book =
      loaded(list_of(R"("sample_spec": {"litellm_provider": "one of", "input_cost_per_token": 1}, )" +
                     entry(R"("input_cost_per_token": 1e-06)")));
  CHECK(book.rates().size() == 1);
}

TEST_CASE("what is no list of LiteLLM leaves the book as it was", "[litellm]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  REQUIRE_FALSE(book.add({.model = "before", .input = ts::per_million("1")}));
  for (const char* json : {"", "[]", "{}", "7", R"({"a": 1})", R"({"a": {}})", R"({"a": {"litellm_provider": "x")"}) {
    INFO(json);
    CHECK_FALSE(ts::load_litellm(book, json).loaded());
    CHECK(book.rates().size() == 1);
  }
  const ts::LoadResult cut = ts::load_litellm(book, list_of(entry(R"("input_cost_per_token": 1e-06)")) + "}");
  CHECK(cut.error == "line 1, column 69: the price list goes on behind its end; fetch it anew");
}

TEST_CASE("names that are too long or would be patterns are left out", "[litellm]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const std::string price = R"("input_cost_per_token": 1e-06)";
  const ts::LoadResult result =
      ts::load_litellm(book, list_of(entry(price, std::string(161, 'x')) + ", " + entry(price, "a*") + ", " +
                                     entry(price, "bedrock/*/b", "bedrock") + ", " + entry(price, "#1")));
  CHECK(result.models == 1);
  CHECK(result.models_left_out() == 3);
  CHECK(price_of(book, "bedrock", "b", million_in) == "1");
}
