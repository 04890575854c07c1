// SPDX-License-Identifier: MIT
// What the tests of the loaders ask of a book.
#pragma once

#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/record.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// When and how a call was served.
struct Served {
  std::int64_t at = tallyscope::utc_day(2026, 1, 1);
  std::string_view tier{};
  std::string_view region{};
};

inline tallyscope::Cost cost_of(const tallyscope::PriceBook& book, std::string_view provider, std::string_view model,
                                const tallyscope::Usage& usage, const Served& served = {}) {
  const tallyscope::Call call{
      .operation = tallyscope::Operation::chat, .provider = provider, .model = model, .region = served.region};
  tallyscope::Record record{
      .call = call, .response = {.service_tier = served.tier, .region = served.region}, .start_utc = served.at};
  record.usage = usage;
  record.input_source = record.output_source = tallyscope::Source::reported;
  return book.price(record);
}

/// The exact amount, or the name of the state that has none.
inline std::string told_cost(const tallyscope::Cost& cost) {
  using tallyscope::CostState;
  if (cost.state == CostState::priced) return cost.amount.exact();
  const std::string name{tallyscope::cost_state_names[static_cast<std::size_t>(cost.state)]};
  return cost.state == CostState::incomplete ? name + " " + cost.known.exact() : name;
}

inline std::string price_of(const tallyscope::PriceBook& book, std::string_view provider, std::string_view model,
                            const tallyscope::Usage& usage, const Served& served = {}) {
  return told_cost(cost_of(book, provider, model, usage, served));
}

/// The second of a day.
inline std::int64_t at_time(std::int64_t day, int hours, int minutes = 0, int seconds = 0) {
  return day + (hours * 3'600 + minutes * 60 + seconds) * std::int64_t{1'000'000'000};
}
