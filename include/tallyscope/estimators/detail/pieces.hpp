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

}  // namespace tallyscope::inline v0::detail
