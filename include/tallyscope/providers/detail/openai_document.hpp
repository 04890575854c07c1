// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/openai_usage.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What the choices of a chat or text completion say, or what one chunk says of them.
class OpenAiChoices {
 public:
  void take(JsonSource& source) noexcept {
    std::int64_t count = 0;
    present_ = source.elements([&] {
      ++count;
      take_choice(source);
    });
    empty_ = present_ && count == 0;
  }

  void merge(const OpenAiChoices& later) noexcept {
    present_ = present_ || later.present_;
    open_ |= later.open_;
    finished_ |= later.finished_;
    for (std::size_t place = 0; place < calls_.size(); ++place)
      calls_[place] = std::max(calls_[place], later.calls_[place]);
    ending_.merge(later.ending_);
  }

  bool present() const noexcept { return present_; }
  bool empty() const noexcept { return empty_; }
  /// Has every choice that began come to its end?
  bool finished() const noexcept { return finished_ != 0 && (open_ & ~finished_) == 0; }
  const Ending& ending() const noexcept { return ending_; }
  Count tool_calls() const noexcept {
    std::int64_t calls = 0;
    for (const std::int64_t each : calls_) calls += each;
    return calls == 0 ? Count{} : Count{calls};
  }

 private:
  struct Choice {
    std::size_t index = 0;
    std::int64_t calls = 0;
    Word reason{};
    bool refused = false;
  };

  void take_choice(JsonSource& source) noexcept {
    Choice choice;
    source.members([&](std::string_view key) {
      if (key == "index") choice.index = place_of(source.count());
      if (key == "finish_reason") choice.reason = source.word();
      if (key == "text") source.answer();
      if (key == "message" || key == "delta") take_message(source, choice);
    });
    const std::uint64_t bit = std::uint64_t{1} << choice.index;
    open_ |= bit;
    if (!choice.reason.empty()) finished_ |= bit;
    calls_[choice.index % calls_.size()] = std::max(calls_[choice.index % calls_.size()], choice.calls);
    if (choice.refused) ending_.fail(Outcome::policy_blocked, "refusal");
    ending_.stop(choice.reason);
  }

  static std::size_t place_of(Count index) noexcept { return static_cast<std::size_t>(index.value_or(0)) % 64; }

  static void take_message(JsonSource& source, Choice& choice) noexcept {
    source.members([&](std::string_view key) {
      if (key == "content") take_content(source);
      if (key == "reasoning_content" || key == "reasoning") source.answer();
      if (key == "refusal") choice.refused |= take_refusal(source);
      if (key == "tool_calls") take_calls(source, choice);
      if (key == "function_call" && take_function(source)) choice.calls = std::max<std::int64_t>(choice.calls, 1);
    });
  }

  static bool take_refusal(JsonSource& source) noexcept {
    JsonString text;
    if (!source.string(text) || text.raw().empty()) return false;
    if (source.listener()) each_piece(text, source.listener());
    return true;
  }

  /// A text, or parts of which some hold parts in turn.
  static void take_content(JsonSource& source) noexcept {
    if (!source.listener()) return;
    if (source.type() == JsonType::string) return source.answer();
    source.elements([&] {
      source.members([&](std::string_view key) {
        if (key == "text" || key == "thinking") take_content(source);
      });
    });
  }

  /// A chunk has a piece of a call, whose place it names; a message has its calls in their order.
  static void take_calls(JsonSource& source, Choice& choice) noexcept {
    std::int64_t place = 0;
    source.elements([&] {
      std::int64_t index = place++;
      source.members([&](std::string_view key) {
        if (key == "index") index = std::min<std::int64_t>(source.count().value_or(index), 100'000);
        if (key == "function") take_function(source);
      });
      choice.calls = std::max(choice.calls, index + 1);
    });
  }

  static bool take_function(JsonSource& source) noexcept {
    return source.members([&](std::string_view key) {
      if (key == "name" || key == "arguments") source.answer();
    });
  }

  bool present_ = false;
  bool empty_ = false;
  std::uint64_t open_ = 0;
  std::uint64_t finished_ = 0;
  std::array<std::int64_t, 8> calls_{};  // by the choice they belong to
  Ending ending_{};
};

/// What the output items of the Responses API say.
struct OpenAiItems {
  std::int64_t web_searches = 0;
  std::int64_t file_searches = 0;
  std::int64_t tool_calls = 0;
  bool refused = false;
  bool any = false;

  void take(JsonSource& source) noexcept {
    OpenAiItems all;
    source.elements([&] { all.take_item(source); });
    *this = all;
  }

  void take_item(JsonSource& source) noexcept {
    Word type, action;
    source.members([&](std::string_view key) {
      if (key == "type") type = source.word();
      if (key == "action") action = type_in(source);
      if (key == "content") take_content(source);
    });
    any = any || !type.empty();
    if (type == "web_search_call" && (action.empty() || action == "search")) ++web_searches;
    if (type == "file_search_call") ++file_searches;
    if (is_tool_call(type)) ++tool_calls;
  }

  void add(const OpenAiItems& more) noexcept {
    web_searches += more.web_searches;
    file_searches += more.file_searches;
    tool_calls += more.tool_calls;
    refused = refused || more.refused;
    any = any || more.any;
  }

 private:
  /// What the caller is asked to do. What the provider runs itself is no call of the model's to count.
  static bool is_tool_call(std::string_view type) noexcept {
    for (const std::string_view each :
         {"function_call", "custom_tool_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call"})
      if (type == each) return true;
    return false;
  }

  static Word type_in(JsonSource& source) noexcept {
    Word type;
    source.members([&](std::string_view key) {
      if (key == "type") type = source.word();
    });
    return type;
  }

  void take_content(JsonSource& source) noexcept {
    source.elements([&] { refused |= type_in(source) == "refusal"; });
  }
};

/// What one document of an API of OpenAI's shape says: a body, or an event of a stream.
struct OpenAiDocument {
  ShortText<name_limit> id{};
  ShortText<name_limit> model{};
  ShortText<name_limit> tier{};
  Word type{};    // of an event, or of an error that stands at the top
  Word object{};  // "error" where the members of an error stand at the top
  Word status{};  // of a response
  Word reason{};  // why a response is incomplete
  Word router{};  // whom a router asked
  OpenAiUsage usage{};
  OpenAiChoices choices{};
  OpenAiItems items{};  // of a response
  OpenAiItems item{};   // the one of an event
  ProviderError error{};
  ProviderError at_top{};
  JsonString delta{};     // of an event; views the document
  bool filtered = false;  // bears the marks of Azure's content filter
  bool groq = false;

  void take(JsonSource& source) noexcept {
    source.root([&](std::string_view key) { take_member(key, source); });
  }

  bool has_error() const noexcept { return error.present() || type == "error" || object == "error"; }

  /// Says how it ended.
  Ending ending() const noexcept {
    Ending ending = choices.ending();
    error.give(ending);
    if (type == "error" || object == "error") at_top.give(ending);
    if (object == "error") ending.fail(Outcome::error, type);
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
  }

  /// Whom the shape proves to be the provider.
  std::string_view served_by() const noexcept {
    if (!router.empty() && id.view().starts_with("gen-")) return "openrouter";
    if (groq) return "groq";
    if (filtered) return "azure.ai.openai";
    return usage.only_of;
  }

 private:
  /// What an event or a line of a batch wraps.
  void take_inner(JsonSource& source) noexcept {
    source.members([&](std::string_view key) { take_member(key, source); });
  }

  void take_member(std::string_view key, JsonSource& source) noexcept {
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
        if (key == "usage") take_openai_usage(source, usage);
        if (key == "error") error.take(source);
        if (key == "delta") source.string(delta);
        break;
      default:
        take_longer(key, source);
    }
  }

  void take_longer(std::string_view key, JsonSource& source) noexcept {
    if (key == "choices") choices.take(source);
    if (key == "output") items.take(source);
    if (key == "object") object = source.word();
    if (key == "status") status = source.word();
    if (key == "provider") router = source.word();
    if (key == "response") take_inner(source);
    if (key == "service_tier") source.text(tier);
    if (key == "usage_info") take_openai_usage(source, usage);
    if (key == "incomplete_details" || key == "status_details") take_reason(source);
    filtered = filtered || key == "prompt_filter_results";
    groq = groq || key == "x_groq";
  }

  void take_reason(JsonSource& source) noexcept {
    source.members([&](std::string_view key) {
      if (key == "reason") reason = source.word();
      if (key == "error") error.take(source);
    });
  }
};

}  // namespace tallyscope::inline v0::detail
