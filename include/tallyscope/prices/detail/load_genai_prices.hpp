// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/date_text.hpp>
#include <tallyscope/prices/detail/load_hours.hpp>
#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/load_rates.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

struct GenaiKey {
  std::string_view name{};
  PriceClass kind{};
  PriceUnit unit{};
};

// The hours of audio that is heard come after those of all audio, which they refine.
inline constexpr GenaiKey genai_keys[] = {
    {"input_mtok", PriceClass::input},
    {"output_mtok", PriceClass::output},
    {"cache_read_mtok", PriceClass::cache_read},
    {"cache_write_mtok", PriceClass::cache_write},
    {"cache_write_5m_mtok", PriceClass::cache_write_5m},
    {"cache_write_1h_mtok", PriceClass::cache_write_1h},
    {"input_audio_mtok", PriceClass::input_audio},
    {"output_audio_mtok", PriceClass::output_audio},
    {"cache_audio_read_mtok", PriceClass::cache_read_audio},
    {"cache_image_read_mtok", PriceClass::cache_read_image},
    {"input_image_mtok", PriceClass::input_image},
    {"output_image_mtok", PriceClass::output_image},
    {"input_video_mtok", PriceClass::input_video},
    {"output_reasoning_mtok", PriceClass::reasoning},
    {"requests_kcount", PriceClass::request, {1'000, 0}},
    {"web_searches_kcount", PriceClass::web_search, {1'000, 0}},
    {"storage_searches_kcount", PriceClass::file_search, {1'000, 0}},
    {"rerank_searches_kcount", PriceClass::search_unit, {1'000, 0}},
    {"input_document_kpages", PriceClass::page, {1'000, 0}},
    {"audio_hours", PriceClass::audio_millisecond, {3'600'000, 0}},
    {"input_audio_hours", PriceClass::audio_millisecond, {3'600'000, 0}},
};

constexpr const GenaiKey* genai_key(std::string_view name) noexcept {
  for (const GenaiKey& key : genai_keys)
    if (key.name == name) return &key;
  return nullptr;
}

inline constexpr std::string_view unread_constraint = "a condition that cannot be read";
inline constexpr std::string_view unread_tier = "a tier that cannot be read";

/// Prices of one model under one condition of genai-prices.
struct GenaiPrices {
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int32_t daily_start = 0;
  std::int32_t daily_end = 86'400;
  SteppedRates rates{};
  bool free = false;
};

/// Reads the `prices` of one model: an object of prices, or an array of those with their conditions.
class GenaiPricesReader {
 public:
  explicit GenaiPricesReader(JsonScan scan) noexcept : scan_{scan} {}

  std::vector<GenaiPrices> read() {
    std::vector<GenaiPrices> all;
    if (!scan_.begin_array()) {
      all.emplace_back();
      read_prices(all.back());
      return all;
    }
    while (scan_.next_element()) read_entry(all.emplace_back());
    return all;
  }

  /// Why the model is left out, after `read`.
  const ModelFault& fault() const noexcept { return fault_; }

 private:
  void read_entry(GenaiPrices& prices) {
    JsonString member;
    const std::size_t begin = place();
    if (!scan_.begin_object()) return note(unread_constraint, "prices", begin);
    while (scan_.next_member(member)) {
      if (member.raw() == "prices")
        read_prices(prices);
      else if (member.raw() == "constraint")
        read_constraint(prices);
      else
        scan_.skip();
    }
  }

  void read_constraint(GenaiPrices& prices) {
    JsonString member, value;
    const std::size_t begin = place();
    if (scan_.type() == JsonType::null) return void(scan_.skip());
    bool sound = scan_.begin_object();
    while (sound && scan_.next_member(member)) {
      if (!scan_.string(value)) scan_.skip();
      sound = sound && (member.raw() == "type" || put(prices, member.raw(), value.raw()));
    }
    while (!sound && scan_.next_member(member)) scan_.skip();
    if (!sound || prices.daily_start >= prices.daily_end) note(unread_constraint, "constraint", begin);
  }

  static bool put(GenaiPrices& prices, std::string_view member, std::string_view value) {
    if (member == "start_date") {
      const std::optional<std::int64_t> start = parse_instant(std::string{value} + "T00:00:00Z");
      return start && ((prices.from = *start), true);
    }
    if (!value.ends_with('Z')) return false;
    const std::optional<std::int32_t> second = second_of_day(value.substr(0, value.size() - 1));
    if (!second) return false;
    if (member == "start_time") return (prices.daily_start = *second), true;
    return member == "end_time" && ((prices.daily_end = *second), true);
  }

  void read_prices(GenaiPrices& prices) {
    JsonString key;
    const std::size_t begin = place();
    if (!scan_.begin_object()) return note(unread_constraint, "prices", begin);
    std::size_t keys = 0;
    while (scan_.next_member(key)) {
      ++keys;
      const GenaiKey* const known = genai_key(key.raw());
      read_price(key.raw(), known, prices.rates);
    }
    prices.free = keys == 0;
  }

  /// A number, or {base, tiers: [{start, price}]}.
  void read_price(std::string_view key, const GenaiKey* known, SteppedRates& rates) {
    JsonString member;
    const std::size_t begin = place();
    if (scan_.type() != JsonType::object) return put_rate(key, known, rates, SteppedRates::any_input);
    scan_.begin_object();
    while (scan_.next_member(member)) {
      if (member.raw() == "base")
        put_rate(key, known, rates, SteppedRates::any_input);
      else if (member.raw() != "tiers" || !scan_.begin_array())
        note(unread_tier, key, begin);
      else
        while (scan_.next_element()) read_tier(key, known, rates);
    }
  }

  void read_tier(std::string_view key, const GenaiKey* known, SteppedRates& rates) {
    JsonString member;
    const std::size_t begin = place();
    std::optional<JsonScan> price;
    std::int64_t start = -1;
    if (!scan_.begin_object()) return note(unread_tier, key, begin);
    while (scan_.next_member(member)) {
      if (member.raw() == "start" && scan_.integer(start)) continue;
      if (member.raw() == "price") price = scan_;
      scan_.skip();
    }
    if (start < 0 || !price) return note(unread_tier, key, begin);
    std::swap(scan_, *price);
    put_rate(key, known, rates, start);
    std::swap(scan_, *price);
  }

  void put_rate(std::string_view key, const GenaiKey* known, SteppedRates& rates, std::int64_t above) {
    const std::optional<Rate> rate = take_rate(scan_, known ? known->unit : PriceUnit{}, key, fault_);
    if (!rate) return;
    StatedRates& stated = rates.above(above);
    const bool is_refined = known && known->kind == PriceClass::audio_millisecond && key == "audio_hours";
    if (known == nullptr)
      stated.other_charges = stated.other_charges || rate->amount != Money{};
    else if (known->kind == PriceClass::cache_write)
      stated.set_cache_write(*rate);
    else if (is_refined)
      stated.set_if_missing(known->kind, rate);
    else
      stated.set(known->kind, *rate);
  }

  std::size_t place() noexcept { return scan_.type(), scan_.taken(); }
  void note(std::string_view reason, std::string_view member, std::size_t begin) {
    if (scan_.taken() == begin) scan_.skip();
    if (fault_.reason.empty()) fault_ = {reason, member, begin, scan_.taken()};
  }

  JsonScan scan_;
  ModelFault fault_;
};

}  // namespace tallyscope::inline v0::detail
