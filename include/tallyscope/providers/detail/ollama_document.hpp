// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>
#include <tallyscope/reading.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What one document of Ollama's own API says: a body, or a line of a stream. Its counts stand at the top.
struct OllamaDocument {
  ShortText<name_limit> model{};
  JsonWord done_reason{};
  Count prompt{};  // absent where the prompt was still in memory
  Count output{};
  std::int64_t tool_calls = 0;
  std::optional<bool> done{};
  bool whole = false;
  bool embeds = false;
  ProviderError error{};

  void take(JsonSource& source) noexcept {
    whole = source.type() == JsonType::object && source.members([&](MemberName key) { take_member(key, source); });
    if (!whole) source.skip();
  }

  Ending ending() const noexcept {
    Ending ending;
    error.give(ending);
    ending.stop(done_reason);
    return ending;
  }

  /// Takes over what a later line of the same stream says.
  void merge(const OllamaDocument& later) noexcept {
    if (!later.model.empty()) model = later.model;
    if (later.prompt.has_value() || later.prompt.refused()) prompt = later.prompt;
    if (later.output.has_value() || later.output.refused()) output = later.output;
    tool_calls += later.tool_calls;
    if (later.done) done = later.done;
    whole = true;
  }

  /// Counts of a document that is cut off may be cut themselves.
  void give(Reading& reading) const noexcept {
    if (whole) reading.counts.input_tokens = prompt;
    if (whole) reading.counts.output_tokens = embeds && prompt.has_value() ? Count{0} : output;
    if (tool_calls > 0) reading.counts.tool_calls = tool_calls;
    reading.served_model = model.view();
    if (done || output.has_value()) reading.served_by = "ollama";
  }

 private:
  void take_member(MemberName key, JsonSource& source) noexcept {
    if (key == "model") source.text(model);
    if (key == "prompt_eval_count") prompt = source.count();
    if (key == "eval_count") output = source.count();
    if (key == "done" && source.type() == JsonType::boolean) done = source.boolean();
    if (key == "done_reason") done_reason = source.word();
    if (key == "error") error.take(source);
    if (key == "response" || key == "thinking") source.answer();
    if (key == "message") take_message(source);
    embeds = embeds || key == "embeddings";
  }

  void take_message(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "content" || key == "thinking") source.answer();
      if (key == "tool_calls") source.elements([&] { take_call(source); });
    });
  }

  void take_call(JsonSource& source) noexcept {
    ++tool_calls;
    source.answer_json();
  }
};

}  // namespace tallyscope::inline v0::detail
