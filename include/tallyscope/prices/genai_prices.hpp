// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_genai_match.hpp>
#include <tallyscope/prices/detail/load_genai_prices.hpp>
#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/pattern.hpp>
#include <tallyscope/prices/load_result.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0 {

inline constexpr std::string_view genai_prices_format = "genai-prices' data.json";

/// Adds the prices of Pydantic's genai-prices (`prices/new_data/v2/data.json`, also as the npm package has it) to a
/// book. Their units are what the keys say: `_mtok` US dollars per 1,000,000 tokens, `_kcount` and `_kpages` per 1,000,
/// `_hours` per hour of audio. Nothing is thrown.
///
/// - The clauses of `match` become names and patterns. Where several models of the list match a name, its first one
///   counts, as there. Case does not count, and a pattern that begins as a regular expression's `(?!.*-tts(?:$|-))`
///   excepts any name with "-tts" in it.
/// - Of several prices of a model the last one whose `constraint` holds counts. A time of day holds on every day, also
///   before a start date in the same list, as the format has it.
/// - `tiers` hold for all tokens of a call with more input than `start`.
/// - `cache_write_mtok` is that of five minutes. `prices` without a price are free.
/// - What a provider has in `fallback_model_providers` it charges as they do: Azure's gpt-4o costs what OpenAI's does
///   where the list has none of Azure's own.
/// - A price for what no Usage counts makes a cost incomplete.
///
/// A model with a price that is none, or with no name that a pattern can say, is left out, and told of.
inline LoadResult load_genai_prices(PriceBook& book, std::string_view json, const LoadOptions& options = {}) noexcept;

namespace detail {

inline constexpr std::string_view unread_match = "a name that no pattern can say";
inline constexpr std::string_view taken_names = "models before it in the list have all of its names";

struct GenaiModel {
  std::string_view id{};
  std::vector<ListedName> names{};
  std::vector<GenaiPrices> prices{};
};

struct GenaiProvider {
  std::string_view id{};
  std::vector<std::string_view> fallbacks{};
  std::vector<GenaiModel> models{};
};

/// Which names the models before have: of those that match a name the list takes the first.
class TakenNames {
 public:
  bool take(const ListedName& name) {
    const std::string text = plain(name.text);
    if (!name.is_pattern() && matched(text)) return false;
    if (!names_.insert(text + '\n' + plain(name.except)).second) return false;
    if (name.is_pattern()) patterns_.push_back({text, plain(name.except)});
    return true;
  }

  std::size_t patterns() const noexcept { return patterns_.size(); }

 private:
  static std::string plain(std::string text) {
    for (char& byte : text) byte = plain_byte(byte);
    return text;
  }
  bool matched(std::string_view text) const {
    for (const ListedName& pattern : patterns_)
      if (matches(pattern.text, text) && (pattern.except.empty() || !matches(pattern.except, text))) return true;
    return false;
  }

  std::set<std::string> names_;
  std::vector<ListedName> patterns_;
};

class GenaiReader {
 public:
  explicit GenaiReader(ListLoad& list) : list_{list}, scan_{list.scan()} {}

  void read() {
    if (!scan_.begin_array()) return list_.fail_at(scan_.taken(), "an array of providers was expected");
    while (scan_.next_element()) read_provider();
    list_.check(scan_);
    for (const GenaiProvider& provider : providers_) add(provider);
  }

 private:
  // More of one provider would make loading slow, and none has a tenth of them.
  static constexpr std::size_t most_patterns = 5'000;

  void read_provider() {
    JsonString member;
    GenaiProvider provider;
    JsonScan models = scan_;
    bool has_models = false;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(member)) {
      if (member.raw() == "id") {
        provider.id = take_text();
      } else if (member.raw() == "fallback_model_providers" && scan_.begin_array()) {
        while (scan_.next_element()) provider.fallbacks.push_back(take_text());
      } else {
        if (member.raw() == "models") models = scan_, has_models = true;
        scan_.skip();
      }
    }
    if (scan_.failed() || !has_models || provider.id.empty() || provider.id.size() > plain_name_limit) return;
    std::swap(scan_, models);
    if (scan_.begin_array())
      while (scan_.next_element()) read_model(provider);
    std::swap(scan_, models);
    providers_.push_back(std::move(provider));
  }

  void read_model(GenaiProvider& provider) {
    JsonString member;
    GenaiModel model;
    ListedMatch match{.whole = false};
    std::vector<GenaiPrices> prices;
    ModelFault fault;
    scan_.type();
    const std::size_t place = scan_.taken();
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(member)) {
      if (member.raw() == "id") {
        model.id = take_text();
      } else if (member.raw() == "match") {
        match = take_match(scan_);
      } else {
        if (member.raw() == "prices") {
          GenaiPricesReader reader{scan_};
          model.prices = reader.read();
          fault = reader.fault();
        }
        scan_.skip();
      }
    }
    if (scan_.failed()) return;
    model.names = std::move(match.names);
    if (fault.reason.empty() && model.prices.empty()) fault = {no_price_stated, {}, place, place};
    if (fault.reason.empty() && model.names.empty()) fault = {unread_match, {}, place, place};
    if (!fault.reason.empty()) return list_.leave_out(model.id, fault);
    if (!match.whole) list_.leave_unsaid(model.id, {unread_match, {}, place, place});
    provider.models.push_back(std::move(model));
  }

  std::string_view take_text() {
    JsonString text;
    if (scan_.string(text)) return list_.text(text);
    scan_.skip();
    return {};
  }

  const GenaiProvider* provider(std::string_view id) const noexcept {
    for (const GenaiProvider& one : providers_)
      if (one.id == id) return &one;
    return nullptr;
  }

  struct Offer {
    const GenaiModel* model;
    std::vector<const ListedName*> names;
    std::string_view source;
  };

  void offer(const GenaiProvider& of, std::string_view source, TakenNames& taken, std::vector<Offer>& offers) {
    for (const GenaiModel& model : of.models) {
      Offer one{&model, {}, source};
      for (const ListedName& name : model.names)
        if (taken.take(name)) one.names.push_back(&name);
      if (!one.names.empty()) offers.push_back(std::move(one));
      if (taken.patterns() > most_patterns)
        return list_.fail(told(of.id) + " has more than " + std::to_string(most_patterns) + " patterns of names");
    }
  }

  /// In the reverse of the list's order, since of several patterns a book takes the last one.
  void add(const GenaiProvider& provider_) {
    TakenNames taken;
    std::vector<Offer> offers;
    offer(provider_, list_.source(), taken, offers);
    for (const std::string_view id : provider_.fallbacks)
      if (const GenaiProvider* const other = provider(id)) {
        const std::string source = std::string{list_.source()}.append(", as of ").append(id);
        offer(*other, list_.keep(source), taken, offers);
      }
    for (std::size_t left = offers.size(); left > 0 && !list_.failed(); --left) {
      add(provider_.id, offers[left - 1]);
      list_.count_model();
    }
  }

  void add(std::string_view provider_id, const Offer& offer) {
    for (const ListedName* name : offer.names)
      for (const GenaiPrices& prices : offer.model->prices) {
        PriceRule rule{.provider = provider_id, .model = name->text, .except = name->except, .source = offer.source};
        rule.from = prices.from;
        rule.daily_start = prices.daily_start;
        rule.daily_end = prices.daily_end;
        rule.free = prices.free;
        add(rule, prices.rates);
      }
  }

  void add(const PriceRule& conditions, const SteppedRates& rates) {
    if (rates.empty()) list_.add(conditions);
    const SteppedRates completed = rates.completed();
    for (const auto& [above, stated] : completed.steps()) {
      PriceRule rule = conditions;
      put_step(rule, above);
      stated.put(rule);
      list_.add(rule);
    }
  }

  ListLoad& list_;
  JsonScan scan_;
  std::vector<GenaiProvider> providers_;
};

}  // namespace detail

inline LoadResult load_genai_prices(PriceBook& book, std::string_view json, const LoadOptions& options) noexcept {
  return detail::load_list(book, json, options, genai_prices_format,
                           [](detail::ListLoad& list) { detail::GenaiReader{list}.read(); });
}

}  // namespace tallyscope::inline v0
