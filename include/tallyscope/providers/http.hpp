// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/conservation.hpp>
#include <tallyscope/providers/detail/http_values.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>
#include <tallyscope/reading.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// How much of something a provider still allows. Absent is what it does not say.
struct RateLimit {
  Count limit{};
  Count remaining{};
  Count reset_after_ns{};                  ///< where it says how long from now
  std::optional<std::int64_t> reset_at{};  ///< where it says when: nanoseconds since 1970, UTC
};

/// What the headers of a response say of limits.
struct RateLimits {
  RateLimit requests{};
  RateLimit tokens{};
  Count retry_after_ns{};  ///< absent too where the provider states a date
};

namespace detail {

/// Takes one kind of limit from the three headers of its names.
template <class Headers>
void take_limit(const Headers& headers, const std::array<std::string_view, 3>& names, RateLimit& limit) {
  with_header(headers, names[0], [&](std::string_view text) { limit.limit = header_count(text); });
  with_header(headers, names[1], [&](std::string_view text) { limit.remaining = header_count(text); });
  with_header(headers, names[2], [&](std::string_view text) {
    limit.reset_at = parse_instant(text);
    if (!limit.reset_at) limit.reset_after_ns = header_duration(text);
  });
}

template <class Headers>
RateLimits take_limits(const Headers& headers) {
  RateLimits limits;
  take_limit(headers, {"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
             limits.requests);
  take_limit(headers, {"x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
             limits.tokens);
  take_limit(headers,
             {"anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining",
              "anthropic-ratelimit-requests-reset"},
             limits.requests);
  take_limit(
      headers,
      {"anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"},
      limits.tokens);
  with_header(headers, "retry-after", [&](std::string_view text) { limits.retry_after_ns = header_duration(text); });
  with_header(headers, "retry-after-ms", [&](std::string_view text) {
    const Count milliseconds = header_count(text);
    constexpr std::int64_t most = 1'000'000'000'000;
    if (milliseconds.has_value() && milliseconds.value_or(0) < most)
      limits.retry_after_ns = milliseconds.value_or(0) * 1'000'000;
  });
  return limits;
}

/// What InvokeModel says beside a body whose shape states no usage.
template <class Headers>
void take_bedrock_counts(const Headers& headers, Reading& reading) {
  if (reading.finality != Finality::missing || has_billed_count(reading.counts)) return;
  Count input, output;
  Usage counts;
  const auto take = [&](std::string_view name, Count& count) {
    with_header(headers, name, [&](std::string_view text) { count = header_count(text); });
  };
  take("x-amzn-bedrock-input-token-count", input);
  take("x-amzn-bedrock-output-token-count", output);
  if (!input.has_value() && !output.has_value()) return;
  take("x-amzn-bedrock-cache-read-input-token-count", counts.cache_read);
  take("x-amzn-bedrock-cache-write-input-token-count", counts.cache_write);
  reading.counts.cache_read = counts.cache_read;
  reading.counts.cache_write = counts.cache_write;
  reading.counts.input_tokens = input_with_cache(input, counts);
  reading.counts.output_tokens = output;
  reading.finality = Finality::final;
  reading.served_by = "aws.bedrock";
}

/// What the body said of its failure is more exact than a status.
inline void take_status(Reading& reading, int status) noexcept {
  const std::optional<Outcome> outcome = outcome_of_status(status);
  if (!outcome) return;
  const Outcome said = reading.outcome.value_or(Outcome::success);
  if (said == Outcome::success || said == Outcome::error || said == Outcome::pending) reading.outcome = outcome;
  if (!reading.error_type.empty() || status > 999) return;
  const char digits[] = {static_cast<char>('0' + status / 100), static_cast<char>('0' + status / 10 % 10),
                         static_cast<char>('0' + status % 10)};
  reading.error_type = std::string_view{digits, sizeof digits};
}

}  // namespace detail

/// Adds to a reading what stands beside the body: the outcome of a status, the request's id, the region, and counts
/// that only headers have. Returns the limits. `headers` is a range of pairs of name and value, or a callable that
/// takes a name and returns its value, empty where there is none. What the body said stays.
template <class Headers>
RateLimits take_http(Reading& reading, int status, const Headers& headers) {
  const auto take = [&](std::string_view name, auto& text) {
    if (text.empty())
      detail::with_header(headers, name, [&](std::string_view value) { text.assign(value, reading.diagnostics); });
  };
  for (const std::string_view name :
       {"x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "x-ms-request-id", "x-generation-id",
        "x-debug-trace-id", "mistral-correlation-id"})
    take(name, reading.request_id);
  take("x-ms-region", reading.served_region);
  if (status >= 400 && reading.error_type.empty())
    detail::with_header(headers, "x-amzn-errortype", [&](std::string_view value) {
      detail::Ending ending{reading.outcome};
      const detail::JsonWord word{detail::bare_error_name(value)};
      ending.fail(detail::outcome_of_word(word).value_or(Outcome::error), word);
      ending.give(reading);
    });
  detail::take_bedrock_counts(headers, reading);
  detail::take_status(reading, status);
  return detail::take_limits(headers);
}

/// The same where no headers are known.
inline void take_http(Reading& reading, int status) noexcept { detail::take_status(reading, status); }

}  // namespace tallyscope::inline v0
