// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces_cl100k.hpp>

namespace tallyscope::inline v0::detail {

/// The pieces of Qwen 2, 2.5 and 3, as in their tokenizer.json: those of cl100k_base with each number on its own. Their
/// texts are put into NFC first, which is done before they are cut.
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
struct QwenPieces : Cl100kRules<1> {};

}  // namespace tallyscope::inline v0::detail
