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

TEST_CASE("a body of no known shape has no usage", "[any]") {
  CHECK(described(ts::usage(R"({"hello":"world"})")) == "missing");
  CHECK(described(ts::usage("not json")) == "missing body_malformed");
  CHECK(described(ts::usage("")) == "missing body_malformed");
}
