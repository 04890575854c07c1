// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace tallyscope::inline v0 {

/// The tokens of an encoding as they are published: what an image is made of (vocabulary_builder.hpp).
struct VocabularySource {
  struct Special {
    std::string text;
    std::uint32_t token = 0;
  };

  std::string name;                                             ///< of the encoding, 1 to 31 bytes
  detail::PiecePattern pattern = detail::PiecePattern::cl100k;  ///< how a text is cut before anything is merged
  std::vector<std::string> tokens;  ///< the bytes of each, at its number; an empty one is a gap
  std::vector<Special> specials;
  /// Is a piece that is a token taken whole, even if no merge leads to it? tiktoken does so, and others where they say
  /// `ignore_merges`.
  bool whole_pieces = true;
  bool nfc = false;            ///< are texts put into Unicode's normalization form C first?
  unsigned char sha256[32]{};  ///< of the published file, if it is known
};

}  // namespace tallyscope::inline v0
