// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/json_source.hpp>
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
  OpenAiChoices() noexcept {}  // one that the compiler makes zeroes all bytes first

  /// What a choice states of the usage stands in for one that is stated beside the choices.
  void take(JsonSource& source, OpenAiUsage& usage) noexcept {
    std::int64_t count = 0;
    present_ = source.elements([&] {
      ++count;
      take_choice(source, usage);
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
    JsonWord reason{};
    bool refused = false;
  };

  void take_choice(JsonSource& source, OpenAiUsage& usage) noexcept {
    Choice choice;
    source.members([&](MemberName key) {
      if (key == "index") choice.index = place_of(source.count());
      if (key == "finish_reason") choice.reason = source.word();
      if (key == "text") source.answer();
      if (key == "usage" && !usage.stated) take_openai_usage(source, usage);  // Moonshot
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
    source.members([&](MemberName key) {
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
      source.members([&](MemberName key) {
        if (key == "text" || key == "thinking") take_content(source);
      });
    });
  }

  /// A chunk has a piece of a call, whose place it names; a message has its calls in their order.
  static void take_calls(JsonSource& source, Choice& choice) noexcept {
    std::int64_t place = 0;
    source.elements([&] {
      std::int64_t index = place++;
      source.members([&](MemberName key) {
        if (key == "index") index = std::min<std::int64_t>(source.count().value_or(index), 100'000);
        if (key == "function") take_function(source);
      });
      choice.calls = std::max(choice.calls, index + 1);
    });
  }

  static bool take_function(JsonSource& source) noexcept {
    return source.members([&](MemberName key) {
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

}  // namespace tallyscope::inline v0::detail
