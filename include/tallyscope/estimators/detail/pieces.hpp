// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces_cl100k.hpp>
#include <tallyscope/estimators/detail/pieces_deepseek.hpp>
#include <tallyscope/estimators/detail/pieces_gpt2.hpp>
#include <tallyscope/estimators/detail/pieces_o200k.hpp>
#include <tallyscope/estimators/detail/pieces_qwen.hpp>

#include <bit>
#include <cstdint>

// A vocabulary's tokens never cross the pieces that its pattern cuts a text into. Each pattern is one header, to be
// read against the regular expression in its comment.
namespace tallyscope::inline v0::detail {

/// The number of a pattern is part of a vocabulary's image: none is ever changed.
enum class PiecePattern : std::uint32_t { gpt2 = 1, cl100k, o200k, qwen2, deepseek3 };

/// What `use` returns for the pieces of the pattern; a number that is none of them is taken as gpt2.
template <class Use>
decltype(auto) with_pieces(PiecePattern pattern, Use&& use) {
  switch (pattern) {
    case PiecePattern::cl100k:
      return use(Cl100kPieces{});
    case PiecePattern::o200k:
      return use(O200kPieces{});
    case PiecePattern::qwen2:
      return use(QwenPieces{});
    case PiecePattern::deepseek3:
      return use(DeepseekPieces{});
    case PiecePattern::gpt2:
      break;
  }
  return use(Gpt2Pieces{});
}

/// Calls use(begin, end) for each piece of a text that begins at `place` or goes on there at a boundary: as one finds
/// them by `next`, but several at once where the text is ASCII.
template <class Pieces, class Use>
void each_piece(const char* place, const char* end, Use&& use) {
#if defined(__SSE2__)
  if constexpr (requires { Pieces::block_starts(place, block_size); }) {
    while (end - place >= block_size) {
      const int size = ascii_size(place);
      const char* const block = place;
      // Without its first bit, which is where we are.
      std::uint64_t starts = size < 24 ? 0 : Pieces::block_starts(place, size) & ~std::uint64_t{1};
      if (starts == 0) {
        place = Pieces::next(block, end);
        use(block, place);
      }
      for (; starts != 0; starts &= starts - 1) {
        const char* const next = block + std::countr_zero(starts);
        use(place, next);
        place = next;
      }
    }
  }
#endif
  while (place < end) {
    const char* const next = Pieces::next(place, end);
    use(place, next);
    place = next;
  }
}

}  // namespace tallyscope::inline v0::detail
