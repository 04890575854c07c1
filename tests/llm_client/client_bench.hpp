// SPDX-License-Identifier: MIT
// What a test of the client stands on: a server that replays, and a tracker that keeps its records.
#pragma once

#include "../../examples/llm_client/client.hpp"
#include "recorded_bodies.hpp"

#include <tallyscope/recording_sink.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace client_bench {

namespace ts = tallyscope;
using namespace std::chrono_literals;

inline constexpr llm::Model models[] = {llm::gpt_4_1, llm::sonnet, llm::flash, llm::mistral_large};
inline const llm::Prompt prompt{.messages = {{.text = "Where does a river end?"}}};

/// A client, a server that replays, and what the tracker wrote.
struct Bench {
  std::mutex mutex;
  std::vector<llm::Request> requests;
  llm::RecordedFiles files{TALLYSCOPE_SOURCE_DIR "/examples/llm_client/recorded"};
  llm::ReplayServer server{[this](const llm::Request& request) {
    const std::lock_guard lock{mutex};
    requests.push_back(request);
    return files(request);
  }};
  std::vector<std::chrono::milliseconds> waits;
  static constexpr std::chrono::milliseconds patience = 10s;
  llm::LlmClient client = client_of(server.url());
  llm::LlmClient patient_client = client_of(server.url(), patience);
  ts::RecordingSink sink;
  ts::Tracker<ts::RecordingSink> tracker{sink};
  ts::TurnScope<ts::Tracker<ts::RecordingSink>> turn{tracker};

  llm::LlmClient client_of(const std::string& url, std::chrono::milliseconds timeout = 250ms) {
    std::map<std::string, llm::Provider, std::less<>> providers;
    for (const llm::Model& model : models)
      providers[std::string{model.provider}] = {url + '/' + std::string{model.provider}, "top-secret"};
    return llm::LlmClient{providers, {.timeout = timeout, .wait = [this](auto time) { waits.push_back(time); }}};
  }
};

inline bool always(std::string_view) { return true; }

}  // namespace client_bench
