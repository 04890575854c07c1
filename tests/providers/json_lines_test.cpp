// SPDX-License-Identifier: MIT
#include <tallyscope/providers/detail/json_lines.hpp>

#include "catch.hpp"
#include "framed.hpp"

namespace {

using framed::Events;
using framed::Kind;
using tallyscope::detail::JsonLines;

}  // namespace

TEST_CASE("each line is an event, the first also may be the body", "[json_lines]") {
  constexpr std::string_view bytes = "{\"a\":1}\r\n\n{\"b\":\"x y\"} \n  \t\r\n[3]\n{\"cut\":";
  const Events expected{{"", "{\"a\":1}\r", Kind::body}, {"", "{\"b\":\"x y\"} "}, {"", "[3]"}};
  CHECK(framed::events_of<JsonLines>(bytes) == expected);
  CHECK(framed::events_of<JsonLines>(bytes, framed::every_byte(bytes)) == expected);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) CHECK(framed::events_of<JsonLines>(bytes, {cut}) == expected);
}

TEST_CASE("blank lines before the first value do not count", "[json_lines]") {
  CHECK(framed::events_of<JsonLines>("\n \r\n{}\n{}\n") == Events{{"", "{}", Kind::body}, {"", "{}"}});
}

TEST_CASE("what has no newline yet is pending", "[json_lines]") {
  JsonLines lines{100};
  Events events;
  lines.feed("{\"a\":1", framed::into(events));
  CHECK(lines.pending().data == "{\"a\":1");
  CHECK(lines.pending().kind == Kind::body);
  lines.feed("}\n{\"b\"", framed::into(events));
  CHECK(lines.pending().data == "{\"b\"");
  CHECK(lines.pending().kind == Kind::event);
}

TEST_CASE("lines of which the first is no value are one body", "[json_lines]") {
  constexpr std::string_view body = "{\n  \"error\": {\n    \"code\": 429\n  }\n}\n";
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    JsonLines lines{100};
    Events events;
    framed::feed_pieces(body, {cut}, [&](std::string_view piece) { lines.feed(piece, framed::into(events)); });
    CHECK(events.empty());
    CHECK(lines.pending().data == body);
    CHECK(lines.pending().kind == Kind::body);
  }
}

TEST_CASE("a line beyond the limit is left out and said, and so is a body", "[json_lines]") {
  const std::string bytes = "{}\n\"" + std::string(40, 'x') + "\"\n{}\n";
  const Events expected{{"", "{}", Kind::body}, {"", "", Kind::too_long}, {"", "{}"}};
  CHECK(framed::events_of<JsonLines>(bytes, {}, 40) == expected);
  CHECK(framed::events_of<JsonLines>(bytes, framed::every_byte(bytes), 40) == expected);
  JsonLines lines{40};
  Events events;
  lines.feed("{\n\"" + std::string(40, 'x') + "\"\n}\n", framed::into(events));
  CHECK(events.empty());
  CHECK(lines.pending().kind == Kind::too_long);
}
