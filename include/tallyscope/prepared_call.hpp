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
  const Caller& caller() const noexcept { return owned_ != nullptr ? owned_->caller() : no_caller; }
  bool has_caller() const noexcept { return owned_ != nullptr && owned_->has_caller(); }
  Diagnostics diagnostics() const noexcept { return owned_ != nullptr ? owned_->diagnostics() : Diagnostics{}; }

 private:
  detail::OwnedCall* owned_;
};

}  // namespace tallyscope::inline v0
