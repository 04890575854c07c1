// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/anthropic_usage.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What one document of Anthropic's Messages API says: a body, an event of a stream, or a line of a batch's results.
struct AnthropicDocument {
  ShortText<name_limit> id{};
  ShortText<name_limit> model{};
  ShortText<name_limit> request_id{};
  JsonWord type{};
  JsonWord stop_reason{};
  JsonWord batch_result{};
  AnthropicUsage usage{};
  std::int64_t tool_calls = 0;
  ProviderError error{};

  void take(JsonSource& source) noexcept {
    source.root([&](MemberName key) {
      if (key == "type") type = source.word();
      take_member(key, source);
    });
  }

  Ending ending() const noexcept {
    Ending ending;
    error.give(ending);
    if (type == "error") ending.fail(Outcome::error, {});
    if (batch_result == "errored") ending.fail(Outcome::error, {});
    ending.stop(batch_result);
    if (batch_result == "succeeded") ending.outcome.reset();  // to have an answer is not to have a good one
    ending.stop(stop_reason);
    return ending;
  }

  /// Takes over what a later event of the same stream says.
  void merge(const AnthropicDocument& later) noexcept {
    for (const auto text : {&AnthropicDocument::id, &AnthropicDocument::model, &AnthropicDocument::request_id})
      if (!(later.*text).empty()) this->*text = later.*text;
    if (later.usage.stated) usage.merge(later.usage);
    tool_calls += later.tool_calls;
  }

  void give(Reading& reading) const noexcept {
    usage.give(reading, model);
    if (tool_calls > 0) reading.counts.tool_calls = tool_calls;
    reading.served_model = model.view();
    if (!batch_result.empty() && usage.stated && reading.served_tier.empty()) reading.served_tier = "batch";
    reading.request_id = id.empty() ? request_id.view() : id.view();
    reading.served_by = served_by();
  }

 private:
  /// Ids tell from whose machines a message came.
  std::string_view served_by() const noexcept {
    if (id.view().starts_with("msg_bdrk_")) return "aws.bedrock";
    if (id.view().starts_with("msg_vrtx_")) return "gcp.vertex_ai";
    if (id.view().starts_with("msg_01")) return "anthropic";
    return {};
  }

  void take_member(MemberName key, JsonSource& source) noexcept {
    if (key == "id") source.text(id);
    if (key == "model") source.text(model);
    if (key == "request_id") source.text(request_id);
    if (key == "usage") usage.take(source);
    if (key == "stop_reason") stop_reason = source.word();
    if (key == "error") error.take(source);
    if (key == "content") source.elements([&] { take_block(source); });
    if (key == "content_block") take_block(source);
    if (key == "delta") take_delta(source);
    if (key == "message") source.members([&](MemberName inner) { take_member(inner, source); });
    if (key == "result") take_result(source);
  }

  void take_block(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "type" && source.word() == "tool_use") ++tool_calls;
      if (key == "name" || key == "text") source.answer();
    });
  }

  void take_delta(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "stop_reason") stop_reason = source.word();
      if (key == "text" || key == "thinking" || key == "partial_json" || key == "content") source.answer();
    });
  }

  void take_result(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "type") batch_result = source.word();
      if (key == "message" || key == "error") take_member(key, source);
    });
  }
};

}  // namespace tallyscope::inline v0::detail
