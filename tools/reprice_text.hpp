// SPDX-License-Identifier: MIT
// What `tallyscope reprice` prints.
#pragma once

#include "report_json.hpp"
#include "report_text.hpp"
#include "reprice.hpp"
#include "text_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tallyscope_program {

/// A model and its costs; the total without a name.
struct RepricedRow {
  std::string model{};
  Repriced sums{};
};

/// What changes most first.
inline std::vector<RepricedRow> repriced_rows(const Repricer& repricer) {
  const auto change = [](const RepricedRow& row) {
    const ts::MoneySum more = row.sums.after.cost() - row.sums.before.cost();
    return more < ts::MoneySum{} ? ts::MoneySum{} - more : more;
  };
  std::vector<RepricedRow> rows;
  for (const auto& [model, sums] : repricer.models()) rows.push_back({model, sums});
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const RepricedRow& a, const RepricedRow& b) { return change(a) > change(b); });
  return rows;
}

/// A column that is left out when it says nothing in any row.
struct RepricedColumn {
  std::string title;
  std::function<std::string(const Repriced&)> text;
  bool always = false;
};

using AmountOfTotals = ts::MoneySum (ts::Totals::*)() const noexcept;

/// Before and after, each with as many digits as the one that needs most of them.
inline void add_amounts(std::vector<RepricedColumn>& columns, const std::vector<RepricedRow>& rows,
                        const std::string& name, AmountOfTotals amount, bool always) {
  int places = 2;
  for (const RepricedRow& row : rows)
    for (const ts::Totals* const totals : {&row.sums.before, &row.sums.after})
      places = std::max(places, places_of((totals->*amount)()));
  // What has no price has no cost, which is not a cost of nothing.
  const auto shown_amount = [=](const ts::Totals& totals) {
    const ts::MoneySum sum = (totals.*amount)();
    if (sum != ts::MoneySum{}) return sum.usd(places);
    const bool is_known = totals.cost_state(ts::CostState::priced) + totals.cost_state(ts::CostState::free) > 0;
    return always ? is_known ? sum.usd(places) : std::string{"-"} : std::string{};
  };
  columns.push_back({name + " before", [=](const Repriced& sums) { return shown_amount(sums.before); }, always});
  columns.push_back({name + " after", [=](const Repriced& sums) { return shown_amount(sums.after); }, always});
  columns.push_back({always ? "change" : name + " change",
                     [=](const Repriced& sums) {
                       const ts::MoneySum more = (sums.after.*amount)() - (sums.before.*amount)();
                       if (more == ts::MoneySum{}) return std::string{};
                       return (more < ts::MoneySum{} ? "" : "+") + more.usd(places);
                     },
                     always});
}

inline void add_states(std::vector<RepricedColumn>& columns, const std::string& name, ts::CostState state) {
  const auto count = [state](const ts::Totals& totals) {
    return totals.cost_state(state) == 0 ? std::string{} : grouped(totals.cost_state(state));
  };
  columns.push_back({name + " before", [=](const Repriced& sums) { return count(sums.before); }});
  columns.push_back({name + " after", [=](const Repriced& sums) { return count(sums.after); }});
}

inline std::vector<RepricedColumn> repriced_columns(const std::vector<RepricedRow>& rows) {
  std::vector<RepricedColumn> columns{
      {"calls", [](const Repriced& sums) { return grouped(sums.after.calls()); }, true}};
  add_amounts(columns, rows, "cost", &ts::Totals::cost, true);
  add_amounts(columns, rows, "est.", &ts::Totals::estimated_cost, false);
  add_amounts(columns, rows, "known part", &ts::Totals::known_cost, false);
  add_states(columns, "unpriced", ts::CostState::unpriced);
  add_states(columns, "incomplete", ts::CostState::incomplete);
  std::erase_if(columns, [&](const RepricedColumn& column) {
    return !column.always &&
           std::all_of(rows.begin(), rows.end(), [&](const RepricedRow& row) { return column.text(row.sums).empty(); });
  });
  return columns;
}

/// The table of `tallyscope reprice`, and what has to be known about it.
inline std::string reprice_text(const Repricer& repricer) {
  std::vector<RepricedRow> rows = repriced_rows(repricer);
  if (rows.empty()) return "No call of a model lies in this time.\n";
  const std::size_t model_count = rows.size();
  rows.push_back({"total", repricer.total()});
  const std::vector<RepricedColumn> columns = repriced_columns(rows);
  std::vector<TextTable::Column> titles{{"model", TextTable::Align::left}};
  for (const RepricedColumn& column : columns) titles.push_back({column.title});
  TextTable table{std::move(titles)};
  for (const RepricedRow& row : rows) {
    if (&row == &rows[model_count]) table.line();
    std::vector<std::string> cells{&row == &rows[model_count] ? row.model : shown(row.model, 40)};
    for (const RepricedColumn& column : columns) cells.push_back(column.text(row.sums));
    table.row(std::move(cells));
  }
  std::string text = "By " + shown(repricer.book().text()) + "\n\n" + table.text();
  if (repricer.orphans() > 0)
    text += "\n" + grouped(repricer.orphans()) +
            " late reports of calls that are not in these files were left as they "
            "were.\n";
  return text;
}

inline Json repriced_json(const Repriced& sums) {
  const auto side = [](const ts::Totals& totals) {
    Json json;
    json["cost_usd"] = totals.cost().exact();
    json["estimated_cost_usd"] = totals.estimated_cost().exact();
    json["known_cost_usd"] = totals.known_cost().exact();
    for (std::size_t state = 0; state < ts::cost_state_count; ++state)
      json["cost_states"][std::string{ts::cost_state_names[state]}] =
          totals.cost_state(static_cast<ts::CostState>(state));
    return json;
  };
  Json json;
  json["calls"] = sums.after.calls();
  json["before"] = side(sums.before);
  json["after"] = side(sums.after);
  json["change_usd"] = (sums.after.cost() - sums.before.cost()).exact();
  return json;
}

inline std::string reprice_json(const Repricer& repricer, const FilesRead& files) {
  Json json;
  json["price_book"] = repricer.book().text();
  json["models"] = Json::array();
  for (const RepricedRow& row : repriced_rows(repricer)) {
    Json model;
    model["model"] = row.model;
    model.update(repriced_json(row.sums));
    json["models"].push_back(std::move(model));
  }
  json["total"] = repriced_json(repricer.total());
  json["late_reports_without_a_call"] = repricer.orphans();
  json["records"] = files.records;
  json["skipped"] = files.skipped;
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace tallyscope_program
