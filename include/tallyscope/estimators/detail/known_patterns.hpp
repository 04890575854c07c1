// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/pieces.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

/// Patterns as published files have them, and which of ours they are. What is not among them has no pre-tokenizer here,
/// so that its counts would be wrong: it is refused.
struct KnownPattern {
  std::string_view text;
  PiecePattern pattern;
};

inline constexpr KnownPattern known_patterns[] = {
    // npm tiktoken 1.0.22, encoders/{gpt2,r50k_base,p50k_base,p50k_edit}.json
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", PiecePattern::gpt2},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", PiecePattern::gpt2},
    // the same, cl100k_base.json; Llama 3's tokenizer.json
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PiecePattern::cl100k},
    // the same, o200k_base.json; gpt-oss's tokenizer.json
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PiecePattern::o200k},
    // Qwen 2, 2.5 and 3: tokenizer.json
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PiecePattern::qwen2},
    // DeepSeek V3 and R1: the three splits of tokenizer.json, a line each
    {"\\p{N}{1,3}\n[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+\n"
     "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
     "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
     PiecePattern::deepseek3},
};

/// The pattern whose text this is; false for none.
constexpr bool find_pattern(std::string_view text, PiecePattern& pattern) noexcept {
  for (const KnownPattern& known : known_patterns)
    if (known.text == text) {
      pattern = known.pattern;
      return true;
    }
  return false;
}

}  // namespace tallyscope::inline v0::detail
