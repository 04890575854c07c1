// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The factors that a corrected estimate may have, 1/8 to 8 in steps of half a percent, each with a constant text that
/// says it: what an estimate was before its correction can be told from a record alone.
class CorrectionSteps {
 public:
  static constexpr std::string_view prefix = "calibrated*";
  static constexpr std::size_t digits = 6;  // "1.1054"
  static constexpr std::size_t steps = 769;

  constexpr CorrectionSteps() noexcept {
    double factor = 0.125;
    for (Step& step : steps_) {
      put(step, static_cast<unsigned>(factor * 10'000 + 0.5));
      factor *= 1.0054299011128028;  // 128 steps double it
    }
  }

  struct Step {
    unsigned ten_thousandths = 10'000;
    char text[prefix.size() + digits]{};

    constexpr double factor() const noexcept { return ten_thousandths / 10'000.0; }
    constexpr std::string_view method() const noexcept { return {text, sizeof text}; }
  };

  /// The nearest one.
  constexpr const Step& of(double factor) const noexcept {
    std::size_t low = 0, high = steps - 1;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (steps_[middle].factor() < factor)
        low = middle + 1;
      else
        high = middle;
    }
    return low > 0 && factor - steps_[low - 1].factor() < steps_[low].factor() - factor ? steps_[low - 1] : steps_[low];
  }

  /// What `method` says an estimate was multiplied with; 1 if it says nothing of it.
  static constexpr double factor_of(std::string_view method) noexcept {
    if (method.size() != prefix.size() + digits || !method.starts_with(prefix)) return 1;
    unsigned value = 0;
    for (const char c : method.substr(prefix.size()))
      if (is_digit(c)) value = value * 10 + static_cast<unsigned>(c - '0');
    return value >= 1'250 && value <= 80'000 ? value / 10'000.0 : 1;
  }

 private:
  static constexpr void put(Step& step, unsigned value) noexcept {
    step.ten_thousandths = value;
    for (std::size_t place = 0; place < prefix.size(); ++place) step.text[place] = prefix[place];
    char* last = step.text + sizeof step.text - 1;
    for (int digit = 0; digit < 4; ++digit, value /= 10) *last-- = static_cast<char>('0' + value % 10);
    *last-- = '.';
    *last = static_cast<char>('0' + value);
  }

  Step steps_[steps]{};
};

inline constexpr CorrectionSteps correction_steps{};

}  // namespace tallyscope::inline v0::detail
