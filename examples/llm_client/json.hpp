// SPDX-License-Identifier: MIT
// JSON from outside: whatever it is, looking into it throws nothing.
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
#pragma once

#include <nlohmann/json.hpp>
#include <tallyscope/usage.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace llm {

namespace ts = tallyscope;
using json = nlohmann::json;

/// The value that a text stands for; one that `is_discarded()` if it is no JSON. What is nested deeper than 64 levels
/// is left out, so that nothing which goes down into it runs out of stack.
inline json parsed(std::string_view text) {
  constexpr int deepest = 64;
  return json::parse(
      text.begin(), text.end(), [](int depth, json::parse_event_t, json&) { return depth <= deepest; }, false);
}

/// As text; a byte that is not UTF-8 reads as U+FFFD.
inline std::string written(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

inline const json& nothing() {
  static const json null;
  return null;
}

/// What stands behind a key; null if there is no such thing.
inline const json& at(const json& value, const char* key) {
  if (!value.is_object()) return nothing();
  const auto found = value.find(key);
  return found == value.end() ? nothing() : *found;
}
/// What stands at a place of an array; null if there is no such thing.
inline const json& item(const json& value, std::size_t place) {
  return value.is_array() && place < value.size() ? value[place] : nothing();
}

/// The text behind a key, empty if there is none. Borrows from the value.
inline std::string_view text_at(const json& value, const char* key) {
  const json& found = at(value, key);
  return found.is_string() ? std::string_view{found.get_ref<const std::string&>()} : std::string_view{};
}

/// The count behind a key: absent, which is not 0, where there is none or null; refused where it is anything but a
/// whole number from 0 on.
inline ts::Count count_at(const json& value, const char* key) {
  const json& found = at(value, key);
  if (found.is_null()) return {};
  if (found.is_number_unsigned()) return found.get<std::uint64_t>();
  return found.is_number_integer() ? found.get<std::int64_t>() : -1;
}

}  // namespace llm
