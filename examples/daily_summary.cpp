// The day's bill beside the day's budget: the records of one day in one time zone, read back from the file that a
// service wrote, by model, with the share of the budget that is used up.
#include <tallyscope/detail/time_zone.hpp>
#include <tallyscope/jsonl_reader.hpp>
#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/stats_builder.hpp>
#include <tallyscope/tallyscope.hpp>

#include <cstdio>
#include <string>

namespace ts = tallyscope;

void serve(const std::string& path) {
  ts::JsonlSink sink{path};
  ts::Tracker tracker{sink};
  for (int call = 0; call < 50; ++call)
    ts::TrackScope{tracker, {.model = "gpt-4.1"}}.report({.input_tokens = 8'500, .output_tokens = 4'000});
  for (int call = 0; call < 200; ++call)
    ts::TrackScope{tracker, {.model = "gpt-4.1-mini"}}.report({.input_tokens = 6'000, .output_tokens = 1'000});
}

int main() {
  const std::string path = "calls_of_the_day.jsonl";
  std::remove(path.c_str());
  serve(path);

  std::string problem;
  const auto zone = ts::detail::TimeZone::load("UTC", problem);  // or the name of yours: Europe/Berlin
  if (!zone) return std::fprintf(stderr, "%s\n", problem.c_str()), 1;
  const std::int64_t today = zone->day_of(ts::SystemClock{}.utc());

  ts::StatsBuilder builder{ts::Dimension::model};
  const ts::ReadResult read = ts::JsonlReader{path}.for_each([&](const ts::Record& record) {
    if (zone->day_of(record.start_utc) == today) builder.add(record);
  });
  if (!read.problem.empty()) return std::fprintf(stderr, "%s\n", read.problem.c_str()), 1;

  const ts::Stats stats = builder.stats();
  for (const ts::StatsRow& row : stats.rows)
    std::printf("%-14s %5llu calls %10llu in %9llu out  %s\n", row[ts::Dimension::model].c_str(),
                static_cast<unsigned long long>(row.totals.calls()),
                static_cast<unsigned long long>(row.totals.reported_input()),
                static_cast<unsigned long long>(row.totals.reported_output()), row.totals.cost().usd().c_str());

  const ts::MoneySum budget = ts::Money::parse("5.00").value();
  const double share = 100 * stats.total.cost().share_of(budget);
  std::printf("Today: %s of %s, %.0f %% of the budget\n", stats.total.cost().usd().c_str(), budget.usd().c_str(),
              share);
}
