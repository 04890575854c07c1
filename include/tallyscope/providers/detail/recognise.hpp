// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/providers/hint.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

/// A member at the top that only one shape has.
struct ShapeMark {
  std::string_view key;
  JsonType type;
  Shape shape;
};

inline constexpr ShapeMark shape_marks[] = {
    {"choices", JsonType::array, Shape::openai},
    {"output", JsonType::array, Shape::openai},
    {"code", JsonType::string, Shape::openai},
    {"created", JsonType::number, Shape::openai},
    {"created_at", JsonType::number, Shape::openai},
    {"data", JsonType::array, Shape::openai},
    {"object", JsonType::string, Shape::openai},
    {"usage_info", JsonType::object, Shape::openai},
    {"system_fingerprint", JsonType::string, Shape::openai},
    {"stop_reason", JsonType::string, Shape::anthropic},
    {"stop_reason", JsonType::null, Shape::anthropic},
    {"stop_sequence", JsonType::null, Shape::anthropic},
    {"sequence_number", JsonType::number, Shape::openai},
    {"result", JsonType::object, Shape::anthropic},
    {"candidates", JsonType::array, Shape::gemini},
    {"usageMetadata", JsonType::object, Shape::gemini},
    {"promptFeedback", JsonType::object, Shape::gemini},
    {"modelVersion", JsonType::string, Shape::gemini},
    {"stopReason", JsonType::string, Shape::bedrock},
    {"metrics", JsonType::object, Shape::bedrock},
    {"contentBlockIndex", JsonType::number, Shape::bedrock},
    {"__type", JsonType::string, Shape::bedrock},
    {"meta", JsonType::object, Shape::cohere},
    {"finish_reason", JsonType::string, Shape::cohere},
    {"event_type", JsonType::string, Shape::cohere},
    {"created_at", JsonType::string, Shape::ollama},
    {"done", JsonType::boolean, Shape::ollama},
    {"response", JsonType::string, Shape::ollama},
    {"eval_count", JsonType::number, Shape::ollama},
    {"prompt_eval_count", JsonType::number, Shape::ollama},
};

/// The same within `usage`.
inline constexpr ShapeMark usage_marks[] = {
    {"prompt_tokens", JsonType::number, Shape::openai},
    {"total_tokens", JsonType::number, Shape::openai},
    {"input_tokens_details", JsonType::object, Shape::openai},
    {"input_token_details", JsonType::object, Shape::openai},
    {"cache_read_input_tokens", JsonType::number, Shape::anthropic},
    {"cache_creation_input_tokens", JsonType::number, Shape::anthropic},
    {"cache_creation", JsonType::object, Shape::anthropic},
    {"inputTokens", JsonType::number, Shape::bedrock},
    {"billed_units", JsonType::object, Shape::cohere},
};

template <class Marks>
Shape marked_shape(std::string_view key, JsonType type, const Marks& marks) noexcept {
  for (const ShapeMark& mark : marks)
    if (mark.key == key && mark.type == type) return mark.shape;
  return Shape::unknown;
}

/// What the `type` of a body or an event tells.
inline Shape shape_of_type(std::string_view type) noexcept {
  for (const std::string_view each : {"response.", "transcript.", "session.", "conversation.", "image_"})
    if (type.starts_with(each)) return Shape::openai;
  for (const std::string_view each : {"message-", "content-", "tool-plan-", "tool-call-", "citation-"})
    if (type.starts_with(each)) return Shape::cohere;
  for (const std::string_view each : {"message", "content_block_", "ping"})
    if (type.starts_with(each)) return Shape::anthropic;
  return Shape::unknown;
}

/// Is a document that stands alone, or first on its line, an event of a stream rather than a whole body? A member at
/// the top tells, and what tells of neither is a body.
inline bool is_event(std::string_view json) noexcept {
  JsonScan scan{json};
  JsonString key, word;
  scan.begin_object();
  while (scan.next_member(key)) {
    const std::string_view name = key.raw();
    const JsonType type = scan.type();
    if ((name == "done" && type == JsonType::boolean) || (name == "event_type" && type == JsonType::string))
      return true;
    if (name == "object" && scan.string(word)) return word.raw().ends_with(".chunk");
    if (name == "type" && scan.string(word))
      return word.raw() == "message_start" || shape_of_type(word.raw()) == Shape::openai;
    scan.skip();
  }
  return false;
}

/// Looks at a document only as far as it takes to know its shape, which is seldom far.
class ShapeSearch {
 public:
  explicit ShapeSearch(std::string_view document) noexcept : scan_{document} {}

  Shape shape() noexcept {
    if (scan_.begin_array() && !scan_.next_element()) return Shape::unknown;
    JsonString key;
    if (scan_.begin_object())
      while (found_ == Shape::unknown && scan_.next_member(key)) look_at(key.raw());
    return found_ == Shape::unknown ? guess_ : found_;
  }

 private:
  void look_at(std::string_view key) noexcept {
    found_ = marked_shape(key, scan_.type(), shape_marks);
    if (found_ != Shape::unknown) return;
    if (key == "type") return look_at_type();
    if (key == "usage" && scan_.type() == JsonType::object) return look_at_usage();
    if (key == "error" && scan_.type() == JsonType::object) return look_at_error();
    if (key == "response" && scan_.type() == JsonType::object) return look_at_response();
    if (key == "output" && scan_.type() == JsonType::object) guess_ = Shape::bedrock;
    if (key == "content" && scan_.type() == JsonType::array) guess_ = Shape::anthropic;
    scan_.skip();
  }

  void look_at_type() noexcept {
    JsonString type;
    if (!scan_.string(type)) {
      scan_.skip();
      return;
    }
    found_ = shape_of_type(type.raw());
    if (type.raw() == "error") guess_ = Shape::anthropic;
  }

  void look_at_usage() noexcept {
    JsonString key;
    scan_.begin_object();
    while (scan_.next_member(key)) {
      // A gateway may add the names of whom it asked to those of its own shape.
      if (found_ == Shape::unknown || key.raw() == "prompt_tokens")
        found_ = marked_shape(key.raw(), scan_.type(), usage_marks);
      if (key.raw() == "input_tokens" && guess_ == Shape::unknown) guess_ = Shape::anthropic;
      scan_.skip();
    }
  }

  /// A line of a batch's results wraps the response of whomever it is.
  void look_at_response() noexcept {
    JsonString key;
    found_ = Shape::openai;
    scan_.begin_object();
    while (scan_.next_member(key)) {
      if (marked_shape(key.raw(), scan_.type(), shape_marks) == Shape::gemini) found_ = Shape::gemini;
      scan_.skip();
    }
  }

  /// Google's errors have a status in words.
  void look_at_error() noexcept {
    JsonString key;
    if (guess_ == Shape::unknown) guess_ = Shape::openai;
    scan_.begin_object();
    while (scan_.next_member(key)) {
      if (key.raw() == "status" && scan_.type() == JsonType::string) found_ = Shape::gemini;
      scan_.skip();
    }
  }

  JsonScan scan_;
  Shape found_ = Shape::unknown;
  Shape guess_ = Shape::unknown;
};

}  // namespace tallyscope::inline v0::detail
