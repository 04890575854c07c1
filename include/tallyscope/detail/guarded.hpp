// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/error.hpp>

#include <exception>
#include <new>
#include <system_error>
#include <utility>

namespace tallyscope::inline v0::detail {

struct IgnoreMessage {
  void operator()(std::string_view) const noexcept {}
};

/// The one place where whatever a sink or a handler throws is caught. Runs `action` and returns its answer; if it
/// throws, tells `heard` what() and returns Error::sink_threw; what `heard` throws ends here too. Without exceptions in
/// the build it just runs it.
template <class Action, class Heard = IgnoreMessage>
[[gnu::always_inline]] inline std::error_code guarded(Action&& action, Heard&& heard = {}) noexcept {
#if defined(__cpp_exceptions)
  try {
    try {
      return std::forward<Action>(action)();
    } catch (const std::exception& thrown) {
      heard(std::string_view{thrown.what()});
    } catch (...) {
      heard(std::string_view{"something that is not a std::exception"});
    }
  } catch (...) {  // from `heard`
  }
  return Error::sink_threw;
#else
  static_cast<void>(heard);
  return std::forward<Action>(action)();
#endif
}

template <Sink S>
std::error_code guarded_write(S& sink, const Record& record) noexcept {
  return guarded([&] { return sink.write(record); });
}

template <Sink S>
std::error_code guarded_flush(S& sink) noexcept {
  return guarded([&] { return sink.flush(); });
}

/// Why a record with this answer was dropped.
inline DropReason drop_reason(std::error_code error) noexcept {
  if (error == Error::sink_threw) return DropReason::sink_threw;
  if (error == Error::full) return DropReason::queue_full;
  if (error == std::errc::not_enough_memory) return DropReason::out_of_memory;
  return DropReason::sink_error;
}

}  // namespace tallyscope::inline v0::detail
