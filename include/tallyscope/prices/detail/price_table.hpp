// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/growing_array.hpp>
#include <tallyscope/detail/hash.hpp>
#include <tallyscope/error.hpp>
#include <tallyscope/prices/detail/kept_texts.hpp>
#include <tallyscope/prices/detail/price_row.hpp>

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
    providers_.add({});  // no_provider
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
  const PriceRule& rule(const PriceRow& row) const noexcept {
    return rules_[static_cast<std::size_t>(&row - rows_.data())];
  }
  Origin origin(std::size_t rule) const noexcept { return rows_[rule].origin; }
  /// Is there a rule that is not built in?
  bool has_own_rules() const noexcept { return has_own_rules_; }

  std::error_code add(const PriceRule& rule, Origin origin) {
    PriceRow row;
    row.origin = origin;
    if (const std::error_code error = set_conditions(row, rule)) return error;
    if (const std::error_code error = set_prices(row, rule)) return error;
    if (providers_.size() >= unknown_provider || rows_.size() >= free_rows) return Error::full;
    make_room();
    row.provider = provider_number_of(rule);
    row.service_tier = texts_.keep_plain(rule.service_tier);
    row.region = texts_.keep_plain(rule.region);
    const std::string_view model = texts_.keep_plain(rule.model);
    rules_.add(kept(rule));
    link(row, model);
    has_own_rules_ = has_own_rules_ || origin != Origin::builtin;
    serial_ = ++last_price_table_serial;
    salt_ = spread(serial_);
    return {};
  }

  /// The rows that these names mean; which they are depends on the names alone.
  [[gnu::noinline]] ModelRows find(std::string_view provider, std::string_view model) const noexcept {
    if (model.empty()) return {};
    const PlainName given{provider}, name{model};
    const std::string_view owner = one_provider_name(given.text());
    if (is_local(owner)) return find_local(name.text(), provider_number(owner));
    if (name.text().empty()) return {};
    const std::uint16_t number = provider.empty() ? no_provider : provider_number(owner);
    if (const ModelRows rows = find_of(number, name.text()); rows.found()) return rows;
    const std::size_t end = model.find_first_of("/:");
    if (end == std::string_view::npos) return {};
    return find_behind_prefix(name.text().substr(0, end), name.text().substr(end + 1), number);
  }

  /// The first of `rows` that applies; null when none does. `in_particular` is asked only of rows with such
  /// conditions.
  template <class InParticular>
  [[gnu::always_inline]] const PriceRow* in_force(ModelRows rows, std::int64_t start_utc, std::int64_t input_tokens,
                                                  InParticular&& in_particular) const noexcept {
    for (std::uint32_t place = rows.first; place < free_rows; place = rows_[place].next) {
      const PriceRow& row = rows_[place];
      if (rows.providers.allows(row.provider) && start_utc >= row.from && input_tokens > row.above &&
          (!row.particular || in_particular(row)))
        return &row;
    }
    return nullptr;
  }

  /// Visits those of `rows` that the providers allow, in their order.
  template <class Visit>
  void for_each(ModelRows rows, Visit&& visit) const noexcept {
    for (std::uint32_t place = rows.first; place < free_rows; place = rows_[place].next)
      if (rows.providers.allows(rows_[place].provider)) visit(rows_[place]);
  }

  void share() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  /// True for the last owner.
  bool leave() noexcept { return owners_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  bool has_one_owner() const noexcept { return owners_.load(std::memory_order_acquire) == 1; }

 private:
  struct Provider {
    std::uint32_t hash = 0;
    std::string_view name{};
  };

  // The name stands here, not in its rows, so that both are fetched at once.
  struct Slot {
    std::string_view model{};  // plain
    std::uint32_t hash = 0;
    std::uint32_t first = no_row;
  };

  static std::uint32_t hash_of(std::string_view plain) noexcept { return static_cast<std::uint32_t>(hash(1, plain)); }

  /// The place of `plain` among `slots`: where it is, or where it would be.
  std::size_t place_of(std::string_view plain, std::uint32_t hash) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t place = hash & mask;
    while (slots_[place].first != no_row && (slots_[place].hash != hash || slots_[place].model != plain))
      place = (place + 1) & mask;
    return place;
  }

  std::uint32_t first_of(std::string_view plain) const noexcept {
    return slots_.empty() || plain.empty() ? no_row : slots_[place_of(plain, hash_of(plain))].first;
  }

  ModelRows find_plain(std::string_view plain, ProviderChoice choice) const noexcept {
    for (const std::string_view name : {plain, without_date(plain)})
      if (const ModelRows rows{first_of(name), choice}; any_allowed(rows)) return rows;
    return {};
  }

  ModelRows find_of(std::uint16_t provider, std::string_view plain) const noexcept {
    return find_plain(plain, {provider == no_provider ? meant_provider(plain) : provider, no_provider});
  }

  std::uint16_t meant_provider(std::string_view plain) const noexcept {
    MeantProvider meant;
    for (const std::string_view name : {plain, without_date(plain)})
      for (std::uint32_t place = first_of(name); place != no_row; place = rows_[place].next) meant.add(rows_[place]);
    return meant.number();
  }

  ModelRows find_behind_prefix(std::string_view prefix, std::string_view rest, std::uint16_t provider) const noexcept {
    if (prefix == "models") return find_of(provider, rest);
    const std::uint16_t owner = provider_number(one_provider_name(prefix));
    if (owner == unknown_provider || (provider != no_provider && provider != owner)) return {};
    return find_plain(rest, {owner, no_provider});
  }

  /// What a host set for a model of its own machine; else it is free.
  ModelRows find_local(std::string_view plain, std::uint16_t owner) const noexcept {
    const ModelRows rows = find_plain(plain, {owner, owner});
    return rows.found() ? rows : ModelRows{free_rows, {}};
  }

  bool any_allowed(ModelRows rows) const noexcept {
    for (std::uint32_t place = rows.first; place < free_rows; place = rows_[place].next)
      if (rows.providers.allows(rows_[place].provider)) return true;
    return false;
  }

  std::uint16_t provider_number(std::string_view owner) const noexcept {
    const std::uint32_t hash = hash_of(owner);
    for (std::size_t number = 1; number < providers_.size(); ++number)
      if (providers_[number].hash == hash && providers_[number].name == owner)
        return static_cast<std::uint16_t>(number);
    return unknown_provider;
  }

  std::uint16_t provider_number_of(const PriceRule& rule) {
    if (rule.provider.empty()) return no_provider;
    const PlainName plain{rule.provider};
    const std::string_view owner = one_provider_name(plain.text());
    if (const std::uint16_t number = provider_number(owner); number != unknown_provider) return number;
    providers_.add({hash_of(owner), texts_.keep(owner)});
    return static_cast<std::uint16_t>(providers_.size() - 1);
  }

  /// So that nothing allocates half way through an addition, but for the texts, which do no harm.
  void make_room() {
    if (slots_.size() < 2 * (rows_.size() + 1)) grow_slots(slots_.empty() ? 16 : 2 * slots_.size());
    rows_.make_room();
    rules_.make_room();
  }

  void grow_slots(std::size_t size) {
    GrowingArray<Slot> larger{size};
    larger.swap(slots_);
    for (const Slot& slot : larger)
      if (slot.first != no_row) slots_[place_of(slot.model, slot.hash)] = slot;
  }

  PriceRule kept(PriceRule rule) {
    for (std::string_view* text :
         {&rule.provider, &rule.model, &rule.service_tier, &rule.region, &rule.source, &rule.as_of})
      *text = texts_.keep(*text);
    return rule;
  }

  void link(PriceRow& row, std::string_view model) noexcept {
    const std::uint32_t hash = hash_of(model);
    Slot& slot = slots_[place_of(model, hash)];
    slot.model = model;
    slot.hash = hash;
    std::uint32_t* place = &slot.first;
    while (*place != no_row && rows_[*place].weight() > row.weight()) place = &rows_[*place].next;
    row.next = *place;
    *place = static_cast<std::uint32_t>(rows_.size());
    rows_.add(row);
  }

  std::atomic<std::uint32_t> owners_{1};
  std::uint64_t serial_ = ++last_price_table_serial;
  std::uint64_t salt_ = spread(serial_);
  bool has_own_rules_ = false;
  std::string text_;
  std::size_t name_size_;
  KeptTexts texts_;
  GrowingArray<Provider> providers_;
  GrowingArray<Slot> slots_;
  GrowingArray<PriceRow> rows_;
  GrowingArray<PriceRule> rules_;
};

}  // namespace tallyscope::inline v0::detail
