// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/token_stream.hpp>

#include "small_vocabulary.hpp"

#include <algorithm>

namespace ts = tallyscope;

TEST_CASE("a stream counts what the whole text counts, however it is cut and whenever it is asked", "[token_stream]") {
  const std::string* const image = &small_image();
  for (const auto pattern :
       {ts::detail::PiecePattern::gpt2, ts::detail::PiecePattern::cl100k, ts::detail::PiecePattern::o200k,
        ts::detail::PiecePattern::qwen2, ts::detail::PiecePattern::deepseek3}) {
    std::string own = *image;
    ts::detail::VocabularyHeader header;
    std::copy_n(own.data(), sizeof header, reinterpret_cast<char*>(&header));
    header.pattern = static_cast<std::uint32_t>(pattern);
    std::copy_n(reinterpret_cast<const char*>(&header), sizeof header, own.data());
    ts::Tokenizer tokenizer{vocabulary_of(own)};
    ts::TokenStream stream{vocabulary_of(own)};
    std::mt19937 random{3};
    for (int trial = 0; trial < 120; ++trial) {
      const std::string text = mixed_text(random, 300);
      stream.reset();
      const std::size_t most = 1 + random() % 20;
      std::uint64_t settled = 0;
      for (std::size_t place = 0; place < text.size();) {
        const std::size_t size = std::min<std::size_t>(1 + random() % most, text.size() - place);
        stream.append(std::string_view{text}.substr(place, size));
        place += size;
        CHECK(stream.settled() >= settled);
        settled = stream.settled();
        if (random() % 8 == 0 || place == text.size())
          REQUIRE(stream.count() == tokenizer.count(std::string_view{text}.substr(0, place)));
      }
      CHECK(settled <= stream.count());
    }
  }
}

TEST_CASE("a piece that stays open takes no more time for each byte the longer it is", "[token_stream]") {
  ts::TokenStream stream{small_vocabulary()};
  ts::Tokenizer tokenizer{small_vocabulary()};
  for (const char letter : {'q', ' ', '\n', '.', '7'}) {
    stream.reset();
    for (int byte = 0; byte < 200'000; ++byte) stream.append({&letter, 1});
    CHECK(stream.count() == tokenizer.count(std::string(200'000, letter)));
  }
}

TEST_CASE("a stream of no vocabulary counts nothing and keeps nothing", "[token_stream]") {
  ts::TokenStream stream{ts::Vocabulary{}};
  for (int append = 0; append < 1'000; ++append) stream.append("some text");
  CHECK(stream.count() == 0);
}
