// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/provider_cost.hpp>
#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/providers/stream.hpp>
#include <tallyscope/reading.hpp>
#include <tallyscope/record.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope_program {

namespace ts = tallyscope;

/// What is known of a response beside its bytes.
struct UsageQuestion {
  std::string provider{};
  std::string api{};
  std::string model{};  ///< the one that was asked for
  std::int64_t at = 0;  ///< when the call began, UTC nanoseconds since 1970
};

/// What one response or stream says, and what that costs. Nothing is estimated.
class UsageAnswer {
 public:
  UsageAnswer(const UsageQuestion& question, std::string_view bytes, const ts::PriceBook& book)
      : question_{question}, reading_{read(question, bytes)} {
    call_.operation = operation_of(question.api);
    call_.provider = ts::detail::provider_name(provider());  // prices know fewer spellings
    call_.model = question_.model;
    response_ = {reading_.served_model, reading_.served_tier, reading_.served_region, reading_.request_id};
    for (std::size_t place = 0; place < reading_.part_count; ++place)
      parts_[place] = {reading_.parts[place].model, reading_.parts[place].usage};
    lines_ = book.lines(record());
  }
  UsageAnswer(const UsageAnswer&) = delete;
  UsageAnswer& operator=(const UsageAnswer&) = delete;

  const ts::Reading& reading() const noexcept { return reading_; }
  const ts::Cost& cost() const noexcept { return lines_.cost; }
  /// As a bill is read: model by model the input, what of it is billed apart, the output likewise, then the rest.
  std::vector<ts::CostLine> lines() const {
    std::vector<ts::CostLine> lines(lines_.begin(), lines_.end());
    const auto first_of_model = [this](const ts::CostLine& line) {
      return std::find_if(lines_.begin(), lines_.end(),
                          [&](const ts::CostLine& other) { return other.model == line.model; });
    };
    std::stable_sort(lines.begin(), lines.end(), [&](const ts::CostLine& a, const ts::CostLine& b) {
      return std::pair{first_of_model(a), rank_of(a.kind)} < std::pair{first_of_model(b), rank_of(b.kind)};
    });
    return lines;
  }
  std::int64_t at() const noexcept { return question_.at; }
  std::string_view api() const noexcept { return question_.api; }
  std::string_view provider() const noexcept {
    return question_.provider.empty() ? reading_.served_by.view() : std::string_view{question_.provider};
  }
  /// The model that served the call, else the one that was asked for.
  std::string_view model() const noexcept {
    return reading_.served_model.empty() ? std::string_view{question_.model} : reading_.served_model.view();
  }
  ts::Diagnostics diagnostics() const noexcept {
    ts::Diagnostics all = reading_.diagnostics;
    all.set(lines_.diagnostics);
    if (ts::detail::provider_cost_differs(reading_.provider_cost, lines_.cost))
      all.set(ts::Diagnostic::provider_cost_differs);
    return all;
  }

  /// Input tokens that the provider neither read from a cache nor wrote to one; absent where that is not known.
  ts::Count uncached_input() const noexcept {
    const ts::Usage& usage = reading_.counts;
    ts::Count cached;
    for (const ts::Count count : {usage.cache_read, usage.cache_write, usage.cache_write_5m, usage.cache_write_1h})
      cached += count;
    if (!usage.input_tokens.has_value() || cached.value_or(0) > usage.input_tokens.value_or(0)) return {};
    return usage.input_tokens.value_or(0) - cached.value_or(0);
  }

 private:
  static ts::Reading read(const UsageQuestion& question, std::string_view bytes) noexcept {
    ts::StreamReader reader{ts::Hint{question.provider, question.api}, {.most_event_bytes = bytes.size() + 1}};
    reader.feed(bytes);
    return reader.finish();
  }

  static int rank_of(ts::PriceClass kind) noexcept {
    using enum ts::PriceClass;
    constexpr ts::PriceClass order[] = {input,          cache_read,     cache_read_audio, cache_read_image, cache_write,
                                        cache_write_5m, cache_write_1h, input_audio,      input_image,      input_video,
                                        output,         reasoning,      output_audio,     output_image};
    return static_cast<int>(std::find(std::begin(order), std::end(order), kind) - std::begin(order));
  }

  static ts::Operation operation_of(std::string_view api) noexcept {
    if (api.find("embed") != api.npos) return ts::Operation::embeddings;
    if (api.find("rerank") != api.npos) return ts::Operation::rerank;
    return ts::Operation::chat;
  }

  ts::Record record() const noexcept {
    ts::Record record{.call = call_, .response = response_, .finality = reading_.finality};
    const auto source = [](ts::Count count) { return count.has_value() ? ts::Source::reported : ts::Source::none; };
    record.input_source = source(reading_.counts.input_tokens);
    record.output_source = source(reading_.counts.output_tokens);
    record.start_utc = question_.at;
    record.usage = reading_.counts;
    record.parts = {parts_.data(), reading_.part_count};
    return record;
  }

  UsageQuestion question_;
  ts::Reading reading_;
  ts::Call call_{};
  ts::Response response_{};
  std::array<ts::Part, ts::part_limit> parts_{};
  ts::CostLines lines_{};
};

}  // namespace tallyscope_program
