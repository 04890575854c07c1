// SPDX-License-Identifier: MIT
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#include "../../examples/llm_client/usage.hpp"
#include "recorded_bodies.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace {

namespace ts = tallyscope;

/// Where a shape keeps the two counts that its totals begin with.
struct Keys {
  llm::Shape shape;
  const char *usage, *input, *output;
};
constexpr Keys all_keys[] = {{llm::Shape::openai, "usage", "prompt_tokens", "completion_tokens"},
                             {llm::Shape::mistral, "usage", "prompt_tokens", "completion_tokens"},
                             {llm::Shape::anthropic, "usage", "input_tokens", "output_tokens"},
                             {llm::Shape::gemini, "usageMetadata", "promptTokenCount", "candidatesTokenCount"}};

ts::Reading read(const Keys& keys, const char* input, const char* output) {
  const std::string usage = '"' + std::string{keys.input} + "\":" + input + ",\"" + keys.output + "\":" + output;
  const llm::json body = llm::parsed("{\"" + std::string{keys.usage} + "\":{" + usage + "}}");
  ts::Reading reading = llm::read_usage(keys.shape, body);
  reading.served_model = reading.served_tier = reading.served_region = reading.request_id = {};  // borrowed
  return reading;
}

}  // namespace

TEST_CASE("OpenAI's totals include what the cache served and what was thought", "[llm_client]") {
  const llm::json body = llm::parsed(R"({"id":"chatcmpl-1","model":"o3-2025-04-16","service_tier":"default","usage":{
      "prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":64},
      "completion_tokens_details":{"reasoning_tokens":32}}})");
  const ts::Reading reading = llm::read_usage(llm::Shape::openai, body);
  CHECK(reading.counts == ts::Usage{.input_tokens = 100, .output_tokens = 50, .cache_read = 64, .reasoning = 32});
  CHECK(reading.served_model == "o3-2025-04-16");
  CHECK(reading.served_tier == "default");
  CHECK(reading.request_id == "chatcmpl-1");
  CHECK(reading.finality == ts::Finality::final);
  CHECK_FALSE(reading.diagnostics.any());
}

TEST_CASE("Mistral says under either of two names what the cache served", "[llm_client]") {
  const llm::json own = llm::parsed(R"({"usage":{"prompt_tokens":9,"completion_tokens":1,"num_cached_tokens":8}})");
  const llm::json other =
      llm::parsed(R"({"usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":8}}})");
  const ts::Usage expected{.input_tokens = 9, .output_tokens = 1, .cache_read = 8};
  CHECK(llm::read_usage(llm::Shape::mistral, own).counts == expected);
  CHECK(llm::read_usage(llm::Shape::mistral, other).counts == expected);
}

TEST_CASE("Anthropic's input is without what the cache served and took, so both are added", "[llm_client]") {
  const llm::json body = recorded::body("anthropic_tool_call.json");
  const ts::Reading reading = llm::read_usage(llm::Shape::anthropic, body);
  CHECK(reading.counts == ts::Usage{.input_tokens = 412 + 2310,
                                    .output_tokens = 74,
                                    .cache_read = 0,
                                    .cache_write_5m = 1798,
                                    .cache_write_1h = 512});
  CHECK_FALSE(reading.diagnostics.any());
  const llm::json unsplit =
      llm::parsed(R"({"usage":{"input_tokens":5,"cache_creation_input_tokens":7,"output_tokens":1}})");
  CHECK(llm::read_usage(llm::Shape::anthropic, unsplit).counts ==
        ts::Usage{.input_tokens = 12, .output_tokens = 1, .cache_write = 7});
}

TEST_CASE("Gemini's thoughts and what its tools brought come on top", "[llm_client]") {
  const llm::json body = llm::parsed(R"({"usageMetadata":{"promptTokenCount":100,"toolUsePromptTokenCount":11,
      "cachedContentTokenCount":60,"candidatesTokenCount":20,"thoughtsTokenCount":300,"totalTokenCount":431}})");
  const ts::Reading reading = llm::read_usage(llm::Shape::gemini, body);
  CHECK(reading.counts == ts::Usage{.input_tokens = 111, .output_tokens = 320, .cache_read = 60, .reasoning = 300});
  CHECK_FALSE(reading.diagnostics.any());
}

TEST_CASE("a total that is not the sum of its parts is noted", "[llm_client]") {
  for (const char* const text :
       {R"({"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":3}})",
        R"({"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":3}})",
        R"({"usage":{"input_tokens":1,"output_tokens":1,"cache_creation_input_tokens":3,
                                    "cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":1}}})"}) {
    const llm::json body = llm::parsed(text);
    bool noted = false;
    for (const llm::Shape shape : {llm::Shape::openai, llm::Shape::anthropic, llm::Shape::gemini})
      noted = noted || llm::read_usage(shape, body).diagnostics.has(ts::Diagnostic::total_mismatch);
    CHECK(noted);
  }
}

TEST_CASE("an absent count and a null one are absent, and zero is zero", "[llm_client]") {
  for (const Keys& keys : all_keys) {
    CAPTURE(static_cast<int>(keys.shape));
    CHECK(read(keys, "null", "null").counts == ts::Usage{});
    CHECK(read(keys, "null", "null").finality == ts::Finality::missing);
    CHECK(read(keys, "0", "0").counts == ts::Usage{.input_tokens = 0, .output_tokens = 0});
    CHECK(read(keys, "0", "null").finality == ts::Finality::final);
    CHECK(llm::read_usage(keys.shape, llm::json::object()).counts == ts::Usage{});
  }
}

TEST_CASE("a count that is no whole number from 0 on is refused, not guessed", "[llm_client]") {
  for (const Keys& keys : all_keys)
    for (const char* const wrong : {"-1", "-9223372036854775808", "9223372036854775808", "1e30", "12.5", "\"12\"",
                                    "true", "[12]", "{\"tokens\":12}", "123456789012345678901234567890"}) {
      CAPTURE(static_cast<int>(keys.shape), wrong);
      const ts::Reading reading = read(keys, wrong, "5");
      CHECK(reading.counts.input_tokens.refused());
      CHECK(reading.counts.output_tokens == ts::Count{5});
      CHECK(read(keys, "5", wrong).counts.output_tokens.refused());
    }
}

TEST_CASE("the largest count is kept, and a sum beyond it stops there", "[llm_client]") {
  constexpr std::int64_t most = 9223372036854775807;
  for (const Keys& keys : all_keys)
    CHECK(read(keys, "9223372036854775807", "0").counts.input_tokens == ts::Count{most});
  const llm::json body = llm::parsed(R"({"usage":{"input_tokens":9223372036854775807,"cache_read_input_tokens":9}})");
  CHECK(llm::read_usage(llm::Shape::anthropic, body).counts.input_tokens == ts::Count{most});
}

TEST_CASE("a body that is no JSON, or none of the expected kind, has no usage and throws nothing", "[llm_client]") {
  const std::string deep(100'000, '[');
  for (const std::string& text : std::vector<std::string>{
           "", "<html>502 Bad Gateway</html>", "{\"usage\":{\"prompt_tokens\":1", "null", "[]", "7", "\"usage\"",
           R"({"usage":null,"usageMetadata":null})", R"({"usage":[1],"usageMetadata":"x"})", "\xFF\xFE", "1e999", deep})
    for (const Keys& keys : all_keys) {
      const llm::json body = llm::parsed(text);
      const ts::Reading reading = llm::read_usage(keys.shape, body);
      CHECK(reading.counts == ts::Usage{});
      CHECK(reading.finality == ts::Finality::missing);
    }
}

TEST_CASE("what is nested too deeply is left out and the rest is read", "[llm_client]") {
  const std::string nested = std::string(50'000, '[') + std::string(50'000, ']');
  const llm::json body = llm::parsed(R"({"deep":)" + nested + R"(,"usage":{"prompt_tokens":3}})");
  CHECK(llm::read_usage(llm::Shape::openai, body).counts.input_tokens == ts::Count{3});
  CHECK(llm::written(body).size() < 200);
}

TEST_CASE("in a stream of Anthropic's a later count takes the place of the earlier one", "[llm_client]") {
  llm::StreamUsage usage{llm::Shape::anthropic};
  usage.take(llm::parsed(R"({"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":10,
      "cache_read_input_tokens":90,"output_tokens":1}}})"));
  CHECK(usage.reading(false).counts == ts::Usage{.input_tokens = 100, .cache_read = 90});
  CHECK(usage.reading(false).finality == ts::Finality::partial);
  usage.take(llm::parsed(R"({"type":"message_delta","usage":{"output_tokens":20,"cache_read_input_tokens":null}})"));
  usage.take(llm::parsed(R"({"type":"message_delta","usage":{"output_tokens":35}})"));
  usage.take(llm::parsed(R"({"type":"message_delta","usage":"none"})"));
  CHECK(usage.reading(true).counts == ts::Usage{.input_tokens = 100, .output_tokens = 35, .cache_read = 90});
  CHECK(usage.reading(true).finality == ts::Finality::final);
  CHECK(usage.reading(true).request_id == "msg_1");
}

TEST_CASE("in a stream of Gemini's the last usage counts, even where it is less", "[llm_client]") {
  llm::StreamUsage usage{llm::Shape::gemini};
  usage.take(llm::parsed(R"({"usageMetadata":{"promptTokenCount":10,"thoughtsTokenCount":40}})"));
  usage.take(llm::parsed(R"({"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2}})"));
  CHECK(usage.reading(true).counts == ts::Usage{.input_tokens = 9, .output_tokens = 2});
}

TEST_CASE("a stream of OpenAI's that breaks off has no usage, but a name", "[llm_client]") {
  llm::StreamUsage usage{llm::Shape::openai};
  usage.take(llm::parsed(R"({"id":"chatcmpl-1","model":"gpt-4.1-2025-04-14","choices":[{}],"usage":null})"));
  CHECK(usage.reading(false).finality == ts::Finality::missing);
  CHECK(usage.reading(false).served_model == "gpt-4.1-2025-04-14");
  usage.take(llm::parsed(R"({"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}})"));
  CHECK(usage.reading(true).counts == ts::Usage{.input_tokens = 3, .output_tokens = 2});
}
