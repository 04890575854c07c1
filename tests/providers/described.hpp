// SPDX-License-Identifier: MIT
// A reading as one line, so that a test can compare all of it and show what differs.
#pragma once

#include <tallyscope/reading.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace streams {

namespace ts = tallyscope;

inline std::string described(const ts::Usage& usage) {
  std::string text;
  for (const ts::UsageField& field : ts::usage_fields) {
    const ts::Count count = usage.*field.count;
    const std::string_view key = field.key;
    if (count.has_value())
      text += std::string{key.substr(0, key.find("_tokens"))} + " " + std::to_string(count.value_or(0)) + " ";
  }
  return text;
}

/// Everything, but the names of the id and of the provider.
inline std::string described(const ts::Reading& reading) {
  std::string text = described(reading.counts);
  const auto add = [&](std::string_view word, std::string_view value) {
    if (!value.empty()) text += std::string{word} + std::string{value} + " ";
  };
  for (std::size_t place = 0; place < reading.part_count; ++place)
    text += "part " + std::string{reading.parts[place].model.view()} + " " + described(reading.parts[place].usage);
  if (reading.used_input_tokens.has_value())
    text += "used " + std::to_string(reading.used_input_tokens.value_or(0)) + " " +
            std::to_string(reading.used_output_tokens.value_or(0)) + " ";
  add("of ", reading.served_model);
  add("at ", reading.served_tier);
  add("in ", reading.served_region);
  text += ts::finality_names[static_cast<std::size_t>(reading.finality)];
  text += ' ';
  if (reading.outcome) add("", ts::outcome_names[static_cast<std::size_t>(*reading.outcome)]);
  add("", reading.error_type);
  if (reading.provider_cost) text += "cost " + std::to_string(reading.provider_cost->picodollars()) + " ";
  for (std::size_t code = 0; code < std::size(ts::diagnostic_names); ++code)
    if (reading.diagnostics.has(static_cast<ts::Diagnostic>(code))) add("", ts::diagnostic_names[code]);
  text.pop_back();
  return text;
}

}  // namespace streams
