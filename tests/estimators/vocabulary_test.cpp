// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/tokenizer.hpp>
#include <tallyscope/estimators/vocabulary.hpp>

#include "small_vocabulary.hpp"

#include <cstring>
#include <memory>

namespace ts = tallyscope;

namespace {

ts::VocabularyProblem problem_of(std::string_view image) {
  ts::VocabularyProblem problem = ts::VocabularyProblem::none;
  const ts::Vocabulary vocabulary = ts::Vocabulary::from_image(image, problem);
  CHECK(vocabulary.empty() == (problem != ts::VocabularyProblem::none));
  return problem;
}

ts::detail::VocabularyHeader header_of(const std::string& image) {
  ts::detail::VocabularyHeader header;
  std::memcpy(&header, image.data(), sizeof header);
  return header;
}

}  // namespace

TEST_CASE("an image gives back every token that it was made of", "[vocabulary]") {
  const ts::VocabularySource source = small_source();
  const ts::Vocabulary vocabulary = small_vocabulary();
  CHECK(vocabulary.name() == "small");
  CHECK(vocabulary.token_count() == source.tokens.size());
  for (std::uint32_t number = 0; number < source.tokens.size(); ++number) {
    CHECK(vocabulary.text_of(number) == source.tokens[number]);
    if (!source.tokens[number].empty()) CHECK(vocabulary.token_of(source.tokens[number]) == number);
    if (!source.tokens[number].empty()) CHECK(vocabulary.token_of(source.tokens[number] + '\x01') != number);
  }
  CHECK(vocabulary.text_of(100'000).empty());
  CHECK(vocabulary.special_count() == 3);
  CHECK(vocabulary.text_of(vocabulary.special_token(1)) == "<|end|>more");
}

TEST_CASE("what is no image, or no whole one, is told apart", "[vocabulary]") {
  const std::string& image = small_image();
  CHECK(problem_of("") == ts::VocabularyProblem::no_image);
  CHECK(problem_of("{\"pat_str\": 1, \"bpe_ranks\": 2}") == ts::VocabularyProblem::no_image);
  for (std::size_t size = 8; size < image.size(); size += 1 + size / 3)
    CHECK(problem_of(std::string_view{image}.substr(0, size)) == ts::VocabularyProblem::cut_off);
  std::string other = image;
  other[8] = 1;
  CHECK(problem_of(other) == ts::VocabularyProblem::other_format);
  other = image;
  std::swap(other[12], other[15]);
  CHECK(problem_of(other) == ts::VocabularyProblem::other_byte_order);
  other = "." + image;
  CHECK(problem_of(std::string_view{other}.substr(1)) == ts::VocabularyProblem::misaligned);
  for (int problem = 0; problem <= static_cast<int>(ts::VocabularyProblem::changed); ++problem)
    CHECK(ts::sentence_of(static_cast<ts::VocabularyProblem>(problem)).size() > 10);
}

TEST_CASE("a section outside of the image breaks it", "[vocabulary]") {
  for (std::size_t section = 0; section < ts::detail::section_count; ++section)
    for (const std::uint64_t value :
         {std::uint64_t{1}, ~std::uint64_t{0}, ~std::uint64_t{63}, std::uint64_t{1} << 40}) {
      std::string image = small_image();
      ts::detail::VocabularyHeader header = header_of(image);
      header.sections[section].offset = value;
      std::memcpy(image.data(), &header, sizeof header);
      CHECK(problem_of(image) == ts::VocabularyProblem::broken);
    }
}

TEST_CASE("every changed byte is noticed by a check", "[vocabulary]") {
  CHECK(ts::Vocabulary::check(small_image()) == ts::VocabularyProblem::none);
  for (std::size_t place = 0; place < small_image().size(); place += place < 512 ? 1 : 9'973) {
    std::string image = small_image();
    image[place] = static_cast<char>(image[place] ^ 4);
    CHECK(ts::Vocabulary::check(image) != ts::VocabularyProblem::none);
  }
}

namespace {

/// One long piece of what the small text is made of.
std::string many_letters(std::size_t size) {
  std::string letters;
  for (const char c : small_text())
    if (c >= 'a' && c <= 'z') letters += c;
  while (letters.size() < size) letters += letters;
  return letters.substr(0, size);
}

}  // namespace

TEST_CASE("no image, however broken, makes a count read outside of it or never end", "[vocabulary]") {
  std::mt19937 random{5};
  const std::string text = small_text().substr(0, 400) + std::string(200, 'x') + ' ' + many_letters(3'000);
  for (int trial = 0; trial < 300; ++trial) {
    // In memory of its own, so that a sanitizer sees each byte beyond it.
    const auto copy = std::make_unique<std::uint64_t[]>(small_image().size() / 8);
    char* const bytes = reinterpret_cast<char*>(copy.get());
    std::memcpy(bytes, small_image().data(), small_image().size());
    const std::size_t begin = trial % 3 == 0 ? 16 : sizeof(ts::detail::VocabularyHeader);
    for (int change = 0; change < 1 << trial % 12; ++change)
      bytes[begin + random() % (small_image().size() - begin)] = static_cast<char>(random());
    if (trial % 7 == 0)
      std::memset(bytes + sizeof(ts::detail::VocabularyHeader), 0xFF,
                  small_image().size() - sizeof(ts::detail::VocabularyHeader));
    // What says how pieces are cut and merged, whatever the tables hold.
    ts::detail::VocabularyHeader header;
    std::memcpy(&header, bytes, sizeof header);
    if (trial % 2 == 0) header.monotone = 1, header.unreachable = 0;
    if (trial % 4 == 0) header.pattern = 1 + static_cast<std::uint32_t>(trial) / 4 % 5, header.normal_form = 1;
    std::memcpy(bytes, &header, sizeof header);
    ts::VocabularyProblem problem = ts::VocabularyProblem::none;
    const ts::Vocabulary vocabulary = ts::Vocabulary::from_image({bytes, small_image().size()}, problem);
    if (vocabulary.empty()) continue;
    ts::Tokenizer tokenizer{vocabulary};
    CHECK(tokenizer.count(text) <= text.size());
    CHECK(tokenizer.decode(tokenizer.encode(text, ts::SpecialTokens::allowed)).size() < 1'000'000'000);
  }
}
