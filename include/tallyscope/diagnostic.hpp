// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0 {

/// Something about a record that its reader should know. Stored by name, so that a code is never renamed.
enum class Diagnostic : std::uint8_t {
  text_cut,                ///< a text was longer than its limit, or the record's texts together than theirs
  text_repaired,           ///< a text was not UTF-8: each wrong part reads U+FFFD
  label_dropped,           ///< more than 8 labels, or no room for one
  count_refused,           ///< a negative count, or one beyond int64: taken as absent
  parts_exceed_total,      ///< the parts of input or output are more than the total
  total_mismatch,          ///< the counts do not sum to the total that the provider states
  amount_saturated,        ///< an amount of money beyond $9.2 million in one call
  clock_stepped_back,      ///< the clock gave an end before the start: the duration is 0
  hidden_output,           ///< the provider's total is more than its parts: the difference was taken as output
  cache_lifetime_assumed,  ///< a cache write whose lifetime is not stated was taken for the provider's default of 5 min
  body_malformed,          ///< what the provider sent is not sound JSON, or ends too soon: what stood before counts
  event_too_long,          ///< a part of a stream was longer than the limit and was left out
  stream_error,            ///< the provider reported an error inside of a stream
  tier_without_price,      ///< served at a tier that the price book has no price for
  provider_cost_differs,   ///< the provider's own cost is not what the counts come to at the book's prices
  usage_not_final,         ///< a stream ended before its provider stated the whole usage
};

inline constexpr std::string_view diagnostic_names[] = {
    "text_cut",           "text_repaired",          "label_dropped",         "count_refused",
    "parts_exceed_total", "total_mismatch",         "amount_saturated",      "clock_stepped_back",
    "hidden_output",      "cache_lifetime_assumed", "body_malformed",        "event_too_long",
    "stream_error",       "tier_without_price",     "provider_cost_differs", "usage_not_final",
};

/// A set of diagnostics. 4 bytes.
class Diagnostics {
 public:
  constexpr void set(Diagnostic code) noexcept { bits_ |= bit(code); }
  constexpr void set(Diagnostics more) noexcept { bits_ |= more.bits_; }
  constexpr bool has(Diagnostic code) const noexcept { return (bits_ & bit(code)) != 0; }
  constexpr bool any() const noexcept { return bits_ != 0; }

  friend constexpr bool operator==(Diagnostics, Diagnostics) noexcept = default;

 private:
  static constexpr std::uint32_t bit(Diagnostic code) noexcept { return 1u << static_cast<unsigned>(code); }

  std::uint32_t bits_ = 0;
};

}  // namespace tallyscope::inline v0
