// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/money.hpp>
#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/record.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tallyscope_program {

/// What the results of tools, prompts and resources cost as the input that they become: each once, at the price that
/// one model had when the tool was called. An estimate, and a part of what the calls of that model cost, not more on
/// top.
class ResultPrice {
 public:
  explicit ResultPrice(std::string model) : model_{std::move(model)} {}

  const std::string& model() const noexcept { return model_; }

  /// Does the price list know the model at that time?
  bool is_known(std::int64_t utc) const noexcept { return price(1, utc).whole(); }

  /// What a late report says takes the place of the estimate that was priced before.
  tallyscope::MoneySum of(const tallyscope::Record& record) const noexcept {
    tallyscope::MoneySum sum = amount(record.output_tokens(), record);
    if (record.superseded != nullptr) sum -= amount(record.superseded->output_tokens, record);
    return sum;
  }

 private:
  tallyscope::Money amount(tallyscope::Count tokens, const tallyscope::Record& record) const noexcept {
    return has_result(record) && tokens.has_value() ? price(tokens, record.start_utc).known : tallyscope::Money{};
  }

  /// No model reads what a cancelled or a refused call would have given; it does read what a failed one says.
  static bool has_result(const tallyscope::Record& record) noexcept {
    using tallyscope::Outcome;
    const std::string_view type = record.call.operation.type();
    return record.kind != tallyscope::Kind::turn && (type == "tool" || type == "prompt" || type == "resource") &&
           (record.outcome == Outcome::success || record.outcome == Outcome::error);
  }

  tallyscope::Cost price(tallyscope::Count tokens, std::int64_t utc) const noexcept {
    const tallyscope::Call call{.operation = tallyscope::Operation::chat, .model = model_};
    tallyscope::Record input{.call = call, .start_utc = utc};
    input.usage = {.input_tokens = tokens, .output_tokens = 0};
    return prices_.price(input);
  }

  tallyscope::PriceBook prices_{};
  std::string model_;
};

}  // namespace tallyscope_program
