// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_bytes.hpp>
#include <tallyscope/estimators/detail/pieces_rules.hpp>

#include <bit>
#include <cstdint>

// Where pieces begin among 64 bytes, found for all of them at once. A bit stands for a byte, the lowest for the first
// one, so that `mask << 1` marks what stands behind the marked bytes. That a piece begins with the block is the
// caller's care; nothing else is known of what stands before.
#if defined(__SSE2__)
namespace tallyscope::inline v0::detail {

inline constexpr int piece_block_size = 64;

[[gnu::always_inline]] inline std::uint64_t bytes_equal(const char* block, char byte) noexcept {
  return mask_of_64(block, [byte](Bytes16 bytes) { return bytes == every(byte); });
}
/// The bytes from `first` to `last`, both ASCII.
[[gnu::always_inline]] inline std::uint64_t bytes_within(const char* block, char first, char last) noexcept {
  return mask_of_64(block, [=](Bytes16 bytes) {
    return (bytes > every(static_cast<char>(first - 1))) & (bytes < every(static_cast<char>(last + 1)));
  });
}

/// The classes of ASCII that the patterns tell apart. What is not ASCII is among `others`.
struct AsciiBlock {
  std::uint64_t capitals, smalls, numbers, blanks, newlines, spaces;

  explicit AsciiBlock(const char* block) noexcept
      : capitals{bytes_within(block, 'A', 'Z')},
        smalls{bytes_within(block, 'a', 'z')},
        numbers{bytes_within(block, '0', '9')},
        blanks{bytes_equal(block, ' ')},
        newlines{bytes_equal(block, '\n') | bytes_equal(block, '\r')},
        spaces{bytes_within(block, '\t', '\r') | blanks} {}

  std::uint64_t letters() const noexcept { return capitals | smalls; }
  std::uint64_t others() const noexcept { return ~(letters() | numbers | spaces); }
  /// Signs that begin a piece if a letter follows: no sign is before them, and no blank, which would take them.
  std::uint64_t leading_others() const noexcept { return others() & ~(others() << 1) & ~(blanks << 1); }
};

/// How many of 64 bytes stand before the first one that is not ASCII.
inline int ascii_size(const char* block) noexcept {
  return std::countr_zero(mask_of_64(block, [](Bytes16 bytes) { return bytes < every(0); }));
}

/// Where pieces begin, and how far that is known.
struct BlockStarts {
  std::uint64_t starts;
  int known;

  void forget_from(int place) noexcept { known = place < known ? place : known; }

  /// Those that hold whatever follows. The last one does not: the end of its piece may not be seen, and where it begins
  /// may depend on that.
  std::uint64_t certain() const noexcept {
    if (known <= 0) return 0;
    const std::uint64_t seen = starts & (~std::uint64_t{0} >> (piece_block_size - known));
    return seen & ~std::bit_floor(seen);
  }
};

/// \p{N}{1,Most}, where Most is 1 or 3: every one, or every third of each run.
template <int Most>
std::uint64_t number_starts(std::uint64_t numbers) noexcept {
  static_assert(Most == 1 || Most == 3);
  if constexpr (Most == 1) return numbers;
  std::uint64_t all = 0;
  const std::uint64_t third = numbers & numbers << 1 & numbers << 2;
  for (std::uint64_t starts = numbers & ~(numbers << 1); starts != 0; starts = starts << 3 & third) all |= starts;
  return all;
}

/// Adds where pieces of spaces begin, and forgets what stands behind newlines that are not the last of their run.
/// `taken` are the bytes that belong to the signs before them; `ends` those that end a run of spaces as the text's end
/// would: it stays whole.
inline void add_space_starts(const AsciiBlock& block, std::uint64_t taken, std::uint64_t ends,
                             BlockStarts& found) noexcept {
  const std::uint64_t inner = block.spaces & ~block.newlines;  // those that end no line
  const std::uint64_t begins = inner & ~(inner << 1);
  const std::uint64_t behind_lines = begins & block.newlines << 1 & ~(taken << 1);
  found.starts |= block.spaces & ~(block.spaces << 1) & ~taken;
  found.starts |= (begins & taken << 1) | behind_lines | (inner & ~((block.spaces | ends) >> 1));
  // \s*[\r\n]+ goes on to the last newline.
  const std::uint64_t between_lines = (inner + behind_lines) & ~inner & block.newlines;
  if (between_lines != 0) [[unlikely]] {
    const std::uint64_t before = behind_lines & ((between_lines & (0 - between_lines)) - 1);
    found.forget_from(static_cast<int>(std::bit_width(before)) - 1);
  }
}

/// All but numbers, contractions, and capitals within words, where `size` bytes are ASCII. `taken` and `ends` as
/// above.
inline BlockStarts common_starts(const AsciiBlock& block, std::uint64_t taken, int size,
                                 std::uint64_t ends = 0) noexcept {
  const std::uint64_t letters = block.letters(), others = block.others();
  const std::uint64_t prefixes = (block.spaces & ~block.newlines) | block.leading_others();
  BlockStarts found{1, size - 8};  // further than a pattern looks ahead, but for runs
  found.starts |= letters & ~(letters << 1) & ~(prefixes << 1);
  found.starts |= others & ~(others << 1) & ~(block.blanks << 1) & ~taken;
  add_space_starts(block, taken, ends, found);
  return found;
}

/// The newlines right behind signs, and where those end.
struct TakenLines {
  std::uint64_t taken, behind;
  explicit TakenLines(const AsciiBlock& block) noexcept {
    const std::uint64_t cleared = block.newlines + (block.newlines & block.others() << 1);  // carries through each run
    taken = block.newlines & ~cleared;
    behind = cleared & ~block.newlines;
  }
};

}  // namespace tallyscope::inline v0::detail
#endif
