// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/price_row.hpp>
#include <tallyscope/record.hpp>

#include <cstdint>
#include <limits>

namespace tallyscope::inline v0::detail {

/// What a usage came to.
struct PricedUsage {
  CostState state = CostState::unpriced;
  bool estimated = false;
  bool saturated = false;
  std::int64_t known = 0;  // picodollars
};

/// Adds up the lines of one usage, exactly. Nothing overflows: a line is at most 2^126 before it is cut, and 2^64
/// after.
class Lines {
 public:
  explicit Lines(const PriceRow& row) noexcept : row_{row} {}

  bool has_price(PriceClass kind) const noexcept { return static_cast<bool>(row_.price(kind)); }

  void add(PriceClass kind, std::int64_t quantity) noexcept {
    constexpr int128 most = int128{1} << 64;  // beyond int64, so that it is seen to be cut
    if (quantity == 0) return;
    const UnitPrice& price = row_.price(kind);
    if (!price) return lacking();
    const int128 amount = divide_half_even(int128{quantity} * price.numerator, price.denominator);
    known_ += amount > most ? most : amount;
  }

  /// Something is in use that has no price, or no number.
  void lacking() noexcept { lacking_ = true; }

  PricedUsage sum(bool estimated) const noexcept {
    const std::int64_t fitting = Money::saturate(known_).picodollars();
    return {lacking_ ? CostState::incomplete : CostState::priced, estimated, known_ > fitting, fitting};
  }

 private:
  const PriceRow& row_;
  int128 known_ = 0;
  bool lacking_ = false;
};

/// The same for the usual case, in a few instructions: whole prices, and a sum that fits 64 bits. Else it is `unusual`,
/// and its sum is nothing.
class QuickLines {
 public:
  [[gnu::always_inline]] explicit QuickLines(const PriceRow& row) noexcept : row_{row} {}

  [[gnu::always_inline]] bool has_price(PriceClass kind) noexcept {
    unusual_ |= row_.whole_price(kind) == fraction_price;
    return row_.whole_price(kind) != no_price;
  }

  [[gnu::always_inline]] void add(PriceClass kind, std::int64_t quantity) noexcept {
    std::int64_t amount = 0;
    const std::int64_t price = row_.whole_price(kind);
    unusual_ |= price < 0 || __builtin_mul_overflow(quantity, price, &amount);
    unusual_ |= __builtin_add_overflow(sum_, amount, &sum_);
  }

  [[gnu::always_inline]] void lacking() noexcept { unusual_ = true; }
  [[gnu::always_inline]] bool unusual() const noexcept { return unusual_; }
  [[gnu::always_inline]] std::int64_t sum() const noexcept { return sum_; }

 private:
  const PriceRow& row_;
  std::int64_t sum_ = 0;
  bool unusual_ = false;
};

/// The sum of counts; exact unless `beyond`.
struct PartsSum {
  std::int64_t tokens = 0;
  bool beyond = false;

  [[gnu::always_inline]] void add(Count count) noexcept {
    beyond |= __builtin_add_overflow(tokens, count.value_or(0), &tokens);
  }
  bool none() const noexcept { return tokens == 0 && !beyond; }
  bool exceed(Count total) const noexcept { return beyond || tokens > total.value_or(0); }
};

template <class AnyLines>
[[gnu::always_inline]] inline void add_part(AnyLines& lines, PriceClass kind, Count count) noexcept {
  if (count.value_or(0) > 0) lines.add(kind, count.value_or(0));
}

/// Prices the total beside its parts. Parts of an unknown total are priced, parts that exceed theirs are not: which of
/// the numbers is right cannot be known.
template <class AnyLines>
[[gnu::always_inline]] inline void add_input(AnyLines& lines, Count total, const Usage& usage) noexcept {
  PartsSum parts;
  parts.add(usage.cache_read);
  parts.add(usage.cache_write);
  parts.add(usage.cache_write_5m);
  parts.add(usage.cache_write_1h);
  parts.add(usage.input_audio);
  if (parts.none()) return lines.add(PriceClass::input, total.value_or(0));
  if (parts.exceed(total)) [[unlikely]]
    lines.lacking();
  if (total.has_value() && parts.exceed(total)) [[unlikely]]
    return;
  add_part(lines, PriceClass::cache_read, usage.cache_read);
  add_part(lines, PriceClass::cache_write, usage.cache_write);
  add_part(lines, PriceClass::cache_write_5m, usage.cache_write_5m);
  add_part(lines, PriceClass::cache_write_1h, usage.cache_write_1h);
  add_part(lines, PriceClass::input_audio, usage.input_audio);
  if (total.has_value()) lines.add(PriceClass::input, total.value_or(0) - parts.tokens);
}

template <class AnyLines>
[[gnu::always_inline]] inline void add_output(AnyLines& lines, Count total, const Usage& usage) noexcept {
  PartsSum parts;
  parts.add(usage.reasoning);
  parts.add(usage.output_audio);
  if (parts.none()) return lines.add(PriceClass::output, total.value_or(0));
  if (parts.exceed(total)) [[unlikely]]
    lines.lacking();
  if (total.has_value() && parts.exceed(total)) [[unlikely]]
    return;
  const std::int64_t reasoning = usage.reasoning.value_or(0), audio = usage.output_audio.value_or(0);
  const Count apart = lines.has_price(PriceClass::reasoning) ? reasoning : 0;
  add_part(lines, PriceClass::reasoning, apart);
  add_part(lines, PriceClass::output_audio, audio);
  lines.add(PriceClass::output, (total.has_value() ? total.value_or(0) - audio : reasoning) - apart.value_or(0));
}

template <class AnyLines>
[[gnu::always_inline]] inline void add_billed_apart(AnyLines& lines, const Usage& usage) noexcept {
  add_part(lines, PriceClass::web_search, usage.web_searches);
  if (lines.has_price(PriceClass::request)) add_part(lines, PriceClass::request, usage.requests);
}

/// Of the operations that both read and write tokens, a missing count is unknown, not zero.
inline bool needs_both_directions(const Operation& operation) noexcept {
  return operation == Operation::chat || operation == Operation::text_completion ||
         operation == Operation::generate_content;
}

/// Is there anything but the two totals and what is never billed?
inline bool has_other_quantity(const Usage& usage) noexcept {
  for (const UsageField& field : usage_fields)
    if (field.count != &Usage::tool_calls && (usage.*field.count).value_or(0) > 0) return true;
  return false;
}

/// Prices one usage by one row, null when there is none. Where a total is not reported, its estimate stands for it, and
/// has no parts.
[[gnu::noinline]] inline PricedUsage price_usage(const PriceRow* row, const Usage& usage, const Metered& metered,
                                                 const Operation& operation) noexcept {
  constexpr static Usage no_parts{};
  if (row == nullptr) return {CostState::unpriced};
  if (row->free) return {CostState::free};
  const bool guess_in = !usage.input_tokens.has_value() && metered.input_tokens.has_value();
  const bool guess_out = !usage.output_tokens.has_value() && metered.output_tokens.has_value();
  const Count input = guess_in ? metered.input_tokens : usage.input_tokens;
  const Count output = guess_out ? metered.output_tokens : usage.output_tokens;
  if (!input.has_value() && !output.has_value() && !has_other_quantity(usage)) return {CostState::no_usage};
  Lines lines{*row};
  if (needs_both_directions(operation) && !(input.has_value() && output.has_value())) lines.lacking();
  add_input(lines, input, guess_in ? no_parts : usage);
  add_output(lines, output, guess_out ? no_parts : usage);
  add_billed_apart(lines, usage);
  return lines.sum(guess_in || guess_out);
}

/// Adds up the parts of a response. Where one part has no price, the whole is incomplete, unless no part has one.
class PricedParts {
 public:
  void add(const PricedUsage& part) noexcept {
    seen_ |= bit(part.state);
    sum_.estimated = sum_.estimated || part.estimated;
    sum_.saturated = sum_.saturated || part.saturated || __builtin_add_overflow(sum_.known, part.known, &sum_.known);
  }

  PricedUsage sum() const noexcept {
    PricedUsage sum = sum_;
    const bool some = seen(CostState::priced) || seen(CostState::free);
    if (sum.saturated) sum.known = std::numeric_limits<std::int64_t>::max();
    sum.state = seen(CostState::incomplete) || (seen(CostState::unpriced) && some) ? CostState::incomplete
                : seen(CostState::unpriced)                                        ? CostState::unpriced
                : seen(CostState::priced)                                          ? CostState::priced
                : seen(CostState::free)                                            ? CostState::free
                                                                                   : CostState::no_usage;
    return sum;
  }

 private:
  static constexpr unsigned bit(CostState state) noexcept { return 1u << static_cast<unsigned>(state); }
  bool seen(CostState state) const noexcept { return (seen_ & bit(state)) != 0; }

  unsigned seen_ = 0;
  PricedUsage sum_{};
};

}  // namespace tallyscope::inline v0::detail
