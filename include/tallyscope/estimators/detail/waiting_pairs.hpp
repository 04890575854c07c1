// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/token_slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tallyscope::inline v0::detail {

/// The places where two parts can be merged, by the token that they become.
class WaitingPairs {
 public:
  /// None, for tokens below `token_count` and about so many places.
  void begin(std::uint32_t token_count, std::size_t places) {
    for (std::uint32_t left = first(0); left != no_token; left = first(left)) forget(left);  // after an exception
    if (newest_.size() < token_count) {
      words_.assign(token_count / 64 + 1, 0);
      summary_.assign(words_.size() / 64 + 1, 0);
      newest_.assign(token_count, none);  // last: its size tells that all have theirs
    }
    entries_.clear();
    entries_.reserve(places);
  }

  /// Tokens beyond those of the vocabulary, also no_token, are none.
  void add(std::uint32_t token, std::uint32_t place) {
    if (token >= newest_.size()) return;
    entries_.push_back({place, newest_[token]});
    newest_[token] = static_cast<std::uint32_t>(entries_.size() - 1);
    words_[token / 64] |= bit(token);
    summary_[token / 4096] |= bit(token / 64);
  }

  /// The lowest token from `token` on that places wait for, or no_token.
  std::uint32_t first(std::uint32_t token) const noexcept {
    if (token >= newest_.size()) return no_token;
    std::size_t word = token / 64;
    std::uint64_t bits = words_[word] & ~std::uint64_t{0} << token % 64;
    if (bits == 0) {
      word = next_word(word + 1);
      if (word == words_.size()) return no_token;
      bits = words_[word];
    }
    return static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
  }

  /// Moves the places that wait for `token` into `places`, in the order in which they came.
  void take(std::uint32_t token, std::vector<std::uint32_t>& places) {
    places.clear();
    for (std::uint32_t entry = newest_[token]; entry != none; entry = entries_[entry].older)
      places.push_back(entries_[entry].place);
    for (std::size_t left = 0, right = places.size(); left + 1 < right; ++left, --right)
      std::swap(places[left], places[right - 1]);
    forget(token);
  }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  struct Entry {
    std::uint32_t place = 0;
    std::uint32_t older = none;
  };

  static std::uint64_t bit(std::uint32_t number) noexcept { return std::uint64_t{1} << number % 64; }

  void forget(std::uint32_t token) noexcept {
    newest_[token] = none;
    words_[token / 64] &= ~bit(token);
    if (words_[token / 64] == 0) summary_[token / 4096] &= ~bit(token / 64);
  }

  /// The first word from `from` on that is not 0.
  std::size_t next_word(std::size_t from) const noexcept {
    for (std::size_t group = from / 64; group < summary_.size(); ++group) {
      const std::uint64_t bits =
          group == from / 64 ? summary_[group] & ~std::uint64_t{0} << from % 64 : summary_[group];
      if (bits != 0) return group * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    }
    return words_.size();
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> newest_;   // by token
  std::vector<std::uint64_t> words_;    // a bit for each token that places wait for
  std::vector<std::uint64_t> summary_;  // a bit for each word that is not 0
};

}  // namespace tallyscope::inline v0::detail
