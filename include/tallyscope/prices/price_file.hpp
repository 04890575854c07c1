// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/genai_prices.hpp>
#include <tallyscope/prices/litellm.hpp>
#include <tallyscope/prices/load_result.hpp>
#include <tallyscope/prices/models_dev.hpp>
#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/prices/supplement.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tallyscope::inline v0 {

/// Adds the prices of a list, whichever of the known formats it has: genai-prices is an array, models.dev's providers
/// have `models`, what else is an object is LiteLLM's.
inline LoadResult load_prices(PriceBook& book, std::string_view json, const LoadOptions& options = {}) noexcept;

/// The same from a file. Of a file that cannot be read the error says why. Without `options.source` the rules name the
/// file.
inline LoadResult load_price_file(PriceBook& book, const std::string& path, const LoadOptions& options = {}) noexcept;

/// A book that was made of a file, and how that went; without a rule where the result has an error.
struct PriceFile {
  PriceBook book;
  LoadResult result{};
};

/// A book of the prices of a file, and of what `supplement.hpp` knows beside them: the file goes before it. A file says
/// nothing of its own version, so the book is named by the file and by the first 8 hex digits of the 64-bit FNV-1a hash
/// of its bytes: "prices.json 3f2a91c0".
inline PriceFile read_price_file(const std::string& path, const LoadOptions& options = {});

namespace detail {

/// Has the first member of the object a member `models` that is an object?
inline bool is_models_dev(JsonScan scan) {
  JsonString key;
  if (!scan.begin_object() || !scan.next_member(key) || !scan.begin_object()) return false;
  while (scan.next_member(key)) {
    if (key.raw() == "models") return scan.type() == JsonType::object;
    scan.skip();
  }
  return false;
}

inline constexpr std::string_view known_formats =
    "expected LiteLLM's model_prices_and_context_window.json, genai-prices' data.json or models.dev's api.json";

/// Reads at most one byte more than `most`; an error of the system, if there is one.
inline std::error_code read_file(const std::string& path, std::size_t most, std::string& bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return {errno, std::generic_category()};
  char part[65'536];
  errno = 0;
  for (std::size_t size = 1; size > 0 && bytes.size() <= most;) {
    size = std::fread(part, 1, sizeof part, file);
    bytes.append(part, size);
  }
  const int failure = std::ferror(file) != 0 ? (errno != 0 ? errno : EIO) : 0;
  std::fclose(file);
  return {failure, std::generic_category()};
}

inline std::string_view file_name(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// FNV-1a in 64 bits, the first 8 hex digits.
inline std::string short_hash(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3u;
  std::string digits;
  for (int shift = 60; shift >= 32; shift -= 4) digits += "0123456789abcdef"[hash >> shift & 15];
  return digits;
}

inline LoadResult load_file(PriceBook& book, const std::string& path, LoadOptions options, std::string& bytes) {
  LoadResult result;
  if (const std::error_code error = read_file(path, options.most_bytes, bytes)) {
    result.error = "cannot read " + told(path, 200) + ": " + error.message();
    return result;
  }
  const std::string name = told(file_name(path));
  if (options.source.empty()) options.source = name;
  result = load_prices(book, bytes, options);
  if (!result.loaded()) result.error = told(path, 200) + ": " + result.error;
  return result;
}

}  // namespace detail

inline LoadResult load_prices(PriceBook& book, std::string_view json, const LoadOptions& options) noexcept {
  detail::JsonScan scan{json};
  const detail::JsonType type = scan.type();
  if (type == detail::JsonType::array) return load_genai_prices(book, json, options);
  if (type == detail::JsonType::object)
    return detail::is_models_dev(scan) ? load_models_dev(book, json, options) : load_litellm(book, json, options);
  return detail::load_list(book, json, options, "a price list", [&](detail::ListLoad& list) {
    list.fail_at(scan.taken(), std::string{"this is no price list: "}.append(detail::known_formats));
  });
}

inline LoadResult load_price_file(PriceBook& book, const std::string& path, const LoadOptions& options) noexcept {
  LoadResult result;
  const std::error_code error = detail::without_throwing([&] {
    std::string bytes;
    result = detail::load_file(book, path, options, bytes);
    return std::error_code{};
  });
  if (error) result.error = "out of memory";
  return result;
}

inline PriceFile read_price_file(const std::string& path, const LoadOptions& options) {
  PriceFile file{PriceBook::empty(detail::told(detail::file_name(path)), {})};
  PriceBook book = file.book;
  std::string bytes;
  detail::add_supplement_adjustments(book);  // before those of the file, which count then
  file.result = detail::load_file(book, path, options, bytes);
  if (!file.result.loaded()) return file;
  detail::add_supplement_rules(book);
  file.book = book.named(book.name(), detail::short_hash(bytes));
  return file;
}

}  // namespace tallyscope::inline v0
