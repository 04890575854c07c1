// SPDX-License-Identifier: MIT
// Functions with scopes on a tracker that is off, beside the same functions without them: see run.sh.
#include <tallyscope/tallyscope.hpp>

#include <cstddef>
#include <string_view>

namespace ts = tallyscope;
using Off = ts::Tracker<ts::NullSink>;

struct Reply {
  std::string_view body;
  int input_tokens, output_tokens;
};
Reply ask(std::string_view prompt);
std::string_view next_chunk(int place);
void show(std::string_view chunk);
bool allowed();
ts::Usage usage_of(std::string_view body);

std::size_t one_call([[maybe_unused]] Off& tracker, std::string_view prompt) {
#if WITH_SCOPES
  ts::TrackScope call{tracker, {.provider = "anthropic", .model = "claude-sonnet-4-5"}};
  call.input_text(prompt);
#endif
  const Reply reply = ask(prompt);
#if WITH_SCOPES
  call.report([&] { return usage_of(reply.body); });
  call.output_text(reply.body);
#endif
  return reply.body.size();
}

std::size_t a_turn([[maybe_unused]] Off& tracker, std::string_view session, std::string_view prompt) {
#if WITH_SCOPES
  ts::TurnScope turn{tracker, {.tenant = "acme", .session = session}};
  ts::TrackScope call{turn, {.model = "gpt-4.1"}};
#endif
  const Reply reply = ask(prompt);
#if WITH_SCOPES
  call.report({.input_tokens = reply.input_tokens, .output_tokens = reply.output_tokens});
  call.outcome(ts::Outcome::success);
  call.label("route", "default");
  ts::TrackScope tool{turn, {.operation = ts::Operation::execute_tool, .name = "search_issues", .server = "jira"}};
  tool.output_text([&] { return reply.body; });
#endif
  show(reply.body);
#if WITH_SCOPES
  turn.outcome(ts::Outcome::success);
#endif
  return reply.body.size();
}

void stream([[maybe_unused]] Off& tracker, int chunks) {
#if WITH_SCOPES
  ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
#endif
  for (int place = 0; place < chunks; ++place) {
    const std::string_view chunk = next_chunk(place);
#if WITH_SCOPES
    call.output_chunk(chunk);
#endif
    show(chunk);
  }
#if WITH_SCOPES
  call.report({.input_tokens = 100, .output_tokens = 250});
  call.tool_calls(2);
  static_cast<void>(call.stop());
#endif
}

bool refused([[maybe_unused]] Off& tracker, std::string_view prompt) {
#if WITH_SCOPES
  ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
#endif
  if (!allowed()) {
#if WITH_SCOPES
    call.outcome(ts::Outcome::policy_blocked, "budget_exceeded");
#endif
    return false;
  }
  show(ask(prompt).body);
  return true;
}

void prepared([[maybe_unused]] Off& tracker, std::string_view prompt) {
#if WITH_SCOPES
  const auto search = tracker.prepare({.operation = ts::Operation::execute_tool, .name = "search"});
  ts::TrackScope call{tracker, search};
  ts::TurnScope turn{tracker};
  ts::TrackScope in_turn{turn, search};
#endif
  show(ask(prompt).body);
}

int on_and_on([[maybe_unused]] Off& tracker, const int* values, int count) {
  int sum = 0;
  for (int place = 0; place < count; ++place) {
#if WITH_SCOPES
    ts::TrackScope call{tracker};
#endif
    sum += values[place];
  }
#if WITH_SCOPES
  static_cast<void>(tracker.report_tokens(ts::Operation::execute_tool, "search", 50, 100));
  if (tracker.enabled()) sum += 1;
#endif
  return sum;
}
