// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/civil_time.hpp>
#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/detail/json_text.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

// What each kind of value of format 1 looks like. Each function takes the next value of the scan and puts it where
// `Path`, members of members of a LineFields, leads to; false if the value is not what the format has there.
namespace tallyscope::inline v0::detail {

/// A cost as a line states it.
struct StatedCost {
  CostState state = CostState::not_applicable;
  bool estimated = false;
  bool has_state = false;
  std::optional<Money> whole{};
  std::optional<Money> known{};
  std::string_view price_book{};

  /// Is there an amount exactly where the state has one?
  bool sound() const noexcept {
    const bool is_whole = state == CostState::priced || state == CostState::free;
    return whole.has_value() == is_whole && known.has_value() == (state == CostState::incomplete);
  }
  Cost cost() const noexcept {
    const Money amount = whole.value_or(Money{}), part = known.value_or(amount);
    return {.state = state,
            .estimated = estimated,
            .saturated = part.saturated(),
            .amount = amount,
            .known = part,
            .price_book = price_book};
  }
};

/// What a line says, as far as it is not a row of things.
struct LineFields {
  std::int64_t version = 0;
  Kind kind{};
  Outcome outcome{};
  Finality finality{};
  Source input_source{}, output_source{};
  Diagnostics diagnostics{};
  RecordId id{}, of{};
  std::int64_t start_utc = 0;
  Count duration_ns{0}, first_token_ns{}, sequence{};
  Caller caller{};
  Call call{.operation = ""};
  Response response{};
  std::string_view error_type{};
  Usage usage{};
  Metered metered{};
  StatedCost cost{}, replaced_cost{};
  std::optional<Money> provider_cost{};
  Superseded superseded{};
  bool supersedes = false;
  std::size_t part_count = 0, label_count = 0;
};

/// A line that is being read, and all that its record borrows.
struct JsonRecordScan {
  JsonScan scan{{}};
  LineFields fields{};
  Part parts[part_limit]{};
  Label labels[label_limit]{};
  std::vector<char> room{};  // for the texts of the line that are escaped
  char* room_end = nullptr;

  std::string_view text(const JsonString& string) noexcept {
    if (!string.escaped()) return string.raw();
    const char* const from = room_end;
    room_end = string.write(room_end);
    return {from, static_cast<std::size_t>(room_end - from)};
  }
  bool take_text(std::string_view& to) noexcept {
    JsonString string;
    if (!scan.string(string)) return false;
    to = text(string);
    return true;
  }
  /// As much of a text as a record holds.
  std::string_view held(std::string_view whole, std::size_t limit) noexcept {
    if (whole.size() > limit) fields.diagnostics.set(Diagnostic::text_cut);
    return cut_to(whole, limit);
  }
  bool take_text(std::string_view& to, std::size_t limit) noexcept {
    if (!take_text(to)) return false;
    to = held(to, limit);
    return true;
  }
  bool take_count(Count& to) noexcept {
    std::int64_t value;
    if (!scan.integer(value) || value < 0) return false;
    to = value;
    return true;
  }
};

template <auto... Path>
constexpr auto& member_of(LineFields& fields) noexcept {
  return (fields.*....*Path);
}

template <auto... Path>
bool read_integer(JsonRecordScan& line) noexcept {
  return line.scan.integer(member_of<Path...>(line.fields));
}

template <auto... Path>
bool read_count(JsonRecordScan& line) noexcept {
  return line.take_count(member_of<Path...>(line.fields));
}

template <std::size_t Limit, auto... Path>
bool read_text(JsonRecordScan& line) noexcept {
  return line.take_text(member_of<Path...>(line.fields), Limit);
}

inline bool read_operation(JsonRecordScan& line) noexcept {
  std::string_view text;
  if (!line.take_text(text, name_limit)) return false;
  line.fields.call.operation = Operation{text}.interned();
  return true;
}

/// One of the names of an enumeration.
template <const auto& Names, auto... Path>
bool read_name(JsonRecordScan& line) noexcept {
  auto& to = member_of<Path...>(line.fields);
  std::string_view name;
  if (!line.take_text(name)) return false;
  for (const std::string_view& known : Names) {
    if (name != known) continue;
    to = static_cast<std::remove_reference_t<decltype(to)>>(&known - Names);
    return true;
  }
  return false;
}

template <StatedCost LineFields::*To>
bool read_cost_state(JsonRecordScan& line) noexcept {
  (line.fields.*To).has_state = true;
  return read_name<cost_state_names, To, &StatedCost::state>(line);
}

template <auto... Path>
bool read_truth(JsonRecordScan& line) noexcept {
  return line.scan.boolean(member_of<Path...>(line.fields));
}

template <auto... Path>
bool read_dollars(JsonRecordScan& line) noexcept {
  std::string_view text;
  if (!line.take_text(text)) return false;
  const std::optional<Money> amount = Money::parse(text);
  member_of<Path...>(line.fields) = amount;
  return amount.has_value();
}

/// A positive number that need not be exact.
template <auto... Path>
bool read_ratio(JsonRecordScan& line) noexcept {
  std::string_view number;
  if (!line.scan.number(number)) return false;
  const double value = JsonNumber{number}.approximate();
  if (!(value >= 0 && value <= 1e9)) return false;
  member_of<Path...>(line.fields) = static_cast<float>(value);
  return true;
}

/// 16 lower-case hex digits.
inline bool parse_hex(std::string_view digits, std::uint64_t& value) noexcept {
  value = 0;
  for (const char c : digits) {
    const bool letter = c >= 'a' && c <= 'f';
    if (!letter && (c < '0' || c > '9')) return false;
    value = value << 4 | static_cast<std::uint64_t>(letter ? c - 'a' + 10 : c - '0');
  }
  return true;
}

template <auto... Path>
bool read_id(JsonRecordScan& line) noexcept {
  RecordId& id = member_of<Path...>(line.fields);
  std::string_view digits;
  if (!line.take_text(digits) || digits.size() != 32) return false;
  return parse_hex(digits.substr(0, 16), id.process) && parse_hex(digits.substr(16), id.number);
}

/// Reads what write_civil_time() writes.
inline bool parse_civil_time(std::string_view text, std::int64_t& utc) noexcept {
  constexpr std::string_view form = "0000-00-00T00:00:00.000000000Z";
  if (text.size() != form.size()) return false;
  for (std::size_t place = 0; place < form.size(); ++place)
    if (form[place] == '0' ? text[place] < '0' || text[place] > '9' : text[place] != form[place]) return false;
  const auto number = [&](std::size_t from, std::size_t size) {
    unsigned value = 0;
    for (const char digit : text.substr(from, size)) value = value * 10 + static_cast<unsigned>(digit - '0');
    return value;
  };
  const unsigned hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  const CivilDate date{number(0, 4), number(5, 2), number(8, 2)};
  const std::int64_t days = civil_day(date);
  const bool exists = civil_date(days) == date;
  if (!exists || hour > 23 || minute > 59 || second > 59) return false;
  const int128 exact = int128{days * 86'400 + hour * 3'600 + minute * 60 + second} * 1'000'000'000 + number(20, 9);
  utc = static_cast<std::int64_t>(exact);
  return utc == exact;
}

template <auto... Path>
bool read_time(JsonRecordScan& line) noexcept {
  std::string_view text;
  return line.take_text(text) && parse_civil_time(text, member_of<Path...>(line.fields));
}

/// Something that the record replaces.
template <bool (*Read)(JsonRecordScan&) noexcept>
bool read_replaced(JsonRecordScan& line) noexcept {
  line.fields.supersedes = true;
  return Read(line);
}

}  // namespace tallyscope::inline v0::detail
