// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/builtin.hpp>
#include <tallyscope/prices/detail/pattern.hpp>
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
  for (const auto kind : {PriceClass::input, PriceClass::output, PriceClass::cache_read, PriceClass::cache_write,
                          PriceClass::cache_write_5m, PriceClass::cache_write_1h, PriceClass::input_audio,
                          PriceClass::output_audio, PriceClass::cache_read_audio})
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

/// Is there a rule that this is said of?
template <class IsIt>
bool has_rule(const PriceTable& table, const IsIt& is_it) {
  for (std::size_t place = 0; place < table.rules().size(); ++place)
    if (is_it(table.rules()[place])) return true;
  return false;
}

/// "openai/gpt-4o" is gpt-4o of openai, unless the table has a model that is called so, or no such provider.
inline void split_prefix(const PriceTable& table, PriceRule& rule) {
  const std::size_t end = rule.model.find_first_of("/:");
  if (!rule.provider.empty() || end == std::string_view::npos || end + 1 == rule.model.size()) return;
  const PlainName whole{rule.model}, prefix{rule.model.substr(0, end)};
  const auto bears_it = [&](const PriceRule& listed) { return reads_as(listed.model, whole.text()); };
  const auto is_of_it = [&](const PriceRule& listed) {
    return !listed.provider.empty() && share_provider(listed.provider, prefix.text());
  };
  if (end == 0 || has_rule(table, bears_it) || !has_rule(table, is_of_it)) return;
  rule.provider = rule.model.substr(0, end);
  rule.model.remove_prefix(end + 1);
}

/// Another name by which the table has the model among its built-in ones.
inline std::string_view other_listed_name(const PriceTable& table, std::string_view plain) {
  const std::string_view other = builtin::other_name([&](std::string_view name) { return reads_as(name, plain); });
  const PlainName other_plain{other};
  for (std::size_t place = 0; place < table.rules().size(); ++place)
    if (table.origin(place) == Origin::builtin && reads_as(table.rules()[place].model, other_plain.text()))
      return other;
  return {};
}

/// Sets `rule` for its model, for the other name of it that the table has, and for each dated snapshot of either that
/// has rules of its own, of whatever provider; a pattern for each name that it stands for. After an error the table may
/// have some of them.
inline std::error_code set_with_other_names(PriceTable& table, PriceRule rule) {
  split_prefix(table, rule);
  const PlainName model{rule.model}, except{rule.except}, other{other_listed_name(table, model.text())};
  const auto is_meant = [&](std::string_view listed) {
    const PlainName plain{listed};
    if (is_pattern(model.text()))
      return matches(model.text(), plain.text()) && (rule.except.empty() || !matches(except.text(), plain.text())) &&
             !is_pattern(plain.text());
    return is_snapshot_of(listed, model.text()) ||
           (!other.text().empty() && (reads_as(listed, other.text()) || is_snapshot_of(listed, other.text())));
  };
  const std::size_t before = table.rules().size();
  if (const std::error_code error = table.add(rule, Origin::set)) return error;
  for (std::size_t place = 0; place < before; ++place) {
    const std::string_view listed = table.rules()[place].model;
    if (!is_meant(listed) || has_rule_since(table, before, listed)) continue;
    rule.model = listed;
    if (const std::error_code error = table.add(rule, Origin::set)) return error;
  }
  return {};
}

}  // namespace tallyscope::inline v0::detail
