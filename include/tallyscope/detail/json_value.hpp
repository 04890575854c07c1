// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_grammar.hpp>

#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The open brackets around a place: which of them are of objects.
class JsonBrackets {
 public:
  static constexpr int most = 256;

  int open() const noexcept { return open_; }
  bool in_object() const noexcept { return (inner_ & 1) != 0; }
  char closing() const noexcept { return in_object() ? '}' : ']'; }

  void push(bool object) noexcept {
    if (open_ % 64 == 0) outer_[open_ / 64] = inner_;
    inner_ = inner_ << 1 | (object ? 1 : 0);
    ++open_;
  }
  void pop() noexcept {
    --open_;
    inner_ = open_ % 64 == 0 ? outer_[open_ / 64] : inner_ >> 1;
  }

 private:
  int open_ = 0;
  std::uint64_t inner_ = 0;  // a bit for each of the innermost brackets, the last one lowest
  std::uint64_t outer_[most / 64];
};

/// A value that is neither an object nor an array.
[[gnu::always_inline]] inline const char* past_json_scalar(const char* from, const char* end,
                                                           JsonRefusal& refusal) noexcept {
  bool escaped = false;
  const char first = json_byte(from, end);
  if (is_json_digit(first)) return past_json_number(from, end, refusal);
  switch (first) {
    case '-':
      return past_json_number(from, end, refusal);
    case '"':
      return past_json_string(from + 1, end, escaped, refusal);
    case 't':
      return past_json_word(from, end, "true", refusal);
    case 'f':
      return past_json_word(from, end, "false", refusal);
    case 'n':
      return past_json_word(from, end, "null", refusal);
    default:
      return refusal.refuse(JsonError::unexpected_character, from, end);
  }
}

/// A key and its colon.
[[gnu::always_inline]] inline const char* past_json_key(const char* from, const char* end,
                                                        JsonRefusal& refusal) noexcept {
  bool escaped = false;
  from = json_token(from, end);
  if (json_byte(from, end) != '"') return refusal.refuse(JsonError::unexpected_character, from, end);
  from = past_json_string(from + 1, end, escaped, refusal);
  if (from == nullptr) return nullptr;
  from = json_token(from, end);
  return json_byte(from, end) == ':' ? from + 1 : refusal.refuse(JsonError::unexpected_character, from, end);
}

/// A value with all that is in it, however deep, as long as no more than `most_depth` brackets are open. White space
/// may precede it.
[[gnu::noinline]] inline const char* past_json_value(const char* at, const char* end, int most_depth,
                                                     JsonRefusal& refusal) noexcept {
  JsonBrackets brackets;
  for (;;) {
    at = json_token(at, end);
    const char first = json_byte(at, end);
    if (first == '{' || first == '[') {
      if (brackets.open() == most_depth) return refusal.refuse(JsonError::too_deep, at, end);
      brackets.push(first == '{');
      at = json_token(at + 1, end);
      if (json_byte(at, end) != brackets.closing()) {
        if (first == '{') at = past_json_key(at, end, refusal);
        if (at == nullptr) return nullptr;
        continue;
      }
    } else {
      at = past_json_scalar(at, end, refusal);
      if (at == nullptr || brackets.open() == 0) return at;
      at = json_token(at, end);
    }
    while (json_byte(at, end) == brackets.closing()) {
      brackets.pop();
      if (brackets.open() == 0) return at + 1;
      at = json_token(at + 1, end);
    }
    if (json_byte(at, end) != ',') return refusal.refuse(JsonError::unexpected_character, at, end);
    ++at;
    if (brackets.in_object()) at = past_json_key(at, end, refusal);
    if (at == nullptr) return nullptr;
  }
}

}  // namespace tallyscope::inline v0::detail
