// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>

namespace tallyscope::inline v0 {

/// A whole number of something, or nothing known about it: absent is not zero. 8 bytes.
/// A negative number, or one beyond int64, is not taken: the count is then absent and says `refused()`.
class Count {
 public:
  constexpr Count() noexcept = default;

  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) constexpr Count(Integer value) noexcept
      : value_{fits(value) ? static_cast<std::int64_t>(value) : refused_value} {}

  template <std::floating_point Fraction>
  constexpr Count(Fraction) noexcept {
    static_assert(sizeof(Fraction) == 0,
                  "a token count is a whole number: give an integer, or round it where you know how");
  }

  constexpr bool has_value() const noexcept { return value_ >= 0; }
  constexpr bool refused() const noexcept { return value_ == refused_value; }
  constexpr std::int64_t value_or(std::int64_t other) const noexcept { return has_value() ? value_ : other; }

  /// This count if it is there, else the other.
  [[gnu::always_inline]] constexpr Count or_else(Count other) const noexcept {
    if (has_value()) other.value_ = value_;  // not `?:`, which would ask both for their address
    return other;
  }

  /// Adds what is known: absent + 3 is 3, absent + absent is absent. Saturates at the largest int64.
  constexpr Count& operator+=(Count other) noexcept {
    if (!other.has_value()) return *this;
    const std::int64_t room = std::numeric_limits<std::int64_t>::max() - value_or(0);
    value_ = value_or(0) + (other.value_ < room ? other.value_ : room);
    return *this;
  }

  /// Is one of them there? Without a branch, and nothing at all where they are constants.
  template <class... Counts>
  [[gnu::always_inline]] static constexpr bool any_known(Counts... counts) noexcept {
    return (counts.value_ & ...) >= 0;  // what is absent is negative
  }

  friend constexpr bool operator==(Count, Count) noexcept = default;

 private:
  static constexpr std::int64_t absent_value = -1;
  static constexpr std::int64_t refused_value = -2;

  template <class Integer>
  static constexpr bool fits(Integer value) noexcept {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    if constexpr (sizeof(Integer) > sizeof(most))
      return value >= 0 && value <= most;  // 128 bits, where they are integers
    else if constexpr (std::signed_integral<Integer>)
      return value >= 0;
    else
      return value <= static_cast<std::uint64_t>(most);
  }

  std::int64_t value_ = absent_value;
};

/// What one call used, as its provider reported it. `input_tokens` and `output_tokens` are inclusive totals, as in
/// OpenTelemetry's gen_ai.usage.*; every other token count is a part of one of them, never an addend.
struct Usage {
  Count input_tokens{};
  Count output_tokens{};
  Count cache_read{};      ///< part of input: read from the provider's cache
  Count cache_write{};     ///< part of input: written to the cache, lifetime not stated
  Count cache_write_5m{};  ///< part of input: written to live five minutes
  Count cache_write_1h{};  ///< part of input: written to live one hour
  Count input_audio{};     ///< part of input
  Count reasoning{};       ///< part of output
  Count output_audio{};    ///< part of output
  Count web_searches{};    ///< searches billed beside the tokens
  Count requests{};        ///< requests billed beside the tokens
  Count tool_calls{};      ///< tool calls that the model asked for; counted, not billed

  // What few calls use. They stand last, so that what is usual stays close together.
  Count cache_read_audio{};    ///< part of cache_read
  Count cache_read_image{};    ///< part of cache_read
  Count input_image{};         ///< part of input
  Count input_video{};         ///< part of input
  Count output_image{};        ///< part of output
  Count file_searches{};       ///< searches in a provider's file storage, billed beside the tokens
  Count search_units{};        ///< what providers of rerankers bill: a query over so many documents
  Count pages{};               ///< of documents that were read
  Count audio_milliseconds{};  ///< of audio that was heard, where it is billed by time

  /// Is anything stated beside the two totals?
  [[gnu::always_inline]] constexpr bool has_details() const noexcept {
    return Count::any_known(cache_read, cache_write, cache_write_5m, cache_write_1h, input_audio, reasoning,
                            output_audio, web_searches, requests, tool_calls, cache_read_audio, cache_read_image,
                            input_image, input_video, output_image, file_searches, search_units, pages,
                            audio_milliseconds);
  }
  /// Was a count refused, being negative or too large?
  [[gnu::always_inline]] constexpr bool has_refused() const noexcept {
    return input_tokens.refused() || output_tokens.refused() || cache_read.refused() || cache_write.refused() ||
           cache_write_5m.refused() || cache_write_1h.refused() || input_audio.refused() || reasoning.refused() ||
           output_audio.refused() || web_searches.refused() || requests.refused() || tool_calls.refused() ||
           cache_read_audio.refused() || cache_read_image.refused() || input_image.refused() || input_video.refused() ||
           output_image.refused() || file_searches.refused() || search_units.refused() || pages.refused() ||
           audio_milliseconds.refused();
  }

  friend constexpr bool operator==(const Usage&, const Usage&) noexcept = default;
};

/// One count of a Usage under the name that files and tables give it.
struct UsageField {
  std::string_view key;
  Count Usage::*count;
};

/// Every count of a Usage, in the order in which format 1 stores them.
inline constexpr UsageField usage_fields[] = {
    {"input_tokens", &Usage::input_tokens},
    {"output_tokens", &Usage::output_tokens},
    {"cache_read_tokens", &Usage::cache_read},
    {"cache_write_tokens", &Usage::cache_write},
    {"cache_write_5m_tokens", &Usage::cache_write_5m},
    {"cache_write_1h_tokens", &Usage::cache_write_1h},
    {"input_audio_tokens", &Usage::input_audio},
    {"reasoning_tokens", &Usage::reasoning},
    {"output_audio_tokens", &Usage::output_audio},
    {"web_searches", &Usage::web_searches},
    {"requests", &Usage::requests},
    {"tool_calls", &Usage::tool_calls},
    {"cache_read_audio_tokens", &Usage::cache_read_audio},
    {"cache_read_image_tokens", &Usage::cache_read_image},
    {"input_image_tokens", &Usage::input_image},
    {"input_video_tokens", &Usage::input_video},
    {"output_image_tokens", &Usage::output_image},
    {"file_searches", &Usage::file_searches},
    {"search_units", &Usage::search_units},
    {"pages", &Usage::pages},
    {"audio_milliseconds", &Usage::audio_milliseconds},
};

inline constexpr std::size_t usage_field_count = sizeof(usage_fields) / sizeof(usage_fields[0]);

constexpr Usage& operator+=(Usage& sum, const Usage& more) noexcept {
  for (const UsageField& field : usage_fields) sum.*field.count += more.*field.count;
  return sum;
}

}  // namespace tallyscope::inline v0
