// SPDX-License-Identifier: MIT
#include <tallyscope/providers/anthropic.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

#include <string>

namespace {

namespace ts = tallyscope;
using streams::described;
using ts::Diagnostic;

ts::Reading with_usage(const std::string& usage, const std::string& around = R"("model":"m","type":"message")") {
  return ts::anthropic::usage("{" + around + R"(,"usage":{)" + usage + "}}");
}

const std::string one_round = R"({"type":"message","input_tokens":10,"output_tokens":1})";

}  // namespace

TEST_CASE("a message's input is what is new, what the cache served and what it took", "[anthropic]") {
  const ts::Reading reading = ts::anthropic::usage(bodies::messages);
  CHECK(described(reading) ==
        "input 2530 output 70 cache_read 2000 cache_write_5m 400 cache_write_1h 100 reasoning 40 web_searches 2 "
        "tool_calls 1 of claude-sonnet-4-5-20250929 at priority in us final success");
  CHECK(reading.request_id == "msg_01AB");
  CHECK(reading.served_by == "anthropic");
}

TEST_CASE("a cache write whose lifetime is not stated stands apart", "[anthropic]") {
  CHECK(described(with_usage(R"("input_tokens":3,"output_tokens":4,"cache_creation_input_tokens":50)").counts) ==
        "input 53 output 4 cache_write 50 ");
  const ts::Reading more = with_usage(
      R"("input_tokens":3,"cache_creation_input_tokens":50,"cache_creation":{"ephemeral_1h_input_tokens":20})");
  CHECK(described(more.counts) == "input 53 cache_write 30 cache_write_1h 20 ");
  CHECK(more.diagnostics.has(Diagnostic::total_mismatch));
  CHECK(described(with_usage(R"("input_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":5})").counts) ==
        "input 8 cache_write_5m 5 ");
}

TEST_CASE("of an input that is not known in full there is no total", "[anthropic]") {
  CHECK(described(with_usage(R"("cache_read_input_tokens":3,"output_tokens":4)").counts) == "output 4 cache_read 3 ");
  const ts::Reading refused = with_usage(R"("input_tokens":5,"cache_read_input_tokens":-3,"output_tokens":4)");
  CHECK(described(refused.counts) == "output 4 ");
  CHECK(refused.diagnostics.has(Diagnostic::count_refused));
}

TEST_CASE("a place that is none is no region, and fast is a tier", "[anthropic]") {
  CHECK(with_usage(R"("input_tokens":1,"inference_geo":"not_available")").served_region.empty());
  CHECK(with_usage(R"("input_tokens":1,"inference_geo":"global")").served_region.empty());
  CHECK(with_usage(R"("input_tokens":1,"inference_geo":"us")").served_region == "us");
  CHECK(with_usage(R"("input_tokens":1,"service_tier":"standard","speed":"fast")").served_tier == "fast");
  CHECK(with_usage(R"("input_tokens":1,"service_tier":"batch","speed":"standard")").served_tier == "batch");
}

TEST_CASE("where a response took several rounds, all of them count, each as a part of its own", "[anthropic]") {
  const ts::Reading reading = with_usage(R"("input_tokens":220,"output_tokens":8,"server_tool_use":
      {"web_search_requests":3},"iterations":[
      {"type":"compaction","input_tokens":55000,"output_tokens":125},
      {"type":"advisor_message","model":"claude-opus-5","input_tokens":700,"output_tokens":40,
       "cache_read_input_tokens":300},
      {"type":"message","input_tokens":220,"output_tokens":8,"cache_creation_input_tokens":30,
       "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":30}}])");
  CHECK(described(reading.counts) ==
        "input 56250 output 173 cache_read 300 cache_write_5m 0 cache_write_1h 30 web_searches 3 ");
  REQUIRE(reading.part_count == 3);
  CHECK(reading.parts[0].model == "m");
  CHECK(described(reading.parts[0].usage) == "input 55000 output 125 web_searches 3 ");
  CHECK(reading.parts[1].model == "claude-opus-5");
  CHECK(described(reading.parts[1].usage) == "input 1000 output 40 cache_read 300 ");
  CHECK(described(reading.parts[2].usage) == "input 250 output 8 cache_write_5m 0 cache_write_1h 30 ");
}

TEST_CASE("a single round says nothing that the top does not, unless it is hidden there", "[anthropic]") {
  const ts::Reading plain = with_usage(R"("input_tokens":10,"output_tokens":1,"iterations":[)" + one_round + "]");
  CHECK(plain.part_count == 0);
  CHECK(described(plain.counts) == "input 10 output 1 ");
  const ts::Reading hidden = with_usage(
      R"("input_tokens":0,"output_tokens":0,"iterations":[{"type":"compaction","input_tokens":9,"output_tokens":2}])");
  CHECK(hidden.part_count == 1);
  CHECK(described(hidden.counts) == "input 9 output 2 ");
}

TEST_CASE("the model of a part is known also where it is named behind the usage", "[anthropic]") {
  const ts::Reading reading = ts::anthropic::usage(R"({"usage":{"iterations":[)" + one_round + "," + one_round +
                                                   R"(],"input_tokens":10},"model":"late"})");
  REQUIRE(reading.part_count == 2);
  CHECK(reading.parts[1].model == "late");
}

TEST_CASE("more rounds than there is room for lose none of their tokens", "[anthropic]") {
  std::string rounds = one_round;
  for (int i = 1; i < 20; ++i) rounds += "," + one_round;
  const ts::Reading reading = with_usage(R"("input_tokens":10,"output_tokens":1,"iterations":[)" + rounds + "]");
  CHECK(reading.part_count == ts::part_limit);
  CHECK(described(reading.counts) == "input 200 output 20 ");
  CHECK(described(reading.parts[7].usage) == "input 130 output 13 ");
  CHECK_FALSE(reading.diagnostics.any());

  std::string models = R"({"type":"advisor_message","model":"a0","input_tokens":10})";
  for (int i = 1; i < 9; ++i)
    models += R"(,{"type":"advisor_message","model":"a)" + std::to_string(i) + R"(","input_tokens":10})";
  const ts::Reading mixed = with_usage(R"("input_tokens":10,"iterations":[)" + models + "]");
  CHECK(mixed.counts.input_tokens == 90);
  CHECK(mixed.diagnostics.has(Diagnostic::total_mismatch));
}

TEST_CASE("a line of a batch's results is read as the message that it wraps", "[anthropic]") {
  const auto line = [](const std::string& result) {
    return described(ts::anthropic::usage(R"({"custom_id":"1","result":)" + result + "}"));
  };
  CHECK(line(R"({"type":"succeeded","message":{"id":"msg_1","type":"message","model":"m","stop_reason":"end_turn",
                "usage":{"input_tokens":5,"output_tokens":6,"service_tier":"batch"}}})") ==
        "input 5 output 6 of m at batch final success");
  CHECK(line(R"({"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"x"}}})") ==
        "missing error invalid_request_error");
  CHECK(line(R"({"type":"canceled"})") == "missing cancelled canceled");
  CHECK(line(R"({"type":"expired"})") == "missing timeout expired");
}

TEST_CASE("an id tells from whose machines a message came", "[anthropic]") {
  const auto served = [](const std::string& id) {
    return std::string{with_usage(R"("input_tokens":1)", R"("id":")" + id + "\"").served_by.view()};
  };
  CHECK(served("msg_bdrk_01A") == "aws.bedrock");
  CHECK(served("msg_vrtx_01A") == "gcp.vertex_ai");
  CHECK(served("0b6c1f").empty());
}

TEST_CASE("a refusal is policy, and an error has its type", "[anthropic]") {
  CHECK(described(with_usage(R"("input_tokens":5,"output_tokens":1)", R"("stop_reason":"refusal")")) ==
        "input 5 output 1 final policy_blocked refusal");
  CHECK(described(with_usage(R"("input_tokens":5,"output_tokens":1)", R"("stop_reason":"max_tokens")")) ==
        "input 5 output 1 final success");
  const ts::Reading limited = ts::anthropic::usage(
      R"({"type":"error","error":{"type":"rate_limit_error","message":"x"},"request_id":"req_1"})");
  CHECK(described(limited) == "missing rate_limited rate_limit_error");
  CHECK(limited.request_id == "req_1");
}
