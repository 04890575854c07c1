// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/byte_class.hpp>

#include "catch.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace ts = tallyscope;

namespace {

using ts::detail::ByteFeature;
using ts::detail::ByteFeatures;
using Counts = std::vector<std::uint64_t>;

Counts counts_of(const ByteFeatures& features) {
  return {features.counts(), features.counts() + ts::detail::byte_feature_count};
}
Counts plain_counts(std::string_view text) {
  ByteFeatures features;
  features.feed_plainly(text);
  return counts_of(features);
}
Counts fast_counts(std::string_view text) {
  ByteFeatures features;
  features.feed(text);
  return counts_of(features);
}
std::uint64_t count(ByteFeature feature, std::string_view text) {
  ByteFeatures features;
  features.feed(text);
  return features[feature];
}

std::int64_t tokens_of(std::string_view text, std::string_view model = "gpt-4o", const ts::ByteClass& prototype = {}) {
  ts::ByteClass meter = prototype.for_model(model);
  meter.feed(text);
  return meter.tokens().tokens.value_or(-1);
}

/// Texts of runs: of one class, of several, or of any bytes at all.
std::string made_up_text(std::mt19937& random, std::size_t size) {
  static const std::string alphabets[] = {
      "abcxyz", "ABCXYZ", "aZ",     "0123456789", " ", " \t\n\r\v\f",          "\n\r",   "{}[]():;,.!@`~\x7f",
      "é",      "дом",    "日本語", "अ",          "😀", "\x80\xBF\xC0\xFF\xF5", "aB1 .\n"};
  std::string text;
  while (text.size() < size) {
    const std::string& alphabet = alphabets[random() % std::size(alphabets)];
    for (std::size_t length = 1 + random() % 20; length > 0; --length)
      text += random() % 30 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
  }
  return text.substr(0, size);
}

}  // namespace

TEST_CASE("each kind of byte is counted for what it is and for what stands before it", "[byte_class]") {
  using enum ByteFeature;
  CHECK(count(word_starts, "one two3four-five") == 4);
  CHECK(count(letters, "aZ [`{@ é") == 2);
  CHECK(count(capitals_behind_small, "aBcD AB") == 2);
  CHECK(count(capitals_behind_capitals, "aBCD AB") == 3);
  CHECK(count(digits, "12 345/:") == 5);
  CHECK(count(digit_runs, "12 345") == 2);
  CHECK(count(punctuation, "a.b ::\x01\x7f") == 5);
  CHECK(count(punctuation_runs, "a.b :: c") == 2);
  CHECK(count(spaces, " \t\v\f\r\n_") == 6);
  CHECK(count(spaces_behind_spaces, "a  b \n") == 2);
  CHECK(count(newlines, "a\r\nb\n") == 3);
  CHECK(count(newline_runs, "a\r\nb\n") == 2);
  CHECK(count(letters_behind_eight, "abcdefgh abcdefghij") == 2);
}

TEST_CASE("a character that is not ASCII is counted once, by its first byte", "[byte_class]") {
  using enum ByteFeature;
  CHECK(count(lead_c2_cd, "éßñ") == 3);
  CHECK(count(lead_ce_cf, "αω") == 2);
  CHECK(count(lead_d0_d5, "дом") == 3);
  CHECK(count(lead_d6_df, "שלם") == 3);
  CHECK(count(lead_e0_e1, "अआ") == 2);
  CHECK(count(lead_e2_f0, "—😀") == 2);
  CHECK(count(lead_e3, "かな") == 2);
  CHECK(count(lead_e4_e9, "中文") == 2);
  CHECK(count(lead_ea_ef, "한국") == 2);
}

TEST_CASE("blocks of bytes are counted as single bytes are", "[byte_class]") {
  std::mt19937 random{1};
  for (int round = 0; round < 3'000; ++round) {
    const std::string text = made_up_text(random, random() % 400);
    REQUIRE(fast_counts(text) == plain_counts(text));
  }
}

TEST_CASE("every pair of bytes is counted alike across the edge of a block", "[byte_class]") {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; second += 5) {
      std::string text(130, 'x');
      text[63] = text[127] = static_cast<char>(first);
      text[64] = text[128] = static_cast<char>(second);
      REQUIRE(fast_counts(text) == plain_counts(text));
    }
}

TEST_CASE("where a text is cut makes no difference", "[byte_class]") {
  std::mt19937 random{2};
  for (int round = 0; round < 1'000; ++round) {
    const std::string text = made_up_text(random, random() % 600);
    ByteFeatures pieces;
    for (std::size_t place = 0; place < text.size();) {
      const std::size_t size = std::min<std::size_t>(random() % (round % 2 == 0 ? 12 : 200), text.size() - place);
      pieces.feed({text.data() + place, size});
      place += size;
    }
    REQUIRE(counts_of(pieces) == plain_counts(text));
  }
}

TEST_CASE("a word of any length has its letters behind eight, in one piece or letter by letter", "[byte_class]") {
  for (std::size_t length = 0; length < 300; ++length) {
    const std::string word(length, 'q');
    REQUIRE(count(ByteFeature::letters_behind_eight, word) == (length > 8 ? length - 8 : 0));
    ByteFeatures halves;
    halves.feed(word.substr(0, length / 2));
    halves.feed(word.substr(length / 2));
    REQUIRE(counts_of(halves) == plain_counts(word));
  }
}

TEST_CASE("ordinary texts are near to their true count", "[byte_class]") {
  const std::string prose =
      "The quick brown fox jumps over the lazy dog, and then it walks slowly home through the quiet forest.";
  CHECK(tokens_of(prose) >= 19);
  CHECK(tokens_of(prose) <= 26);
  const std::string code = "for (int i = 0; i < count; ++i) {\n  sum += values[i] * weights[i];\n}\n";
  CHECK(tokens_of(code) >= 24);
  CHECK(tokens_of(code) <= 34);
}

TEST_CASE("a text has at least one token, and no text none", "[byte_class]") {
  CHECK(tokens_of("") == 0);
  CHECK(tokens_of("a") == 1);
  CHECK(tokens_of("\x80") == 1);
  CHECK(tokens_of(std::string(1'000, ' ')) >= 1);
}

TEST_CASE("hostile bytes give a number that is neither negative nor absurd", "[byte_class]") {
  std::mt19937 random{3};
  for (int round = 0; round < 300; ++round) {
    std::string text(1 + random() % 3'000, '\0');
    for (char& byte : text) byte = static_cast<char>(random());
    for (const char* model : {"gpt-4o", "gpt-4", "claude-sonnet-4-5"}) {
      CHECK(tokens_of(text, model) >= 1);
      CHECK(tokens_of(text, model) <= static_cast<std::int64_t>(4 * text.size() + 1));
    }
  }
}

TEST_CASE("a model has the weights of its vocabulary, and says how far they are off", "[byte_class]") {
  const auto error = [](std::string_view model) { return ts::ByteClass{}.for_model(model).tokens().relative_error; };
  for (const char* model : {"gpt-4o", "gpt-4.1-mini", "gpt-5", "gpt-5-nano", "gpt-5.1", "o3-mini", "openai/gpt-4o",
                            "gpt-oss-120b", "gpt-4o-2024-08-06"})
    CHECK(error(model) == ts::o200k_weights.relative_error);
  for (const char* model : {"gpt-4", "gpt-4-turbo", "gpt-3.5-turbo", "text-embedding-3-small"})
    CHECK(error(model) == ts::cl100k_weights.relative_error);
}

TEST_CASE("of a model without a public vocabulary the error is not known, and that is said", "[byte_class]") {
  for (const char* model : {"claude-sonnet-4-5", "gemini-2.5-pro", "llama-3", "gpt-4oo", "", "o3000"}) {
    const ts::Estimate estimate = ts::ByteClass{}.for_model(model).tokens();
    CHECK(estimate.relative_error == 0);
    CHECK_FALSE(estimate.exact);
    CHECK(tokens_of("some text of a few words", model) == tokens_of("some text of a few words"));
  }
}

TEST_CASE("weights of the host's own are taken for all models or for some", "[byte_class]") {
  static constexpr ts::ByteWeights letters{{0, 1}, 0.5f};
  static constexpr ts::ModelWeights mine[] = {{"claude", &letters}};
  CHECK(tokens_of("abc def", "gpt-4", ts::ByteClass{letters}) == 6);
  CHECK(tokens_of("abc def", "claude-haiku", ts::ByteClass{mine}) == 6);
  CHECK(tokens_of("abc def", "claudia", ts::ByteClass{mine}) == tokens_of("abc def"));
  CHECK(ts::ByteClass{mine}.for_model("claude").for_model("gpt-4o").tokens().relative_error == 0.08f);
}

TEST_CASE("weights that are no numbers, or far too large, give a count all the same", "[byte_class]") {
  static constexpr ts::ByteWeights none{{std::numeric_limits<float>::quiet_NaN()}, 0};
  static constexpr ts::ByteWeights endless{{0, std::numeric_limits<float>::infinity()}, 0};
  static constexpr ts::ByteWeights negative{{-1, -1}, 0};
  CHECK(tokens_of("abc", "", ts::ByteClass{none}) == 1);
  CHECK(tokens_of("abc", "", ts::ByteClass{endless}) == 9'000'000'000'000'000'000);
  CHECK(tokens_of("abc", "", ts::ByteClass{negative}) == 1);
}

TEST_CASE("counts and tokens go beyond 32 bits", "[byte_class]") {
  static constexpr ts::ByteWeights spaces{{0, 0, 0, 0, 0, 0, 0, 0, 5'000}, 0};
  CHECK(tokens_of(std::string(1 << 20, ' '), "", ts::ByteClass{spaces}) == std::int64_t{5'000} << 20);
  STATIC_REQUIRE(std::is_same_v<decltype(ByteFeatures{}[ByteFeature::spaces]), std::uint64_t>);
}

TEST_CASE("a meter of byte classes starts from nothing, whatever its prototype was fed", "[byte_class]") {
  ts::ByteClass used;
  used.feed("some text");
  CHECK(used.for_model("gpt-4o").tokens().tokens == 0);
  STATIC_REQUIRE(std::is_trivially_copyable_v<ts::ByteClass>);
  STATIC_REQUIRE(sizeof(ts::ByteClass) <= 224);
}
