// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/price_table.hpp>

#include <cstddef>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0::detail {

/// Does `work`, which returns an error code, and makes one of memory that is not there.
template <class Work>
std::error_code without_throwing(Work&& work) noexcept {
#if defined(__cpp_exceptions)
  try {
    return work();
  } catch (...) {
    return std::make_error_code(std::errc::not_enough_memory);
  }
#else
  return work();
#endif
}

inline std::string version_with_own_rates(std::string_view version) { return std::string{version} + " + own rates"; }

/// One rate for all tokens, whatever part of a call they are.
constexpr PriceRule blended_rule(std::string_view provider, std::string_view model, const Rate& rate) noexcept {
  PriceRule rule{.provider = provider, .model = model};
  for (const auto kind :
       {PriceClass::input, PriceClass::output, PriceClass::cache_read, PriceClass::cache_write,
        PriceClass::cache_write_5m, PriceClass::cache_write_1h, PriceClass::input_audio, PriceClass::output_audio})
    rule.*price_rule_rates[static_cast<std::size_t>(kind)] = rate;
  return rule;
}

/// Is either empty, or are both names of one provider?
inline bool share_provider(std::string_view a, std::string_view b) noexcept {
  if (a.empty() || b.empty()) return true;
  return one_provider_name(PlainName{a}.text()) == one_provider_name(PlainName{b}.text());
}

/// Is `model` the plain name `plain` with a date behind it?
inline bool is_snapshot_of(std::string_view model, std::string_view plain) noexcept {
  return model.size() > plain.size() && without_date(PlainName{model}.text()) == plain;
}

/// Does one of the rules from `begin` on speak of `model`?
inline bool has_rule_since(const PriceTable& table, std::size_t begin, std::string_view model) noexcept {
  for (; begin < table.rules().size(); ++begin)
    if (reads_as(model, PlainName{table.rules()[begin].model}.text())) return true;
  return false;
}

/// Adds `rule` for its model and for each dated snapshot of it that has rules of its own. After an error the table may
/// have some of them.
inline std::error_code add_with_snapshots(PriceTable& table, PriceRule rule) {
  const PlainName model{rule.model};
  const std::size_t before = table.rules().size();
  if (const std::error_code error = table.add(rule)) return error;
  for (std::size_t place = 0; place < before; ++place) {
    const std::string_view listed = table.rules()[place].model, provider = table.rules()[place].provider;
    if (!is_snapshot_of(listed, model.text()) || !share_provider(provider, rule.provider)) continue;
    if (has_rule_since(table, before, listed)) continue;
    rule.model = listed;
    if (const std::error_code error = table.add(rule)) return error;
  }
  return {};
}

}  // namespace tallyscope::inline v0::detail
