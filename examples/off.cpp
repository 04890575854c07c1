// SPDX-License-Identifier: MIT
// Off is a type: with a NullSink the same code compiles to nothing. There is a switch for the run time as well.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <iostream>
#include <string>
#include <type_traits>

namespace ts = tallyscope;

namespace {

using On = ts::Tracker<ts::MemorySink>;
using Off = ts::Tracker<ts::NullSink>;  // the one line that switches off

static_assert(std::is_empty_v<ts::TrackScope<Off>> && std::is_trivially_destructible_v<ts::TrackScope<Off>>);

ts::Usage parse(const std::string& body) {
  std::cout << "  read the usage of a body of " << body.size() << " bytes\n";
  return {.input_tokens = 20, .output_tokens = 10};
}

template <class Tracker>
void ask(Tracker& tracker) {
  ts::TrackScope call{tracker, {.model = "gpt-4.1-mini"}};
  const std::string body = R"({"usage":{"input_tokens":20,"output_tokens":10}})";
  call.report([&] { return parse(body); });  // a callable, so that nothing is parsed when off
}

}  // namespace

int main() {
  ts::MemorySink sink;
  On on{sink};
  Off off;

  std::cout << "on:\n";
  ask(on);
  std::cout << "off by type:\n";
  ask(off);
  std::cout << "off at run time:\n";
  on.enable(false);
  ask(on);
  std::cout << sink.snapshot().total.calls() << " call recorded\n";
}
