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
  JsonWord finish_reason{};
  std::int64_t queries = 0;
  std::int64_t tool_calls = 0;
  bool batched = false;  // a line of a batch's results
  ProviderError error{};

  /// Where the document is an array of chunks, the last of them counts.
  void take(JsonSource& source) noexcept {
    const auto member = [&](MemberName key) { take_member(key, source); };
    if (source.type() == JsonType::array)
      source.elements([&] { source.members(member); });
    else
      source.root(member);
  }

  Ending ending() const noexcept {
    Ending ending;
    error.give(ending);
    if (!block_reason.empty()) ending.fail(Outcome::policy_blocked, block_reason);
    ending.stop(finish_reason);
    return ending;
  }

  /// Takes over what a later chunk of the same stream says.
  void merge(const GeminiDocument& later) noexcept {
    if (!later.id.empty()) id = later.id;
    if (!later.model.empty()) model = later.model;
    if (later.usage.stated) usage = later.usage;
    queries = std::max(queries, later.queries);
    tool_calls += later.tool_calls;
  }

  void give(Reading& reading) const noexcept {
    usage.give(reading);
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
    if (key == "candidates") source.elements([&] { take_candidate(source); });
    if (key == "error") error.take(source);
    if (key == "response") source.members([&](MemberName inner) { take_member(inner, source); });
    if (key == "key" || key == "processed_time") batched = true;
    if (key == "promptFeedback")
      source.members([&](MemberName feedback) {
        if (feedback == "blockReason") block_reason = source.word();
      });
  }

  void take_candidate(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "finishReason") finish_reason = source.word();
      if (key == "content") take_content(source);
      if (key == "groundingMetadata") take_grounding(source);
    });
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
