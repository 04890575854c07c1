// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/civil_time.hpp>
#include <tallyscope/detail/text_scanner.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

inline constexpr std::int64_t seconds_a_day = 86'400;

/// value / unit, rounded down also below zero.
constexpr std::int64_t floor_quotient(std::int64_t value, std::int64_t unit) noexcept {
  return value / unit - (value % unit < 0 ? 1 : 0);
}

/// A stretch of time, from <= t < until in seconds since 1970 (UTC), in which clocks are `offset` seconds ahead of UTC.
struct OffsetPeriod {
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t until = std::numeric_limits<std::int64_t>::max();
  std::int32_t offset = 0;
};

/// One of the two dates of a POSIX rule: when clocks change, each year.
class PosixRuleDate {
 public:
  /// Takes "M10.5.0/3", "J60", "59/-1" and the like from `scan`, or fails it.
  static constexpr PosixRuleDate take(TextScanner& scan) noexcept;

  /// The seconds that the clock shows at the change, counted from 1970-01-01 00:00.
  [[nodiscard]] constexpr std::int64_t in_year(std::int64_t year) const noexcept {
    return day_in(year) * seconds_a_day + time_;
  }

 private:
  enum class Form : std::uint8_t { day_from_0, day_of_365, weekday_of_month };

  [[nodiscard]] constexpr std::int64_t day_in(std::int64_t year) const noexcept;
  [[nodiscard]] constexpr std::int64_t weekday_in(std::int64_t year) const noexcept;

  Form form_ = Form::day_from_0;
  std::uint32_t month_ = 1;
  std::uint32_t week_ = 1;  // 5 is the last
  std::uint32_t day_ = 0;   // a weekday counts from Sunday
  std::int32_t time_ = 7'200;
};

/// A time zone's rule as POSIX writes it in TZ ("CET-1CEST,M3.5.0,M10.5.0/3"; POSIX.1-2017, 8.3) with the hours -167
/// to 167 that RFC 8536, 3.3.1, adds. Names are checked and forgotten. "Summer" is whatever time the rule names second,
/// in Dublin the winter. Immutable; from any thread.
class PosixTimeRule {
 public:
  /// UTC.
  constexpr PosixTimeRule() noexcept = default;

  /// Nothing if `text` is not a rule. A rule with summer time needs its dates.
  static constexpr std::optional<PosixTimeRule> parse(std::string_view text) noexcept;

  /// The period around `utc`, which must lie in the years 0001 to 9999.
  [[nodiscard]] constexpr OffsetPeriod period(std::int64_t utc) const noexcept;

 private:
  [[nodiscard]] constexpr OffsetPeriod summer(std::int64_t year) const noexcept;

  std::int32_t standard_ = 0;
  std::int32_t summer_ = 0;
  bool has_summer_ = false;
  PosixRuleDate begin_;
  PosixRuleDate end_;
};

/// Takes "-5", "24", "+5:30", "-0:25:21", in seconds.
constexpr std::int32_t take_posix_time(TextScanner& scan, std::uint32_t most_hours) noexcept {
  const bool negative = scan.take('-');
  if (!negative) scan.take('+');
  std::uint32_t seconds = scan.number(1, 3, most_hours) * 3'600;
  if (scan.take(':')) {
    seconds += scan.number(2, 2, 59) * 60;
    if (scan.take(':')) seconds += scan.number(2, 2, 59);
  }
  return negative ? -static_cast<std::int32_t>(seconds) : static_cast<std::int32_t>(seconds);
}

/// Takes "CEST" or "<+0330>".
constexpr void take_posix_name(TextScanner& scan) noexcept {
  const bool quoted = scan.take('<');
  const auto belongs = [quoted](char character) {
    return is_letter(character) || (quoted && (is_digit(character) || character == '+' || character == '-'));
  };
  if (scan.take_while(belongs) < 3) scan.fail();
  if (quoted) scan.expect(">");
}

constexpr PosixRuleDate PosixRuleDate::take(TextScanner& scan) noexcept {
  PosixRuleDate date;
  if (scan.take('M')) {
    date.form_ = Form::weekday_of_month;
    date.month_ = scan.number(1, 2, 12);
    scan.expect(".");
    date.week_ = scan.number(1, 1, 5);
    scan.expect(".");
    date.day_ = scan.number(1, 1, 6);
  } else {
    date.form_ = scan.take('J') ? Form::day_of_365 : Form::day_from_0;
    date.day_ = scan.number(1, 3, 365);
  }
  const bool counts_from_0 = date.form_ != Form::day_of_365;
  if (date.month_ == 0 || date.week_ == 0 || (date.day_ == 0 && !counts_from_0)) scan.fail();
  if (scan.take('/')) date.time_ = take_posix_time(scan, 167);
  return date;
}

constexpr std::int64_t PosixRuleDate::day_in(std::int64_t year) const noexcept {
  if (form_ == Form::weekday_of_month) return weekday_in(year);
  if (form_ == Form::day_from_0) return civil_day({year, 1, 1}) + day_;
  const CivilDate date = civil_date(civil_day({2001, 1, 1}) + day_ - 1);  // as in any year without a leap day
  return civil_day({year, date.month, date.day});
}

constexpr std::int64_t PosixRuleDate::weekday_in(std::int64_t year) const noexcept {
  constexpr std::int64_t thursday = 4;  // 1970-01-01 was one
  const std::int64_t first = civil_day({year, month_, 1});
  const std::int64_t next_month = month_ == 12 ? civil_day({year + 1, 1, 1}) : civil_day({year, month_ + 1, 1});
  const std::int64_t weekday = first + thursday - floor_quotient(first + thursday, 7) * 7;
  const std::int64_t day = first + (day_ + 7 - weekday) % 7 + (std::int64_t{week_} - 1) * 7;
  return day < next_month ? day : day - 7;
}

constexpr std::optional<PosixTimeRule> PosixTimeRule::parse(std::string_view text) noexcept {
  TextScanner scan{text};
  PosixTimeRule rule;
  take_posix_name(scan);
  rule.standard_ = -take_posix_time(scan, 24);
  if (!scan.at_end()) {
    rule.has_summer_ = true;
    take_posix_name(scan);
    rule.summer_ = scan.next() == ',' ? rule.standard_ + 3'600 : -take_posix_time(scan, 24);
    scan.expect(",");
    rule.begin_ = PosixRuleDate::take(scan);
    scan.expect(",");
    rule.end_ = PosixRuleDate::take(scan);
  }
  if (!scan.complete()) return std::nullopt;
  return rule;
}

/// The summer that begins in `year`. In the south it ends in the next one. Two dates that meet leave no winter
/// (RFC 8536, 3.3.1: "EST5EDT,0/0,J365/25").
constexpr OffsetPeriod PosixTimeRule::summer(std::int64_t year) const noexcept {
  const std::int64_t from = begin_.in_year(year) - standard_;
  const std::int64_t until = end_.in_year(year) - summer_;
  return {from, until > from ? until : end_.in_year(year + 1) - summer_, summer_};
}

constexpr OffsetPeriod PosixTimeRule::period(std::int64_t utc) const noexcept {
  OffsetPeriod winter{.offset = standard_};
  if (!has_summer_) return winter;
  // A change may lie a week outside its year, and a summer reach into the next one: the one before `utc` began by then.
  const std::int64_t year = civil_date(floor_quotient(utc + standard_, seconds_a_day)).year;
  for (std::int64_t of = year - 2;; ++of) {
    const OffsetPeriod one = summer(of);
    if (one.from <= utc && utc < one.until) return one;
    if (one.from > utc) {
      winter.until = one.from;
      return winter;
    }
    winter.from = one.until;
  }
}

}  // namespace tallyscope::inline v0::detail
