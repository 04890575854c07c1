// SPDX-License-Identifier: MIT
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#include "client_bench.hpp"
#include "full_port.hpp"

#include "catch.hpp"

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace client_bench;

TEST_CASE("a refused request is asked again after the time that the provider names, each attempt a record",
          "[llm_client]") {
  Bench bench;
  bench.server.next("/openai/", {.status = 429, .headers = {{"retry-after", "2"}}});
  bench.server.next("/openai/", {.status = 529});
  const llm::Reply reply = bench.client.ask(bench.turn, llm::gpt_4_1, prompt);
  CHECK(reply.outcome == ts::Outcome::success);
  CHECK(reply.attempts == 3);
  CHECK(bench.waits == std::vector<std::chrono::milliseconds>{2s, 1s});
  const auto records = bench.sink.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0]->outcome == ts::Outcome::rate_limited);
  CHECK(records[0]->error_type == "429");
  CHECK(records[1]->outcome == ts::Outcome::error);
  CHECK(records[1]->error_type == "529");
  for (const std::size_t refused : {0u, 1u}) {
    CHECK_FALSE(records[refused]->input_tokens().has_value());
    CHECK(records[refused]->cost.state == ts::CostState::no_usage);
  }
  CHECK(records[2]->outcome == ts::Outcome::success);
  CHECK(records[2]->usage.input_tokens == ts::Count{1421});
}

TEST_CASE("after the last attempt the refusal is the reply", "[llm_client]") {
  Bench bench;
  for (const char* const after : {"soon", "-1", "99999999999"})
    bench.server.next("/openai/", {.status = 429, .headers = {{"retry-after", after}}});
  const llm::Reply reply = bench.client.stream(bench.turn, llm::gpt_4_1, prompt, always);
  CHECK(reply.outcome == ts::Outcome::rate_limited);
  CHECK(reply.status == 429);
  CHECK(reply.attempts == 3);
  CHECK(bench.waits == std::vector<std::chrono::milliseconds>{500ms, 1s});
  CHECK(bench.sink.size() == 3);
}

TEST_CASE("a stream that is refused is no success, whatever the body says", "[llm_client]") {
  constexpr struct {
    int status;
    ts::Outcome outcome;
    int attempts;
  } refusals[] = {{429, ts::Outcome::rate_limited, 3}, {500, ts::Outcome::error, 3}, {401, ts::Outcome::error, 1}};
  for (const auto& refusal : refusals)
    for (const char* const body : {R"({"error":{"type":"rate_limit_error","message":"no"}})", "{}", "no JSON", ""}) {
      CAPTURE(refusal.status, body);
      Bench bench;
      for (int attempt = 0; attempt < refusal.attempts; ++attempt)
        bench.server.next("/openai/", {.status = refusal.status, .body = body});
      const llm::Reply reply = bench.client.stream(bench.turn, llm::gpt_4_1, prompt, always);
      CHECK(reply.outcome == refusal.outcome);
      CHECK(reply.error_type == std::to_string(refusal.status));
      CHECK(reply.attempts == refusal.attempts);
      for (const ts::StoredRecord& record : bench.sink.records()) {
        CHECK(record->outcome == refusal.outcome);
        CHECK(record->finality == ts::Finality::missing);
        CHECK(record->cost.state == ts::CostState::no_usage);
      }
    }
}

TEST_CASE("a request that is wrong is not made again", "[llm_client]") {
  Bench bench;
  bench.server.next("/openai/", {.status = 400, .body = R"({"error":{"type":"invalid_request_error"}})"});
  const llm::Reply reply = bench.client.ask(bench.turn, llm::gpt_4_1, prompt);
  CHECK(reply.outcome == ts::Outcome::error);
  CHECK(reply.error_type == "400");
  CHECK(bench.sink.size() == 1);
}

TEST_CASE("a response that does not come in time is a timeout, with its input estimated", "[llm_client]") {
  Bench bench;
  bench.server.next("/openai/", {.delay = 600ms});
  const llm::Reply reply = bench.client.ask(bench.turn, llm::gpt_4_1, prompt);
  CHECK(reply.outcome == ts::Outcome::timeout);
  const auto records = bench.sink.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]->outcome == ts::Outcome::timeout);
  CHECK(records[0]->input_source == ts::Source::estimated);
}

TEST_CASE("a server that is not there costs nothing", "[llm_client]") {
  Bench bench;
  std::string gone;
  {
    const llm::ReplayServer server{bench.files};
    gone = server.url();
  }
  const llm::Reply reply = bench.client_of(gone).ask(bench.turn, llm::gpt_4_1, prompt);
  CHECK(reply.outcome == ts::Outcome::error);
  CHECK(reply.error_type == "unreachable");
  const auto records = bench.sink.records();
  REQUIRE(records.size() == 1);
  CHECK_FALSE(records[0]->input_tokens().has_value());
}

TEST_CASE("a connection that does not come up in time is a timeout that costs nothing", "[llm_client]") {
  Bench bench;
  const FullPort port;
  const llm::Reply reply = bench.client_of(port.url()).ask(bench.turn, llm::gpt_4_1, prompt);
  CHECK(reply.outcome == ts::Outcome::timeout);
  CHECK(reply.error_type == "connection_timeout");
  const auto records = bench.sink.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]->outcome == ts::Outcome::timeout);
  CHECK_FALSE(records[0]->input_tokens().has_value());
  CHECK(records[0]->cost.state == ts::CostState::no_usage);
}

TEST_CASE("an answer that is no JSON is an error without usage", "[llm_client]") {
  Bench bench;
  bench.server.next("/openai/", {.body = "<html>welcome to this network</html>", .type = "text/html"});
  CHECK(bench.client.ask(bench.turn, llm::gpt_4_1, prompt).error_type == "not_json");
  const auto records = bench.sink.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]->outcome == ts::Outcome::error);
  CHECK(records[0]->finality == ts::Finality::missing);
}

TEST_CASE("of a stream whose connection is lost everything is kept that came", "[llm_client]") {
  Bench bench;
  llm::Recorded stream = llm::stream_of(bench.files.file("anthropic.sse"));
  stream.breaks_off_after = stream.body.size() / 2;
  bench.server.next("/anthropic/", stream);
  std::string seen;
  const llm::Reply reply =
      bench.client.stream(bench.turn, llm::sonnet, prompt, [&](std::string_view text) { return seen += text, true; });
  CHECK(reply.outcome == ts::Outcome::error);
  CHECK(reply.error_type == "connection_lost");
  CHECK(reply.text == seen);
  CHECK(seen.starts_with("Where the river"));
  const auto records = bench.sink.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]->finality == ts::Finality::partial);
  CHECK(records[0]->usage.input_tokens == ts::Count{201 + 388 + 2310});
  CHECK(records[0]->input_source == ts::Source::partial);
  CHECK(records[0]->output_source == ts::Source::estimated);
  CHECK(records[0]->first_token_ns.has_value());
}

TEST_CASE("a stream that the user stops is cancelled, and no more of it is taken", "[llm_client]") {
  for (const llm::Model& model : models) {
    CAPTURE(model.provider);
    Bench bench;
    int pieces = 0;
    const llm::Reply reply =
        bench.client.stream(bench.turn, model, prompt, [&](std::string_view) { return ++pieces < 3; });
    CHECK(reply.text == "Where the river");
    CHECK(pieces == 3);
    CHECK(reply.outcome == ts::Outcome::cancelled);
    const auto records = bench.sink.records();
    REQUIRE(records.size() == 1);
    CHECK(records[0]->outcome == ts::Outcome::cancelled);
    CHECK(records[0]->finality != ts::Finality::final);
    CHECK(records[0]->output_tokens().has_value());
  }
}

TEST_CASE("a finished stream does not keep its caller while the connection stays open", "[llm_client]") {
  Bench bench;
  const auto start = std::chrono::steady_clock::now();
  for (const std::string provider : {"openai", "anthropic", "mistral"}) {
    llm::Recorded stream = llm::stream_of(bench.files.file(provider + ".sse"));
    stream.stays_open = true;
    bench.server.next('/' + provider + '/', stream);
  }
  for (const llm::Model& model : models)
    CHECK(bench.patient_client.stream(bench.turn, model, prompt, always).outcome == ts::Outcome::success);
  CHECK(std::chrono::steady_clock::now() - start < Bench::patience);
  for (const ts::StoredRecord& record : bench.sink.records()) CHECK(record->finality == ts::Finality::final);
}

TEST_CASE("what the host throws at a piece of text comes out, and the record says error", "[llm_client]") {
  Bench bench;
  CHECK_THROWS_AS(bench.client.stream(bench.turn, llm::gpt_4_1, prompt,
                                      [](std::string_view) -> bool { throw std::runtime_error{"no room"}; }),
                  std::runtime_error);
  const auto records = bench.sink.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]->outcome == ts::Outcome::error);
  CHECK(bench.client.ask(bench.turn, llm::gpt_4_1, prompt).outcome == ts::Outcome::success);
}
