// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_rate.hpp>
#include <tallyscope/prices/detail/load_rates.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What a member of LiteLLM's list prices, where that is not just one class.
enum class LitellmMeaning : std::uint8_t {
  one_class,
  cache_write,  // whose lifetime is not told
  if_missing,   // an older or odd name of what has another one
  query,        // of a search or of a reranker, by the mode
  heard,        // audio by the second
  second,       // of audio or of a machine, by the mode
  nothing,      // no charge in dollars
};

struct LitellmName {
  std::string_view name{};
  PriceClass kind{};
  LitellmMeaning meaning = LitellmMeaning::one_class;
  PriceUnit unit{1'000'000, 6};
};

inline constexpr LitellmName litellm_names[] = {
    {"input_cost_per_token", PriceClass::input},
    {"output_cost_per_token", PriceClass::output},
    {"cache_read_input_token_cost", PriceClass::cache_read},
    {"input_cost_per_token_cache_hit", PriceClass::cache_read, LitellmMeaning::if_missing},
    {"cache_creation_input_token_cost", PriceClass::cache_write, LitellmMeaning::cache_write},
    {"cache_creation_input_token_cost_above_1hr", PriceClass::cache_write_1h},
    {"output_cost_per_reasoning_token", PriceClass::reasoning},
    {"input_cost_per_audio_token", PriceClass::input_audio},
    {"output_cost_per_audio_token", PriceClass::output_audio},
    {"cache_read_input_audio_token_cost", PriceClass::cache_read_audio},
    {"cache_creation_input_audio_token_cost", PriceClass::cache_read_audio, LitellmMeaning::if_missing},
    {"cache_read_input_image_token_cost", PriceClass::cache_read_image},
    {"input_cost_per_image_token", PriceClass::input_image},
    {"output_cost_per_image_token", PriceClass::output_image},
    {"input_cost_per_video_token", PriceClass::input_video},
    {"input_cost_per_request", PriceClass::request, LitellmMeaning::one_class, {1, 0}},
    {"input_cost_per_query", PriceClass::search_unit, LitellmMeaning::query, {1, 0}},
    {"ocr_cost_per_page", PriceClass::page, LitellmMeaning::one_class, {1'000, 3}},
    {"file_search_cost_per_1k_calls", PriceClass::file_search, LitellmMeaning::one_class, {1'000, 0}},
    {"input_cost_per_audio_per_second", PriceClass::audio_millisecond, LitellmMeaning::heard, {1'000, 0}},
    {"input_cost_per_second", PriceClass::audio_millisecond, LitellmMeaning::second, {1'000, 0}},
    {"output_cost_per_second", PriceClass::audio_millisecond, LitellmMeaning::second, {1'000, 0}},
    {"input_dbu_cost_per_token", PriceClass::input, LitellmMeaning::nothing},
    {"output_dbu_cost_per_token", PriceClass::output, LitellmMeaning::nothing},
    {"output_db_cost_per_token", PriceClass::output, LitellmMeaning::nothing},
};

/// A member's name without its conditions: the tier and the input that stand behind it.
struct LitellmMember {
  std::string_view name{};
  std::string_view tier{};
  std::int64_t above = SteppedRates::any_input;
};

/// Takes "_above_200k_tokens" off the end of `name`; the cache's "_above_1hr" is another matter.
constexpr bool take_threshold(std::string_view& name, std::int64_t& above) noexcept {
  constexpr std::string_view begin = "_above_", end = "k_tokens";
  if (!name.ends_with(end)) return false;
  const std::size_t place = name.rfind(begin);
  if (place == std::string_view::npos) return false;
  const std::string_view digits = name.substr(place + begin.size(), name.size() - place - begin.size() - end.size());
  if (digits.empty() || digits.size() > 9) return false;
  std::int64_t thousands = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return false;
    thousands = thousands * 10 + (digit - '0');
  }
  above = thousands * 1'000;
  name = name.substr(0, place);
  return true;
}

constexpr bool take_tier(std::string_view& name, std::string_view& tier) noexcept {
  constexpr std::string_view tiers[][2] = {{"_flex", "flex"},           {"_priority", "priority"},
                                           {"_batches", "batch"},       {"_batch_requests", "batch"},
                                           {"_ultrafast", "ultrafast"}, {"_fast", "fast"}};
  for (const auto& [ending, plain] : tiers) {
    if (!name.ends_with(ending)) continue;
    name.remove_suffix(ending.size());
    tier = plain;
    return true;
  }
  return false;
}

constexpr LitellmMember litellm_member(std::string_view name) noexcept {
  LitellmMember member{name};
  while (take_threshold(member.name, member.above) || take_tier(member.name, member.tier)) {
  }
  return member;
}

constexpr const LitellmName* litellm_name(std::string_view name) noexcept {
  for (const LitellmName& known : litellm_names)
    if (known.name == name) return &known;
  return nullptr;
}

}  // namespace tallyscope::inline v0::detail
