// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Reads a number that is nothing but up to 18 digits, as most are; false of any other.
inline bool read_few_digits(std::string_view text, std::int64_t& value) noexcept {
  if (text.size() > 18) return false;
  std::int64_t sum = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    sum = sum * 10 + (c - '0');
  }
  value = sum;
  return true;
}

/// A number as sign, digits and a power of ten.
class JsonNumber {
 public:
  /// `text` is as JsonScan::number() gives it.
  explicit JsonNumber(std::string_view text) noexcept;

  /// The exact value; false if it is a fraction or beyond int64.
  bool integer(std::int64_t& value) const noexcept;
  /// The value to about 18 digits; 0 or infinite beyond what a double holds.
  double approximate() const noexcept;

 private:
  static constexpr std::int64_t most_exponent = 1'000'000'000'000'000;  // more digits than any document has

  bool negative_;
  std::string_view digits_;    // with the point
  std::int64_t exponent_ = 0;  // of the last digit
};

inline JsonNumber::JsonNumber(std::string_view text) noexcept : negative_{text.starts_with('-')} {
  if (negative_) text.remove_prefix(1);
  const std::size_t mark = text.find_first_of("eE");
  digits_ = text.substr(0, mark);
  if (mark != std::string_view::npos) {
    std::string_view exponent = text.substr(mark + 1);
    const bool down = exponent.starts_with('-');
    if (down || exponent.starts_with('+')) exponent.remove_prefix(1);
    for (const char digit : exponent)
      if (exponent_ < most_exponent) exponent_ = exponent_ * 10 + (digit - '0');
    if (down) exponent_ = -exponent_;
  }
  const std::size_t point = digits_.find('.');
  if (point != std::string_view::npos) exponent_ -= static_cast<std::int64_t>(digits_.size() - point - 1);
}

inline bool JsonNumber::integer(std::int64_t& value) const noexcept {
  const std::uint64_t most = std::uint64_t{std::numeric_limits<std::int64_t>::max()} + (negative_ ? 1 : 0);
  auto left = static_cast<std::int64_t>(digits_.size()) - (digits_.find('.') != std::string_view::npos ? 1 : 0);
  std::uint64_t magnitude = 0;
  const auto append = [&](unsigned digit) {
    if (magnitude > (most - digit) / 10) return false;
    magnitude = magnitude * 10 + digit;
    return true;
  };
  for (const char c : digits_) {
    if (c == '.') continue;
    const auto digit = static_cast<unsigned>(c - '0');
    const bool behind_the_point = left-- <= -exponent_;
    if (behind_the_point ? digit != 0 : !append(digit)) return false;
  }
  for (std::int64_t zeros = exponent_; zeros > 0 && magnitude != 0; --zeros)
    if (!append(0)) return false;
  value = static_cast<std::int64_t>(negative_ ? 0 - magnitude : magnitude);
  return true;
}

inline double JsonNumber::approximate() const noexcept {
  std::uint64_t magnitude = 0;
  std::int64_t exponent = exponent_;
  for (const char c : digits_) {
    if (c == '.') continue;
    if (magnitude < 1'000'000'000'000'000'000)
      magnitude = magnitude * 10 + static_cast<unsigned>(c - '0');
    else
      ++exponent;
  }
  if (magnitude == 0) return 0;
  double power = 1;
  for (std::int64_t left = exponent < 0 ? -exponent : exponent; left > 0 && power <= 1e308; --left) power *= 10;
  const double value = static_cast<double>(magnitude);
  const double scaled = exponent < 0 ? value / power : value * power;
  return negative_ ? -scaled : scaled;
}

}  // namespace tallyscope::inline v0::detail
