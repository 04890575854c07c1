// SPDX-License-Identifier: MIT
// Seeds: tests/prices/fixtures
#include "../target.hpp"

#include <tallyscope/prices/price_file.hpp>

#include <cstddef>
#include <string_view>

namespace {

using namespace tallyscope;

/// A list is loaded whole, or the book is as it was; its rates are prices; and sentences are safe to show.
void check(LoadResult (*load)(PriceBook&, std::string_view, const LoadOptions&), std::string_view bytes) {
  PriceBook book = PriceBook::empty("fuzzed", "1");
  const LoadResult result = load(book, bytes, {.most_rules = 5'000});
  fuzz::require(result.loaded() == (result.models > 0 && result.error.empty()), "a list is loaded if it has a model");
  const std::size_t rules = book.rates().size() + book.adjustments().size();
  fuzz::require(rules == (result.loaded() ? result.rules + result.adjustments : 0),
                "a book has all rules of a list or none");
  for (const PriceRule& rule : book.rates())
    for (const auto rate : price_rule_rates)
      fuzz::require(!(rule.*rate) || ((rule.*rate)->amount >= Money{} && (rule.*rate)->per > 0), "a rate is a price");
  for (const auto* remarks : {&result.left_out, &result.unsaid})
    for (const LoadRemark& remark : *remarks)
      for (const char letter : remark.first)
        fuzz::require(letter >= ' ' && letter <= '~', "a sentence is safe to show");
}

const fuzz::Target target{"price_lists", [](std::string_view input) {
                            check(load_litellm, input);
                            check(load_genai_prices, input);
                            check(load_models_dev, input);
                            check(load_prices, input);
                          }};

}  // namespace
