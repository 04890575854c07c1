// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/tokenizer.hpp>
#include <tallyscope/estimators/vocabulary_builder.hpp>

#include "small_vocabulary.hpp"

namespace ts = tallyscope;

namespace {

std::string refusal_of(const ts::VocabularySource& source) {
  std::string problem;
  CHECK(ts::build_vocabulary(source, problem).empty());
  return problem;
}

/// Single bytes a to z at their numbers, and others.
ts::VocabularySource letters(std::vector<std::pair<std::string, std::uint32_t>> others) {
  ts::VocabularySource source;
  source.name = "letters";
  source.tokens.resize(256);
  for (char letter = 'a'; letter <= 'z'; ++letter) source.tokens[static_cast<std::size_t>(letter)] = letter;
  for (const auto& [text, number] : others) {
    if (source.tokens.size() <= number) source.tokens.resize(number + 1);
    source.tokens[number] = text;
  }
  return source;
}

}  // namespace

TEST_CASE("what cannot be an image is refused with a sentence", "[vocabulary_builder]") {
  ts::VocabularySource source = small_source();
  for (const std::string& name : {std::string{}, std::string(32, 'n'), std::string{"../llama3"}, std::string{"a\nb"}}) {
    source.name = name;
    CHECK(refusal_of(source).starts_with("the name of a vocabulary has 1 to 31 ASCII letters"));
  }
  source = small_source();
  source.tokens[5] = source.tokens[400];
  CHECK(refusal_of(source) == "token 400 has the bytes of another one");
  source.tokens.assign(10, "");
  CHECK(refusal_of(source) == "the vocabulary has no token");
  source.tokens.assign(262'145, "");
  CHECK(refusal_of(source) == "the vocabulary has 262145 tokens; an image holds at most 262144");
}

TEST_CASE("tokens of every size are found, alone and among thousands", "[vocabulary_builder]") {
  ts::VocabularySource source = letters({});
  std::mt19937 random{4};
  for (std::size_t size = 2; size < 90; ++size)
    for (int copy = 0; copy < 40; ++copy) {
      std::string text;
      while (text.size() < size) text += static_cast<char>('a' + random() % 26);
      if (std::find(source.tokens.begin(), source.tokens.end(), text) == source.tokens.end())
        source.tokens.push_back(text);
    }
  const std::string image = image_of(source);
  const ts::Vocabulary vocabulary = vocabulary_of(image);
  ts::Tokenizer tokenizer{vocabulary};
  for (std::uint32_t number = 0; number < source.tokens.size(); ++number)
    if (!source.tokens[number].empty()) {
      CHECK(vocabulary.token_of(source.tokens[number]) == number);
      CHECK(tokenizer.encode(source.tokens[number]) == std::vector<std::uint32_t>{number});
    }
}

TEST_CASE("a part may have a higher number than the whole", "[vocabulary_builder]") {
  // bc comes after abc: a bc is all the same what abc is merged from.
  const ts::VocabularySource source = letters({{"abc", 260}, {"bc", 270}, {"abcd", 261}, {"xyz", 280}, {"yz", 281}});
  const std::string image = image_of(source);
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  for (const char* text : {"abc", "zabc", "abcz", "abcd", "zabcd", "abcabcd", "bcd", "xyz", "axyz", "xyxyz"})
    CHECK(tokenizer.encode(text) == plainly_merged(source.tokens, text));
}

TEST_CASE("long pieces of parts with higher numbers than the whole take no quadratic time", "[vocabulary_builder]") {
  const ts::VocabularySource source =
      letters({{"abc", 260}, {"bc", 270}, {"abcd", 261}, {"xyz", 280}, {"yz", 281}, {"dx", 282}, {"yza", 259}});
  const std::string image = image_of(source);
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  std::mt19937 random{9};
  for (int trial = 0; trial < 40; ++trial) {
    std::string letters_drawn;
    while (letters_drawn.size() < 70 + random() % 60) letters_drawn += "abcdxyz"[random() % 7];
    CHECK(tokenizer.encode(letters_drawn) == plainly_merged(source.tokens, letters_drawn));
  }
  std::string repeated;
  while (repeated.size() < 400'000) repeated += "abcxyzabcd";
  CHECK(tokenizer.count(repeated) < repeated.size());
}

TEST_CASE("a whole piece may be a token that its parts may not be", "[vocabulary_builder]") {
  // No merge leads to the first; a piece of other characters behind it must not make it one.
  ts::VocabularySource source = letters({{"\uC5C5\uB370\uC774", 300}});
  for (int byte = 0x80; byte < 0x100; ++byte)
    source.tokens[static_cast<std::size_t>(byte)] = std::string(1, static_cast<char>(byte));
  const std::string image = image_of(source);
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  for (const char* text :
       {"\uC5C5\uB370\uC774", "\uC5C5\uB370\uC774\uD2B8\uD574\uC694", "\uD2B8\uD574\uC5C5\uB370\uC774"})
    CHECK(tokenizer.encode(text) == plainly_merged(source.tokens, text));
}

TEST_CASE("a token that no merge leads to is only taken whole where whole pieces are", "[vocabulary_builder]") {
  ts::VocabularySource source = letters({{"qrs", 300}});
  for (const bool whole : {true, false}) {
    source.whole_pieces = whole;
    const std::string image = image_of(source);
    ts::Tokenizer tokenizer{vocabulary_of(image)};
    CHECK(tokenizer.count("qrs") == (whole ? 1 : 3));
    CHECK(tokenizer.count("qrst") == 4);
    CHECK(tokenizer.count("a") == 1);
    CHECK(tokenizer.decode({300}) == "qrs");
  }
}

TEST_CASE("bytes without a token are counted as one each", "[vocabulary_builder]") {
  const std::string image = image_of(letters({{"ab", 300}}));
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  CHECK(tokenizer.count("AB") == 2);
  CHECK(tokenizer.count("abA") == 2);
}
