// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/token_slots.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tallyscope::inline v0::detail {

/// The number of each token, by its bytes.
using TokenNumbers = std::unordered_map<std::string_view, std::uint32_t>;

inline std::uint32_t number_of(const TokenNumbers& numbers, std::string_view text) noexcept {
  const auto found = numbers.find(text);
  return found == numbers.end() ? no_token : found->second;
}

/// The last two parts that a token comes from.
struct MergePair {
  std::uint32_t left = no_token;
  std::uint32_t right = no_token;
  std::uint32_t whole = no_token;
};

/// Encodes the bytes of one token by their texts alone. Whatever stands around them, these parts merge in this order,
/// since no merge of lower rank reaches across; so the last two that become the token are the only two that ever do.
class TokenHistory {
 public:
  explicit TokenHistory(const TokenNumbers& numbers) noexcept : numbers_{numbers} {}

  /// Left and right are no_token for one that no merge leads to.
  MergePair of(std::string_view token, std::uint32_t number) {
    starts_.clear();
    for (std::size_t place = 0; place <= token.size(); ++place) starts_.push_back(place);
    MergePair last{.whole = number};
    while (starts_.size() > 2) {
      const std::size_t best = lowest(token);
      if (best == starts_.size()) return {.whole = number};
      last.left = number_of(numbers_, part(token, best, 1));
      last.right = number_of(numbers_, part(token, best + 1, 1));
      starts_.erase(starts_.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
    return last;
  }

 private:
  std::string_view part(std::string_view token, std::size_t first, std::size_t count) const {
    return token.substr(starts_[first], starts_[first + count] - starts_[first]);
  }

  /// Of two neighbours which make a token, the first of the two with the lowest; the number of starts for none.
  std::size_t lowest(std::string_view token) const {
    std::size_t best = starts_.size();
    std::uint32_t least = no_token;
    for (std::size_t place = 0; place + 2 < starts_.size(); ++place) {
      const std::uint32_t number = number_of(numbers_, part(token, place, 2));
      if (number < least) best = place, least = number;
    }
    return best;
  }

  const TokenNumbers& numbers_;
  std::vector<std::size_t> starts_;
};

inline bool is_monotone(const std::vector<MergePair>& pairs) noexcept {
  return std::all_of(pairs.begin(), pairs.end(),
                     [](const MergePair& pair) { return pair.whole > pair.left && pair.whole > pair.right; });
}

/// The pair of every token of two bytes or more that merges lead to.
inline std::vector<MergePair> merge_pairs(const std::vector<std::string>& tokens, const TokenNumbers& numbers) {
  TokenHistory history{numbers};
  std::vector<MergePair> pairs;
  for (std::uint32_t token = 0; token < tokens.size(); ++token) {
    if (tokens[token].size() < 2) continue;
    const MergePair pair = history.of(tokens[token], token);
    if (pair.left != no_token && pair.right != no_token) pairs.push_back(pair);
  }
  return pairs;
}

}  // namespace tallyscope::inline v0::detail
