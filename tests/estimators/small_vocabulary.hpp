// SPDX-License-Identifier: MIT
// A vocabulary of some hundred tokens, and what it means, written down once more in the plainest way.
#pragma once

#include <tallyscope/estimators/vocabulary_builder.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "small_source.hpp"

inline std::string image_of(const tallyscope::VocabularySource& source) {
  std::string problem;
  std::string image = tallyscope::build_vocabulary(source, problem);
  REQUIRE(problem == "");
  return image;
}

/// The image of small_source, made once.
inline const std::string& small_image() {
  static const std::string image = image_of(small_source());
  return image;
}

inline tallyscope::Vocabulary vocabulary_of(std::string_view image) {
  tallyscope::VocabularyProblem problem = tallyscope::VocabularyProblem::none;
  const tallyscope::Vocabulary vocabulary = tallyscope::Vocabulary::from_image(image, problem);
  REQUIRE(problem == tallyscope::VocabularyProblem::none);
  return vocabulary;
}

inline tallyscope::Vocabulary small_vocabulary() { return vocabulary_of(small_image()); }

/// A piece's tokens by the definition: of two neighbours that make a token together, those with the lowest number
/// first.
inline std::vector<std::uint32_t> plainly_merged(const std::vector<std::string>& tokens, std::string_view piece) {
  std::map<std::string, std::uint32_t> numbers;
  for (std::uint32_t number = 0; number < tokens.size(); ++number)
    if (!tokens[number].empty()) numbers[tokens[number]] = number;
  if (numbers.count(std::string{piece})) return {numbers[std::string{piece}]};
  std::vector<std::string> parts;
  for (const char byte : piece) parts.push_back(std::string(1, byte));
  for (;;) {
    std::size_t best = parts.size();
    std::uint32_t least = 0xFFFFFFFF;
    for (std::size_t place = 0; place + 1 < parts.size(); ++place) {
      const auto found = numbers.find(parts[place] + parts[place + 1]);
      if (found != numbers.end() && found->second < least) best = place, least = found->second;
    }
    if (best == parts.size()) break;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  std::vector<std::uint32_t> merged;
  for (const std::string& part : parts) merged.push_back(numbers[part]);
  return merged;
}

/// Text of the kind the vocabulary was trained on, cut and mixed.
inline std::string mixed_text(std::mt19937& random, std::size_t most) {
  std::string text;
  const std::size_t size = random() % (most + 1);
  while (text.size() < size) {
    const std::size_t place = random() % (small_text().size() - 40);
    text += random() % 5 == 0 ? std::string(1 + random() % 4, static_cast<char>(random() % 256))
                              : small_text().substr(place, 1 + random() % 40);
  }
  return text;
}
