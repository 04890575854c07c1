// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Some pieces of a text, one behind the other.
struct PieceEnds {
  static constexpr std::size_t room = 256;

  std::string_view operator[](std::size_t place) const noexcept {
    const char* const from = place == 0 ? begin : ends[place - 1];
    return {from, static_cast<std::size_t>(ends[place] - from)};
  }

  const char* end() const noexcept { return count == 0 ? begin : ends[count - 1]; }

  const char* begin = nullptr;
  std::size_t count = 0;
  const char* ends[room];
};

/// Finds the next pieces of a text from the boundary `place` on, some hundred or up to `end`: those that `next` finds,
/// but many at once where the text is ASCII. Returns where the last one ends.
template <class Pieces>
const char* find_pieces(const char* place, const char* end, PieceEnds& found) noexcept {
  std::size_t count = 0;
  found.begin = place;
  while (place < end && count < PieceEnds::room) {
#if defined(__SSE2__)
    if (end - place >= piece_block_size) {
      if (count > PieceEnds::room - piece_block_size) break;
      const int size = ascii_size(place);
      const char* const block = place;
      // Without its first bit, which is where we are.
      std::uint64_t starts = size < 24 ? 0 : Pieces::block_starts(block, size) & ~std::uint64_t{1};
      if (starts == 0) found.ends[count++] = place = Pieces::next(block, end);
      for (; starts != 0; starts &= starts - 1) found.ends[count++] = place = block + std::countr_zero(starts);
      continue;
    }
#endif
    found.ends[count++] = place = Pieces::next(place, end);
  }
  found.count = count;
  return place;
}

}  // namespace tallyscope::inline v0::detail
