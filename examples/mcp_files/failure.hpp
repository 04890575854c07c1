// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace mcp_files {

/// Thrown by a tool that fails. The type is a word of ours and goes into the record; the sentence is for the model and
/// may name what it asked for, so it goes nowhere else.
struct ToolFailure {
  std::string_view type;
  std::string sentence;
};

/// Thrown by a tool that noticed that nobody waits for it any more.
struct Cancelled {};

}  // namespace mcp_files
