// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_failure.hpp>
#include <tallyscope/detail/json_number.hpp>
#include <tallyscope/detail/json_string.hpp>
#include <tallyscope/detail/json_tokens.hpp>

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
/// asked for otherwise or skipped. What is not JSON fails: that and every later answer is false, `failed()` says so and
/// `failure()` why and where. Also refused are documents nested deeper than 256. Of a key that an object has twice both
/// members are shown; who reads them lets the last one win. A copy is a place to come back to.
class JsonScan {
 public:
  static constexpr int most_depth = JsonBrackets::most;

  explicit JsonScan(std::string_view document) noexcept : tokens_{document} {}

  bool failed() const noexcept { return tokens_.failed(); }
  JsonFailure failure() const noexcept { return tokens_.failure(); }
  /// How many bytes were taken.
  std::size_t taken() const noexcept { return tokens_.taken(); }
  /// Was everything well-formed, and is nothing left but white space?
  bool at_end() noexcept { return !failed() && tokens_.next() == '\0' && tokens_.nothing_left(); }

  /// What the next value is, by its first character.
  JsonType type() noexcept;

  bool begin_object() noexcept { return begin('{'); }
  /// The key of the next member, whose value is next; false at the end of the object.
  bool next_member(JsonString& key) noexcept { return short_key(key) || any_member(key); }
  bool begin_array() noexcept { return begin('['); }
  /// Is there another element? It is next. False at the end of the array.
  bool next_element() noexcept { return next_of(']') && (tokens_.next() != ']' || refuse()); }

  bool string(JsonString& value) noexcept { return tokens_.next() == '"' && tokens_.string(value); }
  bool boolean(bool& value) noexcept;
  bool null() noexcept { return type() == JsonType::null && tokens_.word("null"); }
  /// The number as it is written.
  bool number(std::string_view& value) noexcept { return type() == JsonType::number && tokens_.number(value); }
  /// A number that is exactly an int64, also if it is written as 1e3 or 2.0. Any other is refused.
  bool integer(std::int64_t& value) noexcept { return few_digits(value) || any_integer(value); }
  /// A number of few digits with nothing before it, as most are.
  bool few_digits(std::int64_t& value) noexcept { return tokens_.few_digits(value); }
  /// Whatever comes next, checked like what is read.
  bool skip() noexcept { return tokens_.value(most_depth - depth_); }

 private:
  bool refuse() noexcept { return tokens_.fail(JsonError::unexpected_character); }
  bool short_key(JsonString& key) noexcept {
    if (!tokens_.short_key(key, first_)) return false;
    first_ = false;
    return true;
  }
  bool begin(char bracket) noexcept;
  bool next_of(char bracket) noexcept;
  bool any_member(JsonString& key) noexcept;
  bool any_integer(std::int64_t& value) noexcept;

  JsonTokens tokens_;
  int depth_ = 0;
  bool first_ = false;  // an object or array has begun and has no member yet
};

inline JsonType JsonScan::type() noexcept {
  const char c = tokens_.next();
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
      return c == '-' || is_json_digit(c) ? JsonType::number : JsonType::none;
  }
}

inline bool JsonScan::begin(char bracket) noexcept {
  if (tokens_.next() != bracket) return false;
  if (depth_ == most_depth) return tokens_.fail(JsonError::too_deep);
  tokens_.take();
  ++depth_;
  return first_ = true;
}

/// Takes the comma before the next member, or the closing bracket.
inline bool JsonScan::next_of(char bracket) noexcept {
  const char c = tokens_.next();
  if (c == bracket && depth_ > 0) {
    tokens_.take();
    --depth_;
    return first_ = false;
  }
  if (first_) return first_ = false, !tokens_.nothing_left() || refuse();
  if (c != ',') return refuse();
  tokens_.take();
  return true;
}

[[gnu::noinline]] inline bool JsonScan::any_member(JsonString& key) noexcept {
  if (!next_of('}')) return false;
  if (tokens_.next() == '"' && tokens_.short_key(key, true)) return true;
  if (!string(key)) return refuse();
  if (tokens_.next() != ':') return refuse();
  tokens_.take();
  return true;
}

inline bool JsonScan::boolean(bool& value) noexcept {
  const char c = tokens_.next();
  if (c != 't' && c != 'f') return false;
  value = c == 't';
  return tokens_.word(value ? "true" : "false");
}

[[gnu::noinline]] inline bool JsonScan::any_integer(std::int64_t& value) noexcept {
  const JsonScan before = *this;
  std::string_view text;
  if (!number(text)) return false;
  if (read_few_digits(text, value) || JsonNumber{text}.integer(value)) return true;
  *this = before;
  return false;
}

}  // namespace tallyscope::inline v0::detail
