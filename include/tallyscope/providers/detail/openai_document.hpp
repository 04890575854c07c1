// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/openai_choices.hpp>
#include <tallyscope/providers/detail/openai_items.hpp>
#include <tallyscope/providers/detail/openai_usage.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

/// What one document of an API of OpenAI's shape says: a body, or an event of a stream.
struct OpenAiDocument {
  ShortText<name_limit> id{};
  ShortText<name_limit> model{};
  ShortText<name_limit> tier{};
  JsonWord type{};    // of an event, or of an error that stands at the top
  JsonWord object{};  // "error" where the members of an error stand at the top
  JsonWord status{};  // of a response
  JsonWord reason{};  // why a response is incomplete
  JsonWord router{};  // whom a router asked
  OpenAiUsage usage{};
  OpenAiChoices choices{};
  OpenAiItems items{};  // of a response
  OpenAiItems item{};   // the one of an event
  ProviderError error{};
  ProviderError at_top{};
  JsonString delta{};     // of an event; views the document
  Count heard{};          // milliseconds of what was transcribed
  bool filtered = false;  // bears the marks of Azure's content filter
  bool groq = false;
  bool promised = false;  // usage was null, as it is in the chunks before the one that has it
  bool batched = false;   // a line of a batch's results

  void take(JsonSource& source) noexcept {
    source.root([&](MemberName key) { take_member(key, source); });
  }

  bool has_error() const noexcept { return error.present() || type == "error" || object == "error"; }

  /// Says how it ended.
  Ending ending() const noexcept {
    Ending ending;
    error.give(ending);
    if (type == "error" || object == "error") error_at_top().give(ending);
    ending.merge(choices.ending());
    if (items.refused || item.refused) ending.fail(Outcome::policy_blocked, "refusal");
    ending.stop(reason);
    if (!is_pending()) ending.stop(status);
    return ending;
  }

  /// Is it a response that the provider still works on?
  bool is_pending() const noexcept { return status == "queued" || status == "in_progress"; }

  /// Takes over what a later event of the same stream says.
  void merge(const OpenAiDocument& later) noexcept {
    for (const auto text : {&OpenAiDocument::id, &OpenAiDocument::model, &OpenAiDocument::tier})
      if (!(later.*text).empty()) this->*text = later.*text;
    if (!later.router.empty()) router = later.router;
    if (!later.status.empty()) status = later.status;
    if (later.usage.stated) usage = later.usage;
    if (later.items.any) items = later.items;
    if (later.type == "response.output_item.done") item.add(later.item);
    choices.merge(later.choices);
    filtered = filtered || later.filtered;
    groq = groq || later.groq;
    heard = later.heard.or_else(heard);
    promised = promised || later.promised;
    batched = batched || later.batched;
  }

  /// Whom the shape proves to be the provider.
  std::string_view served_by() const noexcept {
    if (!router.empty() && id.view().starts_with("gen-")) return "openrouter";
    if (groq) return "groq";
    if (filtered) return "azure.ai.openai";
    return usage.only_of;
  }

 private:
  /// An event says that it is an error by its type, a body by its object; the type is then that of the error.
  ProviderError error_at_top() const noexcept {
    ProviderError told = at_top;
    told.set_type(object == "error" ? type : JsonWord{});
    return told;
  }

  /// What an event or a line of a batch wraps.
  void take_inner(JsonSource& source) noexcept {
    source.members([&](MemberName key) { take_member(key, source); });
  }

  void take_member(MemberName key, JsonSource& source) noexcept {
    switch (key.size()) {
      case 2:
        if (key == "id") source.text(id);
        break;
      case 4:
        if (key == "type") type = source.word();
        if (key == "code") at_top.take_member(key, source);
        if (key == "item") item.take_item(source);
        if (key == "body") take_inner(source);
        break;
      case 5:
        if (key == "model") source.text(model);
        if (key == "usage") take_usage(source);
        if (key == "error") error.take(source);
        if (key == "delta") source.string(delta);
        break;
      default:
        take_longer(key, source);
    }
  }

  void take_longer(MemberName key, JsonSource& source) noexcept {
    if (key == "choices") choices.take(source, usage);
    if (key == "output") items.take(source);
    if (key == "duration" && source.type() == JsonType::number) heard = source.scaled_count(3);
    if (key == "object") object = source.word();
    if (key == "status") status = source.word();
    if (key == "provider") router = source.word();
    if (key == "response") take_inner(source);
    if (key == "service_tier") source.text(tier);
    if (key == "usage_info") take_openai_usage(source, usage);
    if (key == "incomplete_details" || key == "status_details") take_reason(source);
    filtered = filtered || key == "prompt_filter_results";
    if (key == "x_groq") take_groq(source);
    batched = batched || key == "custom_id";
  }

  void take_usage(JsonSource& source) noexcept {
    promised = source.type() == JsonType::null;
    take_openai_usage(source, usage);
  }

  /// The usage is here too, or, in older streams, only here.
  void take_groq(JsonSource& source) noexcept {
    groq = true;
    source.members([&](MemberName key) {
      if (key == "usage" && !usage.stated) take_openai_usage(source, usage);
      if (key == "error") error.take(source);
    });
  }

  void take_reason(JsonSource& source) noexcept {
    source.members([&](MemberName key) {
      if (key == "reason") reason = source.word();
      if (key == "error") error.take(source);
    });
  }
};

}  // namespace tallyscope::inline v0::detail
