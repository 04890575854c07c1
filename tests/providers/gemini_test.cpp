// SPDX-License-Identifier: MIT
#include <tallyscope/providers/gemini.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

#include <string>

namespace {

namespace ts = tallyscope;
using streams::described;
using ts::Diagnostic;

std::string read(const std::string& usage) {
  return described(ts::gemini::usage(R"({"candidates":[],"usageMetadata":{)" + usage + "}}"));
}

std::string searched(const std::string& model, const std::string& queries) {
  const ts::Reading reading =
      ts::gemini::usage(R"({"candidates":[{"groundingMetadata":{"webSearchQueries":[)" + queries +
                        R"(]}}],"modelVersion":")" + model + R"(","usageMetadata":{"promptTokenCount":1}})");
  return described(reading.counts);
}

}  // namespace

TEST_CASE("what tools brought is input beside the prompt, what was thought is output beside the candidates",
          "[gemini]") {
  const ts::Reading reading = ts::gemini::usage(bodies::generate_content);
  CHECK(described(reading) ==
        "input 950 output 100 cache_read 600 input_audio 200 reasoning 80 tool_calls 1 cache_read_audio 100 of "
        "gemini-3-pro at ON_DEMAND_FLEX final success");
  CHECK(reading.request_id == "r1");
}

TEST_CASE("the total tells where the candidates include the thoughts, and what they do not show", "[gemini]") {
  const std::string counts =
      R"("promptTokenCount":10,"candidatesTokenCount":7,"thoughtsTokenCount":5,"totalTokenCount":)";
  CHECK(read(counts + "22") == "input 10 output 12 reasoning 5 final success");
  CHECK(read(counts + "17") == "input 10 output 7 reasoning 5 final success");
  CHECK(read(counts + "30") == "input 10 output 20 reasoning 5 final success hidden_output");
  CHECK(read(counts + "12") == "input 10 output 12 reasoning 5 final success total_mismatch");
}

TEST_CASE("a count of candidates that is not there follows from the total", "[gemini]") {
  CHECK(read(R"("promptTokenCount":10,"thoughtsTokenCount":5,"totalTokenCount":15)") ==
        "input 10 output 5 reasoning 5 final success");
  CHECK(read(R"("promptTokenCount":10,"totalTokenCount":10)") == "input 10 output 0 final success");
  CHECK(read(R"("promptTokenCount":10)") == "input 10 final success");
}

TEST_CASE("each modality is told apart, and what is cached of it", "[gemini]") {
  CHECK(read(R"("promptTokenCount":100,"cachedContentTokenCount":50,"candidatesTokenCount":40,"totalTokenCount":140,
      "promptTokensDetails":[{"modality":"IMAGE","tokenCount":30},{"modality":"VIDEO","tokenCount":20},
                             {"modality":"AUDIO","tokenCount":8},{"modality":"TEXT","tokenCount":40}],
      "cacheTokensDetails":[{"modality":"IMAGE","tokenCount":10},{"modality":"VIDEO","tokenCount":5}],
      "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":25},{"modality":"AUDIO","tokenCount":10}])") ==
        "input 100 output 40 cache_read 50 input_audio 8 output_audio 10 cache_read_image 10 input_image 20 "
        "input_video 15 output_image 25 final success");
  // The details of a prompt are sometimes short of it: what they do not name is text.
  CHECK(read(R"("promptTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":3}])") ==
        "input 100 final success");
  CHECK(read(R"("promptTokenCount":9,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":3}],
                "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":5}],"cachedContentTokenCount":5)") ==
        "input 9 cache_read 5 input_audio 0 cache_read_audio 5 final success parts_exceed_total");
}

TEST_CASE("audio that a tool brought is audio", "[gemini]") {
  CHECK(read(R"("promptTokenCount":10,"toolUsePromptTokenCount":6,
      "promptTokensDetails":[{"modality":"AUDIO","tokenCount":4}],
      "toolUsePromptTokensDetails":[{"modality":"AUDIO","tokenCount":6}])") == "input 16 input_audio 10 final success");
}

TEST_CASE("searches are billed by the query from Gemini 3 on, by the prompt before it", "[gemini]") {
  CHECK(searched("gemini-3-pro", R"("a","b","c")") == "input 1 web_searches 3 ");
  CHECK(searched("gemini-2.5-flash", R"("a","b","c")") == "input 1 web_searches 1 ");
  CHECK(searched("models/gemini-2.5-flash", R"("a","b")") == "input 1 web_searches 1 ");
  CHECK(searched("gemini-3-pro", R"(""," ","c")") == "input 1 web_searches 1 ");
  CHECK(searched("gemini-2.5-flash", R"("")") == "input 1 ");
}

TEST_CASE("embeddings write the details of their prompt in the singular", "[gemini]") {
  CHECK(described(ts::gemini::usage(R"({"embedding":{"values":[0.1]},"usageMetadata":{"promptTokenCount":5,
      "promptTokenDetails":[{"modality":"IMAGE","tokenCount":5}]}})")) ==
        "input 5 output 0 input_image 5 final success");
}

TEST_CASE("of several candidates the one that was blocked tells how it ended", "[gemini]") {
  CHECK(described(ts::gemini::usage(R"({"candidates":[{"index":0,"finishReason":"SAFETY"},
      {"index":1,"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5}})")) ==
        "input 5 final policy_blocked SAFETY");
}

TEST_CASE("searches that every chunk of an array states are stated once", "[gemini]") {
  const std::string chunk = R"({"modelVersion":"gemini-3-pro","candidates":[{"groundingMetadata":{"webSearchQueries":
      ["a","b"]}}],"usageMetadata":{"promptTokenCount":5}})";
  CHECK(ts::gemini::usage("[" + chunk + "," + chunk + "]").counts.web_searches == 2);
}

TEST_CASE("the tier is what the provider says of its traffic", "[gemini]") {
  CHECK(read(R"("promptTokenCount":5,"serviceTier":"flex")") == "input 5 at flex final success");
  CHECK(described(ts::gemini::usage(R"({"serviceTier":"flex","usageMetadata":{"promptTokenCount":5}})")) ==
        "input 5 at flex final success");
  CHECK(read(R"("promptTokenCount":5,"serviceTier":"standard","trafficType":"PROVISIONED_THROUGHPUT")") ==
        "input 5 at PROVISIONED_THROUGHPUT final success");
}

TEST_CASE("what was blocked is policy, and an error has its status", "[gemini]") {
  CHECK(described(ts::gemini::usage(R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},
      "usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}})")) ==
        "input 5 output 0 final policy_blocked PROHIBITED_CONTENT");
  CHECK(described(ts::gemini::usage(R"({"candidates":[{"finishReason":"SAFETY"}],"usageMetadata":
      {"promptTokenCount":5}})")) == "input 5 final policy_blocked SAFETY");
  CHECK(described(ts::gemini::usage(R"({"candidates":[{"finishReason":"MAX_TOKENS"}],"usageMetadata":
      {"promptTokenCount":5}})")) == "input 5 final success");
  CHECK(described(ts::gemini::usage(R"([{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED"}}])")) ==
        "missing rate_limited RESOURCE_EXHAUSTED");
  CHECK(described(ts::gemini::usage(R"({"error":{"code":504,"message":"x","status":"DEADLINE_EXCEEDED"}})")) ==
        "missing timeout DEADLINE_EXCEEDED");
}

TEST_CASE("of a stream that came as one array the last chunk counts, not the sum", "[gemini]") {
  CHECK(described(ts::gemini::usage(R"([{"candidates":[{"content":{"parts":[{"text":"a"}]}}],
        "usageMetadata":{"promptTokenCount":18,"candidatesTokenCount":31,"totalTokenCount":49}},
      {"candidates":[{"finishReason":"STOP"}],
        "usageMetadata":{"promptTokenCount":18,"candidatesTokenCount":80,"totalTokenCount":98}}])")) ==
        "input 18 output 80 final success");
}
