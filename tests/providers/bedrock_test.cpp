// SPDX-License-Identifier: MIT
#include <tallyscope/providers/bedrock.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

#include <string>

namespace {

namespace ts = tallyscope;
using streams::described;

std::string read(const std::string& usage, const std::string& reason = "end_turn") {
  return described(ts::bedrock::usage(R"({"stopReason":")" + reason + R"(","usage":{)" + usage + "}}"));
}

}  // namespace

TEST_CASE("a conversation's input is what is new, what the cache served and what it took", "[bedrock]") {
  const ts::Reading reading = ts::bedrock::usage(bodies::converse);
  CHECK(described(reading) ==
        "input 1210 output 20 cache_read 1000 cache_write_5m 150 cache_write_1h 50 tool_calls 1 final success");
  CHECK(reading.served_by == "aws.bedrock");
  CHECK(reading.served_model.empty());
}

TEST_CASE("what a cache write's details do not name lives nobody knows how long", "[bedrock]") {
  CHECK(read(R"("inputTokens":10,"outputTokens":5,"cacheWriteInputTokens":7)") ==
        "input 17 output 5 cache_write 7 final success");
  CHECK(read(R"("inputTokens":10,"outputTokens":5,"cacheWriteInputTokens":7,
                "cacheDetails":[{"ttl":"1h","inputTokens":3}])") ==
        "input 17 output 5 cache_write 4 cache_write_1h 3 final success total_mismatch");
  CHECK(read(R"("inputTokens":10,"outputTokens":5,"cacheReadInputTokenCount":7)") ==
        "input 17 output 5 cache_read 7 final success");
}

TEST_CASE("a total that is not the sum is said to be none", "[bedrock]") {
  CHECK(read(R"("inputTokens":10,"outputTokens":5,"totalTokens":14)") ==
        "input 10 output 5 final success total_mismatch");
}

TEST_CASE("a guardrail is policy, and an exception has its name", "[bedrock]") {
  CHECK(read(R"("inputTokens":10,"outputTokens":5)", "guardrail_intervened") ==
        "input 10 output 5 final policy_blocked guardrail_intervened");
  CHECK(read(R"("inputTokens":10,"outputTokens":5)", "max_tokens") == "input 10 output 5 final success");
  CHECK(described(ts::bedrock::usage(R"({"__type":"com.amazon.coral#ThrottlingException","message":"slow"})")) ==
        "missing rate_limited ThrottlingException");
}

TEST_CASE("a router says which model it chose", "[bedrock]") {
  CHECK(described(ts::bedrock::usage(R"({"trace":{"promptRouter":{"invokedModelId":"nova-lite"}},
      "serviceTier":{"type":"flex"},"usage":{"inputTokens":1,"outputTokens":2}})")) ==
        "input 1 output 2 of nova-lite at flex final success");
}
