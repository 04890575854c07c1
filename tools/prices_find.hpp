// SPDX-License-Identifier: MIT
// `tallyscope prices find`
#pragma once

#include "price_rule_text.hpp"
#include "text_table.hpp"

#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tallyscope_program {

/// A call, as far as its price depends on it.
struct PriceQuestion {
  std::string model{}, provider{};
  std::int64_t at = 0;
  std::int64_t input = 0;
  std::string tier{}, region{};
};

/// What a book answers to it.
class PriceAnswer {
 public:
  PriceAnswer(const PriceQuestion& question, const ts::PriceBook& book)
      : rule_{book.find(question.provider, question.model, circumstances_of(question))},
        charged_{book.charged_for(question.provider, question.model, circumstances_of(question))} {}

  /// Has the book a price for it, be it nothing?
  bool found() const noexcept { return charged_.has_value(); }
  bool is_free() const noexcept { return found() && charged_->free; }
  const ts::PriceRule* rule() const noexcept { return rule_; }
  /// As charged: with what the tier and the region make of it.
  std::optional<ts::Rate> charged(ts::PriceClass kind) const noexcept {
    return found() ? rate_of(*charged_, kind) : std::nullopt;
  }

 private:
  static ts::Circumstances circumstances_of(const PriceQuestion& question) noexcept {
    return {.start_utc = question.at,
            .input_tokens = question.input,
            .service_tier = question.tier,
            .region = question.region};
  }

  const ts::PriceRule* rule_;
  std::optional<ts::PriceRule> charged_;
};

/// By which name the rule was found, where that is not the one that was asked for.
inline std::string found_as_text(const ts::PriceRule& rule, const std::string& model) {
  if (rule.model == model) return {};
  const bool is_pattern = rule.model.find_first_of("*#") != std::string_view::npos;
  return (is_pattern ? ", by its pattern " : ", as ") + shown(rule.model, 60);
}

inline std::string rule_text(const ts::PriceRule& rule, const PriceQuestion& question) {
  std::string text = "rule: " + (rule.provider.empty() ? "any provider" : shown(rule.provider, 40)) +
                     found_as_text(rule, question.model);
  if (const std::string conditions = conditions_text(rule); !conditions.empty()) text += "; " + conditions;
  if (!rule.source.empty()) text += "\nsource: " + shown(rule.source, 100);
  if (!rule.as_of.empty()) text += ", " + shown(rule.as_of, 20);
  return text + "\n";
}

inline std::string prices_find_text(const PriceAnswer& answer, const PriceQuestion& question,
                                    const ts::PriceBook& book) {
  std::string text = shown(question.model, 100) + ", prices: " + shown(book.text()) + " at " +
                     ts::detail::instant_text(question.at) + "\n";
  if (answer.rule() != nullptr) text += rule_text(*answer.rule(), question);
  if (answer.is_free()) return text + "free, whatever is used\n";
  TextTable table{{{"class", TextTable::Align::left}, {"listed"}, {"charged"}}};
  for (std::size_t place = 0; place < ts::price_class_count; ++place) {
    const auto kind = static_cast<ts::PriceClass>(place);
    const std::optional<ts::Rate> listed = answer.rule() != nullptr ? rate_of(*answer.rule(), kind) : std::nullopt;
    if (listed || answer.charged(kind))
      table.row({std::string{name_of(kind)}, price_text(listed), price_text(answer.charged(kind))});
  }
  text += "\n" + table.text();
  if (answer.rule() != nullptr && answer.rule()->other_charges)
    text += "It also charges for what no usage counts: a cost is never whole.\n";
  return text;
}

inline std::string prices_find_json(const PriceAnswer& answer, const PriceQuestion& question,
                                    const ts::PriceBook& book) {
  Json json;
  json["model"] = question.model;
  json["price_book"] = std::string{book.text()};
  json["at"] = ts::detail::instant_text(question.at);
  json["found"] = answer.found();
  json["free"] = answer.is_free();
  json["rule"] = answer.rule() != nullptr ? rule_json(*answer.rule()) : Json{};
  json["charged"] = Json::object();
  for (std::size_t place = 0; place < ts::price_class_count; ++place)
    if (const auto rate = answer.charged(static_cast<ts::PriceClass>(place)))
      json["charged"][std::string{ts::price_class_names[place]}] = rate_json(*rate);
  return dumped(json);
}

}  // namespace tallyscope_program
