// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_writer.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

// A record as an object of format 1: docs/format.md says what each key means and when it is absent. Each section is
// given a JsonWriter, or a JsonSize that finds out how much room a writer needs.
namespace tallyscope::inline v0::detail {

/// The name of an enumerator; none for a value that is not one.
template <class Enum, std::size_t Size>
constexpr std::string_view name_of(const std::string_view (&names)[Size], Enum value) noexcept {
  const auto place = static_cast<std::size_t>(value);
  return place < Size ? names[place] : std::string_view{};
}

template <std::size_t Place>
inline constexpr JsonKey<usage_fields[Place].key.size()> usage_key{usage_fields[Place].key};

template <class Out, std::size_t... Place>
[[gnu::always_inline]] constexpr void write_counts(Out& out, const Usage& usage,
                                                   std::index_sequence<Place...>) noexcept {
  (out.count(usage_key<Place>, usage.*usage_fields[Place].count), ...);
}

template <class Out>
[[gnu::always_inline]] constexpr void write_usage(Out& out, const Usage& usage) noexcept {
  write_counts(out, usage, std::make_index_sequence<usage_field_count>{});
}

constexpr bool reports_usage(const Usage& usage) noexcept {
  for (const UsageField& field : usage_fields)
    if ((usage.*field.count).has_value()) return true;
  return false;
}

template <class Out>
[[gnu::always_inline]] constexpr void write_caller(Out& out, const Record& record) noexcept {
  const Caller& caller = record.caller;
  out.text(json_key<"tenant">, caller.tenant);
  out.text(json_key<"application">, caller.application);
  out.text(json_key<"user">, caller.user);
  out.text(json_key<"user_key">, caller.user_key);
  out.text(json_key<"session">, caller.session);
  out.text(json_key<"turn">, caller.turn);
  out.count(json_key<"sequence">, record.sequence);
}

template <class Out>
[[gnu::always_inline]] constexpr void write_call(Out& out, const Call& call, const Response& response) noexcept {
  out.text(json_key<"operation">, call.operation.text());
  out.text(json_key<"name">, call.name);
  out.text(json_key<"server">, call.server, long_text_limit);
  out.text(json_key<"provider">, call.provider);
  out.text(json_key<"request_model">, call.model);
  out.text(json_key<"response_model">, response.model);
  out.text(json_key<"endpoint">, call.endpoint, long_text_limit);
  out.text(json_key<"service_tier">, response.service_tier);
  out.text(json_key<"region">, response.region.empty() ? call.region : response.region);
  out.text(json_key<"request_id">, response.request_id);
}

template <class Out>
[[gnu::always_inline]] constexpr void write_metered(Out& out, const Record& record) noexcept {
  const Metered& metered = record.metered;
  out.count(json_key<"characters_in">, metered.characters_in);
  out.count(json_key<"characters_out">, metered.characters_out);
  out.count(json_key<"estimated_input_tokens">, metered.input_tokens);
  out.count(json_key<"estimated_output_tokens">, metered.output_tokens);
  out.text(json_key<"estimator">, metered.estimator);
  out.ratio(json_key<"estimator_error">, metered.relative_error);
  if (record.input_source != Source::none)
    out.name(json_key<"input_source">, name_of(source_names, record.input_source));
  if (record.output_source != Source::none)
    out.name(json_key<"output_source">, name_of(source_names, record.output_source));
}

template <class Out>
[[gnu::always_inline]] constexpr void write_replaced(Out& out, const Superseded& replaced) noexcept {
  out.count(json_key<"replaced_input_tokens">, replaced.input_tokens);
  out.count(json_key<"replaced_output_tokens">, replaced.output_tokens);
  if (!replaced.cost) return;
  const Cost& cost = *replaced.cost;
  if (cost.whole()) out.dollars(json_key<"replaced_cost_usd">, cost.amount);
  if (cost.state == CostState::incomplete) out.dollars(json_key<"replaced_known_cost_usd">, cost.known);
  out.name(json_key<"replaced_cost_state">, name_of(cost_state_names, cost.state));
  if (cost.estimated) out.yes(json_key<"replaced_cost_estimated">);
}

template <class Out>
[[gnu::always_inline]] constexpr void write_cost(Out& out, const Record& record) noexcept {
  const Cost& cost = record.cost;
  const bool has_cost = record.kind == Kind::call || record.kind == Kind::late_usage;
  if (cost.whole()) out.dollars(json_key<"cost_usd">, cost.amount);
  if (cost.state == CostState::incomplete) out.dollars(json_key<"known_cost_usd">, cost.known);
  if (has_cost || cost.state != CostState::not_applicable)
    out.name(json_key<"cost_state">, name_of(cost_state_names, cost.state));
  if (cost.estimated) out.yes(json_key<"cost_estimated">);
  if (record.provider_cost) out.dollars(json_key<"provider_cost_usd">, *record.provider_cost);
  out.text(json_key<"price_book">, cost.price_book);
  if (record.superseded != nullptr) write_replaced(out, *record.superseded);
}

template <class Out>
[[gnu::always_inline]] constexpr void write_parts(Out& out, Row<Part> parts) noexcept {
  if (parts.empty()) return;
  out.raw(",\"parts\":[");
  for (std::size_t place = 0; place < parts.size() && place < part_limit; ++place) {
    // The model stands also where it is empty: it begins the object.
    out.raw("{\"model\":");
    out.quoted_text(parts[place].model, name_limit);
    write_usage(out, parts[place].usage);
    out.raw("},");
  }
  out.take_back();
  out.raw("]");
}

inline constexpr std::size_t diagnostic_count = sizeof diagnostic_names / sizeof diagnostic_names[0];

template <class Out>
[[gnu::always_inline]] constexpr void write_diagnostics(Out& out, Diagnostics diagnostics) noexcept {
  if (!diagnostics.any()) return;
  out.raw(",\"diagnostics\":[");
  for (std::size_t place = 0; place < diagnostic_count; ++place)
    if (diagnostics.has(static_cast<Diagnostic>(place))) out.quoted(diagnostic_names[place]), out.raw(",");
  out.take_back();
  out.raw("]");
}

/// The labels that a line takes: each key once, with its last value.
struct KeptLabels {
  Label labels[label_limit]{};
  std::size_t count = 0;
  Diagnostics lost{};

  constexpr Label* find(std::string_view key) noexcept {
    for (Label& label : labels)
      if (&label < labels + count && label.key == key) return &label;
    return nullptr;
  }
};

/// Decided before the diagnostics are written, which stand in front of the labels and tell what became of them.
constexpr KeptLabels keep_labels(Row<Label> labels, std::size_t room) noexcept {
  KeptLabels kept;
  if (labels.size() > label_limit) kept.lost.set(Diagnostic::label_dropped);
  for (std::size_t place = 0; place < labels.size() && place < label_limit; ++place) {
    const Label& given = labels[place];
    const Label label{cut_to(given.key, label_key_limit), cut_to(given.value, label_value_limit)};
    const std::size_t need = json_escape_factor * (label.key.size() + label.value.size());
    if (label.key.size() < given.key.size() || label.value.size() < given.value.size())
      kept.lost.set(Diagnostic::text_cut);
    if (need > room) {
      kept.lost.set(Diagnostic::label_dropped);
      continue;
    }
    room -= need;
    Label* const same = kept.find(label.key);
    (same != nullptr ? *same : kept.labels[kept.count++]) = label;
  }
  return kept;
}

template <class Out>
[[gnu::always_inline]] constexpr void write_labels(Out& out, const KeptLabels& kept) noexcept {
  if (kept.count == 0) return;
  out.raw(",\"labels\":{");
  for (std::size_t place = 0; place < kept.count; ++place) {
    out.quoted_text(kept.labels[place].key, label_key_limit);
    out.raw(":");
    out.quoted_text(kept.labels[place].value, label_value_limit);
    out.raw(",");
  }
  out.take_back();
  out.raw("}");
}

template <class Out>
[[gnu::always_inline]] constexpr void write_diagnostics_and_labels(Out& out, const Record& record) noexcept {
  Diagnostics diagnostics = record.diagnostics;
  if (out.text_cut()) diagnostics.set(Diagnostic::text_cut);
  if (record.labels.empty()) return write_diagnostics(out, diagnostics);
  const KeptLabels kept = keep_labels(record.labels, out.text_room());
  diagnostics.set(kept.lost);
  write_diagnostics(out, diagnostics);
  write_labels(out, kept);
}

template <class Out>
[[gnu::always_inline]] constexpr void write_head(Out& out, const Record& record) noexcept {
  out.raw("{\"v\":1");
  out.id(json_key<"id">, record.id);
  out.name(json_key<"kind">, name_of(kind_names, record.kind));
  out.id(json_key<"of">, record.of);
  out.time(json_key<"time">, record.start_utc);
  out.integer(json_key<"duration_ns">, record.duration_ns);
  out.count(json_key<"first_token_ns">, record.first_token_ns);
}

template <class Out>
[[gnu::always_inline]] constexpr void write_record(Out& out, const Record& record) noexcept {
  write_head(out, record);
  write_caller(out, record);
  write_call(out, record.call, record.response);
  out.name(json_key<"outcome">, name_of(outcome_names, record.outcome));
  out.text(json_key<"error_type">, record.error_type, long_text_limit);
  if (record.cost.state != CostState::not_applicable || reports_usage(record.usage))
    out.name(json_key<"finality">, name_of(finality_names, record.finality));
  write_usage(out, record.usage);
  write_metered(out, record);
  write_cost(out, record);
  write_parts(out, record.parts);
  write_diagnostics_and_labels(out, record);
  out.raw("}\n");
}

}  // namespace tallyscope::inline v0::detail
