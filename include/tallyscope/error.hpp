// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <string>
#include <system_error>

namespace tallyscope::inline v0 {

/// What a Tallyscope function can answer beside the operating system's own errors. 0 is success.
enum class Error {
  unknown_name = 1,  ///< no call of that operation and name is remembered
  unknown_id,        ///< no stopped call of that id is remembered
  sink_threw,        ///< the sink threw instead of returning an error
  full,              ///< a bounded store has no room left
};

namespace detail {

struct ErrorCategory final : std::error_category {
  const char* name() const noexcept override { return "tallyscope"; }

  std::string message(int value) const override {
    switch (static_cast<Error>(value)) {
      case Error::unknown_name:
        return "no call of this operation and name is remembered; report its tokens after its scope has ended";
      case Error::unknown_id:
        return "no stopped call of this id is remembered; use the id that TrackScope::stop() returned";
      case Error::sink_threw:
        return "the sink threw an exception; a sink returns its errors";
      case Error::full:
        return "the store is full; give it a larger capacity or empty it";
    }
    return "unknown tallyscope error";
  }
};

inline const ErrorCategory& error_category() noexcept {
  static const ErrorCategory category;
  return category;
}

}  // namespace detail

inline std::error_code make_error_code(Error error) noexcept {
  return {static_cast<int>(error), detail::error_category()};
}

}  // namespace tallyscope::inline v0

template <>
struct std::is_error_code_enum<tallyscope::Error> : std::true_type {};
