// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/prices/detail/kept_texts.hpp>
#include <tallyscope/prices/detail/name_index.hpp>
#include <tallyscope/prices/detail/pattern_index.hpp>
#include <tallyscope/prices/detail/price_row.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Which rows belong to which text of a model, by provider: the texts of rules, names and patterns alike.
class ModelIndex {
 public:
  /// A text of a model as a rule has it: where its chain of rows begins, and that of its owners or which pattern it is.
  struct Text {
    std::uint32_t* first;
    std::uint32_t* first_owner;
    std::uint32_t pattern;
  };

  /// Finds or adds the text of a rule; to be followed by `added`. May throw, and has not changed what is found then.
  Text text_of(KeptTexts& texts, std::uint16_t provider, const PlainName& model, const PlainName& except) {
    if (is_pattern(model.text()) || !except.empty()) {
      const std::uint32_t number = patterns_.number_of(texts, provider, model, except);
      return {&patterns_[number].rows, nullptr, number};
    }
    names_.make_room();
    lists_.make_room();
    owners_.make_room();
    for_any_ = for_any_ || provider == no_provider;
    return {&names_.place(provider, model), &lists_.place(0, model), PatternIndex::none};
  }

  /// A row has been put into the chain of the text.
  void added(const Text& text, std::uint32_t rule, const PriceRow& row) noexcept {
    if (text.pattern == PatternIndex::none) return add_owner(*text.first_owner, row);
    PatternIndex::Pattern& pattern = patterns_[text.pattern];
    pattern.newest = rule;
    if (row.origin < pattern.least_origin) pattern.least_origin = row.origin;
  }

  /// Rows of exactly this name.
  ModelRows named(std::uint16_t provider, const PlainName& name) const noexcept {
    if (name.empty()) return {};
    return {is_one(provider) ? names_.find(provider, name) : no_row,
            for_any_ ? names_.find(no_provider, name) : no_row};
  }

  /// Rows of the pattern that stands for it; `whole` is the name before its date was taken off, if it was.
  ModelRows like(std::uint16_t provider, const PlainName& name, const PlainName& whole) const noexcept {
    if (patterns_.empty() || name.empty()) return {};
    return {is_one(provider) ? rows_of(patterns_.newest(provider, name, whole)) : no_row,
            rows_of(patterns_.newest(no_provider, name, whole))};
  }

  /// Visits (provider, least origin of its rows) for whoever has exactly this name.
  template <class Visit>
  void for_each_owner_of_name(const PlainName& name, Visit&& visit) const noexcept {
    if (name.empty()) return;
    for (std::uint32_t place = lists_.find(0, name); place != no_row; place = owners_[place].next)
      visit(owners_[place].provider, owners_[place].least_origin);
  }

  /// The same for whoever has a pattern that stands for it.
  template <class Visit>
  void for_each_owner_of_pattern(const PlainName& name, const PlainName& whole, Visit&& visit) const noexcept {
    if (name.empty()) return;
    patterns_.for_each(PatternIndex::all, name, whole, [&](std::uint32_t number) {
      visit(patterns_[number].provider, patterns_[number].least_origin);
    });
  }

 private:
  static_assert(NameIndex::none == no_row && PatternIndex::none == no_row);
  static bool is_one(std::uint16_t provider) noexcept {
    return provider != no_provider && provider != unknown_provider;
  }

  struct Owner {
    std::uint32_t next = no_row;
    std::uint16_t provider = no_provider;
    Origin least_origin = Origin::set;
  };

  std::uint32_t rows_of(std::uint32_t pattern) const noexcept {
    return pattern == PatternIndex::none ? no_row : patterns_[pattern].rows;
  }

  void add_owner(std::uint32_t& first, const PriceRow& row) noexcept {
    std::uint32_t place = first;
    while (place != no_row && owners_[place].provider != row.provider) place = owners_[place].next;
    if (place != no_row) {
      if (row.origin < owners_[place].least_origin) owners_[place].least_origin = row.origin;
      return;
    }
    owners_.add({first, row.provider, row.origin});
    first = static_cast<std::uint32_t>(owners_.size() - 1);
  }

  NameIndex names_;  // the first row of each name of each provider
  NameIndex lists_;  // the first owner of each name
  bool for_any_ = false;
  PatternIndex patterns_;
  GrowingArray<Owner> owners_;
};

}  // namespace tallyscope::inline v0::detail
