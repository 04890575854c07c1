// SPDX-License-Identifier: MIT
#include <tallyscope/prices/models_dev.hpp>

#include <string>

#include "catch.hpp"
#include "prices/loaded.hpp"

namespace ts = tallyscope;

namespace {

std::string list_of(const std::string& models) {
  return R"({"acme": {"id": "acme", "name": "Acme", "env": ["KEY"], "npm": "x", "doc": "y", "models": {)" + models +
         "}}}";
}
std::string model(const std::string& cost, const std::string& id = "m", const std::string& more = {}) {
  return "\"" + id + R"(": {"id": ")" + id + R"(", "name": "M", "limit": {"context": 1000, "output": 10}, "cost": )" +
         cost + more + "}";
}

ts::PriceBook loaded(const std::string& json) {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_models_dev(book, json);
  INFO(result.error);
  REQUIRE(result.loaded());
  return book;
}

std::string price(const ts::PriceBook& book, const ts::Usage& usage, const Served& served = {}) {
  return price_of(book, "acme", "m", usage, served);
}

}  // namespace

TEST_CASE("prices of models.dev are dollars per million tokens", "[models_dev]") {
  const ts::PriceBook book = loaded(list_of(model(R"({"input": 2.5, "output": 10, "cache_read": 0.25,
    "cache_write": 3.125, "reasoning": 12, "input_audio": 7, "output_audio": 20})")));
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 500}) == "0.0075");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 500, .cache_read = 1'000}) == "0.00525");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0, .cache_write = 1'000}) == "0.003125");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0, .cache_write_5m = 1'000}) == "0.003125");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0, .cache_write_1h = 1'000}) == "incomplete 0");
  CHECK(price(book, {.input_tokens = 0, .output_tokens = 500, .reasoning = 500}) == "0.006");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0, .input_audio = 1'000}) == "0.007");
  CHECK(price(book, {.input_tokens = 0, .output_tokens = 500, .output_audio = 500}) == "0.01");
}

TEST_CASE("tiers of models.dev begin above their size, with what they do not state", "[models_dev]") {
  const ts::PriceBook book = loaded(list_of(model(R"({"input": 1, "output": 10, "cache_read": 0.5,
    "context_over_200k": {"input": 99, "output": 99},
    "tiers": [{"input": 2, "output": 20, "tier": {"type": "context", "size": 272000}}]})")));
  CHECK(price(book, {.input_tokens = 272'000, .output_tokens = 1'000}) == "0.282");
  CHECK(price(book, {.input_tokens = 272'001, .output_tokens = 1'000}) == "0.564002");
  CHECK(price(book, {.input_tokens = 272'001, .output_tokens = 0, .cache_read = 272'001}) == "0.1360005");
}

TEST_CASE("the older field of one tier counts where there are no tiers", "[models_dev]") {
  const ts::PriceBook book =
      loaded(list_of(model(R"({"input": 1, "output": 1, "context_over_200k": {"input": 2, "output": 3}})")));
  CHECK(price(book, {.input_tokens = 200'000, .output_tokens = 0}) == "0.2");
  CHECK(price(book, {.input_tokens = 200'001, .output_tokens = 0}) == "0.400002");
}

TEST_CASE("a mode of models.dev is a service tier", "[models_dev]") {
  const ts::PriceBook book = loaded(list_of(model(
      R"({"input": 5, "output": 25, "cache_read": 0.5})", "m",
      R"(, "experimental": {"modes": {"fast": {"cost": {"input": 30, "output": 150}, "provider": {"body": {}}}}})")));
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0}, {.tier = "fast"}) == "0.03");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0}) == "0.005");
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0, .cache_read = 500}, {.tier = "fast"}) ==
        "incomplete 0.015");
}

TEST_CASE("a model of models.dev with zeros alone is free, one without a cost is left out", "[models_dev]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_models_dev(
      book, list_of(model(R"({"input": 0, "output": 0, "cache_read": 0})") + R"(, "n": {"id": "n", "name": "N"})"));
  CHECK(result.models == 1);
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0, .cache_write = 5}) == "free");
  REQUIRE(result.left_out.size() == 1);
  CHECK(result.left_out[0].reason == "no price is stated");
}

TEST_CASE("the sentinel of a router takes only its model away", "[models_dev]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result =
      ts::load_models_dev(book, "\n" + list_of(model(R"({"input": -1000000, "output": -1000000})", "auto") + ", " +
                                               model(R"({"input": 1, "output": 1})")));
  CHECK(result.models == 1);
  REQUIRE(result.left_out.size() == 1);
  CHECK(result.left_out[0].first == "line 2, column 188: auto: input is -1000000: a price is not negative");
  CHECK(price_of(book, "acme", "auto", {.input_tokens = 1'000, .output_tokens = 0}) == "unpriced");
}

TEST_CASE("a tier without a size leaves its model out", "[models_dev]") {
  for (const char* tier : {R"({"input": 2})", R"({"tier": {"type": "context"}, "input": 2})",
                           R"({"tier": {"type": "hours", "size": 5}, "input": 2})", "7"}) {
    INFO(tier);
    ts::PriceBook book = ts::PriceBook::empty("list", "1");
    const ts::LoadResult result =
        ts::load_models_dev(book, list_of(model(R"({"input": 1, "output": 1, "tiers": [)" + std::string{tier} + "]}") +
                                          ", " + model(R"({"input": 1, "output": 1})", "n")));
    CHECK(result.models_left_out() == (std::string{tier} == "7" ? 0 : 1));
  }
}

TEST_CASE("a price of models.dev for what no usage counts makes a cost incomplete", "[models_dev]") {
  const ts::PriceBook book = loaded(list_of(model(R"({"input": 1, "output": 1, "per_image": 0.04})")));
  CHECK(price(book, {.input_tokens = 1'000, .output_tokens = 0}) == "incomplete 0.001");
}

TEST_CASE("what is no list of models.dev leaves the book as it was", "[models_dev]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  REQUIRE_FALSE(book.add({.model = "before", .input = ts::per_million("1")}));
  for (const char* json :
       {"", "[]", "{}", "7", R"({"a": 1})", R"({"a": {"models": {}}})", R"({"a": {"models": {"m": )"}) {
    INFO(json);
    CHECK_FALSE(ts::load_models_dev(book, json).loaded());
    CHECK(book.rates().size() == 1);
  }
}
