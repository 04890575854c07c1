// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/byte_features_block.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What a text is counted for. Letters, digits and spaces are those of ASCII, punctuation is all else of it; the last
/// nine count the characters that are not ASCII by their first byte.
enum class ByteFeature : std::uint8_t {
  word_starts,  // letters that no letter stands before
  letters,
  capitals_behind_small,
  capitals_behind_capitals,
  digits,
  digit_runs,
  punctuation,
  punctuation_runs,
  spaces,
  spaces_behind_spaces,
  newlines,
  newline_runs,
  letters_behind_eight,
  lead_c2_cd,
  lead_ce_cf,
  lead_d0_d5,
  lead_d6_df,
  lead_e0_e1,
  lead_e2_f0,
  lead_e3,
  lead_e4_e9,
  lead_ea_ef,
};
inline constexpr std::size_t byte_feature_count = 22;

/// What a byte is. One that is not ASCII is nothing of these.
struct ByteKind {
  enum : std::uint8_t { small = 1, capital = 2, letter = 3, digit = 4, space = 8, newline = 16, sign = 32 };

  static constexpr std::uint8_t of(char byte) noexcept {
    if (byte >= 'a' && byte <= 'z') return small;
    if (byte >= 'A' && byte <= 'Z') return capital;
    if (is_digit(byte)) return digit;
    if (byte == '\n' || byte == '\r') return space | newline;
    return byte == ' ' || (byte >= '\t' && byte <= '\r') ? space : sign;
  }
};

struct ByteKinds {
  std::uint8_t of[256]{};
  constexpr ByteKinds() noexcept {
    for (unsigned byte = 0; byte < 0x80; ++byte) of[byte] = ByteKind::of(static_cast<char>(byte));
  }
};
inline constexpr ByteKinds byte_kinds{};

/// Counts a text that comes piece by piece: what is counted does not depend on where it is cut. Allocates nothing; each
/// count may reach 2^64.
class ByteFeatures {
 public:
  constexpr std::uint64_t operator[](ByteFeature feature) const noexcept {
    return counts_[static_cast<std::size_t>(feature)];
  }
  constexpr const std::uint64_t* counts() const noexcept { return counts_; }

  /// As fast as the machine allows.
  void feed(std::string_view text) noexcept {
#if defined(TALLYSCOPE_HAS_BYTE_BLOCKS)
    if (text.size() >= worth_a_block) return feed_blocks(text);
#endif
    feed_plainly(text);
  }

  /// The same, a byte at a time.
  constexpr void feed_plainly(std::string_view text) noexcept {
    for (const char byte : text) feed_byte(static_cast<unsigned char>(byte));
  }

 private:
  using enum ByteFeature;

  static constexpr std::size_t worth_a_block = 24;  // below, bytes one by one are quicker
  static constexpr unsigned long_word = 8;
  /// Where the classes of first bytes begin. The last is counted with E2, emoji with other signs.
  static constexpr unsigned char lead_starts[] = {0xC2, 0xCE, 0xD0, 0xD6, 0xE0, 0xE2, 0xE3, 0xE4, 0xEA, 0xF0};
  static constexpr std::size_t first_lead = static_cast<std::size_t>(lead_c2_cd), lead_classes = 9;

  constexpr void add(ByteFeature feature, bool more = true) noexcept {
    counts_[static_cast<std::size_t>(feature)] += more ? 1 : 0;
  }

  constexpr void feed_byte(unsigned char byte) noexcept {
    const std::uint8_t kind = byte_kinds.of[byte], before = last_kind_;
    last_kind_ = kind;
    if ((kind & ByteKind::letter) != 0) return feed_letter(kind, before);
    letters_before_ = 0;
    if (kind == 0) return feed_lead(byte);
    if (kind == ByteKind::digit) return add(digits), add(digit_runs, before != ByteKind::digit);
    if (kind == ByteKind::sign) return add(punctuation), add(punctuation_runs, before != ByteKind::sign);
    add(spaces), add(spaces_behind_spaces, (before & ByteKind::space) != 0);
    if ((kind & ByteKind::newline) != 0) add(newlines), add(newline_runs, (before & ByteKind::newline) == 0);
  }

  constexpr void feed_letter(std::uint8_t kind, std::uint8_t before) noexcept {
    add(letters), add(word_starts, (before & ByteKind::letter) == 0);
    if (kind == ByteKind::capital)
      add(capitals_behind_small, before == ByteKind::small), add(capitals_behind_capitals, before == ByteKind::capital);
    if (letters_before_ == long_word) return add(letters_behind_eight);
    ++letters_before_;
  }

  constexpr void feed_lead(unsigned char byte) noexcept {
    if (byte < lead_starts[0]) return;
    if (byte >= lead_starts[lead_classes]) return add(lead_e2_f0);
    std::size_t lead = lead_classes - 1;
    while (byte < lead_starts[lead]) --lead;
    ++counts_[first_lead + lead];
  }

#if defined(TALLYSCOPE_HAS_BYTE_BLOCKS)
  /// What came before a block, as bits of which the highest is the byte just before it.
  struct Before {
    ByteClasses classes;
    std::uint64_t letters_2 = 0, letters_4 = 0;  // the last of two letters, of four
  };

  /// `bits`, each moved to the place of a byte that stands `places` behind its own.
  [[gnu::always_inline]] static std::uint64_t behind(std::uint64_t bits, std::uint64_t before,
                                                     int places = 1) noexcept {
    return bits << places | before >> (64 - places);
  }

  Before before_text() const noexcept {
    Before before;
    const auto last_is = [this](unsigned kind) { return (last_kind_ & kind) != 0 ? std::uint64_t{1} << 63 : 0; };
    before.classes = {.letters = ~(~std::uint64_t{0} >> letters_before_),
                      .capitals = last_is(ByteKind::capital),
                      .digits = last_is(ByteKind::digit),
                      .spaces = last_is(ByteKind::space),
                      .newlines = last_is(ByteKind::newline),
                      .punctuation = last_is(ByteKind::sign)};
    before.letters_2 = before.classes.letters & before.classes.letters << 1;
    before.letters_4 = before.letters_2 & before.letters_2 << 2;
    return before;
  }

  void feed_blocks(std::string_view text) noexcept {
    Before before = before_text();
    std::uint64_t counts[byte_feature_count] = {}, leads[lead_classes + 1] = {};
    const char* place = text.data();
    std::size_t left = text.size();
    for (; left >= block_size; place += block_size, left -= block_size) count_block(place, before, counts, leads);
    if (left != 0) {
      // What is left stands before bytes that continue a character: they count for nothing.
      char rest[block_size];
      std::memset(rest, '\x80', sizeof rest);
      std::memcpy(rest, place, left);
      count_block(rest, before, counts, leads);
    }
    for (std::size_t lead = 0; lead < lead_classes; ++lead) counts[first_lead + lead] = leads[lead] - leads[lead + 1];
    counts[static_cast<std::size_t>(lead_e2_f0)] += leads[lead_classes];
    for (std::size_t feature = 0; feature < byte_feature_count; ++feature) counts_[feature] += counts[feature];
    remember_end(text);
  }

  /// Of a text of at least `long_word` bytes.
  void remember_end(std::string_view text) noexcept {
    last_kind_ = byte_kinds.of[static_cast<unsigned char>(text.back())];
    letters_before_ = 0;
    for (const char* end = text.data() + text.size(); letters_before_ < long_word; ++letters_before_)
      if ((byte_kinds.of[static_cast<unsigned char>(*--end)] & ByteKind::letter) == 0) break;
  }

  [[gnu::always_inline]] static void count_block(const char* from, Before& before, std::uint64_t* counts,
                                                 std::uint64_t* leads) noexcept {
    const ByteBlock block{from};
    const std::uint64_t not_ascii = block.where([](WideBytes bytes) { return bytes; });
    if (not_ascii != 0) count_leads(block, not_ascii, leads);
    const ByteClasses now = classes_of(block, not_ascii);
    count_classes(now, before.classes, counts);
    const std::uint64_t two = now.letters & behind(now.letters, before.classes.letters);
    const std::uint64_t four = two & behind(two, before.letters_2, 2);
    const std::uint64_t eight = four & behind(four, before.letters_4, 4);
    const auto count = [counts](ByteFeature feature, std::uint64_t bits) __attribute__((always_inline)) {
      counts[static_cast<std::size_t>(feature)] += bit_count(bits);
    };
    count(letters_behind_eight, eight & behind(now.letters, before.classes.letters, 8));
    before = {now, two, four};
  }

  [[gnu::always_inline]] static void count_leads(const ByteBlock& block, std::uint64_t not_ascii,
                                                 std::uint64_t* leads) noexcept {
    for (std::size_t lead = 0; lead <= lead_classes; ++lead) {
      const WideBytes below = wide(static_cast<char>(lead_starts[lead] - 1));
      leads[lead] += bit_count(not_ascii & block.where([&](WideBytes bytes) { return bytes > below; }));
    }
  }

  [[gnu::always_inline]] static void count_classes(const ByteClasses& now, const ByteClasses& before,
                                                   std::uint64_t* counts) noexcept {
    const auto count = [counts](ByteFeature feature, std::uint64_t bits) __attribute__((always_inline)) {
      counts[static_cast<std::size_t>(feature)] += bit_count(bits);
    };
    const std::uint64_t letters_before = behind(now.letters, before.letters);
    const std::uint64_t capitals_before = behind(now.capitals, before.capitals);
    count(letters, now.letters);
    count(word_starts, now.letters & ~letters_before);
    count(capitals_behind_small, now.capitals & letters_before & ~capitals_before);
    count(capitals_behind_capitals, now.capitals & capitals_before);
    count(digits, now.digits);
    count(digit_runs, now.digits & ~behind(now.digits, before.digits));
    count(punctuation, now.punctuation);
    count(punctuation_runs, now.punctuation & ~behind(now.punctuation, before.punctuation));
    count(spaces, now.spaces);
    count(spaces_behind_spaces, now.spaces & behind(now.spaces, before.spaces));
    count(newlines, now.newlines);
    count(newline_runs, now.newlines & ~behind(now.newlines, before.newlines));
  }
#endif

  std::uint64_t counts_[byte_feature_count]{};
  std::uint8_t last_kind_ = 0;       // of the byte before
  std::uint8_t letters_before_ = 0;  // at most 8
};

}  // namespace tallyscope::inline v0::detail
