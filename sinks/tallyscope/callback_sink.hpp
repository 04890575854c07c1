// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>

#include <concepts>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tallyscope::inline v0 {

/// Gives each record to a function of yours: `CallbackSink sink{[](const Record& record) { ... }}`.
///
/// The function runs in the thread whose call has ended, so from many threads at once: what it shares it must guard.
/// The record's texts are valid only during the call. It returns nothing, or a std::error_code that says the record was
/// not taken. What it throws is the caller's to catch; a Tracker does, and counts the record as dropped.
template <class F>
class CallbackSink {
  using Answer = std::invoke_result<F&, const Record&>;
  static_assert(std::invocable<F&, const Record&>,
                "the function of a CallbackSink takes one const tallyscope::Record&");

 public:
  explicit CallbackSink(F callback) : callback_(std::move(callback)) {}

  std::error_code write(const Record& record) {
    using Returned = typename Answer::type;
    static_assert(std::is_void_v<Returned> || std::same_as<Returned, std::error_code>,
                  "the function of a CallbackSink returns nothing or a std::error_code");
    if constexpr (std::is_void_v<Returned>)
      return callback_(record), std::error_code{};
    else
      return callback_(record);
  }
  std::error_code flush() noexcept { return {}; }

 private:
  F callback_;
};

}  // namespace tallyscope::inline v0
