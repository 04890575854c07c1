// SPDX-License-Identifier: MIT
// One stream of each shape, as its provider documents it, and what it says.
#pragma once

#include "aws_frame.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace streams {

struct Stream {
  std::string name;
  std::string bytes;
  std::string said;  // as `described()` puts it
  std::string text;  // the answer, as far as it costs tokens
};

/// Each line as the data of an event.
inline std::string sse(const std::vector<std::string_view>& lines) {
  std::string bytes;
  for (const std::string_view line : lines) bytes += "data: " + std::string{line} + "\n\n";
  return bytes;
}

/// Each line as the data of an event that bears the name of its type.
inline std::string named_sse(const std::vector<std::string_view>& lines) {
  std::string bytes;
  for (const std::string_view line : lines) {
    const std::string_view type = line.substr(9, line.find('"', 9) - 9);  // behind {"type":"
    bytes += "event: " + std::string{type} + "\ndata: " + std::string{line} + "\n\n";
  }
  return bytes;
}

inline std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t place = 0; place < bytes.size(); place += 3) {
    std::uint32_t bits = 0;
    for (std::size_t byte = place; byte < place + 3; ++byte)
      bits = bits << 8 | (byte < bytes.size() ? static_cast<unsigned char>(bytes[byte]) : 0);
    for (std::size_t digit = 0; digit < 4; ++digit)
      text += place + digit > bytes.size() ? '=' : letters[bits >> (18 - 6 * digit) & 63];
  }
  return text;
}

inline Stream openai_chat() {
  return {
      "openai chat",
      sse({R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","service_tier":"default","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null})",
           R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","service_tier":"default","choices":[{"index":0,"delta":{"content":"On floor \"2\",\n"},"finish_reason":null}],"usage":null})",
           R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","service_tier":"default","choices":[{"index":0,"delta":{"content":"na\u00efve caf\u00e9 )"
           "\xE2\x82\xAC"
           R"("},"finish_reason":null}],"usage":null})",
           R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","service_tier":"default","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null})",
           R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4.1-2025-04-14","service_tier":"default","choices":[],"usage":{"prompt_tokens":53,"completion_tokens":15,"total_tokens":68,"prompt_tokens_details":{"cached_tokens":32,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4}}})",
           "[DONE]"}),
      "input 53 output 15 cache_read 32 input_audio 0 reasoning 4 of gpt-4.1-2025-04-14 at default final success",
      "On floor \"2\",\nna\xC3\xAFve caf\xC3\xA9 \xE2\x82\xAC"};
}

inline Stream openai_chat_without_usage() {
  return {
      "openai chat without usage",
      sse({R"({"id":"chatcmpl-2","object":"chat.completion.chunk","model":"gpt-4.1","choices":[{"index":0,"delta":{"content":"two words"},"finish_reason":null}]})",
           R"({"id":"chatcmpl-2","object":"chat.completion.chunk","model":"gpt-4.1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
           "[DONE]"}),
      "of gpt-4.1 missing success", "two words"};
}

/// The usage comes on the last chunk that has a choice, and comments keep the connection alive.
inline Stream openrouter_chat() {
  return {
      "openrouter chat",
      ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n" +
          sse({R"({"id":"gen-1","provider":"OpenAI","model":"openai/gpt-4.1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"Yes"},"finish_reason":null}]})",
               R"({"id":"gen-1","provider":"OpenAI","model":"openai/gpt-4.1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":22,"cost":0.000056}})",
               "[DONE]"}),
      "input 20 output 2 of openai/gpt-4.1 final success cost 56000000", "Yes"};
}

inline Stream groq_chat() {
  return {
      "groq chat",
      sse({R"({"id":"chatcmpl-3","object":"chat.completion.chunk","model":"openai/gpt-oss-120b","choices":[{"index":0,"delta":{"role":"assistant","reasoning":"Hm."},"finish_reason":null}],"x_groq":{"id":"req_1"}})",
           R"({"id":"chatcmpl-3","object":"chat.completion.chunk","model":"openai/gpt-oss-120b","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"fc_1","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}]},"finish_reason":null}]})",
           R"({"id":"chatcmpl-3","object":"chat.completion.chunk","model":"openai/gpt-oss-120b","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"x_groq":{"id":"req_1","usage":{"prompt_tokens":304,"completion_tokens":49,"total_tokens":353}},"usage":{"queue_time":0.004,"prompt_tokens":304,"completion_tokens":49,"total_tokens":353,"completion_tokens_details":{"reasoning_tokens":23}}})",
           "[DONE]"}),
      "input 304 output 49 reasoning 23 tool_calls 1 of openai/gpt-oss-120b final success", "Hm.look{\"at\":1}"};
}

inline Stream xai_chat() {
  return {
      "xai chat",
      sse({R"({"id":"x-1","object":"chat.completion.chunk","model":"grok-4","choices":[{"index":0,"delta":{"content":"One"}}],"usage":{"prompt_tokens":30,"completion_tokens":1,"total_tokens":31}})",
           R"({"id":"x-1","object":"chat.completion.chunk","model":"grok-4","choices":[{"index":0,"delta":{"content":" two"}}],"usage":{"prompt_tokens":30,"completion_tokens":2,"total_tokens":32}})",
           R"({"id":"x-1","object":"chat.completion.chunk","model":"grok-4","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":3,"total_tokens":33}})",
           "[DONE]"}),
      "input 30 output 3 of grok-4 final success", "One two"};
}

inline Stream openai_responses() {
  return {
      "openai responses",
      named_sse(
          {R"({"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5-2025-08-07","output":[],"service_tier":"auto","usage":null}})",
           R"({"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5-2025-08-07","output":[],"service_tier":"auto","usage":null}})",
           R"({"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"ws_1","type":"web_search_call","status":"in_progress"}})",
           R"({"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"It is "})",
           R"({"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"sunny."})",
           R"({"type":"response.output_text.done","sequence_number":5,"item_id":"msg_1","output_index":1,"content_index":0,"text":"It is sunny."})",
           R"({"type":"response.completed","sequence_number":6,"response":{"id":"resp_1","object":"response","status":"completed","model":"gpt-5-2025-08-07","service_tier":"default","output":[{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"weather"}},{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","text":"It is sunny."}],"role":"assistant"}],"usage":{"input_tokens":328,"input_tokens_details":{"cached_tokens":128},"output_tokens":52,"output_tokens_details":{"reasoning_tokens":40},"total_tokens":380}}})"}),
      "input 328 output 52 cache_read 128 reasoning 40 web_searches 1 of gpt-5-2025-08-07 at default final success",
      "It is sunny."};
}

/// message_start alone has the lifetimes of the cache; what message_delta counts takes the place of what was there.
inline const std::vector<std::string_view> anthropic_events{
    R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"usage":{"input_tokens":20,"cache_creation_input_tokens":300,"cache_read_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":1,"service_tier":"standard"}}})",
    R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})",
    R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me see. "}})",
    R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2lnbmF0dXJl"}})",
    R"({"type":"content_block_stop","index":0})",
    R"({"type": "ping"})",
    R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})",
    R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Two."}})",
    R"({"type":"content_block_stop","index":1})",
    R"({"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}})",
    R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"at\":"}})",
    R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}})",
    R"({"type":"content_block_stop","index":2})",
    R"({"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":20,"cache_creation_input_tokens":300,"cache_read_input_tokens":1000,"output_tokens":57,"server_tool_use":{"web_search_requests":2}}})",
    R"({"type":"message_stop"})"};
inline constexpr std::string_view anthropic_said =
    "input 1320 output 57 cache_read 1000 cache_write_5m 100 cache_write_1h 200 web_searches 2 tool_calls 1 of "
    "claude-sonnet-4-5-20250929 at standard final success";
inline constexpr std::string_view anthropic_text = "Let me see. Two.look{\"at\":1}";

inline Stream anthropic_messages() {
  std::string bytes;
  for (const std::string_view line : anthropic_events)
    bytes += line == R"({"type": "ping"})" ? "event: ping\ndata: {\"type\": \"ping\"}\n\n" : named_sse({line});
  return {"anthropic messages", bytes, std::string{anthropic_said}, std::string{anthropic_text}};
}

inline Stream bedrock_invoke_model() {
  std::string bytes;
  for (const std::string_view line : anthropic_events)
    bytes += aws::event("chunk", "{\"bytes\":\"" + encode_base64(line) + "\",\"p\":\"abcdef\"}");
  return {"bedrock invoke model", bytes, std::string{anthropic_said}, std::string{anthropic_text}};
}

/// The counts go down in the middle: each usageMetadata is the whole of it.
inline const std::vector<std::string_view> gemini_events{
    R"({"candidates":[{"content":{"parts":[{"text":"1 ]2[ "}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":18,"candidatesTokenCount":31,"totalTokenCount":84,"cachedContentTokenCount":4,"thoughtsTokenCount":35},"modelVersion":"gemini-2.5-flash","responseId":"r-1"})",
    R"({"candidates":[{"content":{"parts":[{"text":"{3}\\ "}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":18,"totalTokenCount":18},"modelVersion":"gemini-2.5-flash","responseId":"r-1"})",
    R"({"candidates":[{"content":{"parts":[{"text":"4"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":18,"candidatesTokenCount":80,"totalTokenCount":133,"thoughtsTokenCount":35},"modelVersion":"gemini-2.5-flash","responseId":"r-1"})"};
inline constexpr std::string_view gemini_said = "input 18 output 115 reasoning 35 of gemini-2.5-flash final success";
inline constexpr std::string_view gemini_text = "1 ]2[ {3}\\ 4";

inline Stream gemini_sse() {
  return {"gemini", sse(gemini_events), std::string{gemini_said}, std::string{gemini_text}};
}

/// As streamGenerateContent answers without alt=sse.
inline Stream gemini_array() {
  std::string bytes;
  for (const std::string_view event : gemini_events) {
    std::string printed{event};
    for (std::size_t place = 0; (place = printed.find(",\"", place)) != std::string::npos; place += 5)
      printed.replace(place, 1, ",\n  ");
    bytes += (bytes.empty() ? "[" : "\n,\r\n") + printed;
  }
  return {"gemini array", bytes + "\n]\n", std::string{gemini_said}, std::string{gemini_text}};
}

inline Stream bedrock_converse() {
  return {
      "bedrock converse",
      aws::event("messageStart", R"({"p":"abc","role":"assistant"})") +
          aws::event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hi "},"p":"ab"})") +
          aws::event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"there"},"p":"ab"})") +
          aws::event("contentBlockStop", R"({"contentBlockIndex":0,"p":"abcd"})") +
          aws::event("messageStop", R"({"p":"abc","stopReason":"end_turn"})") +
          aws::event(
              "metadata",
              R"({"metrics":{"latencyMs":437},"p":"a","usage":{"inputTokens":13,"outputTokens":5,"totalTokens":118,"cacheReadInputTokens":100}})"),
      "input 113 output 5 cache_read 100 final success", "Hi there"};
}

inline Stream cohere_chat() {
  return {
      "cohere chat",
      named_sse(
          {R"({"type":"message-start","id":"c-1","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}})",
           R"({"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}})",
           R"({"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hello"}}}})",
           R"({"type":"content-delta","index":0,"delta":{"message":{"content":{"text":" you"}}}})",
           R"({"type":"content-end","index":0})",
           R"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":3,"output_tokens":9},"tokens":{"input_tokens":69,"output_tokens":11}}}})"}),
      "input 3 output 9 used 69 11 final success", "Hello you"};
}

inline Stream ollama_chat() {
  return {
      "ollama chat",
      R"({"model":"llama3","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Why"},"done":false})"
      "\n"
      R"({"model":"llama3","created_at":"2026-01-01T00:00:01Z","message":{"role":"assistant","content":" not?\n"},"done":false})"
      "\n"
      R"({"model":"llama3","created_at":"2026-01-01T00:00:02Z","message":{"role":"assistant","content":""},"done_reason":"stop","done":true,"prompt_eval_count":17,"eval_count":50})"
      "\n",
      "input 17 output 50 of llama3 final success", "Why not?\n"};
}

/// A body that came although a stream was asked for.
inline Stream plain_body() {
  return {"plain body",
          R"({
  "id": "chatcmpl-9",
  "object": "chat.completion",
  "model": "gpt-4.1",
  "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
  "usage": {"prompt_tokens": 7, "completion_tokens": 1, "total_tokens": 8}
}
)",
          "input 7 output 1 of gpt-4.1 final success", ""};
}

inline Stream error_body() {
  return {"error body",
          R"({"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}})"
          "\n",
          "missing rate_limited rate_limit_exceeded", ""};
}

inline std::vector<Stream> all() {
  return {openai_chat(),        openai_chat_without_usage(),
          openrouter_chat(),    groq_chat(),
          xai_chat(),           openai_responses(),
          anthropic_messages(), bedrock_invoke_model(),
          gemini_sse(),         gemini_array(),
          bedrock_converse(),   cohere_chat(),
          ollama_chat(),        plain_body(),
          error_body()};
}

}  // namespace streams
