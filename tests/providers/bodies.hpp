// SPDX-License-Identifier: MIT
// Responses of the documented shapes, one of each API, for the tests that hold for all of them.
#pragma once

#include <string_view>

namespace bodies {

inline constexpr std::string_view chat = R"({
  "id": "chatcmpl-A1", "object": "chat.completion", "created": 1790000000, "model": "gpt-5-2025-08-07",
  "choices": [{"index": 0, "finish_reason": "tool_calls", "logprobs": null, "message": {
    "role": "assistant", "content": "One moment \ud83d\ude00\n", "refusal": null,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{\"at\":1}"}},
                   {"id": "call_2", "type": "function", "function": {"name": "look", "arguments": "{\"at\":2}"}}]}}],
  "service_tier": "flex", "system_fingerprint": null,
  "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200,
    "prompt_tokens_details": {"cached_tokens": 600, "cache_write_tokens": 300, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 150, "audio_tokens": 0, "accepted_prediction_tokens": 0,
                                  "rejected_prediction_tokens": 20}}})";

inline constexpr std::string_view responses = R"({
  "id": "resp_1", "object": "response", "created_at": 1790000000, "status": "completed", "error": null,
  "incomplete_details": null, "model": "gpt-5-2025-08-07", "service_tier": "default", "output": [
    {"type": "reasoning", "id": "rs_1", "summary": []},
    {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "a"}},
    {"type": "web_search_call", "id": "ws_2", "status": "completed", "action": {"type": "open_page", "url": "b"}},
    {"type": "web_search_call", "id": "ws_3", "status": "completed"},
    {"type": "file_search_call", "id": "fs_1", "queries": ["c"]},
    {"type": "function_call", "id": "fc_1", "name": "look", "arguments": "{}"},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done."}]}],
  "usage": {"input_tokens": 500, "input_tokens_details": {"cached_tokens": 100}, "output_tokens": 90,
            "output_tokens_details": {"reasoning_tokens": 64}, "total_tokens": 590}})";

inline constexpr std::string_view embeddings = R"({"object": "list", "data": [{"object": "embedding", "index": 0,
  "embedding": [0.25, -1e-3]}], "model": "text-embedding-3-small", "usage": {"prompt_tokens": 8, "total_tokens": 8}})";

inline constexpr std::string_view messages = R"({"model": "claude-sonnet-4-5-20250929", "id": "msg_01AB",
  "type": "message", "role": "assistant", "content": [{"type": "text", "text": "Let me see."},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}},
    {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": 1}}],
  "stop_reason": "tool_use", "stop_sequence": null,
  "usage": {"input_tokens": 30, "cache_creation_input_tokens": 500, "cache_read_input_tokens": 2000,
    "cache_creation": {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 100}, "output_tokens": 70,
    "output_tokens_details": {"thinking_tokens": 40}, "server_tool_use": {"web_search_requests": 2,
    "web_fetch_requests": 0}, "service_tier": "priority", "inference_geo": "us"}})";

inline constexpr std::string_view generate_content = R"({"candidates": [{"content": {"role": "model", "parts": [
    {"text": "hm", "thought": true}, {"text": "Here."}, {"functionCall": {"name": "look", "args": {"at": 1}}}]},
    "finishReason": "STOP", "index": 0}],
  "usageMetadata": {"promptTokenCount": 900, "toolUsePromptTokenCount": 50, "cachedContentTokenCount": 600,
    "candidatesTokenCount": 20, "thoughtsTokenCount": 80, "totalTokenCount": 1050,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 600}, {"modality": "AUDIO", "tokenCount": 300}],
    "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 500}, {"modality": "AUDIO", "tokenCount": 100}],
    "trafficType": "ON_DEMAND_FLEX"},
  "modelVersion": "gemini-3-pro", "responseId": "r1"})";

inline constexpr std::string_view converse = R"({"metrics": {"latencyMs": 700}, "output": {"message": {
    "role": "assistant", "content": [{"text": "Yes."}, {"toolUse": {"toolUseId": "t1", "name": "look", "input": {}}}]}},
  "stopReason": "tool_use", "usage": {"inputTokens": 10, "outputTokens": 20, "totalTokens": 1230,
    "cacheReadInputTokens": 1000, "cacheReadInputTokenCount": 1000, "cacheWriteInputTokens": 200,
    "cacheWriteInputTokenCount": 200, "cacheDetails": [{"ttl": "5m", "inputTokens": 150},
    {"ttl": "1h", "inputTokens": 50}], "serverToolUsage": {}}})";

inline constexpr std::string_view cohere_chat = R"({"id": "c1", "finish_reason": "COMPLETE", "message": {
    "role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Yes."}]},
  "usage": {"billed_units": {"input_tokens": 400, "output_tokens": 60}, "cached_tokens": 300,
            "tokens": {"input_tokens": 2000, "output_tokens": 120}}})";

inline constexpr std::string_view rerank = R"({"id": "k1", "results": [{"index": 1, "relevance_score": 0.9}],
  "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}})";

inline constexpr std::string_view ollama_chat = R"({"model": "llama3", "created_at": "2026-05-24T20:26:46.294874Z",
  "message": {"role": "assistant", "content": "Hello"}, "done_reason": "stop", "done": true, "total_duration": 18973,
  "prompt_eval_count": 17, "eval_count": 50, "eval_duration": 15779})";

inline constexpr std::string_view all[] = {chat,     responses,   embeddings, messages,   generate_content,
                                           converse, cohere_chat, rerank,     ollama_chat};

}  // namespace bodies
