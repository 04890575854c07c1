// SPDX-License-Identifier: MIT
// Where an answer goes: out by itself, or with the others of the batch that asked.
#pragma once

#include "output.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp_files {

/// Collects the answers to a batch and sends them together once the last message of it is settled.
class Batch {
 public:
  static constexpr std::size_t most_bytes = 64u << 20;

  Batch(Output& output, std::size_t messages) : output_{output}, open_{messages} { answers_.reserve(messages); }

  /// True if so many bytes more may be held until all are sent.
  bool admits(std::size_t bytes) noexcept {
    const std::lock_guard lock{mutex_};
    if (bytes > most_bytes - admitted_) return false;
    admitted_ += bytes;
    return true;
  }

  /// Each message is settled once, on any thread; one that gets no answer too.
  void settle(std::optional<std::string> answer) noexcept {
    const std::lock_guard lock{mutex_};
    if (answer) answers_.push_back(std::move(*answer));
    if (--open_ == 0 && !answers_.empty()) output_.send_list(answers_);
  }

 private:
  Output& output_;
  std::mutex mutex_;
  std::size_t open_, admitted_ = 0;
  std::vector<std::string> answers_;
};

/// A copy of it goes with each message that is answered later.
class Reply {
 public:
  explicit Reply(Output& output, std::shared_ptr<Batch> batch = nullptr) : output_{&output}, batch_{std::move(batch)} {}

  /// False if an answer of so many bytes is too much for the batch. Small ones need not ask.
  bool admits(std::size_t bytes) const noexcept { return !batch_ || batch_->admits(bytes); }

  /// With the answer as JSON; without one for what is to get none.
  void settle(std::optional<std::string> answer) const noexcept {
    if (batch_)
      batch_->settle(std::move(answer));
    else if (answer)
      output_->send_line(*answer);
  }

 private:
  Output* output_;
  std::shared_ptr<Batch> batch_;
};

}  // namespace mcp_files
