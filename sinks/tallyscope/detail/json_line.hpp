// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_record.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A record that has everything, so that its line has every key.
struct FullestRecord {
  static constexpr std::string_view letters = "abcdefgh";
  static constexpr Usage usage = [] {
    Usage full;
    for (const UsageField& field : usage_fields) full.*field.count = 0;
    return full;
  }();

  Caller caller{"x", "x", "x", "x", "x", "x"};
  Call call{.operation = "x", .provider = "x", .model = "x", .name = "x", .server = "x", .endpoint = "x"};
  Response response{"x", "x", "x", "x"};
  Part parts[part_limit]{};
  Label labels[label_limit]{};
  Diagnostics diagnostics{};
  Superseded superseded{0, 0, Cost{.state = CostState::incomplete, .estimated = true}};

  constexpr FullestRecord() noexcept {
    static_assert(letters.size() == label_limit);
    for (Part& part : parts) part.usage = usage;
    for (std::size_t place = 0; place < label_limit; ++place) labels[place].key = letters.substr(place, 1);
    for (std::size_t place = 0; place < diagnostic_count; ++place) diagnostics.set(static_cast<Diagnostic>(place));
  }

  // An incomplete cost takes the longest key of an amount, the other words are the longest of their kind.
  constexpr Record record() const noexcept {
    Record full{.caller = caller, .call = call, .response = response, .kind = Kind::late_usage};
    full.outcome = Outcome::policy_blocked;
    full.input_source = full.output_source = Source::estimated;
    full.diagnostics = diagnostics;
    full.id = full.of = {1, 1};
    full.first_token_ns = full.sequence = 0;
    full.error_type = "x";
    full.usage = usage;
    full.metered = {0, 0, 0, 0, "x", 1};
    full.cost = {.state = CostState::incomplete, .estimated = true, .price_book = "x"};
    full.provider_cost = Money{};
    full.parts = {parts, part_limit};
    full.labels = {labels, label_limit};
    return full;
  }
};

/// The room of a line without its texts.
constexpr std::size_t json_frame_room() noexcept {
  const FullestRecord fullest;
  JsonSize size;
  write_record(size, fullest.record());
  return size.size();
}

/// The room of a line's texts: twice what a scope can fill, each byte escaped.
inline constexpr std::size_t json_text_room = json_escape_factor * 2 * texts_limit;

/// The room that any record's line needs, however it was made.
inline constexpr std::size_t json_line_room = json_frame_room() + json_text_room;
static_assert(json_line_room <= 24 * 1024, "a line is written on the stack of the thread that made the record");

/// Writes the record's line, its newline included, to `out`, which has room for `json_line_room` bytes. Returns its
/// size. Allocates nothing and depends on no locale. A text that is longer than the library's limits is cut, and the
/// line's diagnostics say so.
inline std::size_t write_json_line(char* out, const Record& record) noexcept {
  JsonWriter writer{out, json_text_room};
  write_record(writer, record);
  return static_cast<std::size_t>(writer.end() - out);
}

}  // namespace tallyscope::inline v0::detail
