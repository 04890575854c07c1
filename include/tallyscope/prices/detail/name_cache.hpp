// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>
#include <tallyscope/prices/detail/find_rows.hpp>
#include <tallyscope/prices/detail/name_index.hpp>
#include <tallyscope/prices/detail/price_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Where one thread remembers which rows a name meant in one state of one table. It holds the names in full, so that no
/// name ever gets the rows of another, and numbers of rows instead of addresses, so that nothing of a table that is
/// gone is touched.
class CachedName {
 public:
  /// Names beyond this are looked up each time.
  static constexpr std::size_t names_limit = 78;

  [[gnu::always_inline]] bool holds(std::uint64_t key, const std::string_view& provider,
                                    const std::string_view& model) const noexcept {
    return key_ == key && model_size_ == model.size() && provider_size_ == provider.size() &&
           same_bytes(names_, model.data(), model.size()) &&
           same_bytes(names_ + model_size_, provider.data(), provider.size());
  }

  const ModelRows& rows() const noexcept { return rows_; }

  void keep(std::uint64_t key, std::string_view provider, std::string_view model, ModelRows rows) noexcept {
    rows_ = rows;
    key_ = 0;
    if (model.size() + provider.size() > names_limit) return;
    key_ = key;
    model_size_ = static_cast<std::uint8_t>(model.size());
    provider_size_ = static_cast<std::uint8_t>(provider.size());
    copy_name(names_, model.data(), model.size());
    copy_name(names_ + model.size(), provider.data(), provider.size());
  }

 private:
  std::uint64_t key_ = 0;
  ModelRows rows_{};
  std::uint8_t model_size_ = 0;
  std::uint8_t provider_size_ = 0;
  char names_[names_limit]{};
};

inline constexpr std::size_t cached_name_count = 64;
inline thread_local constinit CachedName cached_names[cached_name_count]{};

/// Of the state of a table and names: for the same names it differs in each state.
[[gnu::always_inline]] inline std::uint64_t cached_name_key(const PriceTable& table, const std::string_view& provider,
                                                            const std::string_view& model) noexcept {
  const std::size_t size = model.size();
  const char* const bytes = model.data();
  const std::uint64_t word = size < 8 ? load_few(bytes, size) : load8(bytes) ^ load8(bytes + size - 8) << 1;
  return table.salt() ^ (word + size + (provider.size() << 8)) * 0x9E3779B97F4A7C15u;
}

[[gnu::noinline]] inline ModelRows look_up(CachedName& cached, std::uint64_t key, const PriceTable& table,
                                           const std::string_view& provider, const std::string_view& model) noexcept {
  const ModelRows rows = RowFinder{table}.find(provider, model);
  cached.keep(key, provider, model, rows);
  return rows;
}

/// The rows that names mean in a table, found at once where this thread has looked them up before.
[[gnu::always_inline]] inline ModelRows rows_of(const PriceTable& table, const std::string_view& provider,
                                                const std::string_view& model) noexcept {
  const std::uint64_t key = cached_name_key(table, provider, model);
  CachedName& cached = cached_names[key >> 58];
  return cached.holds(key, provider, model) ? cached.rows() : look_up(cached, key, table, provider, model);
}

}  // namespace tallyscope::inline v0::detail
