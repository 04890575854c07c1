// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/image_writer.hpp>
#include <tallyscope/estimators/detail/merge_pairs.hpp>
#include <tallyscope/estimators/detail/vocabulary_source.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0 {

namespace detail {

/// Can it be the name of a file as it is?
constexpr bool is_vocabulary_name(std::string_view name) noexcept {
  const auto is_letter = [](char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); };
  if (name.empty() || name.size() > 31 || !is_letter(name[0])) return false;
  for (const char byte : name)
    if (!is_letter(byte) && !is_digit(byte) && byte != '.' && byte != '_' && byte != '-') return false;
  return true;
}

}  // namespace detail

/// Makes the image of a vocabulary: byte pair encoding, in which of two neighbours those become one first that make the
/// token with the lowest number. About a second for 200,000 tokens. `problem` tells in one sentence why there is none;
/// the image is then empty. Throws what the standard library's containers throw.
inline std::string build_vocabulary(const VocabularySource& source, std::string& problem) {
  const auto refuse = [&](std::string why) {
    problem = std::move(why);
    return std::string{};
  };
  problem.clear();
  if (source.tokens.size() > detail::token_limit)
    return refuse("the vocabulary has " + std::to_string(source.tokens.size()) + " tokens; an image holds at most " +
                  std::to_string(detail::token_limit));
  if (!detail::is_vocabulary_name(source.name))
    return refuse("the name of a vocabulary has 1 to 31 ASCII letters, digits, points, `_` and `-`, a letter first");
  detail::TokenNumbers numbers;
  numbers.reserve(source.tokens.size());
  for (std::uint32_t token = 0; token < source.tokens.size(); ++token)
    if (!source.tokens[token].empty() && !numbers.emplace(source.tokens[token], token).second)
      return refuse("token " + std::to_string(token) + " has the bytes of another one");
  if (numbers.empty()) return refuse("the vocabulary has no token");

  const std::vector<detail::MergePair> pairs = detail::merge_pairs(source.tokens, numbers);
  std::vector<bool> reached(source.tokens.size());
  for (std::size_t token = 0; token < reached.size(); ++token) reached[token] = source.tokens[token].size() < 2;
  for (const detail::MergePair& pair : pairs) reached[pair.whole] = true;
  const auto unreachable = static_cast<std::uint32_t>(std::count(reached.begin(), reached.end(), false));
  const std::vector<bool> whole = source.whole_pieces ? std::vector<bool>(reached.size(), true) : reached;
  detail::ImageWriter image;
  image.put_byte_tokens(numbers);
  image.put_pairs(pairs);
  if (!image.put_texts(source.tokens, whole)) return refuse("two long tokens of the vocabulary have one key");
  image.put_unreachable(source.whole_pieces ? unreachable : 0);
  image.put_monotone(detail::is_monotone(pairs));
  image.put_normal_form(source.nfc);
  image.put_bridges(source.tokens);
  image.put_bytes(source.tokens);
  for (const VocabularySource::Special& special : source.specials) image.put_special(special.text, special.token);
  return image.finish(source.name, static_cast<std::uint32_t>(source.pattern), source.sha256);
}

}  // namespace tallyscope::inline v0
