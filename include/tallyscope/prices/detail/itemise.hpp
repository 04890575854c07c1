// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/price_rule.hpp>
#include <tallyscope/record.hpp>

#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The sum of counts; exact unless `beyond`.
struct PartsSum {
  std::int64_t tokens = 0;
  bool beyond = false;

  [[gnu::always_inline]] void add(Count count) noexcept {
    beyond |= __builtin_add_overflow(tokens, count.value_or(0), &tokens);
  }
  bool none() const noexcept { return tokens == 0 && !beyond; }
  bool exceed(Count total) const noexcept { return beyond || tokens > total.value_or(0); }
};

/// Does it state any of what few calls use?
[[gnu::always_inline]] inline bool has_rare(const Usage& usage) noexcept {
  return Count::any_known(usage.cache_read_audio, usage.cache_read_image, usage.input_image, usage.input_video,
                          usage.output_image, usage.file_searches, usage.search_units, usage.pages,
                          usage.audio_milliseconds);
}

template <class AnyLines>
[[gnu::always_inline]] inline void add_part(AnyLines& lines, PriceClass kind, Count count) noexcept {
  if (count.value_or(0) > 0) lines.add(kind, count.value_or(0));
}

/// A part that has a line of its own where it has a price of its own: how much of it is left for the total's line.
template <class AnyLines>
[[gnu::always_inline]] inline std::int64_t add_apart(AnyLines& lines, PriceClass kind, Count count) noexcept {
  if (count.value_or(0) == 0 || !lines.has_price(kind)) return count.value_or(0);
  lines.add(kind, count.value_or(0));
  return 0;
}

/// What was read from the cache, whatever it is made of; its parts where only they are stated.
inline PartsSum cache_read_of(const Usage& usage) noexcept {
  PartsSum sum;
  sum.add(usage.cache_read_audio);
  sum.add(usage.cache_read_image);
  if (usage.cache_read.has_value()) return {usage.cache_read.value_or(0), sum.exceed(usage.cache_read)};
  return sum;
}

/// Cached audio is never priced as text; a cached image is, unless the price list tells images from text.
template <class AnyLines>
void add_rare_cache_read(AnyLines& lines, const Usage& usage) noexcept {
  const std::int64_t audio = usage.cache_read_audio.value_or(0), image = usage.cache_read_image.value_or(0);
  const PartsSum whole = cache_read_of(usage);
  if (whole.beyond) return lines.lacking();
  add_part(lines, PriceClass::cache_read_audio, audio);
  std::int64_t images_as_text = add_apart(lines, PriceClass::cache_read_image, image);
  if (images_as_text > 0 && lines.has_price(PriceClass::input_image)) {
    lines.lacking();
    images_as_text = 0;
  }
  add_part(lines, PriceClass::cache_read, whole.tokens - audio - image + images_as_text);
}

/// Prices the total beside its parts. Parts of an unknown total are priced, parts that exceed theirs are not: which of
/// the numbers is right cannot be known. Images and videos are input like any other where no rate tells them apart, as
/// vendors have it who state only one rate.
template <class AnyLines>
[[gnu::always_inline]] inline void add_input(AnyLines& lines, Count total, const Usage& usage) noexcept {
  const bool rare = AnyLines::takes_rare && has_rare(usage);
  PartsSum parts;
  parts.add(usage.cache_read);
  if (rare && !usage.cache_read.has_value()) parts = cache_read_of(usage);
  parts.add(usage.cache_write);
  parts.add(usage.cache_write_5m);
  parts.add(usage.cache_write_1h);
  parts.add(usage.input_audio);
  if (rare) parts.add(usage.input_image), parts.add(usage.input_video);
  if (!rare && parts.none()) return lines.add(PriceClass::input, total.value_or(0));
  if (parts.exceed(total)) [[unlikely]]
    lines.lacking();
  if (total.has_value() && parts.exceed(total)) [[unlikely]]
    return;
  std::int64_t rest = total.has_value() ? total.value_or(0) - parts.tokens : 0;
  if (rare)
    add_rare_cache_read(lines, usage);
  else
    add_part(lines, PriceClass::cache_read, usage.cache_read);
  add_part(lines, PriceClass::cache_write, usage.cache_write);
  add_part(lines, PriceClass::cache_write_5m, usage.cache_write_5m);
  add_part(lines, PriceClass::cache_write_1h, usage.cache_write_1h);
  add_part(lines, PriceClass::input_audio, usage.input_audio);
  if (rare) {
    rest += add_apart(lines, PriceClass::input_image, usage.input_image);
    rest += add_apart(lines, PriceClass::input_video, usage.input_video);
  }
  lines.add(PriceClass::input, rest);
}

template <class AnyLines>
[[gnu::always_inline]] inline void add_output(AnyLines& lines, Count total, const Usage& usage) noexcept {
  const bool rare = AnyLines::takes_rare && usage.output_image.has_value();
  PartsSum parts;
  parts.add(usage.reasoning);
  parts.add(usage.output_audio);
  if (rare) parts.add(usage.output_image);
  if (parts.none()) return lines.add(PriceClass::output, total.value_or(0));
  if (parts.exceed(total)) [[unlikely]]
    lines.lacking();
  if (total.has_value() && parts.exceed(total)) [[unlikely]]
    return;
  std::int64_t rest = total.has_value() ? total.value_or(0) - parts.tokens : 0;
  rest += add_apart(lines, PriceClass::reasoning, usage.reasoning);
  add_part(lines, PriceClass::output_audio, usage.output_audio);
  if (rare) rest += add_apart(lines, PriceClass::output_image, usage.output_image);
  lines.add(PriceClass::output, rest);
}

template <class AnyLines>
[[gnu::always_inline]] inline void add_billed_apart(AnyLines& lines, const Usage& usage) noexcept {
  add_part(lines, PriceClass::web_search, usage.web_searches);
  if (lines.has_price(PriceClass::request)) add_part(lines, PriceClass::request, usage.requests);
  if (!AnyLines::takes_rare) return;
  add_part(lines, PriceClass::file_search, usage.file_searches);
  add_part(lines, PriceClass::search_unit, usage.search_units);
  add_part(lines, PriceClass::page, usage.pages);
  add_part(lines, PriceClass::audio_millisecond, usage.audio_milliseconds);
}

/// The counts that are billed beside the tokens.
inline constexpr Count Usage::*counts_beside_tokens[] = {
    &Usage::web_searches, &Usage::requests, &Usage::file_searches,
    &Usage::search_units, &Usage::pages,    &Usage::audio_milliseconds,
};

/// Is there anything but the two totals and what is never billed?
inline bool has_other_quantity(const Usage& usage) noexcept {
  for (const UsageField& field : usage_fields)
    if (field.count != &Usage::tool_calls && (usage.*field.count).value_or(0) > 0) return true;
  return false;
}

/// Are its tokens said to be none of its price: is it billed by what was read or heard?
inline bool is_billed_without_tokens(const Usage& usage) noexcept {
  return (usage.search_units.value_or(0) | usage.pages.value_or(0) | usage.audio_milliseconds.value_or(0)) != 0;
}

/// Of the operations that both read and write tokens, a missing count is unknown, not zero.
inline bool needs_both_directions(const Operation& operation) noexcept {
  return operation == Operation::chat || operation == Operation::text_completion ||
         operation == Operation::generate_content;
}

}  // namespace tallyscope::inline v0::detail
