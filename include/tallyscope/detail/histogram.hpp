// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// Log-linear buckets for durations in nanoseconds: one below 1,024 ns, then two an octave, [1, 1.5) and [1.5, 2) times a
/// power of two; the last takes everything from 2^41 * 1.5 ns (55 minutes) up.
inline constexpr std::size_t histogram_buckets = 64;
inline constexpr int histogram_first_octave = 10;

constexpr std::size_t bucket_of(std::uint64_t nanoseconds) noexcept {
  const int octave = static_cast<int>(std::bit_width(nanoseconds)) - 1;
  if (octave < histogram_first_octave) return 0;
  const std::size_t upper_half = nanoseconds >> (octave - 1) & 1;
  const std::size_t bucket = 1 + 2 * static_cast<std::size_t>(octave - histogram_first_octave) + upper_half;
  return bucket < histogram_buckets ? bucket : histogram_buckets - 1;
}

/// The smallest duration that falls into the bucket.
constexpr std::uint64_t bucket_start(std::size_t bucket) noexcept {
  if (bucket == 0) return 0;
  const std::uint64_t octave = std::uint64_t{1} << (histogram_first_octave + (bucket - 1) / 2);
  return (bucket - 1) % 2 == 0 ? octave : octave + octave / 2;
}

}  // namespace tallyscope::inline v0::detail
