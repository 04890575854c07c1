// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/providers/detail/answer_text.hpp>
#include <tallyscope/providers/detail/decimal_number.hpp>
#include <tallyscope/providers/detail/json_text.hpp>
#include <tallyscope/usage.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0::detail {

/// A word that a provider chose from a list: what is longer is none of them.
using JsonWord = ShortText<64>;

/// The key of a member. To compare it with a name that is written out costs a few instructions.
class MemberName {
 public:
  explicit MemberName(std::string_view text) noexcept : text_{text} {}

  std::size_t size() const noexcept { return text_.size(); }
  operator std::string_view() const noexcept { return text_; }

  template <std::size_t Size>
  friend bool operator==(const MemberName& key, const char (&name)[Size]) noexcept {
    return key.size() == Size - 1 && std::memcmp(key.text_.data(), name, Size - 1) == 0;
  }

 private:
  std::string_view text_;
};

/// A provider's document, read in one pass, as deep as providers nest what is asked for. What asks for a value takes
/// it, also where it is of another type than was asked for; what nobody asks for is passed over.
class JsonSource {
 public:
  explicit JsonSource(std::string_view document, const AnswerText& answer = {}) noexcept
      : document_{document}, scan_{document}, answer_{answer} {}

  /// Calls `visit(key)` for each member of the object that comes next. False if there is none, or none that is whole.
  template <class Visit>
  bool members(const Visit& visit) noexcept;
  /// The same for the document as a whole, which is taken whatever it is.
  template <class Visit>
  void root(const Visit& visit) noexcept {
    if (!members(visit)) skip();
  }
  /// Calls `visit()` for each element of the array that comes next. False if there is none, or none that is whole.
  template <class Visit>
  bool elements(const Visit& visit) noexcept;
  JsonType type() noexcept { return scan_.type(); }
  bool skip() noexcept { return took(scan_.skip()); }

  /// Absent for null; refused for whatever is not a whole number from 0 on.
  Count count() noexcept;
  /// A number of something as its 10^places-th parts, rounded: 1.5 with 3 places is 1,500.
  Count scaled_count(int places) noexcept;
  /// An amount of dollars times 10^exponent, rounded half to even to whole picodollars.
  std::optional<Money> dollars(int exponent = 0) noexcept;
  /// Left as it is where no string comes next.
  template <std::size_t Limit>
  void text(ShortText<Limit>& text) noexcept;
  JsonWord word() noexcept;
  bool boolean() noexcept;
  /// How many elements the array that comes next has.
  std::int64_t length() noexcept;
  /// Takes a string that is a piece of the answer.
  void answer() noexcept;
  /// Takes any value whose JSON is a piece of the answer.
  void answer_json() noexcept;
  const AnswerText& listener() const noexcept { return answer_; }
  bool string(JsonString& string) noexcept { return took(scan_.string(string)); }

  /// Was the whole document sound?
  bool complete() noexcept { return scan_.at_end(); }
  Diagnostics& diagnostics() noexcept { return diagnostics_; }

 private:
  template <class Visit>
  void visit_value(const Visit& visit) noexcept;
  template <class Visit>
  [[gnu::cold, gnu::noinline]] void visit_escaped(const JsonString& key, const Visit& visit) noexcept;

  bool took(bool value) noexcept {
    taken_ = taken_ || value;
    return value;
  }
  Count accepted(Count count) noexcept;
  Count any_count() noexcept;
  /// Readers call themselves for what is nested: a hostile document must not exhaust the stack.
  static constexpr int most_depth = 16;

  std::string_view document_;
  JsonScan scan_;
  int depth_ = 0;
  bool taken_ = false;  // the value that is visited
  AnswerText answer_;
  Diagnostics diagnostics_{};
};

/// What `visit` leaves is skipped.
template <class Visit>
void JsonSource::visit_value(const Visit& visit) noexcept {
  taken_ = false;
  visit();
  if (!taken_) scan_.skip();
}

/// A key that is too long to be one that somebody asks for has no name.
template <class Visit>
void JsonSource::visit_escaped(const JsonString& key, const Visit& visit) noexcept {
  char name[64];
  const std::size_t size = key.raw().size() > sizeof name ? 0 : static_cast<std::size_t>(key.write(name) - name);
  visit_value([&] { visit(MemberName{{name, size}}); });
}

template <class Visit>
bool JsonSource::members(const Visit& visit) noexcept {
  if (depth_ == most_depth || !scan_.begin_object()) return false;
  ++depth_;
  JsonString key;
  while (scan_.next_member(key))
    if (key.escaped()) [[unlikely]]
      visit_escaped(key, visit);
    else
      visit_value([&] { visit(MemberName{key.raw()}); });
  --depth_;
  taken_ = true;
  return !scan_.failed();
}

template <class Visit>
bool JsonSource::elements(const Visit& visit) noexcept {
  if (depth_ == most_depth || !scan_.begin_array()) return false;
  ++depth_;
  while (scan_.next_element()) visit_value(visit);
  --depth_;
  taken_ = true;
  return !scan_.failed();
}

inline Count JsonSource::accepted(Count count) noexcept {
  if (count.refused()) diagnostics_.set(Diagnostic::count_refused);
  return count;
}

inline Count JsonSource::count() noexcept {
  std::int64_t value = 0;
  return took(scan_.few_digits(value)) ? Count{value} : any_count();
}

[[gnu::noinline]] inline Count JsonSource::any_count() noexcept {
  std::int64_t value = 0;
  if (took(scan_.integer(value))) return accepted(value);
  return took(scan_.null()) || !skip() ? Count{} : accepted(-1);
}

inline Count JsonSource::scaled_count(int places) noexcept {
  std::string_view digits;
  if (!took(scan_.number(digits))) return count();
  const std::optional<int128> value = scaled_decimal(digits, places);
  const bool fits = value && *value >= 0 && *value <= std::numeric_limits<std::int64_t>::max();
  return accepted(fits ? static_cast<std::int64_t>(*value) : -1);
}

inline std::optional<Money> JsonSource::dollars(int exponent) noexcept {
  std::string_view digits;
  if (!took(scan_.number(digits))) return std::nullopt;
  const std::optional<int128> amount = scaled_decimal(digits, dollar_digits + exponent);
  if (!amount || *amount < 0) {
    diagnostics_.set(Diagnostic::count_refused);
    return std::nullopt;
  }
  const Money money = Money::saturate(*amount);
  if (money.saturated()) diagnostics_.set(Diagnostic::amount_saturated);
  return money;
}

template <std::size_t Limit>
void JsonSource::text(ShortText<Limit>& text) noexcept {
  JsonString value;
  if (string(value)) assign_unescaped(text, value, diagnostics_);
}

inline JsonWord JsonSource::word() noexcept {
  JsonString value;
  JsonWord word;
  Diagnostics ignored;
  if (string(value) && value.raw().size() <= 64) assign_unescaped(word, value, ignored);
  return word;
}

inline bool JsonSource::boolean() noexcept {
  bool value = false;
  return took(scan_.boolean(value)) && value;
}

inline std::int64_t JsonSource::length() noexcept {
  std::int64_t length = 0;
  elements([&] { ++length; });
  return length;
}

inline void JsonSource::answer() noexcept {
  JsonString value;
  if (answer_ && string(value)) each_piece(value, answer_);
}

inline void JsonSource::answer_json() noexcept {
  if (!answer_ || scan_.type() == JsonType::null) return;
  const std::size_t before = scan_.taken();
  if (skip()) answer_(document_.substr(before, scan_.taken() - before));
}

/// A count of a struct, under the key that a provider gives it.
template <class Counts>
struct CountMember {
  std::string_view key;
  Count Counts::*count;
};

/// Compared as a constant, which for most names is no more than to compare the size.
template <const auto& Known, std::size_t Place>
[[gnu::always_inline]] inline bool is_count(std::string_view name) noexcept {
  constexpr std::string_view key = Known[Place].key;
  return name.size() == key.size() && std::memcmp(name.data(), key.data(), key.size()) == 0;
}

/// Takes the value of `key` if it is one of `Known`, an array of CountMember.
template <const auto& Known, class Counts>
bool take_count(JsonSource& source, MemberName key, Counts& counts) noexcept {
  Count Counts::*found = nullptr;
  [&]<std::size_t... Place>(std::index_sequence<Place...>) {
    (void)((is_count<Known, Place>(key) && (found = Known[Place].count, true)) || ...);
  }
  (std::make_index_sequence<std::size(Known)>{});
  if (found == nullptr) return false;
  counts.*found = source.count();
  return true;
}

/// Takes an object of counts; what it says takes the place of all that was there.
template <const auto& Known, class Counts>
void take_counts(JsonSource& source, Counts& counts) noexcept {
  counts = {};
  source.members([&](MemberName key) { take_count<Known>(source, key, counts); });
}

}  // namespace tallyscope::inline v0::detail
