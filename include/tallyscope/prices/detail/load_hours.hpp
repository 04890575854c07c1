// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/prices/price_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

/// A part of some days of the week, in UTC, that does not go past midnight.
struct UtcWindow {
  std::int32_t start = 0;  // second of the day
  std::int32_t end = 86'400;
  std::uint8_t weekdays = all_weekdays;
};

/// Takes "HH:MM" or "HH:MM:SS" as a second of the day.
constexpr std::optional<std::int32_t> second_of_day(std::string_view text) noexcept {
  if (text.size() != 5 && text.size() != 8) return std::nullopt;
  std::int32_t second = 0;
  constexpr std::int32_t most[] = {23, 59, 59}, worth[] = {3'600, 60, 1};
  for (std::size_t part = 0; part * 3 < text.size(); ++part) {
    const char tens = text[part * 3], ones = text[part * 3 + 1];
    if (tens < '0' || tens > '9' || ones < '0' || ones > '9' || (part > 0 && text[part * 3 - 1] != ':'))
      return std::nullopt;
    const std::int32_t number = (tens - '0') * 10 + (ones - '0');
    if (number > most[part]) return std::nullopt;
    second += number * worth[part];
  }
  return second;
}

/// The bit of a day that is a number from 1, Monday, or a name such as "sat" or "Sunday"; 0 for none.
constexpr std::uint8_t weekday_bit(std::string_view text) noexcept {
  constexpr std::string_view days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  if (text.size() == 1 && text[0] >= '1' && text[0] <= '7') return static_cast<std::uint8_t>(1 << (text[0] - '1'));
  if (text.size() < 3) return 0;
  for (std::size_t day = 0; day < 7; ++day) {
    if (text.size() != 3 && text.size() != days[day].size()) continue;
    std::size_t same = 0;
    while (same < text.size() && (text[same] | 0x20) == days[day][same]) ++same;
    if (same == text.size()) return static_cast<std::uint8_t>(1 << day);
  }
  return 0;
}

/// `weekdays` as many days later, or earlier.
constexpr std::uint8_t shifted_weekdays(std::uint8_t weekdays, int days) noexcept {
  const int left = ((days % 7) + 7) % 7;
  return static_cast<std::uint8_t>(((weekdays << left) | (weekdays >> (7 - left))) & all_weekdays);
}

/// Hours in UTC on days as a zone `offset` seconds ahead has them, which is how LiteLLM's off-peak prices are told. The
/// day is that of the moment, not that on which the window began.
inline void add_windows(std::vector<UtcWindow>& windows, std::int32_t start, std::int32_t end, std::uint8_t weekdays,
                        std::int32_t offset) {
  constexpr std::int32_t day = 86'400;
  if (end <= start) {  // past midnight; the same hour twice is the whole day
    if (end > 0) add_windows(windows, 0, end, weekdays, offset);
    end = day;
  }
  // From here on in UTC it is another day in the zone.
  const std::int32_t change = offset >= 0 ? day - offset : -offset;
  const auto add = [&](std::int32_t from, std::int32_t to) {
    if (from >= to) return;
    const int ahead = offset >= 0 ? (from >= change ? 1 : 0) : (from >= change ? 0 : -1);
    windows.push_back({from, to, shifted_weekdays(weekdays, -ahead)});
  };
  if (weekdays == all_weekdays || change <= start || change >= end) return add(start, end);
  add(start, change);
  add(change, end);
}

/// Takes one "HH:MM-HH:MM", or an array of them; false where something else stands.
template <class Take>
bool take_hours(JsonScan& scan, Take&& take) {
  if (scan.begin_array()) {
    bool sound = true;
    while (scan.next_element()) sound = take_hours(scan, take) && sound;
    return sound && !scan.failed();
  }
  JsonString text;
  if (!scan.string(text)) return scan.skip(), false;
  const std::string_view hours = text.raw();
  const std::size_t dash = hours.find('-');
  if (dash == std::string_view::npos) return false;
  const std::optional<std::int32_t> start = second_of_day(hours.substr(0, dash)),
                                    end = second_of_day(hours.substr(dash + 1));
  if (start && end) take(*start, *end);
  return start && end;
}

/// Takes an array of days; false where something else stands.
inline bool take_weekdays(JsonScan& scan, std::uint8_t& weekdays) {
  weekdays = 0;
  if (!scan.begin_array()) return scan.skip(), false;
  bool sound = true;
  while (scan.next_element()) {
    JsonString name;
    std::string_view number;
    std::uint8_t bit = 0;
    if (scan.number(number))
      bit = weekday_bit(number);
    else if (scan.string(name))
      bit = weekday_bit(name.raw());
    else
      scan.skip();
    sound = sound && bit != 0;
    weekdays = static_cast<std::uint8_t>(weekdays | bit);
  }
  return sound && weekdays != 0 && !scan.failed();
}

}  // namespace tallyscope::inline v0::detail
