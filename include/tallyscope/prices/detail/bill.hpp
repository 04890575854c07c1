// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/cost_lines.hpp>
#include <tallyscope/prices/detail/itemise.hpp>
#include <tallyscope/prices/detail/price_row.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

inline constexpr UnitPrice no_price_and_nothing[] = {{}, {0, 1}};

/// The row of what costs nothing: a price of 0 for all that is billed by itself.
inline constexpr PriceRow free_row = [] {
  PriceRow row;
  row.free = true;
  row.prices = no_price_and_nothing;
  for (const PriceClass kind :
       {PriceClass::input, PriceClass::output, PriceClass::cache_read, PriceClass::cache_write,
        PriceClass::cache_write_5m, PriceClass::cache_write_1h, PriceClass::input_audio, PriceClass::output_audio,
        PriceClass::web_search, PriceClass::cache_read_audio, PriceClass::file_search, PriceClass::search_unit,
        PriceClass::page, PriceClass::audio_millisecond})
    row.places[static_cast<std::size_t>(kind)] = 1;
  return row;
}();

/// By what a usage is priced: a row, and what the tier and the region make of its prices by the token.
struct Charge {
  const PriceRow* row = nullptr;  // null: no price is known
  Fraction adjusted{};
  bool without_tier = false;  // the tier has no price: what is billed by the token is open

  const PriceRow& priced_row() const noexcept { return row->free ? free_row : *row; }
};

inline UnitPrice price_of(const Charge& charge, PriceClass kind) noexcept {
  const UnitPrice& price = charge.priced_row().price(kind);
  if (!price || !is_by_token(kind)) return price;
  if (charge.without_tier) return {};
  const Fraction& adjusted = charge.adjusted;
  return adjusted.numerator == adjusted.denominator ? price : price.times(adjusted);
}

/// The lines of a call, part by part, and what its cost is from them. Exact: a line is at most 2^126 before it is cut,
/// and 2^64 after.
class Bill {
 public:
  static constexpr bool takes_rare = true;

  struct Line {
    UnitPrice price;
    std::int64_t quantity;
    std::string_view model;
    const PriceRow* row;
    Fraction adjusted;
    PriceClass kind;

    int128 amount() const noexcept {
      constexpr int128 most = int128{1} << 64;  // beyond int64, so that it is seen to be cut
      const int128 whole = int128{quantity} * price.numerator;
      const int128 exact = price.denominator == 1 ? whole : divide_half_even(whole, price.denominator);
      return exact > most ? most : exact;
    }
  };

  Bill() noexcept {}  // the lines stay as they are

  /// What is added from here on is priced so. `model` is empty for the call's own.
  void start(const Charge& charge, std::string_view model) noexcept {
    charge_ = charge;
    model_ = model;
    lacking_ = false;
  }
  void finish() noexcept {
    without_tier_ = without_tier_ || charge_.without_tier;
    note(charge_.row->free && !charge_.without_tier ? CostState::free
         : lacking_                                 ? CostState::incomplete
                                                    : CostState::priced);
  }
  /// A part is in this state; of one that is priced `start` and `finish` tell.
  void note(CostState state) noexcept { seen_ |= bit(state); }
  void note_estimate() noexcept { estimated_ = true; }
  /// More may have been used than is known.
  void note_open() noexcept {
    if (seen(CostState::priced)) note(CostState::incomplete);
  }

  bool has_price(PriceClass kind) const noexcept { return static_cast<bool>(charge_.priced_row().price(kind)); }

  void add(PriceClass kind, std::int64_t quantity) noexcept {
    if (quantity == 0) return;
    const UnitPrice price = price_of(charge_, kind);
    if (!price) return lacking();
    for (std::size_t place = 0; place < size_; ++place) {
      Line& line = lines_[place];
      std::int64_t sum = 0;
      if (line.kind != kind || line.price != price || line.model != model_ ||
          __builtin_add_overflow(line.quantity, quantity, &sum))
        continue;
      line.quantity = sum;
      return;
    }
    if (size_ == CostLines::limit) return lacking();
    lines_[size_++] = {price, quantity, model_, &charge_.priced_row(), charge_.adjusted, kind};
  }

  /// Something is in use that has no price, or no number.
  void lacking() noexcept { lacking_ = true; }

  Row<Line> lines() const noexcept { return {lines_, size_}; }
  bool without_tier() const noexcept { return without_tier_; }

  /// Where one part has no price the whole is incomplete, unless no part has one.
  CostState state() const noexcept {
    const bool some = seen(CostState::priced) || seen(CostState::free);
    if (seen(CostState::incomplete) || (seen(CostState::unpriced) && some)) return CostState::incomplete;
    for (const CostState state : {CostState::unpriced, CostState::priced, CostState::free})
      if (seen(state)) return state;
    return CostState::no_usage;
  }

  Cost cost(std::string_view price_book) const noexcept {
    Cost cost{.state = state(), .tier_unpriced = without_tier_, .price_book = price_book};
    if (cost.state != CostState::priced && cost.state != CostState::incomplete) return cost;
    int128 known = 0;
    for (const Line& line : lines()) known += line.amount();
    cost.estimated = estimated_;
    cost.known = Money::saturate(known);
    cost.saturated = known > cost.known.picodollars();
    if (cost.state == CostState::priced) cost.amount = cost.known;
    return cost;
  }

 private:
  static constexpr unsigned bit(CostState state) noexcept { return 1u << static_cast<unsigned>(state); }
  bool seen(CostState state) const noexcept { return (seen_ & bit(state)) != 0; }
  Charge charge_{};
  std::string_view model_{};
  unsigned seen_ = 0;
  bool lacking_ = false;
  bool estimated_ = false;
  bool without_tier_ = false;
  std::size_t size_ = 0;
  union {
    Line lines_[CostLines::limit];
  };
};

/// Bills one usage. Where a total is not reported, its estimate stands for it, and has no parts.
inline void bill_usage(Bill& bill, const Charge& charge, std::string_view model, const Usage& usage,
                       const Metered& metered, const Operation& operation, Count implied_requests) noexcept {
  static constexpr Usage no_parts{};
  if (charge.row == nullptr) return bill.note(CostState::unpriced);
  const bool guess_in = !usage.input_tokens.has_value() && metered.input_tokens.has_value();
  const bool guess_out = !usage.output_tokens.has_value() && metered.output_tokens.has_value();
  const Count input = guess_in ? metered.input_tokens : usage.input_tokens;
  const Count output = guess_out ? metered.output_tokens : usage.output_tokens;
  const bool any = input.has_value() || output.has_value() || has_other_quantity(usage);
  if (!any && !charge.row->free) return bill.note(CostState::no_usage);
  bill.start(charge, model);
  const bool both = input.has_value() && output.has_value();
  const bool none = !input.has_value() && !output.has_value();
  if (needs_both_directions(operation) && !both && !(none && is_billed_without_tokens(usage))) bill.lacking();
  if (charge.row->other_charges) bill.lacking();
  if (guess_in || guess_out) bill.note_estimate();
  add_input(bill, input, guess_in ? no_parts : usage);
  add_output(bill, output, guess_out ? no_parts : usage);
  add_billed_apart(bill, usage);
  if (!usage.requests.has_value() && bill.has_price(PriceClass::request))
    add_part(bill, PriceClass::request, implied_requests);
  bill.finish();
}

}  // namespace tallyscope::inline v0::detail
