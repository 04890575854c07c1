// SPDX-License-Identifier: MIT
// What the events of a stream come to, and when that is final.
#include <tallyscope/providers/any.hpp>

#include "catch.hpp"
#include "described.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace {

namespace ts = tallyscope;
using streams::described;

struct Heard {
  std::string text{};
  ts::detail::AnswerText listener() {
    return {[](void* context, std::string_view piece) noexcept { *static_cast<std::string*>(context) += piece; },
            &text};
  }
};

template <class Events>
Events taken(std::initializer_list<std::string_view> events, Heard& heard) {
  Events reader;
  for (const std::string_view event : events) reader.take("", event, heard.listener());
  return reader;
}

template <class Events>
std::string read(std::initializer_list<std::string_view> events, bool ended = true) {
  Heard heard;
  return described(taken<Events>(events, heard).reading(ended));
}

template <class Events>
std::string text_of(std::initializer_list<std::string_view> events) {
  Heard heard;
  taken<Events>(events, heard);
  return heard.text;
}

constexpr std::string_view word =
    R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"usage":null})";
constexpr std::string_view stop = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";
constexpr std::string_view used = R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})";
constexpr std::string_view used_so_far =
    R"({"choices":[{"index":0,"delta":{"content":"b"}}],"usage":{"prompt_tokens":1,"completion_tokens":9}})";
constexpr std::string_view used_at_stop =
    R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}})";

}  // namespace

TEST_CASE("a chat's usage is final where none can follow", "[events]") {
  using ts::openai::Events;
  CHECK(read<Events>({word, stop, used, "[DONE]"}) == "input 1 output 2 final success");
  CHECK(read<Events>({word, stop, used}) == "input 1 output 2 final success");
  CHECK(read<Events>({word, used_at_stop}) == "input 1 output 2 final success");
  CHECK(read<Events>({word, used_so_far}) == "input 1 output 9 partial usage_not_final");
  CHECK(read<Events>({word, used_so_far, used_at_stop}) == "input 1 output 2 final success");
  CHECK(read<Events>({word, used_so_far, "[DONE]"}) == "input 1 output 9 final success");
}

TEST_CASE("a chat without usage is missing it once it has ended, and partial before", "[events]") {
  using ts::openai::Events;
  CHECK(read<Events>({word, stop, "[DONE]"}) == "missing success");
  CHECK(read<Events>({word}) == "partial usage_not_final");
  CHECK(read<Events>({word, stop}, false) == "partial success usage_not_final");
  CHECK(read<Events>({}) == "missing");
}

TEST_CASE("with several choices the usage is not final until all of them ended", "[events]") {
  const std::string_view other = R"({"choices":[{"index":1,"delta":{"content":"b"}}]})";
  const std::string_view other_stop =
      R"({"choices":[{"index":1,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":5}})";
  CHECK(read<ts::openai::Events>({word, other, used_at_stop}) == "input 1 output 2 partial success usage_not_final");
  CHECK(read<ts::openai::Events>({word, other, used_at_stop, other_stop}) == "input 1 output 5 final success");
}

TEST_CASE("the same usage under a second name is no second usage", "[events]") {
  CHECK(read<ts::openai::Events>({word, R"({"choices":[{"index":0,"finish_reason":"stop"}],
      "x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":2}},"usage":{"prompt_tokens":1,"completion_tokens":2}})"}) ==
        "input 1 output 2 final success");
}

TEST_CASE("the answer is what costs output: content, reasoning, names and arguments of tools", "[events]") {
  CHECK(text_of<ts::openai::Events>(
            {R"({"choices":[{"delta":{"content":"a\n\u00e9\ud83d\ude00","reasoning_content":"r"}}]})",
             R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"x\":"}}]}}]})",
             R"({"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]}]}}]})",
             R"({"choices":[{"text":"c"}]})"}) == "a\n\xC3\xA9\xF0\x9F\x98\x80rf{\"x\":tc");
  CHECK(text_of<ts::openai::Events>({R"({"delta":"a","type":"response.output_text.delta"})",
                                     R"({"type":"response.audio.delta","delta":"UklGRg=="})",
                                     R"({"type":"response.audio_transcript.delta","delta":"b"})",
                                     R"({"type":"response.output_text.done","text":"ab"})"}) == "ab");
  CHECK(text_of<ts::anthropic::Events>(
            {R"({"type":"content_block_start","content_block":{"type":"tool_use","id":"t","name":"f","input":{}}})",
             R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}})",
             R"({"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"b"}})",
             R"({"type":"content_block_delta","delta":{"type":"signature_delta","signature":"EqQB"}})",
             R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{}"}})"}) == "fab{}");
  CHECK(text_of<ts::gemini::Events>({R"({"candidates":[{"content":{"parts":[{"text":"a"},
      {"functionCall":{"name":"f","args":{"x":1}}}]}}]})"}) == R"(a{"name":"f","args":{"x":1}})");
  CHECK(text_of<ts::bedrock::Events>({R"({"contentBlockIndex":0,"delta":{"text":"a"}})",
                                      R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"b"}}})",
                                      R"({"contentBlockIndex":1,"start":{"toolUse":{"name":"f"}}})",
                                      R"({"contentBlockIndex":1,"delta":{"toolUse":{"input":"{}"}}})"}) == "abf{}");
  CHECK(
      text_of<ts::cohere::Events>(
          {R"({"type":"content-delta","delta":{"message":{"content":{"text":"a"}}}})",
           R"({"type":"content-delta","delta":{"message":{"content":{"thinking":"b"}}}})",
           R"({"type":"tool-call-start","delta":{"message":{"tool_calls":{"function":{"name":"f","arguments":""}}}}})",
           R"({"type":"tool-call-delta","delta":{"message":{"tool_calls":{"function":{"arguments":"{}"}}}}})"}) ==
      "abf{}");
  CHECK(text_of<ts::ollama::Events>({R"({"message":{"content":"a","thinking":"b"},"done":false})",
                                     R"({"response":"c","done":false})"}) == "abc");
}

TEST_CASE("pieces of a tool call are one call", "[events]") {
  const auto calls = [](std::initializer_list<std::string_view> events) {
    Heard heard;
    return taken<ts::openai::Events>(events, heard).reading(true).counts.tool_calls;
  };
  CHECK(calls({R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a"}]}}]})",
               R"({"choices":[{"delta":{"tool_calls":[{"index":0}]}}]})",
               R"({"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b"}]}}]})"}) == 2);
  CHECK_FALSE(calls({word, stop}).has_value());
}

TEST_CASE("a response's last event has its usage, whatever came before", "[events]") {
  using ts::openai::Events;
  const std::string_view created =
      R"({"type":"response.created","response":{"id":"r","model":"m","status":"in_progress",
      "usage":null}})";
  const std::string_view item = R"({"type":"response.output_item.done","item":{"type":"web_search_call","action":
      {"type":"search"}}})";
  CHECK(read<Events>({created, item}) == "web_searches 1 of m partial usage_not_final");
  CHECK(read<Events>({created, item, R"({"type":"response.completed","response":{"status":"completed","output":[
      {"type":"web_search_call","action":{"type":"search"}}],"usage":{"input_tokens":5,"output_tokens":6}}})"}) ==
        "input 5 output 6 web_searches 1 of m final success");
  CHECK(read<Events>({created, R"({"type":"response.failed","response":{"status":"failed","error":
      {"code":"rate_limit_exceeded"},"usage":null}})"}) == "of m missing rate_limited rate_limit_exceeded");
  CHECK(read<Events>({R"({"type":"transcript.text.done","text":"x","usage":{"input_tokens":3,"output_tokens":4}})"}) ==
        "input 3 output 4 final success");
}

TEST_CASE("a message's later counts take the place of the first, and are never added to them", "[events]") {
  using ts::anthropic::Events;
  const std::string_view start = R"({"type":"message_start","message":{"id":"msg_01","model":"m","usage":{
      "input_tokens":20,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":0,
      "ephemeral_1h_input_tokens":7},"cache_read_input_tokens":100,"output_tokens":1,"service_tier":"standard"}}})";
  const std::string_view delta = R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{
      "input_tokens":20,"cache_creation_input_tokens":7,"cache_read_input_tokens":100,"output_tokens":5}})";
  CHECK(read<Events>({start}) ==
        "input 127 cache_read 100 cache_write_5m 0 cache_write_1h 7 of m at standard partial usage_not_final");
  CHECK(read<Events>({start, R"({"type":"ping"})", delta, R"({"type":"message_stop"})"}) ==
        "input 127 output 5 cache_read 100 cache_write_5m 0 cache_write_1h 7 of m at standard final success");
  CHECK(read<Events>({start, R"({"type":"message_delta","delta":{},"usage":{"output_tokens":3}})"}) ==
        "input 127 output 3 cache_read 100 cache_write_5m 0 cache_write_1h 7 of m at standard partial usage_not_final");
  CHECK(read<Events>({start, R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":8,
      "input_tokens":20,"iterations":[{"type":"compaction","input_tokens":900,"output_tokens":50},
      {"type":"message","input_tokens":20,"output_tokens":8}]}})"}) ==
        "input 920 output 58 part m input 900 output 50 part m input 20 output 8 of m at standard final success");
}

TEST_CASE("the last usage of Gemini counts as a whole, also where it is less than one before", "[events]") {
  using ts::gemini::Events;
  const std::string_view more = R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":
      {"promptTokenCount":18,"candidatesTokenCount":31,"thoughtsTokenCount":35,"totalTokenCount":84}})";
  const std::string_view less = R"({"candidates":[{"finishReason":"STOP"}],"usageMetadata":
      {"promptTokenCount":18,"candidatesTokenCount":30,"totalTokenCount":48}})";
  CHECK(read<Events>({more}) == "input 18 output 66 reasoning 35 partial usage_not_final");
  CHECK(read<Events>({more, less}) == "input 18 output 30 final success");
}

TEST_CASE("with several candidates the usage is not final until all of them ended", "[events]") {
  using ts::gemini::Events;
  const std::string_view both = R"({"candidates":[{"index":0},{"index":1}]})";
  const std::string_view one = R"({"candidates":[{"index":0,"finishReason":"STOP"}],"usageMetadata":
      {"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3}})";
  const std::string_view other = R"({"candidates":[{"index":1,"finishReason":"MAX_TOKENS"}],"usageMetadata":
      {"promptTokenCount":1,"candidatesTokenCount":5,"totalTokenCount":6}})";
  CHECK(read<Events>({both, one}) == "input 1 output 2 partial success usage_not_final");
  CHECK(read<Events>({both, one, other}) == "input 1 output 5 final success");
}

TEST_CASE("a stream whose usage was promised and did not come was cut off", "[events]") {
  CHECK(read<ts::openai::Events>({word, R"({"choices":[{"index":0,"finish_reason":"stop"}],"usage":null})"}) ==
        "partial success usage_not_final");
  CHECK(read<ts::openai::Events>({R"({"choices":[{"index":0,"delta":{"content":"a"}}]})", stop}) == "missing success");
  CHECK(read<ts::bedrock::Events>({R"({"contentBlockIndex":0,"delta":{"text":"a"}})",
                                   R"({"stopReason":"end_turn"})"}) == "partial success usage_not_final");
}

TEST_CASE("the streams of the others are final with the event that says so", "[events]") {
  CHECK(read<ts::bedrock::Events>({R"({"contentBlockIndex":0,"delta":{"text":"a"}})", R"({"stopReason":"end_turn"})"},
                                  false) == "partial success usage_not_final");
  CHECK(read<ts::bedrock::Events>({R"({"stopReason":"end_turn"})",
                                   R"({"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3},"metrics":{}})"}) ==
        "input 1 output 2 final success");
  CHECK(read<ts::cohere::Events>({R"({"type":"message-start","id":"c"})"}) == "partial usage_not_final");
  CHECK(read<ts::cohere::Events>({R"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":
      {"billed_units":{"input_tokens":1,"output_tokens":2}}}})"}) == "input 1 output 2 final success");
  CHECK(read<ts::cohere::Events>({R"({"event_type":"stream-end","response":{"meta":{"billed_units":
      {"input_tokens":1,"output_tokens":2}}}})"}) == "input 1 output 2 final success");
  CHECK(read<ts::ollama::Events>({R"({"model":"m","message":{"content":"a"},"done":false})"}) ==
        "of m partial usage_not_final");
  CHECK(read<ts::ollama::Events>({R"({"model":"m","done":true,"done_reason":"stop","eval_count":2})"}) ==
        "output 2 of m final success");
}

TEST_CASE("an error within a stream is its outcome, with what was counted before", "[events]") {
  CHECK(read<ts::openai::Events>({word, R"({"error":{"code":502,"message":"x"},"choices":[{"index":0,"delta":{},
      "finish_reason":"error"}]})"}) == "partial error 502 stream_error usage_not_final");
  CHECK(read<ts::openai::Events>({R"({"type":"error","code":"rate_limit_exceeded","message":"x"})"}) ==
        "partial rate_limited rate_limit_exceeded stream_error usage_not_final");
  CHECK(read<ts::anthropic::Events>({R"({"type":"error","error":{"type":"overloaded_error"}})"}) ==
        "partial error overloaded_error stream_error usage_not_final");
  CHECK(read<ts::gemini::Events>({R"({"error":{"code":503,"status":"UNAVAILABLE"}})"}) ==
        "partial error UNAVAILABLE stream_error usage_not_final");
  ts::bedrock::Events bedrock;
  bedrock.take("throttlingException", R"({"message":"slow"})", {});
  CHECK(described(bedrock.reading(true)) == "partial rate_limited throttlingException stream_error usage_not_final");
}

TEST_CASE("an event that is no JSON is left out, and said", "[events]") {
  CHECK(read<ts::openai::Events>({word, R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9})", used}) ==
        "input 1 output 2 final success body_malformed");
}
