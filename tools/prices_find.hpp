// SPDX-License-Identifier: MIT
// `tallyscope prices find`
#pragma once

#include "price_rule_text.hpp"
#include "text_table.hpp"

#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/record.hpp>

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
      : question_{question},
        rule_{book.find(question.provider, question.model,
                        {.start_utc = question.at,
                         .input_tokens = question.input,
                         .service_tier = question.tier,
                         .region = question.region})},
        state_{lines_of(question, book, ts::Usage{.input_tokens = question.input, .output_tokens = 1}).cost.state} {
    for (const ts::UsageField& field : ts::usage_fields) note_rates(book, field);
  }

  /// Has the book a price for it, be it nothing?
  bool found() const noexcept { return state_ != ts::CostState::unpriced; }
  bool is_free() const noexcept { return state_ == ts::CostState::free; }
  const ts::PriceRule* rule() const noexcept { return rule_; }
  /// As charged: with what the tier and the region make of it.
  const std::optional<ts::Rate>& charged(ts::PriceClass kind) const noexcept {
    return charged_[static_cast<std::size_t>(kind)];
  }

 private:
  static ts::CostLines lines_of(const PriceQuestion& question, const ts::PriceBook& book, const ts::Usage& usage) {
    const ts::Call call{.provider = question.provider, .model = question.model, .region = question.region};
    ts::Record record{.call = call, .response = {.service_tier = question.tier, .region = question.region}};
    record.start_utc = question.at;
    record.usage = usage;
    record.input_source = record.output_source = ts::Source::reported;
    return book.lines(record);
  }

  /// The rates that are charged where one more of `field` is used.
  void note_rates(const ts::PriceBook& book, const ts::UsageField& field) {
    ts::Usage usage{.input_tokens = question_.input, .output_tokens = 1};
    if (question_.input == 0) usage.input_tokens = 1;
    usage.*field.count = field.count == &ts::Usage::input_tokens ? usage.input_tokens : ts::Count{1};
    if (field.count == &ts::Usage::cache_read_audio || field.count == &ts::Usage::cache_read_image)
      usage.cache_read = 1;
    for (const ts::CostLine& line : lines_of(question_, book, usage))
      charged_[static_cast<std::size_t>(line.kind)] = line.rate;
  }

  const PriceQuestion& question_;
  const ts::PriceRule* rule_;
  ts::CostState state_;
  std::optional<ts::Rate> charged_[ts::price_class_count]{};
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
    if (const auto& rate = answer.charged(static_cast<ts::PriceClass>(place)))
      json["charged"][std::string{ts::price_class_names[place]}] = rate_json(*rate);
  return dumped(json);
}

}  // namespace tallyscope_program
