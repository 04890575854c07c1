// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// Log-linear buckets for durations in nanoseconds: one below 1,024 ns, then two an octave, [1, 1.5) and [1.5, 2) times
/// a power of two; the last takes everything from 2^41 * 1.5 ns (55 minutes) up.
inline constexpr std::size_t histogram_buckets = 64;
inline constexpr int histogram_first_octave = 10;

/// A double (IEEE 754) holds the octave in its exponent and the half of it in the first bit behind, side by side.
[[gnu::always_inline]] constexpr std::size_t bucket_of(std::uint64_t nanoseconds) noexcept {
  constexpr std::int64_t below_first = 2 * (1023 + histogram_first_octave) - 1;
  constexpr auto last = static_cast<std::int64_t>(histogram_buckets) - 1;
  const auto bits = std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<std::int64_t>(nanoseconds)));
  const std::int64_t bucket = static_cast<std::int64_t>(bits >> 51) - below_first;
  return static_cast<std::size_t>(bucket < 0 ? 0 : bucket > last ? last : bucket);
}

/// The smallest duration that falls into the bucket.
constexpr std::uint64_t bucket_start(std::size_t bucket) noexcept {
  if (bucket == 0) return 0;
  const std::uint64_t octave = std::uint64_t{1} << (histogram_first_octave + (bucket - 1) / 2);
  return (bucket - 1) % 2 == 0 ? octave : octave + octave / 2;
}

}  // namespace tallyscope::inline v0::detail
