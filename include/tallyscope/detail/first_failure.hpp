// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/health.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tallyscope::inline v0::detail {

/// Tells a handler of the first failure, once, whichever thread meets it.
class FirstFailure {
 public:
  FirstFailure() noexcept = default;
  FirstFailure(const FirstFailure&) = delete;
  FirstFailure& operator=(const FirstFailure&) = delete;
  ~FirstFailure() { delete handler_; }

  /// Set before anything can fail. Allocates.
  template <class Handler>
  void on_failure(Handler handler) {
    delete std::exchange(handler_, new OwnedHandler<Handler>{std::move(handler)});
  }

  /// What the handler throws is swallowed.
  [[gnu::cold, gnu::noinline]] void tell(const Failure& failure) noexcept {
    if (handler_ == nullptr || told_.exchange(true, std::memory_order_relaxed)) return;
    static_cast<void>(guarded([&] {
      const std::string message = failure.message.empty() ? failure.error.message() : std::string{failure.message};
      handler_->hear({failure.reason, failure.error, message});
      return std::error_code{};
    }));
  }

 private:
  struct FailureHandler {
    virtual ~FailureHandler() = default;
    virtual void hear(const Failure& failure) = 0;
  };
  template <class Handler>
  struct OwnedHandler final : FailureHandler {
    explicit OwnedHandler(Handler owned) : handler{std::move(owned)} {}
    void hear(const Failure& failure) override { handler(failure); }
    Handler handler;
  };

  std::atomic<bool> told_{false};
  FailureHandler* handler_ = nullptr;
};

}  // namespace tallyscope::inline v0::detail
