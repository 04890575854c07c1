// SPDX-License-Identifier: MIT
// Where each provider listens and what it wants to be told beside the request itself.
#pragma once

#include "models.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace llm {

/// `base_url` is what comes before "/v1": the provider's own, or that of something that stands in its place.
struct Provider {
  std::string base_url;
  std::string key;
};

inline constexpr std::string_view openai_url = "https://api.openai.com";
inline constexpr std::string_view anthropic_url = "https://api.anthropic.com";
inline constexpr std::string_view gemini_url = "https://generativelanguage.googleapis.com";
inline constexpr std::string_view mistral_url = "https://api.mistral.ai";

/// The path behind the base URL, without a query.
inline std::string path_of(const Model& model, bool streamed) {
  switch (model.shape) {
    case Shape::openai:
    case Shape::mistral:
      return "/v1/chat/completions";
    case Shape::anthropic:
      return "/v1/messages";
    case Shape::gemini:
      return "/v1beta/models/" + std::string{model.name} + (streamed ? ":streamGenerateContent" : ":generateContent");
  }
  return {};
}

/// Only one provider wants to be told in the URL that a stream is to be one of server-sent events.
inline std::string_view query_of(const Model& model, bool streamed) {
  return model.shape == Shape::gemini && streamed ? "?alt=sse" : "";
}

/// The key goes here and nowhere else: no URL and no record has it.
inline std::vector<std::pair<std::string, std::string>> headers_of(Shape shape, const std::string& key) {
  switch (shape) {
    case Shape::openai:
    case Shape::mistral:
      return {{"Authorization", "Bearer " + key}};
    case Shape::anthropic:
      return {{"x-api-key", key}, {"anthropic-version", "2023-06-01"}};
    case Shape::gemini:
      return {{"x-goog-api-key", key}};
  }
  return {};
}

}  // namespace llm
