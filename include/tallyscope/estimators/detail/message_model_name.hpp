// SPDX-License-Identifier: MIT
// Finds the entry of a table that a model's name belongs to, however a provider writes that name.
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What may stand behind the name of an entry in the name of a model.
enum class Reach : std::uint8_t {
  dated,     ///< nothing, or a date: "-0324", "-2025-04-14", "@20250414"
  family,    ///< nothing, or anything after one of `-:@`
  versions,  ///< the same, or a version: ".1-mini"
};

namespace model_names {

/// `text` is the one of the two that may have capitals.
constexpr bool begins_with(std::string_view text, std::string_view beginning) noexcept {
  if (text.size() < beginning.size()) return false;
  for (std::size_t place = 0; place < beginning.size(); ++place) {
    const char byte = text[place];
    if ((byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte) != beginning[place]) return false;
  }
  return true;
}

/// The size of what a gateway writes before a model, "openai:", "us.", "meta."; 0 if there is nothing of that kind.
constexpr std::size_t provider_size(std::string_view name) noexcept {
  constexpr std::string_view providers[] = {"openai", "azure", "azure_openai", "meta", "qwen",  "groq",
                                            "ollama", "us",    "eu",           "apac", "global"};
  for (const std::string_view provider : providers)
    if (begins_with(name, provider) && name.size() > provider.size() &&
        (name[provider.size()] == ':' || name[provider.size()] == '.'))
      return provider.size() + 1;
  return 0;
}

/// The model that a name is about: without folders and providers before it, and of a fine-tuned one the model that it
/// was made of: "ft:gpt-4o-2024-08-06:acme::x1", "davinci:ft-acme-2023-01-01".
constexpr std::string_view base_model(std::string_view name) noexcept {
  name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  while (const std::size_t size = provider_size(name)) name.remove_prefix(size);
  if (begins_with(name, "ft:")) {
    name.remove_prefix(3);
    return name.substr(0, name.find(':'));
  }
  return name.substr(0, name.find(":ft-"));
}

/// "-0324", "-2025-04-14", "@20250414"; not "-002", which is another model.
constexpr bool is_date(std::string_view rest) noexcept {
  if (rest.size() < 5 || (rest[0] != '-' && rest[0] != '@')) return false;
  return rest.find_first_not_of("0123456789-", 1) == std::string_view::npos;
}

constexpr bool reaches(Reach reach, std::string_view rest) noexcept {
  if (rest.empty()) return true;
  if (reach == Reach::dated) return is_date(rest);
  return rest[0] == '-' || rest[0] == ':' || rest[0] == '@' || (reach == Reach::versions && rest[0] == '.');
}

}  // namespace model_names

/// The entry with the longest name that stands for `model`, if there is one. An entry has `name`, in small letters, and
/// `reach`.
template <class Entry, std::size_t N>
constexpr std::optional<Entry> entry_of(const Entry (&table)[N], std::string_view model) noexcept {
  const std::string_view name = model_names::base_model(model);
  std::size_t best = N, longest = 0;
  for (std::size_t place = 0; place < N; ++place) {
    const std::string_view own = table[place].name;
    if (own.size() <= longest || !model_names::begins_with(name, own)) continue;
    if (!model_names::reaches(table[place].reach, name.substr(own.size()))) continue;
    best = place;
    longest = own.size();
  }
  // Not a pointer to the entry: with -fsanitize=undefined g++ 12 takes none that is compared with null for a constant.
  return best < N ? std::optional<Entry>{table[best]} : std::nullopt;
}

}  // namespace tallyscope::inline v0::detail
