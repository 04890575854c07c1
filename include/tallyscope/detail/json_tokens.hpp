// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_failure.hpp>
#include <tallyscope/detail/json_grammar.hpp>
#include <tallyscope/detail/json_string.hpp>
#include <tallyscope/detail/json_value.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A place in a document, and what may be taken there. Whatever takes something answers whether it was sound; once it
/// was not, nothing is left, so that all that is asked for next is refused too.
class JsonTokens {
 public:
  explicit JsonTokens(std::string_view document) noexcept
      : begin_{document.data()}, place_{document.data()}, end_{document.data() + document.size()} {}

  bool failed() const noexcept { return error_ != JsonError::none; }
  JsonFailure failure() const noexcept { return {error_, failed() ? taken() : 0}; }
  std::size_t taken() const noexcept { return static_cast<std::size_t>(place_ - begin_); }
  bool nothing_left() const noexcept { return place_ == end_; }

  /// The first byte behind white space, which is taken; 0 at the end.
  char next() noexcept {
    const char shown = json_byte(place_, end_);
    return shown > ' ' ? shown : next_behind_space();
  }
  /// Takes the byte that next() has shown.
  void take() noexcept { ++place_; }
  /// Each takes what begins with the byte that next() has shown.
  bool word(std::string_view letters) noexcept {
    JsonRefusal refusal;
    return go_to(past_json_word(place_, end_, letters, refusal), refusal);
  }
  bool number(std::string_view& text) noexcept;
  bool string(JsonString& value) noexcept;
  /// Takes a key and its colon, and a comma before all but the first, if they are as most are: short, without an escape
  /// or white space.
  bool short_key(JsonString& key, bool first) noexcept;
  /// Takes a number of up to 18 digits, as most are, with nothing before it.
  bool few_digits(std::int64_t& value) noexcept;
  bool value(int most_depth) noexcept {
    const char first = next();
    JsonRefusal refusal;
    if (first != '{' && first != '[') return go_to(past_json_scalar(place_, end_, refusal), refusal);
    return go_to(past_json_value(place_, end_, most_depth, refusal), refusal);
  }

  [[gnu::cold]] bool fail(JsonError error) noexcept {
    JsonRefusal refusal;
    return go_to(refusal.refuse(error, place_, end_), refusal);
  }

 private:
  [[gnu::noinline]] char next_behind_space() noexcept {
    place_ = past_json_space(place_, end_);
    return json_byte(place_, end_);
  }
  bool go_to(const char* place, const JsonRefusal& refusal) noexcept {
    if (place == nullptr) return stop(refusal);
    place_ = place;
    return true;
  }
  [[gnu::cold]] bool stop(const JsonRefusal& refusal) noexcept {
    if (!failed()) error_ = refusal.error;
    place_ = end_ = refusal.place;
    return false;
  }

  const char* begin_;
  const char* place_;
  const char* end_;
  JsonError error_ = JsonError::none;
};

inline bool JsonTokens::number(std::string_view& text) noexcept {
  JsonRefusal refusal;
  const char* const from = place_;
  if (!go_to(past_json_number(from, end_, refusal), refusal)) return false;
  text = {from, static_cast<std::size_t>(place_ - from)};
  return true;
}

inline bool JsonTokens::short_key([[maybe_unused]] JsonString& key, [[maybe_unused]] bool first) noexcept {
#if defined(__SSE2__)
  if (end_ - place_ < 40) return false;
  const char* const from = place_ + (first ? 1 : 2);
  if (from[-1] != '"' || (!first && from[-2] != ',')) return false;
  unsigned marks = json_marks(load<Bytes16>(from));
  if (marks == 0) marks = json_marks(load<Bytes16>(from + 16)) << 16;
  const char* const behind = from + std::countr_zero(marks | 1u << 31);
  if (behind[0] != '"' || behind[1] != ':') return false;
  key = {{from, static_cast<std::size_t>(behind - from)}, false};
  place_ = behind + 2;
  return true;
#else
  return false;
#endif
}

inline bool JsonTokens::few_digits(std::int64_t& value) noexcept {
  const char* at = place_;
  if (end_ - at < 20 || !is_json_digit(*at)) return false;
  std::int64_t sum = 0;
  for (; is_json_digit(*at); ++at) {
    if (at - place_ == 18) return false;
    sum = sum * 10 + (*at - '0');
  }
  const char behind = *at;
  if ((behind != ',' && behind != '}' && behind != ']') || (*place_ == '0' && at - place_ != 1)) return false;
  place_ = at;
  value = sum;
  return true;
}

inline bool JsonTokens::string(JsonString& value) noexcept {
  JsonRefusal refusal;
  bool escaped = false;
  const char* const from = place_ + 1;
  if (!go_to(past_json_string(from, end_, escaped, refusal), refusal)) return false;
  value = {{from, static_cast<std::size_t>(place_ - 1 - from)}, escaped};
  return true;
}

}  // namespace tallyscope::inline v0::detail
