// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>

// The classes of 64 bytes as bits. Vectors as both compilers have them built in: <immintrin.h> would take longer to
// compile than all of this.
namespace tallyscope::inline v0::detail {

inline constexpr std::size_t block_size = 64;

/// Bits a class has set among 64.
[[gnu::always_inline]] inline std::uint64_t bit_count(std::uint64_t bits) noexcept {
#if defined(__POPCNT__) || !defined(__x86_64__)
  return static_cast<std::uint64_t>(__builtin_popcountll(bits));
#else
  // Without the instruction the compilers call a function of their library.
  bits -= bits >> 1 & 0x5555555555555555u;
  bits = (bits & 0x3333333333333333u) + (bits >> 2 & 0x3333333333333333u);
  return ((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u >> 56;
#endif
}

#if defined(__SSE2__)
#define TALLYSCOPE_HAS_BYTE_BLOCKS 1

#if defined(__AVX512BW__)
inline constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX2__)
inline constexpr std::size_t vector_bytes = 32;
#else
inline constexpr std::size_t vector_bytes = 16;
#endif
using WideBytes = signed char __attribute__((vector_size(vector_bytes)));

/// The highest bit of each byte.
[[gnu::always_inline]] inline std::uint64_t high_bits_of(WideBytes bytes) noexcept {
  using Chars = char __attribute__((vector_size(vector_bytes)));
#if defined(__AVX512BW__)
  return static_cast<std::uint64_t>(__builtin_ia32_cvtb2mask512((Chars)bytes));
#elif defined(__AVX2__)
  return static_cast<std::uint32_t>(__builtin_ia32_pmovmskb256((Chars)bytes));
#else
  return static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128((Chars)bytes));
#endif
}

[[gnu::always_inline]] inline WideBytes wide(char byte) noexcept {
  return WideBytes{} + static_cast<signed char>(byte);
}

/// 64 bytes, and a bit for each by a function that gives a vector of truths, or of bytes whose highest bit is it.
struct ByteBlock {
  static constexpr std::size_t parts = block_size / vector_bytes;
  WideBytes part[parts];

  [[gnu::always_inline]] explicit ByteBlock(const char* from) noexcept {
    for (std::size_t place = 0; place < parts; ++place) part[place] = load<WideBytes>(from + place * vector_bytes);
  }

  template <class Test>
  [[gnu::always_inline]] std::uint64_t where(Test test) const noexcept {
    std::uint64_t bits = 0;
    for (std::size_t place = 0; place < parts; ++place)
      bits |= high_bits_of((WideBytes)test(part[place])) << (place * vector_bytes);
    return bits;
  }
};
#endif

/// Which of 64 bytes are what.
struct ByteClasses {
  std::uint64_t letters = 0;
  std::uint64_t capitals = 0;
  std::uint64_t digits = 0;
  std::uint64_t spaces = 0;
  std::uint64_t newlines = 0;
  std::uint64_t punctuation = 0;
};

#if defined(TALLYSCOPE_HAS_BYTE_BLOCKS)
[[gnu::always_inline]] inline ByteClasses classes_of(const ByteBlock& block, std::uint64_t not_ascii) noexcept {
  ByteClasses classes;
  // Compared with their sign: what is not ASCII is below all others.
  classes.letters = block.where([](WideBytes bytes) {
    const WideBytes small = bytes | wide(0x20);
    return (small > wide('a' - 1)) & (small < wide('z' + 1));
  });
  // The bit that small letters have, shifted to the highest.
  classes.capitals = classes.letters & ~block.where([](WideBytes bytes) {
    const WideBytes twice = bytes + bytes;
    return twice + twice;
  });
  classes.digits = block.where([](WideBytes bytes) { return (bytes > wide('0' - 1)) & (bytes < wide('9' + 1)); });
  classes.spaces = block.where(
      [](WideBytes bytes) { return (bytes == wide(' ')) | ((bytes > wide('\t' - 1)) & (bytes < wide('\r' + 1))); });
  classes.newlines = block.where([](WideBytes bytes) { return (bytes == wide('\n')) | (bytes == wide('\r')); });
  classes.punctuation = ~(classes.letters | classes.digits | classes.spaces | not_ascii);
  return classes;
}
#endif

}  // namespace tallyscope::inline v0::detail
