// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/owned_call.hpp>

#include <new>
#include <utility>

namespace tallyscope::inline v0 {

/// A call's identity, copied, cut and hashed once, for scopes that are made often. Made by `Tracker::prepare`; must
/// outlive the scopes that use it. May be used from many threads at once. Without memory it stands for an unnamed call.
class PreparedCall {
 public:
  explicit PreparedCall(const CallInfo& info) noexcept : owned_{new (std::nothrow) detail::OwnedCall{info}} {}
  PreparedCall(PreparedCall&& other) noexcept : owned_{std::exchange(other.owned_, nullptr)} {}
  PreparedCall& operator=(PreparedCall&& other) noexcept {
    std::swap(owned_, other.owned_);
    return *this;
  }
  ~PreparedCall() { delete owned_; }

  const Call& call() const noexcept { return owned_ != nullptr ? owned_->call() : no_call; }
  /// For scopes; null without memory, and when moved from.
  const detail::OwnedCall* owned() const noexcept { return owned_; }

 private:
  detail::OwnedCall* owned_;
};

/// What a tracker that is off prepares.
struct NothingPrepared {};

}  // namespace tallyscope::inline v0
