// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/price_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

inline constexpr std::string_view builtin_prices_name = "builtin";
/// The day of the data below; a cost that they gave says "builtin 2026-09-23".
inline constexpr std::string_view builtin_prices_version = "2026-09-23";
/// Prices of the vendors themselves, as collected by Pydantic's genai-prices (MIT), npm release 0.1.8 of that day.
inline constexpr std::string_view builtin_prices_source = "genai-prices 0.1.8 (npm @pydantic/genai-prices)";

namespace detail::builtin {

// One text, read at run time: as constants of C++ these lines would cost every file that includes them a twentieth of
// a second of compiling. A model's name has no date, since the dates that vendors append are taken off before names are
// compared; a dated name stands here where the vendor charges something else for it. "-" is nothing. Columns:
//   provider, model, first day in UTC, more input tokens than this, hours of the day in UTC;
//   dollars per million tokens: input, output, cache read, cache write (for five minutes, and where no lifetime is
//   stated), cache write for one hour; dollars per thousand web searches; dollars per million tokens of audio input,
//   and of such input from the cache; dollars per thousand searches in the provider's storage of files; another name of
//   the model by its vendor, if it has one, by the same source.
inline constexpr char lines[] = R"(
openai     gpt-6-astra            -          -      -    10    50   1        12.5  -   10 -   -    2.5
openai     gpt-6-astra            -          271999 -    20    75   2        25    -   10 -   -    2.5
openai     gpt-6-sol              -          -      -    2     10   0.2      2.5   -   10 -   -    2.5
openai     gpt-6-sol              -          272000 -    4     15   0.4      5     -   10 -   -    2.5
openai     gpt-6-luna             -          -      -    0.1   0.5  0.01     0.125 -   10 -   -    2.5
openai     gpt-6-luna             -          272000 -    0.2   0.75 0.02     0.25  -   10 -   -    2.5
openai     gpt-5.6-sol            -          -      -    5     30   0.5      6.25  -   10 -   -    2.5 gpt-5.6
openai     gpt-5.6-sol            -          271999 -    10    45   1        12.5  -   10 -   -    2.5 gpt-5.6
openai     gpt-5.6-sol            2026-08-21 -      -    4     20   0.4      5     -   10 -   -    2.5 gpt-5.6
openai     gpt-5.6-sol            2026-08-21 271999 -    8     30   0.8      10    -   10 -   -    2.5 gpt-5.6
openai     gpt-5.6-terra          -          -      -    2.5   15   0.25     3.125 -   10 -   -    2.5
openai     gpt-5.6-terra          -          271999 -    5     22.5 0.5      6.25  -   10 -   -    2.5
openai     gpt-5.6-terra          2026-07-30 -      -    2     12   0.2      2.5   -   10 -   -    2.5
openai     gpt-5.6-terra          2026-07-30 271999 -    4     18   0.4      5     -   10 -   -    2.5
openai     gpt-5.6-luna           -          -      -    1     6    0.1      1.25  -   10 -   -    2.5
openai     gpt-5.6-luna           -          271999 -    2     9    0.2      2.5   -   10 -   -    2.5
openai     gpt-5.6-luna           2026-07-30 -      -    0.2   1.2  0.02     0.25  -   10 -   -    2.5
openai     gpt-5.6-luna           2026-07-30 271999 -    0.4   1.8  0.04     0.5   -   10 -   -    2.5
openai     gpt-5.5                -          -      -    5     30   0.5      -     -   10 -   -    2.5
openai     gpt-5.5                -          271999 -    10    45   1        -     -   10 -   -    2.5
openai     gpt-5.4                -          -      -    2.5   15   0.25     -     -   10 -   -    2.5
openai     gpt-5.4                -          271999 -    5     22.5 0.5      -     -   10 -   -    2.5
openai     gpt-5.4-mini           -          -      -    0.75  4.5  0.075    -     -   10 -   -    2.5
openai     gpt-5                  -          -      -    1.25  10   0.125    -     -   10 -   -    2.5 gpt-5-chat-latest
openai     gpt-5-mini             -          -      -    0.25  2    0.025    -     -   10 -   -    2.5
openai     gpt-4.1                -          -      -    2     8    0.5      -     -   10 -   -    2.5
openai     gpt-4.1-mini           -          -      -    0.4   1.6  0.1      -     -   10 -   -    2.5
openai     gpt-4.1-nano           -          -      -    0.1   0.4  0.025    -     -   -  -   -    -
openai     gpt-4o                 -          -      -    2.5   10   1.25     -     -   10 -   -    2.5
openai     gpt-4o-2024-05-13      -          -      -    5     15   -        -     -   10 -   -    2.5
openai     gpt-4o-mini            -          -      -    0.15  0.6  0.075    -     -   10 -   -    2.5
openai     gpt-4-turbo            -          -      -    10    30   -        -     -   -  -   -    -
openai     gpt-3.5-turbo          -          -      -    0.5   1.5  -        -     -   -  -   -    -
openai     gpt-3.5-turbo-0301     -          -      -    1.5   2    -        -     -   -  -   -    -
openai     gpt-3.5-turbo-0613     -          -      -    1.5   2    -        -     -   -  -   -    -
openai     gpt-3.5-turbo-1106     -          -      -    1     2    -        -     -   -  -   -    -
openai     o3                     -          -      -    10    40   0.5      -     -   10 -   -    2.5
openai     o3                     2025-06-10 -      -    2     8    0.5      -     -   10 -   -    2.5
openai     o3-mini                -          -      -    1.1   4.4  0.55     -     -   -  -   -    -   o3-mini-high
openai     o4-mini                -          -      -    1.1   4.4  0.275    -     -   10 -   -    2.5 o4-mini-high
openai     text-embedding-3-small -          -      -    0.02  -    -        -     -   -  -   -    -
anthropic  claude-fable-5-1       -          -      -    10    50   0.25     12.5  20  10 -   -    -
anthropic  claude-opus-5-5        -          -      -    4     20   0.2      5     8   10 -   -    -
anthropic  claude-opus-4-8        -          -      -    5     25   0.5      6.25  10  10 -   -    -
anthropic  claude-sonnet-5        -          -      -    2     10   0.2      2.5   4   10 -   -    -
anthropic  claude-sonnet-4-6      -          -      -    3     15   0.3      3.75  6   10 -   -    -
anthropic  claude-sonnet-4-6      -          200000 -    6     22.5 0.6      7.5   12  10 -   -    -
anthropic  claude-sonnet-4-6      2026-03-13 -      -    3     15   0.3      3.75  6   10 -   -    -
anthropic  claude-sonnet-4-5      -          -      -    3     15   0.3      3.75  6   10 -   -    -
anthropic  claude-sonnet-4-5      -          200000 -    6     22.5 0.6      7.5   12  10 -   -    -
anthropic  claude-haiku-4-5       -          -      -    1     5    0.1      1.25  2   10 -   -    -
anthropic  claude-sonnet-4        -          -      -    3     15   0.3      3.75  6   10 -   -    -   claude-sonnet-4-0
anthropic  claude-3-5-sonnet      -          -      -    3     15   0.3      3.75  6   10 -   -    -   claude-3-5-sonnet-latest
anthropic  claude-3-5-haiku       -          -      -    0.8   4    0.08     1     1.6 10 -   -    -   claude-3-5-haiku-latest
anthropic  claude-3-opus          -          -      -    15    75   1.5      18.75 30  -  -   -    -   claude-3-opus-latest
google     gemini-3.8-flash       -          -      -    0.75  3.75 0.075    -     -   -  -   -    -
google     gemini-3.8-flash       2027-01-01 -      -    1.5   7.5  0.15     -     -   -  -   -    -
google     gemini-3.5-flash       -          -      -    1.5   9    0.15     -     -   -  -   -    -
google     gemini-3.1-pro-preview -          -      -    2     12   0.2      -     -   -  -   -    -
google     gemini-3.1-pro-preview -          200000 -    4     18   0.4      -     -   -  -   -    -
google     gemini-3-flash-preview -          -      -    0.5   3    0.05     -     -   -  1   0.1  -
google     gemini-2.5-pro         -          -      -    1.25  10   0.125    -     -   -  -   -    -
google     gemini-2.5-pro         -          200000 -    2.5   15   0.25     -     -   -  -   -    -
google     gemini-2.5-flash       -          -      -    0.3   2.5  0.03     -     -   -  1   0.1  -
google     gemini-2.5-flash-lite  -          -      -    0.1   0.4  0.01     -     -   -  0.3 0.03 -
x-ai       grok-4.6               -          -      -    2     6    0.5      -     -   -  -   -    -   grok-4.6-latest
x-ai       grok-4.6               -          199999 -    4     12   1        -     -   -  -   -    -   grok-4.6-latest
x-ai       grok-4.3               -          -      -    1.25  2.5  0.2      -     -   -  -   -    -
x-ai       grok-4.3               -          199999 -    2.5   5    0.4      -     -   -  -   -    -
deepseek   deepseek-v4-pro        -          -      -    0.435 0.87 0.003625 -     -   -  -   -    -
deepseek   deepseek-v4-pro        2026-08-17 -      -    0.66  1.98 0.022    -     -   -  -   -    -
deepseek   deepseek-v4-pro        2026-08-17 -      1-4  1.32  3.96 0.044    -     -   -  -   -    -
deepseek   deepseek-v4-pro        2026-08-17 -      6-10 1.32  3.96 0.044    -     -   -  -   -    -
deepseek   deepseek-v4-flash      -          -      -    0.14  0.28 0.0028   -     -   -  -   -    -
deepseek   deepseek-v4-flash      2026-08-17 -      -    0.22  0.66 0.007    -     -   -  -   -    -
deepseek   deepseek-v4-flash      2026-08-17 -      1-4  0.44  1.32 0.014    -     -   -  -   -    -
deepseek   deepseek-v4-flash      2026-08-17 -      6-10 0.44  1.32 0.014    -     -   -  -   -    -
mistral    mistral-large-2512     -          -      -    0.5   1.5  0.05     -     -   -  -   -    -
mistral    mistral-medium-latest  -          -      -    0.4   2    0.04     -     -   -  -   -    -
mistral    mistral-medium-latest  2026-06-16 -      -    1.5   7.5  0.15     -     -   -  -   -    -
moonshotai kimi-k3                -          -      -    3     15   0.3      -     -   -  -   -    -
zai        GLM-5.3                -          -      -    1.4   4.4  0.26     -     -   -  -   -    -
groq       openai/gpt-oss-120b    -          -      -    0.15  0.6  0.075    -     -   -  -   -    -
)";

/// A text of words between spaces and ends of lines, of which "-" stands for nothing.
class Words {
 public:
  constexpr explicit Words(const char* text) noexcept : next_{text} {}

  /// What has been read so far is what was expected.
  constexpr bool right() const noexcept { return right_; }
  /// Goes to the beginning of the next line; false for none.
  constexpr bool next_line() noexcept {
    while (!at_end_of_line()) ++next_;
    if (*next_ == '\n') ++next_;
    return *next_ != '\0';
  }
  constexpr bool at_end_of_line() noexcept {
    while (*next_ == ' ') ++next_;
    return *next_ == '\n' || *next_ == '\0';
  }
  constexpr void expect(bool expected) noexcept { right_ = right_ && expected; }

  constexpr std::string_view word() noexcept {
    expect(!at_end_of_line());
    const char* const begin = next_;
    while (*next_ != ' ' && *next_ != '\n' && *next_ != '\0') ++next_;
    return {begin, static_cast<std::size_t>(next_ - begin)};
  }
  constexpr bool nothing() noexcept {
    const char* const begin = next_;
    if (word() == "-") return true;
    next_ = begin;
    return false;
  }
  /// A number of at most nine digits, and what comes behind it.
  constexpr int number(char behind) noexcept {
    int number = 0, digits = 0;
    at_end_of_line();
    for (; *next_ >= '0' && *next_ <= '9' && digits < 9; ++next_, ++digits) number = number * 10 + (*next_ - '0');
    expect(digits > 0 && *next_ == behind);
    if (*next_ == behind && behind != ' ') ++next_;
    return number;
  }
  constexpr std::optional<Rate> rate(std::int64_t per) noexcept {
    const std::string_view text = word();
    const std::optional<Money> amount = Money::parse(text);
    expect(amount.has_value() || text == "-");
    if (!amount) return {};
    return Rate{*amount, per};
  }

 private:
  const char* next_;
  bool right_ = true;
};

constexpr void read_conditions(Words& words, PriceRule& rule) noexcept {
  if (!words.nothing()) {
    const int year = words.number('-'), month = words.number('-');
    rule.from = utc_day(year, month, words.number(' '));
  }
  if (!words.nothing()) rule.input_threshold = words.number(' ');
  if (words.nothing()) return;
  rule.daily_start = words.number('-') * 3600;
  rule.daily_end = words.number(' ') * 3600;
}

constexpr void read_rates(Words& words, PriceRule& rule) noexcept {
  constexpr std::int64_t million = 1'000'000, thousand = 1'000;
  rule.input = words.rate(million);
  rule.output = words.rate(million);
  rule.cache_read = words.rate(million);
  rule.cache_write = rule.cache_write_5m = words.rate(million);
  rule.cache_write_1h = words.rate(million);
  rule.web_search = words.rate(thousand);
  rule.input_audio = words.rate(million);
  rule.cache_read_audio = words.rate(million);
  rule.file_search = words.rate(thousand);
}

/// The rule of the line that `words` is at; afterwards they are at its end, or at the other name of its model.
constexpr PriceRule read_rule(Words& words) noexcept {
  PriceRule rule{.source = builtin_prices_source, .as_of = builtin_prices_version};
  rule.provider = words.word();
  rule.model = words.word();
  read_conditions(words, rule);
  read_rates(words, rule);
  return rule;
}

/// Hands the rules of every line behind the first to `take`, up to one that is malformed; false if there is one.
template <class Take>
constexpr bool read(const char* text, Take&& take) {
  Words words{text};
  while (words.next_line()) {
    PriceRule rule = read_rule(words);
    if (words.right()) take(rule);
    if (words.at_end_of_line()) continue;
    rule.model = words.word();
    words.expect(words.at_end_of_line());
    if (words.right()) take(rule);
  }
  return words.right();
}

/// The other name that the built-in table has for a model; empty for nearly all.
template <class IsIt>
std::string_view other_name(IsIt&& is_it) {
  Words words{lines};
  while (words.next_line()) {
    const std::string_view name = read_rule(words).model;
    const std::string_view other = words.at_end_of_line() ? std::string_view{} : words.word();
    if (!other.empty() && is_it(name)) return other;
    if (!other.empty() && is_it(other)) return name;
  }
  return {};
}

}  // namespace detail::builtin

/// Hands every built-in rule to `take`, in the order in which a book adds them.
template <class Take>
void for_each_builtin_price(Take&& take) {
  detail::builtin::read(detail::builtin::lines, take);
}

}  // namespace tallyscope::inline v0
