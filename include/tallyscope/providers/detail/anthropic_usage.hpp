// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/reading.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What Anthropic counts: `input` is only what the cache neither served nor took.
struct AnthropicTokens {
  Count input{};
  Count output{};
  Count cache_read{};
  Count cache_written{};
  Count written_5m{};
  Count written_1h{};
  Count thinking{};
};

inline constexpr CountMember<AnthropicTokens> anthropic_counts[] = {
    {"input_tokens", &AnthropicTokens::input},
    {"output_tokens", &AnthropicTokens::output},
    {"cache_read_input_tokens", &AnthropicTokens::cache_read},
    {"cache_creation_input_tokens", &AnthropicTokens::cache_written},
};
inline constexpr CountMember<AnthropicTokens> anthropic_lifetimes[] = {
    {"ephemeral_5m_input_tokens", &AnthropicTokens::written_5m},
    {"ephemeral_1h_input_tokens", &AnthropicTokens::written_1h},
};

/// Takes the value of `key` if it is one of the tokens.
inline bool take_anthropic_tokens(JsonSource& source, MemberName key, AnthropicTokens& tokens) noexcept {
  if (take_count<anthropic_counts>(source, key, tokens)) return true;
  if (key == "cache_creation") {
    tokens.written_5m = tokens.written_1h = {};
    source.members([&](MemberName lifetime) { take_count<anthropic_lifetimes>(source, lifetime, tokens); });
    return true;
  }
  if (key != "output_tokens_details") return false;
  source.members([&](MemberName detail) {
    if (detail == "thinking_tokens") tokens.thinking = source.count();
  });
  return true;
}

inline Usage anthropic_usage(const AnthropicTokens& tokens, Diagnostics& diagnostics) noexcept {
  Usage usage;
  give_cache_writes(tokens.cache_written, tokens.written_5m, tokens.written_1h, usage, diagnostics);
  usage.cache_read = tokens.cache_read;
  usage.input_tokens = input_with_cache(tokens.input, usage);
  usage.output_tokens = tokens.output;
  usage.reasoning = tokens.thinking;
  return usage;
}

/// The rounds of one response. The counts at the top leave out those that condensed the context or asked another model.
struct AnthropicRounds {
  struct Round {
    ShortText<name_limit> model{};  // empty: the one of the response
    AnthropicTokens tokens{};
  };
  std::array<Round, part_limit> rounds{};
  std::size_t count = 0;  // may be more than there is room for
  std::size_t kept = 0;
  bool hidden = false;  // one of them is not in the counts at the top
  bool mixed = false;   // rounds of different models had to share a place

  /// Do the rounds tell more than the top?
  bool tell() const noexcept { return count > 1 || hidden; }

  void take(JsonSource& source) noexcept {
    *this = {};
    source.elements([&] {
      Round round;
      source.members([&](MemberName key) {
        if (take_anthropic_tokens(source, key, round.tokens)) return;
        if (key == "model") source.text(round.model);
        if (key == "type" && source.word() != "message") hidden = true;
      });
      add(round);
    });
  }

 private:
  void add(const Round& round) noexcept {
    ++count;
    if (kept < rounds.size()) {
      rounds[kept++] = round;
      return;
    }
    for (std::size_t place = kept; place-- > 0;)
      if (rounds[place].model == round.model) return join(rounds[place], round);
    mixed = true;
    join(rounds.back(), round);
  }

  static void join(Round& into, const Round& round) noexcept {
    for (const auto tokens :
         {&AnthropicTokens::input, &AnthropicTokens::output, &AnthropicTokens::cache_read,
          &AnthropicTokens::cache_written, &AnthropicTokens::written_5m, &AnthropicTokens::written_1h})
      into.tokens.*tokens = sum({into.tokens.*tokens, round.tokens.*tokens});
  }
};

/// A usage object as it stands in the document.
struct AnthropicUsage {
  AnthropicTokens tokens{};
  Count searches{};
  JsonWord tier{};
  JsonWord geo{};
  JsonWord speed{};
  AnthropicRounds rounds{};
  bool stated = false;

  /// A null says nothing; an object takes the place of one before it, but only as a whole.
  void take(JsonSource& source) noexcept {
    AnthropicUsage read;
    read.stated = source.members([&](MemberName key) { read.take_member(key, source); });
    if (read.stated) *this = read;
  }

  /// A later usage of a stream is cumulative: what it names takes the place of what was there.
  void merge(const AnthropicUsage& later) noexcept {
    stated = stated || later.stated;
    const auto replace = [](Count& count, Count by) {
      if (by.has_value() || by.refused()) count = by;
    };
    for (const CountMember<AnthropicTokens>& member : anthropic_counts)
      replace(tokens.*member.count, later.tokens.*member.count);
    for (const CountMember<AnthropicTokens>& member : anthropic_lifetimes)
      replace(tokens.*member.count, later.tokens.*member.count);
    replace(tokens.thinking, later.tokens.thinking);
    replace(searches, later.searches);
    for (const auto word : {&AnthropicUsage::tier, &AnthropicUsage::geo, &AnthropicUsage::speed})
      if (!(later.*word).empty()) this->*word = later.*word;
    if (later.rounds.count > 0) rounds = later.rounds;
  }

  void give(Reading& reading, std::string_view model) const noexcept {
    reading.counts = anthropic_usage(tokens, reading.diagnostics);
    if (rounds.tell()) give_rounds(reading, model);
    reading.counts.web_searches = searches;
    reading.served_tier = speed == "fast" ? speed.view() : tier.view();
    if (geo != "not_available" && geo != "global") reading.served_region = geo.view();
    check_parts(reading.counts, reading.diagnostics);
  }

 private:
  void take_member(MemberName key, JsonSource& source) noexcept {
    if (take_anthropic_tokens(source, key, tokens)) return;
    if (key == "service_tier") tier = source.word();
    if (key == "inference_geo") geo = source.word();
    if (key == "speed") speed = source.word();
    if (key == "iterations") rounds.take(source);
    if (key == "server_tool_use")
      source.members([&](MemberName tool) {
        if (tool == "web_search_requests") searches = source.count();
      });
  }

  /// Each round is a part of its own, since the price may depend on how long its context was.
  void give_rounds(Reading& reading, std::string_view model) const noexcept {
    const Count thinking = reading.counts.reasoning;
    Diagnostics told;
    reading.counts = {};
    std::size_t searching = 0;  // the part that bears the searches, which are those of the response's own model
    for (std::size_t place = rounds.kept; place-- > 0;) {
      const AnthropicRounds::Round& round = rounds.rounds[place];
      ReadPart& part = reading.parts[place];
      part.model = round.model.empty() ? model : round.model.view();
      part.usage = anthropic_usage(round.tokens, told);
      for (const UsageField& field : usage_fields)
        reading.counts.*field.count = sum({reading.counts.*field.count, part.usage.*field.count});
      if (round.model.empty()) searching = place;
    }
    reading.part_count = rounds.kept;
    if (rounds.kept > 0) reading.parts[searching].usage.web_searches = searches;
    reading.counts.reasoning = reading.counts.reasoning.or_else(thinking);
    if (rounds.mixed) told.set(Diagnostic::total_mismatch);
    reading.diagnostics.set(told);
  }
};

}  // namespace tallyscope::inline v0::detail
