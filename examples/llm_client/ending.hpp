// SPDX-License-Identifier: MIT
// How a call ended, and what a provider's own word for an error comes down to.
#pragma once

#include "json.hpp"

#include <tallyscope/record.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace llm {

/// The error type is a status such as "429", or a word, and empty for success.
struct Ending {
  ts::Outcome outcome = ts::Outcome::success;
  std::string error_type{};
};

struct KnownError {
  std::string_view word;
  ts::Outcome outcome = ts::Outcome::error;
};

/// As the four providers document them. No other text of theirs becomes an error type: it may be anything, as long as
/// it likes, and would make a row of its own each time.
inline constexpr KnownError known_errors[] = {{"rate_limit_error", ts::Outcome::rate_limited},
                                              {"rate_limit_exceeded", ts::Outcome::rate_limited},
                                              {"RESOURCE_EXHAUSTED", ts::Outcome::rate_limited},
                                              {"overloaded_error"},
                                              {"api_error"},
                                              {"server_error"},
                                              {"timeout_error"},
                                              {"invalid_request_error"},
                                              {"authentication_error"},
                                              {"permission_error"},
                                              {"billing_error"},
                                              {"insufficient_quota"},
                                              {"not_found_error"},
                                              {"request_too_large"},
                                              {"INTERNAL"},
                                              {"UNAVAILABLE"},
                                              {"DEADLINE_EXCEEDED"},
                                              {"INVALID_ARGUMENT"},
                                              {"FAILED_PRECONDITION"},
                                              {"UNAUTHENTICATED"},
                                              {"PERMISSION_DENIED"},
                                              {"NOT_FOUND"}};

/// An error that came where an answer should be: under the first of its words that is known, else under `otherwise`.
inline Ending ending_of(const json& error, const char* otherwise) {
  for (const char* const key : {"status", "type", "code"}) {
    const auto* const known = std::ranges::find(known_errors, text_at(error, key), &KnownError::word);
    if (known != std::end(known_errors)) return {known->outcome, std::string{known->word}};
  }
  return {ts::Outcome::error, otherwise};
}

}  // namespace llm
