// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>
#include <tallyscope/prices/detail/find_rows.hpp>
#include <tallyscope/prices/detail/name_index.hpp>
#include <tallyscope/prices/detail/price_table.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Where one thread remembers which rows a name meant in one state of one table. It holds the names in full, so that no
/// name ever gets the rows of another, and numbers of rows instead of addresses, so that nothing of a table that is
/// gone is touched.
class CachedName {
 public:
  /// Names beyond this are looked up each time.
  static constexpr std::size_t names_limit = 78;

  [[gnu::always_inline]] bool holds(std::uint64_t serial, const std::string_view& provider,
                                    const std::string_view& model) const noexcept {
    return serial_ == serial && model_size_ == model.size() && provider_size_ == provider.size() &&
           same_bytes(names_, model.data(), model.size()) &&
           same_bytes(names_ + model_size_, provider.data(), provider.size());
  }

  const ModelRows& rows() const noexcept { return rows_; }

  void keep(std::uint64_t serial, std::string_view provider, std::string_view model, ModelRows rows) noexcept {
    rows_ = rows;
    serial_ = 0;
    if (model.size() + provider.size() > names_limit) return;
    serial_ = serial;
    model_size_ = static_cast<std::uint8_t>(model.size());
    provider_size_ = static_cast<std::uint8_t>(provider.size());
    if (!model.empty()) std::memcpy(names_, model.data(), model.size());
    if (!provider.empty()) std::memcpy(names_ + model.size(), provider.data(), provider.size());
  }

 private:
  std::uint64_t serial_ = 0;  // of no table
  ModelRows rows_{};
  std::uint8_t model_size_ = 0;
  std::uint8_t provider_size_ = 0;
  char names_[names_limit]{};
};

inline constexpr std::size_t cached_name_count = 64;
inline thread_local constinit CachedName cached_names[cached_name_count]{};

/// The one place of these names in the thread's cache.
inline CachedName& cached_name(const std::string_view& provider, const std::string_view& model) noexcept {
  const std::size_t size = model.size();
  const char* const bytes = model.data();
  const std::uint64_t word = size < 8 ? load_few(bytes, size) : load8(bytes) ^ load8(bytes + size - 8) << 1;
  const std::uint64_t mixed = (word + size + (provider.size() << 8)) * 0x9E3779B97F4A7C15u;
  return cached_names[mixed >> 58];
}

[[gnu::noinline]] inline void look_up(CachedName& cached, const PriceTable& table, std::string_view provider,
                                      std::string_view model) noexcept {
  cached.keep(table.serial(), provider, model, RowFinder{table}.find(provider, model));
}

/// The rows that names mean in a table, found at once where this thread has looked them up before.
[[gnu::always_inline]] inline const ModelRows& rows_of(const PriceTable& table, const std::string_view& provider,
                                                       const std::string_view& model) noexcept {
  CachedName& cached = cached_name(provider, model);
  if (!cached.holds(table.serial(), provider, model)) [[unlikely]]
    look_up(cached, table, provider, model);
  return cached.rows();
}

}  // namespace tallyscope::inline v0::detail
