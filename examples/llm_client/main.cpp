// SPDX-License-Identifier: MIT
// A service asks models of four providers over HTTP and knows afterwards what every attempt cost. No provider is asked
// in truth: a server on this machine replays recorded responses, and refuses, breaks off and overloads as told.
// Returns 1 if the library's sums are not those of the recorded responses.
#include "client.hpp"
#include "recorded_files.hpp"
#include "recount.hpp"
#include "replay_server.hpp"

#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace ts = tallyscope;

namespace {

using Tracker = ts::Tracker<ts::MemorySink>;
using Turn = ts::TurnScope<Tracker>;

constexpr llm::Model models[] = {llm::gpt_4_1, llm::sonnet, llm::flash, llm::mistral_large};

const llm::Tool word_count{"word_count", "Counts the words of a text.",
                           R"({"type":"object","properties":{"text":{"type":"string"}},"required":["text"]})"};

/// A tool is tracked as a model is: a scope around what it does.
std::string run_tool(const Turn& turn, const llm::ToolCall& wanted) {
  ts::TrackScope call{turn, {.operation = ts::Operation::execute_tool, .name = wanted.name, .server = "local"}};
  call.input_text(wanted.arguments);
  std::istringstream text{std::string{llm::text_at(llm::parsed(wanted.arguments), "text")}};
  std::size_t words = 0;
  for (std::string word; text >> word;) ++words;
  const std::string result = std::to_string(words);
  call.output_text(result);
  return result;
}

/// The model is asked, wants a tool, is told what it found, and answers in a stream.
llm::Reply ask_with_tool(const Turn& turn, const llm::LlmClient& client, const llm::Model& model) {
  llm::Prompt prompt{.messages = {{.role = llm::Role::system, .text = "You count words, and answer in one sentence."},
                                  {.role = llm::Role::user, .text = "How many words has my sentence?"}},
                     .tools = {word_count}};
  const llm::Reply first = client.ask(turn, model, prompt);
  prompt.messages.push_back({.role = llm::Role::assistant, .text = first.text, .tool_calls = first.tool_calls});
  for (const llm::ToolCall& wanted : first.tool_calls)
    prompt.messages.push_back({.role = llm::Role::tool, .text = run_tool(turn, wanted), .answers = wanted});
  return client.stream(turn, model, prompt, [](std::string_view) { return true; });
}

llm::Prompt question(std::string text) { return {.messages = {{.text = std::move(text)}}}; }

llm::Recorded too_many_requests() {
  return {.status = 429,
          .body = R"({"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED"}})",
          .headers = {{"retry-after", "1"}}};
}

llm::Recorded overloaded() {
  return {.status = 529, .body = R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"};
}

llm::Recorded broken(llm::Recorded stream) {
  stream.breaks_off_after = stream.body.size() / 2;
  return stream;
}

void print_row(const std::string& name, const ts::Totals& totals) {
  std::cout << std::left << std::setw(20) << name << std::right << std::setw(6) << totals.calls() << std::setw(8)
            << totals.failures() << std::setw(9) << totals.used_input() << std::setw(8) << totals.used_output()
            << std::setw(9) << totals.reported(&ts::Usage::cache_read) << std::setw(12) << totals.cost().usd(6)
            << std::setw(12) << totals.estimated_cost().usd(6) << '\n';
}

void print_models(const ts::Stats& stats) {
  std::cout << "model                calls  failed       in     out   cached        cost   estimated\n";
  for (const ts::StatsRow& row : stats.of_type("chat").rows) print_row(row[ts::Dimension::model], row.totals);
  print_row("all, with tools", stats.total);
}

void print_turn(const char* name, const ts::TurnTotals& totals) {
  std::cout << name << ": " << totals.model_calls << " calls of models, " << totals.tool_calls << " of tools, "
            << totals.failures << " failed, " << totals.input_tokens << " tokens in, " << totals.output_tokens
            << " out, " << totals.cost.usd(6) << " and about " << totals.estimated_cost.usd(6) << " more\n";
}

recount::Sums reported(const ts::Totals& totals) {
  const auto sum = [&](ts::Count ts::Usage::*count) { return static_cast<long long>(totals.reported(count)); };
  return {.input = sum(&ts::Usage::input_tokens),
          .output = sum(&ts::Usage::output_tokens),
          .cached = sum(&ts::Usage::cache_read),
          .written = sum(&ts::Usage::cache_write_5m) + sum(&ts::Usage::cache_write_1h),
          .thoughts = sum(&ts::Usage::reasoning)};
}

/// Every recorded response was given once, and the first half of one stream once more: it tells the input alone.
recount::Sums recorded(const llm::RecordedFiles& files, const llm::Recorded& first_half) {
  recount::Sums sums;
  for (const llm::Model& model : models) {
    const std::string provider{model.provider};
    recount::add_body(sums, provider, files.file(provider + "_tool_call.json"));
    recount::add_body(sums, provider, files.file(provider + ".json"));
    recount::add_stream(sums, provider, files.file(provider + ".sse"));
  }
  const std::string start = first_half.body.substr(first_half.body.find("data: "));
  recount::add_anthropic(sums, recount::Json::parse(start.substr(6, start.find('\n') - 6)).at("message").at("usage"));
  return sums;
}

bool is_same(const char* what, long long library, long long by_hand) {
  if (library != by_hand) std::cout << "WRONG: " << what << ": " << library << ", by hand " << by_hand << '\n';
  return library == by_hand;
}

bool agree(const ts::Totals& totals, const recount::Sums& by_hand) {
  const recount::Sums sums = reported(totals);
  const auto ended = [&](ts::Outcome outcome) { return static_cast<long long>(totals.outcome(outcome)); };
  const bool same[] = {is_same("tokens in", sums.input, by_hand.input),
                       is_same("tokens out", sums.output, by_hand.output),
                       is_same("cached", sums.cached, by_hand.cached),
                       is_same("written to the cache", sums.written, by_hand.written),
                       is_same("thoughts", sums.thoughts, by_hand.thoughts),
                       is_same("successes", ended(ts::Outcome::success), 12 + 4),
                       is_same("rate limited", ended(ts::Outcome::rate_limited), 1),
                       is_same("errors", ended(ts::Outcome::error), 2),
                       is_same("cancelled", ended(ts::Outcome::cancelled), 1)};
  return std::all_of(std::begin(same), std::end(same), [](bool is) { return is; });
}

std::map<std::string, llm::Provider, std::less<>> providers_at(const std::string& url) {
  std::map<std::string, llm::Provider, std::less<>> providers;
  for (const llm::Model& model : models) {
    const std::string name{model.provider};
    providers[name] = {url + '/' + name, "key-of-" + name};  // a service has the provider's URL and a true key here
  }
  return providers;
}

bool to_the_end(std::string_view) { return true; }

}  // namespace

int main() {
  const llm::RecordedFiles files{TALLYSCOPE_RECORDED};
  llm::ReplayServer server{files};
  long long waited = 0;  // milliseconds; a service would sleep
  const auto wait = [&](std::chrono::milliseconds time) { waited += time.count(); };
  const llm::LlmClient client{providers_at(server.url()), {.wait = wait}};

  ts::MemorySink sink;
  Tracker tracker{sink};

  Turn first{tracker, {.application = "word-help", .session = "s-1"}};
  server.next("/google/", too_many_requests());
  for (const llm::Model& model : models) ask_with_tool(first, client, model);

  Turn second{tracker, {.application = "word-help", .session = "s-1"}};
  server.next("/anthropic/", overloaded());
  for (const llm::Model& model : models) client.ask(second, model, question("And without counting?"));

  const llm::Recorded half = broken(llm::stream_of(files.file("anthropic.sse")));
  server.next("/anthropic/", half);
  const llm::Reply torn = client.stream(second, llm::sonnet, question("Where does a river end?"), to_the_end);
  int pieces = 0;
  const auto seen_enough = [&](std::string_view) { return ++pieces < 6; };
  const llm::Reply stopped = client.stream(second, llm::gpt_4_1, question("And where does it begin?"), seen_enough);

  const ts::Stats stats = sink.snapshot();
  print_models(stats);
  print_turn("first turn ", first.totals());
  print_turn("second turn", second.totals());
  std::cout << "waited " << waited << " ms before asking again\n"
            << "broken off (" << torn.error_type << "): " << torn.text << "\nstopped: " << stopped.text << '\n';
  return agree(stats.total, recorded(files, half)) ? 0 : 1;
}
