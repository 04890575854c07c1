// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/posix_time_rule.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

/// From `at` (UTC, seconds since 1970) on, clocks are `offset` seconds ahead of UTC.
struct OffsetChange {
  std::int64_t at = 0;
  std::int32_t offset = 0;
};

/// All offsets of a time zone: UTC unless a file says otherwise. Immutable once read; from any thread.
struct ZoneOffsets {
  std::int32_t first = 0;             // before all changes
  std::vector<OffsetChange> changes;  // ascending
  std::optional<PosixTimeRule> rule;  // after the last change, or always if there are none

  /// The period around `utc`, which must lie in the years 0001 to 9999. Neighbours may have the same offset.
  [[nodiscard]] OffsetPeriod period(std::int64_t utc) const noexcept;
};

inline OffsetPeriod ZoneOffsets::period(std::int64_t utc) const noexcept {
  const auto next =
      std::ranges::upper_bound(changes, utc, std::ranges::less{}, [](const OffsetChange& change) { return change.at; });
  OffsetPeriod found{.offset = first};
  if (next == changes.end() && rule) found = rule->period(utc);
  if (next != changes.end()) found.until = next->at;
  if (next == changes.begin()) return found;
  found.from = std::max(found.from, next[-1].at);
  if (next != changes.end() || !rule) found.offset = next[-1].offset;
  return found;
}

/// What a reader of a time zone file found.
enum class ZoneFileState : std::uint8_t { good, foreign, damaged, leap_seconds };

/// Takes a file in the TZif format apart (RFC 8536 and its successor RFC 9636: versions 1 to 4). From version 2 on, the
/// 64-bit data and the rule at the end are read and the 32-bit data skipped. Trusts no byte of it; throws only
/// std::bad_alloc.
class ZoneFileReader {
 public:
  explicit ZoneFileReader(std::string_view bytes) noexcept : rest_{bytes} {}

  /// Fills `zone`, which is of no use unless the answer is `good`. Files that count leap seconds are refused: UTC as
  /// computers count it has none. Call it once.
  [[nodiscard]] ZoneFileState read(ZoneOffsets& zone);

 private:
  struct Header {
    char version = 0;
    std::uint64_t ut_marks = 0, standard_marks = 0, leap_seconds = 0, changes = 0, kinds = 0, characters = 0;

    [[nodiscard]] std::uint64_t data_size(std::uint64_t time_size) const noexcept {
      return changes * (time_size + 1) + kinds * kind_size + characters + leap_seconds * (time_size + 4) +
             standard_marks + ut_marks;
    }
  };

  static constexpr std::string_view magic = "TZif";
  static constexpr std::size_t header_size = 44;
  static constexpr std::size_t kind_size = 6;
  static constexpr std::int64_t least_offset = -89'999;  // RFC 8536, 3.2: UTC-25 to UTC+26, both excluded
  static constexpr std::int64_t most_offset = 93'599;

  static std::uint64_t big_endian(std::string_view bytes) noexcept;
  std::optional<std::string_view> take(std::uint64_t size) noexcept;
  std::optional<Header> take_header() noexcept;
  static bool read_data(const Header& header, std::string_view data, std::size_t time_size, ZoneOffsets& zone);
  static std::optional<std::int32_t> offset_of(std::string_view kinds, std::size_t kind) noexcept;
  bool read_rule(ZoneOffsets& zone) noexcept;

  std::string_view rest_;
};

inline std::uint64_t ZoneFileReader::big_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

inline std::optional<std::string_view> ZoneFileReader::take(std::uint64_t size) noexcept {
  if (size > rest_.size()) return std::nullopt;
  const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(taken.size());
  return taken;
}

inline std::optional<ZoneFileReader::Header> ZoneFileReader::take_header() noexcept {
  const auto bytes = take(header_size);
  if (!bytes || !bytes->starts_with(magic)) return std::nullopt;
  const auto count = [&](std::size_t place) { return big_endian(bytes->substr(20 + place * 4, 4)); };
  return Header{(*bytes)[4], count(0), count(1), count(2), count(3), count(4), count(5)};
}

inline ZoneFileState ZoneFileReader::read(ZoneOffsets& zone) {
  if (!rest_.starts_with(magic)) return ZoneFileState::foreign;
  std::size_t time_size = 4;
  auto header = take_header();
  if (header && header->version >= '2') {
    time_size = 8;
    header = take(header->data_size(4)) ? take_header() : std::nullopt;
  }
  const auto data = header ? take(header->data_size(time_size)) : std::nullopt;
  if (!data) return ZoneFileState::damaged;
  if (header->leap_seconds > 0) return ZoneFileState::leap_seconds;
  if (!read_data(*header, *data, time_size, zone)) return ZoneFileState::damaged;
  return time_size == 4 || read_rule(zone) ? ZoneFileState::good : ZoneFileState::damaged;
}

inline bool ZoneFileReader::read_data(const Header& header, std::string_view data, std::size_t time_size,
                                      ZoneOffsets& zone) {
  const auto count = static_cast<std::size_t>(header.changes);  // as all counts, no more than there are bytes
  const std::string_view kind_of = data.substr(count * time_size, count);
  const std::string_view kinds =
      data.substr(count * (time_size + 1), static_cast<std::size_t>(header.kinds) * kind_size);
  const auto first = offset_of(kinds, 0);
  if (!first) return false;
  zone.first = *first;
  zone.changes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = big_endian(data.substr(i * time_size, time_size));
    const auto offset = offset_of(kinds, static_cast<unsigned char>(kind_of[i]));
    if (!offset) return false;
    zone.changes.push_back({time_size == 8 ? static_cast<std::int64_t>(at) : static_cast<std::int32_t>(at), *offset});
  }
  const auto& changes = zone.changes;
  return std::ranges::adjacent_find(changes, std::ranges::greater_equal{}, &OffsetChange::at) == changes.end();
}

inline std::optional<std::int32_t> ZoneFileReader::offset_of(std::string_view kinds, std::size_t kind) noexcept {
  if (kind >= kinds.size() / kind_size) return std::nullopt;
  const auto offset = static_cast<std::int32_t>(big_endian(kinds.substr(kind * kind_size, 4)));
  if (offset < least_offset || offset > most_offset) return std::nullopt;
  return offset;
}

/// An empty rule says that nothing is known after the last change: its offset stays.
inline bool ZoneFileReader::read_rule(ZoneOffsets& zone) noexcept {
  const std::size_t end = rest_.find('\n', 1);
  if (!rest_.starts_with('\n') || end == std::string_view::npos) return false;
  const std::string_view text = rest_.substr(1, end - 1);
  if (!text.empty()) zone.rule = PosixTimeRule::parse(text);
  return text.empty() || zone.rule;
}

}  // namespace tallyscope::inline v0::detail
