// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
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

/// The same of eight bytes at once.
constexpr std::uint64_t plain_word(std::uint64_t word) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101u, tops = ones << 7;
  const std::uint64_t rest = word & ~tops;
  // The top bit of each byte from `first` to `last`.
  const auto within = [&](unsigned char first, unsigned char last) {
    return ((rest + ones * (0x80u - first)) ^ (rest + ones * (0x7Fu - last))) & ~word & tops;
  };
  const std::uint64_t separators = within('-', '/') | within(':', ':') | within(' ', ' ');
  const std::uint64_t replaced = (separators << 1) - (separators >> 7);
  return ((word | within('A', 'Z') >> 2) & ~replaced) | (ones * '_' & replaced);
}

/// Takes the words of a text of at least eight bytes, the last one over the end of the one before it.
class NameHash {
 public:
  explicit NameHash(std::size_t size) noexcept : state_{size * 0xD6E8FEB86659FD93u + 1} {}

  [[gnu::always_inline]] void add(std::uint64_t word) noexcept { state_ = fold(state_ ^ word, 0xA0761D6478BD642Fu); }
  std::uint64_t value() const noexcept { return state_ * 0x9E3779B97F4A7C15u; }

 private:
  std::uint64_t state_;
};

/// Of a plain text, as PlainName has it.
inline std::uint64_t name_hash(std::string_view plain) noexcept {
  NameHash hash{plain.size()};
  if (plain.size() < 8) {
    hash.add(load_few(plain.data(), plain.size()));
    return hash.value();
  }
  for (std::size_t place = 0; place + 8 < plain.size(); place += 8) hash.add(load8(plain.data() + place));
  hash.add(load8(plain.data() + plain.size() - 8));
  return hash.value();
}

/// A name as it is compared, in the stack; empty when the name is too long.
class PlainName {
 public:
  explicit PlainName(std::string_view name) noexcept : size_{name.size() > plain_name_limit ? 0 : name.size()} {
    size_ < 8 ? make_short(name) : make_long(name);
  }

  std::string_view text() const noexcept { return {bytes_, size_}; }
  /// The name_hash of the text, made on the way: to read back what was just written takes long.
  std::uint64_t hash() const noexcept { return hash_; }

 private:
  void make_short(std::string_view name) noexcept {
    for (std::size_t place = 0; place < size_; ++place) bytes_[place] = plain_byte(name[place]);
    hash_ = name_hash(text());
  }
  [[gnu::always_inline]] void make_long(std::string_view name) noexcept {
    NameHash hash{size_};
    for (std::size_t place = 0; place + 8 < size_; place += 8) hash.add(put_word(name, place));
    hash.add(put_word(name, size_ - 8));
    hash_ = hash.value();
  }
  [[gnu::always_inline]] std::uint64_t put_word(std::string_view name, std::size_t place) noexcept {
    const std::uint64_t word = plain_word(load8(name.data() + place));
    store(bytes_ + place, word);
    return word;
  }

  std::size_t size_;
  std::uint64_t hash_ = 0;
  char bytes_[plain_name_limit];
};

/// Where a name has a prefix that may be its provider: the place of its first slash or colon, or its size.
inline std::size_t prefix_size(std::string_view name) noexcept {
  std::size_t place = 0;
  while (place < name.size() && name[place] != '/' && name[place] != ':') ++place;
  return place;
}

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
  constexpr std::string_view shapes[] = {"_YYYY_MM_DD", "_YYYYMMDD", "@YYYYMMDD", "_MMDD"};
  for (const std::string_view& shape : shapes)
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
    {"vertexai", "google"},
    {"vertex", "google"},
    {"google_vertex", "google"},
    {"amazon_bedrock", "aws"},
    {"voyage", "voyageai"},
    {"together_ai", "together"},
    {"fireworks_ai", "fireworks"},
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
