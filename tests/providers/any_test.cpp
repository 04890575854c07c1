// SPDX-License-Identifier: MIT
#include <tallyscope/providers/any.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

#include <string>
#include <utility>

namespace {

namespace ts = tallyscope;
using streams::described;
using ts::Shape;

}  // namespace

TEST_CASE("a response is recognised by its shape alone", "[any]") {
  CHECK(described(ts::usage(bodies::chat)) == described(ts::openai::usage(bodies::chat)));
  CHECK(described(ts::usage(bodies::responses)) == described(ts::openai::usage(bodies::responses)));
  CHECK(described(ts::usage(bodies::embeddings)) == described(ts::openai::usage(bodies::embeddings)));
  CHECK(described(ts::usage(bodies::messages)) == described(ts::anthropic::usage(bodies::messages)));
  CHECK(described(ts::usage(bodies::generate_content)) == described(ts::gemini::usage(bodies::generate_content)));
  CHECK(described(ts::usage(bodies::converse)) == described(ts::bedrock::usage(bodies::converse)));
  CHECK(described(ts::usage(bodies::cohere_chat)) == described(ts::cohere::usage(bodies::cohere_chat)));
  CHECK(described(ts::usage(bodies::rerank)) == described(ts::cohere::usage(bodies::rerank)));
  CHECK(described(ts::usage(bodies::ollama_chat)) == described(ts::ollama::usage(bodies::ollama_chat)));
}

TEST_CASE("a shape is known by any one of its marks", "[any]") {
  const std::pair<const char*, Shape> documents[] = {
      {R"({"usage":{"prompt_tokens":1}})", Shape::openai},
      {R"({"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}})", Shape::openai},
      {R"({"usage":{"input_tokens":1,"output_tokens":2,"input_tokens_details":{}}})", Shape::openai},
      {R"({"error":{"message":"x","type":"y"}})", Shape::openai},
      {R"({"type":"response.completed","response":{}})", Shape::openai},
      {R"({"usage":{"input_tokens":1,"output_tokens":2}})", Shape::anthropic},
      {R"({"usage":{"output_tokens":2,"input_tokens":1,"cache_read_input_tokens":0}})", Shape::anthropic},
      {R"({"type":"error","error":{"type":"overloaded_error"}})", Shape::anthropic},
      {R"({"type":"message_start","message":{}})", Shape::anthropic},
      {R"({"type":"error","code":"rate_limit_exceeded","message":"x"})", Shape::openai},
      {R"({"type":"error","sequence_number":1,"message":"x"})", Shape::openai},
      {R"({"output":{"text":"x"},"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}})", Shape::openai},
      {R"({"error":{"code":500,"status":"INTERNAL"}})", Shape::gemini},
      {R"([{"candidates":[]}])", Shape::gemini},
      {R"({"output":{"message":{}}})", Shape::bedrock},
      {R"({"usage":{"inputTokens":1}})", Shape::bedrock},
      {R"({"usage":{"billed_units":{}}})", Shape::cohere},
      {R"({"type":"message-end","delta":{}})", Shape::cohere},
      {R"({"model":"m","response":"hi"})", Shape::ollama},
      {R"({"model":"m","prompt_eval_count":3})", Shape::ollama},
      {R"({"hello":"world"})", Shape::unknown},
      {R"([])", Shape::unknown},
      {R"(x)", Shape::unknown},
      {"", Shape::unknown},
  };
  for (const auto& [document, shape] : documents) {
    INFO(document);
    CHECK(ts::shape_of(document) == shape);
  }
}

TEST_CASE("a line of a batch's results is the response of whomever it is, served at the tier of batches", "[any]") {
  const std::string before = R"({"id":"batch_req_1","custom_id":"1","response":{"status_code":200,"body":)";
  const std::string openai = before + std::string{bodies::embeddings} + R"(},"error":null})";
  CHECK(described(ts::usage(openai)) == "input 8 output 0 of text-embedding-3-small at batch final success");
  CHECK(described(ts::usage(before + std::string{bodies::chat} + "}}")) ==
        "input 1000 output 200 cache_read 600 cache_write 300 input_audio 0 reasoning 150 output_audio 0 tool_calls 2 "
        "of gpt-5-2025-08-07 at batch final success");
  CHECK(described(ts::usage(R"({"custom_id":"1","response":null,"error":{"code":"batch_expired"}})")) ==
        "at batch missing error batch_expired");
  CHECK(described(ts::usage(R"({"custom_id":"1","result":{"type":"succeeded","message":{"model":"m","usage":
      {"input_tokens":11,"output_tokens":36}}}})")) == "input 11 output 36 of m at batch final success");
  CHECK(described(ts::usage(R"({"key":"1","response":{"modelVersion":"m","candidates":[{"finishReason":"STOP"}],
      "usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":6,"totalTokenCount":11}}})")) ==
        "input 5 output 6 of m at batch final success");
}

TEST_CASE("names that a gateway adds to its own do not change the shape", "[any]") {
  CHECK(ts::shape_of(R"({"usage":{"cache_read_input_tokens":4,"prompt_tokens":10,"completion_tokens":2}})") ==
        Shape::openai);
}

TEST_CASE("a hint settles what a response leaves open, and nothing else", "[any]") {
  const std::string open = R"({"usage":{"input_tokens":5,"output_tokens":6}})";
  CHECK(ts::shape_of(R"({"hello":1})", {.provider = "cohere"}) == Shape::cohere);
  CHECK(described(ts::usage(bodies::chat, {.provider = "google"})) == described(ts::openai::usage(bodies::chat)));
  const std::string thought = R"({"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":10,
                                  "completion_tokens_details":{"reasoning_tokens":6}}})";
  CHECK(ts::usage(thought).counts.output_tokens == 10);
  for (const char* const name : {"xai", "x-ai", "x_ai"})
    CHECK(ts::usage(thought, {.provider = name}).counts.output_tokens == 16);
  CHECK(ts::usage(thought, {.provider = "acme"}).counts.output_tokens == 10);
  CHECK(described(ts::usage(open)) == "input 5 output 6 final success");
}

TEST_CASE("control characters within a text are malformed, however many there are", "[any]") {
  const std::string plain(40, 'x');
  for (const char control : {'\0', '\n', '\x1F'})
    for (std::size_t count = 1; count < 80; ++count) {
      const std::string text = plain + std::string(count, control) + plain + plain;
      CHECK(described(ts::usage(R"({"model":")" + text + R"(","usage":{"prompt_tokens":1}})")) ==
            "missing body_malformed");
    }
}

TEST_CASE("a body of no known shape has no usage", "[any]") {
  CHECK(described(ts::usage(R"({"hello":"world"})")) == "missing");
  CHECK(described(ts::usage("not json")) == "missing body_malformed");
  CHECK(described(ts::usage("")) == "missing body_malformed");
}
