// SPDX-License-Identifier: MIT
// Answers requests out of a folder of recorded responses.
#pragma once

#include "json.hpp"
#include "replay_server.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace llm {

inline std::string text_of_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

/// For the path "/openai/v1/...": openai.sse if the request wants a stream, openai_tool_call.json if it offers tools,
/// else openai.json. Any thread may ask.
class RecordedFiles {
 public:
  explicit RecordedFiles(std::string folder) : folder_{std::move(folder)} {}

  Recorded operator()(const Request& request) const {
    const json body = parsed(request.body);
    const std::string provider = request.path.substr(1, request.path.find('/', 1) - 1);
    const bool streamed = at(body, "stream") == true || request.path.find(":stream") != std::string::npos;
    if (streamed) return stream_of(file(provider + ".sse"));
    return {.body = file(provider + (at(body, "tools").is_array() ? "_tool_call.json" : ".json"))};
  }

  std::string file(const std::string& name) const { return text_of_file(folder_ + '/' + name); }

 private:
  std::string folder_;
};

}  // namespace llm
