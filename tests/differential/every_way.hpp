// SPDX-License-Identifier: MIT
// One text counted in every way there is. Where no other tokenizer is at hand, the ways are held against each other and
// against the definition.
#pragma once

#include <tallyscope/estimators/token_stream.hpp>

#include "made_texts.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ts = tallyscope;

using Tokens = std::vector<std::uint32_t>;
using Pieces = std::vector<std::string_view>;

/// The same image for another pattern.
inline std::string with_pattern(std::string image, ts::detail::PiecePattern pattern) {
  ts::detail::VocabularyHeader header;
  std::memcpy(&header, image.data(), sizeof header);
  header.pattern = static_cast<std::uint32_t>(pattern);
  std::memcpy(image.data(), &header, sizeof header);
  return image;
}

/// Of two neighbours that are a token together, those with the lowest number first.
inline void append_by_definition(const ts::Vocabulary& vocabulary, std::string_view piece, Tokens& tokens) {
  constexpr std::uint32_t none = ts::detail::no_token;
  if (const std::uint32_t whole = vocabulary.token_of(piece); whole != none) return tokens.push_back(whole);
  std::vector<std::string_view> parts;
  for (std::size_t place = 0; place < piece.size(); ++place) parts.push_back(piece.substr(place, 1));
  const auto joined = [&](std::size_t place) -> std::uint32_t {
    if (place + 1 >= parts.size()) return none;
    return vocabulary.token_of({parts[place].data(), parts[place].size() + parts[place + 1].size()});
  };
  std::vector<std::uint32_t> joins;
  for (std::size_t place = 0; place < parts.size(); ++place) joins.push_back(joined(place));
  for (;;) {
    const auto least = std::min_element(joins.begin(), joins.end());
    if (*least == none) break;
    const auto place = static_cast<std::size_t>(least - joins.begin());
    parts[place] = {parts[place].data(), parts[place].size() + parts[place + 1].size()};
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place) + 1);
    joins.erase(least);
    joins[place] = joined(place);
    if (place > 0) joins[place - 1] = joined(place - 1);
  }
  for (const std::string_view part : parts) tokens.push_back(vocabulary.token_of(part));
}

/// The ways to count by one vocabulary. What remembers, remembers from text to text.
class EveryWay {
 public:
  explicit EveryWay(const ts::Vocabulary& vocabulary)
      : vocabulary_{vocabulary}, warm_{vocabulary}, encoding_{vocabulary}, stream_{vocabulary} {}

  /// What two ways differ in, or an empty text.
  std::string_view difference(std::string_view text, MadeTexts& random) {
    std::string sound;
    ts::detail::append_repaired(sound, text);
    const std::vector<char> bytes(sound.begin(), sound.end());  // a sanitizer knows where it ends
    const std::string_view exact{bytes.data(), bytes.size()};
    const Pieces pieces = one_by_one(exact);
    if (++checks_, pieces != at_once(exact)) return "pieces one by one, and many at once";
    tokens_.clear();
    for (const std::string_view piece : pieces) append_by_definition(vocabulary_, piece, tokens_);
    if (const std::string_view wrong = difference_of_counts(text, random); !wrong.empty()) return wrong;
    std::string decoded;
    if (++checks_,
        vocabulary_.can_decode() && (!warm_.decode(tokens_.data(), tokens_.size(), decoded) || decoded != exact))
      return "a text, and its tokens decoded";
    return difference_of_streams(text, random);
  }

  std::uint64_t checks() const { return checks_; }
  /// Of all texts' tokens.
  std::uint64_t sum() const { return sum_; }

 private:
  Pieces one_by_one(std::string_view text) const {
    Pieces pieces;
    const char* const end = text.data() + text.size();
    ts::detail::with_pieces(vocabulary_.pattern(), [&](auto pattern) {
      for (const char *place = text.data(), *next = place; place != end; place = next) {
        next = pattern.next(place, end);
        pieces.emplace_back(place, static_cast<std::size_t>(next - place));
      }
    });
    return pieces;
  }

  Pieces at_once(std::string_view text) const {
    Pieces pieces;
    ts::detail::with_pieces(vocabulary_.pattern(), [&](auto pattern) {
      ts::detail::PieceEnds found;
      const char* const end = text.data() + text.size();
      for (const char* place = text.data(); place != end;) {
        place = ts::detail::find_pieces<decltype(pattern)>(place, end, found);
        for (std::size_t number = 0; number < found.count; ++number) pieces.push_back(found[number]);
      }
    });
    return pieces;
  }

  std::string_view difference_of_counts(std::string_view text, MadeTexts& random) {
    for (const std::uint32_t token : tokens_) sum_ = (sum_ ^ token) * 0x9E3779B97F4A7C15u;
    const std::uint64_t size = tokens_.size(), limit = random.pick(tokens_.size() + 2);
    if (++checks_, encoding_.encode(text) != tokens_) return "the tokens by definition, and those of encode";
    if (++checks_, ts::Tokenizer{vocabulary_}.count(text) != size) return "the tokens, and a count of nothing before";
    if (++checks_, warm_.count(text) != size) return "the tokens, and a count that remembers pieces";
    const std::uint64_t up_to = warm_.count_up_to(text, limit);
    const bool right = size <= limit ? up_to == size : up_to > limit && up_to <= size;
    if (++checks_, !right) return "the tokens, and a count up to a limit";
    return {};
  }

  /// Cut anywhere, asked a few times.
  std::string_view difference_of_streams(std::string_view text, MadeTexts& random) {
    stream_.reset();
    const std::size_t most = 1 + random.pick(random.one_in(3) ? text.size() + 1 : 24);
    for (std::size_t place = 0; place < text.size();) {
      const std::size_t size = std::min(1 + random.pick(most), text.size() - place);
      stream_.append(text.substr(place, size));
      place += size;
      if (place == text.size() || !random.one_in(1 + text.size() / most)) continue;
      ++checks_;
      if (stream_.count() != warm_.count(text.substr(0, place))) return "a text so far, and its stream";
    }
    return ++checks_, stream_.count() == tokens_.size() ? std::string_view{} : "a text, and its stream";
  }

  ts::Vocabulary vocabulary_;
  ts::Tokenizer warm_, encoding_;
  ts::TokenStream stream_;
  Tokens tokens_;
  std::uint64_t checks_ = 0;
  std::uint64_t sum_ = 0;
};
