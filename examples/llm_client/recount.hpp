// SPDX-License-Identifier: MIT
// Counts over the recorded responses once more, by hand and without the library: what it adds up must come to the same.
#pragma once

#include "recorded_files.hpp"

#include <nlohmann/json.hpp>

#include <sstream>
#include <string>

namespace recount {

struct Sums {
  long long input = 0, output = 0, cached = 0, written = 0, thoughts = 0;

  friend bool operator==(const Sums&, const Sums&) = default;
};

using Json = nlohmann::json;

inline long long number(const Json& usage, const char* pointer) {
  return usage.value(Json::json_pointer{pointer}, 0LL);
}

inline void add_anthropic(Sums& sums, const Json& usage) {
  const long long cached = number(usage, "/cache_read_input_tokens");
  const long long written = number(usage, "/cache_creation_input_tokens");
  sums.input += number(usage, "/input_tokens") + cached + written;
  sums.cached += cached;
  sums.written += written;
}

inline void add_google(Sums& sums, const Json& usage) {
  sums.input += number(usage, "/promptTokenCount");
  sums.output += number(usage, "/candidatesTokenCount") + number(usage, "/thoughtsTokenCount");
  sums.cached += number(usage, "/cachedContentTokenCount");
  sums.thoughts += number(usage, "/thoughtsTokenCount");
}

inline void add_chat(Sums& sums, const Json& usage) {
  sums.input += number(usage, "/prompt_tokens");
  sums.output += number(usage, "/completion_tokens");
  sums.cached += number(usage, "/prompt_tokens_details/cached_tokens") + number(usage, "/num_cached_tokens");
}

inline void add_body(Sums& sums, const std::string& provider, const std::string& text) {
  const Json body = Json::parse(text);
  if (provider == "google") return add_google(sums, body.at("usageMetadata"));
  if (provider != "anthropic") return add_chat(sums, body.at("usage"));
  add_anthropic(sums, body.at("usage"));
  sums.output += number(body, "/usage/output_tokens");
}

/// The counts of a stream stand in its last event that has any; only one provider tells them in two halves.
inline void add_stream(Sums& sums, const std::string& provider, const std::string& text) {
  std::istringstream lines{text};
  Json last;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("data: {")) continue;
    const Json event = Json::parse(line.substr(6));
    if (event.contains("message")) add_anthropic(sums, event.at("message").at("usage"));
    if (event.contains("usage") || event.contains("usageMetadata")) last = event;
  }
  if (provider == "anthropic")
    sums.output += number(last, "/usage/output_tokens");
  else
    add_body(sums, provider, last.dump());
}

}  // namespace recount
