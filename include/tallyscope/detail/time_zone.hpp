// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/date_text.hpp>
#include <tallyscope/detail/time_zone_file.hpp>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// An hour that a clock on the wall shows. When clocks are set back, it shows one twice: two hours that differ in
/// `offset`, ordered as they passed.
struct LocalHour {
  std::int64_t start = 0;   // UTC seconds since 1970 at which it begins, were its offset in force by then
  std::int32_t offset = 0;  // seconds ahead of UTC

  /// Hours since 1970-01-01 00:00 as the clock shows them.
  [[nodiscard]] constexpr std::int64_t shown() const noexcept { return (start + offset) / 3'600; }

  friend constexpr auto operator<=>(const LocalHour&, const LocalHour&) noexcept = default;
};

/// Where time zone files are looked for, in this order.
inline constexpr std::array<std::string_view, 4> time_zone_folders{"/usr/share/zoneinfo", "/usr/lib/zoneinfo",
                                                                   "/usr/share/lib/zoneinfo", "/etc/zoneinfo"};

/// A named time zone: which local day and hour a moment belongs to. Reads the files of the system, never TZ. Moments
/// are UTC nanoseconds since 1970, days count from 1970-01-01. Immutable once loaded: any thread may call any member at
/// any time. Copies are independent.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;

  /// "UTC", "Etc/UTC" and "Z" need no file. Any other name is one of the IANA's, such as Europe/Berlin, and is trusted
  /// as little as the file: it cannot lead out of the folders. Nothing if there is no such zone, or its file is of no
  /// use; `problem` then says so in a sentence without a full stop, else it is empty. Throws only std::bad_alloc.
  static std::optional<TimeZone> load(std::string_view name, std::string& problem,
                                      std::span<const std::string_view> folders = time_zone_folders);

  /// As it was loaded; "UTC" for each of UTC's names.
  [[nodiscard]] std::string_view name() const noexcept { return name_; }

  /// Seconds ahead of UTC at a moment, given in seconds since 1970. The years 0001 and 9999 stand for what is beyond.
  [[nodiscard]] std::int64_t offset(std::int64_t utc_seconds) const noexcept {
    return offsets_.period(std::clamp(utc_seconds, first_civil_second, last_civil_second)).offset;
  }

  /// The local day of a moment.
  [[nodiscard]] std::int64_t day_of(std::int64_t utc) const noexcept {
    const std::int64_t seconds = floor_quotient(utc, second);
    return floor_quotient(seconds + offset(seconds), seconds_a_day);
  }

  /// The local hour of a moment.
  [[nodiscard]] LocalHour hour_of(std::int64_t utc) const noexcept;

  /// The first moment at which the local date is `day` or later: after a gap, if clocks skip midnight; the first of two
  /// midnights; the next day's start for a day that was left out (Apia, 2011-12-30). So a day lasts until the next
  /// one's start. (Clocks set back across midnight, as in St. John's until 2011, show the day before once more.) Days
  /// outside the years 1678 to 2261 are taken as the nearest second that int64 holds.
  [[nodiscard]] std::int64_t start_of_day(std::int64_t day) const noexcept;

  /// "2024-10-27 02:00", and with its offset, "2024-10-27 02:00+01:00", if this zone's clocks show that hour with two
  /// offsets. No two hours have the same text.
  [[nodiscard]] std::string hour_text(LocalHour hour) const;

 private:
  static constexpr std::int64_t second = 1'000'000'000;
  static constexpr std::int64_t most_offset = 26 * 3'600;  // no offset reaches it, east or west

  [[nodiscard]] bool shown_twice(LocalHour hour) const noexcept;

  std::string name_ = "UTC";
  ZoneOffsets offsets_;
};

inline constexpr std::size_t most_time_zone_name = 128;
inline constexpr std::size_t most_time_zone_file = std::size_t{1} << 20;

/// Whether a name has only what IANA's names are made of: no "..", no way to a file outside.
constexpr bool is_time_zone_name(std::string_view name) noexcept {
  const auto belongs = [](char character) {
    return is_letter(character) || is_digit(character) || character == '_' || character == '+' || character == '-';
  };
  bool in_part = false;
  for (const char character : name) {
    if (!belongs(character) && !(character == '/' && in_part)) return false;
    in_part = character != '/';
  }
  return in_part && name.size() <= most_time_zone_name;
}

/// The content of a file, of one that is too large somewhat more than is allowed; empty if it cannot be read, as a
/// folder.
inline std::string read_time_zone_file(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  std::string bytes;
  std::array<char, 4'096> piece;
  while (bytes.size() <= most_time_zone_file) {
    const std::size_t size = std::fread(piece.data(), 1, piece.size(), file);
    if (size == 0) break;
    bytes.append(piece.data(), size);
  }
  std::fclose(file);
  return bytes;
}

/// What to say of a name without a file.
inline std::string no_time_zone(std::string_view name, bool any_files) {
  std::string text = "There is no time zone";
  const auto plain = [](char character) { return character >= ' ' && character <= '~' && character != '"'; };
  const bool quotable = name.size() <= most_time_zone_name && std::ranges::all_of(name, plain);
  text += quotable ? " \"" + std::string{name} + "\": " : " of that name: ";
  return text += any_files ? "use a name such as Europe/Berlin or UTC"
                           : "this machine has no time zone files; install the package tzdata or use UTC";
}

/// What to say of a file; nothing if it is good.
inline std::string time_zone_problem(std::string_view name, const std::string& path, ZoneFileState state) {
  if (state == ZoneFileState::good) return {};
  if (state == ZoneFileState::foreign) return no_time_zone(name, true);
  const std::string start = "The time zone \"" + std::string{name} + "\" ";
  if (state == ZoneFileState::leap_seconds)
    return start + "counts leap seconds, which UTC here does not: use the name without right/ or UTC";
  return start + "has a damaged file, " + path + ": install the package tzdata again or use UTC";
}

inline std::string time_zone_path(std::string_view folder, std::string_view name) {
  return std::string{folder} + '/' + std::string{name};
}

inline std::optional<TimeZone> TimeZone::load(std::string_view name, std::string& problem,
                                              std::span<const std::string_view> folders) {
  TimeZone zone;
  problem.clear();
  if (name == "UTC" || name == "Etc/UTC" || name == "Z") return zone;
  problem = no_time_zone(name, true);
  if (!is_time_zone_name(name)) return std::nullopt;
  zone.name_ = name;
  for (const std::string_view folder : folders) {
    const std::string path = time_zone_path(folder, name);
    const std::string bytes = read_time_zone_file(path);
    if (bytes.empty()) continue;
    const bool too_large = bytes.size() > most_time_zone_file;
    const auto state = too_large ? ZoneFileState::damaged : ZoneFileReader{bytes}.read(zone.offsets_);
    problem = time_zone_problem(name, path, state);
    if (state != ZoneFileState::good) return std::nullopt;
    return zone;
  }
  const auto has_files = [](auto folder) { return !read_time_zone_file(time_zone_path(folder, "Etc/UTC")).empty(); };
  if (std::ranges::none_of(folders, has_files)) problem = no_time_zone(name, false);
  return std::nullopt;
}

inline LocalHour TimeZone::hour_of(std::int64_t utc) const noexcept {
  const std::int64_t seconds = floor_quotient(utc, second);
  const std::int64_t ahead = offset(seconds);
  return {floor_quotient(seconds + ahead, 3'600) * 3'600 - ahead, static_cast<std::int32_t>(ahead)};
}

inline std::int64_t TimeZone::start_of_day(std::int64_t day) const noexcept {
  constexpr std::int64_t most_days = 110'000, most_seconds = 9'223'372'036;
  const std::int64_t midnight = std::clamp(day, -most_days, most_days) * seconds_a_day;
  std::int64_t utc = midnight - most_offset;
  for (;;) {
    const OffsetPeriod period = offsets_.period(utc);
    utc = std::max(utc, midnight - period.offset);
    if (utc < period.until) return std::clamp(utc, -most_seconds, most_seconds) * second;
    utc = period.until;
  }
}

inline bool TimeZone::shown_twice(LocalHour hour) const noexcept {
  const std::int64_t shown = hour.start + hour.offset;
  for (std::int64_t utc = shown - most_offset; utc < shown + 3'600 + most_offset;) {
    const OffsetPeriod period = offsets_.period(utc);
    const std::int64_t begin = shown - period.offset;
    if (period.offset != hour.offset && period.from < begin + 3'600 && period.until > begin) return true;
    utc = period.until;
  }
  return false;
}

inline std::string TimeZone::hour_text(LocalHour hour) const {
  const std::int64_t shown = hour.shown();
  std::string text = day_text(floor_quotient(shown, 24)) + " 00:00+00:00:00";
  write_pair(text.data() + 11, static_cast<std::uint64_t>(shown - floor_quotient(shown, 24) * 24));
  const auto ahead = static_cast<std::uint64_t>(std::abs(hour.offset));
  text[16] = hour.offset < 0 ? '-' : '+';
  write_pair(text.data() + 17, ahead / 3'600);
  write_pair(text.data() + 20, ahead / 60 % 60);
  write_pair(text.data() + 23, ahead % 60);
  if (ahead % 60 == 0) text.resize(22);
  if (!shown_twice(hour)) text.resize(16);
  return text;
}

}  // namespace tallyscope::inline v0::detail
