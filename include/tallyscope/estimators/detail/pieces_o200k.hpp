// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces_block.hpp>
#include <tallyscope/estimators/detail/pieces_rules.hpp>

#include <bit>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The pieces of o200k_base and o200k_harmony (GPT-4o, 4.1, 5, o1 to o4, gpt-oss), as in tiktoken 0.14, where C stands
/// for (?i:'s|'t|'re|'ve|'m|'ll|'d):
///
///     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+C?
///     |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*C?
///     |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
struct O200kPieces {
  /// The end of the piece that begins at `place`, itself the end of one or the begin of the text, before `end`, the end
  /// of the text. Of a text that is not UTF-8 the pieces are some, within the text all the same.
  static const char* next(const char* place, const char* end) noexcept {
    const Character first = character_at(place, end);
    const char* const second = place + first.size;
    if (first.kind == CharClass::number) return past_numbers<3>(second, end);
    if (!is_newline(first.code)) {
      const char* const begin = belongs(first.kind, char_sets::letters) ? place : second;
      const Word word = word_from(begin, end);
      // A mark is a word by itself if it is not the prefix of one: that comes before a prefix of capitals only.
      if (first.kind == CharClass::mark) return past_word(word.has_small ? word.end : second, end);
      if (word.end != begin) return past_word(word.end, end);
    }
    return past_others_or_spaces(place, first, end);
  }

#if defined(__SSE2__)
  /// Where pieces begin among 64 bytes, the first `size` of which are ASCII and the first of which begins one: what
  /// `next` finds, but for the last few pieces.
  static std::uint64_t block_starts(const char* bytes, int size) noexcept {
    const AsciiBlock block{bytes};
    const TakenLines lines{block};
    BlockStarts found = common_starts(block, lines.taken, size);
    found.starts |= number_starts<3>(block.numbers) | (block.capitals & block.smalls << 1);
    found.forget_from(std::countr_zero(lines.behind & bytes_equal(bytes, '/')));  // [\r\n/]* goes on
    join_contractions(bytes, block.letters(), found);
    return found.certain();
  }
#endif

 private:
#if defined(__SSE2__)
  /// A contraction belongs to the word before it, unless that is one itself.
  static void join_contractions(const char* bytes, std::uint64_t in_words, BlockStarts& found) noexcept {
    std::uint64_t quotes = bytes_equal(bytes, '\'') & in_words << 1 & in_words >> 1;
    const char* last_end = nullptr;
    for (; quotes != 0; quotes &= quotes - 1) {
      const char* const quote = bytes + std::countr_zero(quotes);
      if (quote == last_end) continue;
      const char* const end = past_contraction<LetterCase::any>(quote, bytes + piece_block_size);
      if (end == quote || end == bytes + piece_block_size) continue;
      const std::uint64_t behind = std::uint64_t{1} << (end - bytes);
      found.starts = (found.starts & ~(behind - (quotes & (0 - quotes)))) | behind;
      last_end = end;
    }
  }
#endif

  static constexpr CharSet capitals = set_of(CharClass::upper, CharClass::letter, CharClass::mark);
  static constexpr CharSet smalls = set_of(CharClass::lower, CharClass::letter, CharClass::mark);

  /// How far the first pattern goes without a prefix, or if it finds no small letter, the second one.
  struct Word {
    const char* end;
    bool has_small;
  };

  static Word word_from(const char* place, const char* end) noexcept {
    if (const char* const ascii = past_ascii_word(place, end)) return {ascii, ascii != place && ascii[-1] >= 'a'};
    const char* small = nullptr;  // past the last one that may be either: what the first pattern falls back to
    while (place < end) {
      if (const char* const letters = past_letters_of_three(place, end); letters != place) {
        small = place = letters;
        continue;
      }
      const Character character = character_at(place, end);
      if (!belongs(character.kind, capitals)) {
        if (character.kind != CharClass::lower) break;
        return {past_run(place + character.size, end, smalls), true};
      }
      place += character.size;
      if (belongs(character.kind, smalls)) small = place;
    }
    return small ? Word{small, true} : Word{place, false};
  }

  static const char* past_word(const char* place, const char* end) noexcept {
    return past_contraction<LetterCase::any>(place, end);
  }

  static const char* past_others_or_spaces(const char* place, const Character& first, const char* end) noexcept {
    const char* const second = place + first.size;
    if (second == end) return second;
    if (first.kind != CharClass::space ||
        (first.code == ' ' && belongs(character_at(second, end).kind, char_sets::others)))
      return past_newlines_and_slashes(past_run(second, end, char_sets::others), end);
    return past_lines_or_spaces(place, end);
  }

  static const char* past_newlines_and_slashes(const char* place, const char* end) noexcept {
    while (place < end && (*place == '\n' || *place == '\r' || *place == '/')) ++place;
    return place;
  }
};

}  // namespace tallyscope::inline v0::detail
