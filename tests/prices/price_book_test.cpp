// SPDX-License-Identifier: MIT
#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace ts = tallyscope;
using State = ts::CostState;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// A book of one rule: $2 in, $8 out, $0.50 from the cache, per million.
ts::PriceBook book_of(const ts::PriceRule& rule) {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(rule));
  return book;
}

ts::PriceRule acme() {
  return {.provider = "acme",
          .model = "acme-1",
          .input = ts::per_million("2"),
          .output = ts::per_million("8"),
          .cache_read = ts::per_million("0.50")};
}

ts::Cost price(const ts::PriceBook& book, const ts::Usage& usage, ts::Operation operation = {}) {
  const ts::Call call{.operation = operation, .provider = "acme", .model = "acme-1"};
  return book.price(ts::Record{.call = call, .usage = usage});
}

constexpr ts::Usage some{.input_tokens = 1000, .output_tokens = 500};

/// The state for a name, as the built-in prices have it.
State state_of(std::string_view model, std::string_view provider = "") {
  const ts::Call call{.provider = provider, .model = model};
  return ts::PriceBook{}.price(ts::Record{.call = call, .usage = some}).state;
}

ts::Money amount_of(std::string_view model, std::string_view provider = "") {
  const ts::Call call{.provider = provider, .model = model};
  return ts::PriceBook{}.price(ts::Record{.call = call, .usage = some}).amount;
}

}  // namespace

TEST_CASE("a call costs its tokens at their rates, exactly", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  const ts::Cost cost = price(book, some);
  CHECK(cost.state == State::priced);
  CHECK(cost.amount.exact() == "0.006");
  CHECK(cost.known == cost.amount);
  CHECK_FALSE(cost.estimated);
  CHECK_FALSE(cost.saturated);
  CHECK(cost.price_book == "test 1");
}

TEST_CASE("a tool call without a model costs nothing to know", "[price_book]") {
  const ts::Call tool{.operation = ts::Operation::execute_tool, .name = "search"};
  const ts::Cost cost = ts::PriceBook{}.price(ts::Record{.call = tool});
  CHECK(cost.state == State::not_applicable);
  CHECK(cost.price_book.empty());
  const ts::Call agent{.operation = ts::Operation::invoke_agent, .model = "gpt-4.1"};
  CHECK(ts::PriceBook{}.price(ts::Record{.call = agent, .usage = some}).state == State::priced);
}

TEST_CASE("a model call that names no model is unpriced", "[price_book]") {
  CHECK(state_of("") == State::unpriced);
  CHECK(state_of("", "ollama") == State::unpriced);
  CHECK(ts::PriceBook{}.price(ts::Record{}).state == State::not_applicable);
}

TEST_CASE("a name that only resembles a model is unpriced, never guessed", "[price_book]") {
  const auto* name =
      GENERATE("gptx", "claudia", "notgpt-4ever", "gpt-4.1-foo", "gpt", "gpt-4.1-", "xgpt-4.1", "gpt-4.1.1",
               "gpt-4.1-2025-13-14", "gpt-4.1-2025-04-32", "gpt-4.1-20250014", "gpt-4.1-1332", "gpt-4.1-19990101",
               "gpt-4.1-2025-04-14-2025-04-14", "gpt-4.1@2025", "gpt-4.1@0414", "-2025-04-14", "acme/gpt-4.1",
               "openai/acme/gpt-4.1", "openai/", "/gpt-4.1", "ft:gpt-4.1");
  INFO(name);
  CHECK(state_of(name) == State::unpriced);
  CHECK(amount_of(name) == ts::Money{});
}

TEST_CASE("a model is known by its name in any case and with any separator", "[price_book]") {
  const auto* name = GENERATE("gpt-4.1", "GPT-4.1", "gpt-4-1", "gpt_4_1", "Gpt 4:1", "gpt/4/1");
  INFO(name);
  CHECK(amount_of(name).exact() == "0.006");
}

TEST_CASE("a model is known under the dates that vendors append", "[price_book]") {
  CHECK(amount_of("gpt-4.1-2025-04-14").exact() == "0.006");
  CHECK(amount_of("gpt-4.1-mini-2025-04-14").exact() == "0.0012");
  CHECK(amount_of("claude-sonnet-4-20250514").exact() == "0.0105");
  CHECK(amount_of("claude-sonnet-4@20250514").exact() == "0.0105");
  CHECK(amount_of("gpt-4.1-0414").exact() == "0.006");
}

TEST_CASE("a model is known behind its provider's prefix, and behind no other", "[price_book]") {
  CHECK(amount_of("openai/gpt-4o").exact() == "0.0075");
  CHECK(amount_of("openai:gpt-4o").exact() == "0.0075");
  CHECK(amount_of("OpenAI/gpt-4o-2024-08-06").exact() == "0.0075");
  CHECK(amount_of("models/gemini-2.5-flash").exact() == "0.00155");
  CHECK(amount_of("gemini/gemini-2.5-flash").exact() == "0.00155");
  CHECK(amount_of("xai/grok-4.3").exact() == "0.0025");
  CHECK(state_of("anthropic/gpt-4o") == State::unpriced);
  CHECK(state_of("models/openai/gpt-4o") == State::unpriced);
}

TEST_CASE("a rule key that holds a slash matches as a whole", "[price_book]") {
  CHECK(state_of("openai/gpt-oss-120b", "groq") == State::priced);
  CHECK(state_of("groq/openai/gpt-oss-120b") == State::priced);
  CHECK(state_of("gpt-oss-120b", "groq") == State::unpriced);
}

TEST_CASE("a rule of another provider is not this provider's price", "[price_book]") {
  CHECK(state_of("gpt-4o", "openai") == State::priced);
  CHECK(state_of("gpt-4o", "OpenAI") == State::priced);
  CHECK(state_of("gpt-4o", "azure.ai.openai") == State::unpriced);
  CHECK(state_of("openai/gpt-4o", "openrouter") == State::unpriced);
  CHECK(state_of("openai/gpt-4o", "openai") == State::priced);
  CHECK(state_of("gpt-4o", "anthropic") == State::unpriced);
}

TEST_CASE("a provider is known by each of its names", "[price_book]") {
  const auto both = GENERATE(table<std::string, std::string>({
      {"gcp.gemini", "gemini-2.5-pro"},
      {"gcp.vertex_ai", "gemini-2.5-pro"},
      {"gcp.gen_ai", "gemini-2.5-pro"},
      {"google", "gemini-2.5-pro"},
      {"gemini", "gemini-2.5-pro"},
      {"x_ai", "grok-4.3"},
      {"xai", "grok-4.3"},
      {"x-ai", "grok-4.3"},
      {"mistral_ai", "mistral-large-2512"},
      {"mistral", "mistral-large-2512"},
      {"moonshot_ai", "kimi-k3"},
      {"moonshotai", "kimi-k3"},
      {"deepseek", "deepseek-v4-flash"},
  }));
  INFO(std::get<0>(both));
  CHECK(state_of(std::get<1>(both), std::get<0>(both)) == State::priced);
}

TEST_CASE("hosts' rules for Azure and Bedrock match every name of these", "[price_book]") {
  ts::PriceBook book = ts::PriceBook::empty("clouds", "1");
  REQUIRE_FALSE(
      book.add({.provider = "azure", .model = "m", .input = ts::per_million("1"), .output = ts::per_million("1")}));
  REQUIRE_FALSE(
      book.add({.provider = "bedrock", .model = "m", .input = ts::per_million("2"), .output = ts::per_million("2")}));
  const auto amount = [&](std::string_view provider) {
    const ts::Call call{.provider = provider, .model = "m"};
    return book.price(ts::Record{.call = call, .usage = some}).amount.exact();
  };
  CHECK(amount("azure.ai.openai") == "0.0015");
  CHECK(amount("azure.ai.inference") == "0.0015");
  CHECK(amount("aws.bedrock") == "0.003");
  CHECK(amount("aws") == "0.003");
}

TEST_CASE("a rule without a provider holds for each", "[price_book]") {
  const ts::PriceBook book = book_of({.model = "m", .input = ts::per_million("1"), .output = ts::per_million("1")});
  for (const std::string_view provider : {"", "acme", "openai"}) {
    const ts::Call call{.provider = provider, .model = "m"};
    CHECK(book.price(ts::Record{.call = call, .usage = some}).state == State::priced);
  }
  const ts::Call prefixed{.model = "acme/m"};
  CHECK(book.price(ts::Record{.call = prefixed, .usage = some}).state == State::unpriced);
}

TEST_CASE("a name beyond 160 bytes is unpriced, one of 160 is not", "[price_book]") {
  const std::string longest(160, 'm'), longer(161, 'm');
  const ts::PriceBook book = book_of({.model = longest, .input = ts::per_million("1"), .output = ts::per_million("1")});
  const ts::Call known{.model = longest}, unknown{.model = longer};
  for (int again = 0; again < 2; ++again) {
    CHECK(book.price(ts::Record{.call = known, .usage = some}).state == State::priced);
    CHECK(book.price(ts::Record{.call = unknown, .usage = some}).state == State::unpriced);
  }
}

TEST_CASE("the model that served the call sets the price if it is known, else the requested one", "[price_book]") {
  const ts::Call call{.model = "gpt-4o-mini"};
  const auto amount = [&](std::string_view served) {
    const ts::Response response{.model = served};
    return ts::PriceBook{}.price(ts::Record{.call = call, .response = response, .usage = some}).amount.exact();
  };
  CHECK(amount("") == "0.00045");
  CHECK(amount("gpt-4o-2024-08-06") == "0.0075");
  CHECK(amount("deployment-of-ours") == "0.00045");
  const ts::Call nameless{};
  const ts::Response served{.model = "gpt-4o"};
  CHECK(ts::PriceBook{}.price(ts::Record{.call = nameless, .response = served, .usage = some}).state == State::priced);
}

TEST_CASE("models on the own machine are free", "[price_book]") {
  for (const std::string_view provider : {"ollama", "local", "Ollama"}) {
    const ts::Call call{.provider = provider, .model = "llama3:8b"};
    const ts::Cost cost = ts::PriceBook{}.price(ts::Record{.call = call, .usage = some});
    CHECK(cost.state == State::free);
    CHECK(cost.amount == ts::Money{});
    CHECK(cost.whole());
  }
  CHECK(state_of("gpt-4o", "ollama") == State::free);
}

TEST_CASE("a rule may say that a model is free, whatever is used", "[price_book]") {
  const ts::PriceBook book = book_of({.model = "acme-1", .free = true});
  CHECK(price(book, some).state == State::free);
  CHECK(price(book, {}).state == State::free);
}

TEST_CASE("a model call without any quantity has no usage", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  CHECK(price(book, {}).state == State::no_usage);
  CHECK(price(book, {.tool_calls = 3}).state == State::no_usage);
  CHECK(price(book, {.input_tokens = 0, .output_tokens = 0}).state == State::priced);
}

TEST_CASE("one direction without a count makes a chat incomplete, and an embedding not", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  for (const ts::Operation& operation :
       {ts::Operation::chat, ts::Operation::text_completion, ts::Operation::generate_content}) {
    const ts::Cost cost = price(book, {.input_tokens = 1000}, operation);
    CHECK(cost.state == State::incomplete);
    CHECK(cost.amount == ts::Money{});
    CHECK(cost.known.exact() == "0.002");
    CHECK(price(book, {.output_tokens = 1000}, operation).known.exact() == "0.008");
  }
  for (const ts::Operation& operation : {ts::Operation::embeddings, ts::Operation::rerank, ts::Operation::invoke_agent})
    CHECK(price(book, {.input_tokens = 1000}, operation).amount.exact() == "0.002");
}

TEST_CASE("a class in use without a rate leaves the cost open and says what is known", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  const auto lacks = [&](ts::Count ts::Usage::*kind) {
    ts::Usage usage = some;
    usage.*kind = 100;
    return price(book, usage);
  };
  for (const auto kind :
       {&ts::Usage::cache_write, &ts::Usage::cache_write_5m, &ts::Usage::cache_write_1h, &ts::Usage::input_audio}) {
    CHECK(lacks(kind).state == State::incomplete);
    CHECK(lacks(kind).amount == ts::Money{});
    CHECK(lacks(kind).known.exact() == "0.0058");  // 900 in, 500 out
  }
  CHECK(lacks(&ts::Usage::output_audio).known.exact() == "0.0052");  // 1000 in, 400 out
  CHECK(lacks(&ts::Usage::web_searches).state == State::incomplete);
  CHECK(lacks(&ts::Usage::web_searches).known.exact() == "0.006");
  CHECK(lacks(&ts::Usage::requests).state == State::priced);
}

TEST_CASE("a class without a rate is no matter while it is not in use", "[price_book]") {
  const ts::PriceBook book = book_of({.model = "acme-1", .input = ts::per_million("2")});
  CHECK(price(book, {.input_tokens = 1000, .output_tokens = 0, .cache_read = 0, .web_searches = 0}).state ==
        State::priced);
  CHECK(price(book, {.input_tokens = 1000, .output_tokens = 1}).state == State::incomplete);
}

TEST_CASE("cached tokens are a part of the input, not an addition to it", "[price_book]") {
  const ts::Cost cost = price(book_of(acme()), {.input_tokens = 1000, .output_tokens = 0, .cache_read = 600});
  CHECK(cost.amount.exact() == "0.0011");  // 400 at $2, 600 at $0.50
}

TEST_CASE("reasoning is billed as output unless the rule has a rate for it", "[price_book]") {
  ts::PriceRule rule = acme();
  const ts::Usage usage{.input_tokens = 0, .output_tokens = 1000, .reasoning = 400};
  CHECK(price(book_of(rule), usage).amount.exact() == "0.008");
  rule.reasoning = ts::per_million("3");
  CHECK(price(book_of(rule), usage).amount.exact() == "0.006");
  rule.reasoning = ts::Rate{*ts::Money::parse("0.000000000001"), 3};  // a third of a picodollar
  CHECK(price(book_of(rule), usage).amount.picodollars() == 4'800'000'000 + 133);
}

TEST_CASE("audio out, searches and requests have rates of their own", "[price_book]") {
  ts::PriceRule rule = acme();
  rule.output_audio = ts::per_million("64");
  rule.web_search = ts::per_thousand("10");
  rule.request = ts::Rate{*ts::Money::parse("0.01"), 3};
  const ts::Cost cost =
      price(book_of(rule),
            {.input_tokens = 0, .output_tokens = 1000, .output_audio = 1000, .web_searches = 2, .requests = 1});
  CHECK(cost.amount.exact() == "0.087333333333");  // 0.064 + 0.02 + 0.01 / 3
}

TEST_CASE("parts that exceed their total are told, and nothing becomes negative", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  const ts::Cost input = price(book, {.input_tokens = 100, .output_tokens = 500, .cache_read = 101});
  CHECK(input.state == State::incomplete);
  CHECK(input.known.exact() == "0.004");
  const ts::Cost output = price(book, {.input_tokens = 1000, .output_tokens = 500, .reasoning = 501});
  CHECK(output.state == State::incomplete);
  CHECK(output.known.exact() == "0.002");
  const ts::Usage huge{.input_tokens = most, .output_tokens = 0, .cache_read = most, .cache_write = most};
  CHECK(price(book, huge).state == State::incomplete);
  CHECK(price(book, huge).known == ts::Money{});
}

TEST_CASE("parts of an unknown total are priced, and the rest stays open", "[price_book]") {
  const ts::Cost cost = price(book_of(acme()), {.output_tokens = 500, .cache_read = 1000}, ts::Operation::embeddings);
  CHECK(cost.state == State::incomplete);
  CHECK(cost.known.exact() == "0.0045");
}

TEST_CASE("where tokens are not reported their estimate is priced, and marked", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  const ts::Call call{.model = "acme-1"};
  const auto cost = [&](const ts::Usage& usage, const ts::Metered& metered) {
    return book.price(ts::Record{.call = call, .usage = usage, .metered = metered});
  };
  const ts::Metered metered{.input_tokens = 1000, .output_tokens = 500};
  CHECK(cost({}, metered).amount.exact() == "0.006");
  CHECK(cost({}, metered).estimated);
  CHECK(cost({.output_tokens = 1000}, metered).amount.exact() == "0.01");
  CHECK(cost({.output_tokens = 1000}, metered).estimated);
  CHECK(cost({.input_tokens = 1, .output_tokens = 1}, metered).amount.exact() == "0.00001");
  CHECK_FALSE(cost({.input_tokens = 1, .output_tokens = 1}, metered).estimated);
  CHECK(cost({}, {.input_tokens = 1000}).state == State::incomplete);
  CHECK(cost({}, {.input_tokens = 1000}).estimated);
}

TEST_CASE("an estimate has no parts", "[price_book]") {
  const ts::Call call{.model = "acme-1"};
  const ts::Record record{
      .call = call, .usage = {.output_tokens = 0, .cache_read = 600}, .metered = {.input_tokens = 1000}};
  CHECK(book_of(acme()).price(record).amount.exact() == "0.002");
}

TEST_CASE("a cost is estimated when a source of its tokens is", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  const ts::Call call{.model = "acme-1"};
  const auto estimated = [&](ts::Source in, ts::Source out) {
    return book.price(ts::Record{.call = call, .input_source = in, .output_source = out, .usage = some}).estimated;
  };
  CHECK_FALSE(estimated(ts::Source::none, ts::Source::none));
  CHECK_FALSE(estimated(ts::Source::reported, ts::Source::reported));
  CHECK(estimated(ts::Source::reported, ts::Source::partial));
  CHECK(estimated(ts::Source::estimated, ts::Source::reported));
  CHECK(estimated(ts::Source::partial, ts::Source::none));
}

TEST_CASE("of several rules that apply the last one added counts, whole", "[price_book]") {
  ts::PriceBook book = book_of(acme());
  REQUIRE_FALSE(book.add({.provider = "acme", .model = "ACME.1", .output = ts::per_million("1")}));
  const ts::Cost cost = price(book, some);
  CHECK(cost.state == State::incomplete);  // the last rule has no rate for input
  CHECK(cost.known.exact() == "0.0005");
}

TEST_CASE("a threshold is more than so many tokens, or so many and more, as the rule says", "[price_book]") {
  ts::PriceBook book = book_of(acme());
  ts::PriceRule tier = acme();
  tier.input = ts::per_million("4");
  tier.input_threshold = 1000;
  tier.boundary = GENERATE(ts::Boundary::above, ts::Boundary::at_least);
  REQUIRE_FALSE(book.add(tier));
  const bool above = tier.boundary == ts::Boundary::above;
  CHECK(price(book, {.input_tokens = 999, .output_tokens = 0}).amount.exact() == "0.001998");
  CHECK(price(book, {.input_tokens = 1000, .output_tokens = 0}).amount.exact() == (above ? "0.002" : "0.004"));
  CHECK(price(book, {.input_tokens = 1001, .output_tokens = 0}).amount.exact() == "0.004004");
}

TEST_CASE("a rule for a served tier or a region holds only there", "[price_book]") {
  ts::PriceBook book = book_of(acme());
  ts::PriceRule batch = acme(), europe = acme();
  batch.service_tier = "Batch";
  batch.multiplier = {1, 2};
  europe.region = "eu-west-1";
  europe.multiplier = {11, 10};
  REQUIRE_FALSE(book.add(batch));
  REQUIRE_FALSE(book.add(europe));
  const auto amount = [&](std::string_view tier, std::string_view served, std::string_view asked) {
    const ts::Call call{.model = "acme-1", .region = asked};
    const ts::Response response{.service_tier = tier, .region = served};
    return book.price(ts::Record{.call = call, .response = response, .usage = some}).amount.exact();
  };
  CHECK(amount("", "", "") == "0.006");
  CHECK(amount("default", "us-east-1", "") == "0.006");
  CHECK(amount("batch", "", "") == "0.003");
  CHECK(amount("", "eu-west-1", "") == "0.0066");
  CHECK(amount("", "", "EU_WEST_1") == "0.0066");
  CHECK(amount("", "us-east-1", "eu-west-1") == "0.006");  // where it was served, not where it was asked for
  CHECK(amount("batch", "eu-west-1", "") == "0.003");      // the other rule is not one of that tier
}

TEST_CASE("a daily window may span midnight", "[price_book]") {
  ts::PriceBook book = book_of(acme());
  ts::PriceRule night = acme();
  night.multiplier = {1, 2};
  night.daily_start = 22 * 3600;
  night.daily_end = 6 * 3600;
  REQUIRE_FALSE(book.add(night));
  const auto at = [&](std::int64_t seconds) {
    const ts::Call call{.model = "acme-1"};
    return book.price(ts::Record{.call = call, .start_utc = seconds * 1'000'000'000, .usage = some}).amount.exact();
  };
  CHECK(at(22 * 3600 - 1) == "0.006");
  CHECK(at(22 * 3600) == "0.003");
  CHECK(at(24 * 3600) == "0.003");
  CHECK(at(30 * 3600 - 1) == "0.003");
  CHECK(at(30 * 3600) == "0.006");
  CHECK(at(-1) == "0.003");  // a second before 1970
}

TEST_CASE("each part of a response is priced as its own model, at its own tier", "[price_book]") {
  const ts::Call call{.provider = "anthropic", .model = "claude-sonnet-4-5"};
  const ts::Usage side{.input_tokens = 150'000, .output_tokens = 1'000};
  const auto cost = [&](std::vector<ts::Part> parts, ts::Usage whole = {}) {
    return ts::PriceBook{}.price(ts::Record{.call = call, .usage = whole, .parts = {parts.data(), parts.size()}});
  };
  CHECK(cost({{"", side}, {"", side}}).amount.exact() == "0.93");  // below 200,000 each, though not together
  CHECK(cost({{"claude-haiku-4-5", side}, {"", side}}).amount.exact() == "0.62");
  CHECK(cost({{"", side}}, {.input_tokens = 9'000'000, .output_tokens = 9}).amount.exact() == "0.465");
  CHECK(cost({{"unheard-of", side}, {"", side}}).state == State::incomplete);
  CHECK(cost({{"unheard-of", side}, {"", side}}).known.exact() == "0.465");
  CHECK(cost({{"unheard-of", side}}).state == State::unpriced);
  CHECK(cost({{"", {}}}).state == State::no_usage);
  CHECK(cost({{"", {}}, {"", side}}).state == State::priced);
  CHECK(cost({{"", {.input_tokens = 1}}}).state == State::incomplete);
}

TEST_CASE("searches that only the whole response states are priced beside its parts", "[price_book]") {
  const ts::Call call{.provider = "anthropic", .model = "claude-sonnet-4-5"};
  ts::Part part{"", {.input_tokens = 1'000, .output_tokens = 0}};
  const auto cost = [&] {
    return ts::PriceBook{}.price(ts::Record{.call = call, .usage = {.web_searches = 3}, .parts = {&part, 1}});
  };
  CHECK(cost().amount.exact() == "0.033");
  part.usage.web_searches = 1;
  CHECK(cost().amount.exact() == "0.013");
}

TEST_CASE("an amount beyond int64 saturates and says so", "[price_book]") {
  const ts::PriceBook book = book_of(acme());
  const ts::Cost cost = price(book, {.input_tokens = most, .output_tokens = most, .cache_read = most / 2});
  CHECK(cost.state == State::priced);
  CHECK(cost.saturated);
  CHECK(cost.amount.picodollars() == most);
  const std::int64_t fits = most / 2'000'000;
  CHECK_FALSE(price(book, {.input_tokens = fits, .output_tokens = 0}).saturated);
  CHECK(price(book, {.input_tokens = fits, .output_tokens = 0}).amount.picodollars() == fits * 2'000'000);
  CHECK(price(book, {.input_tokens = fits + 1, .output_tokens = 0}).saturated);
  CHECK(price(book, {.input_tokens = fits, .output_tokens = 1}).saturated);  // each line fits, their sum does not
}

TEST_CASE("the sum of saturated parts saturates as well", "[price_book]") {
  const ts::Call call{.model = "acme-1"};
  const ts::Part parts[] = {{"", {.input_tokens = most, .output_tokens = 0}},
                            {"", {.input_tokens = most, .output_tokens = 0}}};
  const ts::Cost cost = book_of(acme()).price(ts::Record{.call = call, .parts = {parts, 2}});
  CHECK(cost.saturated);
  CHECK(cost.amount.picodollars() == most);
}

TEST_CASE("a rule that is none is refused, and the book stays as it was", "[price_book]") {
  ts::PriceBook book = book_of(acme());
  const auto refused = [&](auto change) {
    ts::PriceRule rule = acme();
    change(rule);
    return book.add(rule);
  };
  using Rule = ts::PriceRule;
  const std::string longer(161, 'm');
  CHECK(refused([](Rule& rule) { rule.model = ""; }) == std::errc::invalid_argument);
  CHECK(refused([&](Rule& rule) { rule.model = longer; }) == std::errc::invalid_argument);
  CHECK(refused([&](Rule& rule) { rule.provider = longer; }) == std::errc::invalid_argument);
  CHECK(refused([&](Rule& rule) { rule.region = longer; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.input = ts::per_million("-1"); }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.output->per = 0; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.output->per = -1; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.multiplier.denominator = 0; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.multiplier.numerator = -1; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.input_threshold = -1; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.daily_end = 86'401; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.daily_start = rule.daily_end = 3600; }) == std::errc::invalid_argument);
  CHECK(refused([](Rule& rule) { rule.multiplier = {most, 1}; }) == std::errc::result_out_of_range);
  CHECK(refused([](Rule& rule) {
          rule.input = ts::Rate{ts::Money::from_picodollars(1), 3}, rule.multiplier = {1, most};
        }) == std::errc::result_out_of_range);
  CHECK(book.rates().size() == 1);
  CHECK(price(book, some).amount.exact() == "0.006");
}

TEST_CASE("adding to a copy of a book leaves the other as it was", "[price_book]") {
  const ts::PriceBook before;
  ts::PriceBook after = before;
  REQUIRE_FALSE(after.add({.model = "acme-1", .input = ts::per_million("1"), .output = ts::per_million("1")}));
  CHECK(price(before, some).state == State::unpriced);
  CHECK(price(after, some).state == State::priced);
  CHECK(price(ts::PriceBook{}, some).state == State::unpriced);
  CHECK(after.rates().size() == before.rates().size() + 1);
  const ts::Call call{.model = "gpt-4.1"};
  CHECK(after.price(ts::Record{.call = call, .usage = some}).amount.exact() == "0.006");
}

TEST_CASE("what a thread remembers of a book does not outlive a change of it", "[price_book]") {
  ts::PriceBook book = ts::PriceBook::empty("growing", "1");
  CHECK(price(book, some).state == State::unpriced);
  REQUIRE_FALSE(book.add(acme()));
  CHECK(price(book, some).amount.exact() == "0.006");
  ts::PriceRule cheaper = acme();
  cheaper.multiplier = {1, 2};
  REQUIRE_FALSE(book.add(cheaper));
  CHECK(price(book, some).amount.exact() == "0.003");
}

TEST_CASE("books that come and go at one address do not see each other's prices", "[price_book]") {
  for (int dollars = 1; dollars < 200; ++dollars) {
    ts::PriceRule rule = acme();
    rule.input = ts::per_million(std::to_string(dollars));
    CHECK(price(book_of(rule), {.input_tokens = 1'000'000, .output_tokens = 0}).amount.exact() ==
          std::to_string(dollars));
  }
}

TEST_CASE("a text that changes in place is looked up anew", "[price_book]") {
  std::string model = "gpt-4o";
  const ts::PriceBook book;
  const auto amount = [&] {
    const ts::Call call{.model = model};
    return book.price(ts::Record{.call = call, .usage = some});
  };
  CHECK(amount().amount.exact() == "0.0075");
  model[5] = 'x';
  CHECK(amount().state == State::unpriced);
}

TEST_CASE("the name of its book stays with a cost while a copy of the book lives", "[price_book]") {
  ts::PriceBook kept = ts::PriceBook::empty("", "");
  std::string_view text;
  {
    const ts::PriceBook book = book_of(acme()).named("a name beyond what a string keeps inside", "2026-09-23");
    kept = book;
    text = price(book, some).price_book;
  }
  CHECK(text == "a name beyond what a string keeps inside 2026-09-23");
  CHECK(kept.name() == "a name beyond what a string keeps inside");
  CHECK(kept.version() == "2026-09-23");
  CHECK(kept.text() == text);
  CHECK(price(kept, some).amount.exact() == "0.006");
}

TEST_CASE("a book without a version is called by its name alone", "[price_book]") {
  const ts::PriceBook book = ts::PriceBook::empty("mine", "");
  CHECK(book.text() == "mine");
  CHECK(book.version().empty());
}

TEST_CASE("a person can ask which rule is in force", "[price_book]") {
  const ts::PriceBook book;
  const auto before = book.rate_for("openai", "o3-2025-04-16", {.start_utc = ts::utc_day(2025, 6, 9)});
  const auto after = book.rate_for("openai", "o3", {.start_utc = ts::utc_day(2025, 6, 10)});
  REQUIRE(before);
  REQUIRE(after);
  CHECK(before->input->amount.exact() == "10");
  CHECK(after->input->amount.exact() == "2");
  CHECK(after->model == "o3");
  CHECK(after->as_of == "2026-09-23");
  CHECK_FALSE(book.rate_for("openai", "o33", {}));
  CHECK_FALSE(book.rate_for("anthropic", "o3", {}));
  CHECK(book.rate_for("", "claude-sonnet-4-5", {.input_tokens = 200'001})->input->amount.exact() == "6");
}

TEST_CASE("a rule's texts are copied", "[price_book]") {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  for (int number = 0; number < 500; ++number) {
    const std::string model = "model-" + std::to_string(number), source(100, 's');
    REQUIRE_FALSE(book.add({.model = model, .input = ts::per_million("1"), .source = source}));
  }
  for (int number = 0; number < 500; ++number) {
    const auto rule = book.rate_for("", "model-" + std::to_string(number), {});
    REQUIRE(rule);
    CHECK(rule->model == "model-" + std::to_string(number));
    CHECK(rule->source == std::string(100, 's'));
  }
}

TEST_CASE("thousands of models in a book keep their own prices", "[price_book]") {
  ts::PriceBook book = ts::PriceBook::empty("large", "1");
  const auto name = [](int number) { return "model-" + std::to_string(number) + (number % 2 ? "-chat" : ""); };
  for (int number = 0; number < 5000; ++number) {
    const std::string model = name(number);
    REQUIRE_FALSE(book.add({.model = model, .input = ts::Rate{ts::Money::from_picodollars(number), 1}}));
  }
  for (int round = 0; round < 2; ++round)
    for (int number = 0; number < 5000; ++number) {
      const std::string model = name(number);
      const ts::Call call{.operation = ts::Operation::embeddings, .model = model};
      const ts::Cost cost = book.price(ts::Record{.call = call, .usage = {.input_tokens = 7}});
      if (cost.amount.picodollars() != 7 * number) FAIL(model);
    }
}

TEST_CASE("many threads read one book and its copies", "[price_book]") {
  const ts::PriceBook shared;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (int turn = 0; turn < 2000; ++turn) {
        ts::PriceBook own = shared;
        if (turn % 100 == 0 &&
            own.add({.model = "acme-1", .input = ts::per_million("1"), .output = ts::per_million("1")}))
          ++wrong;
        const bool even = (turn + thread) % 2 == 0;
        const ts::Call call{.model = even ? "gpt-4.1" : "gpt-4o-mini"};
        const ts::Cost cost = own.price(ts::Record{.call = call, .usage = some});
        if (cost.amount.picodollars() != (even ? 6'000'000'000 : 450'000'000)) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a provider is known by every name that is usual for it", "[price_book]") {
  const ts::PriceBook book;
  for (const std::string_view provider : {"google", "gemini", "vertex", "vertexai", "vertex_ai", "google-vertex",
                                          "gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai"})
    CHECK(book.rate_for(provider, "gemini-2.5-pro", {}).has_value());
  ts::PriceBook own = ts::PriceBook::empty("own", "1");
  for (const std::string_view provider : {"aws", "voyageai", "together", "fireworks"})
    CHECK_FALSE(own.add({.provider = provider, .model = "m", .input = ts::per_million("1")}));
  for (const std::string_view provider :
       {"aws.bedrock", "aws-bedrock", "amazon-bedrock", "bedrock", "voyage", "together_ai", "fireworks-ai"})
    CHECK(own.rate_for(provider, "m", {}).has_value());
  CHECK_FALSE(own.rate_for("openai", "m", {}).has_value());
}
