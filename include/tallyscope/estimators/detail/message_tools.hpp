// SPDX-License-Identifier: MIT
// The definitions of tools that go with a chat: the part of messages.hpp that is about them.
#pragma once

#include <tallyscope/estimators/detail/message_sums.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tallyscope::inline v0 {

/// A parameter of a tool.
struct ToolProperty {
  std::string_view name{};
  std::string_view type{};
  std::string_view description{};
  std::span<const std::string_view> choices{};  ///< its "enum"
};

/// A function that the model may call.
struct ToolDefinition {
  std::string_view name{};
  std::string_view description{};
  std::span<const ToolProperty> properties{};
};

/// How the definitions of tools become tokens. A full stop at the end of a description does not count.
///   per_tools, if there are any, + for each tool: per_tool + count("name:description")
///                                                 + per_properties, if it has any
///   and for each of its properties:               per_property + count("name:type:description")
///                                                 + per_choices, if it has any
///   and for each of its choices:                  per_choice + count(choice)
struct ToolProfile {
  std::int32_t per_tools = 0;       ///< func_end in the cookbook
  std::int32_t per_tool = 0;        ///< func_init
  std::int32_t per_properties = 0;  ///< prop_init
  std::int32_t per_property = 0;    ///< prop_key
  std::int32_t per_choices = 0;     ///< enum_init
  std::int32_t per_choice = 0;      ///< enum_item

  friend constexpr bool operator==(const ToolProfile&, const ToolProfile&) noexcept = default;
};

/// gpt-4o and gpt-4o-mini: OpenAI Cookbook, the same page, section 7, num_tokens_for_tools.
inline constexpr ToolProfile gpt_4o_tools{
    .per_tools = 12, .per_tool = 7, .per_properties = 3, .per_property = 3, .per_choices = -3, .per_choice = 3};

/// gpt-3.5-turbo and gpt-4: the same section.
inline constexpr ToolProfile gpt_4_tools{
    .per_tools = 12, .per_tool = 10, .per_properties = 3, .per_property = 3, .per_choices = -3, .per_choice = 3};

namespace detail {

/// The parts of a tool as the lines that are counted. A tokenizer may join what stands on both sides of a colon.
class ToolLine {
 public:
  std::string_view of(const ToolDefinition& tool) {
    line_.assign(tool.name).append(":");
    return with(tool.description);
  }
  std::string_view of(const ToolProperty& property) {
    line_.assign(property.name).append(":").append(property.type).append(":");
    return with(property.description);
  }

 private:
  std::string_view with(std::string_view description) {
    if (description.ends_with('.')) description.remove_suffix(1);
    return line_.append(description);
  }

  std::string line_;
};

template <class Counter>
void add_property(TextSum<Counter>& total, ToolLine& line, const ToolProperty& property, const ToolProfile& profile) {
  total.add(profile.per_property);
  if (!property.choices.empty()) total.add(profile.per_choices);
  for (const std::string_view choice : property.choices) {
    total.add(profile.per_choice);
    total.add(choice);
  }
  total.add(line.of(property));
}

template <class Counter>
void add_tool(TextSum<Counter>& total, ToolLine& line, const ToolDefinition& tool, const ToolProfile& profile) {
  total.add(profile.per_tool);
  total.add(line.of(tool));
  if (!tool.properties.empty()) total.add(profile.per_properties);
  for (const ToolProperty& property : tool.properties) add_property(total, line, property, profile);
}

}  // namespace detail

}  // namespace tallyscope::inline v0
