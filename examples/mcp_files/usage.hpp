// SPDX-License-Identifier: MIT
// Questions about usage, answered from what the tracker's sink has added up in memory: the calls that have ended.
#pragma once

#include "arguments.hpp"
#include "offers.hpp"
#include "tracking.hpp"

#include <tallyscope/catalog.hpp>

#include <ctime>
#include <string>
#include <string_view>
#include <utility>

namespace mcp_files {

inline std::string utc_text(std::int64_t nanoseconds) {
  const std::time_t seconds = nanoseconds / 1'000'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}
inline json time_of_last(const ts::Totals& totals) {
  return totals.calls() == 0 ? json{} : json(utc_text(totals.last_start()));
}
inline double milliseconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds / 1000) / 1000; }

/// The known tools and prompts.
inline ts::Catalog make_catalog() {
  ts::Catalog catalog;
  const auto add = [&](ts::Operation operation, const std::vector<Offer>& offers) {
    for (const Offer& offer : offers)
      catalog.add({.operation = std::string{operation.text()},
                   .name = offer.name,
                   .tags = offer.tags,
                   .short_description = offer.summary,
                   .full_description = offer.summary + ' ' + offer.details});
  };
  add(ts::Operation::execute_tool, offered_tools());
  add(ts::Operation::get_prompt, offered_prompts());
  return catalog;
}

/// Any thread may call any member at any time.
class UsageAnswers {
 public:
  explicit UsageAnswers(const ts::MemorySink& sink) : sink_{sink} {}

  /// A row for each tool and prompt that is known or was asked for, as the filter leaves them.
  ts::Stats stats(const std::string& type) const {
    if (type != "all" && type != "tool" && type != "prompt" && type != "resource")
      throw ToolFailure{"invalid_arguments", "The type must be all, tool, prompt or resource."};
    const ts::Stats all = catalog_.stats(sink_.snapshot());
    return type == "all" ? all : all.of_type(type);
  }

  std::string usage_stats(const Arguments& arguments) const {
    const ts::Stats all = stats(arguments.text("type_filter", "all"));
    ts::Stats shown = all;
    if (!arguments.flag("include_zero_usage", true))
      std::erase_if(shown.rows, [](const ts::StatsRow& row) { return row.totals.calls() == 0; });
    shown = shown.first(arguments.number("limit", 0));
    json answer = summary(all);
    answer["stats"] = json::array();
    for (const ts::StatsRow& row : shown.rows) answer["stats"].push_back(described(row));
    return answer.dump(2);
  }

  std::string usage_catalog(const Arguments& arguments) const {
    const std::string query = arguments.text("query");
    const bool with_usage = arguments.flag("include_usage", true);
    const ts::CatalogQuery wanted{
        .tags = arguments.texts("tags"), .text = query, .limit = arguments.number("limit", 0)};
    const ts::Stats used = sink_.snapshot();
    const ts::CatalogMatches found = catalog_.search(wanted, with_usage ? &used : nullptr);
    json answer{{"total_tracked", found.tracked},
                {"matched", found.matched},
                {"all_tags", found.all_tags},
                {"filters", {{"tags", wanted.tags}, {"query", query}}},
                {"include_usage", with_usage},
                {"limit", wanted.limit},
                {"total_calls", with_usage ? json(found.calls) : json{}},
                {"results", json::array()}};
    for (const ts::CatalogMatch& match : found.matches) answer["results"].push_back(described(match, with_usage));
    return answer.dump(2);
  }

 private:
  static json summary(const ts::Stats& all) {
    const ts::Totals& total = all.total;
    return {
        {"tracked_count", all.row_count},
        {"total_calls", total.calls()},
        {"zero_count", all.unused},
        {"latest_access", time_of_last(total)},
        {"outcomes", outcomes(total)},
        {"token_summary",
         {{"total_input_tokens", total.reported_input()},
          {"total_output_tokens", total.reported_output()},
          {"total_estimated_tokens", total.estimated_input() + total.estimated_output()},
          {"has_actual_tokens", total.reported_input() + total.reported_output() > 0}}},
        {"latency_summary",
         {{"total_duration_ms", milliseconds(total.duration_sum())}, {"has_latency_data", total.timed_calls() > 0}}}};
  }

  static json outcomes(const ts::Totals& totals) {
    json counts = json::object();
    for (std::size_t place = 0; place < ts::outcome_count; ++place)
      if (const auto calls = totals.outcome(static_cast<ts::Outcome>(place)); calls > 0)
        counts[std::string{ts::outcome_names[place]}] = calls;
    return counts;
  }

  json described(const ts::StatsRow& row) const {
    const ts::Totals& totals = row.totals;
    const std::string& name = row[ts::Dimension::name];
    const ts::CatalogEntry entry = entry_of(row);
    return {{"name", name},
            {"type", row.type()},
            {"call_count", totals.calls()},
            {"outcomes", outcomes(totals)},
            {"last_accessed", time_of_last(totals)},
            {"tags", entry.tags},
            {"short_description", entry.short_description},
            {"full_description", entry.full_description},
            {"total_input_tokens", totals.reported_input()},
            {"total_output_tokens", totals.reported_output()},
            {"total_argument_chars", totals.characters_in()},
            {"total_response_chars", totals.characters_out()},
            {"estimated_tokens", totals.estimated_input() + totals.estimated_output()},
            {"avg_tokens_per_call", totals.average_tokens()},
            {"total_duration_ms", milliseconds(totals.duration_sum())},
            {"min_duration_ms", milliseconds(totals.duration_least())},
            {"max_duration_ms", milliseconds(totals.duration_greatest())},
            {"avg_latency_ms", milliseconds(totals.average_timed_duration())}};
  }

  ts::CatalogEntry entry_of(const ts::StatsRow& row) const {
    for (const ts::CatalogEntry& entry : catalog_.entries())
      if (entry.operation == row[ts::Dimension::operation] && entry.name == row[ts::Dimension::name]) return entry;
    return {};
  }

  static json described(const ts::CatalogMatch& match, bool with_usage) {
    json entry{{"name", match.entry.name},
               {"type", match.entry.type()},
               {"short_description", match.entry.short_description},
               {"full_description", match.entry.full_description},
               {"tags", match.entry.tags}};
    if (!with_usage) return entry;
    entry["call_count"] = match.totals.calls();
    entry["last_accessed"] = time_of_last(match.totals);
    return entry;
  }

  const ts::MemorySink& sink_;
  const ts::Catalog catalog_ = make_catalog();
};

}  // namespace mcp_files
