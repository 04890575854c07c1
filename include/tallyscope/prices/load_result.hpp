// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0 {

/// How a price list is loaded. Its texts need to live until the function returns.
struct LoadOptions {
  std::string_view source{};  ///< PriceRule::source of what is loaded; empty: the name of the format
  std::string_view as_of{};   ///< PriceRule::as_of of what is loaded, YYYY-MM-DD
  std::size_t most_bytes = std::size_t{64} << 20;
  std::size_t most_rules = 200'000;
};

/// What a list says that a book does not: why, of how many models, and where the first of them stands, as one sentence
/// for people without control characters, such as "line 12, column 8: gpt-5: input_cost_per_token is -1: a price is not
/// negative".
struct LoadRemark {
  std::string_view reason{};
  std::size_t models = 0;
  std::string first{};
};

/// What the loading of a price list came to. With an `error` the book is as it was: nothing is loaded by half.
struct LoadResult {
  std::string error{};  ///< one sentence: what, where, what to do; empty: it is loaded
  std::string_view format{};
  std::size_t models = 0;  ///< in the book
  std::size_t rules = 0;   ///< of these models; tiers, dates, windows and other names of a model make several
  std::size_t adjustments = 0;
  std::vector<LoadRemark> left_out{};  ///< models of the list that are not in the book
  std::vector<LoadRemark> unsaid{};    ///< what the list says of models in the book that the book does not

  bool loaded() const noexcept { return error.empty(); }
  std::size_t models_left_out() const noexcept {
    std::size_t models_ = 0;
    for (const LoadRemark& remark : left_out) models_ += remark.models;
    return models_;
  }
};

}  // namespace tallyscope::inline v0
