// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/prices/builtin.hpp>
#include <tallyscope/prices/detail/name_cache.hpp>
#include <tallyscope/prices/detail/own_rates.hpp>
#include <tallyscope/prices/detail/price_table.hpp>
#include <tallyscope/prices/detail/price_usage.hpp>
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
/// its whole name, then without the date it ends with (-YYYY-MM-DD, -YYYYMMDD, -MMDD, @YYYYMMDD), then both without
/// `models/` or a prefix that is the provider ("openai/gpt-4o"). No other name is taken for it: what is not found is
/// unpriced.
///
/// Of the rules that apply, what was set goes before what was added, and that before what is built in; of each, a rule
/// that names the provider before one of any provider; of these the last one. A rule of another provider than the
/// call's does not count. What `ollama` and `local` serve is free unless a rule names them. A call that names no
/// provider is one of the provider that has the model in the built-in prices; of a model that they do not have it is
/// priced by rules of any provider, else by those of the only provider with a rule that was added, else set. Where
/// there are several of these it is unpriced.
///
/// A line of a cost is quantity x rate x multiplier as one exact fraction, rounded half to even to picodollars once;
/// the cost is the sum of its lines. The price is the one in force at the record's start.
class PriceBook {
 public:
  /// The built-in prices (prices/builtin.hpp). They are shared: making a book costs an increment.
  PriceBook() : table_{builtin()} { table_->share(); }

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
    return copy;
  }

  /// Adds a rule, as a line of a price list; copies its texts.
  /// Takes no rule without a model, with a name beyond 160 bytes, a negative amount, a `per` or multiplier that is not
  /// positive, a window that is none (std::errc::invalid_argument), nor a rate that is no fraction of two int64 numbers
  /// (result_out_of_range). With an error, also not_enough_memory, the book is as it was.
  /// The built-in book changes its version by it, once: "2026-09-23 + own rates".
  std::error_code add(const PriceRule& rule) noexcept { return add_to_own(rule, detail::Origin::added); }

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
  /// With everything that a rule can say.
  std::error_code set_rate(const PriceRule& rule) noexcept { return add_to_own(rule, detail::Origin::set); }

  /// These three live as long as any copy of the book, and until this one is added to.
  std::string_view name() const noexcept { return table_->name(); }
  std::string_view version() const noexcept { return table_->version(); }
  std::string_view text() const noexcept { return table_->text(); }  ///< name and version, as in Cost::price_book

  /// Every rule, in the order of addition; until the book is added to, assigned or gone.
  Row<PriceRule> rates() const noexcept { return {table_->rules().data(), table_->rules().size()}; }

  /// The rule by which a call under these circumstances is priced: for people. Its texts live as long as the book.
  std::optional<PriceRule> rate_for(std::string_view provider, std::string_view model,
                                    const Circumstances& circumstances) const noexcept {
    const detail::PriceRow* row =
        table_->in_force(table_->find(provider, model), circumstances.start_utc, circumstances.input_tokens,
                         [&](const auto& particular) {
                           return particular.applies_in_particular(circumstances.start_utc, circumstances.service_tier,
                                                                   circumstances.region);
                         });
    return row ? std::optional{table_->rule(*row)} : std::nullopt;
  }

  /// The short way of QuickPricing. About 3 ns for a model that this thread priced before by this book.
  [[gnu::always_inline]] std::int64_t quick_price(const Call& call, std::int64_t input, std::int64_t output,
                                                  std::int64_t start_utc) const noexcept {
    const std::uint64_t key = call.price_hash ^ table_->salt();
    const detail::QuickPrice& quick = detail::quick_price_place(key);
    if (!quick.covers(key, start_utc, input)) [[unlikely]]
      return quick_price_anew(key, call, input, output, start_utc);
    return output < detail::QuickPrice::below ? input * quick.input + output * quick.output : -1;
  }

  /// What the call costs, from what the record holds: its reported tokens, else its estimated ones; each part of its
  /// parts on its own, if it has any. It is priced by the model that served it if that has a price, else by the one
  /// that was asked for; but a price that was set for the latter goes before one that was not for the former, and a
  /// rule that was added before a built-in one. Allocates nothing.
  Cost price(const Record& record) const noexcept {
    if (record.call.model.empty() && record.response.model.empty() && record.parts.empty() &&
        !record.call.operation.is_model_call())
      return {};
    return price_model(record);
  }

 private:
  explicit PriceBook(detail::PriceTable* table) noexcept : table_{table} {}

  /// Never destroyed, since statics of a host may price until the end.
  static detail::PriceTable* builtin() {
    static detail::PriceTable* const table = [] {
      auto* made = new detail::PriceTable{builtin_prices_name, builtin_prices_version};
      for_each_builtin_price([&](const PriceRule& rule) { made->add(rule, detail::Origin::builtin); });
      return made;
    }();
    return table;
  }

  void leave() noexcept {
    if (table_->leave()) delete table_;
  }

  std::error_code add_to_own(const PriceRule& rule, detail::Origin origin) noexcept;
  PriceBook own_copy() const;

  [[gnu::cold, gnu::noinline]] std::int64_t quick_price_anew(std::uint64_t key, const Call& call, std::int64_t input,
                                                             std::int64_t output,
                                                             std::int64_t start_utc) const noexcept {
    detail::QuickPrice& place = detail::quick_price_place(key);
    place = detail::find_quick_price(*table_, table_->find(call.provider, call.model), start_utc, input);
    place.key = key;
    if (!place.covers(key, start_utc, input) || output >= detail::QuickPrice::below) return -1;
    return input * place.input + output * place.output;
  }

  [[gnu::always_inline]] const detail::ModelRows& rows_of(const std::string_view& provider,
                                                          const std::string_view& model) const noexcept {
    detail::CachedName& cached = detail::cached_name(provider, model);
    if (!cached.holds(table_->serial(), provider, model)) [[unlikely]]
      look_up(cached, provider, model);
    return cached.rows();
  }

  [[gnu::noinline]] void look_up(detail::CachedName& cached, std::string_view provider,
                                 std::string_view model) const noexcept {
    cached.keep(table_->serial(), provider, model, table_->find(provider, model));
  }

  /// Of the model that served the call, or of the one that was asked for.
  [[gnu::always_inline]] detail::ModelRows rows_of(const Record& record) const noexcept {
    // References, since to copy 16 bytes that were just written in two halves stalls.
    const std::string_view &served = record.response.model, &requested = record.call.model;
    const detail::ModelRows& rows = rows_of(record.call.provider, served.empty() ? requested : served);
    if ((rows.found() && !table_->has_own_rules()) || served.empty() || requested.empty()) [[likely]]
      return rows;
    return served_or_requested(record);
  }

  /// Of two models with a price the one whose price is more the host's own, else the one that served the call.
  [[gnu::noinline]] detail::ModelRows served_or_requested(const Record& record) const noexcept {
    const detail::ModelRows served = rows_of(record.call.provider, record.response.model);
    const detail::ModelRows requested = rows_of(record.call.provider, record.call.model);
    return !served.found() || origin_of(requested, record) > origin_of(served, record) ? requested : served;
  }

  detail::Origin origin_of(detail::ModelRows rows, const Record& record) const noexcept {
    const detail::PriceRow* const row = row_of(rows, record, record.input_tokens());
    return row ? row->origin : detail::Origin::builtin;
  }

  /// The row in force for a call, or for a part of it with so much input.
  [[gnu::always_inline]] const detail::PriceRow* row_of(detail::ModelRows rows, const Record& record,
                                                        Count input) const noexcept {
    return table_->in_force(rows, record.start_utc, input.value_or(0), [&](const detail::PriceRow& row) {
      const std::string_view& region = record.response.region.empty() ? record.call.region : record.response.region;
      return row.applies_in_particular(record.start_utc, record.response.service_tier, region);
    });
  }

  /// Counts reported in full and whole prices: nearly every call. Everything else is left to `price_unusual`.
  [[gnu::noinline]] Cost price_model(const Record& record) const noexcept {
    if (!record.parts.empty()) [[unlikely]]
      return price_parts(record);
    const Usage& usage = record.usage;
    const detail::ModelRows rows = rows_of(record);
    const detail::PriceRow* row = row_of(rows, record, usage.input_tokens);
    if (!row || row->free || !usage.input_tokens.has_value() || !usage.output_tokens.has_value()) [[unlikely]]
      return price_unusual(rows, record);
    detail::QuickLines lines{*row};
    detail::add_input(lines, usage.input_tokens, usage);
    detail::add_output(lines, usage.output_tokens, usage);
    detail::add_billed_apart(lines, usage);
    if (lines.unusual()) [[unlikely]]
      return price_unusual(rows, record);
    const Money amount = Money::from_picodollars(lines.sum());
    return {CostState::priced, has_estimate(record), false, amount, amount, table_->text()};
  }

  [[gnu::noinline]] Cost price_unusual(detail::ModelRows rows, const Record& record) const noexcept {
    // A late report may speak of one direction alone.
    const Operation operation = record.kind == Kind::late_usage ? Operation{""} : record.call.operation;
    return cost(priced(rows, record, record.usage, record.metered, record.input_tokens(), operation), record);
  }

  detail::PricedUsage priced(detail::ModelRows rows, const Record& record, const Usage& usage, const Metered& metered,
                             Count input, const Operation& operation) const noexcept {
    if (rows.first == detail::free_rows) return {CostState::free};
    return detail::price_usage(row_of(rows, record, input), usage, metered, operation);
  }

  /// Searches and requests that only the whole states are priced by the model of the whole.
  [[gnu::noinline]] Cost price_parts(const Record& record) const noexcept {
    const detail::ModelRows rows = rows_of(record);
    Usage apart{.web_searches = record.usage.web_searches, .requests = record.usage.requests};
    detail::PricedParts sum;
    for (const Part& part : record.parts) {
      const bool is_served = part.model.empty() || part.model == record.response.model;
      const detail::ModelRows own = is_served ? rows : rows_of(record.call.provider, part.model);
      sum.add(priced(own, record, part.usage, {}, part.usage.input_tokens, record.call.operation));
      if (part.usage.web_searches.has_value()) apart.web_searches = {};
      if (part.usage.requests.has_value()) apart.requests = {};
    }
    if (detail::has_other_quantity(apart)) sum.add(priced(rows, record, apart, {}, {}, Operation{""}));
    return cost(sum.sum(), record);
  }

  Cost cost(const detail::PricedUsage& priced, const Record& record) const noexcept {
    Cost cost{.state = priced.state, .price_book = table_->text()};
    if (priced.state != CostState::priced && priced.state != CostState::incomplete) return cost;
    cost.estimated = priced.estimated || has_estimate(record);
    cost.saturated = priced.saturated;
    cost.known = Money::from_picodollars(priced.known);
    if (priced.state == CostState::priced) cost.amount = cost.known;
    return cost;
  }

  [[gnu::always_inline]] static bool has_estimate(const Record& record) noexcept {
    constexpr auto bits = [](Source source) { return static_cast<unsigned>(source); };
    static_assert(bits(Source::estimated) == 2 && bits(Source::partial) == 3 && bits(Source::reported) == 1);
    return ((bits(record.input_source) | bits(record.output_source)) & 2) != 0;
  }

  detail::PriceTable* table_;
};

inline PriceBook PriceBook::own_copy() const {
  return table_ == builtin() ? named(name(), detail::version_with_own_rates(version())) : named(name(), version());
}

inline std::error_code PriceBook::add_to_own(const PriceRule& rule, detail::Origin origin) noexcept {
  return detail::without_throwing([&] {
    const bool added = origin == detail::Origin::added;
    if (added && table_->has_one_owner()) return table_->add(rule, origin);
    PriceBook own = own_copy();
    const std::error_code error =
        added ? own.table_->add(rule, origin) : detail::set_with_other_names(*own.table_, rule);
    if (!error) *this = own;
    return error;
  });
}

static_assert(QuickPricing<PriceBook>);

}  // namespace tallyscope::inline v0
