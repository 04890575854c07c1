// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/prices/detail/model_name.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

/// Names of models as a rule has them: `text` may hold * and #.
struct ListedName {
  std::string text{};
  std::string except{};

  bool is_pattern() const noexcept { return text.find_first_of("*#") != std::string::npos; }
};

/// What a match clause of genai-prices means: one of some names, or everything but some.
struct ListedMatch {
  std::vector<ListedName> names{};
  std::string except{};  // alone: all names but these
  bool whole = true;     // nothing of the clause was lost
};

/// Reads the few forms of regular expressions that price lists use, as a pattern of * and #.
class RegexText {
 public:
  explicit RegexText(std::string_view text) noexcept : rest_{text} {}

  /// `^gpt-5\.4-\d{4}$` and the like. False for what no pattern says.
  bool pattern(std::string& out) {
    if (!take("^")) out += '*';
    while (!rest_.empty() && rest_ != "$")
      if (!piece(out)) return false;
    if (!take("$")) out += '*';
    return true;
  }

  /// `^(?!.*-tts(?:$|-))`: anything but what holds `-tts`, at the end of a word. The word may be longer here, so that
  /// rather too much is excepted than too little.
  bool exception(std::string& out) {
    if (!take("^(?!.*")) return false;
    out = '*';
    while (!rest_.empty() && rest_ != "(?:$|-))" && rest_ != ")")
      if (!piece(out)) return false;
    out += '*';
    return !rest_.empty();
  }

 private:
  bool take(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  bool piece(std::string& out) {
    if (take("\\d")) return digits(out);
    if (take(".*")) return out += '*', true;
    if (rest_.starts_with('[')) return either_case(out);
    const bool escaped = take("\\");
    if (rest_.empty()) return false;
    constexpr std::string_view special = "^$.|?*+()[]{}\\", letters = "-_/:@ .[](){}+*?|^$\\";
    const char letter = rest_[0];
    if (letter == '*' || letter == '#') return false;  // which a pattern takes for more
    if (escaped ? letters.find(letter) == std::string_view::npos : special.find(letter) != std::string_view::npos)
      return false;
    out += letter;
    rest_.remove_prefix(1);
    return !rest_.starts_with('?') && !rest_.starts_with('*') && !rest_.starts_with('+') && !rest_.starts_with('{');
  }

  /// One digit, or as many as stand in braces.
  bool digits(std::string& out) {
    std::size_t count = 1;
    if (take("{")) {
      const std::size_t end = rest_.find('}');
      if (end == std::string_view::npos || end == 0 || end > 2) return false;
      count = 0;
      for (const char digit : rest_.substr(0, end)) {
        if (digit < '0' || digit > '9') return false;
        count = count * 10 + static_cast<std::size_t>(digit - '0');
      }
      rest_.remove_prefix(end + 1);
    }
    out.append(count, '#');
    return !rest_.starts_with('?') && !rest_.starts_with('*') && !rest_.starts_with('+');
  }

  /// `[tT]`, since the case of letters does not count.
  bool either_case(std::string& out) {
    if (rest_.size() < 4 || rest_[3] != ']' || plain_byte(rest_[1]) != plain_byte(rest_[2])) return false;
    out += plain_byte(rest_[1]);
    rest_.remove_prefix(4);
    return true;
  }

  std::string_view rest_;
};

inline std::string unescaped(const JsonString& string) {
  std::string text(string.raw().size(), '\0');
  text.resize(static_cast<std::size_t>(string.write(text.data()) - text.data()));
  return text;
}

/// Adds a name, unless it says more as a pattern than it should, or is too long for one.
inline void add_name(ListedMatch& match, std::string_view before, std::string_view name, std::string_view behind) {
  if (name.empty() || name.size() + 2 > plain_name_limit || name.find_first_of("*#") != std::string_view::npos) {
    match.whole = false;
    return;
  }
  match.names.push_back({std::string{before}.append(name).append(behind)});
}

inline void add_regex(ListedMatch& match, std::string_view regex) {
  std::string pattern, except;
  if (RegexText{regex}.exception(except) && except.size() <= plain_name_limit)
    match.except = except;
  else if (RegexText{regex}.pattern(pattern) && pattern.size() <= plain_name_limit)
    match.names.push_back({pattern});
  else
    match.whole = false;
}

/// Both at once: names of one side, without what the other excepts. Two sides with names have no pattern in common that
/// could be told.
inline ListedMatch both(ListedMatch a, ListedMatch b) {
  if (a.names.empty()) std::swap(a, b);
  if (!b.names.empty() || b.except.empty() || !b.whole) return {.whole = false};
  for (ListedName& name : a.names) {
    if (!name.except.empty() || a.names.empty()) return {.whole = false};
    name.except = b.except;
  }
  if (a.names.empty()) return {.whole = false};
  return a;
}

inline ListedMatch take_match(JsonScan& scan);

inline ListedMatch take_any_of(JsonScan& scan) {
  ListedMatch any;
  if (!scan.begin_array()) return scan.skip(), ListedMatch{.whole = false};
  while (scan.next_element()) {
    ListedMatch one = take_match(scan);
    any.whole = any.whole && one.whole && !(one.names.empty() && !one.except.empty());
    for (ListedName& name : one.names) any.names.push_back(std::move(name));
  }
  return any;
}

inline ListedMatch take_all_of(JsonScan& scan) {
  ListedMatch all;
  bool first = true;
  if (!scan.begin_array()) return scan.skip(), ListedMatch{.whole = false};
  while (scan.next_element()) {
    ListedMatch one = take_match(scan);
    all = first ? std::move(one) : both(std::move(all), std::move(one));
    first = false;
  }
  return all;
}

/// Takes `{"equals": "gpt-5"}` or another clause. With several members all of them hold.
inline ListedMatch take_match(JsonScan& scan) {
  ListedMatch match;
  JsonString kind, text;
  std::size_t members = 0;
  if (!scan.begin_object()) return scan.skip(), ListedMatch{.whole = false};
  while (scan.next_member(kind)) {
    const std::string_view name = kind.raw();
    ++members;
    if (name == "or") {
      match = take_any_of(scan);
    } else if (name == "and") {
      match = take_all_of(scan);
    } else if (!scan.string(text)) {
      match.whole = false;
      scan.skip();
    } else if (name == "equals") {
      add_name(match, "", unescaped(text), "");
    } else if (name == "starts_with") {
      add_name(match, "", unescaped(text), "*");
    } else if (name == "ends_with") {
      add_name(match, "*", unescaped(text), "");
    } else if (name == "contains") {
      add_name(match, "*", unescaped(text), "*");
    } else if (name == "regex") {
      add_regex(match, unescaped(text));
    } else {
      match.whole = false;
    }
  }
  return members == 1 ? match : ListedMatch{.whole = false};
}

}  // namespace tallyscope::inline v0::detail
