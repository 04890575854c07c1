// SPDX-License-Identifier: MIT
#include <tallyscope/prices/genai_prices.hpp>

#include <string>

#include "catch.hpp"
#include "prices/loaded.hpp"

namespace ts = tallyscope;

namespace {

/// A list of one provider with these models.
std::string list_of(const std::string& models, const std::string& more = {}) {
  return R"([{"id": "acme", "name": "Acme", )" + more + R"("models": [)" + models + "]}]";
}

/// One model that matches its own name.
std::string model(const std::string& prices, const std::string& name = "m") {
  return R"({"id": ")" + name + R"(", "match": {"equals": ")" + name + R"("}, "prices": )" + prices + "}";
}

ts::PriceBook loaded(const std::string& json) {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_genai_prices(book, json);
  INFO(result.error);
  REQUIRE(result.loaded());
  return book;
}

ts::LoadResult refused(const std::string& json) {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  REQUIRE_FALSE(book.add({.model = "before", .input = ts::per_million("1")}));
  const ts::LoadResult result = ts::load_genai_prices(book, json);
  CHECK_FALSE(result.loaded());
  CHECK(book.rates().size() == 1);
  return result;
}

constexpr ts::Usage usual{.input_tokens = 1'000, .output_tokens = 500};

}  // namespace

TEST_CASE("prices of genai-prices are dollars per million tokens", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(model(R"({"input_mtok": 2.5, "output_mtok": 10})")));
  CHECK(price_of(book, "acme", "m", usual) == "0.0075");
}

TEST_CASE("a price of genai-prices is kept to its last digit", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(model(R"({"input_mtok": 0.0000000123, "output_mtok": 1.0e-2})")));
  CHECK(price_of(book, "acme", "m", {.input_tokens = 1'000'000'000, .output_tokens = 1}) == "0.00001231");
}

TEST_CASE("each class of genai-prices has its price, and its unit", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(model(R"({
    "input_mtok": 1, "output_mtok": 2, "cache_read_mtok": 3, "cache_write_mtok": 4, "cache_write_1h_mtok": 5,
    "input_audio_mtok": 6, "output_audio_mtok": 7, "cache_audio_read_mtok": 8, "cache_image_read_mtok": 9,
    "input_image_mtok": 10, "output_image_mtok": 11, "input_video_mtok": 12, "output_reasoning_mtok": 13,
    "requests_kcount": 14, "web_searches_kcount": 15, "storage_searches_kcount": 16, "rerank_searches_kcount": 17,
    "input_document_kpages": 18, "audio_hours": 36})")));
  const ts::PriceRule rule = *book.rate_for("acme", "m", {});
  CHECK(rule.input->amount.exact() == "1");
  CHECK(rule.output->amount.exact() == "2");
  CHECK(rule.cache_read->amount.exact() == "3");
  CHECK(rule.cache_write->amount.exact() == "4");
  CHECK(rule.cache_write_5m->amount.exact() == "4");
  CHECK(rule.cache_write_1h->amount.exact() == "5");
  CHECK(rule.input_audio->amount.exact() == "6");
  CHECK(rule.output_audio->amount.exact() == "7");
  CHECK(rule.cache_read_audio->amount.exact() == "8");
  CHECK(rule.cache_read_image->amount.exact() == "9");
  CHECK(rule.input_image->amount.exact() == "10");
  CHECK(rule.output_image->amount.exact() == "11");
  CHECK(rule.input_video->amount.exact() == "12");
  CHECK(rule.reasoning->amount.exact() == "13");
  CHECK(rule.request->amount.exact() == "14");
  CHECK(rule.request->per == 1'000);
  CHECK(rule.web_search->amount.exact() == "15");
  CHECK(rule.file_search->amount.exact() == "16");
  CHECK(rule.search_unit->amount.exact() == "17");
  CHECK(rule.page->amount.exact() == "18");
  CHECK(rule.page->per == 1'000);
  CHECK(rule.audio_millisecond->amount.exact() == "36");
  CHECK(rule.audio_millisecond->per == 3'600'000);
  CHECK_FALSE(rule.other_charges);
}

TEST_CASE("a cache write of five minutes has its own price where genai-prices states one", "[genai_prices]") {
  for (const char* prices : {R"({"cache_write_mtok": 4, "cache_write_5m_mtok": 6})",
                             R"({"cache_write_5m_mtok": 6, "cache_write_mtok": 4})"}) {
    const ts::PriceRule rule = *loaded(list_of(model(prices))).rate_for("acme", "m", {});
    CHECK(rule.cache_write->amount.exact() == "4");
    CHECK(rule.cache_write_5m->amount.exact() == "6");
    CHECK_FALSE(rule.cache_write_1h);
  }
}

TEST_CASE("a tier holds for all tokens of a call with more input than its start", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(model(R"({
    "input_mtok": {"base": 1, "tiers": [{"start": 200000, "price": 2}, {"start": 300000, "price": 3}]},
    "output_mtok": {"base": 10, "tiers": [{"start": 300000, "price": 20}]}, "cache_read_mtok": 0.5})")));
  CHECK(price_of(book, "acme", "m", {.input_tokens = 200'000, .output_tokens = 0}) == "0.2");
  CHECK(price_of(book, "acme", "m", {.input_tokens = 200'001, .output_tokens = 1'000}) == "0.410002");
  CHECK(price_of(book, "acme", "m", {.input_tokens = 300'001, .output_tokens = 1'000, .cache_read = 1}) == "0.9200005");
}

TEST_CASE("of several prices the last one whose condition holds counts", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(model(R"([
    {"prices": {"input_mtok": 1, "output_mtok": 0}},
    {"constraint": {"type": "start_date", "start_date": "2026-08-17"}, "prices": {"input_mtok": 2, "output_mtok": 0}},
    {"constraint": {"type": "time_of_date", "start_time": "01:00:00Z", "end_time": "04:00:00Z"},
     "prices": {"input_mtok": 4, "output_mtok": 0}}])")));
  const auto price = [&](std::int64_t at) { return price_of(book, "acme", "m", {1'000'000, 0}, {.at = at}); };
  const std::int64_t before = ts::utc_day(2026, 8, 16), since = ts::utc_day(2026, 8, 17);
  CHECK(price(at_time(before, 23, 59, 59)) == "1");
  CHECK(price(since) == "2");
  CHECK(price(at_time(since, 0, 59, 59)) == "2");
  CHECK(price(at_time(since, 1)) == "4");
  CHECK(price(at_time(since, 3, 59, 59)) == "4");
  CHECK(price(at_time(since, 4)) == "2");
  CHECK(price(at_time(before, 1)) == "4");
}

TEST_CASE("prices without a price are free, whatever was used", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(model("{}")));
  CHECK(price_of(book, "acme", "m", {.input_tokens = 5, .output_tokens = 5, .cache_read = 3}) == "free");
}

TEST_CASE("a price for what no usage counts makes a cost incomplete", "[genai_prices]") {
  const ts::PriceBook book =
      loaded(list_of(model(R"({"input_mtok": 1, "output_mtok": 1, "output_citation_mtok": 2})", "m") + ", " +
                     model(R"({"input_mtok": 1, "output_mtok": 1, "output_citation_mtok": 0})", "n")));
  CHECK(price_of(book, "acme", "m", usual) == "incomplete 0.0015");
  CHECK(price_of(book, "acme", "n", usual) == "0.0015");
}

TEST_CASE("names are matched by their beginning, end, middle, or as a whole, in any case", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(
      R"({"id": "a", "match": {"or": [{"equals": "Whole-Name"}, {"starts_with": "begin-"}]},
          "prices": {"input_mtok": 1, "output_mtok": 1}},
         {"id": "b", "match": {"or": [{"ends_with": "-end"}, {"contains": "middle"}]},
          "prices": {"input_mtok": 2, "output_mtok": 2}})"));
  CHECK(price_of(book, "acme", "whole-name", {1'000'000, 0}) == "1");
  CHECK(price_of(book, "acme", "whole-name-2", {1'000'000, 0}) == "unpriced");
  CHECK(price_of(book, "acme", "Begin-anything", {1'000'000, 0}) == "1");
  CHECK(price_of(book, "acme", "any-end", {1'000'000, 0}) == "2");
  CHECK(price_of(book, "acme", "in-the-middle-of", {1'000'000, 0}) == "2");
}

TEST_CASE("of several models of the list that match a name its first one counts", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(
      R"({"id": "a", "match": {"starts_with": "gpt-5-mini"}, "prices": {"input_mtok": 1, "output_mtok": 1}},
         {"id": "b", "match": {"or": [{"equals": "gpt-5-mini-odd"}, {"starts_with": "gpt-5"}]},
          "prices": {"input_mtok": 2, "output_mtok": 2}},
         {"id": "c", "match": {"equals": "gpt-5-mini-whole"}, "prices": {"input_mtok": 3, "output_mtok": 3}})"));
  CHECK(price_of(book, "acme", "gpt-5-mini-any", {1'000'000, 0}) == "1");
  CHECK(price_of(book, "acme", "gpt-5-mini-odd", {1'000'000, 0}) == "1");
  CHECK(price_of(book, "acme", "gpt-5-mini-whole", {1'000'000, 0}) == "1");
  CHECK(price_of(book, "acme", "gpt-5-nano", {1'000'000, 0}) == "2");
}

TEST_CASE("the regular expressions of price lists become patterns", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(
      R"({"id": "a", "match": {"regex": "^x\\.1-\\d{8}$"}, "prices": {"input_mtok": 1, "output_mtok": 1}},
         {"id": "b", "match": {"regex": "^y\\[fast=true\\]$"}, "prices": {"input_mtok": 2, "output_mtok": 2}},
         {"id": "c", "match": {"regex": "^z-\\d"}, "prices": {"input_mtok": 3, "output_mtok": 3}})"));
  CHECK(price_of(book, "acme", "x.1-99999999", {1'000'000, 0}) == "1");
  CHECK(price_of(book, "acme", "x.1-9999999", {1'000'000, 0}) == "unpriced");
  CHECK(price_of(book, "acme", "y[fast=true]", {1'000'000, 0}) == "2");
  CHECK(price_of(book, "acme", "z-4-turbo", {1'000'000, 0}) == "3");
  CHECK(price_of(book, "acme", "z-turbo", {1'000'000, 0}) == "unpriced");
}

TEST_CASE("a look-ahead that must not match excepts names", "[genai_prices]") {
  const ts::PriceBook book = loaded(list_of(
      R"x({"id": "a", "match": {"and": [{"starts_with": "g-pro"}, {"regex": "^(?!.*-[tT][tT][sS](?:$|-))"}]},
          "prices": {"input_mtok": 1, "output_mtok": 1}},
         {"id": "b", "match": {"starts_with": "g-pro"}, "prices": {"input_mtok": 2, "output_mtok": 2}})x"));
  CHECK(price_of(book, "acme", "g-pro-preview", {1'000'000, 0}) == "1");
  CHECK(price_of(book, "acme", "g-pro-preview-tts", {1'000'000, 0}) == "2");
  CHECK(price_of(book, "acme", "g-pro-TTS-1", {1'000'000, 0}) == "2");
}

TEST_CASE("a model whose names no pattern can say is left out, and told of", "[genai_prices]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_genai_prices(
      book, list_of(R"({"id": "odd", "match": {"regex": "^(a|b)+$"}, "prices": {"input_mtok": 1}},)"
                    "\n" +
                    model(R"({"input_mtok": 1})") +
                    R"(, {"id": "part", "match": {"or": [{"equals": "part"}, {"regex": "x?y"}]}, "prices": {}})"));
  REQUIRE(result.loaded());
  CHECK(result.models == 2);
  REQUIRE(result.left_out.size() == 1);
  CHECK(result.left_out[0].models == 1);
  CHECK(result.left_out[0].first == "line 1, column 44: odd: a name that no pattern can say");
  REQUIRE(result.unsaid.size() == 1);
  CHECK(result.unsaid[0].first == "line 2, column 69: part: a name that no pattern can say");
}

TEST_CASE("no regular expression of another kind is taken for a pattern", "[genai_prices]") {
  for (const char* regex : {"a|b", "(ab)", "a?", "a+", "a*", "[abc]", "[^a]", "a{2}", "\\\\w", "\\\\s", "^(?=a)", "a.b",
                            "a$b", "\\\\d+", "\\\\d{1,2}", "#", "\\\\", ""}) {
    INFO(regex);
    ts::PriceBook book = ts::PriceBook::empty("list", "1");
    const ts::LoadResult result =
        ts::load_genai_prices(book, list_of(R"({"id": "odd", "match": {"regex": ")" + std::string{regex} +
                                            R"("}, "prices": {}}, )" + model("{}", "other")));
    if (*regex == '\0') continue;
    CHECK(result.models == 1);
    CHECK(result.models_left_out() == 1);
  }
}

TEST_CASE("a provider charges as those it falls back to, for models it has not", "[genai_prices]") {
  const ts::PriceBook book = loaded(
      R"([{"id": "azure", "fallback_model_providers": ["openai"], "models": [
           {"id": "own", "match": {"starts_with": "gpt-4o"}, "prices": {"input_mtok": 9, "output_mtok": 9}}]},
          {"id": "openai", "models": [
           {"id": "gpt-4o", "match": {"equals": "gpt-4o-2024-08-06"}, "prices": {"input_mtok": 2, "output_mtok": 2}},
           {"id": "o3", "match": {"equals": "o3"}, "prices": {"input_mtok": 3, "output_mtok": 3}}]}])");
  CHECK(price_of(book, "openai", "gpt-4o-2024-08-06", {1'000'000, 0}) == "2");
  CHECK(price_of(book, "azure", "gpt-4o-2024-08-06", {1'000'000, 0}) == "9");
  CHECK(price_of(book, "azure", "o3", {1'000'000, 0}) == "3");
  CHECK(book.rate_for("azure", "o3", {})->source == "genai-prices' data.json, as of openai");
}

TEST_CASE("one bad price takes no list away, and is told with its place", "[genai_prices]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_genai_prices(
      book, list_of("\n" + model(R"({"input_mtok": -1})", "bad") + ",\n" + model(R"({"input_mtok": "x"})", "worse") +
                    ",\n" + model(R"({"input_mtok": -0.5})", "bad2") + ",\n" + model(R"({"input_mtok": 1})")));
  REQUIRE(result.loaded());
  CHECK(result.models == 1);
  CHECK(result.models_left_out() == 3);
  REQUIRE(result.left_out.size() == 2);
  CHECK(result.left_out[0].models == 2);
  CHECK(result.left_out[0].first == "line 2, column 68: bad: input_mtok is -1: a price is not negative");
  CHECK(result.left_out[1].first == R"(line 3, column 72: worse: input_mtok is "x": a price is a number)");
  CHECK(price_of(book, "acme", "bad", usual) == "unpriced");
}

TEST_CASE("a condition that cannot be read leaves its model out", "[genai_prices]") {
  for (const char* constraint :
       {R"({"start_date": "2026-13-01"})", R"({"start_date": 20260101})", R"({"end_date": "2026-01-01"})",
        R"({"start_time": "25:00:00Z", "end_time": "26:00:00Z"})",
        R"({"start_time": "04:00:00Z", "end_time": "01:00:00Z"})", R"({"start_time": "01:00:00"})", "[]", "7"}) {
    INFO(constraint);
    ts::PriceBook book = ts::PriceBook::empty("list", "1");
    const ts::LoadResult result = ts::load_genai_prices(
        book, list_of(model(R"([{"constraint": )" + std::string{constraint} + R"(, "prices": {"input_mtok": 1}}])") +
                      ", " + model("{}", "other")));
    CHECK(result.loaded());
    CHECK(result.models == 1);
    CHECK(result.models_left_out() == 1);
  }
}

TEST_CASE("what is no list of genai-prices leaves the book as it was", "[genai_prices]") {
  CHECK(refused("{}").error == "line 1, column 1: an array of providers was expected");
  CHECK(refused("[]").error == "there is no price in it: it is not genai-prices' data.json");
  CHECK(refused(R"([{"id": "a", "models": [)").error.starts_with("line 1, column 25: the price list is no JSON"));
  CHECK(refused("").error == "line 1, column 1: an array of providers was expected");
  CHECK(refused(list_of(model("{}")) + " x").error.starts_with("line 1, column"));
}

TEST_CASE("a list beyond the limits leaves the book as it was", "[genai_prices]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const std::string two = list_of(model("{}") + ", " + model("{}", "n"));
  CHECK(ts::load_genai_prices(book, two, {.most_rules = 1}).error == "the price list makes more than 1 rules");
  CHECK(ts::load_genai_prices(book, two, {.most_bytes = 10}).error.find("no more than 10 are read") !=
        std::string::npos);
  CHECK(book.rates().size() == 0);
  CHECK(ts::load_genai_prices(book, two, {.most_rules = 2}).loaded());
}

TEST_CASE("the rules name their source and their day", "[genai_prices]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  REQUIRE(ts::load_genai_prices(book, list_of(model("{}")), {.source = "a.json", .as_of = "2026-09-23"}).loaded());
  CHECK(book.rate_for("acme", "m", {})->source == "a.json");
  CHECK(book.rate_for("acme", "m", {})->as_of == "2026-09-23");
}

TEST_CASE("names with escapes and odd characters are names, and shown harmlessly", "[genai_prices]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  const ts::LoadResult result = ts::load_genai_prices(
      book, list_of(R"({"id": "\u001b[2J\n", "match": {"equals": "a"}, "prices": {"input_mtok": -1}},
                       {"id": "b", "match": {"equals": "caf\u00e9\u002d1"}, "prices": {}},
                       {"id": "c", "match": {"equals": "star*"}, "prices": {}})"));
  CHECK(price_of(book, "acme", "caf\xC3\xA9-1", usual) == "free");
  CHECK(price_of(book, "acme", "starry", usual) == "unpriced");
  CHECK(result.models_left_out() == 2);
  for (const char letter : result.left_out[0].first) CHECK(letter >= ' ');
}
