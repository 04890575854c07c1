// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>
#include <tallyscope/reading.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

/// The tokens of one direction by what they stand for. Documents and texts are billed as the rest.
struct GeminiModalities {
  Count audio{};
  Count image{};
  Count video{};

  void take(JsonSource& source) noexcept {
    *this = {};
    source.elements([&] {
      JsonWord modality;
      Count tokens;
      source.members([&](MemberName key) {
        if (key == "modality") modality = source.word();
        if (key == "tokenCount") tokens = source.count();
      });
      if (modality == "AUDIO") audio = sum({audio, tokens});
      if (modality == "IMAGE") image = sum({image, tokens});
      if (modality == "VIDEO") video = sum({video, tokens});
    });
  }
};

/// A usageMetadata object as it stands in the document.
struct GeminiUsage {
  Count prompt{};
  Count tool_prompt{};
  Count cached{};
  Count candidates{};
  Count thoughts{};
  Count total{};
  GeminiModalities prompt_details{};
  GeminiModalities tool_details{};
  GeminiModalities cached_details{};
  GeminiModalities candidates_details{};
  JsonWord traffic{};
  JsonWord tier{};
  bool stated = false;

  /// A null says nothing; an object takes the place of one before it, but only as a whole: in a stream some counts go
  /// down again.
  void take(JsonSource& source) noexcept;
  void give(Reading& reading) const noexcept;

 private:
  void take_member(MemberName key, JsonSource& source) noexcept;
  void give_modalities(Reading& reading) const noexcept;
};

inline constexpr CountMember<GeminiUsage> gemini_counts[] = {
    {"promptTokenCount", &GeminiUsage::prompt},        {"toolUsePromptTokenCount", &GeminiUsage::tool_prompt},
    {"cachedContentTokenCount", &GeminiUsage::cached}, {"candidatesTokenCount", &GeminiUsage::candidates},
    {"responseTokenCount", &GeminiUsage::candidates},  // the Live API's name for it
    {"thoughtsTokenCount", &GeminiUsage::thoughts},    {"totalTokenCount", &GeminiUsage::total},
};

inline void GeminiUsage::take(JsonSource& source) noexcept {
  GeminiUsage read;
  read.stated = source.members([&](MemberName key) { read.take_member(key, source); });
  if (read.stated) *this = read;
}

inline void GeminiUsage::take_member(MemberName key, JsonSource& source) noexcept {
  if (take_count<gemini_counts>(source, key, *this)) return;
  if (key == "promptTokensDetails" || key == "promptTokenDetails") prompt_details.take(source);
  if (key == "toolUsePromptTokensDetails") tool_details.take(source);
  if (key == "cacheTokensDetails") cached_details.take(source);
  if (key == "candidatesTokensDetails" || key == "responseTokensDetails") candidates_details.take(source);
  if (key == "trafficType") traffic = source.word();
  if (key == "serviceTier") tier = source.word();
}

/// The cached tokens are within the prompt, and so are those of each modality.
inline void GeminiUsage::give_modalities(Reading& reading) const noexcept {
  Usage& counts = reading.counts;
  const auto uncached = [&](Count GeminiModalities::*modality) {
    return without(sum({prompt_details.*modality, tool_details.*modality}), cached_details.*modality,
                   reading.diagnostics);
  };
  counts.cache_read_audio = cached_details.audio;
  counts.cache_read_image = cached_details.image;
  counts.input_audio = uncached(&GeminiModalities::audio);
  counts.input_image = uncached(&GeminiModalities::image);
  counts.input_video = uncached(&GeminiModalities::video);
  counts.output_audio = candidates_details.audio;
  counts.output_image = candidates_details.image;
}

/// What tools brought is beside the prompt, and what was thought beside the candidates.
inline void GeminiUsage::give(Reading& reading) const noexcept {
  Usage& counts = reading.counts;
  counts.input_tokens = prompt.has_value() || prompt.refused() ? sum({prompt, tool_prompt}) : Count{};
  counts.cache_read = cached;
  counts.reasoning = thoughts;
  counts.output_tokens = settled_output(
      {.input = counts.input_tokens, .output = candidates, .extra = thoughts, .total = total, .beside = true},
      reading.diagnostics);
  give_modalities(reading);
  reading.served_tier = traffic.empty() ? tier.view() : traffic.view();
  check_parts(counts, reading.diagnostics);
}

}  // namespace tallyscope::inline v0::detail
