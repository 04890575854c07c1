// SPDX-License-Identifier: MIT
// What `tallyscope usage` prints.
#pragma once

#include "report_json.hpp"
#include "report_text.hpp"
#include "text_table.hpp"
#include "usage_answer.hpp"

#include <tallyscope/detail/date_text.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope_program {

/// The counts that --json calls otherwise than a record does.
inline std::string usage_key(const ts::UsageField& field) {
  std::string key{field.key};
  const bool is_total = field.count == &ts::Usage::input_tokens || field.count == &ts::Usage::output_tokens;
  if (!is_total && key.ends_with("_tokens")) key.resize(key.size() - std::string_view{"_tokens"}.size());
  return key;
}

inline Json usage_counts_json(const UsageAnswer& answer) {
  Json json = Json::object();
  const auto put = [&](const std::string& key, ts::Count count) {
    if (count.has_value()) json[key] = count.value_or(0);
  };
  for (const ts::UsageField& field : ts::usage_fields) {
    put(usage_key(field), answer.reading().counts.*field.count);
    if (field.count == &ts::Usage::output_tokens) put("input_uncached", answer.uncached_input());
  }
  put("raw_input_tokens", answer.reading().used_input_tokens);
  put("raw_output_tokens", answer.reading().used_output_tokens);
  return json;
}

inline Json cost_line_json(const ts::CostLine& line) {
  Json json;
  json["kind"] = ts::price_class_names[static_cast<std::size_t>(line.kind)];
  json["quantity"] = line.quantity;
  json["price_usd"] = line.rate.amount.exact();
  json["per"] = line.rate.per;
  json["cost_usd"] = line.amount.exact();
  if (!line.model.empty()) json["model"] = line.model;
  return json;
}

inline Json text_or_null(std::string_view text) { return text.empty() ? Json{} : Json(std::string{text}); }

inline Json diagnostics_json(ts::Diagnostics diagnostics) {
  Json json = Json::array();
  for (std::size_t code = 0; code < std::size(ts::diagnostic_names); ++code)
    if (diagnostics.has(static_cast<ts::Diagnostic>(code))) json.push_back(ts::diagnostic_names[code]);
  return json;
}

/// One object, with the keys of docs/format.md.
inline std::string usage_json(const UsageAnswer& answer) {
  const ts::Reading& reading = answer.reading();
  const ts::Cost& cost = answer.cost();
  Json json;
  json["model"] = text_or_null(answer.model());
  json["provider"] = text_or_null(answer.provider());
  json["api"] = text_or_null(answer.api());
  json["finality"] = ts::finality_names[static_cast<std::size_t>(reading.finality)];
  json["usage"] = usage_counts_json(answer);
  json["lines"] = Json::array();
  for (const ts::CostLine& line : answer.lines()) json["lines"].push_back(cost_line_json(line));
  json["cost_usd"] = cost.whole() ? Json(cost.amount.exact()) : Json{};
  if (cost.whole() || cost.state == ts::CostState::incomplete) json["known_cost_usd"] = cost.known.exact();
  json["cost_state"] = ts::cost_state_names[static_cast<std::size_t>(cost.state)];
  json["provider_cost_usd"] = reading.provider_cost ? Json(reading.provider_cost->exact()) : Json{};
  json["service_tier"] = text_or_null(reading.served_tier);
  json["region"] = text_or_null(reading.served_region);
  json["request_id"] = text_or_null(reading.request_id);
  if (reading.outcome) json["outcome"] = ts::outcome_names[static_cast<std::size_t>(*reading.outcome)];
  if (!reading.error_type.empty()) json["error_type"] = std::string{reading.error_type.view()};
  json["priced_at"] = ts::detail::instant_text(answer.at());
  json["price_book"] = text_or_null(cost.price_book);
  json["diagnostics"] = diagnostics_json(answer.diagnostics());
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

/// "gpt-5 (openai), final"
inline std::string usage_heading(const UsageAnswer& answer) {
  std::string text = answer.model().empty() ? "a model that is not named" : shown(answer.model());
  if (!answer.provider().empty()) text += " (" + shown(answer.provider()) + ")";
  text += ", usage " + std::string{ts::finality_names[static_cast<std::size_t>(answer.reading().finality)]};
  if (!answer.reading().served_tier.empty()) text += ", tier " + shown(answer.reading().served_tier);
  if (!answer.reading().served_region.empty()) text += ", region " + shown(answer.reading().served_region);
  return text;
}

/// Every count that is known, and those that an inclusive total is made of.
inline std::string usage_counts_text(const UsageAnswer& answer) {
  TextTable table{{{"counted", TextTable::Align::left}, {"quantity"}}};
  const Json counts = usage_counts_json(answer);
  if (counts.empty()) return "No count is stated.\n";
  for (const auto& [key, count] : counts.items()) table.row({key, grouped(count.get<std::uint64_t>())});
  return table.text();
}

inline std::string rate_text(const ts::Rate& rate) {
  return rate.amount.usd(places_of(ts::MoneySum{} + rate.amount)) + " per " +
         grouped(static_cast<std::uint64_t>(rate.per));
}

inline std::string cost_lines_text(const std::vector<ts::CostLine>& lines) {
  if (lines.empty()) return {};
  bool has_models = false;
  for (const ts::CostLine& line : lines) has_models = has_models || !line.model.empty();
  std::vector<TextTable::Column> columns{{"billed", TextTable::Align::left}, {"quantity"}, {"price"}, {"cost"}};
  if (has_models) columns.push_back({"model", TextTable::Align::left});
  TextTable table{std::move(columns)};
  for (const ts::CostLine& line : lines) {
    std::vector<std::string> cells{std::string{ts::price_class_names[static_cast<std::size_t>(line.kind)]},
                                   grouped(static_cast<std::uint64_t>(line.quantity)), rate_text(line.rate),
                                   "$" + line.amount.exact()};
    if (has_models) cells.push_back(line.model.empty() ? std::string{} : shown(line.model, 40));
    table.row(std::move(cells));
  }
  return "\n" + table.text();
}

/// What the call costs, or why that cannot be said.
inline std::string cost_text(const UsageAnswer& answer) {
  const ts::Cost& cost = answer.cost();
  const std::string when = " at " + ts::detail::instant_text(answer.at());
  const std::string book = cost.price_book.empty() ? std::string{} : ", prices: " + shown(cost.price_book) + when;
  switch (cost.state) {
    case ts::CostState::priced:
      return "cost $" + cost.amount.exact() + book + "\n";
    case ts::CostState::free:
      return "cost $0: free" + book + "\n";
    case ts::CostState::incomplete:
      return "cost not known as a whole; the part that is known: $" + cost.known.exact() + book + "\n";
    case ts::CostState::unpriced:
      return "cost not known: the prices do not have this model" + book + "\n";
    case ts::CostState::no_usage:
    case ts::CostState::not_applicable:
      break;
  }
  return "cost not known: no usage is stated\n";
}

inline std::string usage_text(const UsageAnswer& answer) {
  const ts::Reading& reading = answer.reading();
  std::string text = usage_heading(answer) + "\n\n" + usage_counts_text(answer) + cost_lines_text(answer.lines());
  text += "\n" + cost_text(answer);
  if (reading.provider_cost) text += "the provider itself says: $" + reading.provider_cost->exact() + "\n";
  if (reading.outcome && *reading.outcome != ts::Outcome::success)
    text += "outcome " + std::string{ts::outcome_names[static_cast<std::size_t>(*reading.outcome)]} +
            (reading.error_type.empty() ? "" : ": " + shown(reading.error_type)) + "\n";
  for (const Json& code : diagnostics_json(answer.diagnostics())) text += "note: " + code.get<std::string>() + "\n";
  return text;
}

}  // namespace tallyscope_program
