// SPDX-License-Identifier: MIT
// What is billed as what: the modalities, what is billed beside the tokens, and what is not known in full.
#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <string>

namespace ts = tallyscope;
using State = ts::CostState;

namespace {

/// $1 a million in, $10 out, $0.10 from the cache.
ts::PriceRule text_rule() {
  return {.model = "m",
          .input = ts::per_million("1"),
          .output = ts::per_million("10"),
          .cache_read = ts::per_million("0.1")};
}

ts::Cost price(const ts::PriceRule& rule, const ts::Usage& usage, ts::Operation operation = {}) {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(rule));
  const ts::Call call{.operation = operation, .model = "m"};
  return book.price(ts::Record{.call = call, .usage = usage});
}

/// In dollars; "(0.5)" is the known part of what is incomplete.
std::string cost(const ts::PriceRule& rule, const ts::Usage& usage, ts::Operation operation = {}) {
  const ts::Cost cost = price(rule, usage, operation);
  return cost.state == State::priced ? cost.amount.exact() : "(" + cost.known.exact() + ")";
}

constexpr std::int64_t million = 1'000'000;

}  // namespace

TEST_CASE("cached audio has a price of its own or none, never that of text", "[price_classes]") {
  const ts::Usage usage{
      .input_tokens = 3 * million, .output_tokens = 0, .cache_read = 2 * million, .cache_read_audio = million};
  ts::PriceRule rule = text_rule();
  CHECK(cost(rule, usage) == "(1.1)");
  rule.input_audio = ts::per_million("5");
  CHECK(cost(rule, usage) == "(1.1)");
  rule.cache_read_audio = ts::per_million("0.5");
  CHECK(cost(rule, usage) == "1.6");
}

TEST_CASE("a cached image is cached input, unless the list tells images apart", "[price_classes]") {
  const ts::Usage usage{
      .input_tokens = 3 * million, .output_tokens = 0, .cache_read = 2 * million, .cache_read_image = million};
  ts::PriceRule rule = text_rule();
  CHECK(cost(rule, usage) == "1.2");
  rule.input_image = ts::per_million("5");
  CHECK(cost(rule, usage) == "(1.1)");
  rule.cache_read_image = ts::per_million("0.5");
  CHECK(cost(rule, usage) == "1.6");
}

TEST_CASE("images and videos are input, and images output, unless the list tells them apart", "[price_classes]") {
  ts::PriceRule rule = text_rule();
  const ts::Usage in{
      .input_tokens = 4 * million, .output_tokens = 0, .input_image = million, .input_video = 2 * million};
  const ts::Usage out{.input_tokens = 0, .output_tokens = 3 * million, .reasoning = million, .output_image = million};
  CHECK(cost(rule, in) == "4");
  CHECK(cost(rule, out) == "30");
  rule.input_image = ts::per_million("2");
  rule.input_video = ts::per_million("3");
  rule.output_image = ts::per_million("40");
  CHECK(cost(rule, in) == "9");
  CHECK(cost(rule, out) == "60");
}

TEST_CASE("rare parts that exceed their total are told, and nothing becomes negative", "[price_classes]") {
  const ts::PriceRule rule = text_rule();
  CHECK(cost(rule, {.input_tokens = 5, .output_tokens = 0, .input_image = 6}) == "(0)");
  CHECK(cost(rule, {.input_tokens = 0, .output_tokens = 5, .output_image = 6}) == "(0)");
  CHECK(cost(rule, {.input_tokens = 2 * million, .output_tokens = 0, .cache_read = 0, .cache_read_image = 1}) == "(2)");
  CHECK(cost(rule, {.input_tokens = 2 * million, .output_tokens = 0, .cache_read_image = million}) == "1.1");
}

TEST_CASE("what is billed beside the tokens needs a rate of its own", "[price_classes]") {
  struct Beside {
    ts::Count ts::Usage::*count;
    std::optional<ts::Rate> ts::PriceRule::*rate;
  };
  for (const Beside& beside :
       {Beside{&ts::Usage::web_searches, &ts::PriceRule::web_search},
        Beside{&ts::Usage::file_searches, &ts::PriceRule::file_search},
        Beside{&ts::Usage::search_units, &ts::PriceRule::search_unit}, Beside{&ts::Usage::pages, &ts::PriceRule::page},
        Beside{&ts::Usage::audio_milliseconds, &ts::PriceRule::audio_millisecond}}) {
    ts::PriceRule rule = text_rule();
    ts::Usage usage{.input_tokens = million, .output_tokens = 0};
    usage.*beside.count = 3;
    CHECK(cost(rule, usage) == "(1)");
    rule.*beside.rate = ts::per_thousand("2");
    CHECK(cost(rule, usage) == "1.006");
  }
}

TEST_CASE("pages, audio and documents may be all that a call states", "[price_classes]") {
  const ts::PriceRule rule{.model = "m",
                           .search_unit = ts::per_thousand("2"),
                           .page = ts::per_thousand("3"),
                           .audio_millisecond = ts::Rate{*ts::Money::parse("0.36"), 3'600'000}};
  for (const ts::Operation& operation : {ts::Operation::chat, ts::Operation::rerank}) {
    CHECK(cost(rule, {.search_units = 2}, operation) == "0.004");
    CHECK(cost(rule, {.pages = 2}, operation) == "0.006");
    CHECK(cost(rule, {.audio_milliseconds = 60'000}, operation) == "0.006");
  }
  CHECK(cost(rule, {.output_tokens = 1, .pages = 2}) == "(0.006)");
}

TEST_CASE("a model call is one request where the rule charges for requests and nobody says how many",
          "[price_classes]") {
  ts::PriceRule rule = text_rule();
  rule.request = ts::per_thousand("5");
  const ts::Usage tokens{.input_tokens = million, .output_tokens = 0};
  CHECK(cost(rule, tokens) == "1.005");
  CHECK(cost(rule, {.input_tokens = million, .output_tokens = 0, .requests = 3}) == "1.015");
  CHECK(cost(rule, {.input_tokens = million, .output_tokens = 0, .requests = 0}) == "1");
  CHECK(cost(rule, tokens, ts::Operation::invoke_agent) == "1");
  CHECK(price(rule, {}).state == State::no_usage);
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(rule));
  const ts::Call call{.model = "m"};
  CHECK(book.price(ts::Record{.call = call, .kind = ts::Kind::late_usage, .usage = tokens}).amount.exact() == "1");
}

TEST_CASE("several parts of one call are one request", "[price_classes]") {
  ts::PriceRule rule = text_rule();
  rule.request = ts::per_thousand("5");
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(rule));
  ts::Part parts[] = {{"", {.input_tokens = million, .output_tokens = 0}},
                      {"m", {.input_tokens = million, .output_tokens = 0}}};
  const ts::Call call{.model = "m"};
  const auto amount = [&](ts::Usage whole = {}) {
    return book.price(ts::Record{.call = call, .usage = whole, .parts = {parts, 2}}).amount.exact();
  };
  CHECK(amount() == "2.005");
  CHECK(amount({.requests = 2}) == "2.01");
  parts[1].usage.requests = 4;
  CHECK(amount() == "2.02");
}

TEST_CASE("what only the whole states beside the tokens is priced beside its parts", "[price_classes]") {
  ts::PriceRule rule = text_rule();
  rule.file_search = ts::per_thousand("2.5");
  rule.page = ts::per_thousand("3");
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(rule));
  const ts::Part part{"", {.input_tokens = million, .output_tokens = 0, .pages = 1}};
  const ts::Call call{.model = "m"};
  const ts::Record record{.call = call, .usage = {.file_searches = 2, .pages = 9}, .parts = {&part, 1}};
  CHECK(book.price(record).amount.exact() == "1.008");
}

TEST_CASE("where a list charges for what no count tells a cost is never whole", "[price_classes]") {
  ts::PriceRule rule = text_rule();
  rule.other_charges = true;
  CHECK(cost(rule, {.input_tokens = million, .output_tokens = 0}) == "(1)");
  CHECK(price(rule, {}).state == State::no_usage);
}

TEST_CASE("a report that ended before its call leaves the cost open, unless an estimate stands for the rest",
          "[price_classes]") {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(text_rule()));
  const ts::Call call{.model = "m"};
  const auto cost = [&](ts::Finality finality, ts::Count estimated_output) {
    return book.price(ts::Record{.call = call,
                                 .finality = finality,
                                 .input_source = ts::Source::partial,
                                 .output_source = ts::Source::partial,
                                 .usage = {.input_tokens = million, .output_tokens = 0},
                                 .metered = {.output_tokens = estimated_output}});
  };
  CHECK(cost(ts::Finality::partial, {}).state == State::incomplete);
  CHECK(cost(ts::Finality::partial, {}).known.exact() == "1");
  CHECK(cost(ts::Finality::partial, {}).amount == ts::Money{});
  CHECK(cost(ts::Finality::final, {}).state == State::priced);
  CHECK(cost(ts::Finality::partial, 10).state == State::priced);
  CHECK(cost(ts::Finality::partial, 10).estimated);
}

TEST_CASE("every token has the blended rate, whatever it is a part of", "[price_classes]") {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.set_rate("m", ts::per_million("1")));
  const ts::Call call{.model = "m"};
  const ts::Usage usage{.input_tokens = million,
                        .output_tokens = million,
                        .cache_read = 300,
                        .input_audio = 100,
                        .reasoning = 100,
                        .output_audio = 100,
                        .cache_read_audio = 100,
                        .cache_read_image = 100,
                        .input_image = 100,
                        .input_video = 100,
                        .output_image = 100};
  CHECK(book.price(ts::Record{.call = call, .usage = usage}).amount.exact() == "2");
}

TEST_CASE("weekdays that are none are refused", "[price_classes]") {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  ts::PriceRule rule = text_rule();
  rule.weekdays = 0;
  CHECK(book.add(rule) == std::errc::invalid_argument);
  rule.weekdays = 0x80;
  CHECK(book.add(rule) == std::errc::invalid_argument);
  rule.weekdays = ts::all_weekdays;
  rule.except = std::string_view{"x"};
  CHECK_FALSE(book.add(rule));
}
