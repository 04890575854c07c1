// SPDX-License-Identifier: MIT
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#include "client_bench.hpp"

#include "catch.hpp"

#include <cstddef>
#include <stdexcept>
#include <string_view>

using namespace client_bench;

TEST_CASE("each provider is spoken to at its own path, and its key enters no record", "[llm_client]") {
  Bench bench;
  for (const llm::Model& model : models) {
    CHECK(bench.client.ask(bench.turn, model, prompt).outcome == ts::Outcome::success);
    CHECK(bench.client.stream(bench.turn, model, prompt, always).outcome == ts::Outcome::success);
  }
  constexpr const char* paths[] = {"/openai/v1/chat/completions",
                                   "/openai/v1/chat/completions",
                                   "/anthropic/v1/messages",
                                   "/anthropic/v1/messages",
                                   "/google/v1beta/models/gemini-2.5-flash:generateContent",
                                   "/google/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
                                   "/mistral/v1/chat/completions",
                                   "/mistral/v1/chat/completions"};
  REQUIRE(bench.requests.size() == 8);
  for (std::size_t place = 0; place < 8; ++place) CHECK(bench.requests[place].path == paths[place]);
  CHECK(bench.requests[0].headers.find("Authorization")->second == "Bearer top-secret");
  CHECK(bench.requests[2].headers.find("x-api-key")->second == "top-secret");
  CHECK(bench.requests[2].headers.find("anthropic-version")->second == "2023-06-01");
  CHECK(bench.requests[4].headers.find("x-goog-api-key")->second == "top-secret");
  CHECK(bench.requests[6].headers.find("Authorization")->second == "Bearer top-secret");
  for (const ts::StoredRecord& record : bench.sink.records()) {
    const std::string_view bytes{reinterpret_cast<const char*>(&record), record.size_in_use()};
    CHECK(bytes.find("top-secret") == std::string_view::npos);
    CHECK(bytes.find("Where does") == std::string_view::npos);
    CHECK(bytes.find("/v1") != std::string_view::npos);  // the endpoint
  }
}

TEST_CASE("a stream gives its usage only to a client that asks for it", "[llm_client]") {
  Bench bench;
  llm::Prompt silent = prompt;
  silent.asks_for_usage = false;
  bench.client.stream(bench.turn, llm::gpt_4_1, prompt, always);
  bench.client.stream(bench.turn, llm::gpt_4_1, silent, always);
  CHECK(llm::parsed(bench.requests.at(0).body).at("stream_options").at("include_usage") == true);
  CHECK_FALSE(llm::parsed(bench.requests.at(1).body).contains("stream_options"));
}

TEST_CASE("a turn with tools is told in each provider's words", "[llm_client]") {
  const llm::ToolCall used{"call_1", "search", R"({"text":"river"})"};
  const llm::Prompt whole{.messages = {{.role = llm::Role::system, .text = "Be brief."},
                                       {.text = "Where?"},
                                       {.role = llm::Role::assistant, .tool_calls = {used}},
                                       {.role = llm::Role::tool, .text = "at sea", .answers = used}},
                          .tools = {{"search", "Searches."}}};
  const llm::json openai = llm::request_body(llm::gpt_4_1, whole, false);
  CHECK(openai.at("/messages/2/tool_calls/0/function/arguments"_json_pointer) == used.arguments);
  CHECK(openai.at("/messages/3/tool_call_id"_json_pointer) == "call_1");
  CHECK(openai.at("/tools/0/function/name"_json_pointer) == "search");
  const llm::json anthropic = llm::request_body(llm::sonnet, whole, true);
  CHECK(anthropic.at("/system/0/text"_json_pointer) == "Be brief.");
  CHECK(anthropic.at("/messages/1/content/0/input/text"_json_pointer) == "river");
  CHECK(anthropic.at("/messages/2/content/0/tool_use_id"_json_pointer) == "call_1");
  CHECK(anthropic.at("stream") == true);
  const llm::json gemini = llm::request_body(llm::flash, whole, false);
  CHECK(gemini.at("/systemInstruction/parts/0/text"_json_pointer) == "Be brief.");
  CHECK(gemini.at("/contents/1/parts/0/functionCall/args/text"_json_pointer) == "river");
  CHECK(gemini.at("/contents/2/parts/0/functionResponse/response/result"_json_pointer) == "at sea");
}

TEST_CASE("texts that are not UTF-8 and arguments that are no JSON are sent all the same", "[llm_client]") {
  Bench bench;
  const llm::ToolCall odd{"call_\xFF", "search", "no JSON"};
  const llm::Prompt wild{.messages = {{.text = "\xC3\x28"},
                                      {.role = llm::Role::assistant, .tool_calls = {odd}},
                                      {.role = llm::Role::tool, .text = "\xFE", .answers = odd}}};
  for (const llm::Model& model : models)
    CHECK(bench.client.ask(bench.turn, model, wild).outcome == ts::Outcome::success);
}

TEST_CASE("a model of an unknown provider is the host's mistake", "[llm_client]") {
  Bench bench;
  CHECK_THROWS_AS(bench.client.ask(bench.turn, {"nobody", "n-1", llm::Shape::openai}, prompt), std::out_of_range);
  CHECK(bench.sink.size() == 0);
}
