// SPDX-License-Identifier: MIT
// `tallyscope prices check`
#pragma once

#include "price_rule_text.hpp"
#include "problem.hpp"

#include <tallyscope/prices/price_file.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope_program {

/// What is odd about the rules of a list, though it may be right: each kind with how many rules, and the first.
class Oddities {
 public:
  struct Oddity {
    std::size_t rules = 0;
    std::string first{};
  };

  Oddities(const ts::PriceBook& book, std::int64_t now) {
    for (const ts::PriceRule& rule : book.rates())
      if (rule.service_tier.empty()) standard_[key_of(rule)] = &rule;
    for (const ts::PriceRule& rule : book.rates()) look_at(rule, now);
  }

  const std::map<std::string, Oddity>& found() const noexcept { return found_; }

 private:
  static constexpr std::int64_t most_of_tier = 10;

  static std::string key_of(const ts::PriceRule& rule) {
    return std::string{rule.provider} + '\n' + std::string{rule.model} + '\n' + std::string{rule.region} + '\n' +
           threshold_text(rule);
  }

  /// Is `a` more than `times` b?
  static bool is_more(const std::optional<ts::Rate>& a, const std::optional<ts::Rate>& b, std::int64_t times = 1) {
    if (!a || !b) return false;
    const ts::detail::int128 left = ts::detail::int128{a->amount.picodollars()} * b->per;
    const ts::detail::int128 right = ts::detail::int128{b->amount.picodollars()} * a->per;
    return right <= std::numeric_limits<ts::detail::int128>::max() / times && left > right * times;
  }
  static bool is_nothing(const std::optional<ts::Rate>& rate) { return rate && rate->amount == ts::Money{}; }

  void look_at(const ts::PriceRule& rule, std::int64_t now) {
    const auto told = [](const auto& rate) { return rate ? price_text(*rate) : std::string{"none"}; };
    if (is_more(rule.cache_read, rule.input))
      note("cached input is dearer than input", rule, told(rule.cache_read) + " > " + told(rule.input));
    if (is_more(rule.input, rule.output) && !is_nothing(rule.output))
      note("output is cheaper than input", rule, told(rule.output) + " < " + told(rule.input));
    if (is_more(rule.input, rule.cache_write) && !is_nothing(rule.cache_write))
      note("a cache write is cheaper than input", rule, told(rule.cache_write) + " < " + told(rule.input));
    if (rule.from > now) note("a price begins in the future", rule, "its first day");
    if (rule.other_charges) note("a charge is for what no usage counts", rule, "its costs are never whole");
    if (rule.free) note("a model is free", rule, "whatever is used");
    if (!rule.service_tier.empty()) look_at_tier(rule);
  }

  void look_at_tier(const ts::PriceRule& rule) {
    const auto standard = standard_.find(key_of(rule));
    if (standard == standard_.end()) return;
    for (const auto kind : {ts::PriceClass::input, ts::PriceClass::output}) {
      const auto &own = rate_of(rule, kind), &usual = rate_of(*standard->second, kind);
      const std::string name{name_of(kind)};
      if (is_more(own, usual, most_of_tier))
        note("a tier costs more than ten times as much", rule,
             name + " " + price_text(own) + ", else " + price_text(usual));
      if (!own && usual) note("a tier has no price for tokens that have one else", rule, "no " + name);
    }
  }

  void note(const std::string& what, const ts::PriceRule& rule, const std::string& why) {
    Oddity& oddity = found_[what];
    if (oddity.rules++ > 0) return;
    oddity.first = shown(rule.model, 60);
    if (!rule.provider.empty()) oddity.first += " (" + shown(rule.provider, 24) + ")";
    if (const std::string conditions = conditions_text(rule); !conditions.empty()) oddity.first += ", " + conditions;
    oddity.first += ": " + why;
  }

  std::map<std::string, const ts::PriceRule*> standard_;
  std::map<std::string, Oddity> found_;
};

inline std::string remarks_text(const std::string& title, const std::vector<ts::LoadRemark>& remarks) {
  std::string text;
  for (const ts::LoadRemark& remark : remarks)
    text += "  " + grouped(remark.models) + ": " + std::string{remark.reason} +
            "\n      first: " + shown(remark.first) + "\n";
  return text.empty() ? text : title + "\n" + text;
}

inline std::string prices_check_text(const ts::PriceFile& file, const Oddities& oddities) {
  const ts::LoadResult& result = file.result;
  std::string text = shown(file.book.text()) + ": " + std::string{result.format} + "\n" + grouped(result.models) +
                     " models in " + grouped(result.rules) + " rules, " + grouped(result.adjustments) +
                     " adjustments, " + grouped(result.models_left_out()) + " models left out\n";
  text += remarks_text("Left out:", result.left_out);
  text += remarks_text("In the list, and not in the book:", result.unsaid);
  if (!oddities.found().empty()) text += "Worth a look:\n";
  for (const auto& [what, oddity] : oddities.found())
    text += "  " + grouped(oddity.rules) + ": " + what + "\n      first: " + oddity.first + "\n";
  return text;
}

inline Json remarks_json(const std::vector<ts::LoadRemark>& remarks) {
  Json json = Json::array();
  for (const ts::LoadRemark& remark : remarks)
    json.push_back({{"reason", std::string{remark.reason}}, {"models", remark.models}, {"first", remark.first}});
  return json;
}

inline std::string prices_check_json(const ts::PriceFile& file, const Oddities& oddities) {
  const ts::LoadResult& result = file.result;
  Json json;
  json["price_book"] = std::string{file.book.text()};
  json["format"] = std::string{result.format};
  json["models"] = result.models;
  json["rules"] = result.rules;
  json["adjustments"] = result.adjustments;
  json["left_out"] = remarks_json(result.left_out);
  json["unsaid"] = remarks_json(result.unsaid);
  json["oddities"] = Json::array();
  for (const auto& [what, oddity] : oddities.found())
    json["oddities"].push_back({{"what", what}, {"rules", oddity.rules}, {"first", oddity.first}});
  return dumped(json);
}

/// Was a model left out that has a price, or would have had one?
inline bool has_bad_prices(const ts::LoadResult& result) {
  for (const ts::LoadRemark& remark : result.left_out)
    if (remark.reason != ts::detail::no_price_stated) return true;
  return false;
}

}  // namespace tallyscope_program
