// SPDX-License-Identifier: MIT
// Where an answer goes: out by itself, or with the others of the batch that asked.
#pragma once

#include "output.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace mcp_files {

/// Collects the answers to a batch and sends them together once the last message of it is settled.
class Batch {
 public:
  Batch(Output& output, std::size_t messages) : output_{output}, open_{messages} {}

  /// Each message is settled once, on any thread; one that gets no answer too.
  void settle(std::optional<json> answer) {
    const std::lock_guard lock{mutex_};
    if (answer) answers_.push_back(std::move(*answer));
    if (--open_ == 0 && !answers_.empty()) output_.send(answers_);
  }

 private:
  Output& output_;
  std::mutex mutex_;
  std::size_t open_;
  json answers_ = json::array();
};

/// A copy of it goes with each message that is answered later.
class Reply {
 public:
  explicit Reply(Output& output, std::shared_ptr<Batch> batch = nullptr) : output_{&output}, batch_{std::move(batch)} {}

  /// Without an answer for what is to get none.
  void settle(std::optional<json> answer) const {
    if (batch_)
      batch_->settle(std::move(answer));
    else if (answer)
      output_->send(*answer);
  }

 private:
  Output* output_;
  std::shared_ptr<Batch> batch_;
};

}  // namespace mcp_files
