// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <atomic>
#include <cmath>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// By how much an estimate is to be multiplied, and how far it is off even then.
struct Correction {
  float factor = 1;
  float mean_error = 0;      ///< mean absolute relative error
  float interval_error = 0;  ///< nine of ten counts are within
  bool known = false;
};

/// What was learned: a mean of the logarithm of reported / estimated that forgets, and the spread about it.
struct LearnedRatio {
  double weight = 0;  ///< of the observations in the window
  double mean_log = 0;
  double mean_error = 0;   ///< absolute, of each observation before it was learned
  double mean_square = 0;  ///< of the same
  std::uint64_t observations = 0;

  static constexpr double window = 200;
  static constexpr double furthest = 2.08;  // log 8: what is beyond is no error of an estimate
  static constexpr std::uint64_t few = 8;   // observations that say nothing yet

  bool tells() const noexcept { return observations >= few; }

  void learn(double log_ratio, double heavy) noexcept {
    double off = log_ratio - mean_log;
    if (observations >= 2 * few) {  // a single odd call hardly moves it; a lasting change widens the spread first
      const double limit = 4 * std::sqrt(mean_square) + 0.02;
      off = off > limit ? limit : off < -limit ? -limit : off;
    }
    weight = weight + heavy < window ? weight + heavy : window;
    const double step = heavy / weight;
    if (observations > 0) {  // the first has nothing that it could be off from
      mean_error += step * (std::abs(off) - mean_error);
      mean_square += step * (off * off - mean_square);
    }
    mean_log += step * off;
    ++observations;
  }

  bool sound() const noexcept {
    return weight >= 0 && weight <= window && std::abs(mean_log) <= furthest && mean_error >= 0 &&
           mean_error <= 2 * furthest && mean_square >= 0 && mean_square <= 4 * furthest * furthest;
  }
};

/// A LearnedRatio that one thread at a time changes, and what came of it for any thread, in one word.
class CalibrationCell {
 public:
  LearnedRatio learned{};  // under the lock of whoever owns the cell

  void publish() noexcept {
    if (!learned.tells()) return;
    const std::uint64_t factor = units(std::exp(learned.mean_log), 4096);
    const std::uint64_t mean = units(learned.mean_error, 16384);
    const std::uint64_t interval = units(1.645 * std::sqrt(learned.mean_square), 16384);
    packed_.store(factor << 32 | mean << 16 | interval, std::memory_order_relaxed);
  }

  Correction correction() const noexcept {
    const std::uint64_t packed = packed_.load(std::memory_order_relaxed);
    if (packed == 0) return {};
    const auto field = [packed](int place) { return static_cast<float>(packed >> place & 0xFFFF); };
    return {field(32) / 4096, field(16) / 16384, field(0) / 16384, true};
  }

 private:
  static std::uint64_t units(double value, double scale) noexcept {
    const double scaled = value * scale + 0.5;
    return scaled >= 65'535 ? 65'535 : scaled >= 1 ? static_cast<std::uint64_t>(scaled) : 1;
  }

  std::atomic<std::uint64_t> packed_{0};
};

}  // namespace tallyscope::inline v0::detail
