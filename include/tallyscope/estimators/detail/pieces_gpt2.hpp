// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces_block.hpp>
#include <tallyscope/estimators/detail/pieces_rules.hpp>

#include <bit>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The pieces of r50k_base (GPT-2), p50k_base and p50k_edit, as in tiktoken 0.14:
///
///     '(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s
struct Gpt2Pieces {
  /// The end of the piece that begins at `place`, itself the end of one or the begin of the text, before `end`, the end
  /// of the text. Of a text that is not UTF-8 the pieces are some, within the text all the same.
  static const char* next(const char* place, const char* end) noexcept {
    const char* const contraction = past_contraction<LetterCase::exact>(place, end);
    if (contraction != place) return contraction;
    const char* const begin = *place == ' ' && end - place > 1 ? place + 1 : place;
    const Character first = character_at(begin, end);
    if (first.kind == CharClass::space) return whole_spaces(place, end);
    const char* const second = begin + first.size;
    if (belongs(first.kind, char_sets::letters)) return past_letters(second, end);
    return past_run(second, end, first.kind == CharClass::number ? char_sets::numbers : char_sets::others);
  }

#if defined(__SSE2__)
  /// Where pieces begin among 64 bytes, the first `size` of which are ASCII and the first of which begins one: what
  /// `next` finds, but for the last few pieces.
  static std::uint64_t block_starts(const char* bytes, int size) noexcept {
    const AsciiBlock block{bytes};
    const std::uint64_t letters = block.letters(), others = block.others(), spaces = block.spaces;
    BlockStarts found{1, size - 8};
    for (const std::uint64_t run : {letters, block.numbers, others})
      found.starts |= run & ~(run << 1) & ~(block.blanks << 1);
    found.starts |= spaces & ~(spaces << 1 & spaces >> 1);
    std::uint64_t quotes = bytes_equal(bytes, '\'') & block.leading_others() & letters >> 1;
    for (; quotes != 0; quotes &= quotes - 1) {
      const char* const quote = bytes + std::countr_zero(quotes);
      const char* const end = past_contraction<LetterCase::exact>(quote, bytes + piece_block_size);
      if (end == quote || end == bytes + piece_block_size) continue;
      found.starts &= ~((quotes & (0 - quotes)) << 1);
      found.starts |= std::uint64_t{1} << (end - bytes);
    }
    return found.certain();
  }
#endif

 private:
  static const char* whole_spaces(const char* place, const char* end) noexcept {
    const SpaceRun run = space_run(place, end);
    return past_spaces(run, run.end == end);
  }
};

}  // namespace tallyscope::inline v0::detail
