// SPDX-License-Identifier: MIT
#include <tallyscope/prices/overrides.hpp>

#include "catch.hpp"

#include <cstdlib>
#include <string>
#include <vector>

namespace ts = tallyscope;
using State = ts::CostState;

namespace {

constexpr ts::Usage some{.input_tokens = 1000, .output_tokens = 500};

ts::EnvironmentPrices read(const std::vector<std::string>& variables, const ts::PriceBook& base = {}) {
  std::vector<const char*> environment;
  for (const std::string& variable : variables) environment.push_back(variable.c_str());
  environment.push_back(nullptr);
  return ts::prices_from_environment(base, environment.data());
}

ts::PriceBook book_of(const std::vector<std::string>& variables, const ts::PriceBook& base = {}) {
  const ts::EnvironmentPrices prices = read(variables, base);
  for (const std::string& problem : prices.problems) FAIL_CHECK(problem);
  return prices.book;
}

std::string cost(const ts::PriceBook& book, std::string_view model, std::string_view provider = "",
                 const ts::Usage& usage = some) {
  const ts::Call call{.provider = provider, .model = model};
  const ts::Cost cost = book.price(ts::Record{.call = call, .start_utc = ts::utc_day(2026, 9, 23), .usage = usage});
  return cost.whole() ? cost.amount.exact() : std::string{ts::cost_state_names[static_cast<std::size_t>(cost.state)]};
}

/// The one problem that the variables have.
std::string problem_of(const std::vector<std::string>& variables, const ts::PriceBook& base = {}) {
  const ts::EnvironmentPrices prices = read(variables, base);
  REQUIRE(prices.problems.size() == 1);
  return prices.problems[0];
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A book where two providers have one model.
ts::PriceBook two_providers() {
  ts::PriceBook book = ts::PriceBook::empty("two", "1");
  for (const std::string_view provider : {"acme", "x-ai"})
    REQUIRE_FALSE(book.add(
        {.provider = provider, .model = "grok-4", .input = ts::per_million("1"), .output = ts::per_million("1")}));
  return book;
}

}  // namespace

TEST_CASE("a variable sets dollars per million tokens, input before output", "[overrides]") {
  const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE__GPT_4_1=3.00/9.00"});
  CHECK(cost(book, "gpt-4.1") == "0.0075");
  CHECK(cost(book, "gpt-4.1-2025-04-14", "openai") == "0.0075");
  CHECK(cost(book, "gpt-4.1-mini") == cost({}, "gpt-4.1-mini"));
  CHECK(cost(book, "gpt-4.1", "azure") == "unpriced");
}

TEST_CASE("each way of writing a price is read", "[overrides]") {
  const ts::Usage cached{.input_tokens = 1000, .output_tokens = 500, .cache_read = 400};
  const auto written = [&](const std::string& text, const ts::Usage& usage) {
    return cost(book_of({"TALLYSCOPE_PRICE__MY_MODEL=" + text}), "my-model", "", usage);
  };
  CHECK(written("2/8", some) == "0.006");
  CHECK(written(" 2.0 / 8 ", some) == "0.006");
  CHECK(written("2/8/1M", some) == "0.006");
  CHECK(written("0.002/0.008/1k", some) == "0.006");
  CHECK(written("0.001/1k", some) == "0.0015");
  CHECK(written("0.001/1K", cached) == "0.0015");
  CHECK(written("1/1M", some) == "0.0015");
  CHECK(written("1/1m", some) == "0.0015");
  CHECK(written("2/8/0.5", cached) == "0.0054");
  CHECK(written("2/8", cached) == "incomplete");
  CHECK(written("0/0", some) == "0");
  CHECK(written("free", some) == "0");
}

TEST_CASE("a model that is known to be free is told from one whose price is 0", "[overrides]") {
  const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE__MINE=free", "TALLYSCOPE_PRICE__YOURS=0/1M"});
  const auto state = [&](std::string_view model) {
    const ts::Call call{.model = model};
    return book.price(ts::Record{.call = call, .usage = some}).state;
  };
  CHECK(state("mine") == State::free);
  CHECK(state("yours") == State::priced);
}

TEST_CASE("a text that is no price is a problem, and the other variables count", "[overrides]") {
  const std::string text = GENERATE(values<std::string>({"",
                                                         " ",
                                                         "cheap",
                                                         "2/",
                                                         "/8",
                                                         "2//8",
                                                         "2/8/",
                                                         "1e-3/1k",
                                                         ".001/1k",
                                                         "2.",
                                                         "inf/1k",
                                                         "nan/nan",
                                                         "0x10/1k",
                                                         "2,0/8,0",
                                                         "$2/$8",
                                                         "2/8/1/1",
                                                         "2/8/1/1/1k",
                                                         "2/8/1/1/1/1k",
                                                         "1/2/3/4/5/6/7",
                                                         "1k",
                                                         "1M/1M",
                                                         "/1k",
                                                         "0.0000000000001/1k",
                                                         "99999999/1M",
                                                         "2/8 usd",
                                                         "Free",
                                                         "+2/+8"}));
  INFO(text);
  const ts::EnvironmentPrices prices = read({"TALLYSCOPE_PRICE__GPT_4O=" + text, "TALLYSCOPE_PRICE__GPT_4_1=1/1M"});
  REQUIRE(prices.problems.size() == 1);
  CHECK(prices.problems[0].starts_with("TALLYSCOPE_PRICE__GPT_4O: \"" + text + "\" is no price; write "));
  CHECK(cost(prices.book, "gpt-4o") == "0.0075");
  CHECK(cost(prices.book, "gpt-4.1") == "0.0015");
}

TEST_CASE("a rate without its unit and a negative one are problems of their own", "[overrides]") {
  CHECK(problem_of({"TALLYSCOPE_PRICE__MY_MODEL=0.001"}) ==
        "TALLYSCOPE_PRICE__MY_MODEL: \"0.001\" has no unit; write it with /1k or /1M behind it, or as input/output.");
  CHECK(contains(problem_of({"TALLYSCOPE_PRICE__MY_MODEL=-1/2"}), "is negative"));
  CHECK(contains(problem_of({"TALLYSCOPE_PRICE__MY_MODEL=1/-2"}), "is negative"));
  CHECK(contains(problem_of({"TALLYSCOPE_PRICE__MY_MODEL=-1/1k"}), "is negative"));
}

TEST_CASE("a name matches with any separators and in either case", "[overrides]") {
  for (const char* name : {"GPT_4_1_MINI", "gpt_4_1_mini", "Gpt-4.1-mini", "gpt/4:1 mini"}) {
    INFO(name);
    CHECK(cost(book_of({"TALLYSCOPE_PRICE__" + std::string{name} + "=1/1M"}), "gpt-4.1-mini") == "0.0015");
  }
  const ts::PriceBook own = book_of({"TALLYSCOPE_PRICE__HOUSE_7B_V1_2=1/1M"});
  for (const char* model : {"house-7b-v1.2", "HOUSE/7b:v1.2", "house_7b_v1_2", "house-7b-v1.2-2026-01-31"}) {
    INFO(model);
    CHECK(cost(own, model) == "0.0015");
  }
  for (const char* model : {"house-7b", "house-7b-v1.2-large", "my-house-7b-v1.2", "house-7bv1.2"}) {
    INFO(model);
    CHECK(cost(own, model) == "unpriced");
  }
}

TEST_CASE("a variable of a model reaches its snapshots, one of a snapshot counts before it", "[overrides]") {
  CHECK(cost(book_of({"TALLYSCOPE_PRICE__GPT_4O=1/1M"}), "gpt-4o-2024-05-13") == "0.0015");
  for (const bool snapshot_first : {true, false}) {
    std::vector<std::string> variables{"TALLYSCOPE_PRICE__GPT_4O=1/1M", "TALLYSCOPE_PRICE__GPT_4O_2024_05_13=2/1M",
                                       "TALLYSCOPE_PRICE__GPT_4O_2024_08_06=4/1M"};
    if (snapshot_first) std::swap(variables[0], variables[2]);
    const ts::PriceBook book = book_of(variables);
    CHECK(cost(book, "gpt-4o", "openai") == "0.0015");
    CHECK(cost(book, "gpt-4o-2024-05-13", "openai") == "0.003");
    CHECK(cost(book, "gpt-4o-2024-08-06", "openai") == "0.006");
    CHECK(cost(book, "gpt-4o-2024-08-06", "azure") == "unpriced");  // a snapshot is where its model is
  }
}

TEST_CASE("a variable of a model that is listed by two names is for both, one of a snapshot counts before it",
          "[overrides]") {
  for (const char* name : {"GPT_5_6", "GPT_5_6_SOL", "OPENAI_GPT_5_6"}) {
    INFO(name);
    const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE__" + std::string{name} + "=1/1M"});
    CHECK(cost(book, "gpt-5.6") == "0.0015");
    CHECK(cost(book, "gpt-5.6-sol", "openai") == "0.0015");
  }
  const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE__GPT_5_CHAT_LATEST=1/1M",
                                      "TALLYSCOPE_PRICE__GPT_5_2025_08_07=2/1M", "TALLYSCOPE_PRICE__GPT_5_0807=4/1M"});
  CHECK(cost(book, "gpt-5") == "0.0015");
  CHECK(cost(book, "gpt-5-2025-08-07") == "0.003");
  CHECK(cost(book, "gpt-5-0807") == "0.006");
}

TEST_CASE("a variable may name the provider, behind it two underscores", "[overrides]") {
  const ts::PriceBook book =
      book_of({"TALLYSCOPE_PRICE__AZURE__GPT_4_1=1/1M", "TALLYSCOPE_PRICE__GEMINI__GEMINI_2_5_PRO=1/1M"});
  CHECK(cost(book, "gpt-4.1", "azure") == "0.0015");
  CHECK(cost(book, "gpt-4.1", "openai") == "0.006");
  CHECK(cost(book, "gemini-2.5-pro", "google") == "0.0015");
}

TEST_CASE("one underscore is enough behind a provider that has the model", "[overrides]") {
  const ts::PriceBook book =
      book_of({"TALLYSCOPE_PRICE__OPENAI_GPT_4_1=1/1M", "TALLYSCOPE_PRICE__X_AI_GROK_4_3=1/1M",
               "TALLYSCOPE_PRICE__OPENAI_GPT_4O_2024_08_06=2/1M", "TALLYSCOPE_PRICE__OPENAI_GPT_OSS_120B=1/1M",
               "TALLYSCOPE_PRICE__AZURE_GPT_4O=9/1M"});
  CHECK(cost(book, "gpt-4.1", "openai") == "0.0015");
  CHECK(cost(book, "openai/gpt-4.1-2025-04-14") == "0.0015");
  CHECK(cost(book, "grok-4.3", "x-ai") == "0.0015");
  CHECK(cost(book, "gpt-4o-2024-08-06", "openai") == "0.003");
  CHECK(cost(book, "gpt-4o", "openai") == "0.0075");
  CHECK(cost(book, "openai/gpt-oss-120b", "groq") == "0.0015");  // a model that is called so
  CHECK(cost(book, "azure-gpt-4o") == "0.0135");                 // no provider of the book: a name
  CHECK(cost(book, "gpt-4o", "azure") == "unpriced");
  CHECK(
      problem_of({"TALLYSCOPE_PRICE__OPENAI_GPT_4_1=1/1M", "TALLYSCOPE_PRICE__GPT_4_1=1/1M"}) ==
      "TALLYSCOPE_PRICE__GPT_4_1 and TALLYSCOPE_PRICE__OPENAI_GPT_4_1 set the price of one model, and neither counts; "
      "keep one of them.");
}

TEST_CASE("a provider is none where the rule is of any", "[overrides]") {
  ts::PriceBook base = ts::PriceBook::empty("any", "");
  REQUIRE_FALSE(base.add({.model = "house", .input = ts::per_million("9"), .output = ts::per_million("9")}));
  CHECK(cost(book_of({"TALLYSCOPE_PRICE__MY_HOUSE=1/1M"}, base), "house", "my") == "0.0135");
}

TEST_CASE("a model with two underscores in its name is that model", "[overrides]") {
  ts::PriceBook base = ts::PriceBook::empty("odd", "1");
  REQUIRE_FALSE(base.add({.provider = "acme", .model = "a--b", .input = ts::per_million("9")}));
  CHECK(cost(book_of({"TALLYSCOPE_PRICE__A__B=1/1M"}, base), "a--b", "acme") == "0.0015");
  const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE____MODEL=1/1M", "TALLYSCOPE_PRICE__OTHER__=1/1M"}, base);
  CHECK(cost(book, "--model") == "0.0015");
  CHECK(cost(book, "other--") == "0.0015");
}

TEST_CASE("a model of two providers is a problem until one is named", "[overrides]") {
  const ts::PriceBook base = two_providers();
  CHECK(problem_of({"TALLYSCOPE_PRICE__GROK_4=2/1M"}, base) ==
        "TALLYSCOPE_PRICE__GROK_4 means a model that acme and x-ai both have; name the provider, as in "
        "TALLYSCOPE_PRICE__ACME__MODEL.");
  CHECK(contains(problem_of({"TALLYSCOPE_PRICE__GROK_4_2026_01_31=2/1M"}, base), "both have"));
  const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE__X_AI__GROK_4=2/1M"}, base);
  CHECK(cost(book, "grok-4", "xai") == "0.003");
  CHECK(cost(book, "grok-4", "acme") == "0.0015");
}

TEST_CASE("a rule of any provider stands for all of them", "[overrides]") {
  ts::PriceBook base = two_providers();
  REQUIRE_FALSE(base.set_rate("grok-4", ts::per_million("3")));
  const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE__GROK_4=2/1M"}, base);
  for (const char* provider : {"acme", "xai", "groq", ""}) CHECK(cost(book, "grok-4", provider) == "0.003");
}

TEST_CASE("two variables of one model are a problem, and neither counts", "[overrides]") {
  const auto both = GENERATE(values<std::pair<std::string, std::string>>({
      {"GPT_4_1", "gpt_4_1"},
      {"GPT_4_1", "GPT-4.1"},
      {"GPT_4_1", "OPENAI__GPT_4_1"},
      {"GPT_4_1", "GPT_4_1"},
      {"GPT_5_6", "GPT_5_6_SOL"},
      {"O3_MINI_HIGH", "OPENAI_O3_MINI"},
  }));
  const std::string first = "TALLYSCOPE_PRICE__" + both.first, second = "TALLYSCOPE_PRICE__" + both.second;
  const ts::EnvironmentPrices prices = read({first + "=1/1M", second + "=2/1M", "TALLYSCOPE_PRICE__GPT_4O=1/1M"});
  REQUIRE(prices.problems.size() == 1);
  CHECK(prices.problems[0] ==
        second + " and " + first + " set the price of one model, and neither counts; keep one of them.");
  CHECK(cost(prices.book, "gpt-4.1") == "0.006");
  CHECK(cost(prices.book, "gpt-4o") == "0.0015");
}

TEST_CASE("of three variables of one model none counts", "[overrides]") {
  const ts::EnvironmentPrices prices =
      read({"TALLYSCOPE_PRICE__MINE=1/1M", "TALLYSCOPE_PRICE__mine=2/1M", "TALLYSCOPE_PRICE__Mine=3/1M"});
  CHECK(prices.problems.size() == 2);
  CHECK(cost(prices.book, "mine") == "unpriced");
}

TEST_CASE("a model for all providers and the same for one are two", "[overrides]") {
  for (const bool turned : {false, true}) {
    std::vector<std::string> variables{"TALLYSCOPE_PRICE__MINE=1/1M", "TALLYSCOPE_PRICE__ACME__MINE=2/1M"};
    if (turned) std::swap(variables[0], variables[1]);
    const ts::PriceBook book = book_of(variables);
    CHECK(cost(book, "mine", "acme") == "0.003");
    CHECK(cost(book, "mine", "other") == "0.0015");
  }
}

TEST_CASE("a variable that names no model is a problem", "[overrides]") {
  for (const char* name : {"TALLYSCOPE_PRICE_", "TALLYSCOPE_PRICE__", "TALLYSCOPE_PRICE_GPT_4_1"}) {
    INFO(name);
    CHECK(problem_of({std::string{name} + "=1/1M"}) ==
          std::string{name} + " names no model; write TALLYSCOPE_PRICE__MODEL, with two underscores.");
  }
  CHECK(contains(problem_of({"TALLYSCOPE_PRICE__" + std::string(200, 'M') + "=1/1M"}), "too long"));
}

TEST_CASE("other variables are none of its business", "[overrides]") {
  const ts::EnvironmentPrices prices =
      read({"PATH=/bin", "TALLYSCOPE_PRICES=1", "TALLYSCOPE_PRICE=1", "MY_TALLYSCOPE_PRICE__GPT_4_1=1/1M",
            "TALLYSCOPE_PRICE__GPT_4_1", "", "=", "TALLYSCOPE_DB=x"});
  CHECK(prices.problems.empty());
  CHECK(prices.book.text() == "builtin 2026-09-23");
  CHECK(ts::prices_from_environment({}, nullptr).problems.empty());
}

TEST_CASE("what a problem quotes is cut and safe to show", "[overrides]") {
  const std::string problem =
      problem_of({"TALLYSCOPE_PRICE__A\nB\x1b[31m=\"x\r\n\xE2\x80\xAE" + std::string(5000, 'y') + "\x01"});
  CHECK(problem.size() < 600);
  for (const char byte : problem) CHECK((byte >= ' ' && byte <= '~'));
  CHECK(problem.starts_with("TALLYSCOPE_PRICE__A?B?[31m: \"?x??"));
}

TEST_CASE("a cost tells a book with variables in it from the one below", "[overrides]") {
  CHECK(book_of({"TALLYSCOPE_PRICE__GPT_4_1=1/1M"}).text() == "builtin 2026-09-23 + environment");
  CHECK(book_of({"TALLYSCOPE_PRICE__X=1/1M"}, ts::PriceBook::empty("mine", "")).text() == "mine + environment");
  CHECK(read({"TALLYSCOPE_PRICE__X=one"}).book.text() == "builtin 2026-09-23");
  ts::PriceBook base;
  REQUIRE_FALSE(base.set_rate("gpt-4o", ts::per_million("1")));
  CHECK(book_of({"TALLYSCOPE_PRICE__X=1/1M"}, base).text() == "builtin 2026-09-23 + own rates + environment");
}

TEST_CASE("a rule says which variable it comes from", "[overrides]") {
  const ts::PriceBook book = book_of({"TALLYSCOPE_PRICE__GPT_4_1=1/1M", "TALLYSCOPE_PRICE__House=1/2"});
  const auto known = book.rate_for("openai", "gpt-4.1", {}), own = book.rate_for("", "house", {});
  REQUIRE(known);
  CHECK(known->source == "TALLYSCOPE_PRICE__GPT_4_1");
  CHECK(known->model == "gpt-4.1");
  CHECK(known->provider == "openai");
  REQUIRE(own);
  CHECK(own->source == "TALLYSCOPE_PRICE__House");
  CHECK(own->model == "house");
  CHECK(own->provider.empty());
}

TEST_CASE("the environment of the process is read when the host asks", "[overrides]") {
  REQUIRE(::setenv("TALLYSCOPE_PRICE__OF_THE_PROCESS", "1/1M", 1) == 0);
  const ts::EnvironmentPrices prices = ts::prices_from_environment();
  REQUIRE(::unsetenv("TALLYSCOPE_PRICE__OF_THE_PROCESS") == 0);
  CHECK(cost(prices.book, "of-the-process") == "0.0015");
  CHECK(cost({}, "of-the-process") == "unpriced");
}
