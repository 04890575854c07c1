// SPDX-License-Identifier: MIT
// Counts that others have published or written down, by the real vocabularies, which npm's tiktoken brings.
#include <tallyscope/clock.hpp>
#include <tallyscope/estimators/messages.hpp>
#include <tallyscope/estimators/tokenizer.hpp>
#include <tallyscope/estimators/vocabulary_builder.hpp>
#include <tallyscope/estimators/vocabulary_files.hpp>
#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/request_estimate.hpp>

#include "catch.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace ts = tallyscope;

namespace {

/// The image of an encoding of npm's tiktoken.
std::string image_of(const std::string& encoding) {
  std::ifstream file{TALLYSCOPE_TOKENIZER_MODULES "/tiktoken/encoders/" + encoding + ".json", std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  ts::VocabularySource source;
  source.name = encoding;
  std::string problem = ts::read_tiktoken_json(text, source);
  REQUIRE(problem == "");
  std::string image = ts::build_vocabulary(source, problem);
  REQUIRE(problem == "");
  return image;
}

ts::Tokenizer tokenizer_of(const std::string& image) {
  ts::VocabularyProblem problem = ts::VocabularyProblem::none;
  const ts::Vocabulary vocabulary = ts::Vocabulary::from_image(image, problem);
  REQUIRE(problem == ts::VocabularyProblem::none);
  return ts::Tokenizer{vocabulary};
}

ts::Tokenizer cl100k() {
  static const std::string image = image_of("cl100k_base");
  return tokenizer_of(image);
}
ts::Tokenizer o200k() {
  static const std::string image = image_of("o200k_base");
  return tokenizer_of(image);
}

using Tokens = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a greeting of the world is four tokens of cl100k_base and of o200k_base", "[known_counts]") {
  CHECK(cl100k().encode("Hello, world!") == Tokens{9906, 11, 1917, 0});
  CHECK(o200k().encode("Hello, world!") == Tokens{13225, 11, 2375, 0});
}

TEST_CASE("a question of seven words and marks is seven tokens", "[known_counts]") {
  CHECK(cl100k().count("Hello, how are you today?") == 7);
  CHECK(o200k().count("Hello, how are you today?") == 7);
}

TEST_CASE("a hundred times the letter a is thirteen tokens", "[known_counts]") {
  CHECK(cl100k().count(std::string(100, 'a')) == 13);
  CHECK(o200k().count(std::string(100, 'a')) == 13);
}

TEST_CASE("a greeting and its answer are 17 tokens as mamba-agents counts them, and no message is 3",
          "[known_counts]") {
  ts::Tokenizer tokenizer = cl100k();
  CHECK(ts::count_messages(tokenizer,
                           {{.role = "user", .content = "Hello"}, {.role = "assistant", .content = "Hi there!"}},
                           ts::mamba_messages) == 17);
  CHECK(ts::count_messages(tokenizer, {}, ts::mamba_messages) == 3);
}

TEST_CASE("two messages of twelve tokens are 23, and with 1,000 of output $0.008046 of gpt-4.1", "[known_counts]") {
  ts::Tokenizer tokenizer = o200k();
  const std::uint64_t tokens = ts::count_messages(tokenizer,
                                                  {{.role = "system", .content = "You are a helpful assistant."},
                                                   {.role = "user", .content = "Where is the nearest printer?"}},
                                                  ts::lesson_messages);
  CHECK(tokens == 23);
  const ts::RequestEstimate estimate = ts::estimate_request(ts::PriceBook{}, ts::CountedTokens{tokens},
                                                            ts::SystemClock{}, {.model = "gpt-4.1"}, {}, 1000);
  REQUIRE(estimate.estimated_total_cost.has_value());
  CHECK(estimate.estimated_input_cost->usd() == "$0.000046");
  CHECK(estimate.estimated_output_cost->usd() == "$0.008000");
  CHECK(estimate.estimated_total_cost->usd() == "$0.008046");
}
