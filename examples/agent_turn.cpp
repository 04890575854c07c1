// SPDX-License-Identifier: MIT
// One turn of an agent: the model asks for a tool, the tool runs, the model answers. The turn knows what it cost in
// all.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <iostream>
#include <string>

namespace ts = tallyscope;

int main() {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  ts::TurnScope turn{tracker, {.application = "help-desk", .session = "s-81"}};  // everything below inherits these

  {
    ts::TrackScope call{turn, {.provider = "anthropic", .model = "claude-sonnet-4-5"}};
    call.report({.input_tokens = 1200, .output_tokens = 60, .tool_calls = 1});
  }
  {
    ts::TrackScope tool{turn, {.operation = ts::Operation::execute_tool, .name = "search_issues", .server = "jira"}};
    const std::string result = "HELP-7: the printer on floor 2 is out of paper\nHELP-9: the printer is on fire\n";
    tool.output_text(result);  // no provider counts these tokens: they are estimated, and marked so
  }
  {
    ts::TrackScope call{turn, {.provider = "anthropic", .model = "claude-sonnet-4-5"}};
    call.report({.input_tokens = 1300, .output_tokens = 90, .cache_read = 1152});
  }

  const ts::TurnTotals totals = turn.totals();
  std::cout << "the turn: " << totals.calls << " calls (" << totals.model_calls << " of a model, " << totals.tool_calls
            << " of a tool), " << totals.cost.usd(6) << '\n';
  turn.end();  // writes the turn's own record; the end of its scope would do the same

  for (const ts::StatsRow& row : sink.snapshot().by({ts::Dimension::name, ts::Dimension::model}).rows) {
    const std::string& model = row[ts::Dimension::model];
    std::cout << "  " << (model.empty() ? row[ts::Dimension::name] : model) << ": " << row.totals.used_input()
              << " in, " << row.totals.used_output() << " out\n";
  }
}
