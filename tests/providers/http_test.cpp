// SPDX-License-Identifier: MIT
#include <tallyscope/providers/any.hpp>
#include <tallyscope/providers/http.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace ts = tallyscope;
using streams::described;
using ts::Outcome;
using Headers = std::vector<std::pair<std::string, std::string>>;

std::string status(int code, std::string_view body = "") {
  ts::Reading reading = ts::usage(body);
  ts::take_http(reading, code);
  return std::string{ts::outcome_names[static_cast<std::size_t>(reading.outcome.value_or(Outcome::success))]} + " " +
         std::string{reading.error_type.view()};
}

ts::RateLimits limits(const Headers& headers) {
  ts::Reading reading;
  return ts::take_http(reading, 200, headers);
}

}  // namespace

TEST_CASE("a status tells how a call ended", "[http]") {
  CHECK(status(200) == "success ");
  CHECK(status(429) == "rate_limited 429");
  CHECK(status(408) == "timeout 408");
  CHECK(status(504) == "timeout 504");
  CHECK(status(401) == "error 401");
  CHECK(status(503) == "error 503");
  CHECK(status(529) == "error 529");
}

TEST_CASE("what the body says of a failure is more exact than the status", "[http]") {
  CHECK(status(400, R"({"error":{"code":"content_filter"}})") == "policy_blocked content_filter");
  CHECK(status(429, R"({"error":{"type":"insufficient_quota","code":"insufficient_quota"}})") ==
        "rate_limited insufficient_quota");
  CHECK(status(529, R"({"type":"error","error":{"type":"overloaded_error"}})") == "error overloaded_error");
  CHECK(status(500, bodies::chat) == "error 500");
}

TEST_CASE("the id of a request is the body's, else the one of a header", "[http]") {
  for (const char* const name : {"x-request-id", "Request-Id", "X-Amzn-RequestId", "apim-request-id"}) {
    ts::Reading reading;
    ts::take_http(reading, 200, Headers{{"date", "today"}, {name, "r7"}});
    CHECK(reading.request_id == "r7");
  }
  ts::Reading reading = ts::usage(bodies::chat);
  ts::take_http(reading, 200, Headers{{"x-request-id", "r7"}});
  CHECK(reading.request_id == "chatcmpl-A1");
}

TEST_CASE("headers are a range of pairs or a callable", "[http]") {
  ts::Reading from_map, from_callable;
  ts::take_http(from_map, 200, std::map<std::string, std::string>{{"x-ms-region", "East US 2"}});
  ts::take_http(from_callable, 200,
                [](std::string_view name) { return name == "x-ms-region" ? std::string{"East US 2"} : std::string{}; });
  CHECK(from_map.served_region == "East US 2");
  CHECK(from_callable.served_region == "East US 2");
}

TEST_CASE("limits are read with what is left and when they are renewed", "[http]") {
  const ts::RateLimits openai = limits({{"X-RateLimit-Limit-Requests", "500"},
                                        {"x-ratelimit-remaining-requests", "499"},
                                        {"x-ratelimit-reset-requests", "120ms"},
                                        {"x-ratelimit-limit-tokens", "30000"},
                                        {"x-ratelimit-remaining-tokens", "0"},
                                        {"x-ratelimit-reset-tokens", "6m0s"}});
  CHECK(openai.requests.limit == 500);
  CHECK(openai.requests.remaining == 499);
  CHECK(openai.requests.reset_after_ns == 120'000'000);
  CHECK(openai.tokens.remaining == 0);
  CHECK(openai.tokens.reset_after_ns == 360'000'000'000);
  CHECK_FALSE(openai.tokens.reset_at);

  const ts::RateLimits anthropic = limits({{"anthropic-ratelimit-tokens-limit", "40000"},
                                           {"anthropic-ratelimit-tokens-remaining", "39000"},
                                           {"anthropic-ratelimit-tokens-reset", "1970-01-01T00:01:00Z"}});
  CHECK(anthropic.tokens.limit == 40000);
  CHECK(anthropic.tokens.reset_at == 60'000'000'000);
  CHECK_FALSE(anthropic.tokens.reset_after_ns.has_value());
  CHECK_FALSE(anthropic.requests.limit.has_value());
}

TEST_CASE("when to try again is said in seconds or milliseconds", "[http]") {
  CHECK(limits({{"retry-after", "2"}}).retry_after_ns == 2'000'000'000);
  CHECK(limits({{"Retry-After", "0.5"}}).retry_after_ns == 500'000'000);
  CHECK(limits({{"retry-after", "2"}, {"retry-after-ms", "1500"}}).retry_after_ns == 1'500'000'000);
  CHECK_FALSE(limits({{"retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"}}).retry_after_ns.has_value());
}

TEST_CASE("a header that is nonsense says nothing", "[http]") {
  for (const char* const text : {"-1", "1.5.2", "12x", "s", ".", "1e9", "99999999999999999999999", "\xff", " 1"}) {
    INFO(text);
    const ts::RateLimits read =
        limits({{"x-ratelimit-limit-requests", text}, {"x-ratelimit-reset-requests", text}, {"retry-after-ms", text}});
    CHECK_FALSE(read.requests.limit.has_value());
    CHECK_FALSE(read.requests.reset_after_ns.has_value());
    CHECK_FALSE(read.retry_after_ns.has_value());
  }
  ts::Reading reading;
  ts::take_http(reading, 200, Headers{{"x-request-id", std::string(1000, 'a') + "\xff"}});
  CHECK(reading.request_id.view().size() == 128);
  CHECK(reading.diagnostics.has(ts::Diagnostic::text_cut));
}

TEST_CASE("Bedrock's headers count for a body that states no usage, and for no other", "[http]") {
  const Headers headers{{"X-Amzn-Bedrock-Input-Token-Count", "12"}, {"X-Amzn-Bedrock-Output-Token-Count", "34"}};
  ts::Reading silent = ts::usage(R"({"generation":"hi"})"), stated = ts::usage(bodies::messages);
  ts::take_http(silent, 200, headers);
  ts::take_http(stated, 200, headers);
  CHECK(described(silent) == "input 12 output 34 final");
  CHECK(stated.counts.output_tokens == 70);
}

TEST_CASE("an exception of AWS is named by a header", "[http]") {
  ts::Reading reading = ts::usage(R"({"message":"slow down"})");
  ts::take_http(reading, 429, Headers{{"x-amzn-ErrorType", "ThrottlingException:http://internal.amazon.com/"}});
  CHECK(described(reading) == "missing rate_limited ThrottlingException");
}
