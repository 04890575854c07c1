// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"
#include "record_files.hpp"
#include "report.hpp"
#include "text_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tallyscope_program {

/// 1234567 as 1,234,567.
inline std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
  return digits;
}

/// A duration in the unit that suits it.
inline std::string duration_text(std::uint64_t nanoseconds) {
  const auto with_unit = [&](std::uint64_t unit, const char* name) {
    const std::uint64_t tenths = (nanoseconds * 10 + unit / 2) / unit;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + name;
  };
  if (nanoseconds < 1'000'000) return with_unit(1'000, "us");
  if (nanoseconds < 1'000'000'000) return with_unit(1'000'000, "ms");
  return with_unit(1'000'000'000, "s");
}

/// The digits behind the point that an amount needs: at least the two of cents.
inline int places_of(const ts::MoneySum& amount) {
  const std::string exact = amount.exact();
  const std::size_t point = exact.find('.');
  return point == exact.npos ? 2 : std::max(2, static_cast<int>(exact.size() - point - 1));
}

/// A column of figures, which is left out when it says nothing in any row.
struct Figure {
  const char* title;
  std::function<std::string(const ReportRow&)> text;
  bool always = false;
};

/// Exact amounts, all with as many digits as the one that needs most of them.
template <class Amount>
Figure money_figure(const char* title, const Amount& amount, const Report& report, const std::vector<ReportRow>& rows) {
  int places = places_of(amount(report.total()));
  for (const ReportRow& row : rows) places = std::max(places, places_of(amount(row)));
  return {title, [=](const ReportRow& row) {
            const ts::MoneySum sum = amount(row);
            return sum == ts::MoneySum{} ? std::string{} : sum.usd(places);
          }};
}

/// What is known to have cost nothing is $0.00; what has no price has no cost, which is another thing.
inline Figure cost_figure(const Report& report, const std::vector<ReportRow>& rows, bool has_models) {
  const Figure exact = money_figure(
      "cost", [](const ReportRow& row) { return row.totals.cost(); }, report, rows);
  return {"cost",
          [exact, has_models](const ReportRow& row) {
            const std::string amount = exact.text(row);
            if (!amount.empty()) return amount;
            return std::string{row.totals.cost_state(ts::CostState::free) > 0 ? "$0.00" : has_models ? "-" : ""};
          },
          has_models};
}

inline Figure count_figure(const char* title, std::function<std::uint64_t(const ts::Totals&)> count,
                           bool always = false) {
  return {title,
          [count = std::move(count), always](const ReportRow& row) {
            return !always && count(row.totals) == 0 ? std::string{} : grouped(count(row.totals));
          },
          always};
}

inline std::vector<Figure> figures(const Report& report, const std::vector<ReportRow>& rows) {
  const auto money = [&](const char* title, ts::MoneySum (ts::Totals::*amount)() const noexcept) {
    return money_figure(
        title, [=](const ReportRow& row) { return (row.totals.*amount)(); }, report, rows);
  };
  // Where there are only tools and the like, nobody reports tokens and nothing has a price.
  const ts::Totals& total = report.total().totals;
  const bool has_models = total.cost_state(ts::CostState::not_applicable) < total.calls() || total.calls() == 0;
  const auto estimated = [](std::uint64_t used, std::uint64_t reported) {
    return used > reported ? used - reported : 0;
  };
  return {
      count_figure(
          "calls", [](const ts::Totals& t) { return t.calls(); }, true),
      count_figure("failed", [](const ts::Totals& t) { return t.failures(); }),
      count_figure("pending", [](const ts::Totals& t) { return t.outcome(ts::Outcome::pending); }),
      count_figure("turns", [](const ts::Totals& t) { return t.turns(); }),
      count_figure(
          "input", [](const ts::Totals& t) { return t.reported_input(); }, has_models),
      count_figure(
          "output", [](const ts::Totals& t) { return t.reported_output(); }, has_models),
      count_figure("est. input", [=](const ts::Totals& t) { return estimated(t.used_input(), t.reported_input()); }),
      count_figure("est. output", [=](const ts::Totals& t) { return estimated(t.used_output(), t.reported_output()); }),
      cost_figure(report, rows, has_models),
      money("est. cost", &ts::Totals::estimated_cost),
      money("known part", &ts::Totals::known_cost),
      count_figure("incomplete", [](const ts::Totals& t) { return t.cost_state(ts::CostState::incomplete); }),
      count_figure("unpriced", [](const ts::Totals& t) { return t.unpriced(); }),
      count_figure("no usage", [](const ts::Totals& t) { return t.cost_state(ts::CostState::no_usage); }),
      money_figure(
          "est. as input", [](const ReportRow& row) { return row.result_cost; }, report, rows),
      {"average time",
       [](const ReportRow& row) {
         return row.totals.timed_calls() == 0 ? std::string{} : duration_text(row.totals.average_timed_duration());
       }},
      {"p95 time",
       [](const ReportRow& row) {
         return row.totals.timed_calls() == 0 ? std::string{} : duration_text(row.totals.duration_quantile(0.95));
       }},
  };
}

/// Those that say something in any row.
inline std::vector<Figure> telling_figures(const Report& report, const std::vector<ReportRow>& rows) {
  std::vector<Figure> kept;
  for (Figure& figure : figures(report, rows)) {
    const auto says_something = [&](const ReportRow& row) { return !figure.text(row).empty(); };
    if (figure.always || says_something(report.total()) || std::any_of(rows.begin(), rows.end(), says_something))
      kept.push_back(std::move(figure));
  }
  return kept;
}

/// A column's title as it is typed: "est-cost" for "est. cost".
inline std::string typed(const char* title) {
  std::string name;
  for (const char letter : std::string_view{title})
    if (letter != '.') name += letter == ' ' ? '-' : letter;
  return name;
}

/// Those that were asked for, in that order. Throws a Problem where there is no such column.
inline std::vector<Figure> chosen_figures(const Report& report, const std::vector<ReportRow>& rows) {
  const std::vector<Figure> all = figures(report, rows);
  std::string names;
  for (const Figure& figure : all) (names += names.empty() ? "" : ", ") += typed(figure.title);
  std::vector<Figure> chosen;
  for (const std::string& name : report.query().columns) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Figure& f) { return typed(f.title) == name; });
    if (found == all.end()) throw Problem{"There is no column " + shown(name) + " for --columns: use " + names};
    chosen.push_back(*found);
  }
  return chosen;
}

inline std::string range_text(const ReportQuery& query) {
  const auto moment = [](std::int64_t utc) {
    char text[ts::detail::civil_time_size];
    ts::detail::write_civil_time(text, utc);
    return std::string{text, 19} + "Z";
  };
  if (query.days)
    return ts::detail::day_text(query.days->first) + " to " + ts::detail::day_text(query.days->second) + ", days of " +
           std::string{query.zone.name()};
  constexpr auto open_from = std::numeric_limits<std::int64_t>::min(),
                 open_to = std::numeric_limits<std::int64_t>::max();
  std::string text = query.from == open_from ? "All calls" : "From " + moment(query.from);
  if (query.to != open_to) text += " before " + moment(query.to);
  return text + ", days of " + std::string{query.zone.name()};
}

/// What nothing is known of reads (none), which no text from outside can: it would stand in quotation marks.
inline std::string key_shown(const std::string& key) {
  constexpr std::size_t most_columns = 48;
  if (key.empty()) return "(none)";
  return key.front() == '(' ? '"' + shown(key, most_columns) + '"' : shown(key, most_columns);
}

/// The table: one row for each combination of keys, and one for all.
inline std::string table_text(const Report& report, const std::vector<ReportRow>& rows, std::size_t shown_rows) {
  const std::vector<Figure> kept =
      report.query().columns.empty() ? telling_figures(report, rows) : chosen_figures(report, rows);
  std::vector<TextTable::Column> columns;
  for (const Key key : report.query().by)
    columns.push_back({std::string{key_names[static_cast<std::size_t>(key)]}, TextTable::Align::left});
  if (columns.empty()) columns.push_back({"", TextTable::Align::left});
  for (const Figure& figure : kept) columns.push_back({figure.title});
  TextTable table{std::move(columns)};
  for (std::size_t place = 0; place < shown_rows; ++place) {
    std::vector<std::string> cells;
    for (const std::string& key : rows[place].keys) cells.push_back(key_shown(key));
    for (const Figure& figure : kept) cells.push_back(figure.text(rows[place]));
    table.row(std::move(cells));
  }
  table.line();
  std::vector<std::string> all(std::max<std::size_t>(report.query().by.size(), 1));
  all.front() = "total";
  for (const Figure& figure : kept) all.push_back(figure.text(report.total()));
  table.row(std::move(all));
  return table.text();
}

inline std::string outcomes_text(const ts::Totals& total) {
  std::string text;
  for (std::size_t outcome = 0; outcome < ts::outcome_count; ++outcome)
    if (const std::uint64_t count = total.outcome(static_cast<ts::Outcome>(outcome)); count > 0)
      text += (text.empty() ? "" : ", ") + grouped(count) + " " + std::string{ts::outcome_names[outcome]};
  return text;
}

inline std::string notes_text(const Report& report, const FilesRead& files) {
  std::string notes;
  const ts::Totals& total = report.total().totals;
  if (total.calls() > 0) notes += "Outcomes: " + outcomes_text(total) + ".\n";
  if (total.estimated_cost() != ts::MoneySum{} ||
      total.used_tokens() > total.reported_input() + total.reported_output())
    notes += "Estimates stand in the est. columns alone; the others are as reported.\n";
  if (report.query().result_price)
    notes += "est. as input: what it costs when " + shown(report.query().result_price->model()) +
             " reads the results of tools once;\na part of the cost of models, not on top of it.\n";
  if (!report.unpriced_models().empty()) {
    notes += "Without a price, and in no sum of money:";
    for (const auto& [model, calls] : report.unpriced_models()) notes += " " + key_shown(model) + " x" + grouped(calls);
    notes += report.more_unpriced_models() ? " and more.\n" : ".\n";
  }
  if (files.repeated > 0)
    notes += grouped(files.repeated) + (files.repeated == 1 ? " record was" : " records were") +
             " in several files, and counted once.\n";
  if (files.torn_ends > 0)
    notes += grouped(files.torn_ends) + (files.torn_ends == 1 ? " torn last line was" : " torn last lines were") +
             " skipped.\n";
  return notes;
}

/// The whole report, as a terminal shows it.
inline std::string report_text(const Report& report, const FilesRead& files) {
  const std::vector<ReportRow> rows = report.rows();
  const std::size_t top = report.query().top;
  const std::size_t shown_rows = top == 0 ? rows.size() : std::min(top, rows.size());
  std::string text = range_text(report.query()) + "\n\n" + table_text(report, rows, shown_rows);
  const std::size_t hidden = rows.size() - shown_rows;
  if (hidden > 0) text += grouped(hidden) + (hidden == 1 ? " more row is" : " more rows are") + " in the total.\n";
  const std::string notes = notes_text(report, files);
  return notes.empty() ? text : text + "\n" + notes;
}

}  // namespace tallyscope_program
