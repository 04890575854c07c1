// SPDX-License-Identifier: MIT
#include <tallyscope/prices/price_file.hpp>

#include <fstream>
#include <string>

#include "catch.hpp"
#include "prices/loaded.hpp"
#include "sinks/temporary_folder.hpp"

namespace ts = tallyscope;

namespace {

std::string fixture(const char* name) {
  return std::string{TALLYSCOPE_SOURCE_DIR "/tests/prices/fixtures/"} + name + ".json";
}

/// A file with this content until the end of the test.
class WrittenFile {
 public:
  explicit WrittenFile(const std::string& content) { std::ofstream{path(), std::ios::binary} << content; }

  std::string path() const { return folder_.file("prices.json"); }

 private:
  TemporaryFolder folder_;
};

constexpr ts::Usage both{.input_tokens = 1'000'000, .output_tokens = 1'000'000};

}  // namespace

TEST_CASE("the format of a price list is recognised by what is in it", "[price_file]") {
  struct Expected {
    const char* file;
    std::string_view format;
    std::size_t models, left_out;
  };
  for (const auto& [file, format, models, left_out] :
       {Expected{"litellm", ts::litellm_format, 4, 1}, Expected{"genai_prices", ts::genai_prices_format, 6, 1},
        Expected{"models_dev", ts::models_dev_format, 2, 2}}) {
    INFO(file);
    ts::PriceBook book = ts::PriceBook::empty("list", "1");
    const ts::LoadResult result = ts::load_price_file(book, fixture(file));
    INFO(result.error);
    CHECK(result.loaded());
    CHECK(result.format == format);
    CHECK(result.models == models);
    CHECK(result.models_left_out() == left_out);
    CHECK(result.rules + result.adjustments == book.rates().size() + book.adjustments().size());
  }
}

TEST_CASE("the rules of a file name it as their source", "[price_file]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  REQUIRE(ts::load_price_file(book, fixture("genai_prices")).loaded());
  CHECK(book.rate_for("acme", "small", {})->source == "genai_prices.json");
  CHECK(book.rate_for("shop", "small", {})->source == "genai_prices.json, as of acme");
  REQUIRE(ts::load_price_file(book, fixture("models_dev"), {.source = "mine"}).loaded());
  CHECK(book.rate_for("acme", "small", {})->source == "mine");
}

TEST_CASE("a file that cannot be read says why, and the book stays as it was", "[price_file]") {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  CHECK(ts::load_price_file(book, "/nowhere/prices.json").error ==
        "cannot read /nowhere/prices.json: No such file or directory");
  CHECK(ts::load_price_file(book, "/tmp").error == "cannot read /tmp: Is a directory");
  const WrittenFile text{"prices are high"}, empty{""}, large{"[" + std::string(1'000, ' ') + "]"};
  CHECK(ts::load_price_file(book, text.path()).error ==
        text.path() +
            ": line 1, column 1: this is no price list: expected LiteLLM's model_prices_and_context_window.json, "
            "genai-prices' data.json or models.dev's api.json");
  CHECK(ts::load_price_file(book, empty.path()).error.find("this is no price list") != std::string::npos);
  CHECK(ts::load_price_file(book, large.path(), {.most_bytes = 1'000}).error.find("no more than 1000 are read") !=
        std::string::npos);
  CHECK(book.rates().size() == 0);
}

TEST_CASE("a book that is made of a file is named by the file and by its bytes", "[price_file]") {
  const WrittenFile one{R"([{"id": "a", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {}}]}])"};
  const WrittenFile other{R"([{"id": "a", "models": [{"id": "n", "match": {"equals": "n"}, "prices": {}}]}])"};
  const ts::PriceFile first = ts::read_price_file(one.path()), again = ts::read_price_file(one.path());
  REQUIRE(first.result.loaded());
  CHECK(first.book.name() == "prices.json");
  CHECK(first.book.version().size() == 8);
  CHECK(first.book.version().find_first_not_of("0123456789abcdef") == std::string_view::npos);
  CHECK(first.book.version() == again.book.version());
  CHECK(first.book.version() != ts::read_price_file(other.path()).book.version());
}

TEST_CASE("the hash in the name of a book is FNV-1a", "[price_file]") {
  CHECK(ts::detail::short_hash("") == "cbf29ce4");
  CHECK(ts::detail::short_hash("a") == "af63dc4c");
  CHECK(ts::detail::short_hash("foobar") == "85944171");
}

TEST_CASE("a book that is made of a file knows what vendors charge beside it, and the file goes before that",
          "[price_file]") {
  const WrittenFile file{
      R"({"m": {"litellm_provider": "anthropic", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06,
                "provider_specific_entry": {"us": 1.5}},
          "n": {"litellm_provider": "anthropic", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}})"};
  const ts::PriceBook book = ts::read_price_file(file.path()).book;
  CHECK(price_of(book, "anthropic", "m", both) == "2");
  CHECK(price_of(book, "anthropic", "m", both, {.tier = "batch"}) == "1");
  CHECK(price_of(book, "anthropic", "m", both, {.region = "us"}) == "3");
  CHECK(price_of(book, "anthropic", "n", both, {.region = "us"}) == "2.2");
  CHECK(price_of(book, "cohere", "command-a-reasoning-08-2025", both) == "12.5");
}

TEST_CASE("of a file that is no list there is a book without a rule", "[price_file]") {
  const WrittenFile file{"{}"};
  const ts::PriceFile read = ts::read_price_file(file.path());
  CHECK_FALSE(read.result.loaded());
  CHECK(read.book.rates().size() == 0);
  CHECK(price_of(read.book, "openai", "gpt-4.1", both) == "unpriced");
}
