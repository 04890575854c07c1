// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/own_rates.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

constexpr std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin, end - begin + 1);
}

/// The pieces of a text between its slashes, trimmed.
class SlashPieces {
 public:
  static constexpr std::size_t limit = 5;  // more than any price has

  constexpr explicit SlashPieces(std::string_view text) noexcept {
    while (count_ < limit) {
      const std::size_t end = text.find('/');
      pieces_[count_++] = trimmed(text.substr(0, end));
      if (end == std::string_view::npos) return;
      text.remove_prefix(end + 1);
    }
  }

  constexpr std::size_t size() const noexcept { return count_; }
  constexpr std::string_view operator[](std::size_t place) const noexcept { return pieces_[place]; }

  /// Takes away the unit at the end: how many tokens it stands for, or nothing.
  constexpr std::optional<std::int64_t> take_unit() noexcept {
    const std::string_view last = pieces_[count_ - 1];
    const bool thousand = last == "1k" || last == "1K", million = last == "1M" || last == "1m";
    if (count_ == 1 || (!thousand && !million)) return {};
    --count_;
    return thousand ? 1'000 : 1'000'000;
  }

 private:
  std::string_view pieces_[limit]{};
  std::size_t count_ = 0;
};

/// Makes what a host pays, "2.00/8.00", "2.00/8.00/0.50", "0.001/1k" or "free", the rates of `rule`. Returns how a
/// sentence about the text goes on that says what is wrong with it; nothing when all is well.
constexpr std::string_view read_override(std::string_view text, PriceRule& rule) noexcept {
  constexpr std::string_view not_a_price =
      " is no price; write dollars per million tokens as input/output or input/output/cache_read, such as 2.00/8.00, "
      "or one rate for all tokens with its unit, such as 0.001/1k, or free";
  text = trimmed(text);
  if (text == "free") return rule.free = true, std::string_view{};
  SlashPieces pieces{text};
  const std::optional<std::int64_t> unit = pieces.take_unit();
  std::optional<Rate> rates[3]{};
  if (pieces.size() > 3) return not_a_price;
  for (std::size_t place = 0; place < pieces.size(); ++place) {
    const std::optional<Money> amount = Money::parse(pieces[place]);
    if (!amount) return not_a_price;
    if (*amount < Money{}) return " is negative; write what a call costs as a positive number";
    rates[place] = Rate{*amount, unit.value_or(1'000'000)};
  }
  if (pieces.size() == 1 && !unit) return " has no unit; write it with /1k or /1M behind it, or as input/output";
  if (pieces.size() == 1) return rule = blended_rule({}, {}, *rates[0]), std::string_view{};
  rule.input = rates[0];
  rule.output = rates[1];
  rule.cache_read = rates[2];
  return {};
}

}  // namespace tallyscope::inline v0::detail
