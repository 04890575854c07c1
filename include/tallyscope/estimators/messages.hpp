// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/estimators/detail/message_model_name.hpp>
#include <tallyscope/estimators/detail/message_sums.hpp>
#include <tallyscope/estimators/detail/message_tools.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace tallyscope::inline v0 {

/// Counts the tokens of a text: a tokenizer, or a function of yours in a struct.
template <class C>
concept TokenCounter = requires(std::remove_reference_t<C>& counter, std::string_view text) {
  { counter.count(text) } -> std::integral;
};

/// An Estimator as a TokenCounter: each text by itself.
template <Estimator E>
struct EstimatorCounter {
  E prototype{};

  std::int64_t count(std::string_view text) const {
    E meter = prototype;
    meter.feed(text);
    return meter.tokens().tokens.value_or(0);
  }
};
template <class E>
EstimatorCounter(E) -> EstimatorCounter<E>;

struct ToolCall {
  std::string_view name{};
  std::string_view arguments{};  ///< as they are sent: JSON
};

/// A message of a chat. Views: nothing is copied. What is empty counts no tokens.
struct Message {
  std::string_view role{};
  std::string_view content{};  ///< its texts; images are counted by image_tokens.hpp
  std::string_view name{};
  std::span<const ToolCall> tool_calls{};
};

/// How a chat becomes tokens:
///   per_reply + for each message:   per_message + count(content)
///                                   + count(role), where `roles`
///                                   + per_name + count(name), where `names` and the name is not empty
///   and for each of its tool calls: per_tool_call + count(name) + count(arguments), where `tool_calls`
struct MessageProfile {
  std::int32_t per_message = 0;
  std::int32_t per_name = 0;
  std::int32_t per_tool_call = 0;
  std::int32_t per_reply = 0;
  bool roles = true;
  bool names = true;
  bool tool_calls = true;

  friend constexpr bool operator==(const MessageProfile&, const MessageProfile&) noexcept = default;
};

/// OpenAI's chat models: 3 a message, 1 a name, 3 that prime the reply. Published for gpt-3.5-turbo, gpt-4, gpt-4o and
/// gpt-4o-mini: OpenAI Cookbook, "How to count tokens with tiktoken", section 6 (c81359c, read 2026-11-22), which calls
/// it an estimate. It has no formula for tool calls: their texts are counted, without anything around them.
inline constexpr MessageProfile openai_messages{.per_message = 3, .per_name = 1, .per_reply = 3};

/// gpt-3.5-turbo-0301: 4 a message, and 1 less for a name, which takes the place of the role. The same section in an
/// older edition (06d9feb).
inline constexpr MessageProfile openai_messages_0301{.per_message = 4, .per_name = -1, .per_reply = 3};

/// mamba-agents' count_messages: 4 a message, 10 a tool call, 3 at the end; names are left out.
inline constexpr MessageProfile mamba_messages{.per_message = 4, .per_tool_call = 10, .per_reply = 3, .names = false};

/// The estimate of courses on token tracking: the contents, 4 a message and 3 at the end, nothing else.
inline constexpr MessageProfile lesson_messages{
    .per_message = 4, .per_reply = 3, .roles = false, .names = false, .tool_calls = false};

namespace detail {

template <class Counter>
void add_call(TextSum<Counter>& total, const ToolCall& call, const MessageProfile& profile) {
  total.add(profile.per_tool_call);
  total.add(call.name);
  total.add(call.arguments);
}

template <class Counter>
void add_message(TextSum<Counter>& total, const Message& message, const MessageProfile& profile) {
  total.add(profile.per_message);
  total.add(message.content);
  if (profile.roles) total.add(message.role);
  if (profile.names && !message.name.empty()) {
    total.add(profile.per_name);
    total.add(message.name);
  }
  if (!profile.tool_calls) return;
  for (const ToolCall& call : message.tool_calls) add_call(total, call, profile);
}

}  // namespace detail

/// The tokens of a chat, which is any container of messages or a list in braces. Saturates; throws what the counter
/// throws.
template <TokenCounter Counter, class Messages = std::initializer_list<Message>>
std::uint64_t count_messages(Counter&& counter, const Messages& messages, const MessageProfile& profile) {
  detail::TextSum<std::remove_reference_t<Counter>> total{counter};
  total.add(profile.per_reply);
  for (const Message& message : messages) detail::add_message(total, message, profile);
  return total.tokens();
}

/// What the definitions of tools add to the tokens of a chat. Saturates; throws what the counter throws, and where
/// there is no memory for a line.
template <TokenCounter Counter, class Tools = std::initializer_list<ToolDefinition>>
std::uint64_t count_tools(Counter&& counter, const Tools& tools, const ToolProfile& profile) {
  detail::TextSum<std::remove_reference_t<Counter>> total{counter};
  detail::ToolLine line;
  bool any = false;
  for (const ToolDefinition& tool : tools) {
    detail::add_tool(total, line, tool, profile);
    any = true;
  }
  if (any) total.add(profile.per_tools);
  return total.tokens();
}

namespace detail {

struct ModelProfiles {
  std::string_view name;
  Reach reach;
  MessageProfile messages;
  std::optional<ToolProfile> tools;
};

inline constexpr ModelProfiles model_profiles[] = {
    {"gpt-4o", Reach::family, openai_messages, gpt_4o_tools},
    {"gpt-4", Reach::family, openai_messages, gpt_4_tools},
    {"gpt-3.5-turbo", Reach::family, openai_messages, gpt_4_tools},
    {"gpt-35-turbo", Reach::family, openai_messages, gpt_4_tools},
    {"gpt-3.5-turbo-0301", Reach::dated, openai_messages_0301, std::nullopt},
    {"gpt-35-turbo-0301", Reach::dated, openai_messages_0301, std::nullopt},
};

}  // namespace detail

/// The published profile of a model, however its name is written (see encoding_of_model); nothing where there is none:
/// choose one then, and say that it is an estimate.
constexpr std::optional<MessageProfile> message_profile_of(std::string_view model) noexcept {
  const auto entry = detail::entry_of(detail::model_profiles, model);
  return entry ? std::optional{entry->messages} : std::nullopt;
}
constexpr std::optional<ToolProfile> tool_profile_of(std::string_view model) noexcept {
  const auto entry = detail::entry_of(detail::model_profiles, model);
  return entry ? entry->tools : std::nullopt;
}

/// n and `percent` of it, rounded down. Saturates.
constexpr std::uint64_t with_margin(std::uint64_t tokens, std::uint32_t percent) noexcept {
  // Split, so that nothing but the result can be too large.
  const std::uint64_t rest = tokens % 100 * percent / 100;
  return detail::capped_sum(tokens, detail::capped_sum(detail::capped_product(tokens / 100, percent), rest));
}

/// Has a context of `limit` tokens room for so many and a margin?
constexpr bool fits_context(std::uint64_t tokens, std::uint64_t limit, std::uint32_t margin_percent = 0) noexcept {
  const std::uint64_t needed = with_margin(tokens, margin_percent);
  return needed <= limit && needed != detail::most_tokens;  // which may stand for more
}

/// An Estimator for what has been counted already: it says so many tokens, whatever it is fed. It takes the count of a
/// chat to estimate_request:
///   estimate_request(prices, CountedTokens{count_messages(...)}, clock, info, {})
class CountedTokens {
 public:
  constexpr explicit CountedTokens(std::uint64_t tokens, float relative_error = 0) noexcept
      : tokens_{tokens}, relative_error_{relative_error} {}

  constexpr CountedTokens for_model(std::string_view) const noexcept { return *this; }
  constexpr void feed(std::string_view) noexcept {}
  constexpr Estimate tokens() const noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    return {.tokens = tokens_ < most ? tokens_ : most, .method = "counted", .relative_error = relative_error_};
  }

 private:
  std::uint64_t tokens_;
  float relative_error_;
};

static_assert(Estimator<CountedTokens>);

}  // namespace tallyscope::inline v0
