// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"
#include "report.hpp"
#include "shown_text.hpp"

#include <tallyscope/clock.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope_program {

/// `tallyscope report`, as it was typed.
struct ReportArguments {
  std::vector<std::string> files{};
  std::vector<std::string> by{};
  std::string from{}, to{};
  int days = 0;
  std::string zone = "UTC";
  std::size_t top = 0;
  std::string type{}, outcome{};
  std::string price_as{};
  std::vector<std::string> columns{};
  bool json = false;
};

inline CLI::App& add_report_command(CLI::App& app, ReportArguments& arguments) {
  CLI::App& report = *app.add_subcommand("report", "Adds calls up: totals, and rows by name, model, user, day ...");
  report.add_option("FILE", arguments.files, "JSONL files and SQLite databases that a sink wrote")->required();
  report
      .add_option("--by", arguments.by,
                  "what to tell rows apart by, several with commas: name, type, model, provider, server, tenant, "
                  "application, user, session, turn, day, hour")
      ->delimiter(',')
      ->allow_extra_args(false);  // what follows is a file
  report.add_option("--from", arguments.from, "first day (2025-01-31) or moment (2025-01-31T12:00:00Z)");
  report.add_option("--to", arguments.to, "last day, or the moment before which calls count");
  report.add_option("--days", arguments.days, "the last N days, today included")->check(CLI::Range(1, 36'500));
  report.add_option("--tz", arguments.zone, "time zone of the days, such as Europe/Berlin (default: UTC)");
  report.add_option("--top", arguments.top, "how many rows to show; totals are always over all")
      ->check(CLI::Range(0, 1'000'000'000));
  report.add_option("--type", arguments.type, "only tool, prompt, resource, or an operation such as chat");
  report.add_option("--outcome", arguments.outcome,
                    "only success, error, timeout, rate_limited, policy_blocked, cancelled or pending");
  report.add_option("--price-as", arguments.price_as,
                    "what the results of tools cost, by estimate, when this model reads them as input");
  report
      .add_option(
          "--columns", arguments.columns,
          "which columns the table has and in which order, several with commas: calls, input, cost, est-cost ... "
          "(default: all that say something)")
      ->delimiter(',')
      ->allow_extra_args(false);
  report.add_flag("--json", arguments.json, "print one JSON object");
  report.footer(
      "Examples:\n"
      "  tallyscope report calls.jsonl --by model\n"
      "  tallyscope report calls.jsonl usage.db --days 30 --by day --tz Europe/Berlin\n"
      "  tallyscope report usage.db --by user,model --from 2025-01-01 --to 2025-01-31 --top 10 --json");
  return report;
}

/// A text without what would make it two lines.
inline std::string one_line(std::string text) {
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20) letter = ' ';
  return shown(text);
}

template <std::size_t Size>
std::string list_of(const std::string_view (&names)[Size]) {
  std::string list;
  for (const std::string_view name : names) (list += list.empty() ? "" : ", ") += name;
  return list;
}

inline std::vector<Key> keys_of(const std::vector<std::string>& names) {
  std::vector<Key> keys;
  for (const std::string& name : names) {
    const std::optional<Key> key = key_of(name);
    if (!key) throw Problem{"There is no --by " + shown(name) + ": use " + list_of(key_names)};
    if (std::find(keys.begin(), keys.end(), *key) == keys.end()) keys.push_back(*key);
  }
  return keys;
}

inline std::optional<ts::Outcome> outcome_of(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (std::size_t place = 0; place < ts::outcome_count; ++place)
    if (ts::outcome_names[place] == name) return static_cast<ts::Outcome>(place);
  throw Problem{"There is no --outcome " + shown(name) + ": use " + list_of(ts::outcome_names)};
}

inline std::optional<ResultPrice> result_price_of(const std::string& model, std::int64_t now) {
  if (model.empty()) return std::nullopt;
  ResultPrice price{model};
  if (!price.is_known(now))
    throw Problem{"No price is known for the model of --price-as " + shown(model) +
                  ": name one as its provider does, such as gpt-4.1 or claude-sonnet-4-5"};
  return price;
}

/// A day of the zone or a moment, in UTC nanoseconds. `after` a day is where the next one begins.
inline std::int64_t moment_of(const std::string& option, const std::string& text, const ts::detail::TimeZone& zone,
                              bool after, std::optional<std::int64_t>& day) {
  day = ts::detail::parse_day(text);
  if (day) return zone.start_of_day(*day + (after ? 1 : 0));
  if (const auto instant = ts::detail::parse_instant(text)) return *instant;
  throw Problem{option + " " + shown(text) +
                " is neither a day such as 2025-01-31 nor a time such as 2025-01-31T12:00:00Z"};
}

inline void put_range(ReportQuery& query, const ReportArguments& arguments, std::int64_t now) {
  std::optional<std::int64_t> first, last;
  if (!arguments.from.empty()) query.from = moment_of("--from", arguments.from, query.zone, false, first);
  if (!arguments.to.empty()) query.to = moment_of("--to", arguments.to, query.zone, true, last);
  if (arguments.days > 0) {
    if (!arguments.from.empty() || !arguments.to.empty())
      throw Problem{"--days goes without --from and --to: it ends today"};
    last = query.zone.day_of(now);
    first = *last - (arguments.days - 1);
    query.from = query.zone.start_of_day(*first);
    query.to = query.zone.start_of_day(*last + 1);
  }
  if (query.from >= query.to) throw Problem{"--from is not before --to: no call can lie between them"};
  if (first && last) query.days = {*first, *last};
}

/// Throws a Problem about what was typed.
inline ReportQuery query_of(const ReportArguments& arguments, std::int64_t now = ts::SystemClock{}.utc()) {
  ReportQuery query;
  std::string problem;
  const auto zone = ts::detail::TimeZone::load(arguments.zone, problem);
  if (!zone) throw Problem{problem};
  query.zone = *zone;
  query.by = keys_of(arguments.by);
  query.outcome = outcome_of(arguments.outcome);
  query.type = arguments.type;
  query.top = arguments.top;
  if (arguments.json && !arguments.columns.empty())
    throw Problem{"--columns is for the table: --json has all there is"};
  query.columns = arguments.columns;
  query.result_price = result_price_of(arguments.price_as, now);
  put_range(query, arguments, now);
  return query;
}

}  // namespace tallyscope_program
