// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/bill.hpp>
#include <tallyscope/prices/detail/charge.hpp>
#include <tallyscope/prices/detail/name_cache.hpp>
#include <tallyscope/prices/detail/price_table.hpp>
#include <tallyscope/prices/detail/quick_lines.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

[[gnu::always_inline]] inline bool has_estimate(const Record& record) noexcept {
  constexpr auto bits = [](Source source) { return static_cast<unsigned>(source); };
  static_assert(bits(Source::estimated) == 2 && bits(Source::partial) == 3 && bits(Source::reported) == 1);
  return ((bits(record.input_source) | bits(record.output_source)) & 2) != 0;
}

/// Did the report end before the call did, and nothing stands for the rest?
[[gnu::always_inline]] inline bool may_be_more(const Record& record) noexcept {
  return record.finality == Finality::partial && record.usage.output_tokens.has_value() &&
         !record.metered.output_tokens.has_value();
}

[[gnu::always_inline]] inline const std::string_view& region_of(const Record& record) noexcept {
  return record.response.region.empty() ? record.call.region : record.response.region;
}

/// Prices one record by one table.
class Pricer {
 public:
  Pricer(const PriceTable& table, const Record& record) noexcept : table_{table}, record_{record} {}

  /// Counts reported in full, whole prices, and nothing that makes a call special: nearly every call. Everything else
  /// is billed line by line.
  [[gnu::always_inline]] Cost cost() const noexcept {
    if (!record_.parts.empty() || has_rare(record_.usage) || may_be_more(record_) || !is_usual()) [[unlikely]]
      return cost_by_lines();
    const Usage& usage = record_.usage;
    if (!usage.input_tokens.has_value() || !usage.output_tokens.has_value()) [[unlikely]]
      return cost_by_lines();
    const PriceRow* const row = table_.usual_row(usual_rows(), record_.start_utc, usage.input_tokens.value_or(0));
    if (row == nullptr || row->free || row->special) [[unlikely]]
      return cost_by_lines();
    QuickLines lines{*row};
    add_input(lines, usage.input_tokens, usage);
    add_output(lines, usage.output_tokens, usage);
    add_billed_apart(lines, usage);
    if (lines.unusual()) [[unlikely]]
      return cost_by_lines();
    const Money amount = Money::from_picodollars(lines.sum());
    return {.state = CostState::priced,
            .estimated = has_estimate(record_),
            .amount = amount,
            .known = amount,
            .price_book = table_.text()};
  }

  [[gnu::noinline]] void put_into(Bill& bill) const noexcept {
    ChargedCall call{record_.call.provider, model(), record_.start_utc,
                     table_.served(record_.response.service_tier, region_of(record_))};
    const ChargeFinder charges{table_, call};
    if (has_estimate(record_)) bill.note_estimate();
    if (record_.parts.empty())
      bill_usage(bill, charges.find(record_.input_tokens().value_or(0)), {}, record_.usage, record_.metered,
                 operation(), implied_requests());
    else
      put_parts_into(bill, call, charges);
    if (may_be_more(record_)) bill.note_open();
  }

 private:
  [[gnu::noinline]] Cost cost_by_lines() const noexcept {
    Bill bill;
    put_into(bill);
    return bill.cost(table_.text());
  }

  [[gnu::always_inline]] bool is_usual() const noexcept {
    return is_standard_tier(record_.response.service_tier) &&
           (region_of(record_).empty() || !table_.knows_region(region_of(record_)));
  }

  /// Of the model that served the call, or of the one that was asked for.
  [[gnu::always_inline]] ModelRows usual_rows() const noexcept {
    // References, since to copy 16 bytes that were just written in two halves stalls.
    const std::string_view &served = record_.response.model, &requested = record_.call.model;
    const ModelRows& rows = rows_of(table_, record_.call.provider, served.empty() ? requested : served);
    if ((rows.found() && !table_.has_own_rules()) || served.empty() || requested.empty()) [[likely]]
      return rows;
    return rows_of(table_, record_.call.provider, model());
  }

  /// Of two models with a price the one whose price is more the host's own, else the one that served the call.
  [[gnu::noinline]] std::string_view model() const noexcept {
    const std::string_view &served = record_.response.model, &requested = record_.call.model;
    if (served.empty() || requested.empty()) return served.empty() ? requested : served;
    const bool known = rows_of(table_, record_.call.provider, served).found();
    return !known || origin_of(requested) > origin_of(served) ? requested : served;
  }

  Origin origin_of(std::string_view model) const noexcept {
    const ChargedCall call{record_.call.provider, model, record_.start_utc,
                           table_.served(record_.response.service_tier, region_of(record_))};
    const Charge charge = ChargeFinder{table_, call}.find(record_.input_tokens().value_or(0));
    return charge.row ? charge.row->origin : Origin::builtin;
  }

  /// A late report may speak of one direction alone.
  Operation operation() const noexcept {
    return record_.kind == Kind::late_usage ? Operation{""} : record_.call.operation;
  }
  /// A model call is one request where nobody says how many it was.
  Count implied_requests() const noexcept {
    return record_.kind == Kind::call && record_.call.operation.is_model_call() ? Count{1} : Count{};
  }

  /// What is billed beside the tokens and only the whole states is priced by the model of the whole.
  void put_parts_into(Bill& bill, const ChargedCall& call, const ChargeFinder& whole) const noexcept {
    Usage apart;
    for (const auto count : counts_beside_tokens) apart.*count = record_.usage.*count;
    bool requests_stated = apart.requests.has_value();
    for (const Part& part : record_.parts) {
      put_part_into(bill, part, call, whole);
      for (const auto count : counts_beside_tokens)
        if ((part.usage.*count).has_value()) apart.*count = {};
      requests_stated = requests_stated || part.usage.requests.has_value();
    }
    const Charge charge = whole.find(0);
    const bool implied = !requests_stated && charge.row != nullptr && charge.row->special;
    if (implied && charge.row->price(PriceClass::request)) apart.requests = implied_requests();
    if (has_other_quantity(apart)) bill_usage(bill, charge, {}, apart, {}, Operation{""}, {});
  }

  void put_part_into(Bill& bill, const Part& part, const ChargedCall& call, const ChargeFinder& whole) const noexcept {
    const std::int64_t input = part.usage.input_tokens.value_or(0);
    const auto put = [&](const ChargeFinder& charges, std::string_view model) {
      bill_usage(bill, charges.find(input), model, part.usage, {}, record_.call.operation, {});
    };
    if (part.model.empty() || part.model == record_.response.model) return put(whole, {});
    const ChargedCall other{call.provider, part.model, call.start_utc, call.served};
    put(ChargeFinder{table_, other}, part.model == call.model ? std::string_view{} : part.model);
  }

  const PriceTable& table_;
  const Record& record_;
};

}  // namespace tallyscope::inline v0::detail
