// SPDX-License-Identifier: MIT
#include <tallyscope/prices/cost_lines.hpp>

#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <string>
#include <vector>

namespace ts = tallyscope;
using Kind = ts::PriceClass;

namespace {

/// One line as a bill shows it: "input 1000 x 2 per 1000000 = 0.002", with the model of a part that another one served.
std::string text(const ts::CostLine& line) {
  std::string text{ts::price_class_names[static_cast<std::size_t>(line.kind)]};
  text += ' ' + std::to_string(line.quantity) + " x " + line.rate.amount.exact() + " per " +
          std::to_string(line.rate.per) + " = " + line.amount.exact();
  return line.model.empty() ? text : text + " by " + std::string{line.model};
}

std::vector<std::string> texts(const ts::CostLines& lines) {
  std::vector<std::string> texts;
  for (const ts::CostLine& line : lines) texts.push_back(text(line));
  return texts;
}

using Texts = std::vector<std::string>;

ts::PriceBook house() {
  ts::PriceBook book = ts::PriceBook::empty("house", "1");
  REQUIRE_FALSE(book.add({.provider = "house",
                          .model = "big",
                          .input = ts::per_million("2"),
                          .output = ts::per_million("8"),
                          .cache_read = ts::per_million("0.5"),
                          .web_search = ts::per_thousand("10")}));
  REQUIRE_FALSE(book.add(
      {.provider = "house", .model = "small", .input = ts::per_million("0.2"), .output = ts::per_million("0.8")}));
  REQUIRE_FALSE(book.add({.provider = "house", .model = "gift", .free = true}));
  return book;
}

const ts::Call big{.provider = "house", .model = "big"};

}  // namespace

TEST_CASE("a bill has a line for each class that was used, and its cost is their sum", "[cost_lines]") {
  const ts::Usage usage{
      .input_tokens = 1000, .output_tokens = 500, .cache_read = 600, .reasoning = 100, .web_searches = 2};
  const ts::CostLines lines = house().lines(ts::Record{.call = big, .usage = usage});
  CHECK(texts(lines) == Texts{"cache_read 600 x 0.5 per 1000000 = 0.0003", "input 400 x 2 per 1000000 = 0.0008",
                              "output 500 x 8 per 1000000 = 0.004", "web_search 2 x 10 per 1000 = 0.02"});
  CHECK(lines.cost.amount.exact() == "0.0251");
  CHECK(lines.cost.state == ts::CostState::priced);
  CHECK_FALSE(lines.diagnostics.any());
}

TEST_CASE("the iterations of one model at one rate are one line a class", "[cost_lines]") {
  const ts::Part parts[] = {{"big", {.input_tokens = 100, .output_tokens = 10}},
                            {"", {.input_tokens = 200, .output_tokens = 20}},
                            {"big", {.input_tokens = 300, .output_tokens = 30}}};
  const ts::Response response{.model = "big"};
  const ts::CostLines lines = house().lines(ts::Record{.call = big, .response = response, .parts = {parts, 3}});
  CHECK(texts(lines) == Texts{"input 600 x 2 per 1000000 = 0.0012", "output 60 x 8 per 1000000 = 0.00048"});
}

TEST_CASE("a part that another model served has lines of its own under that model's name", "[cost_lines]") {
  const ts::Part parts[] = {{"small", {.input_tokens = 100, .output_tokens = 10}},
                            {"big", {.input_tokens = 200, .output_tokens = 20}}};
  const ts::CostLines lines = house().lines(ts::Record{.call = big, .parts = {parts, 2}});
  CHECK(texts(lines) == Texts{"input 100 x 0.2 per 1000000 = 0.00002 by small",
                              "output 10 x 0.8 per 1000000 = 0.000008 by small", "input 200 x 2 per 1000000 = 0.0004",
                              "output 20 x 8 per 1000000 = 0.00016"});
  CHECK(lines.cost.amount.exact() == "0.000588");
}

TEST_CASE("parts at two rates of one model are two lines", "[cost_lines]") {
  ts::PriceBook book = house();
  REQUIRE_FALSE(book.add({.provider = "house",
                          .model = "big",
                          .input_threshold = 1000,
                          .input = ts::per_million("4"),
                          .output = ts::per_million("16")}));
  const ts::Part parts[] = {{"", {.input_tokens = 1000, .output_tokens = 0}},
                            {"", {.input_tokens = 1001, .output_tokens = 0}}};
  CHECK(texts(book.lines(ts::Record{.call = big, .parts = {parts, 2}})) ==
        Texts{"input 1000 x 2 per 1000000 = 0.002", "input 1001 x 4 per 1000000 = 0.004004"});
}

TEST_CASE("a line that several parts share is rounded once", "[cost_lines]") {
  ts::PriceBook book = ts::PriceBook::empty("halves", "");
  REQUIRE_FALSE(book.add({.model = "big", .input = ts::Rate{ts::Money::from_picodollars(1), 4}}));
  const ts::Part parts[] = {{"", {.input_tokens = 1, .output_tokens = 0}},
                            {"", {.input_tokens = 1, .output_tokens = 0}},
                            {"", {.input_tokens = 1, .output_tokens = 0}},
                            {"", {.input_tokens = 1, .output_tokens = 0}}};
  const ts::Record record{.call = big, .parts = {parts, 4}};
  CHECK(book.price(record).amount.picodollars() == 1);  // each by itself would be 0
  CHECK(book.lines(record).cost.amount == book.price(record).amount);
}

TEST_CASE("what is free has lines at a rate of nothing", "[cost_lines]") {
  const ts::Usage usage{.input_tokens = 1000, .output_tokens = 500, .cache_read = 600, .web_searches = 2};
  const Texts expected{"cache_read 600 x 0 per 1000000 = 0", "input 400 x 0 per 1000000 = 0",
                       "output 500 x 0 per 1000000 = 0", "web_search 2 x 0 per 1000 = 0"};
  const ts::Call gift{.provider = "house", .model = "gift"}, local{.provider = "ollama", .model = "llama3:8b"};
  for (const ts::Call* call : {&gift, &local}) {
    const ts::CostLines lines = house().lines(ts::Record{.call = *call, .usage = usage});
    CHECK(texts(lines) == expected);
    CHECK(lines.cost.state == ts::CostState::free);
  }
}

TEST_CASE("what has no price has no line, and the cost says so", "[cost_lines]") {
  const ts::CostLines lines =
      house().lines(ts::Record{.call = big, .usage = {.input_tokens = 100, .output_tokens = 0, .input_audio = 40}});
  CHECK(texts(lines) == Texts{"input 60 x 2 per 1000000 = 0.00012"});
  CHECK(lines.cost.state == ts::CostState::incomplete);
  CHECK(lines.cost.known.exact() == "0.00012");
}

TEST_CASE("the rate of a line has every multiplier in it, in the words of the rule where they come out even",
          "[cost_lines]") {
  ts::PriceBook book = house();
  REQUIRE_FALSE(book.add({.provider = "house",
                          .model = "third",
                          .input = ts::per_million("1"),
                          .output = ts::per_million("3"),
                          .multiplier = {1, 3}}));
  REQUIRE_FALSE(book.add(ts::PriceAdjustment{.service_tier = "batch", .multiplier = {1, 2}}));
  REQUIRE_FALSE(book.add(ts::PriceAdjustment{.region = "us", .multiplier = {11, 10}}));
  const ts::Usage usage{.input_tokens = 1'000'000, .output_tokens = 1'000'000, .web_searches = 2};
  const auto of = [&](std::string_view model) {
    const ts::Call call{.provider = "house", .model = model};
    const ts::Response response{.service_tier = "batch", .region = "us"};
    return texts(book.lines(ts::Record{.call = call, .response = response, .usage = usage}));
  };
  CHECK(of("big") == Texts{"input 1000000 x 1.1 per 1000000 = 1.1", "output 1000000 x 4.4 per 1000000 = 4.4",
                           "web_search 2 x 10 per 1000 = 0.02"});
  CHECK(of("third") ==
        Texts{"input 1000000 x 0.55 per 3000000 = 0.183333333333", "output 1000000 x 0.55 per 1000000 = 0.55"});
}

TEST_CASE("a call with nothing to price has no lines", "[cost_lines]") {
  const ts::Call tool{.operation = ts::Operation::execute_tool, .name = "search"};
  CHECK(house().lines(ts::Record{.call = tool}).empty());
  CHECK(house().lines(ts::Record{.call = tool}).cost.state == ts::CostState::not_applicable);
  CHECK(house().lines(ts::Record{.call = big}).empty());
  CHECK(house().lines(ts::Record{.call = big}).cost.state == ts::CostState::no_usage);
}

TEST_CASE("a bill with more lines than it has room for is incomplete", "[cost_lines]") {
  ts::PriceBook book = ts::PriceBook::empty("many", "");
  std::vector<std::string> models;
  for (int number = 0; number < 40; ++number) models.push_back("m" + std::to_string(number));
  for (const std::string& model : models)
    REQUIRE_FALSE(book.add({.model = model, .input = ts::per_million("1"), .output = ts::per_million("1")}));
  std::vector<ts::Part> parts;
  for (const std::string& model : models) parts.push_back({model, {.input_tokens = 1, .output_tokens = 1}});
  const ts::CostLines lines = book.lines(ts::Record{.call = big, .parts = {parts.data(), parts.size()}});
  CHECK(lines.size() == ts::CostLines::limit);
  CHECK(lines.cost.state == ts::CostState::incomplete);
  CHECK(lines.cost.known.picodollars() == 64 * 1'000'000);
}

TEST_CASE("a bill says when the tier has no price and when an amount was cut", "[cost_lines]") {
  const ts::Response response{.service_tier = "priority"};
  const ts::CostLines lines =
      house().lines(ts::Record{.call = big, .response = response, .usage = {.input_tokens = 1, .output_tokens = 1}});
  CHECK(lines.diagnostics.has(ts::Diagnostic::tier_without_price));
  CHECK(lines.empty());
  const ts::CostLines cut = house().lines(
      ts::Record{.call = big, .usage = {.input_tokens = std::numeric_limits<std::int64_t>::max(), .output_tokens = 0}});
  CHECK(cut.diagnostics.has(ts::Diagnostic::amount_saturated));
  CHECK(cut.cost.saturated);
}
