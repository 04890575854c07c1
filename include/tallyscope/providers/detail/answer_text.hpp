// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

/// Takes the pieces of a model's answer in their order: what costs output tokens (content, reasoning, arguments of
/// tools), unescaped, each of them sound UTF-8. A piece is valid during the call. Without a function, nobody listens.
struct AnswerText {
  void (*piece)(void* context, std::string_view text) noexcept = nullptr;
  void* context = nullptr;

  explicit operator bool() const noexcept { return piece != nullptr; }
  void operator()(std::string_view text) const noexcept {
    if (piece != nullptr && !text.empty()) piece(context, text);
  }
};

}  // namespace tallyscope::inline v0::detail
