// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces_block.hpp>
#include <tallyscope/estimators/detail/pieces_rules.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The pieces of DeepSeek V3, R1 and V4, as in their tokenizer.json: three patterns one after the other, each of which
/// sees only a piece of the one before it as if it were a whole text, and what none of them matches is a piece too:
///
///     \p{N}{1,3}
///     [\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+
///     [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*
///     |\s*[\r\n]+|\s+(?!\S)|\s+
struct DeepseekPieces {
  /// The end of the piece that begins at `place`, itself the end of one or the begin of the text, before `end`, the end
  /// of the text. Of a text that is not UTF-8 the pieces are some, within the text all the same.
  static const char* next(const char* place, const char* end) noexcept {
    const Character first = character_at(place, end);
    const char* const second = place + first.size;
    if (first.kind == CharClass::number) return past_numbers<3>(second, end);
    const Part part{is_east_asian(first.code), end};
    if (belongs(first.kind, words)) return part.past(second, words);
    if (belongs(first.kind, signs)) return past_signs(first, second, part);
    if (!is_newline(first.code) && part.begins_with(second, words)) return part.past(second, words);
    if (first.code == ' ' && part.begins_with(second, signs)) return part.past_newlines(part.past(second, signs));
    return first.kind == CharClass::space ? past_spaces_of(place, part) : past_unmatched(second, part);
  }

#if defined(__SSE2__)
  /// Where pieces begin among 64 bytes, the first `size` of which are ASCII and the first of which begins one: what
  /// `next` finds, but for the last few pieces.
  static std::uint64_t block_starts(const char* bytes, int size) noexcept {
    const AsciiBlock block{bytes};
    const std::uint64_t controls = (bytes_within(bytes, 0, 31) & ~block.spaces) | bytes_equal(bytes, 127);
    const int known = std::min(size, std::countr_zero(controls));  // what nothing matches is left to `next`
    BlockStarts found = common_starts(block, TakenLines{block}.taken, known, block.numbers);
    found.starts |= number_starts<3>(block.numbers);
    return found.certain();
  }
#endif

 private:
  static constexpr CharSet words = char_sets::letters | set_of(CharClass::mark);
  static constexpr CharSet signs = set_of(CharClass::punctuation, CharClass::symbol);

  static constexpr bool is_east_asian(std::uint32_t code) noexcept {
    return (code >= 0x4E00 && code <= 0x9FA5) || (code >= 0x3040 && code <= 0x30FF);
  }
  static constexpr bool is_ascii_letter(char byte) noexcept {
    return static_cast<unsigned char>((byte | 0x20) - 'a') < 26;
  }

  /// What the first two patterns leave to the third: characters of the East Asian ranges only, or none of them and no
  /// number.
  struct Part {
    bool east_asian;
    const char* text_end;

    bool has(const Character& character) const noexcept {
      return is_east_asian(character.code) == east_asian && character.kind != CharClass::number;
    }
    bool ends_at(const char* place) const noexcept { return place == text_end || !has(character_at(place, text_end)); }
    bool begins_with(const char* place, CharSet set) const noexcept {
      if (place == text_end) return false;
      const Character character = character_at(place, text_end);
      return belongs(character.kind, set) && has(character);
    }
    const char* past(const char* place, CharSet set) const noexcept {
      if (!east_asian && belongs(CharClass::lower, set)) place = past_ascii_letters(place, text_end);
      while (place < text_end) {
        const Character character = character_at(place, text_end);
        if (!belongs(character.kind, set) || !has(character)) break;
        place += character.size;
      }
      return place;
    }
    const char* past_newlines(const char* place) const noexcept {
      return east_asian ? place : detail::past_newlines(place, text_end);
    }
  };

  static const char* past_signs(const Character& first, const char* second, const Part& part) noexcept {
    const char* place = second;
    if (first.code < 0x80)
      for (place = past_ascii_letters(second, part.text_end); place < part.text_end && is_ascii_letter(*place);)
        ++place;
    return place != second ? place : part.past_newlines(part.past(second, signs));
  }

  static const char* past_spaces_of(const char* place, const Part& part) noexcept {
    const SpaceRun run = space_run(place, part.text_end);
    return past_lines_or_spaces(run, part.ends_at(run.end));
  }

  /// On to the next character that matches something, be it as a prefix.
  static const char* past_unmatched(const char* place, const Part& part) noexcept {
    constexpr CharSet none = set_of(CharClass::other);
    while (part.begins_with(place, none)) {
      const char* const next = place + character_at(place, part.text_end).size;
      if (part.begins_with(next, words)) break;
      place = next;
    }
    return place;
  }
};

}  // namespace tallyscope::inline v0::detail
