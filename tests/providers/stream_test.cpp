// SPDX-License-Identifier: MIT
// Needs: <zlib.h> -lz zlib1g-dev
#include <tallyscope/providers/stream.hpp>

#include "catch.hpp"
#include "described.hpp"
#include "framed.hpp"
#include "streams.hpp"

namespace {

namespace ts = tallyscope;
using streams::Stream;

struct Read {
  std::string said;
  std::string text;
  ts::Finality finality;
};

enum class End { finished, dropped };

Read read(std::string_view bytes, const std::vector<std::size_t>& cuts = {}, End end = End::finished,
          const ts::StreamOptions& options = {}) {
  ts::StreamReader reader{{}, options};
  std::string text;
  const auto listen = [&](std::string_view piece) { text += piece; };
  framed::feed_pieces(bytes, cuts, [&](std::string_view piece) { reader.feed(piece, listen); });
  const ts::Reading reading = end == End::finished ? reader.finish(listen) : reader.reading();
  return {streams::described(reading), text, reading.finality};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t place = 0; (place = text.find(what, place)) != std::string::npos; place += by.size())
    text.replace(place, what.size(), by);
  return text;
}

bool is_sse(const Stream& stream) {
  return stream.bytes.starts_with("data") || stream.bytes.starts_with("event") || stream.bytes.starts_with(":");
}

bool is_body(const Stream& stream) { return stream.name.ends_with("body"); }

}  // namespace

TEST_CASE("a stream says what its provider counted, and its text is the answer", "[stream]") {
  for (const Stream& stream : streams::all()) {
    INFO(stream.name);
    const Read whole = read(stream.bytes);
    CHECK(whole.said == stream.said);
    CHECK(whole.text == stream.text);
  }
}

TEST_CASE("a stream says the same whatever the pieces", "[stream]") {
  constexpr std::uint64_t seed = 20260308;
  std::mt19937_64 random{seed};
  for (const Stream& stream : streams::all()) {
    INFO(stream.name << ", seed " << seed);
    const auto same = [&](const std::vector<std::size_t>& cuts) {
      const Read pieces = read(stream.bytes, cuts);
      return pieces.said == stream.said && pieces.text == stream.text;
    };
    CHECK(same(framed::every_byte(stream.bytes)));
    for (int round = 0; round < 1000; ++round) {
      INFO("round " << round);
      REQUIRE(same(framed::random_cuts(stream.bytes, random)));
    }
  }
}

TEST_CASE("server-sent events say the same with other line ends, comments, ids and a byte order mark", "[stream]") {
  std::mt19937_64 random{20260309};
  for (const Stream& stream : streams::all()) {
    if (!is_sse(stream)) continue;
    INFO(stream.name);
    const std::string busy = replaced(stream.bytes, "\n\n", "\nid: 3\n:\n\n: keep-alive\n\n\nretry: 10\n\n");
    for (const std::string_view end : {"\n", "\r\n", "\r"}) {
      const std::string bytes = "\xEF\xBB\xBF" + replaced(busy, "\n", end);
      const Read whole = read(bytes), pieces = read(bytes, framed::random_cuts(bytes, random));
      CHECK(whole.said == stream.said);
      CHECK(whole.text == stream.text);
      CHECK(pieces.said == stream.said);
      CHECK(read(bytes, framed::every_byte(bytes)).said == stream.said);
    }
  }
}

TEST_CASE("a stream that was cut off is never final with other counts than the whole", "[stream]") {
  for (const Stream& stream : streams::all()) {
    INFO(stream.name);
    std::size_t unfinished = 0;
    for (std::size_t size = 0; size < stream.bytes.size(); ++size) {
      for (const End end : {End::finished, End::dropped}) {
        const Read cut = read(std::string_view{stream.bytes}.substr(0, size), {}, end);
        INFO(size << " bytes: " << cut.said);
        if (cut.finality == ts::Finality::final)
          REQUIRE(cut.said == stream.said);
        else
          ++unfinished;
        REQUIRE(stream.text.starts_with(cut.text));
      }
    }
    CHECK(unfinished > stream.bytes.size());
  }
}

TEST_CASE("a stream that was cut off in the middle is partial", "[stream]") {
  for (const Stream& stream : streams::all()) {
    if (is_body(stream)) continue;
    INFO(stream.name);
    const Read cut = read(std::string_view{stream.bytes}.substr(0, 3 * stream.bytes.size() / 5));
    CHECK(cut.finality == ts::Finality::partial);
    CHECK(cut.said.find("usage_not_final") != std::string::npos);
    CHECK_FALSE(cut.text.empty());
  }
}

TEST_CASE("what the first event counts is kept when the rest does not come", "[stream]") {
  const std::string start = streams::anthropic_messages().bytes;
  CHECK(read(start.substr(0, start.find("event: content_block_start"))).said ==
        "input 1320 cache_read 1000 cache_write_5m 100 cache_write_1h 200 of claude-sonnet-4-5-20250929 at standard "
        "partial usage_not_final");
  const std::string gemini = streams::gemini_sse().bytes;
  CHECK(read(gemini.substr(0, gemini.find("\n\n") + 2)).said ==
        "input 18 output 66 cache_read 4 reasoning 35 of gemini-2.5-flash partial usage_not_final");
}

TEST_CASE("nothing, or nothing that is known, says nothing", "[stream]") {
  for (const std::string_view bytes : {"", "\n\n", ": ping\n\n", "event: ping\ndata: {\"type\":\"ping\"}\n\n", "[]"})
    CHECK(read(bytes).said == "missing");
  CHECK(read("<html><body>502 Bad Gateway</body></html>\n").finality == ts::Finality::missing);
  CHECK(read(std::string(64, '\xFF')).finality == ts::Finality::missing);
}

TEST_CASE("what is neither a stream nor a response is said to be malformed", "[stream]") {
  const auto told = [](std::string_view bytes) {
    ts::StreamReader reader;
    for (const char& byte : bytes) reader.feed({&byte, 1});
    const ts::Reading reading = reader.finish();
    CHECK(reading.finality == ts::Finality::missing);
    return reading.diagnostics.has(ts::Diagnostic::body_malformed);
  };
  CHECK(told("<html><body>502 Bad Gateway: try again</body></html>"));
  CHECK(told("upstream connect error\n\n"));
  CHECK(told(std::string(100'000, '[')));
  CHECK_FALSE(told(""));
  CHECK_FALSE(told(" \r\n"));
  CHECK_FALSE(told(": keep-alive\n\n"));
  CHECK_FALSE(told("retry: 3000\nid: 1\n\n"));
  CHECK_FALSE(told("event: ping\n\n"));
}

TEST_CASE("an event beyond the limit is left out and said, in memory that is bounded", "[stream]") {
  const std::string chat = streams::openai_chat().bytes;
  ts::StreamReader reader;
  reader.feed("data: {\"choices\":[{\"delta\":{\"content\":\"");
  const std::string mebibyte(1 << 20, 'x');
  for (int part = 0; part < 64; ++part) reader.feed(mebibyte);
  reader.feed("\"}}]}\n\n");
  reader.feed(chat);
  CHECK(streams::described(reader.finish()) == streams::openai_chat().said + " event_too_long");
  for (const bool at_once : {true, false}) {
    const std::string long_event =
        "data: {\"choices\":[{\"delta\":{\"content\":\"" + std::string(2000, 'x') + "\"}}]}\n\n";
    const std::string bytes = chat.substr(0, chat.find("\n\n") + 2) + long_event + chat.substr(chat.find("\n\n") + 2);
    const Read cut =
        read(bytes, at_once ? std::vector<std::size_t>{} : framed::every_byte(bytes), End::finished, {1000});
    CHECK(cut.said == streams::openai_chat().said + " event_too_long");
    CHECK(cut.text == streams::openai_chat().text);
  }
}

TEST_CASE("a failure that the transport tells is the outcome, with what was counted until then", "[stream]") {
  const std::string begun = aws::event("messageStart", R"({"role":"assistant"})") +
                            aws::event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hi"}})");
  const auto failed = [&](std::string_view type) {
    return begun +
           aws::frame(aws::text_header(":message-type", "exception") + aws::text_header(":exception-type", type),
                      R"({"message":"no"})");
  };
  CHECK(read(failed("throttlingException")).said ==
        "partial rate_limited throttlingException stream_error usage_not_final");
  CHECK(read(failed("modelStreamErrorException")).said ==
        "partial error modelStreamErrorException stream_error usage_not_final");
}

TEST_CASE("behind a damaged frame nothing counts", "[stream]") {
  std::string bytes = streams::bedrock_converse().bytes;
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  CHECK(read(bytes).said == "partial body_malformed usage_not_final");
}

TEST_CASE("what a chunk wraps is an event, and what is no wrapped chunk is one itself", "[stream]") {
  const Stream chat = streams::openai_chat();
  CHECK(read(replaced(chat.bytes, "data: ", "event: chunk\ndata: ")).said == chat.said);
  CHECK(read(aws::event("chunk", R"({"p":{"x":[1]},"bytes":"e30"})")).said == "missing");
  CHECK(read(aws::event("chunk", R"({"bytes":"no base64!"})")).said == "missing body_malformed");
}

TEST_CASE("an error within a stream is its outcome", "[stream]") {
  const std::string start = streams::anthropic_messages().bytes;
  const Read cut = read(start.substr(0, start.find("event: content_block_stop")) +
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n");
  CHECK(cut.finality == ts::Finality::partial);
  CHECK(cut.said.find("error overloaded_error") != std::string::npos);
  CHECK(cut.said.find("stream_error") != std::string::npos);
}

TEST_CASE("a line of JSON is an event where it says so, and else a whole body", "[stream]") {
  CHECK(read(R"({"model":"m","embeddings":[[0.5]],"prompt_eval_count":8})").said ==
        "input 8 output 0 of m final success");
  CHECK(read(R"({"model":"m","response":"Hi","done":true,"eval_count":8})").said == "output 8 of m final success");
  const Read cohere = read(R"({"event_type":"stream-start","generation_id":"g"}
{"event_type":"text-generation","text":"Hi"}
{"event_type":"stream-end","finish_reason":"COMPLETE","response":{"meta":{"billed_units":{"input_tokens":5,"output_tokens":6}}}}
)");
  CHECK(cohere.said == "input 5 output 6 final success");
  CHECK(cohere.text == "Hi");
  const Read chunks = read(R"({"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"}}]}
{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}})");
  CHECK(chunks.said == "input 1 output 2 final success");
  CHECK(chunks.text == "Hi");
}

TEST_CASE("more lines than a whole body are calls that are not counted, which is said", "[stream]") {
  const std::string line = R"({"model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})";
  CHECK(read(line + "\n\n").said == "input 1 output 2 of m final success");
  CHECK(read(line + "\n" + line + "\n").said == "input 1 output 2 of m partial success body_malformed usage_not_final");
  CHECK(read(line + "\n" + line).said == "input 1 output 2 of m partial success body_malformed usage_not_final");
}

TEST_CASE("a body that came later is what counts, as where one asks until an answer is there", "[stream]") {
  ts::StreamReader reader;
  reader.feed(R"({"object":"response","status":"in_progress","model":"m","usage":null})");
  CHECK(streams::described(reader.finish()) == "of m missing pending");
  reader.feed(R"({"object":"response","status":"completed","model":"m","usage":{"input_tokens":1,"output_tokens":2}})");
  CHECK(streams::described(reader.finish()) == "input 1 output 2 of m final success");
}

TEST_CASE("the last word of a stream may have spaces behind it", "[stream]") {
  CHECK(read("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\ndata: [DONE] \n\n")
            .said == "input 1 output 2 final success");
}

TEST_CASE("a response that is sent again after the connection was lost counts once", "[stream]") {
  const Stream stream = streams::openai_responses();
  ts::StreamReader reader;
  reader.feed(std::string_view{stream.bytes}.substr(0, stream.bytes.size() / 2));
  CHECK(reader.finish().finality == ts::Finality::partial);
  reader.feed(std::string_view{stream.bytes}.substr(stream.bytes.find("event: response.output_text.delta")));
  CHECK(streams::described(reader.finish()) == stream.said);
  reader.feed(std::string_view{stream.bytes}.substr(stream.bytes.find("event: response.completed")));
  CHECK(streams::described(reader.finish()) == stream.said);
}

TEST_CASE("a listener that throws is not heard of again by the reader", "[stream]") {
  const Stream stream = streams::openai_chat();
  ts::StreamReader reader;
  reader.feed(stream.bytes, [](std::string_view) { throw 1; });
  CHECK(streams::described(reader.finish()) == stream.said);
}

TEST_CASE("a reader that is moved in the middle of an event goes on", "[stream]") {
  for (const Stream& stream : streams::all())
    for (const std::size_t cut : {stream.bytes.size() / 3, stream.bytes.size() / 2, stream.bytes.size() - 1}) {
      ts::StreamReader first;
      first.feed(std::string_view{stream.bytes}.substr(0, cut));
      ts::StreamReader second{std::move(first)};
      second.feed(std::string_view{stream.bytes}.substr(cut));
      ts::StreamReader third;
      third.feed("data: {\"old");
      third = std::move(second);
      INFO(stream.name);
      CHECK(streams::described(third.finish()) == stream.said);
    }
}
