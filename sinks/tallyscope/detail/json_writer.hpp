// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/civil_time.hpp>
#include <tallyscope/detail/decimal.hpp>
#include <tallyscope/detail/json_text.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// `,"name":` put together by the compiler.
template <std::size_t NameSize>
struct JsonKey {
  static constexpr std::size_t size = NameSize + 4;
  char bytes[size]{};

  constexpr explicit JsonKey(std::string_view name) {
    bytes[0] = ',', bytes[1] = '"';
    for (std::size_t place = 0; place < NameSize; ++place) bytes[place + 2] = name[place];
    bytes[size - 2] = '"', bytes[size - 1] = ':';
  }
};

/// A text that a template can be given.
template <std::size_t Size>
struct FixedText {
  char bytes[Size]{};

  constexpr FixedText(const char (&text)[Size]) {
    for (std::size_t place = 0; place < Size; ++place) bytes[place] = text[place];
  }
};

template <FixedText Name>
inline constexpr JsonKey<sizeof Name.bytes - 1> json_key{std::string_view{Name.bytes, sizeof Name.bytes - 1}};

/// The same text as write_dollars() makes, in 64 bits: 128-bit divisions would cost more than the rest of the line.
inline constexpr std::size_t money_room = 22;
inline char* write_money(char* out, Money amount) noexcept {
  constexpr std::uint64_t dollar = 1'000'000'000'000;
  const auto bits = static_cast<std::uint64_t>(amount.picodollars());
  const bool negative = amount < Money{};
  if (negative) *out++ = '-';
  const std::uint64_t magnitude = negative ? 0 - bits : bits;
  out = write_decimal(out, magnitude / dollar);
  return write_fraction(out, magnitude % dollar, dollar_digits);
}

/// A positive number, at most 10^9, to the nearest millionth.
inline constexpr std::size_t ratio_room = 17;
inline char* write_ratio(char* out, float value) noexcept {
  constexpr std::uint64_t one = 1'000'000;
  const auto millionths = static_cast<std::uint64_t>(static_cast<double>(value < 1e9f ? value : 1e9f) * 1e6 + 0.5);
  out = write_decimal(out, millionths / one);
  return write_fraction(out, millionths % one, 6);
}
constexpr bool is_ratio(float value) noexcept { return value >= 1e-6f; }  // not for NaN

/// Writes the pieces of an object, one after the other, to a place that has room for all of them. A value that is
/// absent, or an empty text, leaves its key out. Texts from outside share a room of their own; what does not fit is
/// cut.
// Inlined throughout, so that the place to write at stays in a register.
class JsonWriter {
 public:
  [[gnu::always_inline]] JsonWriter(char* out, std::size_t text_room) noexcept : out_{out}, text_room_{text_room} {}

  [[gnu::always_inline]] const char* end() const noexcept { return out_; }
  [[gnu::always_inline]] std::size_t text_room() const noexcept { return text_room_; }
  [[gnu::always_inline]] bool text_cut() const noexcept { return text_cut_; }

  template <std::size_t Size>
  [[gnu::always_inline]] void raw(const char (&piece)[Size]) noexcept {
    copy(piece, Size - 1);
  }
  /// Takes back the last byte: a comma too many.
  [[gnu::always_inline]] void take_back() noexcept { --out_; }

  /// A short text of ours.
  template <class Key>
  [[gnu::always_inline]] void name(const Key& field, std::string_view value) noexcept {
    if (!value.empty()) put(field), quoted(value);
  }
  [[gnu::always_inline]] void quoted(std::string_view value) noexcept {
    raw("\""), copy(value.data(), value.size()), raw("\"");
  }

  /// A text from outside, of which `limit` bytes count.
  template <class Key>
  [[gnu::always_inline]] void text(const Key& field, std::string_view value, std::size_t limit = name_limit) noexcept {
    if (!value.empty()) put(field), quoted_text(value, limit);
  }
  [[gnu::always_inline]] void quoted_text(std::string_view value, std::size_t limit) noexcept {
    raw("\"");
    if (value.size() <= limit && value.size() <= text_room_ && copy_if_plain(out_, value)) [[likely]]
      advance_text(value.size());
    else
      difficult_text(value, limit);
    raw("\"");
  }

  template <class Key>
  [[gnu::always_inline]] void integer(const Key& field, std::int64_t value) noexcept {
    put(field);
    if (value < 0) raw("-");
    const auto bits = static_cast<std::uint64_t>(value);
    out_ = write_decimal(out_, value < 0 ? 0 - bits : bits);
  }
  template <class Key>
  [[gnu::always_inline]] void count(const Key& field, Count count) noexcept {
    if (count.has_value()) put(field), out_ = write_decimal(out_, static_cast<std::uint64_t>(count.value_or(0)));
  }
  template <class Key>
  [[gnu::always_inline]] void ratio(const Key& field, float value) noexcept {
    if (is_ratio(value)) put(field), out_ = write_ratio(out_, value);
  }
  template <class Key>
  [[gnu::always_inline]] void dollars(const Key& field, Money amount) noexcept {
    put(field), raw("\""), out_ = write_money(out_, amount), raw("\"");
  }
  template <class Key>
  [[gnu::always_inline]] void yes(const Key& field) noexcept {
    put(field), raw("true");
  }
  template <class Key>
  [[gnu::always_inline]] void id(const Key& field, RecordId id) noexcept {
    if (id) put(field), raw("\""), out_ = write_hex(write_hex(out_, id.process), id.number), raw("\"");
  }
  template <class Key>
  [[gnu::always_inline]] void time(const Key& field, std::int64_t utc) noexcept {
    put(field), raw("\""), out_ = write_civil_time(out_, utc), raw("\"");
  }

 private:
  [[gnu::always_inline]] void copy(const char* bytes, std::size_t size) noexcept {
    std::memcpy(out_, bytes, size);
    out_ += size;
  }
  template <class Key>
  [[gnu::always_inline]] void put(const Key& field) noexcept {
    copy(field.bytes, Key::size);
  }
  [[gnu::always_inline]] void advance_text(std::size_t size) noexcept {
    out_ += size;
    text_room_ -= size;
  }
  [[gnu::always_inline]] void difficult_text(std::string_view value, std::size_t limit) noexcept {
    bool cut;
    advance_text(static_cast<std::size_t>(write_escaped(out_, value, limit, text_room_, cut) - out_));
    text_cut_ |= cut;
  }

  char* out_;
  std::size_t text_room_;
  bool text_cut_ = false;
};

/// A JsonWriter that only adds up how much room the pieces may need, beside the room that texts share.
class JsonSize {
 public:
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr std::size_t text_room() const noexcept { return static_cast<std::size_t>(-1); }
  constexpr bool text_cut() const noexcept { return true; }

  template <std::size_t Size>
  constexpr void raw(const char (&)[Size]) noexcept {
    size_ += Size - 1;
  }
  constexpr void take_back() noexcept {}
  constexpr void name(const auto& field, std::string_view value) noexcept {
    if (!value.empty()) add(field), quoted(value);
  }
  constexpr void quoted(std::string_view value) noexcept { size_ += value.size() + 2; }
  constexpr void text(const auto& field, std::string_view value, std::size_t = 0) noexcept {
    if (!value.empty()) add(field, 2);
  }
  constexpr void quoted_text(std::string_view, std::size_t) noexcept { size_ += 2; }
  constexpr void integer(const auto& field, std::int64_t) noexcept { add(field, decimal_room); }
  constexpr void count(const auto& field, Count count) noexcept {
    if (count.has_value()) add(field, decimal_room);
  }
  constexpr void ratio(const auto& field, float value) noexcept {
    if (is_ratio(value)) add(field, ratio_room);
  }
  constexpr void dollars(const auto& field, Money) noexcept { add(field, money_room + 2); }
  constexpr void yes(const auto& field) noexcept { add(field, 4); }
  constexpr void id(const auto& field, RecordId id) noexcept {
    if (id) add(field, 34);
  }
  constexpr void time(const auto& field, std::int64_t) noexcept { add(field, civil_time_size + 2); }

 private:
  constexpr void add(const auto& field, std::size_t more = 0) noexcept { size_ += sizeof field.bytes + more; }

  std::size_t size_ = 0;
};

}  // namespace tallyscope::inline v0::detail
