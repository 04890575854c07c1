// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"

#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/prices/price_file.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace tallyscope_program {

inline void add_prices_option(CLI::App& command, std::string& prices) {
  command.add_option("--prices", prices,
                     "a price list: LiteLLM's JSON, genai-prices' data.json or models.dev's api.json (default: the "
                     "built-in prices)");
}

/// The book that --prices means. Throws a Problem.
inline tallyscope::PriceBook prices_of(const std::string& path) {
  if (path.empty()) return {};
  tallyscope::PriceFile file = tallyscope::read_price_file(path);
  if (!file.result.loaded()) throw Problem{"--prices: " + file.result.error};
  return file.book;
}

}  // namespace tallyscope_program
