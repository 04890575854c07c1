// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/civil_time.hpp>
#include <tallyscope/detail/decimal.hpp>
#include <tallyscope/detail/json_record.hpp>
#include <tallyscope/detail/shown_text.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The room that any record's line needs. No more than what a pipe takes in one piece.
inline constexpr std::size_t log_line_room = 4096;

inline constexpr std::size_t log_frame_room = 480;  // beside the texts
static_assert(log_frame_room + shown_factor * (3 * name_limit + 2 * long_text_limit) <= log_line_room);

/// Can it stand without quotation marks, and be told from what stands around it?
constexpr bool is_bare_word(std::string_view text) noexcept {
  constexpr std::string_view others = "._:/@+-";
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (!letter && !digit && others.find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

/// Writes the pieces of a line, one after the other, each but the first behind a space.
class LogWriter {
 public:
  explicit LogWriter(char* out) noexcept : out_{out} {}

  char* end() const noexcept { return out_; }

  void raw(std::string_view piece) noexcept {
    std::memcpy(out_, piece.data(), piece.size());
    out_ += piece.size();
  }
  void number(std::int64_t value) noexcept { out_ = write_decimal(out_, static_cast<std::uint64_t>(value)); }

  /// The time in milliseconds.
  void time(std::int64_t utc) noexcept {
    char text[civil_time_size];
    write_civil_time(text, utc);
    raw({text, civil_time_size - 7});
    raw("Z");
  }
  /// A text from outside; none is not written.
  void text(std::string_view label, std::string_view text, std::size_t limit) noexcept {
    if (text.empty()) return;
    raw(label);
    text = cut_to(text, limit);
    if (is_bare_word(text)) return raw(text);
    raw("\"");
    while (!text.empty()) out_ = write_shown_character(out_, text);
    raw("\"");
  }
  /// The tokens of a direction: `~` before an estimate, `-` where nothing is known.
  void tokens(std::string_view label, Count reported, Count tokens, Source source) noexcept {
    raw(label);
    if (!tokens.has_value()) return raw("-");
    if (!reported.has_value() || source == Source::estimated || source == Source::partial) raw("~");
    number(tokens.value_or(0));
  }
  void dollars(std::string_view label, Money amount, bool estimated) noexcept {
    raw(label);
    raw(estimated ? "~$" : "$");
    out_ = write_dollars(out_, amount.picodollars(), 0, dollar_digits);
  }
  void cost(const Cost& cost) noexcept {
    if (cost.state == CostState::not_applicable) return;
    if (cost.state == CostState::priced) return dollars(" cost=", cost.amount, cost.estimated);
    raw(" cost=");
    raw(name_of(cost_state_names, cost.state));
    if (cost.state == CostState::incomplete) dollars(" known=", cost.known, cost.estimated);
  }
  void milliseconds(std::int64_t nanoseconds) noexcept {
    const auto microseconds = static_cast<std::uint64_t>(nanoseconds < 0 ? 0 : nanoseconds) / 1'000;
    raw(" duration=");
    out_ = write_decimal(out_, microseconds / 1'000);
    out_ = write_fraction(out_, microseconds % 1'000, 3);
    raw("ms");
  }
  void id(std::string_view label, RecordId id) noexcept {
    if (!id) return;
    raw(label);
    out_ = write_hex(write_hex(out_, id.process), id.number);
  }

 private:
  char* out_;
};

/// Writes a record as a line for people, without its newline, to `out`, which has room for `log_line_room` bytes.
/// Returns its end. Allocates nothing and depends on no locale.
inline char* write_log_line(char* out, const Record& record) noexcept {
  const bool late = record.kind == Kind::late_usage;
  const Call& call = record.call;
  LogWriter line{out};
  line.time(record.start_utc);
  if (record.kind != Kind::call) line.raw(" "), line.raw(name_of(kind_names, record.kind));
  line.text(" ", call.operation.text(), name_limit);
  line.text(" name=", call.name, name_limit);
  line.text(" server=", call.server, long_text_limit);
  line.text(" model=", call.model.empty() ? record.response.model : call.model, name_limit);
  if (late || record.kind == Kind::decision) line.id(" of=", record.of);
  if (late || record.kind == Kind::call) {
    line.tokens(" in=", record.usage.input_tokens, record.input_tokens(), record.input_source);
    line.tokens(" out=", record.usage.output_tokens, record.output_tokens(), record.output_source);
  }
  line.cost(record.cost);
  if (!late) line.raw(" "), line.raw(name_of(outcome_names, record.outcome));
  line.text(" error_type=", record.error_type, long_text_limit);
  if (!late) line.milliseconds(record.duration_ns);
  return line.end();
}

}  // namespace tallyscope::inline v0::detail
