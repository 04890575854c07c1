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

/// Calls visit(begin, end) for each piece of a text from the boundary `place` on, until it returns false: the pieces
/// that `next` finds, but many at once where the text is ASCII.
template <class Pieces, class Visit>
void visit_pieces(const char* place, const char* end, Visit&& visit) {
#if defined(__SSE2__)
  while (end - place >= piece_block_size) {
    const int size = ascii_size(place);
    const char* const block = place;
    // Without its first bit, which is where we are.
    std::uint64_t starts = size < 24 ? 0 : Pieces::block_starts(block, size) & ~std::uint64_t{1};
    if (starts == 0) {
      place = Pieces::next(block, end);
      if (!visit(block, place)) return;
    }
    for (; starts != 0; starts &= starts - 1) {
      const char* const begin = place;
      place = block + std::countr_zero(starts);
      if (!visit(begin, place)) return;
    }
  }
#endif
  while (place < end) {
    const char* const begin = place;
    place = Pieces::next(begin, end);
    if (!visit(begin, place)) return;
  }
}

}  // namespace tallyscope::inline v0::detail
