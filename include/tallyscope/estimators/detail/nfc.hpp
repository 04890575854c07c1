// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>
#include <tallyscope/estimators/detail/nfc_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Unicode's normalization form C (UAX #15), by the tables of Unicode 16.0 whatever the machine knows. What a character
// becomes never changes once it is assigned, so that other versions differ in characters alone that are new to one of
// them: Hugging Face's library (tokenizers 0.23) has the tables of 9.0, ICU 78 those of 17.0. All texts here are
// well-formed UTF-8.
namespace tallyscope::inline v0::detail {

inline NormalKind normal_kind(std::uint32_t code) noexcept {
  if (code >= normal_end) return normal_kinds[0];
  return normal_kinds[normal_kind_numbers[normal_blocks[code / 64] * 64u + code % 64]];
}

/// Stands there without regard to what is before it: neither ordered among nor taken up by that.
constexpr bool begins_anew(NormalKind kind) noexcept { return kind.order == 0 && (kind.flags & may_be_taken_up) == 0; }

/// Does every character that begins with this byte begin anew and stay as it is? Those below U+0300, U+4000 to U+9FFF
/// and U+B000 to U+CFFF: most letters of Europe, China and Korea.
constexpr bool is_quiet_lead(unsigned char lead) noexcept {
  return lead < 0xCC || (lead >= 0xE4 && lead <= 0xE9) || lead == 0xEB || lead == 0xEC;
}

/// The character that begins at `place`; `place` becomes that of the next one.
inline std::uint32_t next_code(std::string_view text, std::size_t& place) noexcept {
  const auto low = [&]() -> std::uint32_t { return static_cast<unsigned char>(text[place++]) & 0x3Fu; };
  const std::uint32_t lead = static_cast<unsigned char>(text[place++]);
  if (lead < 0x80) return lead;
  std::uint32_t code = (lead & (lead < 0xE0 ? 0x1Fu : lead < 0xF0 ? 0x0Fu : 0x07u)) << 6 | low();
  if (lead >= 0xE0) code = code << 6 | low();
  if (lead >= 0xF0) code = code << 6 | low();
  return code;
}

inline void append_code(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code >= 0x10000) put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F));
  if (code >= 0x800 && code < 0x10000) put(0xE0 | code >> 12);
  if (code < 0x800)
    put(0xC0 | code >> 6);
  else
    put(0x80 | (code >> 6 & 0x3F));
  put(0x80 | (code & 0x3F));
}

/// How many bytes of `text`, from its beginning, stay as they are, whatever becomes of those behind them.
inline std::size_t normal_size(std::string_view text) noexcept {
  std::size_t sure = 0;
  std::uint8_t order = 0;  // of the character before
  for (std::size_t place = 0; place < text.size();) {
    if (text.size() - place >= 8 && (load8(text.data() + place) & high_bits) == 0) {
      place += 8;
      sure = place - 1;
      order = 0;
      continue;
    }
    const std::size_t here = place;
    const auto lead = static_cast<unsigned char>(text[here]);
    if (is_quiet_lead(lead)) {
      place += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
      sure = here;
      order = 0;
      continue;
    }
    const NormalKind kind = normal_kind(next_code(text, place));
    if (begins_anew(kind)) sure = here;
    if (kind.flags != 0 || (kind.order != 0 && kind.order < order)) return sure;
    order = kind.order;
  }
  return text.size();
}

/// How many bytes the first character has together with all behind it that may change with it.
inline std::size_t open_size(std::string_view text) noexcept {
  std::size_t place = 0;
  next_code(text, place);
  for (std::size_t here = place; place < text.size(); here = place)
    if (begins_anew(normal_kind(next_code(text, place)))) return here;
  return text.size();
}

/// Where the last character begins that no text before it can change, nor that text through it; npos for none.
inline std::size_t last_anew(std::string_view text) noexcept {
  for (std::size_t place = text.size(); place > 0;) {
    do --place;
    while (place > 0 && is_continuation(text[place]));
    std::size_t next = place;
    if (begins_anew(normal_kind(next_code(text, next)))) return place;
  }
  return std::string_view::npos;
}

/// What two characters become, or 0.
inline std::uint32_t composed(std::uint32_t first, std::uint32_t second) noexcept {
  constexpr std::uint32_t leads = 0x1100, vowels = 0x1161, finals = 0x11A7, syllables = 0xAC00;
  if (first - leads < 19 && second - vowels < 21) return syllables + ((first - leads) * 21 + (second - vowels)) * 28;
  if (first - syllables < 11'172 && (first - syllables) % 28 == 0 && second - finals - 1 < 27)
    return first + (second - finals);
  const auto before = [](std::uint16_t place, const std::pair<std::uint32_t, std::uint32_t>& parts) {
    return std::pair{decompositions[place].first, decompositions[place].second} < parts;
  };
  const std::pair wanted{first, second};
  const auto* const found = std::lower_bound(std::begin(compositions), std::end(compositions), wanted, before);
  if (found == std::end(compositions)) return 0;
  const Decomposition& parts = decompositions[*found];
  return parts.first == first && parts.second == second ? parts.code : 0;
}

/// Characters that may change with each other: the first, and those up to the next that begins anew. Keeps its memory
/// from one to the next, up to 28 times the size of the longest.
class NormalRun {
 public:
  /// Appends `run` to `out`, put into NFC. Time is n log n.
  void append(std::string& out, std::string_view run) {
    characters_.clear();
    for (std::size_t place = 0; place < run.size();) take_apart(next_code(run, place));
    put_in_order();
    put_together();
    for (const Character& character : characters_) append_code(out, character.code);
  }

 private:
  struct Character {
    std::uint32_t code;
    NormalKind kind;
  };

  /// Syllables of Hangul stay as they are: what follows composes with them as with their parts.
  void take_apart(std::uint32_t code) {
    const Character whole{code, normal_kind(code)};
    const bool stays = code < 0xC0 || (whole.kind.order != 0 && (whole.kind.flags & is_changed) == 0);
    if (stays) return characters_.push_back(whole);
    const auto before = [](const Decomposition& parts, std::uint32_t wanted) { return parts.code < wanted; };
    const auto* const found = std::lower_bound(std::begin(decompositions), std::end(decompositions), code, before);
    if (found == std::end(decompositions) || found->code != code) return characters_.push_back(whole);
    take_apart(found->first);  // four levels at most
    if (found->second != 0) characters_.push_back({found->second, normal_kind(found->second)});
  }

  /// Marks by their classes; those of one class stay in their order.
  void put_in_order() {
    const auto below = [](const Character& one, const Character& other) { return one.kind.order < other.kind.order; };
    const auto is_mark = [](const Character& character) { return character.kind.order != 0; };
    for (auto first = characters_.begin(); first != characters_.end();) {
      first = std::find_if(first, characters_.end(), is_mark);
      const auto last = std::find_if_not(first, characters_.end(), is_mark);
      if (!std::is_sorted(first, last, below)) std::stable_sort(first, last, below);
      first = last;
    }
  }

  /// Each mark joins the character before the marks, unless one between them of its class or a higher one, or another
  /// beginning, blocks it.
  void put_together() {
    std::size_t kept = 0, start = 0;
    for (std::size_t place = 0; place < characters_.size(); ++place) {
      const Character next = characters_[place];
      const bool is_free = kept == start + 1 || (kept > start && characters_[kept - 1].kind.order < next.kind.order);
      const bool may_join = (next.kind.flags & may_be_taken_up) != 0;
      const bool has_start = kept > start && characters_[start].kind.order == 0;
      const std::uint32_t whole = may_join && is_free && has_start ? composed(characters_[start].code, next.code) : 0;
      if (whole != 0) {
        characters_[start].code = whole;
        continue;
      }
      if (next.kind.order == 0) start = kept;
      characters_[kept++] = next;
    }
    characters_.resize(kept);
  }

  std::vector<Character> characters_;
};

/// Appends `text` to `out`, put into NFC.
inline void append_nfc(std::string& out, std::string_view text) {
  NormalRun run;
  while (!text.empty()) {
    const std::size_t sound = normal_size(text);
    out.append(text.substr(0, sound));
    text.remove_prefix(sound);
    if (text.empty()) return;
    const std::size_t size = open_size(text);
    run.append(out, text.substr(0, size));
    text.remove_prefix(size);
  }
}

/// `text` in NFC: as it is, or as it then stands in `room`, which may hold `text`.
[[gnu::noinline]] inline std::string_view in_nfc(std::string_view text, std::string& room) {
  const std::size_t sound = normal_size(text);
  if (sound == text.size()) return text;
  std::string normal;
  normal.reserve(text.size());
  normal.append(text.substr(0, sound));
  append_nfc(normal, text.substr(sound));
  room = std::move(normal);
  return room;
}

/// A text that comes in pieces, each of whole characters, put into NFC: what a text to come may change waits, one
/// character as a rule, and as many marks as follow each other.
class NfcStream {
 public:
  /// Appends what is settled now to `out`. After an exception all is as it was.
  void append(std::string& out, std::string_view text) {
    const std::size_t start = last_anew(text);
    if (start == std::string_view::npos) return void(waiting_.append(text));
    std::string settled = waiting_, rest{text.substr(start)}, normal;
    settled.append(text.substr(0, start));
    append_nfc(normal, settled);
    out.append(normal);
    waiting_.swap(rest);
  }
  /// What is not, as it came.
  std::string_view waiting() const noexcept { return waiting_; }
  void reset() noexcept { waiting_.clear(); }

 private:
  std::string waiting_;
};

}  // namespace tallyscope::inline v0::detail
