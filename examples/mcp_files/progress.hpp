// SPDX-License-Identifier: MIT
#pragma once

#include "output.hpp"

#include <cstddef>
#include <utility>

namespace mcp_files {

/// Tells the client how far a call has come, about twenty times a call, if it gave a token to be told by.
class Progress {
 public:
  // Round brackets: in curly ones a JSON value becomes a list of one.
  Progress(Output& output, json token) : output_{output}, token_(std::move(token)) {}

  void tell(std::size_t done, std::size_t total) {
    if (token_.is_null() || (done < next_ && done != total)) return;
    next_ = done + (total < 20 ? 1 : total / 20);
    output_.send(
        notification("notifications/progress", {{"progressToken", token_}, {"progress", done}, {"total", total}}));
  }

 private:
  Output& output_;
  const json token_;
  std::size_t next_ = 1;
};

/// The token of a request; null where there is none.
inline json progress_token(const json& params) {
  const json meta = params.value("_meta", json{});
  const json token = meta.is_object() ? meta.value("progressToken", json{}) : json{};
  return is_id(token) ? token : json{};
}

}  // namespace mcp_files
