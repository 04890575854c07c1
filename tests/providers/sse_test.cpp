// SPDX-License-Identifier: MIT
#include <tallyscope/providers/detail/sse.hpp>

#include "catch.hpp"
#include "framed.hpp"

namespace {

using framed::Event;
using framed::Events;
using framed::Kind;
using tallyscope::detail::Sse;

Events events_of(std::string_view bytes) { return framed::events_of<Sse>(bytes); }

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t place = 0; (place = text.find(what, place)) != std::string::npos; place += by.size())
    text.replace(place, what.size(), by);
  return text;
}

constexpr std::string_view stream =
    ": a comment\n\ndata: {\"a\":1}\n\nevent: named\ndata:two\ndata: lines\n\n\n:\n\n"
    "id: 7\nretry: 100\nunknown: x\ndata:  a space stays\n\ndata\ndata:\ndata: x:y\n\ndata: [DONE]\n\n";
const Events stream_events{
    {"", "{\"a\":1}"}, {"named", "two\nlines"}, {"", " a space stays"}, {"", "\n\nx:y"}, {"", "[DONE]"}};

}  // namespace

TEST_CASE("an event is the data of its lines, under the name that it was given", "[sse]") {
  CHECK(events_of("data: one\n\n") == Events{{"", "one"}});
  CHECK(events_of(stream) == stream_events);
}

TEST_CASE("lines end in LF, CR or CRLF, also mixed", "[sse]") {
  CHECK(events_of(replaced(std::string{stream}, "\n", "\r\n")) == stream_events);
  CHECK(events_of(replaced(std::string{stream}, "\n", "\r")) == stream_events);
  CHECK(events_of("data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r") == Events{{"", "a\nb\nc"}, {"", "d"}});
}

TEST_CASE("events are the same whatever the pieces", "[sse]") {
  for (const std::string_view end : {"\n", "\r\n", "\r"}) {
    const std::string bytes = replaced(std::string{stream}, "\n", end);
    CHECK(framed::events_of<Sse>(bytes, framed::every_byte(bytes)) == stream_events);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) CHECK(framed::events_of<Sse>(bytes, {cut}) == stream_events);
    constexpr std::uint64_t seed = 20260305;
    std::mt19937_64 random{seed};
    INFO("seed " << seed);
    for (int round = 0; round < 1000; ++round)
      REQUIRE(framed::events_of<Sse>(bytes, framed::random_cuts(bytes, random)) == stream_events);
  }
}

TEST_CASE("an event without data is none, and its name is not the next one's", "[sse]") {
  CHECK(events_of("event: lost\n\ndata: x\n\n") == Events{{"", "x"}});
  CHECK(events_of("data\n\ndata:\n\ndata: \n\n").empty());
}

TEST_CASE("the last name of an event counts, and names that are like a field's are not it", "[sse]") {
  CHECK(events_of("event: a\nevent: b\ndata: x\n\n") == Events{{"b", "x"}});
  CHECK(events_of("event: a\nevent\ndata: x\n\n") == Events{{"", "x"}});
  CHECK(events_of("dat: a\ndatas: b\n data: c\nData: d\ndata : e\ndatadatadata: f\n\n").empty());
}

TEST_CASE("an event that was cut off has not happened, and can be asked for", "[sse]") {
  Sse sse{100};
  Events events;
  sse.feed("event: e\ndata: a\n", framed::into(events));
  CHECK(events.empty());
  CHECK(sse.pending().data == "a");
  CHECK(sse.pending().type == "e");
  sse.feed("data: b", framed::into(events));
  CHECK(sse.pending().data == "a\nb");
  sse.feed("\n\n", framed::into(events));
  CHECK(events == Events{{"e", "a\nb"}});
  CHECK(sse.pending().data.empty());
}

TEST_CASE("an event beyond the limit is left out and said, and the next one is read", "[sse]") {
  const std::string most(64, 'x'), more(65, 'x');
  const Events expected{{"", most}, {"", "", Kind::too_long}, {"", "", Kind::too_long}, {"", "next"}};
  const std::string bytes = "data: " + most + "\n\ndata: " + more + "\n\ndata: " + most + "\ndata\n\ndata: next\n\n";
  CHECK(framed::events_of<Sse>(bytes, {}, 64) == expected);
  CHECK(framed::events_of<Sse>(bytes, framed::every_byte(bytes), 64) == expected);
}

TEST_CASE("a name beyond any that is known is cut, and a line without a colon is no field", "[sse]") {
  const std::string name(100'000, 'n');
  CHECK(events_of("event: " + name + "\n" + name + "\ndata: x\n\n") == Events{{name.substr(0, 64), "x"}});
}

TEST_CASE("an event that lies whole in a piece is not copied", "[sse]") {
  constexpr std::string_view bytes = "data: abc\n\n";
  Sse sse{100};
  const char* seen = nullptr;
  sse.feed(bytes, [&](const tallyscope::detail::StreamEvent& event) { seen = event.data.data(); });
  CHECK(seen == bytes.data() + 6);
}

TEST_CASE("a million empty lines take no longer than their bytes", "[sse]") {
  // With a search for the other line end from each line on this would take hours.
  std::string bytes(4'000'000, '\r');
  CHECK(events_of(bytes).empty());
  CHECK(events_of(std::string(4'000'000, '\n') + "\r").empty());
}
