// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_number.hpp>
#include <tallyscope/detail/json_string.hpp>
#include <tallyscope/detail/text.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

// JSON (RFC 8259) read piece by piece from bytes that stay where they are: no tree, no allocation, no exception.
namespace tallyscope::inline v0::detail {

enum class JsonType : std::uint8_t { none, null, boolean, number, string, object, array };

/// Goes through a document from its beginning to its end:
///
///   JsonScan scan{bytes};
///   JsonString key;
///   if (scan.begin_object())
///     while (scan.next_member(key)) ...                  read or skip() exactly one value
///   if (scan.failed()) ...                               the document is not JSON, or was left before its end
///
/// A value of another type than was asked for is refused: the answer is false, nothing is taken, and the value can be
/// asked for otherwise or skipped. What is not JSON fails: that and every later answer is false, and `failed()` says
/// so. Also refused are documents nested deeper than 64. A copy is a place to come back to.
class JsonScan {
 public:
  static constexpr int most_depth = 64;

  explicit JsonScan(std::string_view document) noexcept
      : begin_{document.data()}, place_{document.data()}, end_{document.data() + document.size()} {}

  bool failed() const noexcept { return failed_; }
  /// How many bytes were taken.
  std::size_t taken() const noexcept { return static_cast<std::size_t>(place_ - begin_); }
  /// Was everything well-formed, and is nothing left but white space?
  bool at_end() noexcept { return !failed_ && next_token() == '\0' && place_ == end_; }

  /// What the next value is, by its first character.
  JsonType type() noexcept;

  bool begin_object() noexcept { return begin('{'); }
  /// The key of the next member, whose value is next; false at the end of the object.
  bool next_member(JsonString& key) noexcept;
  bool begin_array() noexcept { return begin('['); }
  /// Is there another element? It is next. False at the end of the array.
  bool next_element() noexcept { return next_of(']') && (next_token() != ']' || fail()); }

  bool string(JsonString& value) noexcept;
  bool boolean(bool& value) noexcept;
  bool null() noexcept { return type() == JsonType::null && word("null"); }
  /// The number as it is written.
  bool number(std::string_view& value) noexcept;
  /// A number that is exactly an int64, also if it is written as 1e3 or 2.0. Any other is refused.
  bool integer(std::int64_t& value) noexcept;
  /// Whatever comes next.
  bool skip() noexcept;

 private:
  // Taken for a byte of the document, the 0 of the end fits nowhere.
  char next() const noexcept { return place_ < end_ ? *place_ : '\0'; }
  char next_token() noexcept {
    while (place_ < end_ && (*place_ == ' ' || *place_ == '\n' || *place_ == '\r' || *place_ == '\t')) ++place_;
    return next();
  }
  [[gnu::cold]] bool fail() noexcept {
    failed_ = true;
    end_ = place_;
    return false;
  }
  bool took() noexcept {
    first_ = false;
    return true;
  }
  bool begin(char bracket) noexcept;
  bool next_of(char bracket) noexcept;
  bool word(std::string_view letters) noexcept;
  bool digits() noexcept;
  bool number_text() noexcept;
  bool escape() noexcept;
  bool string_text(bool& escaped) noexcept;
  void plain_text() noexcept;

  const char* begin_;
  const char* place_;
  const char* end_;
  int depth_ = 0;
  bool first_ = false;  // an object or array has begun and has no member yet
  bool failed_ = false;
};

inline JsonType JsonScan::type() noexcept {
  const char c = next_token();
  switch (c) {
    case '{':
      return JsonType::object;
    case '[':
      return JsonType::array;
    case '"':
      return JsonType::string;
    case 't':
    case 'f':
      return JsonType::boolean;
    case 'n':
      return JsonType::null;
    default:
      return c == '-' || (c >= '0' && c <= '9') ? JsonType::number : JsonType::none;
  }
}

inline bool JsonScan::begin(char bracket) noexcept {
  if (next_token() != bracket) return false;
  if (depth_ == most_depth) return fail();
  ++place_;
  ++depth_;
  return first_ = true;
}

/// Takes the comma before the next member, or the closing bracket.
inline bool JsonScan::next_of(char bracket) noexcept {
  const char c = next_token();
  if (c == bracket && depth_ > 0) {
    ++place_;
    --depth_;
    return first_ = false;
  }
  if (first_) return first_ = false, place_ < end_ || fail();
  if (c != ',') return fail();
  ++place_;
  return true;
}

inline bool JsonScan::next_member(JsonString& key) noexcept {
  if (!next_of('}')) return false;
  if (!string(key)) return fail();
  if (next_token() != ':') return fail();
  ++place_;
  return true;
}

inline bool JsonScan::word(std::string_view letters) noexcept {
  if (std::string_view(place_, static_cast<std::size_t>(end_ - place_)).substr(0, letters.size()) != letters)
    return fail();
  place_ += letters.size();
  return took();
}

inline bool JsonScan::boolean(bool& value) noexcept {
  if (type() != JsonType::boolean) return false;
  value = *place_ == 't';
  return word(value ? "true" : "false");
}

inline bool JsonScan::digits() noexcept {
  const char* const from = place_;
  while (next() >= '0' && next() <= '9') ++place_;
  return place_ > from;
}

inline bool JsonScan::number_text() noexcept {
  if (next() == '-') ++place_;
  if (next() == '0')
    ++place_;
  else if (!digits())
    return false;
  if (next() == '.' && (++place_, !digits())) return false;
  if (next() != 'e' && next() != 'E') return true;
  ++place_;
  if (next() == '+' || next() == '-') ++place_;
  return digits();
}

inline bool JsonScan::number(std::string_view& value) noexcept {
  if (type() != JsonType::number) return false;
  const char* const from = place_;
  if (!number_text()) return fail();
  value = {from, static_cast<std::size_t>(place_ - from)};
  return took();
}

inline bool JsonScan::integer(std::int64_t& value) noexcept {
  const JsonScan before = *this;
  std::string_view text;
  if (!number(text)) return false;
  if (JsonNumber{text}.integer(value)) return true;
  *this = before;
  return false;
}

/// Takes an escape, of which the backslash is next.
inline bool JsonScan::escape() noexcept {
  ++place_;
  if (next() == 'u') {
    if (json_hex({place_ + 1, static_cast<std::size_t>(end_ - place_ - 1)}) < 0) return false;
    place_ += 5;
    return true;
  }
  constexpr std::string_view letters = "\"\\/bfnrt";
  return place_ < end_ && letters.find(*place_++) != std::string_view::npos;
}

/// Takes ASCII up to a quotation mark, backslash or control character, eight bytes at a time.
inline void JsonScan::plain_text() noexcept {
  constexpr auto every = [](std::uint64_t byte) { return byte * 0x0101010101010101u; };
  while (end_ - place_ >= 8) {
    const std::uint64_t word = load8(place_);
    const std::uint64_t low = word - every(0x20), quotes = (word ^ every('"')) - every(1);
    // A borrow may mark a byte behind a marked one, never one before it.
    const std::uint64_t marks = (low | quotes | ((word ^ every('\\')) - every(1)) | word) & high_bits;
    if (marks == 0)
      place_ += 8;
    else if constexpr (std::endian::native == std::endian::little) {
      place_ += std::countr_zero(marks) / 8;
      return;
    } else
      break;
  }
  while (place_ < end_ && *place_ >= 0x20 && *place_ < 0x7F && *place_ != '"' && *place_ != '\\') ++place_;
}

/// Takes a string, of which the first quotation mark was taken, and its last one.
inline bool JsonScan::string_text(bool& escaped) noexcept {
  for (;;) {
    plain_text();
    if (place_ == end_) return false;
    const auto c = static_cast<unsigned char>(*place_);
    if (c == '"') return ++place_, true;
    if (c < 0x20) return false;
    if (c == '\\') {
      escaped = true;
      if (!escape()) return false;
      continue;
    }
    const std::size_t size = character_size({place_, static_cast<std::size_t>(end_ - place_)});
    if (size == 0) return false;
    place_ += size;
  }
}

inline bool JsonScan::string(JsonString& value) noexcept {
  if (next_token() != '"') return false;
  const char* const from = ++place_;
  bool escaped = false;
  if (!string_text(escaped)) return fail();
  value = {{from, static_cast<std::size_t>(place_ - 1 - from)}, escaped};
  return took();
}

inline bool JsonScan::skip() noexcept {
  JsonString text;
  std::string_view digits;
  bool truth;
  switch (type()) {
    case JsonType::object:
      if (!begin_object()) return false;
      while (next_member(text))
        if (!skip()) return false;
      return !failed_;
    case JsonType::array:
      if (!begin_array()) return false;
      while (next_element())
        if (!skip()) return false;
      return !failed_;
    case JsonType::string:
      return string(text);
    case JsonType::number:
      return number(digits);
    case JsonType::boolean:
      return boolean(truth);
    case JsonType::null:
      return null();
    default:
      return fail();
  }
}

}  // namespace tallyscope::inline v0::detail
