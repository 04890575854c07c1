// SPDX-License-Identifier: MIT
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#include "../../examples/llm_client/sse.hpp"
#include "recorded_bodies.hpp"

#include "catch.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

Events events_of(std::initializer_list<std::string_view> pieces) {
  llm::SseReader reader;
  Events events;
  for (const std::string_view piece : pieces)
    reader.feed(piece, [&](const llm::Event& event) {
      events.emplace_back(event.name, event.data);
      return true;
    });
  return events;
}

void check_every_cut(std::string_view stream, const Events& expected) {
  for (std::size_t cut = 0; cut <= stream.size(); ++cut)
    if (events_of({stream.substr(0, cut), stream.substr(cut)}) != expected) FAIL_CHECK("cut at byte " << cut);
}

}  // namespace

TEST_CASE("a stream cut in two at any byte gives the same events", "[llm_client]") {
  constexpr std::string_view stream =
      "\xEF\xBB\xBF"
      "data: one\n\n: a comment\r\n\r\nevent: greeting\r\ndata:two\r\ndata:  lines\r\n\r\nid: 7\rdata\r\r"
      "retry: 10\ndata: caf\xC3\xA9\n\n";
  check_every_cut(stream, {{"", "one"}, {"greeting", "two\n lines"}, {"", ""}, {"", "caf\xC3\xA9"}});
}

TEST_CASE("a recorded stream cut in two at any byte gives the same events", "[llm_client]") {
  const std::string stream = recorded::text("anthropic.sse");
  const Events whole = events_of({stream});
  CHECK(whole.size() > 10);
  CHECK(whole.front().first == "message_start");
  CHECK(whole.back() == std::pair<std::string, std::string>{"message_stop", R"({"type":"message_stop"})"});
  check_every_cut(stream, whole);
}

TEST_CASE("what a broken stream leaves unfinished is no event", "[llm_client]") {
  CHECK(events_of({"data: whole\n\ndata: torn\n"}) == Events{{"", "whole"}});
  CHECK(events_of({"data: torn"}).empty());
  CHECK(events_of({"event: nothing in it\n\n"}).empty());
}

TEST_CASE("a reader that is told to stop looks at no further event", "[llm_client]") {
  llm::SseReader reader;
  int seen = 0;
  CHECK_FALSE(reader.feed("data: 1\n\ndata: 2\n\ndata: 3\n\n", [&](const llm::Event&) { return ++seen < 2; }));
  CHECK(seen == 2);
}
