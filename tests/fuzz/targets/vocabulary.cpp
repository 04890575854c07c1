// SPDX-License-Identifier: MIT
// Images of vocabularies: the input tells which bytes of a sound one are others, three bytes of place and one of value
// each, up to a zero, and is what is counted with it.
#include "../../estimators/small_source.hpp"
#include "../target.hpp"

#include <tallyscope/estimators/token_stream.hpp>
#include <tallyscope/estimators/vocabulary_builder.hpp>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

namespace {

namespace ts = tallyscope;

const std::string& sound_image() {
  static const std::string image = [] {
    std::string problem;
    return ts::build_vocabulary(small_source(), problem);
  }();
  return image;
}

void change(char* image, std::string_view input) {
  for (; input.size() >= 4 && input[0] != '\0'; input.remove_prefix(4)) {
    std::size_t place = 0;
    for (const char byte : input.substr(0, 3)) place = place << 8 | static_cast<unsigned char>(byte);
    image[(place ^ 0x010000) % sound_image().size()] = input[3];  // 1, 0, n is the byte n of the header
  }
}

void count(const ts::Vocabulary& vocabulary, std::string_view text) {
  ts::Tokenizer tokenizer{vocabulary};
  fuzz::require(tokenizer.count(text) <= 3 * text.size(), "no more tokens than bytes, or those of U+FFFD");
  const auto tokens = tokenizer.encode(text, ts::SpecialTokens::allowed);
  fuzz::require(tokens.size() <= 3 * text.size(), "no more tokens than bytes, or those of U+FFFD");
  tokenizer.decode(tokens);
  ts::TokenStream stream{vocabulary};
  for (const char& byte : text) stream.append({&byte, 1});
  fuzz::require(stream.count() <= 3 * text.size(), "no more tokens than bytes, or those of U+FFFD");
}

const fuzz::Target target{"vocabulary", [](std::string_view input) {
                            // In memory of its own size, where a sanitizer sees each byte outside of it.
                            const std::size_t size = sound_image().size();
                            const auto words = std::make_unique<std::uint64_t[]>(size / 8);
                            char* const image = reinterpret_cast<char*>(words.get());
                            std::memcpy(image, sound_image().data(), size);
                            change(image, input);
                            ts::VocabularyProblem problem = ts::VocabularyProblem::none;
                            const auto vocabulary = ts::Vocabulary::from_image({image, size}, problem);
                            fuzz::require(vocabulary.empty() == (problem != ts::VocabularyProblem::none),
                                          "an image is used, or refused with its problem");
                            count(vocabulary, input);
                            static_cast<void>(ts::Vocabulary::check({image, size}));
                          }};

}  // namespace
