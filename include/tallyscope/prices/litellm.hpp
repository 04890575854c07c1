// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/load_litellm_entry.hpp>
#include <tallyscope/prices/detail/load_litellm_key.hpp>
#include <tallyscope/prices/detail/load_litellm_reader.hpp>
#include <tallyscope/prices/detail/load_litellm_rules.hpp>
#include <tallyscope/prices/load_result.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0 {

inline constexpr std::string_view litellm_format = "LiteLLM's model_prices_and_context_window.json";

/// Adds the prices of LiteLLM's `model_prices_and_context_window.json` to a book. Their unit is US dollars for ONE
/// token, request, query, page or second; they are kept exactly as they are written. Nothing is thrown.
///
/// - The provider is `litellm_provider`, where interfaces of one provider are one: vertex_ai-language-models is
///   vertex_ai, bedrock_converse bedrock. The model is the key without the provider and without a region behind it:
///   "azure/eu/gpt-4o" holds for gpt-4o of azure in the region eu. Where two keys mean one model, one that costs
///   something goes before one that does not, else the later one counts.
/// - `_above_200k_tokens` and `tiered_pricing` are tiers of all input, above so many thousand; of xAI they begin at
/// that
///   many. `_flex`, `_priority`, `_batches` are service tiers. What a tier has no price for, though it is priced by the
///   token, has none there.
/// - `search_context_cost_per_query` is taken for its medium size, which is the providers' default.
/// - `off_peak_pricing` goes before the prices of the day, for whatever amount of input.
/// - `cache_creation_input_token_cost` is that of five minutes. Cached audio may stand under
///   `cache_creation_input_audio_token_cost`, where OpenAI's realtime models have it.
/// - `regional_processing_uplift_multiplier_eu` and `provider_specific_entry` become adjustments.
/// - A model with zeros alone is free, since the list says so.
/// - A price by the image, character or second stands aside where tokens are priced in the same direction. Any other
///   charge for what no Usage counts makes a cost incomplete.
///
/// A model with a price that is none is left out, and told of.
inline LoadResult load_litellm(PriceBook& book, std::string_view json, const LoadOptions& options = {}) noexcept;

namespace detail {

/// Two keys of the list may mean one model.
class LitellmModels {
 public:
  explicit LitellmModels(ListLoad& list) : list_{list} {}

  void add(std::string_view key_text, LitellmEntry entry) {
    const LitellmKey key = litellm_key(key_text, entry.provider);
    const PlainName provider{key.provider}, region{key.region}, model{key.model};
    const std::string_view owner = one_provider_name(provider.text());
    std::string name{owner};
    ((name += '/') += region.text()) += '/';
    LitellmModel read{key, std::move(entry)};
    auto [place, is_new] = models_.try_emplace(name += model.text());
    if (is_new || !read.is_free() || place->second.is_free()) place->second = std::move(read);
  }

  void finish() {
    for (const auto& named : models_) {
      named.second.add_to(list_);
      list_.count_model();
    }
  }

 private:
  ListLoad& list_;
  std::map<std::string, LitellmModel> models_;
};

/// Why the model of an entry is left out; empty if it is not.
inline ModelFault litellm_fault(std::string_view key, const LitellmEntry& entry, std::size_t place) {
  if (!entry.fault.reason.empty()) return entry.fault;
  bool any = false;
  for (const auto& tier : entry.tiers)
    for (const auto& step : tier.second.steps()) any = any || step.second.any();
  if (!any) return {no_price_stated, {}, place, place};
  if (entry.provider.empty()) return {no_provider_stated, {}, place, place};
  const std::string_view model = litellm_key(key, entry.provider).model;
  if (model.size() > plain_name_limit) return {name_too_long, {}, place, place};
  return model.find_first_of("*#") == std::string_view::npos ? ModelFault{}
                                                             : ModelFault{name_is_pattern, {}, place, place};
}

inline void load_litellm_entries(ListLoad& list) {
  JsonScan scan = list.scan();
  LitellmModels models{list};
  JsonString key;
  if (!scan.begin_object()) return list.fail_at(scan.taken(), "an object of models was expected");
  while (scan.next_member(key)) {
    scan.type();
    const std::size_t place = scan.taken();
    if (key.raw() == "sample_spec" || scan.type() != JsonType::object) {
      scan.skip();
      continue;
    }
    const std::string_view name = list.text(key);
    LitellmEntry entry = LitellmReader{list, scan}.read();
    const ModelFault fault = litellm_fault(name, entry, place);
    for (const ModelFault& unsaid : entry.unsaid)
      if (fault.reason.empty()) list.leave_unsaid(name, unsaid);
    if (fault.reason.empty())
      models.add(name, std::move(entry));
    else if (!scan.failed())
      list.leave_out(name, fault);
  }
  list.check(scan);
  models.finish();
}

}  // namespace detail

inline LoadResult load_litellm(PriceBook& book, std::string_view json, const LoadOptions& options) noexcept {
  return detail::load_list(book, json, options, litellm_format, detail::load_litellm_entries);
}

}  // namespace tallyscope::inline v0
