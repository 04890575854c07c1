// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>
#include <tallyscope/reading.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A usage object of Converse as it stands in the document: `input` is only what the cache neither served nor took.
struct BedrockUsage {
  Count input{};
  Count output{};
  Count total{};
  Count cache_read{}, cache_read_again{};  // the same under two names
  Count cache_written{}, cache_written_again{};
  Count written_5m{};
  Count written_1h{};
  bool stated = false;

  /// A null says nothing; an object takes the place of one before it, but only as a whole.
  void take(JsonSource& source) noexcept;
  void give(Reading& reading) const noexcept;

 private:
  void take_lifetimes(JsonSource& source) noexcept;
};

inline constexpr CountMember<BedrockUsage> bedrock_counts[] = {
    {"inputTokens", &BedrockUsage::input},
    {"outputTokens", &BedrockUsage::output},
    {"totalTokens", &BedrockUsage::total},
    {"cacheReadInputTokens", &BedrockUsage::cache_read},
    {"cacheReadInputTokenCount", &BedrockUsage::cache_read_again},
    {"cacheWriteInputTokens", &BedrockUsage::cache_written},
    {"cacheWriteInputTokenCount", &BedrockUsage::cache_written_again},
};

inline void BedrockUsage::take(JsonSource& source) noexcept {
  BedrockUsage read;
  read.stated = source.members([&](MemberName key) {
    if (!take_count<bedrock_counts>(source, key, read) && key == "cacheDetails") read.take_lifetimes(source);
  });
  if (read.stated) *this = read;
}

inline void BedrockUsage::take_lifetimes(JsonSource& source) noexcept {
  written_5m = written_1h = {};
  source.elements([&] {
    JsonWord lifetime;
    Count tokens;
    source.members([&](MemberName key) {
      if (key == "ttl") lifetime = source.word();
      if (key == "inputTokens") tokens = source.count();
    });
    if (lifetime == "5m") written_5m = sum({written_5m, tokens});
    if (lifetime == "1h") written_1h = sum({written_1h, tokens});
  });
}

inline void BedrockUsage::give(Reading& reading) const noexcept {
  Usage& counts = reading.counts;
  give_cache_writes(cache_written.or_else(cache_written_again), written_5m, written_1h, counts, reading.diagnostics);
  counts.cache_read = cache_read.or_else(cache_read_again);
  counts.input_tokens = input_with_cache(input, counts);
  counts.output_tokens =
      settled_output({.input = counts.input_tokens, .output = output, .total = total}, reading.diagnostics);
  check_parts(counts, reading.diagnostics);
}

/// What one document of Bedrock's Converse says: a body, or an event of a stream.
struct BedrockDocument {
  ShortText<name_limit> model{};
  JsonWord tier{};
  JsonWord stop_reason{};
  BedrockUsage usage{};
  std::int64_t tool_calls = 0;
  bool error_at_top = false;
  ProviderError at_top{};

  void take(JsonSource& source) noexcept {
    source.root([&](MemberName key) {
      if (key == "__type") {
        error_at_top = true;
        at_top.take_member(key, source);
      }
      take_member(key, source);
    });
  }

  Ending ending() const noexcept {
    Ending ending;
    if (error_at_top) at_top.give(ending);
    ending.stop(stop_reason);
    return ending;
  }

  /// Takes over what a later event of the same stream says.
  void merge(const BedrockDocument& later) noexcept {
    if (!later.model.empty()) model = later.model;
    if (!later.tier.empty()) tier = later.tier;
    if (later.usage.stated) usage = later.usage;
    tool_calls += later.tool_calls;
  }

  /// The model is not among what is said: it stands in the request's address.
  void give(Reading& reading) const noexcept {
    usage.give(reading);
    if (tool_calls > 0) reading.counts.tool_calls = tool_calls;
    reading.served_model = model.view();
    reading.served_tier = tier.view();
    if (usage.stated) reading.served_by = "aws.bedrock";
  }

 private:
  // An event may stand within a member of its name.
  static bool wraps(MemberName key) noexcept {
    for (const std::string_view each :
         {"output", "message", "metadata", "messageStop", "contentBlockStart", "contentBlockDelta", "trace"})
      if (key == each) return true;
    return false;
  }

  void take_member(MemberName key, JsonSource& source) noexcept {
    if (key == "usage") usage.take(source);
    if (key == "stopReason") stop_reason = source.word();
    if (key == "content") source.elements([&] { take_block(source); });
    if (key == "start") take_block(source);
    if (key == "delta") take_delta(source);
    if (key == "serviceTier") take_named(source, "type", tier);
    if (key == "promptRouter") take_named(source, "invokedModelId", model);
    if (wraps(key)) source.members([&](MemberName inner) { take_member(inner, source); });
  }

  template <std::size_t Limit>
  static void take_named(JsonSource& source, std::string_view name, ShortText<Limit>& text) noexcept {
    source.members([&](MemberName key) {
      if (key == name) source.text(text);
    });
  }

  void take_block(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key != "toolUse") return;
      ++tool_calls;
      source.members([&](MemberName part) {
        if (part == "name") source.answer();
      });
    });
  }

  static void take_delta(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "text") source.answer();
      if (key == "reasoningContent" || key == "toolUse")
        source.members([&](MemberName part) {
          if (part == "text" || part == "input") source.answer();
        });
    });
  }
};

}  // namespace tallyscope::inline v0::detail
