// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/time_zone.hpp>
#include <tallyscope/prices/detail/load_hours.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

inline constexpr std::string_view unread_hours = "hours or days that cannot be read";
inline constexpr std::string_view changing_clocks = "days of a zone that is unknown or whose clocks change";

/// How far a zone is ahead of UTC, if it is so all the year and in the years to come.
inline std::optional<std::int32_t> constant_offset(std::string_view zone) {
  constexpr std::int64_t first = 1'704'067'200, quarter = 7'889'238;  // seconds: 2024, a quarter of a year
  std::string problem;
  const std::optional<TimeZone> known = TimeZone::load(zone, problem);
  if (!known) return std::nullopt;
  const std::int64_t offset = known->offset(first);
  for (std::int64_t step = 1; step < 60; ++step)
    if (known->offset(first + step * quarter) != offset) return std::nullopt;
  return static_cast<std::int32_t>(offset);
}

/// When LiteLLM's `off_peak_pricing` holds. Its members may come in any order, so they are noted first.
struct LitellmHours {
  std::optional<JsonScan> hours{}, weekdays{}, windows{};
  std::string_view zone = "UTC";

  /// Notes the value that comes next, if it is about time.
  bool take(std::string_view member, JsonScan& scan) {
    JsonString name;
    if (member == "hours_utc")
      hours = scan;
    else if (member == "weekdays")
      weekdays = scan;
    else if (member == "windows")
      windows = scan;
    else if (member != "weekday_timezone")
      return false;
    else if (scan.string(name))
      return zone = name.raw(), true;
    return scan.skip(), true;
  }

  /// Why the windows cannot be told; empty if they can.
  std::string_view put(std::vector<UtcWindow>& out) const {
    const std::optional<std::int32_t> offset = constant_offset(zone);
    if (!offset) return changing_clocks;
    bool sound = hours || windows;
    if (hours) sound = put(*hours, weekdays, *offset, out);
    if (!windows) return sound ? std::string_view{} : unread_hours;
    JsonScan scan = *windows;
    if (!scan.begin_array()) return unread_hours;
    while (scan.next_element()) sound = put_element(scan, *offset, out) && sound;
    return sound ? std::string_view{} : unread_hours;
  }

 private:
  static bool put_element(JsonScan& scan, std::int32_t offset, std::vector<UtcWindow>& out) {
    LitellmHours window;
    JsonString member;
    if (!scan.begin_object()) return scan.skip(), false;
    while (scan.next_member(member))
      if (!window.take(member.raw(), scan)) scan.skip();
    return window.hours && put(*window.hours, window.weekdays, offset, out);
  }

  static bool put(JsonScan hours, const std::optional<JsonScan>& weekdays, std::int32_t offset,
                  std::vector<UtcWindow>& out) {
    std::uint8_t days = all_weekdays;
    if (weekdays) {
      JsonScan scan = *weekdays;
      if (!take_weekdays(scan, days)) return false;
    }
    return take_hours(hours, [&](std::int32_t start, std::int32_t end) { add_windows(out, start, end, days, offset); });
  }
};

}  // namespace tallyscope::inline v0::detail
