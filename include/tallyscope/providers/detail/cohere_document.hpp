// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>
#include <tallyscope/reading.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

struct CohereUnits {
  Count input{};
  Count output{};
  Count image{};
  Count search{};
};

inline constexpr CountMember<CohereUnits> cohere_units[] = {
    {"input_tokens", &CohereUnits::input},
    {"output_tokens", &CohereUnits::output},
    {"image_tokens", &CohereUnits::image},
    {"search_units", &CohereUnits::search},
};

/// A usage object, or `meta`, as it stands in the document: what is billed is less than what was used. Nothing tells
/// whether `cached_tokens` are within what is billed, so they are not asked for.
struct CohereUsage {
  CohereUnits billed{};
  CohereUnits used{};
  bool stated = false;
  bool bills = false;

  /// A null says nothing; an object takes the place of one before it, but only as a whole.
  void take(JsonSource& source) noexcept {
    CohereUsage read;
    read.stated = source.members([&](MemberName key) {
      if (key == "billed_units") read.bills = source.type() == JsonType::object;
      if (key == "billed_units") take_counts<cohere_units>(source, read.billed);
      if (key == "tokens") take_counts<cohere_units>(source, read.used);
    });
    if (read.stated) *this = read;
  }

  /// Where nothing is said of a bill, what was used stands for it.
  void give(Reading& reading) const noexcept {
    const CohereUnits& units = bills ? billed : used;
    reading.counts.input_tokens = sum({units.input, units.image});
    reading.counts.input_image = units.image;
    reading.counts.output_tokens = units.output;
    reading.counts.search_units = units.search;
    if (!bills) return;
    reading.served_by = "cohere";
    reading.used_input_tokens = used.input;
    reading.used_output_tokens = used.output;
  }
};

/// What one document of Cohere's chat, embed or rerank says: a body, or an event of a stream.
struct CohereDocument {
  ShortText<name_limit> id{};
  JsonWord type{};
  JsonWord finish_reason{};
  CohereUsage usage{};
  std::int64_t tool_calls = 0;
  bool embeds = false;
  ProviderError error{};

  void take(JsonSource& source) noexcept {
    source.root([&](MemberName key) {
      if (key == "type" || key == "event_type") type = source.word();
      if (key == "id" || key == "response_id" || key == "generation_id") source.text(id);
      if (key == "text") source.answer();  // of the first version's events
      take_member(key, source);
    });
  }

  Ending ending() const noexcept {
    Ending ending;
    error.give(ending);
    ending.stop(finish_reason);
    return ending;
  }

  /// Takes over what a later event of the same stream says.
  void merge(const CohereDocument& later) noexcept {
    if (!later.id.empty()) id = later.id;
    if (later.usage.stated) usage = later.usage;
    tool_calls += later.type == "tool-call-start" ? 1 : later.type.empty() ? later.tool_calls : 0;
  }

  /// The model is not among what is said.
  void give(Reading& reading) const noexcept {
    usage.give(reading);
    Usage& counts = reading.counts;
    if (embeds && counts.input_tokens.has_value()) counts.output_tokens = counts.output_tokens.or_else(0);
    if (tool_calls > 0) reading.counts.tool_calls = tool_calls;
    reading.request_id = id.view();
  }

  bool is_last() const noexcept { return type == "message-end" || type == "stream-end"; }

 private:
  void take_member(MemberName key, JsonSource& source) noexcept {
    if (key == "usage" || key == "meta") usage.take(source);
    if (key == "finish_reason") finish_reason = source.word();
    if (key == "error") error.take(source);
    if (key == "delta" || key == "response") source.members([&](MemberName inner) { take_member(inner, source); });
    if (key == "message") take_message(source);
    embeds = embeds || key == "embeddings";
  }

  void take_message(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "tool_plan") source.answer();
      if (key == "content") take_each(source, [&] { take_content(source); });
      if (key == "tool_calls") take_each(source, [&] { take_call(source); });
    });
  }

  /// A message has several of them, an event one.
  template <class Take>
  static void take_each(JsonSource& source, const Take& take) noexcept {
    if (source.type() == JsonType::array)
      source.elements(take);
    else
      take();
  }

  static void take_content(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "text" || key == "thinking") source.answer();
    });
  }

  void take_call(JsonSource& source) noexcept {
    ++tool_calls;
    source.members([&](MemberName key) {
      if (key != "function") return;
      source.members([&](MemberName part) {
        if (part == "name" || part == "arguments") source.answer();
      });
    });
  }
};

}  // namespace tallyscope::inline v0::detail
