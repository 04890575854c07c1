// SPDX-License-Identifier: MIT
#include <tallyscope/stats.hpp>

#include "catch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ts = tallyscope;

namespace {

ts::StatsRow row(std::string_view operation, std::string_view name, std::string_view model, int calls) {
  ts::StatsRow made;
  made.key[static_cast<std::size_t>(ts::Dimension::operation)] = operation;
  made.key[static_cast<std::size_t>(ts::Dimension::name)] = name;
  made.key[static_cast<std::size_t>(ts::Dimension::model)] = model;
  for (int call = 0; call < calls; ++call) made.totals.add({.usage = {.input_tokens = 1, .output_tokens = 2}});
  return made;
}

ts::Stats stats_of(std::vector<ts::StatsRow> rows) {
  ts::Stats stats;
  stats.rows = std::move(rows);
  for (const ts::StatsRow& each : stats.rows) stats.total += each.totals;
  stats.dimensions = ts::by_identity;
  return stats;
}

}  // namespace

TEST_CASE("rows are in order: most calls first, then by their keys, the shared one last of its like", "[stats]") {
  ts::Stats stats = stats_of({row("chat", "b", "", 2), row("chat", "a", "", 2), row("", "", "", 2),
                              row("chat", "most", "", 9), row("chat", "a", "m", 2)});
  stats.rows[2].other = true;
  stats.sort();
  CHECK(stats.rows[0][ts::Dimension::name] == "most");
  CHECK(stats.rows[1][ts::Dimension::name] == "a");
  CHECK(stats.rows[1][ts::Dimension::model].empty());
  CHECK(stats.rows[2][ts::Dimension::model] == "m");
  CHECK(stats.rows[3][ts::Dimension::name] == "b");
  CHECK(stats.rows[4].other);
}

TEST_CASE("coarser rows add the finer ones up", "[stats]") {
  ts::Stats stats = stats_of({row("chat", "a", "m1", 1), row("chat", "a", "m2", 2), row("chat", "b", "m1", 4),
                              row("execute_tool", "a", "", 8), row("", "", "", 16)});
  stats.rows[4].other = true;
  const ts::Stats by_name = stats.by(ts::Dimension::name);
  REQUIRE(by_name.rows.size() == 3);
  CHECK(by_name.rows[0].other);
  CHECK(by_name.rows[0].totals.calls() == 16);
  CHECK(by_name.rows[1][ts::Dimension::name] == "a");
  CHECK(by_name.rows[1].totals.calls() == 11);
  CHECK(by_name.rows[1][ts::Dimension::model].empty());
  CHECK(by_name.rows[2].totals.calls() == 4);
  CHECK(by_name.total == stats.total);
  CHECK(stats.by({ts::Dimension::operation, ts::Dimension::name}).rows.size() == 4);
  CHECK(stats.by(ts::by_identity).rows.size() == 5);
}

TEST_CASE("the totals of a text are those of its rows, the shared one is nobody's", "[stats]") {
  ts::Stats stats = stats_of({row("chat", "a", "m1", 1), row("chat", "a", "m2", 2), row("", "", "", 16)});
  stats.rows[2].other = true;
  CHECK(stats.totals_of(ts::Dimension::name, "a").calls() == 3);
  CHECK(stats.totals_of(ts::Dimension::model, "m2").reported_output() == 4);
  CHECK(stats.totals_of(ts::Dimension::name, "").calls() == 0);
  CHECK(stats.totals_of(ts::Dimension::name, "unknown").calls() == 0);
}

TEST_CASE("every dimension reads its own text of a record", "[stats]") {
  const ts::Caller caller{"ten", "app", "usr", "key", "ses", "trn"};
  const ts::Call call{
      .operation = ts::Operation{"opr"}, .provider = "prv", .model = "mod", .name = "nam", .server = "srv"};
  std::string all;
  for (std::size_t dimension = 0; dimension < ts::dimension_count; ++dimension)
    all += std::string{ts::text_of(caller, call, static_cast<ts::Dimension>(dimension))} + " ";
  CHECK(all == "opr nam mod prv srv ten app usr ses trn ");
}

TEST_CASE("of rows with as many calls the latest call comes first", "[stats]") {
  ts::Stats stats = stats_of({row("chat", "a", "", 1), row("chat", "b", "", 1), row("chat", "c", "", 2)});
  stats.rows[1].totals = ts::Totals{};
  stats.rows[1].totals.add({.start_utc = 5});
  stats.sort();
  CHECK(stats.rows[0][ts::Dimension::name] == "c");
  CHECK(stats.rows[1][ts::Dimension::name] == "b");
  CHECK(stats.rows[2][ts::Dimension::name] == "a");
}

TEST_CASE("a limit cuts rows off, and leaves the sums over all of them", "[stats]") {
  ts::Stats stats =
      stats_of({row("execute_tool", "t0", "", 5), row("execute_tool", "t1", "", 3), row("execute_tool", "t2", "", 1)});
  stats.sort();
  const ts::Stats two = stats.first(2);
  CHECK(two.rows.size() == 2);
  CHECK(two.row_count == 3);
  CHECK(two.total.calls() == 9);
  CHECK(stats.first(0).rows.size() == 3);
  CHECK(stats.first(7).rows.size() == 3);
}

TEST_CASE("a tool and a prompt of one name are two rows, each of its type", "[stats]") {
  ts::Stats stats = stats_of({row("execute_tool", "report", "", 2), row("get_prompt", "report", "", 1)});
  stats.sort();
  REQUIRE(stats.rows.size() == 2);
  CHECK(stats.rows[0].type() == "tool");
  CHECK(stats.rows[1].type() == "prompt");
  const ts::Stats prompts = stats.of_type("prompt");
  REQUIRE(prompts.rows.size() == 1);
  CHECK(prompts.total.calls() == 1);
  CHECK(prompts.row_count == 1);
  CHECK(stats.of_type("resource").rows.empty());
}

TEST_CASE("what rows are not told apart by, no sums can be asked for", "[stats]") {
  const ts::Stats stats = stats_of({row("chat", "a", "m", 2)});
  CHECK(stats.totals_of(ts::Dimension::tenant, "").calls() == 0);
  CHECK(stats.by(ts::Dimension::name).totals_of(ts::Dimension::model, "m").calls() == 0);
}
