// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/time_zone.hpp>
#include <tallyscope/prices/price_rule.hpp>

#include <cstdint>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0 {

namespace detail {

/// The zones that rules have named. They stay until the process ends, since a book may be used until then; there are
/// as many as the system has files for, at most.
class NamedZones {
 public:
  /// Null if there is no such zone, or no memory for it.
  const TimeZone* find(std::string_view name) noexcept {
#if defined(__cpp_exceptions)
    try {
      return find_or_load(name);
    } catch (...) {
      return nullptr;
    }
#else
    return find_or_load(name);
#endif
  }

 private:
  struct Node {
    TimeZone zone;
    Node* next;
  };

  const TimeZone* find_or_load(std::string_view name) {
    const std::lock_guard guard{lock_};
    for (const Node* node = first_; node != nullptr; node = node->next)
      if (node->zone.name() == name) return &node->zone;
    std::string problem;
    std::optional<TimeZone> zone = TimeZone::load(name, problem);
    if (!zone) return nullptr;
    first_ = new Node{std::move(*zone), first_};
    return &first_->zone;
  }

  std::mutex lock_;
  Node* first_ = nullptr;
};

inline std::int32_t zone_seconds(const void* zone, std::int64_t utc) noexcept {
  constexpr std::int64_t second = 1'000'000'000;
  return static_cast<std::int32_t>(static_cast<const TimeZone*>(zone)->offset(floor_quotient(utc, second)));
}

}  // namespace detail

/// The zone of a price list's hours and days by one of the IANA's names, such as "Asia/Shanghai", from the files of the
/// system. It lives as long as the process. Nothing if there is no such zone. From any thread; reads a file the first
/// time.
///
///   book.add({.model = "m", .daily_start = 9 * 3600, .daily_end = 18 * 3600, .zone = *in_zone("Asia/Shanghai"), ...});
inline std::optional<ZoneOffset> in_zone(std::string_view name) noexcept {
  static detail::NamedZones* const zones = new (std::nothrow) detail::NamedZones;
  const detail::TimeZone* const zone = zones != nullptr ? zones->find(name) : nullptr;
  return zone != nullptr ? std::optional{ZoneOffset{detail::zone_seconds, zone}} : std::nullopt;
}

}  // namespace tallyscope::inline v0
