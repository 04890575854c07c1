// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/price_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The provider that is meant where a call of a model names none, from those who have the model: the one whose model it
/// is in the built-in prices, else, unless there is a row of any provider, the one that has it.
class MeantProvider {
 public:
  void add(std::uint16_t provider, Origin least_origin) noexcept {
    for_any_ = for_any_ || provider == no_provider;
    if (none_yet_ || least_origin < origin_)
      provider_ = provider;
    else if (least_origin == origin_ && provider != provider_)
      provider_ = no_provider;  // of several, none is meant
    if (none_yet_ || least_origin < origin_) origin_ = least_origin;
    none_yet_ = false;
  }
  bool found() const noexcept { return !none_yet_; }
  /// Whoever else has it, none will be meant; `least` is the least origin of all.
  bool is_settled(Origin least) const noexcept { return found() && origin_ == least && provider_ == no_provider; }
  std::uint16_t number() const noexcept { return for_any_ && origin_ != Origin::builtin ? no_provider : provider_; }

 private:
  bool none_yet_ = true;
  bool for_any_ = false;
  Origin origin_ = Origin::set;
  std::uint16_t provider_ = no_provider;
};

/// Finds the rows that the names of a call mean; which they are depends on the names alone.
class RowFinder {
 public:
  explicit RowFinder(const PriceTable& table) noexcept : table_{table}, models_{table.models()} {}

  ModelRows find(std::string_view provider, std::string_view model) const noexcept {
    if (model.empty()) return {};
    const PlainName given{provider}, name{model};
    const std::uint16_t number = provider.empty() ? no_provider : table_.provider_number(given);
    if (is_local(given.text())) return find_local(name, number);
    if (name.empty()) return {};
    if (const ModelRows rows = find_of(number, name); rows.found()) return rows;
    const std::size_t end = prefix_size(model);
    if (end == model.size()) return {};
    return find_behind_prefix(name.text().substr(0, end), PlainName{model.substr(end + 1)}, number);
  }

 private:
  ModelRows find_of(std::uint16_t provider, const PlainName& name) const noexcept {
    if (provider != no_provider) return find_plain(provider, name);
    ModelRows of_vendor;
    const bool found = any_vendor_of(name.text(), [&](std::size_t vendor_name) {
      const std::uint16_t number = table_.vendor_number(vendor_name);
      return number != unknown_provider && (of_vendor = find_plain(number, name)).own != no_row;
    });
    if (found) return of_vendor;
    const MeantProvider meant = meant_provider(name);
    return meant.found() ? find_plain(meant.number(), name) : ModelRows{};
  }

  MeantProvider meant_provider(const PlainName& whole) const noexcept {
    MeantProvider meant;
    const auto add = [&](std::uint16_t provider, Origin least) { meant.add(provider, least); };
    with_and_without_date(whole, [&](const PlainName& name) {
      models_.for_each_owner_of_name(name, add);
      if (meant.is_settled(table_.least_origin())) return true;
      models_.for_each_owner_of_pattern(name, whole, add);
      return false;
    });
    return meant;
  }

  ModelRows find_plain(std::uint16_t provider, const PlainName& name) const noexcept {
    if (table_.has_set_rules()) [[unlikely]]
      if (const ModelRows rows = find_set(provider, name); rows.found()) return rows;
    return first_found(provider, name, [](ModelRows rows) { return rows.found(); });
  }

  /// A rate that was set for whatever call of the model, by whichever of its names.
  [[gnu::noinline]] ModelRows find_set(std::uint16_t provider, const PlainName& name) const noexcept {
    return first_found(provider, name, [&](ModelRows rows) {
      bool set = false;
      table_.for_each(rows,
                      [&](const PriceRow& row) { set = set || (row.origin == Origin::set && row.is_unconditional()); });
      return set;
    });
  }

  template <class IsIt>
  ModelRows first_found(std::uint16_t provider, const PlainName& whole, const IsIt& is_it) const noexcept {
    ModelRows rows;
    const bool found = with_and_without_date(whole, [&](const PlainName& name) {
      return is_it(rows = models_.named(provider, name)) || is_it(rows = models_.like(provider, name, whole));
    });
    return found ? rows : ModelRows{};
  }

  /// Is it true of the name, or else of the name without the date it ends with, if it does?
  template <class IsIt>
  static bool with_and_without_date(const PlainName& whole, const IsIt& is_it) noexcept {
    if (is_it(whole)) return true;
    const std::string_view dateless = without_date(whole.text());
    return !dateless.empty() && is_it(PlainName{dateless});
  }

  ModelRows find_behind_prefix(std::string_view prefix, const PlainName& rest, std::uint16_t provider) const noexcept {
    if (prefix == "models") return find_of(provider, rest);
    const std::uint16_t owner = table_.provider_number(PlainName{prefix});
    if (owner == unknown_provider || (provider != no_provider && provider != owner)) return {};
    return find_plain(owner, rest);
  }

  /// What a host set for a model of its own machine; else it is free.
  ModelRows find_local(const PlainName& name, std::uint16_t owner) const noexcept {
    const ModelRows rows = first_found(owner, name, [](ModelRows found) { return found.own != no_row; });
    return {rows.own != no_row ? rows.own : free_rows, no_row};
  }

  const PriceTable& table_;
  const ModelIndex& models_;
};

}  // namespace tallyscope::inline v0::detail
