// SPDX-License-Identifier: MIT
// The client of a host: it asks models over HTTP, and each attempt is one tracked call.
#pragma once

#include "exchange.hpp"
#include "http.hpp"
#include "models.hpp"
#include "prompt.hpp"
#include "provider.hpp"
#include "request.hpp"

#include <tallyscope/tallyscope.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace llm {

/// What came of a question, after all attempts. No failure is an exception: what is known of a failed call is here too.
struct Reply {
  std::string text{};
  std::vector<ToolCall> tool_calls{};
  ts::Outcome outcome = ts::Outcome::success;
  std::string error_type{};
  int status = 0;  // of HTTP; 0: no response
  int attempts = 0;
};

/// Gets the pieces of a streamed text; false stops the stream.
using OnText = std::function<bool(std::string_view)>;

struct Settings {
  int most_attempts = 3;
  std::chrono::milliseconds timeout{60'000};  // to connect, and between two pieces of a response
  std::chrono::milliseconds first_wait{500};  // doubled each time, where the provider names none
  std::chrono::milliseconds longest_wait{30'000};
  std::function<void(std::chrono::milliseconds)> wait = [](std::chrono::milliseconds time) {
    std::this_thread::sleep_for(time);
  };
};

/// Any number of threads may ask at once, and then call `Settings::wait` at once. A model of a provider that it was not
/// given throws std::out_of_range.
class LlmClient {
 public:
  explicit LlmClient(std::map<std::string, Provider, std::less<>> providers, Settings settings = {})
      : providers_{std::move(providers)}, settings_{std::move(settings)} {}

  /// Asks, and waits for the whole answer. Asks again after a 429 and after any 5xx; each attempt has its own record.
  template <class Tracker>
  Reply ask(const ts::TurnScope<Tracker>& turn, const Model& model, const Prompt& prompt) const {
    return attempts([&] { return attempt(turn, model, prompt, false, [](std::string_view) { return true; }); });
  }

  /// The same, but hands on the text as it comes, until `on_text` returns false. A stream that breaks off later is not
  /// begun again. What `on_text` throws comes out of here, and the record says `error`.
  template <class Tracker>
  Reply stream(const ts::TurnScope<Tracker>& turn, const Model& model, const Prompt& prompt,
               const OnText& on_text) const {
    return attempts([&] { return attempt(turn, model, prompt, true, on_text); });
  }

 private:
  struct Attempt {
    Reply reply;
    std::string retry_after;
  };

  template <class Once>
  Reply attempts(const Once& once) const {
    for (int number = 1;; ++number) {
      Attempt attempt = once();
      attempt.reply.attempts = number;
      const bool may_help = attempt.reply.status == 429 || attempt.reply.status >= 500;
      if (!may_help || number >= settings_.most_attempts) return std::move(attempt.reply);
      settings_.wait(time_to_wait(attempt.retry_after, number));
    }
  }

  /// The one place that is tracked: a scope around one request and its response.
  template <class Tracker>
  Attempt attempt(const ts::TurnScope<Tracker>& turn, const Model& model, const Prompt& prompt, bool streamed,
                  const OnText& on_text) const {
    const HttpRequest request = request_of(model, prompt, streamed);
    Exchange exchange{model.shape, streamed};
    ts::TrackScope call{turn,
                        {.provider = model.provider, .model = model.name, .endpoint = request.base_url + request.path}};
    const HttpEnd end = post(request, settings_.timeout, [&](int status, std::string_view bytes) {
      return exchange.take(status, bytes, [&](std::string_view text) {
        call.output_chunk(text);
        return on_text(text);
      });
    });
    const Ending ending = exchange.finish(end);
    const Answer& answer = exchange.answer();
    if (end.was_taken()) {
      prompt.for_each_text([&](const std::string& text) { call.input_text(text); });
      if (!streamed && !answer.text().empty()) call.output_text(answer.text());
      for (const ToolCall& wanted : answer.tool_calls()) call.output_text(wanted.name + wanted.arguments);
    }
    call.report([&] { return exchange.reading(); });
    if (!answer.tool_calls().empty()) call.tool_calls(answer.tool_calls().size());
    call.outcome(ending.outcome, ending.error_type);
    return {{answer.text(), answer.tool_calls(), ending.outcome, ending.error_type, end.status}, end.retry_after};
  }

  HttpRequest request_of(const Model& model, const Prompt& prompt, bool streamed) const {
    const Provider& provider = providers_.at(std::string{model.provider});
    return {provider.base_url, path_of(model, streamed), std::string{query_of(model, streamed)},
            headers_of(model.shape, provider.key), written(request_body(model, prompt, streamed))};
  }

  /// As many seconds as the header says, which may be a date as well or anything else: then longer each time.
  std::chrono::milliseconds time_to_wait(std::string_view retry_after, int attempt) const {
    unsigned seconds = 0;
    const auto [rest, error] = std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
    const bool is_stated = error == std::errc{} && rest == retry_after.data() + retry_after.size();
    const std::chrono::milliseconds stated = std::chrono::seconds{seconds};
    return std::min(is_stated ? stated : settings_.first_wait * (1 << std::min(attempt - 1, 10)),
                    settings_.longest_wait);
  }

  const std::map<std::string, Provider, std::less<>> providers_;
  const Settings settings_;
};

}  // namespace llm
