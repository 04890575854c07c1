// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/diagnostic.hpp>
#include <tallyscope/identity.hpp>
#include <tallyscope/money.hpp>
#include <tallyscope/usage.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

enum class Kind : std::uint8_t { call, late_usage, turn, decision };
inline constexpr std::string_view kind_names[] = {"call", "late_usage", "turn", "decision"};

/// How a call ended. What the host said wins; else an exception in flight is `error`; else `success`.
enum class Outcome : std::uint8_t { success, error, timeout, rate_limited, policy_blocked, cancelled, pending };
inline constexpr std::string_view outcome_names[] = {"success",        "error",     "timeout", "rate_limited",
                                                     "policy_blocked", "cancelled", "pending"};
inline constexpr std::size_t outcome_count = 7;

/// Where a direction's tokens come from. `partial`: reported for a part of the call, the rest estimated.
enum class Source : std::uint8_t { none, reported, estimated, partial };
inline constexpr std::string_view source_names[] = {"none", "reported", "estimated", "partial"};

/// How complete the reported usage is.
enum class Finality : std::uint8_t { missing, partial, final };
inline constexpr std::string_view finality_names[] = {"missing", "partial", "final"};

/// What is known of a call's money. Only `priced` and `free` are whole amounts.
enum class CostState : std::uint8_t {
  not_applicable,  ///< not a model call, and names no model
  priced,
  free,        ///< known to cost nothing
  incomplete,  ///< something in use has no rate or no count: `known` is the part that has
  unpriced,    ///< the model is unknown to the price book
  no_usage,    ///< a model call of a known model without any tokens, reported or estimated
};
inline constexpr std::string_view cost_state_names[] = {"not_applicable", "priced",   "free",
                                                        "incomplete",     "unpriced", "no_usage"};
inline constexpr std::size_t cost_state_count = 6;

/// 16 bytes that no other record has: 8 drawn per process (anew in a forked child), and a counter.
struct RecordId {
  std::uint64_t process = 0;
  std::uint64_t number = 0;

  constexpr explicit operator bool() const noexcept { return process != 0; }
  friend constexpr auto operator<=>(const RecordId&, const RecordId&) noexcept = default;

  /// The 32 lower-case hex digits.
  constexpr std::array<char, 32> hex() const noexcept {
    std::array<char, 32> text{};
    for (int digit = 0; digit < 32; ++digit) {
      const std::uint64_t half = digit < 16 ? process : number;
      text[static_cast<std::size_t>(digit)] = "0123456789abcdef"[half >> (60 - 4 * (digit % 16)) & 15];
    }
    return text;
  }
};

/// Who caused a call. `user` is the keyed hash in hex when `user_key` names its key, else the raw text.
struct Caller {
  std::string_view tenant{};
  std::string_view application{};
  std::string_view user{};
  std::string_view user_key{};
  std::string_view session{};
  std::string_view turn{};
};

/// What was called. The hashes are of this process; 0 where nobody computed them.
struct Call {
  Operation operation{};
  std::string_view provider{};
  std::string_view model{};  ///< the requested one
  std::string_view name{};
  std::string_view server{};
  std::string_view endpoint{};
  std::string_view region{};
  std::uint64_t identity_hash = 0;  ///< stands for (operation, name, model)
  std::uint64_t price_hash = 0;     ///< stands for (provider, model); 0 also where there is nothing to price
  std::uint64_t server_hash = 0;    ///< stands for server; 0 also where there is none
};

/// What the provider said of itself.
struct Response {
  std::string_view model{};
  std::string_view service_tier{};
  std::string_view region{};
  std::string_view request_id{};
};

inline constexpr Caller no_caller{};
inline constexpr Call no_call{.operation = ""};
inline constexpr Response no_response{};

/// A word of the host's own about a call.
struct Label {
  std::string_view key{};
  std::string_view value{};
};

/// The share of one model in a response that several served.
struct Part {
  std::string_view model{};
  Usage usage{};
};
inline constexpr std::size_t part_limit = 8;

/// A borrowed row of things: what std::span is, without its header.
template <class T>
struct Row {
  const T* first = nullptr;
  std::size_t count = 0;

  constexpr const T* begin() const noexcept { return first; }
  constexpr const T* end() const noexcept { return first + count; }
  constexpr std::size_t size() const noexcept { return count; }
  constexpr bool empty() const noexcept { return count == 0; }
  constexpr const T& operator[](std::size_t place) const noexcept { return first[place]; }
};

/// What metering found in the texts that passed through the scope: beside what is reported, never instead of it.
struct Metered {
  Count characters_in{};  ///< Unicode code points
  Count characters_out{};
  Count input_tokens{};
  Count output_tokens{};
  std::string_view estimator{};
  float relative_error = 0;  ///< of the estimate, as the estimator states it; 0 when exact or unknown
};

/// What a call costs. `amount` counts when the state is priced or free; `known` is the part that could be priced when
/// it is incomplete, else the amount again.
struct Cost {
  CostState state = CostState::not_applicable;
  bool estimated = false;  ///< a token count in it is an estimate
  bool saturated = false;
  bool tier_unpriced = false;  ///< served at a tier that the price book has no price for
  Money amount{};
  Money known{};
  std::string_view price_book{};  ///< name and version of the book that priced it

  constexpr bool whole() const noexcept { return state == CostState::priced || state == CostState::free; }
};

/// What a late record takes the place of: the estimates of its call in the directions that it reports, and what the
/// call was said to cost until then, since a late record that replaces a cost bears the cost of the call as a whole.
/// Accumulators subtract them.
struct Superseded {
  Count input_tokens{};
  Count output_tokens{};
  std::optional<Cost> cost{};
};

/// One finished call, turn or decision, complete when a sink gets it. All texts are views, valid only during `write()`;
/// `StoredRecord` keeps them longer. The references point at constants or into the scope that is ending.
struct Record {
  const Caller& caller = no_caller;
  const Call& call = no_call;
  const Response& response = no_response;

  Kind kind = Kind::call;
  Outcome outcome = Outcome::success;
  Finality finality = Finality::missing;
  Source input_source = Source::none;
  Source output_source = Source::none;
  Diagnostics diagnostics{};

  RecordId id{};
  RecordId of{};                 ///< the call that a late_usage or decision speaks of
  std::int64_t start_utc = 0;    ///< nanoseconds since 1970-01-01T00:00:00Z
  std::int64_t duration_ns = 0;  ///< monotonic, never negative
  Count first_token_ns{};        ///< from the start to the first piece of output
  Count sequence{};              ///< place within the turn, from 0

  std::string_view error_type{};
  Usage usage{};  ///< as reported
  Metered metered{};
  Cost cost{};
  std::optional<Money> provider_cost{};  ///< what the provider itself says it charges
  Row<Part> parts{};
  Row<Label> labels{};
  const Superseded* superseded = nullptr;

  /// The tokens of each direction: reported where there is a report, else estimated, else absent.
  constexpr Count input_tokens() const noexcept { return usage.input_tokens.or_else(metered.input_tokens); }
  constexpr Count output_tokens() const noexcept { return usage.output_tokens.or_else(metered.output_tokens); }
};

}  // namespace tallyscope::inline v0
