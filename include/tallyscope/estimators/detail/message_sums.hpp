// SPDX-License-Identifier: MIT
// Sums of tokens that end at the largest number, instead of beginning anew at zero.
#pragma once

#include <tallyscope/config.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0::detail {

inline constexpr std::uint64_t most_tokens = std::numeric_limits<std::uint64_t>::max();

constexpr std::uint64_t capped_sum(std::uint64_t one, std::uint64_t other) noexcept {
  return other > most_tokens - one ? most_tokens : one + other;
}

constexpr std::uint64_t capped_product(std::uint64_t one, std::uint64_t other) noexcept {
  return one != 0 && other > most_tokens / one ? most_tokens : one * other;
}

/// Texts and surcharges, some of which are discounts: the sum is never below zero.
class TokenSum {
 public:
  template <std::integral Integer>
  constexpr TokenSum& operator+=(Integer tokens) noexcept {
    if (std::cmp_greater_equal(tokens, 0))
      more_ = capped_sum(more_, static_cast<std::uint64_t>(tokens));
    else
      less_ = capped_sum(less_, std::uint64_t{0} - static_cast<std::uint64_t>(tokens));
    return *this;
  }

  constexpr std::uint64_t tokens() const noexcept {
    if (more_ == most_tokens) return most_tokens;  // more than can be told: so it is with a little less
    return more_ > less_ ? more_ - less_ : 0;
  }

 private:
  std::uint64_t more_ = 0, less_ = 0;
};

/// What `counter` counts in texts, and what comes with them.
template <class Counter>
class TextSum {
 public:
  explicit TextSum(Counter& counter) noexcept : counter_{counter} {}

  void add(std::int32_t tokens) noexcept { sum_ += tokens; }
  void add(std::string_view text) {
    if (text.empty()) return;
    const auto tokens = counter_.count(text);
    if (tokens > 0) sum_ += tokens;
  }

  std::uint64_t tokens() const noexcept { return sum_.tokens(); }

 private:
  Counter& counter_;
  TokenSum sum_{};
};

}  // namespace tallyscope::inline v0::detail
