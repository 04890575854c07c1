// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_fields.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0::detail {

/// A key of format 1 and how its value is read. `needed` is a bit of its own where no record may lack the key.
struct JsonField {
  std::string_view key;
  bool (*read)(JsonRecordScan& line) noexcept;
  unsigned needed = 0;
};

inline constexpr unsigned needed_fields = 15;

inline bool read_parts(JsonRecordScan& line) noexcept;
inline bool read_diagnostics(JsonRecordScan& line) noexcept;
inline bool read_labels(JsonRecordScan& line) noexcept;

inline constexpr JsonField fields_before_usage[] = {
    {"v", read_integer<&LineFields::version>, 1},
    {"id", read_id<&LineFields::id>},
    {"kind", read_name<kind_names, &LineFields::kind>, 2},
    {"of", read_id<&LineFields::of>},
    {"time", read_time<&LineFields::start_utc>, 4},
    {"duration_ns", read_count<&LineFields::duration_ns>},
    {"first_token_ns", read_count<&LineFields::first_token_ns>},
    {"tenant", read_text<name_limit, &LineFields::caller, &Caller::tenant>},
    {"application", read_text<name_limit, &LineFields::caller, &Caller::application>},
    {"user", read_text<name_limit, &LineFields::caller, &Caller::user>},
    {"user_key", read_text<name_limit, &LineFields::caller, &Caller::user_key>},
    {"session", read_text<name_limit, &LineFields::caller, &Caller::session>},
    {"turn", read_text<name_limit, &LineFields::caller, &Caller::turn>},
    {"sequence", read_count<&LineFields::sequence>},
    {"operation", read_operation},
    {"name", read_text<name_limit, &LineFields::call, &Call::name>},
    {"server", read_text<long_text_limit, &LineFields::call, &Call::server>},
    {"provider", read_text<name_limit, &LineFields::call, &Call::provider>},
    {"request_model", read_text<name_limit, &LineFields::call, &Call::model>},
    {"response_model", read_text<name_limit, &LineFields::response, &Response::model>},
    {"endpoint", read_text<long_text_limit, &LineFields::call, &Call::endpoint>},
    {"service_tier", read_text<name_limit, &LineFields::response, &Response::service_tier>},
    {"region", read_text<name_limit, &LineFields::call, &Call::region>},
    {"request_id", read_text<name_limit, &LineFields::response, &Response::request_id>},
    {"outcome", read_name<outcome_names, &LineFields::outcome>, 8},
    {"error_type", read_text<long_text_limit, &LineFields::error_type>},
    {"finality", read_name<finality_names, &LineFields::finality>},
};

inline constexpr JsonField fields_after_usage[] = {
    {"characters_in", read_count<&LineFields::metered, &Metered::characters_in>},
    {"characters_out", read_count<&LineFields::metered, &Metered::characters_out>},
    {"estimated_input_tokens", read_count<&LineFields::metered, &Metered::input_tokens>},
    {"estimated_output_tokens", read_count<&LineFields::metered, &Metered::output_tokens>},
    {"estimator", read_text<name_limit, &LineFields::metered, &Metered::estimator>},
    {"estimator_error", read_ratio<&LineFields::metered, &Metered::relative_error>},
    {"input_source", read_name<source_names, &LineFields::input_source>},
    {"output_source", read_name<source_names, &LineFields::output_source>},
    {"cost_usd", read_dollars<&LineFields::cost, &StatedCost::whole>},
    {"known_cost_usd", read_dollars<&LineFields::cost, &StatedCost::known>},
    {"cost_state", read_cost_state<&LineFields::cost>},
    {"cost_estimated", read_truth<&LineFields::cost, &StatedCost::estimated>},
    {"provider_cost_usd", read_dollars<&LineFields::provider_cost>},
    {"price_book", read_text<name_limit, &LineFields::cost, &StatedCost::price_book>},
    {"replaced_input_tokens", read_replaced<read_count<&LineFields::superseded, &Superseded::input_tokens>>},
    {"replaced_output_tokens", read_replaced<read_count<&LineFields::superseded, &Superseded::output_tokens>>},
    {"replaced_cost_usd", read_replaced<read_dollars<&LineFields::replaced_cost, &StatedCost::whole>>},
    {"replaced_known_cost_usd", read_replaced<read_dollars<&LineFields::replaced_cost, &StatedCost::known>>},
    {"replaced_cost_state", read_replaced<read_cost_state<&LineFields::replaced_cost>>},
    {"replaced_cost_estimated", read_replaced<read_truth<&LineFields::replaced_cost, &StatedCost::estimated>>},
    {"parts", read_parts},
    {"diagnostics", read_diagnostics},
    {"labels", read_labels},
};

template <std::size_t Place>
bool read_usage(JsonRecordScan& line) noexcept {
  return read_count<&LineFields::usage, usage_fields[Place].count>(line);
}

/// All keys, in the order in which they are written.
struct JsonFields {
  static constexpr std::size_t size = sizeof fields_before_usage / sizeof(JsonField) + usage_field_count +
                                      sizeof fields_after_usage / sizeof(JsonField);
  JsonField all[size]{};

  /// The field of a key, most likely the one at `expected` or soon after it; null if the format has none.
  constexpr const JsonField* find(std::string_view key, std::size_t expected) const noexcept {
    for (std::size_t place = expected; place < size; ++place)
      if (all[place].key == key) return &all[place];
    for (std::size_t place = 0; place < expected; ++place)
      if (all[place].key == key) return &all[place];
    return nullptr;
  }
};

template <std::size_t... Place>
constexpr JsonFields make_json_fields(std::index_sequence<Place...>) noexcept {
  JsonFields fields;
  JsonField* next = fields.all;
  for (const JsonField& field : fields_before_usage) *next++ = field;
  ((*next++ = JsonField{usage_fields[Place].key, read_usage<Place>}), ...);
  for (const JsonField& field : fields_after_usage) *next++ = field;
  return fields;
}

inline constexpr JsonFields json_fields = make_json_fields(std::make_index_sequence<usage_field_count>{});

inline bool read_part(JsonRecordScan& line, Part& part) noexcept {
  part = {};
  JsonString key;
  if (!line.scan.begin_object()) return false;
  while (line.scan.next_member(key)) {
    const std::string_view name = line.text(key);
    const UsageField* count = nullptr;
    for (const UsageField& field : usage_fields)
      if (field.key == name) count = &field;
    const bool good = name == "model"    ? line.take_text(part.model, name_limit)
                      : count != nullptr ? line.take_count(part.usage.*count->count)
                                         : line.scan.skip();
    if (!good) return false;
  }
  return true;
}

inline bool read_parts(JsonRecordScan& line) noexcept {
  std::size_t& count = line.fields.part_count;
  count = 0;
  if (!line.scan.begin_array()) return false;
  while (line.scan.next_element())
    if (count == part_limit || !read_part(line, line.parts[count++])) return false;
  return true;
}

inline bool read_diagnostics(JsonRecordScan& line) noexcept {
  if (!line.scan.begin_array()) return false;
  while (line.scan.next_element()) {
    std::string_view name;
    if (!line.take_text(name)) return false;
    std::size_t place = 0;
    for (const std::string_view known : diagnostic_names) {
      if (known == name) line.fields.diagnostics.set(static_cast<Diagnostic>(place));
      ++place;
    }
  }
  return true;
}

/// Each key once, with its last value.
inline void keep_label(JsonRecordScan& line, const Label& label) noexcept {
  std::size_t& count = line.fields.label_count;
  std::size_t place = 0;
  while (place < count && line.labels[place].key != label.key) ++place;
  if (place == label_limit) return line.fields.diagnostics.set(Diagnostic::label_dropped);
  if (place == count) ++count;
  line.labels[place] = label;
}

inline bool read_labels(JsonRecordScan& line) noexcept {
  line.fields.label_count = 0;
  JsonString key;
  if (!line.scan.begin_object()) return false;
  while (line.scan.next_member(key)) {
    Label label{line.held(line.text(key), label_key_limit), {}};
    if (!line.take_text(label.value, label_value_limit)) return false;
    keep_label(line, label);
  }
  return true;
}

enum class JsonLineState : std::uint8_t {
  record,
  wrong,  ///< an object, but no record of format 1
  newer,  ///< an object of a later format
  torn,   ///< no complete object
};

/// Reads records from lines, one after the other. Allocates only for a line that is longer than all before it.
class JsonRecordReader {
 public:
  /// Reads the object that `text` begins with. `text` is to stay as long as the record is used.
  JsonLineState read(std::string_view text);

  /// Behind the object that was read.
  std::size_t end() const noexcept { return line_.scan.taken(); }
  std::int64_t version() const noexcept { return line_.fields.version; }
  /// The record that was read, if one was. Valid until the next read.
  Record record() const noexcept;

 private:
  bool read_members() noexcept;
  bool complete_costs() noexcept;

  JsonRecordScan line_{};
  unsigned seen_ = 0;
};

inline JsonLineState JsonRecordReader::read(std::string_view text) {
  line_.scan = JsonScan{text};
  line_.fields = {};
  if (line_.room.size() < text.size()) line_.room.resize(text.size());
  line_.room_end = line_.room.data();
  seen_ = 0;
  if (!line_.scan.begin_object()) return JsonLineState::torn;
  const bool good = read_members();
  if (line_.scan.failed()) return JsonLineState::torn;
  if (version() > 1) return JsonLineState::newer;
  const bool whole = good && version() == 1 && seen_ == needed_fields && complete_costs();
  return whole ? JsonLineState::record : JsonLineState::wrong;
}

inline bool JsonRecordReader::read_members() noexcept {
  bool good = true;
  std::size_t expected = 0;
  JsonString key;
  while (line_.scan.next_member(key)) {
    const JsonField* const field = json_fields.find(line_.text(key), expected);
    if (field == nullptr) {
      line_.scan.skip();
      continue;
    }
    expected = static_cast<std::size_t>(field - json_fields.all) + 1;
    seen_ |= field->needed;
    const JsonScan value = line_.scan;
    if (field->read(line_)) continue;
    good = false;
    line_.scan = value;
    line_.scan.skip();
  }
  return good;
}

inline bool JsonRecordReader::complete_costs() noexcept {
  LineFields& fields = line_.fields;
  if (!fields.cost.sound() || !fields.replaced_cost.sound()) return false;
  if (fields.replaced_cost.has_state) fields.superseded.cost = fields.replaced_cost.cost();
  return true;
}

inline Record JsonRecordReader::record() const noexcept {
  const LineFields& fields = line_.fields;
  return {.caller = fields.caller,
          .call = fields.call,
          .response = fields.response,
          .kind = fields.kind,
          .outcome = fields.outcome,
          .finality = fields.finality,
          .input_source = fields.input_source,
          .output_source = fields.output_source,
          .diagnostics = fields.diagnostics,
          .id = fields.id,
          .of = fields.of,
          .start_utc = fields.start_utc,
          .duration_ns = fields.duration_ns.value_or(0),
          .first_token_ns = fields.first_token_ns,
          .sequence = fields.sequence,
          .error_type = fields.error_type,
          .usage = fields.usage,
          .metered = fields.metered,
          .cost = fields.cost.cost(),
          .provider_cost = fields.provider_cost,
          .parts = {line_.parts, fields.part_count},
          .labels = {line_.labels, fields.label_count},
          .superseded = fields.supersedes ? &fields.superseded : nullptr};
}

}  // namespace tallyscope::inline v0::detail
