// SPDX-License-Identifier: MIT
// Time zone files made by hand, and what the system's own `date` says of moments.
#pragma once

#include <tallyscope/detail/time_zone.hpp>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sinks/temporary_folder.hpp"

inline std::string big_endian(std::int64_t value, int size) {
  std::string bytes;
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 255);
  return bytes;
}

/// A TZif file: kinds are offsets, changes name a kind by its place.
struct ZoneSample {
  std::vector<std::int32_t> kinds{0};
  std::vector<std::pair<std::int64_t, unsigned char>> changes{};
  std::string rule{};
  char version = '2';
  int leap_seconds = 0;

  std::string header() const {
    std::string bytes = "TZif";
    bytes += version;
    bytes += std::string(15, '\0');
    for (const std::size_t count : {std::size_t{0}, std::size_t{0}, static_cast<std::size_t>(leap_seconds),
                                    changes.size(), kinds.size(), std::size_t{4}})
      bytes += big_endian(static_cast<std::int64_t>(count), 4);
    return bytes;
  }

  std::string data(int time_size) const {
    std::string bytes;
    for (const auto& change : changes) bytes += big_endian(change.first, time_size);
    for (const auto& change : changes) bytes += static_cast<char>(change.second);
    for (const auto kind : kinds) bytes += big_endian(kind, 4) + std::string(2, '\0');
    bytes += std::string("ABC\0", 4);
    for (int i = 0; i < leap_seconds; ++i) bytes += big_endian(78'796'800 + i, time_size) + big_endian(i + 1, 4);
    return bytes;
  }

  std::string bytes() const {
    if (version == '\0') return header() + data(4);
    ZoneSample nothing;  // as zic writes it today for readers of version 1
    nothing.version = version;
    return nothing.header() + nothing.data(4) + header() + data(8) + "\n" + rule + "\n";
  }
};

/// A folder of time zone files.
class ZoneFolder {
 public:
  void add(const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path{folder_.file(name)}.parent_path());
    std::ofstream{folder_.file(name), std::ios::binary} << bytes;
  }

  std::optional<tallyscope::detail::TimeZone> load(std::string_view name) {
    const std::string path = folder_.path();
    const std::string_view folders[] = {"/no/such/folder", path};
    return tallyscope::detail::TimeZone::load(name, problem, folders);
  }

  std::string path() const { return folder_.path(); }

  std::string problem;

 private:
  TemporaryFolder folder_;
};

/// A zone without changes, of one rule.
inline tallyscope::detail::TimeZone zone_by_rule(const std::string& rule) {
  ZoneFolder folder;
  folder.add("Sample", ZoneSample{.rule = rule}.bytes());
  return folder.load("Sample").value();
}

/// The lines that a command prints; none if it fails.
inline std::vector<std::string> printed_by(const std::string& command) {
  std::FILE* const pipe = ::popen(("{ " + command + "; } 2>/dev/null").c_str(), "r");
  std::vector<std::string> lines(1);
  for (int character = 0; pipe != nullptr && (character = std::fgetc(pipe)) != EOF;) {
    if (character == '\n')
      lines.emplace_back();
    else
      lines.back() += static_cast<char>(character);
  }
  lines.pop_back();
  if (pipe == nullptr || ::pclose(pipe) != 0) lines.clear();
  return lines;
}

inline bool has_gnu_date() {
  static const bool found = !printed_by("date --version | grep GNU").empty();
  return found;
}

inline bool has_python_zones() {
  static const bool found =
      !printed_by("python3 -c 'import zoneinfo; print(zoneinfo.ZoneInfo(\"Asia/Tokyo\"))'").empty();
  return found;
}

/// "2025-01-16 00 +01:00:00" for each of the moments, by GNU date, or by Python in a named zone. None if both are
/// missing.
inline std::vector<std::string> dates_elsewhere(const std::string& zone, const std::vector<std::int64_t>& moments) {
  TemporaryFolder folder;
  const bool by_date = has_gnu_date();
  {
    std::ofstream list{folder.file("moments")};
    for (const auto moment : moments) list << (by_date ? "@" : "") << moment << '\n';
  }
  if (by_date)
    return printed_by("TZ='" + zone + "' date -f " + folder.file("moments") +
                      " '+%Y-%m-%d %H %::z' | sed s/-00:00:00/+00:00:00/");
  std::ofstream{folder.file("dates.py")} << R"(
import sys, datetime, zoneinfo
zone = zoneinfo.ZoneInfo(sys.argv[1])
for line in open(sys.argv[2]):
    time = datetime.datetime.fromtimestamp(int(line), zone)
    ahead = int(time.utcoffset().total_seconds())
    size = abs(ahead)
    print(f"{time:%Y-%m-%d %H} {'-' if ahead < 0 else '+'}{size // 3600:02}:{size // 60 % 60:02}:{size % 60:02}")
)";
  return printed_by("python3 " + folder.file("dates.py") + " '" + zone + "' " + folder.file("moments"));
}

/// The same by ours.
inline std::string date_of(const tallyscope::detail::TimeZone& zone, std::int64_t moment) {
  constexpr std::int64_t second = 1'000'000'000;
  const auto ahead = zone.offset(moment);
  const auto size = ahead < 0 ? -ahead : ahead;
  const auto shown = zone.hour_of(moment * second).shown();
  char text[64];
  std::snprintf(text, sizeof text, " %02d %c%02d:%02d:%02d", static_cast<int>((shown % 24 + 24) % 24),
                ahead < 0 ? '-' : '+', static_cast<int>(size / 3'600), static_cast<int>(size / 60 % 60),
                static_cast<int>(size % 60));
  return tallyscope::detail::day_text(zone.day_of(moment * second)) + text;
}
