// SPDX-License-Identifier: MIT
// The arguments of a tool, read by name. What is of another type than the tool's schema says is refused.
#pragma once

#include "failure.hpp"
#include "json_rpc.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mcp_files {

/// Borrows the values.
class Arguments {
 public:
  explicit Arguments(const json& values) : values_{values} {}

  bool has(const char* name) const { return values_.contains(name) && !values_[name].is_null(); }

  std::string text(const char* name, const std::string& otherwise = {}) const {
    if (!has(name)) return otherwise;
    require(values_[name].is_string(), name, "a text");
    return values_[name].get<std::string>();
  }
  std::string needed_text(const char* name) const {
    require(!text(name).empty(), name, "given");
    return text(name);
  }

  bool flag(const char* name, bool otherwise) const {
    if (!has(name)) return otherwise;
    require(values_[name].is_boolean(), name, "true or false");
    return values_[name].get<bool>();
  }

  /// A whole number from `least` to 1,000,000,000; what is more is taken as that.
  std::size_t number(const char* name, std::size_t otherwise, std::size_t least = 0) const {
    if (!has(name)) return otherwise;
    const json& value = values_[name];
    require(value.is_number() && value.get<double>() >= static_cast<double>(least), name,
            "a whole number, at least " + std::to_string(least));
    constexpr double most = 1e9;
    const double number = value.get<double>() < most ? value.get<double>() : most;
    const auto whole = static_cast<std::size_t>(number);
    require(static_cast<double>(whole) == number, name, "a whole number");
    return whole;
  }

  std::vector<std::string> texts(const char* name) const {
    std::vector<std::string> all;
    if (!has(name)) return all;
    require(values_[name].is_array(), name, "a list of texts");
    for (const json& value : values_[name]) {
      require(value.is_string(), name, "a list of texts");
      all.push_back(value.get<std::string>());
    }
    return all;
  }

 private:
  static void require(bool met, const char* name, const std::string& what) {
    if (!met) throw ToolFailure{"invalid_arguments", "The argument `" + std::string{name} + "` must be " + what + "."};
  }

  const json& values_;
};

}  // namespace mcp_files
