// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Why a text is not the JSON that was expected.
enum class JsonError : std::uint8_t {
  none,
  too_deep,              // more brackets are open than are read
  bad_number,            // 01, 1., +1, -
  bad_string,            // a control character within a string
  bad_escape,            // \x, \u12
  bad_utf8,              // within a string
  bad_word,              // tru, nul
  unexpected_character,  // anything else where it does not belong
  unexpected_end,        // the text is sound as far as it goes
};

inline constexpr std::string_view json_error_names[] = {
    "none",     "too_deep", "bad_number",           "bad_string",    "bad_escape",
    "bad_utf8", "bad_word", "unexpected_character", "unexpected_end"};

constexpr std::string_view name_of(JsonError error) noexcept {
  return json_error_names[static_cast<std::size_t>(error)];
}

/// Why a document was refused, and at which of its bytes: the one that does not belong, or where its escape or
/// character begins. Of an unexpected end that is the size of the document.
struct JsonFailure {
  JsonError error = JsonError::none;
  std::size_t place = 0;

  bool operator==(const JsonFailure&) const = default;
};

}  // namespace tallyscope::inline v0::detail
