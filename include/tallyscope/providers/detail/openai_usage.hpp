// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/reading.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What the tokens of one direction are made of, as OpenAI's APIs and those made after them write it.
struct OpenAiDetails {
  Count cached{};
  Count cache_write{};
  Count reasoning{};
  Count audio{};
  Count image{};
  Count video{};
  Count written_5m{}, written_1h{};
  Count cached_audio{};
  Count cached_image{};
};

/// A usage object as it stands in the document. The same thing under other names has other members here, since which of
/// them counts must not depend on their order.
struct OpenAiUsage {
  Count prompt{}, input{};
  Count completion{}, output{};
  Count total{};
  Count num_cached{}, cache_hit{}, cache_miss{}, cached{}, cached_text{};
  Count claude_read{}, claude_written{};
  Count reasoning{};
  Count searches{}, tool_searches{};
  Count milliseconds{}, heard_seconds{};
  Count pages{};
  OpenAiDetails input_details{};
  OpenAiDetails output_details{};
  std::optional<Money> cost{};
  std::string_view only_of{};  // the provider that alone writes a member that was met
  bool stated = false;

  OpenAiUsage() noexcept {}  // one that the compiler makes zeroes all bytes first

  Count input_tokens() const noexcept { return prompt.or_else(input); }
  Count output_tokens() const noexcept { return completion.or_else(output); }
};

// Not among them: what was cited (Perplexity states it beside the tokens and bills it by a rule of its own), how many
// sources a search found, and predictions that were rejected, which the completion includes.
inline constexpr CountMember<OpenAiUsage> openai_counts[] = {
    {"prompt_tokens", &OpenAiUsage::prompt},
    {"input_tokens", &OpenAiUsage::input},
    {"completion_tokens", &OpenAiUsage::completion},
    {"output_tokens", &OpenAiUsage::output},
    {"total_tokens", &OpenAiUsage::total},
    {"num_cached_tokens", &OpenAiUsage::num_cached},           // Mistral
    {"prompt_cache_hit_tokens", &OpenAiUsage::cache_hit},      // DeepSeek
    {"prompt_cache_miss_tokens", &OpenAiUsage::cache_miss},    // DeepSeek
    {"cached_tokens", &OpenAiUsage::cached},                   // Hugging Face
    {"cached_prompt_text_tokens", &OpenAiUsage::cached_text},  // xAI
    {"cache_read_input_tokens", &OpenAiUsage::claude_read},    // gateways before Anthropic
    {"cache_creation_input_tokens", &OpenAiUsage::claude_written},
    {"reasoning_tokens", &OpenAiUsage::reasoning},   // xAI, Perplexity
    {"num_search_queries", &OpenAiUsage::searches},  // Perplexity
    {"pages_processed", &OpenAiUsage::pages},        // Mistral
};

inline constexpr CountMember<OpenAiDetails> openai_details[] = {
    {"cached_tokens", &OpenAiDetails::cached},
    {"cache_write_tokens", &OpenAiDetails::cache_write},
    {"cache_creation_tokens", &OpenAiDetails::cache_write},
    {"reasoning_tokens", &OpenAiDetails::reasoning},
    {"audio_tokens", &OpenAiDetails::audio},
    {"image_tokens", &OpenAiDetails::image},
    {"video_tokens", &OpenAiDetails::video},
};

inline constexpr CountMember<OpenAiDetails> openai_lifetimes[] = {
    {"ephemeral_5m_input_tokens", &OpenAiDetails::written_5m},
    {"ephemeral_1h_input_tokens", &OpenAiDetails::written_1h},
};

inline void take_openai_details(JsonSource& source, OpenAiDetails& details) noexcept {
  details = {};
  source.members([&](MemberName key) {
    if (take_count<openai_details>(source, key, details)) return;
    if (key == "cache_creation_token_details")
      source.members([&](MemberName lifetime) { take_count<openai_lifetimes>(source, lifetime, details); });
    if (key != "cached_tokens_details") return;
    details.cached_audio = details.cached_image = {};
    source.members([&](MemberName modality) {
      if (modality == "audio_tokens") details.cached_audio = source.count();
      if (modality == "image_tokens") details.cached_image = source.count();
    });
  });
}

/// OpenRouter states a number, Perplexity an object. What a gateway on the way estimates stands elsewhere and is not
/// asked for: it is no charge.
inline std::optional<Money> take_openai_cost(JsonSource& source) noexcept {
  if (source.type() == JsonType::number) return source.dollars();
  std::optional<Money> total;
  source.members([&](MemberName key) {
    if (key == "total_cost") total = source.dollars();
  });
  return total;
}

inline void take_openai_usage_member(JsonSource& source, MemberName key, OpenAiUsage& usage) noexcept {
  constexpr int tick = -10;  // 1e-10 dollars
  const auto is_one_of = [&](const auto&... names) { return ((key == names) || ...); };
  if (take_count<openai_counts>(source, key, usage)) return;
  if (is_one_of("prompt_tokens_details", "input_tokens_details", "input_token_details"))
    return take_openai_details(source, usage.input_details);
  if (is_one_of("completion_tokens_details", "output_tokens_details", "output_token_details"))
    return take_openai_details(source, usage.output_details);
  if (key == "seconds") usage.milliseconds = source.scaled_count(3);
  if (key == "prompt_audio_seconds" && source.type() == JsonType::number) usage.heard_seconds = source.count();
  if (key == "cost") usage.cost = take_openai_cost(source);
  if (key == "cost_in_usd_ticks") usage.cost = source.dollars(tick);
  if (is_one_of("server_tool_use_details", "server_tool_use")) {
    usage.tool_searches = {};
    source.members([&](MemberName tool) {
      if (tool == "web_search_requests") usage.tool_searches = source.count();
    });
  }
}

inline std::string_view only_provider_of(MemberName key) noexcept {
  if (key == "prompt_cache_hit_tokens") return "deepseek";
  if (key == "num_cached_tokens") return "mistral_ai";
  if (key == "cost_in_usd_ticks") return "x_ai";
  if (key == "num_search_queries" || key == "citation_tokens") return "perplexity";
  return {};
}

/// Takes an object. `usage` is as it was made, and again if the object is not whole.
inline void take_first_openai_usage(JsonSource& source, OpenAiUsage& usage) noexcept {
  usage.stated = source.members([&](MemberName key) {
    take_openai_usage_member(source, key, usage);
    if (const std::string_view provider = only_provider_of(key); !provider.empty()) usage.only_of = provider;
  });
  if (!usage.stated) usage = {};
}

/// Takes the value of `usage`. A null says nothing; an object takes the place of one before it, but only as a whole.
inline void take_openai_usage(JsonSource& source, OpenAiUsage& usage) noexcept {
  if (!usage.stated) return take_first_openai_usage(source, usage);
  OpenAiUsage read;
  take_first_openai_usage(source, read);
  if (read.stated) usage = read;
}

/// What a shape leaves open and the name of the provider or the model settles.
struct OpenAiDialect {
  bool reasoning_beside = false;    ///< the completion does not include the reasoning where no total tells (xAI)
  bool five_minute_writes = false;  ///< what is written to the cache lives as long as Anthropic's default
};

/// The largest of several names' counts for the same thing: a gateway may leave one of them at 0.
constexpr Count largest(std::initializer_list<Count> counts) noexcept {
  Count most;
  for (const Count count : counts)
    if (!most.has_value() || count.value_or(0) > most.value_or(0)) most = count.or_else(most);
  return most;
}

/// What the total says is in the input beside the prompt: Claude's cache where a gateway left it out of the prompt, and
/// what was heard, which Mistral counts nowhere else.
inline Count input_beside_prompt(const OpenAiUsage& usage) noexcept {
  const Count stated = sum({usage.input_tokens(), usage.output_tokens()});
  if (!usage.total.has_value() || !usage.input_tokens().has_value() || !usage.output_tokens().has_value()) return {};
  if (usage.total.value_or(0) <= stated.value_or(0)) return {};
  const Count rest = usage.total.value_or(0) - stated.value_or(0);
  const bool is_cache = rest == sum({usage.claude_read, usage.claude_written});
  return is_cache || usage.heard_seconds.value_or(0) > 0 ? rest : Count{};
}

inline void give_openai_input(const OpenAiUsage& usage, Usage& counts, Diagnostics& diagnostics) noexcept {
  const OpenAiDetails& details = usage.input_details;
  const Count beside = input_beside_prompt(usage);
  counts.input_tokens = sum({usage.input_tokens(), beside});
  if (!counts.input_tokens.has_value() && !counts.input_tokens.refused())
    counts.input_tokens = sum({usage.cache_hit, usage.cache_miss});
  counts.cache_read =
      largest({details.cached, usage.num_cached, usage.cache_hit, usage.cached, usage.cached_text, usage.claude_read});
  give_cache_writes(largest({details.cache_write, usage.claude_written}), details.written_5m, details.written_1h,
                    counts, diagnostics);
  counts.cache_read_audio = details.cached_audio;
  counts.cache_read_image = details.cached_image;
  counts.input_audio = without(details.audio, details.cached_audio, diagnostics);
  if (usage.heard_seconds.value_or(0) > 0 && beside.has_value()) counts.input_audio = beside;
  counts.input_image = without(details.image, details.cached_image, diagnostics);
  counts.input_video = details.video;
}

inline void give_openai_output(const OpenAiUsage& usage, bool reasoning_beside, Usage& counts,
                               Diagnostics& diagnostics) noexcept {
  counts.reasoning = usage.output_details.reasoning.or_else(usage.reasoning);
  counts.output_audio = usage.output_details.audio;
  counts.output_image = usage.output_details.image;
  const bool only_total = !counts.input_tokens.has_value() && !usage.output_tokens().has_value();
  if (only_total) counts.input_tokens = counts.input_tokens.refused() ? counts.input_tokens : usage.total;
  counts.output_tokens = settled_output({.input = counts.input_tokens,
                                         .output = usage.output_tokens(),
                                         .extra = counts.reasoning,
                                         .total = usage.total,
                                         .beside = reasoning_beside},
                                        diagnostics);
}

/// The usage in its one form, and what the provider says that it costs.
inline void give_openai_usage(const OpenAiUsage& usage, const OpenAiDialect& dialect, Reading& reading) noexcept {
  Usage& counts = reading.counts;
  give_openai_input(usage, counts, reading.diagnostics);
  give_openai_output(usage, dialect.reasoning_beside, counts, reading.diagnostics);
  if (dialect.five_minute_writes && counts.cache_write.has_value()) {
    counts.cache_write_5m = counts.cache_write;
    counts.cache_write = {};
    if (counts.cache_write_5m.value_or(0) > 0) reading.diagnostics.set(Diagnostic::cache_lifetime_assumed);
  }
  counts.web_searches = usage.searches.or_else(usage.tool_searches);
  counts.audio_milliseconds = usage.milliseconds;
  counts.pages = usage.pages;
  reading.provider_cost = usage.cost;
  check_parts(counts, reading.diagnostics);
}

}  // namespace tallyscope::inline v0::detail
