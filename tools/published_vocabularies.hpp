// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/vocabulary_source.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope_program {

namespace ts = tallyscope;

/// An encoding that npm's package `tiktoken` carries. The hash is that of OpenAI's own file of it, as tiktoken's
/// openai_public.py states it (0.12.0, 2025-10): what the package has is turned into that file's form and must have it.
struct PublishedVocabulary {
  std::string_view name;
  std::string_view file;  // in the package
  ts::detail::PiecePattern pattern;
  std::string_view sha256;
};

inline constexpr std::string_view published_package = "tiktoken@1.0.22";

inline constexpr PublishedVocabulary published_vocabularies[] = {
    {"o200k_base", "encoders/o200k_base.json", ts::detail::PiecePattern::o200k,
     "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"},
    {"cl100k_base", "encoders/cl100k_base.json", ts::detail::PiecePattern::cl100k,
     "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"},
    {"p50k_base", "encoders/p50k_base.json", ts::detail::PiecePattern::gpt2,
     "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069"},
    {"r50k_base", "encoders/r50k_base.json", ts::detail::PiecePattern::gpt2,
     "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"},
};

/// A special token of one of them, for files that do not have these: the same source.
struct PublishedSpecial {
  std::string_view encoding;
  std::string_view text;
  std::uint32_t token;
};

inline constexpr PublishedSpecial published_specials[] = {
    {"o200k_base", "<|endoftext|>", 199'999},    {"o200k_base", "<|endofprompt|>", 200'018},
    {"cl100k_base", "<|endoftext|>", 100'257},   {"cl100k_base", "<|fim_prefix|>", 100'258},
    {"cl100k_base", "<|fim_middle|>", 100'259},  {"cl100k_base", "<|fim_suffix|>", 100'260},
    {"cl100k_base", "<|endofprompt|>", 100'276}, {"p50k_base", "<|endoftext|>", 50'256},
    {"r50k_base", "<|endoftext|>", 50'256},
};

inline const PublishedVocabulary* published_vocabulary(std::string_view name) noexcept {
  for (const PublishedVocabulary& known : published_vocabularies)
    if (known.name == name) return &known;
  return nullptr;
}

}  // namespace tallyscope_program
