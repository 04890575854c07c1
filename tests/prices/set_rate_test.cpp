// SPDX-License-Identifier: MIT
#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <limits>
#include <string>

namespace ts = tallyscope;
using State = ts::CostState;

namespace {

constexpr ts::Usage some{.input_tokens = 1000, .output_tokens = 500};

ts::Cost price(const ts::PriceBook& book, std::string_view model, std::string_view provider = "",
               const ts::Usage& usage = some) {
  const ts::Call call{.provider = provider, .model = model};
  return book.price(ts::Record{.call = call, .start_utc = ts::utc_day(2026, 9, 23), .usage = usage});
}

/// In dollars, "?" without a price.
std::string dollars(const ts::Cost& cost) { return cost.state == State::priced ? cost.amount.exact() : "?"; }

std::string cost(const ts::PriceBook& book, std::string_view model, std::string_view provider = "") {
  return dollars(price(book, model, provider));
}

/// Of a call that asked for one model and was served by another.
std::string cost_served(const ts::PriceBook& book, std::string_view asked, std::string_view served,
                        std::string_view tier = "") {
  const ts::Call call{.provider = "openai", .model = asked};
  const ts::Response response{.model = served, .service_tier = tier};
  return dollars(
      book.price(ts::Record{.call = call, .response = response, .start_utc = ts::utc_day(2026, 9, 23), .usage = some}));
}

/// The built-in book where `model` costs a dollar a token in, two out.
ts::PriceBook book_with(std::string_view model, std::string_view provider = "") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.set_rate(model, ts::per_million("1000000"), ts::per_million("2000000"), provider));
  return book;
}

constexpr std::string_view own = "2000";  // 1000 x $1 + 500 x $2

}  // namespace

TEST_CASE("a rate that is set is what calls of the model cost", "[set_rate]") {
  ts::PriceBook book;
  CHECK(cost(book, "gpt-4.1") == "0.006");
  REQUIRE_FALSE(book.set_rate("gpt-4.1", ts::per_million("1.60"), ts::per_million("6.40")));
  CHECK(cost(book, "gpt-4.1") == "0.0048");
  CHECK(cost(book, "GPT-4.1", "openai") == "0.0048");
  CHECK(cost(book, "openai/gpt-4.1") == "0.0048");
  CHECK(cost(book, "models/gpt-4.1") == "0.0048");
  CHECK(cost(ts::PriceBook{}, "gpt-4.1") == "0.006");
}

TEST_CASE("a rate that is set reaches the dated snapshots of its model", "[set_rate]") {
  const ts::PriceBook book = book_with("gpt-4o");
  CHECK(cost(book, "gpt-4o") == own);
  CHECK(cost(book, "gpt-4o-2024-08-06") == own);
  CHECK(cost(book, "gpt-4o-2024-05-13") == own);  // has a built-in price of its own
  CHECK(cost(book, "gpt-4o-2024-05-13", "openai") == own);
  CHECK(cost(book, "openai/gpt-4o-2024-05-13") == own);
  CHECK(cost(book_with("gpt-3.5-turbo", "openai"), "gpt-3.5-turbo-1106") == own);
}

TEST_CASE("a rate that is set reaches no other model", "[set_rate]") {
  const ts::PriceBook usual, book = book_with("gpt-4");
  for (const std::string_view model : {"gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-nano", "gpt-4-turbo-2024-04-09",
                                       "notgpt-4ever", "gpt-4-preview", "gpt-40", "codellama", "gpt"}) {
    INFO(model);
    CHECK(cost(book, model) == cost(usual, model));
  }
  CHECK(cost(book, "gpt-4-0613") == own);
}

TEST_CASE("the rate of a snapshot is that of no other snapshot, and not its model's", "[set_rate]") {
  const ts::PriceBook book = book_with("gpt-4o-2024-08-06");
  CHECK(cost(book, "gpt-4o-2024-08-06") == own);
  CHECK(cost(book, "gpt-4o") == "0.0075");
  CHECK(cost(book, "gpt-4o-2024-11-20") == "0.0075");
  CHECK(cost(book, "gpt-4o-2024-05-13") == "0.0125");
}

TEST_CASE("a rate holds for all providers, or for the one that is named", "[set_rate]") {
  CHECK(cost(book_with("gpt-4.1"), "gpt-4.1", "azure") == own);
  const ts::PriceBook book = book_with("gpt-4.1", "azure");
  CHECK(cost(book, "gpt-4.1", "azure") == own);
  CHECK(cost(book, "gpt-4.1", "azure.ai.openai") == own);  // one of its other names
  CHECK(cost(book, "gpt-4.1", "openai") == "0.006");
  CHECK(cost(book, "openai/gpt-4.1") == "0.006");
  CHECK(cost(book, "azure/gpt-4.1") == own);
  CHECK(cost(book_with("gpt-4o", "azure"), "gpt-4o-2024-05-13", "openai") == "0.0125");
  CHECK(cost(book_with("gpt-4o", "azure"), "gpt-4o-2024-05-13") == "0.0125");
}

TEST_CASE("a provider before the name of a model is that provider", "[set_rate]") {
  for (const std::string_view name : {"openai/gpt-4o", "openai:gpt-4o", "OpenAI/GPT-4o"}) {
    INFO(name);
    const ts::PriceBook book = book_with(name);
    CHECK(cost(book, "gpt-4o", "openai") == own);
    CHECK(cost(book, "openai/gpt-4o") == own);
    CHECK(cost(book, "openai:gpt-4o-2024-05-13") == own);
    CHECK(cost(book, "gpt-4o", "azure") == "?");
  }
  const ts::PriceBook unknown = book_with("house/gpt-4o");
  CHECK(cost(unknown, "house/gpt-4o") == own);
  CHECK(cost(unknown, "gpt-4o") == "0.0075");
  CHECK(cost(book_with("openai/"), "openai/") == own);
  CHECK(cost(book_with("/gpt-4o"), "gpt-4o") == "0.0075");
}

TEST_CASE("a model that is called so is meant before a model of that provider", "[set_rate]") {
  const ts::PriceBook book = book_with("openai/gpt-oss-120b");  // of groq
  CHECK(cost(book, "openai/gpt-oss-120b", "groq") == own);
  CHECK(cost(book, "gpt-oss-120b", "openai") == "?");
}

TEST_CASE("a rate that is set holds whatever tier, day or hour the built-in ones have", "[set_rate]") {
  ts::PriceBook book = book_with("deepseek-v4-flash");
  REQUIRE_FALSE(book.set_rate("claude-sonnet-4-5", ts::per_million("1"), ts::per_million("1")));
  const auto at = [&](std::string_view model, std::int64_t start, std::int64_t input) {
    const ts::Call call{.model = model};
    const ts::Usage usage{.input_tokens = input, .output_tokens = 0};
    return book.price(ts::Record{.call = call, .start_utc = start, .usage = usage}).amount.exact();
  };
  CHECK(at("deepseek-v4-flash", ts::utc_day(2026, 9, 1) + 2 * 3'600'000'000'000, 3) == "3");
  CHECK(at("deepseek-v4-flash", 0, 3) == "3");
  CHECK(at("claude-sonnet-4-5", 0, 1'000'000) == "1");
}

TEST_CASE("of two rates for a model the later one counts", "[set_rate]") {
  ts::PriceBook book = book_with("gpt-4o");
  for (std::int64_t dollars = 1; dollars <= 12; ++dollars) {
    const ts::Rate rate{ts::Money::from_picodollars(dollars * 1'000'000'000), 1};
    REQUIRE_FALSE(book.set_rate("gpt-4o", rate));
    CHECK(price(book, "gpt-4o-2024-05-13").amount.picodollars() == dollars * 1'500'000'000'000);
  }
  CHECK(book.rates().size() == ts::PriceBook{}.rates().size() + 13 * 2);  // the model and its one listed snapshot
}

TEST_CASE("a blended rate is that of every token", "[set_rate]") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.set_rate("gpt-4.1", ts::per_thousand("0.001")));
  CHECK(cost(book, "gpt-4.1") == "0.0015");
  const ts::Usage details{.input_tokens = 1000,
                          .output_tokens = 500,
                          .cache_read = 100,
                          .cache_write = 100,
                          .cache_write_5m = 100,
                          .cache_write_1h = 100,
                          .input_audio = 100,
                          .reasoning = 100,
                          .output_audio = 100};
  CHECK(price(book, "gpt-4.1", "", details).state == State::priced);
  CHECK(price(book, "gpt-4.1", "", details).amount.exact() == "0.0015");
}

TEST_CASE("what is used and has no rate in what was set makes the cost incomplete", "[set_rate]") {
  const ts::Usage cached{.input_tokens = 1000, .output_tokens = 500, .cache_read = 100};
  ts::PriceBook book;
  REQUIRE_FALSE(book.set_rate("gpt-4.1", ts::per_million("2"), ts::per_million("8")));
  const ts::Cost known = price(book, "gpt-4.1", "", cached);
  CHECK(known.state == State::incomplete);
  CHECK(known.known.exact() == "0.0058");
  REQUIRE_FALSE(book.set_rate({.model = "gpt-4.1",
                               .input = ts::per_million("2"),
                               .output = ts::per_million("8"),
                               .cache_read = ts::per_million("1")}));
  CHECK(price(book, "gpt-4.1", "", cached).amount.exact() == "0.0059");
}

TEST_CASE("a model of one's own machine is free until it has a rate", "[set_rate]") {
  ts::PriceBook book;
  CHECK(price(book, "llama3.1:8b", "ollama").state == State::free);
  REQUIRE_FALSE(book.set_rate("llama3.1:8b", ts::per_million("0.1"), "ollama"));
  CHECK(cost(book, "llama3.1:8b", "ollama") == "0.00015");
  CHECK(price(book, "llama3.1:70b", "ollama").state == State::free);
  CHECK(price(book_with("qwen3"), "qwen3", "ollama").state == State::free);  // of any provider that has prices
}

TEST_CASE("a rate that is none is refused and leaves the book as it was", "[set_rate]") {
  ts::PriceBook book;
  const auto one = ts::per_million("1"), negative = ts::per_million("-1"), none = ts::per_million("nan");
  const std::string longer(161, 'm');
  CHECK(book.set_rate("", one, one) == std::errc::invalid_argument);
  CHECK(book.set_rate("", one) == std::errc::invalid_argument);
  CHECK(book.set_rate(longer, one) == std::errc::invalid_argument);
  CHECK(book.set_rate("gpt-4o", negative, one) == std::errc::invalid_argument);
  CHECK(book.set_rate("gpt-4o", one, negative) == std::errc::invalid_argument);
  CHECK(book.set_rate("gpt-4o", negative) == std::errc::invalid_argument);
  CHECK(book.set_rate("gpt-4o", none, one) == std::errc::invalid_argument);
  CHECK(book.set_rate("gpt-4o", one, none) == std::errc::invalid_argument);
  CHECK(book.set_rate("gpt-4o", none) == std::errc::invalid_argument);
  CHECK(book.set_rate("gpt-4o", ts::Rate{ts::Money{}, 0}) == std::errc::invalid_argument);
  const ts::Rate thirds{ts::Money::from_picodollars(1), 3};
  CHECK(book.set_rate(
            {.model = "gpt-4o", .input = thirds, .multiplier = {1, std::numeric_limits<std::int64_t>::max()}}) ==
        std::errc::result_out_of_range);
  CHECK(cost(book, "gpt-4o") == "0.0075");
  CHECK(book.rates().size() == ts::PriceBook{}.rates().size());
  CHECK(book.text() == "builtin 2026-09-23");
}

TEST_CASE("a rate of nothing is a price of nothing", "[set_rate]") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.set_rate("gpt-4.1", ts::per_million("0")));
  CHECK(price(book, "gpt-4.1").state == State::priced);
  CHECK(price(book, "gpt-4.1").amount == ts::Money{});
}

TEST_CASE("a cost tells the built-in book from one with rates of the host's own", "[set_rate]") {
  ts::PriceBook book = book_with("gpt-4.1");
  CHECK(price(book, "gpt-4o").price_book == "builtin 2026-09-23 + own rates");
  REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("1")));
  CHECK(book.version() == "2026-09-23 + own rates");
  ts::PriceBook added;
  REQUIRE_FALSE(added.add({.model = "m", .input = ts::per_million("1")}));
  CHECK(added.text() == "builtin 2026-09-23 + own rates");
  ts::PriceBook mine = ts::PriceBook::empty("mine", "7");
  REQUIRE_FALSE(mine.set_rate("m", ts::per_million("1")));
  CHECK(mine.text() == "mine 7");
}

TEST_CASE("a rate that is set in a copy leaves the other book as it was", "[set_rate]") {
  const ts::PriceBook before = book_with("gpt-4.1");
  ts::PriceBook after = before;
  REQUIRE_FALSE(after.set_rate("gpt-4.1", ts::per_million("1")));
  CHECK(cost(before, "gpt-4.1") == own);
  CHECK(cost(after, "gpt-4.1") == "0.0015");
}

TEST_CASE("a rate of a book can be set anew from what the book lists", "[set_rate]") {
  ts::PriceBook book = book_with("gpt-4.1");
  ts::PriceRule rule = book.rates()[book.rates().size() - 1];
  CHECK(rule.model == "gpt-4.1");
  rule.multiplier = {1, 2};
  REQUIRE_FALSE(book.set_rate(rule));
  CHECK(cost(book, "gpt-4.1") == "1000");
  CHECK(book.rate_for("openai", "gpt-4.1", {})->multiplier.denominator == 2);
}

TEST_CASE("a rate of the model that was asked for goes before the list price of the one that served", "[set_rate]") {
  for (const std::string_view asked : {"my-deployment", "gpt-4o-mini"}) {
    INFO(asked);
    const ts::PriceBook book = book_with(asked);
    CHECK(cost_served(book, asked, "gpt-4.1-2025-04-14") == own);
    CHECK(cost_served(book, asked, "a-model-that-nobody-lists") == own);
    CHECK(cost_served(book, "gpt-4o", "gpt-4.1-2025-04-14") == "0.006");
    CHECK(cost_served(book, "gpt-4o", asked) == own);
  }
}

TEST_CASE("a rate of the model that served goes before one of the model that was asked for", "[set_rate]") {
  ts::PriceBook book = book_with("my-deployment");
  REQUIRE_FALSE(book.set_rate("gpt-4.1", ts::per_million("1")));
  CHECK(cost_served(book, "my-deployment", "gpt-4.1-2025-04-14") == "0.0015");
  CHECK(cost_served(book, "my-deployment", "gpt-4o") == own);
}

TEST_CASE("a rate of the model that was asked for counts only where it applies", "[set_rate]") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.set_rate({.model = "my-deployment",
                               .service_tier = "batch",
                               .input = ts::per_million("1"),
                               .output = ts::per_million("1")}));
  REQUIRE_FALSE(book.set_rate("yours", ts::per_million("1"), "azure"));
  CHECK(cost_served(book, "my-deployment", "gpt-4.1", "batch") == "0.0015");
  CHECK(cost_served(book, "my-deployment", "gpt-4.1") == "0.006");
  CHECK(cost_served(book, "yours", "gpt-4.1") == "0.006");
}

TEST_CASE("a rule that was added for the model asked for goes before a built-in one, a set rate before both",
          "[set_rate]") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.add({.model = "asked", .input = ts::per_million("1"), .output = ts::per_million("1")}));
  CHECK(cost_served(book, "asked", "gpt-4.1") == "0.0015");
  REQUIRE_FALSE(book.add({.model = "gpt-4.1", .input = ts::per_million("2"), .output = ts::per_million("2")}));
  CHECK(cost_served(book, "asked", "gpt-4.1") == "0.003");
  REQUIRE_FALSE(book.set_rate("asked", ts::per_million("4")));
  CHECK(cost_served(book, "asked", "gpt-4.1") == "0.006");
  CHECK(cost_served(book.named("copy", "1"), "asked", "gpt-4.1") == "0.006");
}

TEST_CASE("a part of the model that served costs what the whole does, one of another model its own price",
          "[set_rate]") {
  const ts::PriceBook book = book_with("my-deployment");
  const ts::Part parts[] = {{.model = "gpt-4.1", .usage = some}, {.usage = some}, {.model = "gpt-4o", .usage = some}};
  const ts::Call call{.provider = "openai", .model = "my-deployment"};
  const ts::Response response{.model = "gpt-4.1"};
  const auto price_of = [&](std::size_t part) {
    return dollars(book.price(ts::Record{.call = call, .response = response, .parts = {parts + part, 1}}));
  };
  CHECK(price_of(0) == own);
  CHECK(price_of(1) == own);
  CHECK(price_of(2) == "0.0075");
}

TEST_CASE("a rate of a model that is listed by two names is set for both", "[set_rate]") {
  for (const std::string_view name : {"gpt-5.6", "gpt-5.6-sol", "openai/gpt-5.6", "GPT-5.6-Sol"}) {
    INFO(name);
    const ts::PriceBook book = book_with(name);
    for (const std::string_view asked : {"gpt-5.6", "gpt-5.6-sol", "gpt-5.6-sol-2026-08-01"}) {
      CHECK(cost(book, asked, "openai") == own);
      CHECK(cost_served(book, asked, "gpt-5.6-sol") == own);
      CHECK(cost_served(book, asked, "gpt-5.6") == own);
    }
    CHECK(cost(book, "gpt-5.6-terra") == cost({}, "gpt-5.6-terra"));
  }
  CHECK(cost(book_with("gpt-5.6", "azure"), "gpt-5.6-sol", "azure") == own);
  CHECK(cost(book_with("claude-3-5-haiku-latest"), "claude-3-5-haiku-20241022") == own);
}

TEST_CASE("of two rates for two names of a model the later one counts", "[set_rate]") {
  ts::PriceBook book = book_with("gpt-5.6");
  REQUIRE_FALSE(book.set_rate("gpt-5.6-sol", ts::per_million("1")));
  CHECK(cost(book, "gpt-5.6") == "0.0015");
  REQUIRE_FALSE(book.set_rate("gpt-5.6", ts::per_million("2")));
  CHECK(cost(book, "gpt-5.6-sol") == "0.003");
}

TEST_CASE("two names are two models in a book that does not have the built-in prices", "[set_rate]") {
  ts::PriceBook book = ts::PriceBook::empty("mine", "");
  REQUIRE_FALSE(book.set_rate("gpt-5.6", ts::per_million("1")));
  REQUIRE_FALSE(book.set_rate("gpt-5.6-sol", ts::per_million("2")));
  CHECK(cost(book, "gpt-5.6") == "0.0015");
  CHECK(cost(book, "gpt-5.6-sol") == "0.003");
}

TEST_CASE("a rate of another provider is not the price of a call that names none", "[set_rate]") {
  for (const std::string_view model : {"gpt-4o", "gpt-4o-2024-08-06"}) {
    INFO(model);
    const ts::PriceBook book = book_with(model, "azure");
    CHECK(cost(book, model) == "0.0075");
    CHECK(cost(book, "models/" + std::string{model}) == "0.0075");
    CHECK(cost(book, model, "openai") == "0.0075");
    CHECK(cost(book, model, "azure") == own);
    CHECK(cost(book, "azure/" + std::string{model}) == own);
  }
}

TEST_CASE("a rate of the model's own vendor is the price of a call that names none", "[set_rate]") {
  for (const std::string_view model : {"gpt-4o", "gpt-4o-2024-08-06", "gpt-5.6"}) {
    INFO(model);
    CHECK(cost(book_with(model, "openai"), model) == own);
    CHECK(cost(book_with(model), model) == own);
  }
}

TEST_CASE("a rate of the call's provider goes before one of any, in either order", "[set_rate]") {
  for (const bool named_first : {false, true}) {
    INFO(named_first);
    ts::PriceBook book;
    if (named_first) REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("2"), "azure"));
    REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("4")));
    if (!named_first) REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("2"), "azure"));
    for (const std::string_view model : {"gpt-4o", "gpt-4o-2024-05-13", "gpt-4o-2024-08-06"}) {
      INFO(model);
      CHECK(cost(book, model, "azure") == "0.003");
      CHECK(cost(book, model, "openai") == "0.006");
      CHECK(cost(book, model) == "0.006");
    }
  }
}

TEST_CASE("a call that names no provider is one of the model's vendor", "[set_rate]") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("2"), "openai"));
  REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("4")));
  CHECK(cost(book, "gpt-4o") == "0.003");
  CHECK(cost(book, "gpt-4o", "azure") == "0.006");
}

TEST_CASE("a rate of the only provider that has the model is the price of a call that names none", "[set_rate]") {
  ts::PriceBook book = book_with("house-1", "azure");
  CHECK(cost(book, "house-1") == own);
  CHECK(cost(book, "house-1-2026-01-31") == own);
  REQUIRE_FALSE(book.set_rate("house-1", ts::per_million("4")));
  CHECK(cost(book, "house-1") == "0.006");
  CHECK(cost(book, "house-1", "azure") == own);
}

TEST_CASE("a call that names none of several providers of a model has no price", "[set_rate]") {
  ts::PriceBook book = book_with("house-1", "azure");
  REQUIRE_FALSE(book.set_rate("house-1", ts::per_million("4"), "bedrock"));
  CHECK(cost(book, "house-1") == "?");
  CHECK(price(book, "house-1").state == State::unpriced);
  CHECK(cost(book, "house-1", "aws") == "0.006");
  CHECK(cost(book, "azure/house-1") == own);
  REQUIRE_FALSE(book.set_rate("house-1-2026-01-31", ts::per_million("4"), "azure"));
  CHECK(cost(book, "house-1-2026-01-31") == "?");  // may be bedrock's, which has the model too
}

TEST_CASE("a rate that is set goes before the rules that were added, whatever their providers", "[set_rate]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const auto add = [&](std::string_view provider, std::string_view dollars) {
    const auto rate = ts::per_million(dollars);
    REQUIRE_FALSE(book.add({.provider = provider, .model = "m", .input = rate, .output = rate}));
  };
  add("acme", "2");
  CHECK(cost(book, "m", "acme") == "0.003");
  add("", "4");
  CHECK(cost(book, "m", "acme") == "0.003");
  CHECK(cost(book, "m", "other") == "0.006");
  REQUIRE_FALSE(book.set_rate("m", ts::per_million("6")));
  CHECK(cost(book, "m", "acme") == "0.009");
  REQUIRE_FALSE(book.set_rate("m", ts::per_million("8"), "acme"));
  CHECK(cost(book, "m", "acme") == "0.012");
  CHECK(cost(book, "m", "other") == "0.009");
  add("acme", "2");
  CHECK(cost(book, "m", "acme") == "0.012");
}

TEST_CASE("the provider of a list is meant where the rate of another was set", "[set_rate]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const auto one = ts::per_million("1");
  REQUIRE_FALSE(book.add({.provider = "acme", .model = "m", .input = one, .output = one}));
  REQUIRE_FALSE(book.set_rate("m", ts::per_million("8"), "azure"));
  CHECK(cost(book, "m") == "0.0015");
  REQUIRE_FALSE(book.add({.provider = "other", .model = "m", .input = one, .output = one}));
  CHECK(cost(book, "m") == "?");
}

TEST_CASE("a rate for a tier leaves the other calls of the model at their price", "[set_rate]") {
  ts::PriceBook book;
  const auto one = ts::per_million("1");
  REQUIRE_FALSE(book.set_rate({.model = "gpt-4o", .service_tier = "batch", .input = one, .output = one}));
  CHECK(cost(book, "gpt-4o") == "0.0075");
  CHECK(cost(book, "gpt-4o", "openai") == "0.0075");
  CHECK(cost_served(book, "gpt-4o", "", "batch") == "0.0015");
}

TEST_CASE("the short way of pricing knows the same providers", "[set_rate]") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("2"), "azure"));
  REQUIRE_FALSE(book.set_rate("gpt-4o", ts::per_million("4"), "openai"));
  const auto quick = [&](std::string_view provider, std::uint64_t hash) {
    const ts::Call call{.provider = provider, .model = "gpt-4o", .price_hash = hash};
    return book.quick_price(call, 1000, 500, ts::utc_day(2026, 9, 23));
  };
  CHECK(quick("azure", 1) == 3'000'000'000);
  CHECK(quick("openai", 2) == 6'000'000'000);
  CHECK(quick("", 3) == 6'000'000'000);
}
