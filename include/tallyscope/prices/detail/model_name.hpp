// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The longest name that a price book knows; a longer one has no price.
inline constexpr std::size_t plain_name_limit = 160;

/// How names are compared: ASCII letters in lower case, and every separator as `_`.
inline constexpr std::array<char, 256> plain_bytes = [] {
  std::array<char, 256> bytes{};
  for (std::size_t byte = 0; byte < bytes.size(); ++byte) bytes[byte] = static_cast<char>(byte);
  for (std::size_t letter = 'A'; letter <= 'Z'; ++letter) bytes[letter] = static_cast<char>(letter - 'A' + 'a');
  for (const char separator : {'-', '.', '/', ':', ' '}) bytes[static_cast<unsigned char>(separator)] = '_';
  return bytes;
}();

constexpr char plain_byte(char byte) noexcept { return plain_bytes[static_cast<unsigned char>(byte)]; }

/// A name as it is compared, in the stack; empty when the name is too long.
class PlainName {
 public:
  explicit PlainName(std::string_view name) noexcept : size_{name.size() > plain_name_limit ? 0 : name.size()} {
    for (std::size_t place = 0; place < size_; ++place) bytes_[place] = plain_byte(name[place]);
  }

  std::string_view text() const noexcept { return {bytes_, size_}; }

 private:
  std::size_t size_;
  char bytes_[plain_name_limit];
};

/// Does `name` read as `plain` does?
inline bool reads_as(std::string_view name, std::string_view plain) noexcept {
  if (name.size() != plain.size()) return false;
  for (std::size_t place = 0; place < name.size(); ++place)
    if (plain_byte(name[place]) != plain[place]) return false;
  return true;
}

/// Is `text` a date of this century written as `shape`, where Y, M and D stand for digits?
constexpr bool is_date(std::string_view text, std::string_view shape) noexcept {
  int year = 2000, month = 0, day = 0;
  bool year_begun = false;
  for (std::size_t place = 0; place < shape.size(); ++place) {
    const char letter = shape[place], byte = text[place];
    if (letter != 'Y' && letter != 'M' && letter != 'D') {
      if (byte != letter) return false;
      continue;
    }
    if (byte < '0' || byte > '9') return false;
    if (letter == 'Y' && !year_begun) year = 0, year_begun = true;
    int& number = letter == 'Y' ? year : letter == 'M' ? month : day;
    number = number * 10 + (byte - '0');
  }
  return year / 100 == 20 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// A plain name without the date it ends with (-YYYY-MM-DD, -YYYYMMDD, @YYYYMMDD, -MMDD); empty when it has none.
/// Any other ending is a part of the name: another model.
constexpr std::string_view without_date(std::string_view plain) noexcept {
  if (plain.empty() || plain.back() < '0' || plain.back() > '9') return {};
  for (const std::string_view shape : {"_YYYY_MM_DD", "_YYYYMMDD", "@YYYYMMDD", "_MMDD"})
    if (plain.size() > shape.size() && is_date(plain.substr(plain.size() - shape.size()), shape))
      return plain.substr(0, plain.size() - shape.size());
  return {};
}

/// Plain names of providers that have several, and the one that is taken for all: OpenTelemetry's gen_ai.provider.name,
/// older gen_ai.system and those that price lists and gateways write.
inline constexpr std::string_view other_provider_names[][2] = {
    {"gcp_gemini", "google"},
    {"gcp_vertex_ai", "google"},
    {"gcp_gen_ai", "google"},
    {"gemini", "google"},
    {"vertex_ai", "google"},
    {"xai", "x_ai"},
    {"mistral_ai", "mistral"},
    {"mistralai", "mistral"},
    {"moonshot_ai", "moonshotai"},
    {"moonshot", "moonshotai"},
    {"z_ai", "zai"},
    {"azure_ai_openai", "azure"},
    {"azure_openai", "azure"},
    {"azure_ai_inference", "azure"},
    {"aws_bedrock", "aws"},
    {"bedrock", "aws"},
};

constexpr std::string_view one_provider_name(std::string_view plain) noexcept {
  for (const auto& [other, name] : other_provider_names)
    if (plain == other) return name;
  return plain;
}

/// Models that run on the host's own machine: known to cost nothing a call.
constexpr bool is_local(std::string_view plain_provider) noexcept {
  return plain_provider == "ollama" || plain_provider == "local";
}

}  // namespace tallyscope::inline v0::detail
