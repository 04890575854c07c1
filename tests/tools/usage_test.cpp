// SPDX-License-Identifier: MIT
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "tools/program.hpp"

using Json = nlohmann::json;

namespace {

/// A response in a file.
struct Response {
  TemporaryFolder folder;
  std::string path = folder.file("response");

  explicit Response(std::string_view bytes) { std::ofstream{path, std::ios::binary} << bytes; }

  Run run(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"usage", path});
    return ::run(more);
  }
  Json json(std::vector<std::string> more = {}) const {
    more.push_back("--json");
    const Run program = run(more);
    INFO(program.err);
    CHECK(program.status == 0);
    return Json::parse(program.out);
  }
};

const char* const openai_chat =
    R"({"id":"chatcmpl-1","object":"chat.completion","model":"gpt-5-2025-08-07","service_tier":"default",)"
    R"("choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Lima."}}],)"
    R"("usage":{"prompt_tokens":1000,"completion_tokens":20,"total_tokens":1020,)"
    R"("prompt_tokens_details":{"cached_tokens":600},"completion_tokens_details":{"reasoning_tokens":8}}})";

std::string anthropic_body(int input, int cached) {
  return R"({"type":"message","id":"msg_1","model":"claude-sonnet-4-5-20250929","stop_reason":"end_turn","usage":)"
         R"({"input_tokens":)" +
         std::to_string(input) + R"(,"cache_read_input_tokens":)" + std::to_string(cached) +
         R"(,"cache_creation_input_tokens":0,"output_tokens":1000,"service_tier":"standard"}})";
}

std::string deepseek_body() {
  return R"({"object":"chat.completion","model":"deepseek-v4-flash","choices":[{"index":0,"finish_reason":"stop"}],)"
         R"("usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000}})";
}

}  // namespace

TEST_CASE("usage finds the price by any usual spelling of the provider, and shows it as it was given", "[usage]") {
  const Response response{R"({"candidates":[{"finishReason":"STOP"}],"modelVersion":"gemini-2.5-flash",)"
                          R"("usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":15}})"};
  for (const char* const provider : {"google", "vertex", "vertexai", "google-vertex", "gcp.vertex_ai", "Google AI"}) {
    const Json json = response.json({"--provider", provider, "--at", "2026-09-01T12:00:00Z"});
    CHECK(json["provider"] == provider);
    CHECK(json["cost_state"] == "priced");
  }
}

TEST_CASE("usage shows the counts of a response, what each is billed at, and the exact sum", "[usage]") {
  const Response response{openai_chat};
  const Json json = response.json({"--provider", "openai", "--api", "chat", "--at", "2026-09-01T12:00:00Z"});
  CHECK(json["model"] == "gpt-5-2025-08-07");
  CHECK(json["provider"] == "openai");
  CHECK(json["api"] == "chat");
  CHECK(json["finality"] == "final");
  CHECK(json["usage"] == Json::parse(R"({"input_tokens":1000,"output_tokens":20,"input_uncached":400,)"
                                     R"("cache_read":600,"reasoning":8})"));
  CHECK(json["lines"] ==
        Json::parse(R"([{"kind":"input","quantity":400,"price_usd":"1.25","per":1000000,"cost_usd":"0.0005"},)"
                    R"({"kind":"cache_read","quantity":600,"price_usd":"0.125","per":1000000,"cost_usd":"0.000075"},)"
                    R"({"kind":"output","quantity":20,"price_usd":"10","per":1000000,"cost_usd":"0.0002"}])"));
  CHECK(json["cost_usd"] == "0.000775");
  CHECK(json["known_cost_usd"] == "0.000775");
  CHECK(json["cost_state"] == "priced");
  CHECK(json["provider_cost_usd"].is_null());
  CHECK(json["service_tier"] == "default");
  CHECK(json["priced_at"] == "2026-09-01T12:00:00Z");
  CHECK(json["price_book"].get<std::string>().starts_with("builtin 2026-09-23"));
  CHECK(json["diagnostics"] == Json::array());

  const Run table = response.run();
  INFO(table.out);
  CHECK(table.status == 0);
  CHECK(table.out.find("gpt-5-2025-08-07") != std::string::npos);
  CHECK(table.out.find("$0.125 per 1,000,000") != std::string::npos);
  CHECK(table.out.find("$10.00 per 1,000,000") != std::string::npos);
  CHECK(table.out.find("cost $0.000775") != std::string::npos);
}

TEST_CASE("usage reads from the standard input", "[usage]") {
  const Response response{openai_chat};
  const std::string command = "cat " + shell_quoted(response.path) + " | " + std::string{TALLYSCOPE_PROGRAM} +
                              " usage --json - > " + shell_quoted(response.folder.file("out"));
  CHECK(std::system(command.c_str()) == 0);
  CHECK(Json::parse(content_of(response.folder.file("out")))["cost_usd"] == "0.000775");
}

TEST_CASE("a tier's border counts all input, cached tokens too, and every token then pays the higher rate", "[usage]") {
  const auto cost = [](int input, int cached) {
    return Response{anthropic_body(input, cached)}.json({"--at", "2026-02-01T00:00:00Z"})["cost_usd"];
  };
  CHECK(cost(140'000, 60'000) == "0.453");     // 140,000 x 3 + 60,000 x 0.3 + 1,000 x 15
  CHECK(cost(140'001, 60'000) == "0.898506");  // 140,001 x 6 + 60,000 x 0.6 + 1,000 x 22.5
}

TEST_CASE("a price by the hour begins with the second that is said, and a new price at midnight UTC", "[usage]") {
  const Response response{deepseek_body()};
  const auto cost = [&](const char* at) { return response.json({"--provider", "deepseek", "--at", at})["cost_usd"]; };
  CHECK(cost("2026-08-16T23:59:59.999999999Z") == "0.14");
  CHECK(cost("2026-08-17T00:00:00Z") == "0.22");
  CHECK(cost("2026-08-20T00:59:59Z") == "0.22");
  CHECK(cost("2026-08-20T01:00:00Z") == "0.44");
  CHECK(cost("2026-08-20T03:59:59Z") == "0.44");
  CHECK(cost("2026-08-20T04:00:00Z") == "0.22");
  CHECK(cost("2026-08-20T03:00:00+02:00") == "0.44");
}

TEST_CASE("a stream that was cut off is partial, and has no cost", "[usage]") {
  const std::string stream =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
      "\"delta\":{\"content\":\"Hi\"}}],\"usage\":null}\n\n"
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o\",\"choices\":[],\"usage\":{"
      "\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}}\n\ndata: [DONE]\n\n";
  CHECK(Response{stream}.json()["cost_usd"] == "0.000045");
  const Json cut = Response{stream.substr(0, stream.find("data", 10))}.json();
  CHECK(cut["finality"] == "partial");
  CHECK(cut["usage"] == Json::object());
  CHECK(cut["cost_usd"].is_null());
  CHECK(cut["lines"] == Json::array());
}

TEST_CASE("a model without a price costs something that is not known", "[usage]") {
  std::string body = openai_chat;
  body.replace(body.find("gpt-5-2025-08-07"), 16, "acme-secret-7b\\u001b");
  const Response response{body};
  const Json json = response.json({"--provider", "openai"});
  CHECK(json["cost_state"] == "unpriced");
  CHECK(json["cost_usd"].is_null());
  CHECK(json["usage"]["input_tokens"] == 1000);
  const Run table = response.run({"--provider", "openai"});
  CHECK(table.out.find('\x1b') == std::string::npos);
  CHECK(table.out.find("cost not known") != std::string::npos);
}

TEST_CASE("a response that does not name its model is priced by the one that was asked for", "[usage]") {
  const Response response{R"({"metrics":{"latencyMs":7},"output":{"message":{"role":"assistant","content":[]}},)"
                          R"("stopReason":"end_turn","usage":{"inputTokens":5,"outputTokens":2,"totalTokens":7}})"};
  CHECK(response.json()["model"].is_null());
  CHECK(response.json({"--model", "claude-haiku-4-5", "--provider", "anthropic"})["cost_usd"] == "0.000015");
}

TEST_CASE("whatever usage is given to read, it says in one sentence what is wrong", "[usage]") {
  const Response response{"no JSON at all"};
  const Json json = response.json();
  CHECK(json["finality"] != "final");
  CHECK(json["cost_usd"].is_null());
  check_refused(response.run({"--at", "yesterday"}), "--at yesterday is no time");
  check_refused(run({"usage", response.folder.file("none")}), "No such file");
  check_refused(run({"usage", response.folder.path()}), "is a folder");
  check_refused(run({"usage"}), "FILE is required");
  for (const char* bytes : {"", "{", "[", "data:", "\xff\xfe", "{\"usage\":{\"prompt_tokens\":-1}}"})
    CHECK(Response{bytes}.json()["cost_usd"].is_null());
}
