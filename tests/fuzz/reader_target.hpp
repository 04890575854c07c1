// SPDX-License-Identifier: MIT
// What must hold of a provider's reader, for a body and for one event after the other.
#pragma once

#include "target.hpp"

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/providers/detail/answer_text.hpp>
#include <tallyscope/reading.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace fuzz {

namespace ts = tallyscope;
namespace detail = ts::detail;

inline void require_sound(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = detail::character_size(text);
    require(size > 0, "a text is sound UTF-8");
    text.remove_prefix(size);
  }
}

inline bool exceeds(ts::Count total, std::initializer_list<ts::Count> parts) {
  ts::Count sum;
  for (const ts::Count part : parts) sum += part;
  return total.has_value() && sum.value_or(0) > total.value_or(0);
}

inline void require_sound(const ts::Reading& reading) {
  const ts::Usage& usage = reading.counts;
  const auto has = [&](ts::Diagnostic code) { return reading.diagnostics.has(code); };
  require(!usage.has_refused() || has(ts::Diagnostic::count_refused), "a count that is refused is said to be");
  require(reading.finality != ts::Finality::partial || has(ts::Diagnostic::usage_not_final), "what is partial is said");
  require(reading.part_count <= ts::part_limit, "there is room for every part");
  require(!reading.provider_cost || reading.provider_cost->picodollars() >= 0, "no cost is below zero");
  const bool too_much =
      exceeds(usage.input_tokens, {usage.cache_read, usage.cache_write, usage.cache_write_5m, usage.cache_write_1h,
                                   usage.input_audio, usage.input_image, usage.input_video}) ||
      exceeds(usage.output_tokens, {usage.reasoning, usage.output_audio, usage.output_image});
  require(!too_much || has(ts::Diagnostic::parts_exceed_total), "parts beyond their total are said");
  for (const std::string_view text :
       {reading.served_model.view(), reading.served_tier.view(), reading.served_region.view(),
        reading.request_id.view(), reading.error_type.view(), reading.served_by.view()})
    require_sound(text);
}

inline void require_sound_body(const ts::Reading& reading, std::string_view body) {
  require_sound(reading);
  detail::JsonScan scan{body};
  const bool is_json = scan.skip() && scan.at_end();
  require(is_json || reading.finality != ts::Finality::final, "what is no JSON is not final");
  require(is_json || reading.diagnostics.has(ts::Diagnostic::body_malformed), "what is no JSON is said to be none");
}

/// Each line of the input is an event.
template <class Events>
void read_events(std::string_view input) {
  Events events;
  const detail::AnswerText listener{[](void*, std::string_view piece) noexcept { require_sound(piece); }, nullptr};
  while (!input.empty()) {
    const std::size_t size = input.find('\n');
    events.take(input.substr(0, 8), input.substr(0, size), listener);
    input = size == std::string_view::npos ? std::string_view{} : input.substr(size + 1);
    require_sound(events.reading(false));
  }
  require_sound(events.reading(true));
}

/// The whole input is a body too.
template <class Events, class Read>
void read_all(std::string_view input, Read read) {
  require_sound_body(read(input), input);
  read_events<Events>(input);
}

}  // namespace fuzz
