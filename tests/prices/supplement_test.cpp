// SPDX-License-Identifier: MIT
#include <tallyscope/prices/supplement.hpp>

#include <string>

#include "catch.hpp"
#include "prices/loaded.hpp"

namespace ts = tallyscope;

namespace {

/// A book of these standard prices, per million tokens, with the supplement.
ts::PriceBook supplemented(const char* provider, const char* model, const char* input, const char* output,
                           const char* cache_read = "1") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  REQUIRE_FALSE(book.add({.provider = provider,
                          .model = model,
                          .input = ts::per_million(input),
                          .output = ts::per_million(output),
                          .cache_read = ts::per_million(cache_read),
                          .web_search = ts::per_thousand("10")}));
  REQUIRE_FALSE(ts::add_supplement(book));
  return book;
}

constexpr ts::Usage both{.input_tokens = 1'000'000, .output_tokens = 1'000'000};

}  // namespace

TEST_CASE("a batch costs half of the tokens, and searches as ever", "[supplement]") {
  for (const char* provider : {"openai", "anthropic", "google"}) {
    const ts::PriceBook book = supplemented(provider, "m", "2", "8");
    CHECK(price_of(book, provider, "m", both, {.tier = "batch"}) == "5");
    CHECK(price_of(book, provider, "m", {.input_tokens = 1'000'000, .output_tokens = 0, .web_searches = 100},
                   {.tier = "batch"}) == "2");
  }
  CHECK(price_of(supplemented("mistral", "m", "2", "8"), "mistral", "m", both, {.tier = "batch"}) == "incomplete 0");
}

TEST_CASE("flex costs half at OpenAI and Google", "[supplement]") {
  CHECK(price_of(supplemented("openai", "o3", "2", "8"), "openai", "o3", both, {.tier = "flex"}) == "5");
  CHECK(price_of(supplemented("google", "g", "2", "8"), "google", "g", both, {.tier = "flex"}) == "5");
}

TEST_CASE("OpenAI's fast mode is dearer by model, by either of its names", "[supplement]") {
  for (const char* tier : {"priority", "fast"}) {
    const Served served{.tier = tier};
    CHECK(price_of(supplemented("openai", "gpt-4o", "2.5", "10"), "openai", "gpt-4o", both, served) == "21.25");
    CHECK(price_of(supplemented("openai", "gpt-5.4", "2.5", "15"), "openai", "gpt-5.4", both, served) == "35");
    CHECK(price_of(supplemented("openai", "gpt-5.6-sol", "5", "30"), "openai", "gpt-5.6-sol", both, served) == "70");
    CHECK(price_of(supplemented("openai", "gpt-5.5", "5", "30"), "openai", "gpt-5.5", both, served) == "87.5");
    CHECK(price_of(supplemented("openai", "o4-mini", "1.1", "4.4"), "openai", "o4-mini", both, served) == "10");
    CHECK(price_of(supplemented("openai", "gpt-4o-mini", "0.15", "0.6"), "openai", "gpt-4o-mini", both, served) ==
          "1.25");
    CHECK(price_of(supplemented("openai", "new", "1", "1"), "openai", "new", both, served) == "incomplete 0");
  }
}

TEST_CASE("Claude's fast mode costs six times or twice as much, by model", "[supplement]") {
  const Served fast{.tier = "fast"};
  for (const char* model : {"claude-opus-4-6", "claude-opus-4-7"})
    CHECK(price_of(supplemented("anthropic", model, "5", "25"), "anthropic", model, both, fast) == "180");
  for (const char* model : {"claude-opus-4-8", "claude-opus-5"})
    CHECK(price_of(supplemented("anthropic", model, "5", "25"), "anthropic", model, both, fast) == "60");
}

TEST_CASE("Claude served in the United States alone costs a tenth more, also in a batch", "[supplement]") {
  const ts::PriceBook book = supplemented("anthropic", "claude-opus-4-6", "5", "25");
  CHECK(price_of(book, "anthropic", "claude-opus-4-6", both, {.region = "us"}) == "33");
  CHECK(price_of(book, "anthropic", "claude-opus-4-6", both, {.tier = "batch", .region = "us"}) == "16.5");
}

TEST_CASE("one model's cached input costs two thirds in a batch", "[supplement]") {
  const ts::PriceBook book = supplemented("google", "gemini-3.5-flash-lite*", "0.3", "2.5", "0.03");
  const ts::Usage cached{.input_tokens = 1'000'000, .output_tokens = 0, .cache_read = 1'000'000};
  CHECK(price_of(book, "google", "gemini-3.5-flash-lite", cached) == "0.03");
  CHECK(price_of(book, "google", "gemini-3.5-flash-lite", cached, {.tier = "batch"}) == "0.02");
  CHECK(price_of(book, "google", "gemini-3.5-flash-lite", both, {.tier = "batch"}) == "1.4");
}

TEST_CASE("a model is supplemented only where the book has no price for it", "[supplement]") {
  const char* const model = "command-a-reasoning-08-2025";
  CHECK(price_of(supplemented("cohere", "other", "1", "1"), "cohere", model, both) == "12.5");
  CHECK(price_of(supplemented("cohere", "command-a*", "1", "1"), "cohere", model, both) == "2");
}

TEST_CASE("a tier that the book has prices for is not multiplied", "[supplement]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  for (const char* tier : {"", "batch"})
    REQUIRE_FALSE(book.add({.provider = "openai",
                            .model = "m",
                            .service_tier = tier,
                            .input = ts::per_million("3"),
                            .output = ts::per_million("3")}));
  REQUIRE_FALSE(ts::add_supplement(book));
  CHECK(price_of(book, "openai", "m", both, {.tier = "batch"}) == "6");
}

TEST_CASE("the built-in book has the supplement's tiers and regions", "[supplement]") {
  const ts::PriceBook book;
  std::size_t lines = 0;
  ts::detail::for_each_supplement([&](const ts::PriceAdjustment&) { ++lines; });
  CHECK(book.adjustments().size() == lines);
  CHECK(price_of(book, "openai", "gpt-4.1", both) == "10");
  CHECK(price_of(book, "openai", "gpt-4.1", both, {.tier = "batch"}) == "5");
  CHECK(price_of(book, "openai", "gpt-4.1", both, {.tier = "priority"}) == "17.5");
  CHECK(price_of(book, "anthropic", "claude-sonnet-5", both, {.region = "us"}) == "13.2");
}

TEST_CASE("every line of the supplement says where it was read, and when", "[supplement]") {
  for (const ts::detail::SupplementLine& line : ts::detail::supplement_lines) {
    CHECK(std::string_view{line.source} != "");
    CHECK(std::string_view{line.as_of}.size() == 10);
    CHECK(std::string_view{line.tier}.empty() != std::string_view{line.region}.empty());
  }
}
