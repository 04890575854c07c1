// SPDX-License-Identifier: MIT
#pragma once

#include "record_files.hpp"
#include "report.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tallyscope_program {

using Json = nlohmann::ordered_json;

/// Counts as numbers, money as exact decimal texts.
inline Json totals_json(const ts::Totals& totals) {
  Json json;
  json["calls"] = totals.calls();
  json["failures"] = totals.failures();
  json["turns"] = totals.turns();
  json["turns_succeeded"] = totals.turns_succeeded();
  for (std::size_t outcome = 0; outcome < ts::outcome_count; ++outcome)
    json["outcomes"][std::string{ts::outcome_names[outcome]}] = totals.outcome(static_cast<ts::Outcome>(outcome));
  for (const ts::UsageField& field : ts::usage_fields) json[std::string{field.key}] = totals.reported(field.count);
  json["used_input_tokens"] = totals.used_input();
  json["used_output_tokens"] = totals.used_output();
  json["estimated_input_tokens"] = totals.estimated_input();
  json["estimated_output_tokens"] = totals.estimated_output();
  json["average_tokens"] = totals.average_tokens();
  json["cost_usd"] = totals.cost().exact();
  json["estimated_cost_usd"] = totals.estimated_cost().exact();
  json["known_cost_usd"] = totals.known_cost().exact();
  json["provider_cost_usd"] = totals.provider_cost().exact();
  for (std::size_t state = 0; state < ts::cost_state_count; ++state)
    json["cost_states"][std::string{ts::cost_state_names[state]}] =
        totals.cost_state(static_cast<ts::CostState>(state));
  json["duration_ns"] = {{"sum", totals.duration_sum()},
                         {"least", totals.duration_least()},
                         {"greatest", totals.duration_greatest()},
                         {"average", totals.average_duration()},
                         {"average_timed", totals.average_timed_duration()},
                         {"p50", totals.duration_quantile(0.5)},
                         {"p95", totals.duration_quantile(0.95)}};
  json["timed_calls"] = totals.timed_calls();
  json["first_tokens"] = totals.first_tokens();
  json["average_first_token_ns"] = totals.average_first_token();
  return json;
}

inline Json sums_json(const Report& report, const ReportRow& row) {
  Json json = totals_json(row.totals);
  if (report.query().result_price) json["estimated_result_cost_usd"] = row.result_cost.exact();
  return json;
}

inline Json row_json(const Report& report, const ReportRow& row) {
  Json json;
  for (std::size_t place = 0; place < row.keys.size(); ++place)
    json[std::string{key_names[static_cast<std::size_t>(report.query().by[place])]}] = row.keys[place];
  json.update(sums_json(report, row));
  return json;
}

/// The whole report as one object; also where `top` leaves rows out, the total is over all.
inline std::string report_json(const Report& report, const FilesRead& files) {
  const std::vector<ReportRow> rows = report.rows();
  const std::size_t top = report.query().top;
  Json json;
  json["zone"] = report.query().zone.name();
  if (report.query().days) {
    json["first_day"] = ts::detail::day_text(report.query().days->first);
    json["last_day"] = ts::detail::day_text(report.query().days->second);
  }
  json["by"] = Json::array();
  for (const Key key : report.query().by) json["by"].push_back(key_names[static_cast<std::size_t>(key)]);
  if (report.query().result_price) json["results_priced_as"] = report.query().result_price->model();
  json["row_count"] = rows.size();
  json["rows"] = Json::array();
  for (std::size_t place = 0; place < rows.size() && (top == 0 || place < top); ++place)
    json["rows"].push_back(row_json(report, rows[place]));
  json["total"] = sums_json(report, report.total());
  json["unpriced_models"] = Json::object();
  for (const auto& [model, calls] : report.unpriced_models()) json["unpriced_models"][model] = calls;
  json["records"] = files.records;
  json["repeated"] = files.repeated;
  json["skipped"] = files.skipped;
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace tallyscope_program
