// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/json_source.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

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
    JsonWord type, action;
    source.members([&](MemberName key) {
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

  static JsonWord type_in(JsonSource& source) noexcept {
    JsonWord type;
    source.members([&](MemberName key) {
      if (key == "type") type = source.word();
    });
    return type;
  }

  void take_content(JsonSource& source) noexcept {
    source.elements([&] { refused |= type_in(source) == "refusal"; });
  }
};

}  // namespace tallyscope::inline v0::detail
