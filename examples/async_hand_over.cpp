// SPDX-License-Identifier: MIT
// A call that one thread starts and another ends: the scope is moved along with the work. Nothing hangs on a thread, so
// pools, callbacks and queues work the same way.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <iostream>
#include <thread>
#include <utility>
#include <vector>

namespace ts = tallyscope;

int main() {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  {
    ts::TurnScope turn{tracker, {.session = "s-1"}};
    std::vector<std::jthread> workers;
    for (int question = 1; question <= 4; ++question) {
      ts::TrackScope call{turn, {.model = "gpt-4.1-mini"}};  // timed from here
      workers.emplace_back([question, call = std::move(call)]() mutable {
        // ... the request is made here ...
        call.report({.input_tokens = 100 * question, .output_tokens = 50 * question});
      });  // recorded when the worker lets go of the scope; what is left in this thread is inert
    }
    workers.clear();  // waits for them
    std::cout << "the turn saw " << turn.totals().calls << " calls end\n";
  }

  const ts::Totals total = sink.snapshot().total;
  const ts::Health health = tracker.health();
  std::cout << total.used_input() << " tokens in, " << total.used_output() << " out, " << total.cost().usd(6) << '\n';
  std::cout << health.recorded << " records (4 calls and their turn), " << health.delivered << " delivered\n";
}
