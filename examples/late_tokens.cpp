// SPDX-License-Identifier: MIT
// Tokens that become known after the call: a batch, a usage export, a billing webhook. They are added to the call they
// belong to, at the price of the time when it started, and take the place of what was estimated; no call counts twice.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <iostream>
#include <system_error>

namespace ts = tallyscope;

namespace {

void show(const char* when, const ts::MemorySink& sink) {
  const ts::Totals total = sink.snapshot().total;
  std::cout << when << total.calls() << " calls, " << total.used_tokens() << " tokens, " << total.cost().usd(6)
            << " and an estimated " << total.estimated_cost().usd(6) << '\n';
}

}  // namespace

int main() {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};

  ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
  call.input_text("Translate the attached contract.");
  call.output_text("The parties agree as follows ...");
  const ts::RecordId id = call.stop();  // ends the call; its id finds it again
  { ts::TrackScope tool{tracker, {.operation = ts::Operation::execute_tool, .name = "translate"}}; }
  show("before: ", sink);

  if (tracker.report_late(id, {.input_tokens = 2000, .output_tokens = 1500})) return 1;    // exactly that call
  if (tracker.report_tokens(ts::Operation::execute_tool, "translate", 80, 120)) return 1;  // the last of that name
  show("after:  ", sink);

  const std::error_code error = tracker.report_tokens(ts::Operation::execute_tool, "trnaslate", 80, 120);
  std::cout << "a wrong name: " << error.message() << '\n';
}
