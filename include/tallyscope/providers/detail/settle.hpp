// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/reading.hpp>

#include <string_view>

// How complete a reading is, said in one place.
namespace tallyscope::inline v0::detail {

inline void say_finality(Reading& reading, Finality finality) noexcept {
  reading.finality = finality;
  if (finality == Finality::partial) reading.diagnostics.set(Diagnostic::usage_not_final);
}

/// Of a whole body, which is read to its end.
inline void settle_body(Reading& reading, JsonSource& source) noexcept {
  const bool known = has_billed_count(reading.counts);
  reading.diagnostics.set(source.diagnostics());
  if (source.complete()) {
    if (known && !reading.outcome) reading.outcome = Outcome::success;
    return say_finality(reading, known ? Finality::final : Finality::missing);
  }
  reading.diagnostics.set(Diagnostic::body_malformed);
  if (reading.outcome == Outcome::success) reading.outcome.reset();
  say_finality(reading, known ? Finality::partial : Finality::missing);
}

/// What one body says, read as `Document`.
template <class Document>
Reading read_body(std::string_view body) noexcept {
  JsonSource source{body};
  Document document;
  document.take(source);
  Reading reading;
  document.give(reading);
  document.ending().give(reading);
  settle_body(reading, source);
  return reading;
}

/// Of a body that says that the provider still works on the answer.
inline void settle_pending(Reading& reading) noexcept {
  if (!reading.outcome || reading.outcome == Outcome::success) reading.outcome = Outcome::pending;
  if (reading.finality == Finality::final) say_finality(reading, Finality::partial);
}

/// Of the events of a stream. `is_last`: no usage can follow the one that is known; `none_can_come`: nor can one follow
/// where none is known.
inline void settle_stream(Reading& reading, bool is_last, bool none_can_come) noexcept {
  if (is_last && !reading.outcome && has_billed_count(reading.counts)) reading.outcome = Outcome::success;
  if (has_billed_count(reading.counts)) return say_finality(reading, is_last ? Finality::final : Finality::partial);
  say_finality(reading, none_can_come ? Finality::missing : Finality::partial);
}

}  // namespace tallyscope::inline v0::detail
