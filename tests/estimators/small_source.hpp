// SPDX-License-Identifier: MIT
// The tokens of a vocabulary of some hundred, made here.
#pragma once

#include <tallyscope/estimators/detail/vocabulary_source.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// All bytes, then what training on `text` merges first, up to `count` tokens; a gap at 300.
inline std::vector<std::string> trained_tokens(std::string_view text, std::size_t count) {
  std::vector<std::string> tokens, parts;
  for (int byte = 0; byte < 256; ++byte) tokens.push_back(std::string(1, static_cast<char>(byte)));
  for (const char byte : text) parts.push_back(std::string(1, byte));
  while (tokens.size() < count) {
    std::map<std::string, int> often;
    for (std::size_t place = 0; place + 1 < parts.size(); ++place) ++often[parts[place] + parts[place + 1]];
    std::pair<std::string, int> most{"", 0};
    for (const auto& pair : often)
      if (pair.second > most.second) most = pair;
    if (most.second < 2) break;
    if (tokens.size() == 300) tokens.emplace_back();
    tokens.push_back(most.first);
    std::vector<std::string> merged;
    for (const std::string& part : parts)
      if (!merged.empty() && merged.back() + part == most.first)
        merged.back() += part;
      else
        merged.push_back(part);
    parts = std::move(merged);
  }
  return tokens;
}

inline const std::string& small_text() {
  static const std::string text = [] {
    std::string made;
    for (int round = 0; round < 40; ++round)
      made +=
          "the tokens of the text are counted as the model counts them, 12345 and 2026; don't you? "
          "Der Text wird gezählt: größer, später, süß. 中文文本的标记数量。中文文本。 日本語のテキスト。\n\n    "
          "indented\n";
    return made;
  }();
  return text;
}

inline tallyscope::VocabularySource small_source() {
  tallyscope::VocabularySource source;
  source.name = "small";
  source.tokens = trained_tokens(small_text(), 700);
  const auto last = static_cast<std::uint32_t>(source.tokens.size());
  source.specials = {{"<|end|>", last}, {"<|end|>more", last + 1}, {"<|begin|>", last + 7}};
  return source;
}
