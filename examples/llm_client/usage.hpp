// SPDX-License-Identifier: MIT
// What a response says of its usage, as a Reading. Each provider includes other parts in its totals.
#pragma once

#include "json.hpp"
#include "models.hpp"

#include <tallyscope/reading.hpp>

#include <initializer_list>
#include <string_view>

namespace llm {

/// What is known of these together; refused if one of them is.
inline ts::Count sum(std::initializer_list<ts::Count> counts) {
  ts::Count total;
  for (const ts::Count count : counts) {
    if (count.refused()) return count;
    total += count;
  }
  return total;
}

/// Notes where a provider's own total is not the sum of what it should be made of.
inline void check_total(ts::Reading& reading, ts::Count stated, ts::Count total) {
  if (stated.has_value() && total.has_value() && stated != total)
    reading.diagnostics.set(ts::Diagnostic::total_mismatch);
}

/// `prompt_tokens` and `completion_tokens` include everything: what the cache served, what was thought.
inline ts::Reading read_openai(const json& body) {
  const json& usage = at(body, "usage");
  const json& prompt = at(usage, "prompt_tokens_details");
  const json& completion = at(usage, "completion_tokens_details");
  ts::Reading reading{.counts = {.input_tokens = count_at(usage, "prompt_tokens"),
                                 .output_tokens = count_at(usage, "completion_tokens"),
                                 .cache_read = count_at(prompt, "cached_tokens"),
                                 .cache_write = count_at(prompt, "cache_write_tokens"),
                                 .input_audio = count_at(prompt, "audio_tokens"),
                                 .reasoning = count_at(completion, "reasoning_tokens"),
                                 .output_audio = count_at(completion, "audio_tokens")},
                      .served_model = text_at(body, "model"),
                      .served_tier = text_at(body, "service_tier"),
                      .request_id = text_at(body, "id")};
  check_total(reading, count_at(usage, "total_tokens"),
              sum({reading.counts.input_tokens, reading.counts.output_tokens}));
  return reading;
}

/// As OpenAI's, with another name for what the cache served.
inline ts::Reading read_mistral(const json& body) {
  ts::Reading reading = read_openai(body);
  const ts::Count cached = count_at(at(body, "usage"), "num_cached_tokens");
  if (!reading.counts.cache_read.has_value()) reading.counts.cache_read = cached;
  return reading;
}

/// `input_tokens` are only those that the cache neither served nor took: all three make the total. What was written to
/// the cache is told apart by how long it lives, where that is stated.
inline ts::Reading read_anthropic(const json& body) {
  const json& usage = at(body, "usage");
  const json& created = at(usage, "cache_creation");
  const ts::Count five_minutes = count_at(created, "ephemeral_5m_input_tokens");
  const ts::Count one_hour = count_at(created, "ephemeral_1h_input_tokens");
  const ts::Count split = sum({five_minutes, one_hour});
  const ts::Count stated = count_at(usage, "cache_creation_input_tokens");
  const bool is_split = split.has_value() || split.refused();
  const ts::Count written = stated.has_value() || stated.refused() ? stated : split;
  const ts::Count served = count_at(usage, "cache_read_input_tokens");
  ts::Reading reading{.counts = {.input_tokens = sum({count_at(usage, "input_tokens"), served, written}),
                                 .output_tokens = count_at(usage, "output_tokens"),
                                 .cache_read = served,
                                 .cache_write = is_split ? ts::Count{} : written,
                                 .cache_write_5m = five_minutes,
                                 .cache_write_1h = one_hour,
                                 .reasoning = count_at(at(usage, "output_tokens_details"), "thinking_tokens"),
                                 .web_searches = count_at(at(usage, "server_tool_use"), "web_search_requests")},
                      .served_model = text_at(body, "model"),
                      .served_tier = text_at(usage, "service_tier"),
                      .served_region = text_at(usage, "inference_geo"),
                      .request_id = text_at(body, "id")};
  check_total(reading, stated, split);
  return reading;
}

/// Thoughts come on top of the candidates and are billed as output; what a tool brought comes on top of the prompt; the
/// cached content is a part of it.
inline ts::Reading read_gemini(const json& body) {
  const json& usage = at(body, "usageMetadata");
  const ts::Count thoughts = count_at(usage, "thoughtsTokenCount");
  ts::Reading reading{
      .counts = {.input_tokens = sum({count_at(usage, "promptTokenCount"), count_at(usage, "toolUsePromptTokenCount")}),
                 .output_tokens = sum({count_at(usage, "candidatesTokenCount"), thoughts}),
                 .cache_read = count_at(usage, "cachedContentTokenCount"),
                 .reasoning = thoughts},
      .served_model = text_at(body, "modelVersion"),
      .served_tier = text_at(usage, "trafficType"),
      .request_id = text_at(body, "responseId")};
  check_total(reading, count_at(usage, "totalTokenCount"),
              sum({reading.counts.input_tokens, reading.counts.output_tokens}));
  return reading;
}

/// Whatever the body is, this throws nothing; without a usage in it the finality is `missing`. Borrows from the body.
inline ts::Reading read_usage(Shape shape, const json& body) {
  constexpr auto read = [](Shape of, const json& from) {
    switch (of) {
      case Shape::openai:
        return read_openai(from);
      case Shape::mistral:
        return read_mistral(from);
      case Shape::anthropic:
        return read_anthropic(from);
      case Shape::gemini:
        return read_gemini(from);
    }
    return ts::Reading{};
  };
  ts::Reading reading = read(shape, body);
  const bool is_known = reading.counts.input_tokens.has_value() || reading.counts.output_tokens.has_value();
  reading.finality = is_known ? ts::Finality::final : ts::Finality::missing;
  return reading;
}

/// Gathers the usage from the events of a stream: what it holds looks like a body that is not streamed.
class StreamUsage {
 public:
  explicit StreamUsage(Shape shape) noexcept : shape_{shape} {}

  void take(const json& event) {
    if (shape_ == Shape::anthropic) return take_anthropic(event);
    // Usage is cumulative: the last one counts, whole.
    const bool has_usage = !at(event, shape_ == Shape::gemini ? "usageMetadata" : "usage").is_null();
    if (has_usage || body_.is_null()) body_ = event;
  }

  /// Borrows from this. `partial` unless the stream came to its end.
  ts::Reading reading(bool at_end) const {
    ts::Reading reading = read_usage(shape_, body_);
    if (!at_end && reading.finality == ts::Finality::final) reading.finality = ts::Finality::partial;
    return reading;
  }

 private:
  /// The first event has the input; of the output it cannot know. Each later usage is cumulative and takes the place of
  /// what it names.
  void take_anthropic(const json& event) {
    if (text_at(event, "type") == "message_start") {
      body_ = at(event, "message");
      if (at(body_, "usage").is_object()) body_["usage"].erase("output_tokens");
    }
    if (text_at(event, "type") != "message_delta" || !at(event, "usage").is_object()) return;
    if (!body_.is_object()) body_ = json::object();
    if (!at(body_, "usage").is_object()) body_["usage"] = json::object();
    for (const auto& [name, count] : at(event, "usage").items())
      if (!count.is_null()) body_["usage"][name] = count;
  }

  Shape shape_;
  json body_{};
};

}  // namespace llm
