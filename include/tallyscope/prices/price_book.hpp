// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/prices/cost_lines.hpp>
#include <tallyscope/prices/detail/builtin_table.hpp>
#include <tallyscope/prices/detail/charged_rate.hpp>
#include <tallyscope/prices/detail/find_rows.hpp>
#include <tallyscope/prices/detail/own_rates.hpp>
#include <tallyscope/prices/detail/price_table.hpp>
#include <tallyscope/prices/detail/pricer.hpp>
#include <tallyscope/prices/detail/quick_price.hpp>

#include <cstddef>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0 {

/// The prices in force at a time: a Pricing. Copies share their rules; a copy that is added to leaves the others as
/// they are. Safe for any number of threads that read; a book that one thread adds to or assigns is its own.
///
/// Names are compared with ASCII letters in lower case and each of `-._/:` and space as `_`. A model is looked up by
/// its whole name, then by the patterns that stand for it (of several that which was added to last), then both without
/// the date it ends with (-YYYY-MM-DD, -YYYYMMDD, -MMDD, @YYYYMMDD), then all of this without `models/` or a prefix
/// that is the provider ("openai/gpt-4o"). The first text of a model that is found counts alone. No other name is taken
/// for it: what is not found is unpriced.
///
/// Of the rules that apply, what was set goes before what was added, and that before what is built in; of each, a rule
/// that names the provider before one of any provider; of these the last one. A rule of another provider than the
/// call's does not count. What `ollama` and `local` serve is free unless a rule names them. A call that names no
/// provider is one of the model's vendor, as its name begins, if that has the model here; else of the provider that has
/// it in the built-in prices; of a model that they do not have it is priced by rules of any provider, else by those of
/// the only provider with a rule that was added, else set. Where there are several of these it is unpriced.
///
/// A call is priced at the tier that served it. Where the provider says none, or calls it default, standard, standard
/// only, auto or on demand, that is the standard tier. At another one it is priced by the rules of that tier, else by
/// those of the standard tier times an adjustment; without either it is incomplete. In a region without a rule or an
/// adjustment it costs what it costs elsewhere.
///
/// A line of a cost is quantity x rate x multiplier as one exact fraction, rounded half to even to picodollars once;
/// the cost is the sum of its lines. The price is the one in force at the record's start.
class PriceBook {
 public:
  /// The built-in prices (prices/builtin.hpp), and what the supplement says of tiers and regions. They are shared:
  /// making a book costs an increment.
  PriceBook() : table_{detail::builtin_table()} { table_->share(); }

  /// A book without a rule. A cost will name it as "name version".
  static PriceBook empty(std::string_view name, std::string_view version) {
    return PriceBook{new detail::PriceTable{name, version}};
  }

  PriceBook(const PriceBook& other) noexcept : table_{other.table_} { table_->share(); }
  PriceBook& operator=(const PriceBook& other) noexcept {
    other.table_->share();
    leave();
    table_ = other.table_;
    return *this;
  }
  ~PriceBook() { leave(); }

  /// The same rules under another name, so that costs tell a book that was added to from the one it came from.
  PriceBook named(std::string_view name, std::string_view version) const {
    PriceBook copy = empty(name, version);
    for (std::size_t place = 0; place < rates().size(); ++place)
      copy.table_->add(table_->rules()[place], table_->origin(place));
    for (const PriceAdjustment& adjustment : adjustments()) copy.table_->add(adjustment);
    return copy;
  }

  /// Adds a rule, as a line of a price list; copies its texts.
  /// Takes no rule without a model, with a name beyond 160 bytes, a negative amount, a `per` or multiplier that is not
  /// positive, a window that is none (std::errc::invalid_argument), nor a rate that is no fraction of two int64 numbers
  /// (result_out_of_range). With an error, also not_enough_memory, the book is as it was.
  /// The built-in book changes its version by it, once: "2026-09-23 + own rates".
  std::error_code add(const PriceRule& rule) noexcept {
    return add_to_own([&](detail::PriceTable& table) { return table.add(rule, detail::Origin::added); });
  }
  /// Adds what a tier or a region makes of standard prices. Takes none without either, of the standard tier, without a
  /// model, or with a multiplier that is not positive (std::errc::invalid_argument) or has a number beyond a million
  /// (result_out_of_range). One of a tier and a region at once takes the place of one of each. What was set is what the
  /// host pays: no adjustment changes it.
  std::error_code add(const PriceAdjustment& adjustment) noexcept {
    return add_to_own([&](detail::PriceTable& table) { return table.add(adjustment); });
  }

  /// What the host pays for a model, in the place of what the book says: of every provider that has no rate of its
  /// own, if none is named. Goes before all rules of the model and of its dated snapshots, but those that are set
  /// later, by each name that the built-in prices have for it (gpt-5.6 is gpt-5.6-sol), and reaches no other model:
  /// `book.set_rate("gpt-4.1", per_million("1.60"), per_million("6.40"))`. "openai/gpt-4.1" names the provider too, if
  /// the book has models of it and none that is called so. Takes what `add` takes, and no absent rate; with an error
  /// the book is as it was. What is used and has no rate here, such as cached tokens, makes a cost incomplete; the
  /// third form sets it too.
  std::error_code set_rate(std::string_view model, const std::optional<Rate>& input, const std::optional<Rate>& output,
                           std::string_view provider = {}) noexcept {
    if (!input || !output) return std::make_error_code(std::errc::invalid_argument);
    return set_rate({.provider = provider, .model = model, .input = input, .output = output});
  }
  /// One rate for every token, in or out, cached or not.
  std::error_code set_rate(std::string_view model, const std::optional<Rate>& blended,
                           std::string_view provider = {}) noexcept {
    if (!blended) return std::make_error_code(std::errc::invalid_argument);
    return set_rate(detail::blended_rule(provider, model, *blended));
  }
  /// With everything that a rule can say. Without a tier it is what the host pays at any. A pattern is set for each
  /// model of the book that it stands for.
  std::error_code set_rate(const PriceRule& rule) noexcept;

  /// These three live as long as any copy of the book, and until this one is added to.
  std::string_view name() const noexcept { return table_->name(); }
  std::string_view version() const noexcept { return table_->version(); }
  std::string_view text() const noexcept { return table_->text(); }  ///< name and version, as in Cost::price_book

  /// Every rule, in the order of addition; until the book is added to, assigned or gone.
  Row<PriceRule> rates() const noexcept { return {table_->rules().data(), table_->rules().size()}; }
  Row<PriceAdjustment> adjustments() const noexcept {
    return {table_->adjustments().data(), table_->adjustments().size()};
  }

  /// The rule by which a call under these circumstances is priced, before what its tier and region make of it; null for
  /// none. At a tier without a price of its own it is that of the standard tier. Lives as the rates do.
  const PriceRule* find(std::string_view provider, std::string_view model,
                        const Circumstances& circumstances) const noexcept {
    if (!circumstances.service_tier.empty() || !circumstances.region.empty())
      return rule_of(charge_for(provider, model, circumstances).row);
    return rule_of(table_->usual_row(detail::rows_of(*table_, provider, model), circumstances.start_utc,
                                     circumstances.input_tokens));
  }
  std::optional<PriceRule> rate_for(std::string_view provider, std::string_view model,
                                    const Circumstances& circumstances) const noexcept {
    const PriceRule* const rule = find(provider, model, circumstances);
    return rule ? std::optional{*rule} : std::nullopt;
  }
  /// The same with its rates as they are charged there, every multiplier in them; without those that are not known, as
  /// at a tier without a price.
  std::optional<PriceRule> charged_for(std::string_view provider, std::string_view model,
                                       const Circumstances& circumstances) const noexcept {
    const detail::Charge charge = charge_for(provider, model, circumstances);
    return charge.row ? std::optional{detail::charged_rule(*table_, charge)} : std::nullopt;
  }

  /// The short way of QuickPricing. About 3 ns for a model that this thread priced before by this book.
  [[gnu::always_inline]] std::int64_t quick_price(const Call& call, std::int64_t input, std::int64_t output,
                                                  std::int64_t start_utc) const noexcept {
    const std::uint64_t key = call.price_hash ^ table_->salt();
    const detail::QuickPrice& quick = detail::quick_price_place(key);
    if (!quick.covers(key, start_utc, input)) [[unlikely]]
      return quick_price_anew(key, call, input, output, start_utc);
    if (quick.by_region && !call.region.empty()) [[unlikely]]
      return -1;
    return output < detail::QuickPrice::below ? input * quick.input + output * quick.output : -1;
  }

  /// What the call costs, from what the record holds: its reported tokens, else its estimated ones; each part of its
  /// parts on its own, if it has any. It is priced by the model that served it if that has a price, else by the one
  /// that was asked for; but a price that was set for the latter goes before one that was not for the former, and a
  /// rule that was added before a built-in one. Allocates nothing.
  Cost price(const Record& record) const noexcept {
    if (has_nothing_to_price(record)) return {};
    return price_model(record);
  }

  /// The same with the lines that the cost is the sum of. Allocates nothing; 4 KB.
  CostLines lines(const Record& record) const noexcept {
    CostLines lines;
    if (has_nothing_to_price(record)) return lines;
    detail::Bill bill;
    detail::Pricer{*table_, record}.put_into(bill);
    detail::put_lines(lines, *table_, bill);
    return lines;
  }

 private:
  explicit PriceBook(detail::PriceTable* table) noexcept : table_{table} {}

  void leave() noexcept {
    if (table_->leave()) delete table_;
  }

  template <class Add>
  std::error_code add_to_own(const Add& add) noexcept;
  PriceBook own_copy() const;

  static bool has_nothing_to_price(const Record& record) noexcept {
    return record.call.model.empty() && record.response.model.empty() && record.parts.empty() &&
           !record.call.operation.is_model_call();
  }

  [[gnu::noinline]] Cost price_model(const Record& record) const noexcept {
    return detail::Pricer{*table_, record}.cost();
  }

  const PriceRule* rule_of(const detail::PriceRow* row) const noexcept {
    return row != nullptr && row != &detail::free_row ? &table_->rule(*row) : nullptr;
  }

  [[gnu::noinline]] detail::Charge charge_for(std::string_view provider, std::string_view model,
                                              const Circumstances& circumstances) const noexcept {
    const detail::ChargedCall call{provider, model, circumstances.start_utc,
                                   table_->served(circumstances.service_tier, circumstances.region)};
    return detail::ChargeFinder{*table_, call}.find(circumstances.input_tokens);
  }

  [[gnu::cold, gnu::noinline]] std::int64_t quick_price_anew(std::uint64_t key, const Call& call, std::int64_t input,
                                                             std::int64_t output,
                                                             std::int64_t start_utc) const noexcept {
    detail::QuickPrice& place = detail::quick_price_place(key);
    const detail::ModelRows rows = detail::RowFinder{*table_}.find(call.provider, call.model);
    place = detail::find_quick_price(*table_, rows, start_utc, input);
    place.key = key;
    if (!place.covers(key, start_utc, input) || output >= detail::QuickPrice::below) return -1;
    if (place.by_region && !call.region.empty()) return -1;
    return input * place.input + output * place.output;
  }

  detail::PriceTable* table_;
};

inline PriceBook PriceBook::own_copy() const {
  return table_ == detail::builtin_table() ? named(name(), detail::version_with_own_rates(version()))
                                           : named(name(), version());
}

template <class Add>
std::error_code PriceBook::add_to_own(const Add& add) noexcept {
  return detail::without_throwing([&] {
    if (table_->has_one_owner()) return add(*table_);
    PriceBook own = own_copy();
    const std::error_code error = add(*own.table_);
    if (!error) *this = own;
    return error;
  });
}

/// Into a copy, since it may be several rules, all of them or none.
inline std::error_code PriceBook::set_rate(const PriceRule& rule) noexcept {
  return detail::without_throwing([&] {
    PriceBook own = own_copy();
    const std::error_code error = detail::set_with_other_names(*own.table_, rule);
    if (!error) *this = own;
    return error;
  });
}

static_assert(QuickPricing<PriceBook>);

}  // namespace tallyscope::inline v0
