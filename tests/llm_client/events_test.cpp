// SPDX-License-Identifier: MIT
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#include "../../examples/llm_client/events.hpp"
#include "../../examples/llm_client/exchange.hpp"
#include "../../examples/llm_client/recorded.hpp"
#include "recorded_bodies.hpp"

#include "catch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace {

namespace ts = tallyscope;

const std::vector<llm::ToolCall> two_calls{{"call_1", "search", R"({"text":"two words, \"quoted\""})"},
                                           {"call_2", "list", "{}"}};

/// What a client makes of the response that a server gives.
struct Taken {
  llm::Exchange exchange;
  llm::Ending ending;
  std::string streamed{};

  Taken(llm::Shape shape, bool as_stream, std::string_view bytes) : exchange{shape, as_stream}, ending{} {
    exchange.take(200, bytes, [this](std::string_view text) { return streamed += text, true; });
    ending = exchange.finish({.status = 200});
  }
};

void check_calls(const llm::Answer& answer, const recorded::Provider& provider) {
  const std::vector<llm::ToolCall> calls = answer.tool_calls();
  REQUIRE(calls.size() == 2);
  for (std::size_t place = 0; place < 2; ++place) {
    CHECK(calls[place].name == two_calls[place].name);
    CHECK(llm::parsed(calls[place].arguments) == llm::parsed(two_calls[place].arguments));
    if (provider.shape != llm::Shape::gemini) CHECK(calls[place].id == two_calls[place].id);
  }
}

}  // namespace

TEST_CASE("a recorded response is read as it was given, whole or as a stream", "[llm_client]") {
  for (const recorded::Provider& provider : recorded::providers) {
    const std::string name = provider.name;
    CAPTURE(name);
    const Taken whole{provider.shape, false, recorded::text(name + ".json")};
    CHECK(whole.ending.outcome == ts::Outcome::success);
    CHECK_FALSE(whole.exchange.answer().text().empty());
    CHECK(whole.exchange.reading().finality == ts::Finality::final);
    const Taken calling{provider.shape, false, recorded::text(name + "_tool_call.json")};
    REQUIRE(calling.exchange.answer().tool_calls().size() == 1);
    CHECK(calling.exchange.answer().tool_calls()[0].name == "word_count");
    const Taken streamed{provider.shape, true, recorded::text(name + ".sse")};
    CHECK(streamed.ending.outcome == ts::Outcome::success);
    CHECK(streamed.streamed.ends_with("caf\xC3\xA9-brown in between."));
    CHECK(streamed.exchange.reading().finality == ts::Finality::final);
    CHECK_FALSE(streamed.exchange.reading().diagnostics.any());
  }
}

TEST_CASE("a body made of a recorded one says the same whole and as a stream", "[llm_client]") {
  for (const recorded::Provider& provider : recorded::providers) {
    CAPTURE(provider.name);
    ts::Usage counts{.input_tokens = 5000, .output_tokens = 70, .cache_read = 4000};
    if (provider.shape == llm::Shape::anthropic) counts.cache_write_5m = 300, counts.cache_write_1h = 200;
    if (provider.shape == llm::Shape::gemini || provider.shape == llm::Shape::openai) counts.reasoning = 30;
    const llm::json body = llm::with(provider.shape, recorded::body(std::string{provider.name} + ".json"),
                                     "I look it up in two places.", two_calls, counts);
    const Taken whole{provider.shape, false, llm::written(body)};
    const Taken streamed{provider.shape, true, llm::events_of(provider.shape, body)};
    for (const Taken* const taken : {&whole, &streamed}) {
      CHECK(taken->ending.outcome == ts::Outcome::success);
      CHECK(taken->exchange.answer().text() == "I look it up in two places.");
      check_calls(taken->exchange.answer(), provider);
      ts::Usage read = taken->exchange.reading().counts;
      read.input_audio = read.output_audio = read.web_searches = {};  // as they were recorded
      CHECK(read == counts);
      CHECK_FALSE(taken->exchange.reading().diagnostics.any());
    }
  }
}

TEST_CASE("a body made without counts has no usage, whole or as a stream", "[llm_client]") {
  for (const recorded::Provider& provider : recorded::providers) {
    CAPTURE(provider.name);
    const llm::json body =
        llm::with(provider.shape, recorded::body(std::string{provider.name} + ".json"), "Yes.", {}, {});
    const Taken whole{provider.shape, false, llm::written(body)};
    const Taken streamed{provider.shape, true, llm::events_of(provider.shape, body)};
    CHECK(whole.exchange.reading().finality == ts::Finality::missing);
    CHECK(streamed.exchange.reading().finality == ts::Finality::missing);
    CHECK(streamed.streamed == "Yes.");
  }
}

TEST_CASE("a stream that ends without its last event is an error with a partial usage", "[llm_client]") {
  for (const recorded::Provider& provider : recorded::providers) {
    CAPTURE(provider.name);
    const std::string events = recorded::text(std::string{provider.name} + ".sse");
    const Taken taken{provider.shape, true, std::string_view{events}.substr(0, events.size() / 2)};
    CHECK(taken.ending.outcome == ts::Outcome::error);
    CHECK(taken.ending.error_type == "stream_unfinished");
    CHECK(taken.streamed.starts_with("Where the river"));
    CHECK(taken.exchange.reading().finality != ts::Finality::final);
  }
}

TEST_CASE("an error in the place of an answer ends the call under the provider's word for it", "[llm_client]") {
  constexpr struct {
    llm::Shape shape;
    const char* error;
    ts::Outcome outcome;
    const char* word;
  } errors[] = {
      {llm::Shape::anthropic, R"({"type":"overloaded_error"})", ts::Outcome::error, "overloaded_error"},
      {llm::Shape::anthropic, R"({"type":"rate_limit_error"})", ts::Outcome::rate_limited, "rate_limit_error"},
      {llm::Shape::openai, R"({"type":"server_error","code":null})", ts::Outcome::error, "server_error"},
      {llm::Shape::openai, R"({"type":"tokens","code":"rate_limit_exceeded"})", ts::Outcome::rate_limited,
       "rate_limit_exceeded"},
      {llm::Shape::gemini, R"({"code":503,"status":"UNAVAILABLE"})", ts::Outcome::error, "UNAVAILABLE"},
      {llm::Shape::gemini, R"({"code":429,"status":"RESOURCE_EXHAUSTED"})", ts::Outcome::rate_limited,
       "RESOURCE_EXHAUSTED"}};
  for (const auto& expected : errors)
    for (const bool as_stream : {false, true}) {
      CAPTURE(expected.error, as_stream);
      const std::string body = "{\"type\":\"error\",\"error\":" + std::string{expected.error} + "}";
      const Taken taken{expected.shape, as_stream, as_stream ? "data: " + body + "\n\n" : body};
      CHECK(taken.ending.outcome == expected.outcome);
      CHECK(taken.ending.error_type == expected.word);
      CHECK(taken.exchange.reading().finality == ts::Finality::missing);
    }
}

TEST_CASE("no other text of a provider becomes an error type", "[llm_client]") {
  for (const char* const error :
       {R"({"type":"your prompt was: a secret"})", R"({"status":"","type":5,"code":["RESOURCE_EXHAUSTED"]})", "{}",
        R"({"type":"rate_limit_error and more"})", R"("a secret")"}) {
    CAPTURE(error);
    const std::string body = "{\"error\":" + std::string{error} + "}";
    const Taken streamed{llm::Shape::openai, true, "data: " + body + "\n\n"};
    CHECK(streamed.ending.outcome == ts::Outcome::error);
    CHECK(streamed.ending.error_type == "stream_error");
    const Taken whole{llm::Shape::openai, false, body};
    CHECK(whole.ending.outcome == ts::Outcome::error);
    CHECK(whole.ending.error_type == "body_error");
  }
}

TEST_CASE("an error that is null is none", "[llm_client]") {
  llm::json body = recorded::body("openai.json");
  body["error"] = nullptr;
  CHECK(Taken{llm::Shape::openai, false, llm::written(body)}.ending.outcome == ts::Outcome::success);
}

TEST_CASE("events of any kind are taken without harm", "[llm_client]") {
  for (const recorded::Provider& provider : recorded::providers)
    for (const char* const data :
         {"nonsense", "[]", "{}", R"({"choices":{},"candidates":7,"content":3,"type":4})",
          R"({"choices":[{"delta":{"content":5,"tool_calls":[null,{"index":-4},{"index":9e99,"function":[]}]}}]})",
          R"({"type":"content_block_delta","index":"x","delta":{"type":"input_json_delta","partial_json":[]}})",
          R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":1,"args":"x"}},3,{"text":null}]}}]})"}) {
      const Taken taken{provider.shape, true, "data: " + std::string{data} + "\n\n"};
      CHECK(taken.ending.outcome == ts::Outcome::error);
      CHECK(taken.exchange.reading().finality == ts::Finality::missing);
    }
}

TEST_CASE("no more than 128 tool calls are taken", "[llm_client]") {
  llm::Answer answer{llm::Shape::openai};
  for (int index = 0; index < 1000; ++index)
    answer.take({{"choices", {{{"delta", {{"tool_calls", {{{"index", index}, {"id", "call"}}}}}}}}}});
  CHECK(answer.tool_calls().size() == 128);
}

TEST_CASE("a response beyond 32 MiB is read no further", "[llm_client]") {
  const std::string piece(1 << 20, ' ');
  for (const bool streamed : {false, true}) {
    llm::Exchange exchange{llm::Shape::openai, streamed};
    int taken = 0;
    while (taken < 100 && exchange.take(200, piece, [](std::string_view) { return true; })) ++taken;
    CHECK(taken == 32);
    CHECK(exchange.finish({.how = llm::HttpEnd::How::stopped, .status = 200}).error_type == "response_too_large");
  }
}

TEST_CASE("a stream that came to its end is a success, however its connection ended", "[llm_client]") {
  for (const recorded::Provider& provider : recorded::providers) {
    CAPTURE(provider.name);
    llm::Exchange exchange{provider.shape, true};
    exchange.take(200, recorded::text(std::string{provider.name} + ".sse"), [](std::string_view) { return true; });
    CHECK(exchange.finish({.how = llm::HttpEnd::How::broken, .status = 200}).outcome == ts::Outcome::success);
    CHECK(exchange.reading().finality == ts::Finality::final);
  }
}

TEST_CASE("a refusal stays one where the rest of its body does not come", "[llm_client]") {
  for (const bool streamed : {false, true}) {
    llm::Exchange exchange{llm::Shape::openai, streamed};
    exchange.take(429, "{\"error\":", [](std::string_view) { return true; });
    const llm::Ending ending = exchange.finish({.how = llm::HttpEnd::How::timeout, .status = 429});
    CHECK(ending.outcome == ts::Outcome::rate_limited);
    CHECK(ending.error_type == "429");
  }
}

TEST_CASE("an error that comes as an event is the end: no more is read, however the connection ends", "[llm_client]") {
  for (const auto how : {llm::HttpEnd::How::timeout, llm::HttpEnd::How::broken}) {
    llm::Exchange exchange{llm::Shape::anthropic, true};
    CHECK_FALSE(exchange.take(200, "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
                              [](std::string_view) { return true; }));
    CHECK(exchange.finish({.how = how, .status = 200}).error_type == "overloaded_error");
  }
}

TEST_CASE("a stream is read no further than to its last event, where its provider has one", "[llm_client]") {
  for (const recorded::Provider& provider : recorded::providers) {
    CAPTURE(provider.name);
    llm::Exchange exchange{provider.shape, true};
    const bool reads_on =
        exchange.take(200, recorded::text(std::string{provider.name} + ".sse"), [](std::string_view) { return true; });
    CHECK(reads_on == (provider.shape == llm::Shape::gemini));
    CHECK(exchange.finish({.how = llm::HttpEnd::How::stopped, .status = 200}).outcome == ts::Outcome::success);
    CHECK(exchange.reading().finality == ts::Finality::final);
  }
}

TEST_CASE("Gemini's usage counts where it comes after the reason for the end", "[llm_client]") {
  const Taken taken{llm::Shape::gemini, true,
                    "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n"
                    "data: {\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":2}}\n\n"};
  CHECK(taken.ending.outcome == ts::Outcome::success);
  CHECK(taken.exchange.reading().counts == ts::Usage{.input_tokens = 3, .output_tokens = 2});
}
