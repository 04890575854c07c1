// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/char_class.hpp>
#include <tallyscope/estimators/detail/pieces_ascii.hpp>

// What the patterns have in common. Each function gets a place in the text and its end, and returns how far it goes.
namespace tallyscope::inline v0::detail {

constexpr bool is_newline(std::uint32_t code) noexcept { return code == '\n' || code == '\r'; }

/// Past letters whose first byte tells that they are such, if there are any.
[[gnu::always_inline]] inline const char* past_letters_of_three(const char* place, const char* end) noexcept {
  while (end - place >= 3 && begins_letter_of_three(static_cast<unsigned char>(*place))) place += 3;
  return place;
}

/// Past all characters of the classes.
inline const char* past_run(const char* place, const char* end, CharSet set) noexcept {
  while (place < end) {
    place = belongs(CharClass::letter, set) ? past_letters_of_three(place, end) : place;
    if (place == end) break;
    const Character character = character_at(place, end);
    if (!belongs(character.kind, set)) break;
    place += character.size;
  }
  return place;
}

/// \p{L}*
inline const char* past_letters(const char* place, const char* end) noexcept {
  return past_run(past_ascii_letters(place, end), end, char_sets::letters);
}

/// \p{N}{1,Most}, where `place` is past the first of them.
template <int Most>
const char* past_numbers(const char* place, const char* end) noexcept {
  for (int count = 1; count < Most && place < end; ++count) {
    const Character character = character_at(place, end);
    if (character.kind != CharClass::number) break;
    place += character.size;
  }
  return place;
}

/// [\r\n]*
inline const char* past_newlines(const char* place, const char* end) noexcept {
  while (place < end && is_newline(static_cast<unsigned char>(*place))) ++place;
  return place;
}

enum class LetterCase { exact, any };

/// 's|'t|'re|'ve|'m|'ll|'d, or `place` if none of them is there. In any case of letters U+017F is an s too, since it
/// folds to one.
template <LetterCase Case>
const char* past_contraction(const char* place, const char* end) noexcept {
  const auto left = end - place;
  if (left < 2 || *place != '\'') return place;
  const auto letter = [place](int at) { return Case == LetterCase::any ? place[at] | 0x20 : place[at]; };
  switch (letter(1)) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return place + 2;
    case 'l':
      return left >= 3 && letter(2) == 'l' ? place + 3 : place;
    case 'r':
    case 'v':
      return left >= 3 && letter(2) == 'e' ? place + 3 : place;
    default:
      break;
  }
  const bool long_s = Case == LetterCase::any && left >= 3 && place[1] == '\xC5' && place[2] == '\xBF';
  return long_s ? place + 3 : place;
}

/// A run of \s.
struct SpaceRun {
  const char* begin;
  const char* last;   ///< where the last of them begins
  const char* lines;  ///< past the last \r or \n, null without one
  const char* end;
};

inline SpaceRun space_run(const char* place, const char* end) noexcept {
  SpaceRun run{place, place, nullptr, place};
  while (run.end < end) {
    const Character character = character_at(run.end, end);
    if (character.kind != CharClass::space) break;
    run.last = run.end;
    run.end += character.size;
    if (is_newline(character.code)) run.lines = run.end;
  }
  return run;
}

/// \s+(?!\S)|\s+: leaves the last one to what follows, unless that is the end, or there is but one.
inline const char* past_spaces(const SpaceRun& run, bool at_end) noexcept {
  return at_end || run.last == run.begin ? run.end : run.last;
}

/// \s*[\r\n]+|\s+(?!\S)|\s+
inline const char* past_lines_or_spaces(const SpaceRun& run, bool at_end) noexcept {
  return run.lines ? run.lines : past_spaces(run, at_end);
}
inline const char* past_lines_or_spaces(const char* place, const char* end) noexcept {
  const SpaceRun run = space_run(place, end);
  return past_lines_or_spaces(run, run.end == end);
}

}  // namespace tallyscope::inline v0::detail
