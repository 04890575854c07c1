// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces_block.hpp>
#include <tallyscope/estimators/detail/pieces_rules.hpp>

#include <bit>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The rules of cl100k_base, with at most `Numbers` digits a piece.
template <int Numbers>
struct Cl100kRules {
  /// The end of the piece that begins at `place`, itself the end of one or the begin of the text, before `end`, the end
  /// of the text. Of a text that is not UTF-8 the pieces are some, within the text all the same.
  static const char* next(const char* place, const char* end) noexcept {
    const Character first = character_at(place, end);
    const char* const second = place + first.size;
    if (second == end) return second;
    const Character after = character_at(second, end);
    if (first.code == '\'') {
      const char* const contraction = past_contraction<LetterCase::any>(place, end);
      if (contraction != place) return contraction;
    }
    const bool prefixed = belongs(first.kind, prefixes) && !is_newline(first.code);
    if (belongs(first.kind, char_sets::letters) || (prefixed && belongs(after.kind, char_sets::letters)))
      return past_letters(second, end);
    if (first.kind == CharClass::number) return past_numbers<Numbers>(second, end);
    if (first.kind != CharClass::space || (first.code == ' ' && belongs(after.kind, char_sets::others)))
      return past_newlines(past_run(second, end, char_sets::others), end);
    return past_lines_or_spaces(place, end);
  }

#if defined(__SSE2__)
  /// Where pieces begin among 64 bytes, the first `size` of which are ASCII and the first of which begins one: what
  /// `next` finds, but for the last few pieces.
  static std::uint64_t block_starts(const char* bytes, int size) noexcept {
    const AsciiBlock block{bytes};
    BlockStarts found = common_starts(block, TakenLines{block}.taken, size);
    found.starts |= number_starts<Numbers>(block.numbers);
    std::uint64_t quotes = bytes_equal(bytes, '\'') & block.leading_others() & block.letters() >> 1;
    for (; quotes != 0; quotes &= quotes - 1) {
      const char* const quote = bytes + std::countr_zero(quotes);
      const char* const end = past_contraction<LetterCase::any>(quote, bytes + piece_block_size);
      if (end != quote && end != bytes + piece_block_size) found.starts |= std::uint64_t{1} << (end - bytes);
    }
    return found.certain();
  }
#endif

 private:
  static constexpr CharSet prefixes = char_sets::others | char_sets::spaces;
};

/// The pieces of cl100k_base (GPT-4, GPT-3.5) and of Llama 3, as in Llama 3's tokenizer.json and in tiktoken before its
/// possessive form, which cuts the end of a text otherwise but gives the same tokens:
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+
///     |\s+(?!\S)|\s+
struct Cl100kPieces : Cl100kRules<3> {};

}  // namespace tallyscope::inline v0::detail
