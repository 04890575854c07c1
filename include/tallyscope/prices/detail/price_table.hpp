// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/detail/hash.hpp>
#include <tallyscope/error.hpp>
#include <tallyscope/prices/detail/adjustment_row.hpp>
#include <tallyscope/prices/detail/kept_texts.hpp>
#include <tallyscope/prices/detail/model_index.hpp>
#include <tallyscope/prices/detail/name_index.hpp>
#include <tallyscope/prices/detail/price_row.hpp>
#include <tallyscope/prices/detail/vendor.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0::detail {

/// Never 0, never the same twice: what a thread remembers of a table is bound to one state of it.
inline constinit std::atomic<std::uint64_t> last_price_table_serial{0};

/// What the copies of a book share. Reading takes no lock; only a sole owner adds.
class PriceTable {
 public:
  PriceTable(std::string_view name, std::string_view version) : text_{name}, name_size_{name.size()} {
    if (!version.empty()) text_.append(" ").append(version);
  }
  PriceTable(const PriceTable&) = delete;
  PriceTable& operator=(const PriceTable&) = delete;

  std::uint64_t serial() const noexcept { return serial_; }
  /// The serial, spread: to make keys of.
  std::uint64_t salt() const noexcept { return salt_; }
  std::string_view text() const noexcept { return text_; }
  std::string_view name() const noexcept { return text().substr(0, name_size_); }
  std::string_view version() const noexcept {
    return text().substr(text_.size() > name_size_ ? name_size_ + 1 : name_size_);
  }
  const GrowingArray<PriceRule>& rules() const noexcept { return rules_; }
  const GrowingArray<PriceAdjustment>& adjustments() const noexcept { return adjustments_; }
  const PriceRule& rule(const PriceRow& row) const noexcept {
    return rules_[static_cast<std::size_t>(&row - rows_.data())];
  }
  Origin origin(std::size_t rule) const noexcept { return rows_[rule].origin; }
  /// Is there a rule that is not built in? One that was set?
  bool has_own_rules() const noexcept { return most_origin_ != Origin::builtin; }
  bool has_set_rules() const noexcept { return most_origin_ == Origin::set; }
  Origin least_origin() const noexcept { return least_origin_; }
  /// Does it matter in which region a call was served?
  bool has_regions() const noexcept { return regions_.any(); }
  const ModelIndex& models() const noexcept { return models_; }

  std::error_code add(const PriceRule& rule, Origin origin) {
    PriceRow row;
    row.origin = origin;
    if (const std::error_code error = set_conditions(row, rule)) return error;
    PricesOfRule prices;
    if (const std::error_code error = set_prices(row, prices, rule)) return error;
    if (rows_.size() >= free_rows || full()) return Error::full;
    rows_.make_room();
    rules_.make_room();
    const PriceRule kept_rule = kept(rule);
    row.prices = static_cast<const UnitPrice*>(prices_.keep(prices.prices, prices.count * sizeof(UnitPrice)));
    row.provider = provider_number_of(rule.provider);
    row.tier = rule.service_tier == "*" || (origin == Origin::set && rule.service_tier.empty())
                   ? any_tier
                   : tier_number_of(rule.service_tier);
    row.region = region_number_of(rule.region);
    row.particular = row.timed || row.tier >= first_named_tier || row.region != 0;
    const PlainName model{rule.model}, except{rule.except};
    link(row, models_.text_of(texts_, row.provider, model, except));
    rules_.add(kept_rule);
    changed(origin);
    return {};
  }

  std::error_code add(const PriceAdjustment& adjustment) {
    if (const std::error_code error = check(adjustment)) return error;
    if (full()) return Error::full;
    adjustment_rows_.make_room();
    adjustments_.make_room();
    const PriceAdjustment kept_adjustment = kept(adjustment);
    AdjustmentRow row{.from = adjustment.from, .multiplier = adjustment.multiplier};
    row.model = texts_.keep_plain(adjustment.model);
    row.provider = provider_number_of(adjustment.provider);
    row.tier = tier_number_of(adjustment.service_tier);
    row.region = region_number_of(adjustment.region);
    adjustment_rows_.add(row);
    adjustments_.add(kept_adjustment);
    new_serial();
    return {};
  }

  std::uint16_t provider_number(const PlainName& name) const noexcept { return providers_.find(name); }
  /// The provider that one of vendor_names speaks of.
  std::uint16_t vendor_number(std::size_t vendor_name) const noexcept { return vendors_[vendor_name]; }

  bool knows_region(std::string_view region) const noexcept { return region_number(region) != 0; }

  /// Where a call was served, by its texts.
  Served served(std::string_view tier, std::string_view region) const noexcept {
    Served served{.region = region_number(region)};
    if (!is_standard_tier(tier)) served.tier = tiers_.find(PlainName{one_tier_name(PlainName{tier}.text())});
    return served;
  }

  /// The first of `rows` that `applies` is true of; null when there is none. Of one that names the provider and one of
  /// any provider, that which is more the host's own, else the former.
  template <class Applies>
  [[gnu::always_inline]] const PriceRow* first_of(ModelRows rows, Applies&& applies) const noexcept {
    const PriceRow* const own = first_in(rows.own, applies);
    if (rows.any == no_row) [[likely]]
      return own;
    const PriceRow* const any = first_in(rows.any, applies);
    return own == nullptr || (any != nullptr && any->origin > own->origin) ? any : own;
  }

  /// That which a usual call with so much input is priced by.
  [[gnu::always_inline]] const PriceRow* usual_row(ModelRows rows, std::int64_t start_utc,
                                                   std::int64_t input_tokens) const noexcept {
    return first_of(
        rows, [&](const PriceRow& row) __attribute__((always_inline)) {
          return start_utc >= row.from && input_tokens > row.above &&
                 (!row.particular || (row.applies_at(standard_tier) && row.region == 0 && row.is_open(start_utc)));
        });
  }

  /// What a model's tokens cost more or less at a tier and in a region; null for no adjustment.
  const AdjustmentRow* adjustment(std::uint16_t tier, std::uint16_t region, std::uint16_t provider,
                                  std::string_view model, std::int64_t start_utc) const noexcept {
    if (adjustment_rows_.empty()) return nullptr;
    const std::size_t end = prefix_size(model);
    const PlainName name{model};
    const std::string_view plain = name.text();
    const std::string_view rest = end < plain.size() ? plain.substr(end + 1) : std::string_view{};
    for (std::size_t place = adjustment_rows_.size(); place-- > 0;) {
      const AdjustmentRow& row = adjustment_rows_[place];
      if (row.is_of(tier, region) && start_utc >= row.from && row.is_for(provider, plain, rest)) return &row;
    }
    return nullptr;
  }

  /// Does one for a region speak of any model of the provider, or of every provider?
  bool adjusts_regions(std::uint16_t provider) const noexcept {
    for (const AdjustmentRow& row : adjustment_rows_)
      if (row.region != 0 && (row.provider == no_provider || row.provider == provider)) return true;
    return false;
  }

  template <class Visit>
  void for_each(ModelRows rows, Visit&& visit) const noexcept {
    for (const std::uint32_t first : {rows.own, rows.any})
      for (std::uint32_t place = first; place < free_rows; place = rows_[place].next) visit(rows_[place]);
  }

  void share() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  /// True for the last owner.
  bool leave() noexcept { return owners_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  bool has_one_owner() const noexcept { return owners_.load(std::memory_order_acquire) == 1; }

 private:
  template <class Applies>
  [[gnu::always_inline]] const PriceRow* first_in(std::uint32_t first, Applies& applies) const noexcept {
    for (std::uint32_t place = first; place < free_rows; place = rows_[place].next)
      if (applies(rows_[place])) return &rows_[place];
    return nullptr;
  }

  std::uint16_t region_number(std::string_view region) const noexcept {
    if (region.empty() || !has_regions()) return 0;
    const std::uint16_t number = regions_.find(PlainName{region});
    return number == NumberedNames::unknown ? 0 : number;
  }
  bool full() const noexcept { return providers_.full() || tiers_.full() || regions_.full(); }

  std::uint16_t provider_number_of(std::string_view provider) {
    if (provider.empty()) return no_provider;
    const PlainName plain{provider}, name{one_provider_name(plain.text())};
    if (const std::uint16_t known = providers_.find(name); known != NumberedNames::unknown) return known;
    const std::uint16_t number = providers_.number_of(name);
    for (const auto& [other, one] : other_provider_names)
      if (one == name.text()) providers_.add(PlainName{other}, number);
    for (std::size_t place = 0; place < vendor_name_count; ++place)
      if (vendor_names[place].vendor == name.text()) vendors_[place] = number;
    return number;
  }
  std::uint16_t tier_number_of(std::string_view tier) {
    if (is_standard_tier(tier)) return standard_tier;
    const PlainName plain{tier};
    return tiers_.number_of(PlainName{one_tier_name(plain.text())});
  }
  std::uint16_t region_number_of(std::string_view region) {
    return region.empty() ? 0 : regions_.number_of(PlainName{region});
  }

  template <class Listed>
  Listed kept(Listed listed) {
    for (std::string_view* text :
         {&listed.provider, &listed.model, &listed.service_tier, &listed.region, &listed.source, &listed.as_of})
      *text = texts_.keep(*text);
    if constexpr (requires { listed.except; }) listed.except = texts_.keep(listed.except);
    return listed;
  }

  /// In its chain a row stands before those of its own origin, behind those of a higher one.
  void link(PriceRow& row, const ModelIndex::Text& text) noexcept {
    std::uint32_t* place = text.first;
    while (*place != no_row && rows_[*place].origin > row.origin) place = &rows_[*place].next;
    row.next = *place;
    const auto number = static_cast<std::uint32_t>(rows_.size());
    *place = number;
    rows_.add(row);
    models_.added(text, number, row);
  }

  void changed(Origin origin) noexcept {
    if (origin > most_origin_) most_origin_ = origin;
    if (origin < least_origin_) least_origin_ = origin;
    new_serial();
  }
  void new_serial() noexcept {
    serial_ = ++last_price_table_serial;
    salt_ = spread(serial_);
  }

  std::atomic<std::uint32_t> owners_{1};
  std::uint64_t serial_ = ++last_price_table_serial;
  std::uint64_t salt_ = spread(serial_);
  Origin most_origin_ = Origin::builtin;
  Origin least_origin_ = Origin::set;
  std::string text_;
  std::size_t name_size_;
  KeptTexts texts_;
  KeptBytes prices_;
  NumberedNames providers_{no_provider + 1}, tiers_{first_named_tier}, regions_{1};
  std::array<std::uint16_t, vendor_name_count> vendors_ = [] {
    std::array<std::uint16_t, vendor_name_count> none;
    none.fill(unknown_provider);
    return none;
  }();
  ModelIndex models_;
  GrowingArray<PriceRow> rows_;
  GrowingArray<PriceRule> rules_;
  GrowingArray<AdjustmentRow> adjustment_rows_;
  GrowingArray<PriceAdjustment> adjustments_;
};

}  // namespace tallyscope::inline v0::detail
