// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/gemini_usage.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What one document of generateContent or of the embeddings says: a body, or a chunk of a stream.
struct GeminiDocument {
  ShortText<name_limit> id{};
  ShortText<name_limit> model{};
  GeminiUsage usage{};
  JsonWord block_reason{};
  JsonWord tier{};
  Ending stopped{};         // of the candidates: of several the failed one tells
  std::uint64_t begun = 0;  // candidates by their index
  std::uint64_t ended = 0;
  std::int64_t queries = 0;
  std::int64_t tool_calls = 0;
  bool embeds = false;
  bool batched = false;  // a line of a batch's results
  ProviderError error{};

  /// Where the document is an array of chunks, it is what they come to.
  void take(JsonSource& source) noexcept {
    if (source.type() != JsonType::array) return source.root([&](MemberName key) { take_member(key, source); });
    source.elements([&] {
      GeminiDocument chunk;
      source.members([&](MemberName key) { chunk.take_member(key, source); });
      merge(chunk);
    });
  }

  Ending ending() const noexcept {
    Ending ending;
    error.give(ending);
    if (!block_reason.empty()) ending.fail(Outcome::policy_blocked, block_reason);
    ending.merge(stopped);
    return ending;
  }

  /// Has every candidate that began come to its end?
  bool finished() const noexcept { return !block_reason.empty() || (ended != 0 && (begun & ~ended) == 0); }

  /// Takes over what a later chunk of the same stream says.
  void merge(const GeminiDocument& later) noexcept {
    if (!later.id.empty()) id = later.id;
    if (!later.model.empty()) model = later.model;
    if (!later.tier.empty()) tier = later.tier;
    if (later.usage.stated) usage = later.usage;
    if (block_reason.empty()) block_reason = later.block_reason;
    if (!error.present()) error = later.error;
    stopped.merge(later.stopped);
    begun |= later.begun;
    ended |= later.ended;
    embeds = embeds || later.embeds;
    queries = std::max(queries, later.queries);
    tool_calls += later.tool_calls;
  }

  void give(Reading& reading) const noexcept {
    usage.give(reading);
    Usage& counts = reading.counts;
    if (embeds && counts.input_tokens.has_value()) counts.output_tokens = counts.output_tokens.or_else(0);
    if (reading.served_tier.empty()) reading.served_tier = tier.view();
    if (tool_calls > 0) reading.counts.tool_calls = tool_calls;
    if (queries > 0) reading.counts.web_searches = bills_by_prompt() ? 1 : queries;
    reading.served_model = model.view();
    if (batched) reading.served_tier = "batch";
    reading.request_id = id.view();
  }

 private:
  /// Up to Gemini 2, a prompt that searched is billed once, whatever it searched for.
  bool bills_by_prompt() const noexcept {
    const std::string_view name = model.view().substr(model.view().rfind('/') + 1);
    return name.starts_with("gemini-1") || name.starts_with("gemini-2");
  }

  void take_member(MemberName key, JsonSource& source) noexcept {
    if (key == "responseId") source.text(id);
    if (key == "modelVersion") source.text(model);
    if (key == "usageMetadata") usage.take(source);
    if (key == "candidates") take_candidates(source);
    if (key == "serviceTier") tier = source.word();
    embeds = embeds || key == "embedding" || key == "embeddings";
    if (key == "error") error.take(source);
    if (key == "response") source.members([&](MemberName inner) { take_member(inner, source); });
    if (key == "key" || key == "processed_time") batched = true;
    if (key == "promptFeedback")
      source.members([&](MemberName feedback) {
        if (feedback == "blockReason") block_reason = source.word();
      });
  }

  void take_candidates(JsonSource& source) noexcept {
    std::int64_t place = 0;
    source.elements([&] { take_candidate(source, place++); });
  }

  void take_candidate(JsonSource& source, Count index) noexcept {
    JsonWord reason;
    source.members([&](MemberName key) {
      if (key == "index") index = source.count().or_else(index);
      if (key == "finishReason") reason = source.word();
      if (key == "content") take_content(source);
      if (key == "groundingMetadata") take_grounding(source);
    });
    const std::uint64_t bit = std::uint64_t{1} << index.value_or(0) % 64;
    begun |= bit;
    if (!reason.empty()) ended |= bit;
    stopped.stop(reason);
  }

  void take_content(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "parts") source.elements([&] { take_part(source); });
    });
  }

  void take_part(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "text") source.answer();
      if (key == "functionCall") {
        ++tool_calls;
        source.answer_json();
      }
    });
  }

  void take_grounding(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key != "webSearchQueries") return;
      source.elements([&] {
        JsonString query;
        if (source.string(query) && query.raw().find_first_not_of(' ') != std::string_view::npos) ++queries;
      });
    });
  }
};

}  // namespace tallyscope::inline v0::detail
