// SPDX-License-Identifier: MIT
// What a framing makes of bytes, however they are cut into pieces.
#pragma once

#include <tallyscope/providers/detail/stream_event.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace framed {

using Kind = tallyscope::detail::StreamEvent::Kind;

struct Event {
  std::string type{};
  std::string data{};
  Kind kind = Kind::event;
  friend bool operator==(const Event&, const Event&) = default;
};

using Events = std::vector<Event>;

/// Adds what it is visited with.
inline auto into(Events& events) {
  return [&events](const tallyscope::detail::StreamEvent& event) {
    events.push_back({std::string{event.type}, std::string{event.data}, event.kind});
  };
}

/// Calls `feed` with the pieces of `bytes` that end where `cuts` says. Each piece has memory of its own, gone when
/// `feed` returns, so that nobody can look before or behind it or come back to it.
template <class Feed>
void feed_pieces(std::string_view bytes, const std::vector<std::size_t>& cuts, const Feed& feed) {
  std::size_t begin = 0;
  const auto piece = [&](std::size_t end) {
    const auto copy = std::make_unique<char[]>(end - begin);
    if (end > begin) std::memcpy(copy.get(), bytes.data() + begin, end - begin);
    feed(std::string_view{copy.get(), end - begin});
    std::memset(copy.get(), '#', end - begin);
    begin = end;
  };
  for (const std::size_t cut : cuts) piece(cut);
  piece(bytes.size());
}

inline std::vector<std::size_t> every_byte(std::string_view bytes) {
  std::vector<std::size_t> cuts;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) cuts.push_back(cut);
  return cuts;
}

/// Some cuts in order, a few or many, now and then two at the same place.
inline std::vector<std::size_t> random_cuts(std::string_view bytes, std::mt19937_64& random) {
  const std::uint64_t mean = 1 + random() % 200;
  std::vector<std::size_t> cuts;
  for (std::size_t cut = random() % (2 * mean); cut < bytes.size(); cut += random() % (2 * mean)) cuts.push_back(cut);
  return cuts;
}

template <class Frames>
Events events_of(std::string_view bytes, const std::vector<std::size_t>& cuts = {}, std::size_t limit = 1 << 20) {
  Frames frames{limit};
  Events events;
  feed_pieces(bytes, cuts, [&](std::string_view piece) { frames.feed(piece, into(events)); });
  return events;
}

}  // namespace framed
