// SPDX-License-Identifier: MIT
// Which rules a name means: by itself, by a pattern, without its date, behind a prefix, at which provider.
#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <random>
#include <string>
#include <vector>

namespace ts = tallyscope;

namespace {

/// A book whose rules cost so many dollars a token.
struct Book {
  ts::PriceBook prices = ts::PriceBook::empty("test", "1");

  Book& add(std::string_view model, int dollars, std::string_view provider = "", std::string_view except = "") {
    REQUIRE_FALSE(prices.add({.provider = provider, .model = model, .except = except, .input = rate(dollars)}));
    return *this;
  }
  static ts::Rate rate(int dollars) { return {ts::Money::from_picodollars(dollars * 1'000'000'000'000), 1}; }

  /// Dollars for a token, 0 for no price.
  int cost(std::string_view model, std::string_view provider = "") const {
    const ts::Call call{.operation = ts::Operation::embeddings, .provider = provider, .model = model};
    const ts::Cost cost = prices.price(ts::Record{.call = call, .usage = {.input_tokens = 1}});
    return static_cast<int>(cost.amount.picodollars() / 1'000'000'000'000);
  }
};

}  // namespace

TEST_CASE("a star stands for any characters, also none, and a sharp for one digit", "[patterns]") {
  Book book;
  book.add("claude-sonnet-4-5*", 1).add("*-tts", 2).add("gpt-#o-*-mini", 3).add("o#", 4).add("*embed*", 5);
  CHECK(book.cost("claude-sonnet-4-5") == 1);
  CHECK(book.cost("Claude.Sonnet.4.5-thinking") == 1);
  CHECK(book.cost("claude-sonnet-4") == 0);
  CHECK(book.cost("my-tts") == 2);
  CHECK(book.cost("-tts") == 2);
  CHECK(book.cost("my-ttsx") == 0);
  CHECK(book.cost("gpt-4o-audio-mini") == 3);
  CHECK(book.cost("gpt-xo-audio-mini") == 0);
  CHECK(book.cost("gpt-4o-mini") == 0);
  CHECK(book.cost("o3") == 4);
  CHECK(book.cost("o33") == 0);
  CHECK(book.cost("embed") == 5);
  CHECK(book.cost("text-embedding-9") == 5);
}

TEST_CASE("a pattern of stars alone stands for every name", "[patterns]") {
  Book book;
  book.add("**", 1).add("*a", 2);
  CHECK(book.cost("x") == 1);
  CHECK(book.cost("any-name-at-all") == 1);
  CHECK(book.cost("a") == 2);
}

TEST_CASE("a name itself goes before patterns, and of patterns the last one added", "[patterns]") {
  Book book;
  book.add("m-*", 1).add("m-1*", 2).add("m-1", 3).add("m-1-*", 4);
  CHECK(book.cost("m-1") == 3);
  CHECK(book.cost("m-1-x") == 4);
  CHECK(book.cost("m-1x") == 2);
  book.add("m-*", 5);
  CHECK(book.cost("m-1-x") == 5);
  CHECK(book.cost("m-1") == 3);
}

TEST_CASE("patterns are held against the whole name before its date is taken off", "[patterns]") {
  Book book;
  book.add("m", 1).add("m-2026-*", 2).add("n", 3).add("k*x", 4);
  CHECK(book.cost("m-2026-01-31") == 2);
  CHECK(book.cost("m-2025-01-31") == 1);
  CHECK(book.cost("n-2026-01-31") == 3);
  CHECK(book.cost("k-x-2026-01-31") == 4);
  CHECK(book.cost("k-x-y") == 0);
}

TEST_CASE("patterns are held against what stands behind a prefix", "[patterns]") {
  Book book;
  book.add("m-*", 1, "acme").add("other", 2, "other");
  CHECK(book.cost("acme/m-1") == 1);
  CHECK(book.cost("acme/m-1-2026-01-31") == 1);
  CHECK(book.cost("models/m-1") == 1);
  CHECK(book.cost("other/m-1") == 0);
  CHECK(book.cost("acme/m-1", "other") == 0);
}

TEST_CASE("an exception takes names out of a rule, whole or without their date", "[patterns]") {
  Book book;
  book.add("gpt-4o*", 1, "", "*-audio*").add("plain", 2, "", "*-2024-05-13").add("llama*", 3, "", "llama-guard");
  CHECK(book.cost("gpt-4o-mini") == 1);
  CHECK(book.cost("gpt-4o-audio-preview") == 0);
  CHECK(book.cost("plain") == 2);
  CHECK(book.cost("plain-2024-08-06") == 2);
  CHECK(book.cost("plain-2024-05-13") == 0);
  CHECK(book.cost("llama-guard") == 0);
  CHECK(book.cost("llama-guard-2") == 3);
}

TEST_CASE("two rules that differ in their exceptions are two, of equal ones the later counts", "[patterns]") {
  Book book;
  book.add("m*", 1).add("m*", 2, "", "*x");
  CHECK(book.cost("ma") == 2);
  CHECK(book.cost("mx") == 1);
  book.add("M*", 3, "", "*X");
  CHECK(book.cost("ma") == 3);
  CHECK(book.cost("mx") == 1);
}

TEST_CASE("patterns of another provider do not count", "[patterns]") {
  Book book;
  book.add("m-*", 1, "acme").add("m-*", 2, "other").add("n-*", 3);
  CHECK(book.cost("m-1", "acme") == 1);
  CHECK(book.cost("m-1", "other") == 2);
  CHECK(book.cost("m-1", "third") == 0);
  CHECK(book.cost("m-1") == 0);  // of two, none is meant
  CHECK(book.cost("n-1") == 3);
  CHECK(book.cost("n-1", "acme") == 3);
}

TEST_CASE("a wildcard in the name of a call is no wildcard", "[patterns]") {
  Book book;
  book.add("m-1", 1).add("m-2*", 2);
  CHECK(book.cost("m-*") == 0);
  CHECK(book.cost("m-#") == 0);
  CHECK(book.cost("*") == 0);
  CHECK(book.cost("m-2*") == 2);  // a star is one of any characters
}

TEST_CASE("a rate is set for every model that its pattern stands for", "[patterns]") {
  Book book;
  book.add("m-1", 1).add("m-2", 1, "acme").add("m-3*", 1);
  REQUIRE_FALSE(book.prices.set_rate({.model = "m-*", .except = "*-9", .input = Book::rate(7)}));
  CHECK(book.cost("m-1") == 7);
  CHECK(book.cost("m-2", "acme") == 7);
  CHECK(book.cost("m-3x") == 7);
  CHECK(book.cost("m-4") == 7);
  CHECK(book.cost("m-9") == 0);
  CHECK(book.cost("m-1", "acme") == 7);
}

TEST_CASE("a rate that is set goes before patterns and snapshots that are added later", "[patterns]") {
  Book book;
  REQUIRE_FALSE(book.prices.set_rate({.model = "m", .input = Book::rate(7)}));
  book.add("m-2026-*", 1).add("m-2025-01-31", 2).add("m-2024*", 3, "acme");
  CHECK(book.cost("m-2026-01-31") == 7);
  CHECK(book.cost("m-2025-01-31") == 7);
  CHECK(book.cost("m-2024-01-31", "acme") == 7);
  CHECK(book.cost("m-2026-x") == 1);
}

TEST_CASE("where several providers have a model its vendor decides, if it is among them", "[patterns]") {
  Book book;
  for (const std::string_view model : {"gpt-5", "o3", "claude-4", "gemini-3", "grok-5", "deepseek-v4", "mistral-x",
                                       "command-r", "kimi-k3", "glm-5", "llama-4"}) {
    book.add(model, 1, "azure").add(model, 2, "openrouter");
  }
  const std::pair<std::string_view, std::string_view> vendors[] = {
      {"gpt-5", "openai"},      {"o3", "openai"},        {"claude-4", "anthropic"},
      {"gemini-3", "google"},   {"grok-5", "x-ai"},      {"deepseek-v4", "deepseek"},
      {"mistral-x", "mistral"}, {"command-r", "cohere"}, {"kimi-k3", "moonshotai"},
      {"glm-5", "zhipuai"}};
  for (const auto& vendor : vendors) {
    INFO(vendor.first);
    CHECK(book.cost(vendor.first) == 0);
    book.add(vendor.first, 3, vendor.second);
    CHECK(book.cost(vendor.first) == 3);
    CHECK(book.cost(std::string{vendor.first} + "-2026-01-31") == 3);
    CHECK(book.cost(vendor.first, "azure") == 1);
  }
  CHECK(book.cost("llama-4") == 0);
  book.add("glm-5", 4, "zai");
  CHECK(book.cost("glm-5") == 4);
}

TEST_CASE("the vendor may have the model by a pattern where others have its name", "[patterns]") {
  Book book;
  book.add("gpt-5", 1, "azure").add("gpt-5*", 2, "openai");
  CHECK(book.cost("gpt-5") == 2);
  CHECK(book.cost("gpt-5", "azure") == 1);
}

TEST_CASE("hundreds of patterns each keep their own names", "[patterns]") {
  Book book;
  for (int number = 1; number < 800; ++number) {
    const std::string digits = std::to_string(number), provider = number % 3 ? "p-" + std::to_string(number % 40) : "";
    book.add(number % 2 ? "family-" + digits + "-*" : "*-" + digits + "-image", number, provider);
  }
  for (int number = 1; number < 800; ++number) {
    const std::string digits = std::to_string(number),
                      provider = number % 3 ? "p-" + std::to_string(number % 40) : "any";
    const std::string name = number % 2 ? "family-" + digits + "-pro" : "other-" + digits + "-image";
    INFO(name);
    CHECK(book.cost(name, provider) == number);
    CHECK(book.cost(name + "-2026-01-31", provider) == number);
    if (number % 3) CHECK(book.cost(name, "nobody") == 0);
  }
}

namespace {

bool plainly_stands_for(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*')
    return plainly_stands_for(pattern.substr(1), name) ||
           (!name.empty() && plainly_stands_for(pattern, name.substr(1)));
  if (name.empty()) return false;
  const bool same = pattern[0] == '#' ? name[0] >= '0' && name[0] <= '9' : pattern[0] == name[0];
  return same && plainly_stands_for(pattern.substr(1), name.substr(1));
}

std::string drawn_text(std::mt19937& random, std::string_view letters, std::size_t most) {
  std::string drawn;
  for (std::size_t size = random() % most; drawn.size() <= size;) drawn += letters[random() % letters.size()];
  return drawn;
}

}  // namespace

TEST_CASE("any pattern means what a plain search for it means", "[patterns]") {
  std::mt19937 random{7};
  int matched = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string pattern = drawn_text(random, "ab1*#", 7);
    Book book;
    book.add(pattern, 1);
    for (int call = 0; call < 10; ++call) {
      const std::string name = drawn_text(random, "ab1", 8);
      const bool expected = plainly_stands_for(pattern, name);
      if ((book.cost(name) == 1) != expected) FAIL(pattern << " and " << name);
      matched += expected ? 1 : 0;
    }
  }
  CHECK(matched > 1'000);
}

TEST_CASE("of many patterns at once, short and long, the last that stands for a name counts", "[patterns]") {
  std::mt19937 random{8};
  int matched = 0;
  for (int round = 0; round < 1'000; ++round) {
    const std::string far(std::size_t{70} * (round % 4 == 0) + random() % 3, 'x');
    std::vector<std::string> patterns;
    Book book;
    for (int cost = 1; cost <= 8; ++cost) {
      std::string pattern = drawn_text(random, "ab1*#", 9);
      pattern += random() % 2 ? "*" : "";
      patterns.push_back(random() % 3 ? far + pattern : random() % 2 ? pattern + far : "*" + pattern);
      book.add(patterns.back(), cost);
    }
    for (int call = 0; call < 20; ++call) {
      const std::string drawn = drawn_text(random, "ab1", 10), name = random() % 4 ? far + drawn : drawn + far;
      int expected = 0;
      bool named = false;
      for (int cost = 1; cost <= 8; ++cost) {
        const std::string& pattern = patterns[static_cast<std::size_t>(cost - 1)];
        if (pattern == name) named = true, expected = cost;
        if (!named && plainly_stands_for(pattern, name)) expected = cost;
      }
      if (book.cost(name) != expected) FAIL(name << " costs " << book.cost(name) << " instead of " << expected);
      matched += expected != 0 ? 1 : 0;
    }
  }
  CHECK(matched > 5'000);
}
