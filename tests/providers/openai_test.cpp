// SPDX-License-Identifier: MIT
#include <tallyscope/providers/openai.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

#include <string>

namespace {

namespace ts = tallyscope;
using streams::described;
using ts::Diagnostic;

ts::Reading with_usage(const std::string& usage, const std::string& around = R"("model":"m","choices":[])") {
  return ts::openai::usage("{" + around + R"(,"usage":{)" + usage + "}}");
}

std::string read(const std::string& usage) { return described(with_usage(usage)); }

}  // namespace

TEST_CASE("a chat completion's totals include what was cached, written and thought", "[openai]") {
  const ts::Reading reading = ts::openai::usage(bodies::chat);
  CHECK(described(reading) ==
        "input 1000 output 200 cache_read 600 cache_write 300 input_audio 0 reasoning 150 output_audio 0 tool_calls 2 "
        "of gpt-5-2025-08-07 at flex final success");
  CHECK(reading.request_id == "chatcmpl-A1");
  CHECK(reading.served_by.empty());
}

TEST_CASE("a response's searches are counted from its output, and opening a page is none", "[openai]") {
  CHECK(described(ts::openai::usage(bodies::responses)) ==
        "input 500 output 90 cache_read 100 reasoning 64 web_searches 2 tool_calls 1 file_searches 1 of "
        "gpt-5-2025-08-07 at default final success");
}

TEST_CASE("embeddings have no output, which is known", "[openai]") {
  CHECK(described(ts::openai::usage(bodies::embeddings)) == "input 8 output 0 of text-embedding-3-small final success");
  CHECK(read(R"("total_tokens":9)") == "input 9 output 0 of m final success");
}

TEST_CASE("an absent count is not zero, and a zero is no absent count", "[openai]") {
  CHECK(read(R"("prompt_tokens":5,"completion_tokens":0)") == "input 5 output 0 of m final success");
  CHECK(read(R"("prompt_tokens":5,"prompt_tokens_details":null)") == "input 5 of m final success");
  CHECK(read(R"("prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":0})") ==
        "input 5 output 7 cache_read 0 of m final success");
  CHECK(read("") == "of m missing");
}

TEST_CASE("what is no count from 0 on is refused, and the others stand", "[openai]") {
  for (const char* const wrong : {"-1", "1.5", "9223372036854775808", "1e400", "\"12\"", "true", "{}", "[1]"})
    CHECK(read(R"("prompt_tokens":5,"completion_tokens":)" + std::string{wrong}) ==
          "input 5 of m final success count_refused");
  CHECK(read(R"("prompt_tokens":5,"completion_tokens":1e3)") == "input 5 output 1000 of m final success");
}

TEST_CASE("the order of members does not matter, and of a key that comes twice the last counts", "[openai]") {
  CHECK(described(ts::openai::usage(R"({"usage":{"total_tokens":30,"completion_tokens":20,"prompt_tokens":10},
                                        "choices":[],"model":"m"})")) == "input 10 output 20 of m final success");
  CHECK(read(R"("prompt_tokens":1,"completion_tokens":2,"prompt_tokens":10)") ==
        "input 10 output 2 of m final success");
  CHECK(described(ts::openai::usage(R"({"model":"a","usage":{"prompt_tokens":1,"completion_tokens":1,
          "prompt_tokens_details":{"cached_tokens":1}},"model":"m","usage":{"prompt_tokens":10}})")) ==
        "input 10 of m final success");
  CHECK(read(R"("prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":5},"prompt_tokens_details":{})") ==
        "input 9 of m final success");
}

TEST_CASE("keys and texts may be escaped", "[openai]") {
  const ts::Reading reading = ts::openai::usage(
      R"({"m\u006fdel":"a\u00e9\ud83d\ude00\n","\u0075sage":{"prompt\u005ftokens":3,"completion_tokens":4}})");
  CHECK(reading.served_model == "a\xC3\xA9\xF0\x9F\x98\x80\n");
  CHECK(described(reading.counts) == "input 3 output 4 ");
}

TEST_CASE("a name that is too long is cut between characters, and said to be", "[openai]") {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "\\u00e9";
  const ts::Reading reading = ts::openai::usage(R"({"model":")" + name + R"(","usage":{"prompt_tokens":3}})");
  CHECK(reading.served_model.view().size() == 128);
  CHECK(reading.served_model.view().ends_with("\xC3\xA9"));
  CHECK(reading.diagnostics.has(Diagnostic::text_cut));
}

TEST_CASE("the stated total tells whether reasoning stands beside the completion", "[openai]") {
  const std::string thought = R"("prompt_tokens":100,"completion_tokens":10,"completion_tokens_details":
                                 {"reasoning_tokens":6},"total_tokens":)";
  CHECK(read(thought + "110") == "input 100 output 10 reasoning 6 of m final success");
  CHECK(read(thought + "116") == "input 100 output 16 reasoning 6 of m final success");
  CHECK(read(thought + "130") == "input 100 output 30 reasoning 6 of m final success hidden_output");
  CHECK(read(thought + "105") == "input 100 output 10 reasoning 6 of m final success total_mismatch");
  CHECK(read(thought + "90") == "input 100 output 10 reasoning 6 of m final success total_mismatch");
}

TEST_CASE("a total above its parts is output that was not shown", "[openai]") {
  CHECK(read(R"("prompt_tokens":12,"completion_tokens":5,"total_tokens":217)") ==
        "input 12 output 205 of m final success hidden_output");
}

TEST_CASE("without a total, who the provider is tells how its reasoning is counted", "[openai]") {
  const std::string body = R"({"usage":{"prompt_tokens":100,"completion_tokens":10,
                              "completion_tokens_details":{"reasoning_tokens":6}}})";
  CHECK(ts::openai::usage(body).counts.output_tokens == 10);
  CHECK(ts::openai::usage(body, "x_ai").counts.output_tokens == 16);
  // A part is never more than its whole.
  const ts::Reading more =
      with_usage(R"("prompt_tokens":100,"completion_tokens":10,"completion_tokens_details":{"reasoning_tokens":60})");
  CHECK(more.counts.output_tokens == 70);
  CHECK(more.diagnostics.has(Diagnostic::hidden_output));
}

TEST_CASE("parts that are more than their total are said to be, and nothing is below zero", "[openai]") {
  const ts::Reading reading = with_usage(
      R"("prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":5})");
  CHECK(reading.diagnostics.has(Diagnostic::parts_exceed_total));
  CHECK(described(reading.counts) == "input 10 output 1 cache_read 8 cache_write 5 ");
}

TEST_CASE("the cached tokens go by many names, and none of them twice", "[openai]") {
  const std::string totals = R"("prompt_tokens":563,"completion_tokens":116,"total_tokens":679,)";
  const auto cached = [&](const std::string& more) { return with_usage(totals + more).counts.cache_read; };
  CHECK(cached(R"("prompt_cache_hit_tokens":512,"prompt_cache_miss_tokens":51,
                  "prompt_tokens_details":{"cached_tokens":512})") == 512);
  CHECK(cached(R"("num_cached_tokens":48)") == 48);
  CHECK(cached(R"("cached_tokens":7)") == 7);
  CHECK(cached(R"("cached_prompt_text_tokens":6)") == 6);
  const ts::Reading only_cache = with_usage(R"("prompt_cache_hit_tokens":512,"prompt_cache_miss_tokens":51)");
  CHECK(only_cache.counts.input_tokens == 563);
}

TEST_CASE("of the names for the same thing the one that a gateway left at 0 does not count", "[openai]") {
  CHECK(read(R"("prompt_tokens":20,"completion_tokens":5,"num_cached_tokens":16,
                "prompt_tokens_details":{"cached_tokens":0})") == "input 20 output 5 cache_read 16 of m final success");
}

TEST_CASE("what a gateway says of Claude's cache counts, within the prompt or beside it as the total has it",
          "[openai]") {
  const std::string cache = R"(,"cache_read_input_tokens":400,"cache_creation_input_tokens":600)";
  CHECK(read(R"("prompt_tokens":1010,"completion_tokens":20,"total_tokens":1030)" + cache) ==
        "input 1010 output 20 cache_read 400 cache_write 600 of m final success");
  CHECK(read(R"("prompt_tokens":10,"completion_tokens":20,"total_tokens":1030)" + cache) ==
        "input 1010 output 20 cache_read 400 cache_write 600 of m final success");
  CHECK(read(R"("prompt_tokens":1010,"completion_tokens":20,"total_tokens":1030,"prompt_tokens_details":
      {"cached_tokens":400,"cache_creation_tokens":600,"cache_creation_token_details":
       {"ephemeral_5m_input_tokens":500,"ephemeral_1h_input_tokens":100}})" +
             cache) == "input 1010 output 20 cache_read 400 cache_write_5m 500 cache_write_1h 100 of m final success");
}

TEST_CASE("what was heard and stands only in the total is input", "[openai]") {
  CHECK(read(R"("prompt_tokens":4,"completion_tokens":635,"total_tokens":3264,"prompt_audio_seconds":203)") ==
        "input 2629 output 635 input_audio 2625 of m final success");
  CHECK(read(R"("prompt_tokens":4,"completion_tokens":6,"total_tokens":10,"prompt_audio_seconds":{})") ==
        "input 4 output 6 of m final success");
}

TEST_CASE("usage that stands only within a choice, or within what Groq adds, counts", "[openai]") {
  const std::string usage = R"("usage":{"prompt_tokens":1,"completion_tokens":2})";
  const std::string other = R"("usage":{"prompt_tokens":1,"completion_tokens":9})";
  const std::string choice = R"("choices":[{"index":0,"finish_reason":"stop",)" + usage + "}]";
  const auto said = [](const std::string& members) { return described(ts::openai::usage("{" + members + "}")); };
  CHECK(said(choice) == "input 1 output 2 final success");
  CHECK(said(choice + "," + other) == "input 1 output 9 final success");
  CHECK(said(other + "," + choice) == "input 1 output 9 final success");
  CHECK(said(R"("x_groq":{)" + usage + "}") == "input 1 output 2 final success");
  CHECK(said(R"("x_groq":{)" + usage + "}," + other) == "input 1 output 9 final success");
  CHECK(said(other + R"(,"x_groq":{)" + usage + "}") == "input 1 output 9 final success");
  CHECK(said(R"("choices":[],"x_groq":{"error":"over capacity"})") == "missing error");
}

TEST_CASE("an answer that its provider broke off is an error", "[openai]") {
  CHECK(described(ts::openai::usage(R"({"choices":[{"index":0,"finish_reason":"insufficient_system_resource"}],
      "usage":{"prompt_tokens":1,"completion_tokens":2}})")) ==
        "input 1 output 2 final error insufficient_system_resource");
}

TEST_CASE("who served is said where the shape proves it", "[openai]") {
  const std::string totals = R"("prompt_tokens":5,"completion_tokens":6,)";
  CHECK(with_usage(totals + R"("prompt_cache_hit_tokens":1)").served_by == "deepseek");
  CHECK(with_usage(totals + R"("num_cached_tokens":1)").served_by == "mistral_ai");
  CHECK(with_usage(totals + R"("cost_in_usd_ticks":1)").served_by == "x_ai");
  CHECK(with_usage(totals + R"("num_search_queries":1)").served_by == "perplexity");
  CHECK(
      ts::openai::usage(R"({"x_groq":{"id":"r","usage":{"prompt_tokens":5}},"usage":{"prompt_tokens":5}})").served_by ==
      "groq");
  CHECK(ts::openai::usage(R"({"prompt_filter_results":[],"usage":{"prompt_tokens":5}})").served_by ==
        "azure.ai.openai");
  CHECK(ts::openai::usage(R"({"id":"gen-1","provider":"Anthropic","usage":{"prompt_tokens":5}})").served_by ==
        "openrouter");
}

TEST_CASE("what a provider charges is taken exactly, whatever its notation", "[openai]") {
  const auto cost = [](const std::string& usage) {
    const ts::Reading reading = with_usage(R"("prompt_tokens":5,"completion_tokens":6,)" + usage);
    return reading.provider_cost ? reading.provider_cost->exact() : "none";
  };
  CHECK(cost(R"("cost":0.00219855)") == "0.00219855");
  CHECK(cost(R"("cost":1.1165E-05)") == "0.000011165");
  CHECK(cost(R"("cost":0.00019199999999999998)") == "0.000192");
  CHECK(cost(R"("cost":2.5e-12)") == "0.000000000002");  // half to even
  CHECK(cost(R"("cost":3.5e-12)") == "0.000000000004");
  CHECK(cost(R"("cost":0)") == "0");
  CHECK(cost(R"("cost_in_usd_ticks":232856000)") == "0.0232856");
  CHECK(cost(R"("cost":{"input_tokens_cost":0.001,"request_cost":0.005,"total_cost":0.006})") == "0.006");
  CHECK(cost(R"("cost":-1)") == "none");
  CHECK(cost(R"("cost":"0.1")") == "none");
  CHECK(cost(R"("pydantic_ai_gateway":{"cost_estimate":0.00012625})") == "none");
  CHECK(with_usage(R"("prompt_tokens":5,"cost":1e30)").diagnostics.has(Diagnostic::count_refused));
  CHECK(with_usage(R"("prompt_tokens":5,"cost":1e8)").diagnostics.has(Diagnostic::amount_saturated));
}

TEST_CASE("a cache write of a Claude behind a router is taken for one of five minutes, and said to be", "[openai]") {
  const std::string usage = R"("prompt_tokens":3329,"completion_tokens":53,
      "prompt_tokens_details":{"cached_tokens":3211,"cache_write_tokens":115})";
  const ts::Reading claude = with_usage(usage, R"("model":"anthropic/claude-4.6-sonnet")");
  CHECK(described(claude.counts) == "input 3329 output 53 cache_read 3211 cache_write_5m 115 ");
  CHECK(claude.diagnostics.has(Diagnostic::cache_lifetime_assumed));
  const ts::Reading gpt = with_usage(usage, R"("model":"openai/gpt-5.6")");
  CHECK(gpt.counts.cache_write == 115);
  CHECK_FALSE(gpt.diagnostics.any());
}

TEST_CASE("cached audio and images are no longer counted as audio and images of their own", "[openai]") {
  const ts::Reading reading = ts::openai::usage(R"({"type":"response.done","response":{"object":"realtime.response",
      "id":"resp_1","status":"completed","output":[],"usage":{"total_tokens":253,"input_tokens":132,"output_tokens":121,
      "input_token_details":{"text_tokens":60,"audio_tokens":50,"image_tokens":22,"cached_tokens":64,
        "cached_tokens_details":{"text_tokens":24,"audio_tokens":30,"image_tokens":10}},
      "output_token_details":{"text_tokens":30,"audio_tokens":91}}}})");
  CHECK(described(reading) ==
        "input 132 output 121 cache_read 64 input_audio 20 output_audio 91 cache_read_audio 30 cache_read_image 10 "
        "input_image 12 final success");
  CHECK_FALSE(reading.diagnostics.any());
}

TEST_CASE("images, transcriptions, pages and searches have counts of their own", "[openai]") {
  CHECK(read(R"("input_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40},"output_tokens":1056,
                "output_tokens_details":{"image_tokens":1056,"text_tokens":0},"total_tokens":1106)") ==
        "input 50 output 1056 input_image 40 output_image 1056 of m final success");
  CHECK(described(ts::openai::usage(R"({"text":"hi","usage":{"type":"duration","seconds":8.4705}})")) ==
        "audio_milliseconds 8470 final success");
  CHECK(described(ts::openai::usage(R"({"text":"hi","duration":8.5,"x_groq":{"id":"req_1"}})")) ==
        "audio_milliseconds 8500 final success");
  CHECK(described(ts::openai::usage(R"({"text":"hi","duration":8.5,"usage":{"type":"duration","seconds":9}})")) ==
        "audio_milliseconds 9000 final success");
  CHECK(described(ts::openai::usage(R"({"text":"hi","usage":{"type":"tokens","input_tokens":14,
      "input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":45,"total_tokens":59}})")) ==
        "input 14 output 45 input_audio 14 final success");
  CHECK(described(ts::openai::usage(R"({"pages":[],"model":"ocr","usage_info":{"pages_processed":3,
      "doc_size_bytes":1000}})")) == "pages 3 of ocr final success");
  CHECK(with_usage(R"("prompt_tokens":5,"num_search_queries":4)").counts.web_searches == 4);
  CHECK(with_usage(R"("prompt_tokens":5,"server_tool_use_details":{"web_search_requests":2})").counts.web_searches ==
        2);
}

TEST_CASE("a provider's error has its own word, where it is one", "[openai]") {
  const auto error = [](const std::string& members) { return described(ts::openai::usage("{" + members + "}")); };
  CHECK(error(R"("error":{"message":"slow down","type":"tokens","param":null,"code":"rate_limit_exceeded"})") ==
        "missing rate_limited rate_limit_exceeded");
  CHECK(error(R"("error":{"message":"no","type":"invalid_request_error","code":null})") ==
        "missing error invalid_request_error");
  CHECK(error(R"("error":{"code":429,"message":"no"})") == "missing rate_limited 429");
  CHECK(error(R"("error":{"code":"429","message":"no"})") == "missing rate_limited 429");
  CHECK(error(R"("error":{"code":"content_filter","status":400,"innererror":{}})") ==
        "missing policy_blocked content_filter");
  CHECK(error(R"("object":"error","message":"no","type":"invalid_request_error","code":3051)") ==
        "missing error invalid_request_error");
  CHECK(error(R"("error":"the model is overloaded","error_type":"overloaded")") == "missing error");
  // Any text at all would make a row of its own in every report.
  CHECK(error(R"("error":{"type":"user 17 said <b>no</b>"})") == "missing error");
}

TEST_CASE("a refusal and a content filter are policy, and an answer that is cut at its limit is a success",
          "[openai]") {
  const auto outcome = [](const std::string& choice) {
    return described(ts::openai::usage(R"({"choices":[{"index":0,)" + choice +
                                       R"(}],"usage":{"prompt_tokens":1,"completion_tokens":2}})"));
  };
  CHECK(outcome(R"("finish_reason":"length","message":{"refusal":null})") == "input 1 output 2 final success");
  CHECK(outcome(R"("finish_reason":"content_filter")") == "input 1 output 2 final policy_blocked content_filter");
  CHECK(outcome(R"("finish_reason":"stop","message":{"refusal":"I cannot"})") ==
        "input 1 output 2 final policy_blocked refusal");
}

TEST_CASE("a response says how it ended", "[openai]") {
  const auto ended = [](const std::string& members) {
    return described(ts::openai::usage(R"({"object":"response",)" + members + "}"));
  };
  const std::string usage = R"("usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3})";
  CHECK(ended(R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},)" + usage) ==
        "input 1 output 2 final success");
  CHECK(ended(R"("status":"incomplete","incomplete_details":{"reason":"content_filter"},)" + usage) ==
        "input 1 output 2 final policy_blocked content_filter");
  CHECK(ended(R"("status":"failed","error":{"code":"server_error","message":"x"},"usage":null)") ==
        "missing error server_error");
  CHECK(ended(R"("status":"cancelled","usage":null)") == "missing cancelled cancelled");
  CHECK(ended(R"("status":"queued","usage":null)") == "missing pending");
  CHECK(ended(R"("status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"no"}]}],)" +
              usage) == "input 1 output 2 final policy_blocked refusal");
}

TEST_CASE("a line of a batch's results is read as the body that it wraps", "[openai]") {
  CHECK(described(ts::openai::usage(R"({"id":"batch_req_1","custom_id":"1","response":{"status_code":200,"body":)" +
                                    std::string{bodies::embeddings} + R"(},"error":null})")) ==
        "input 8 output 0 of text-embedding-3-small at batch final success");
}

TEST_CASE("a body that is cut or is no JSON is said to be, and its usage is never final", "[openai]") {
  const std::string whole = R"({"usage":{"prompt_tokens":1,"completion_tokens":2},"model":"m"})";
  CHECK(described(ts::openai::usage(whole.substr(0, 50))) == "input 1 output 2 partial body_malformed usage_not_final");
  CHECK(described(ts::openai::usage(whole.substr(0, 30))) == "missing body_malformed");
  CHECK(described(ts::openai::usage(whole + "x")) == "input 1 output 2 of m partial body_malformed usage_not_final");
  CHECK(described(ts::openai::usage("<html>502</html>")) == "missing body_malformed");
  CHECK(described(ts::openai::usage("")) == "missing body_malformed");
  CHECK(described(ts::openai::usage("[1,2]")) == "missing");
}
