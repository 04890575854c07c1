// SPDX-License-Identifier: MIT
// Needs: <zlib.h> -lz zlib1g-dev
#include <tallyscope/providers/detail/event_stream.hpp>

#include "aws_frame.hpp"
#include "catch.hpp"
#include "framed.hpp"

namespace {

using framed::Event;
using framed::Events;
using framed::Kind;
using tallyscope::detail::EventStream;

const Event broken{"", "", Kind::broken};

}  // namespace

TEST_CASE("the checksum is that of zlib for any length and place", "[event_stream]") {
  std::mt19937_64 random{7};
  std::string bytes(300, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  for (std::size_t begin = 0; begin < 9; ++begin)
    for (std::size_t size = 0; size + begin <= bytes.size(); ++size) {
      const std::string_view part = std::string_view{bytes}.substr(begin, size);
      REQUIRE(tallyscope::detail::crc32(part) == aws::checksum(part));
    }
}

TEST_CASE("a frame is an event with the type of its headers", "[event_stream]") {
  const std::string bytes = aws::event("messageStart", "{\"role\":\"assistant\"}") + aws::event("metadata", "{}");
  const Events expected{{"messageStart", "{\"role\":\"assistant\"}"}, {"metadata", "{}"}};
  CHECK(framed::events_of<EventStream>(bytes) == expected);
  CHECK(framed::events_of<EventStream>(bytes, framed::every_byte(bytes)) == expected);
  constexpr std::uint64_t seed = 20260307;
  std::mt19937_64 random{seed};
  INFO("seed " << seed);
  for (int round = 0; round < 1000; ++round)
    REQUIRE(framed::events_of<EventStream>(bytes, framed::random_cuts(bytes, random)) == expected);
}

TEST_CASE("headers of every type are passed over, whatever their order", "[event_stream]") {
  using namespace std::string_literals;
  const std::string headers = aws::header("t", 0, "") + aws::header("f", 1, "") + aws::header("byte", 2, "x") +
                              aws::header("short", 3, "xx") + aws::header("int", 4, "xxxx") +
                              aws::header("long", 5, "xxxxxxxx") + aws::header("bytes", 6, "\0\3abc"s) +
                              aws::header("time", 8, "xxxxxxxx") + aws::header("uuid", 9, "xxxxxxxxxxxxxxxx") +
                              aws::text_header(":event-type", "chunk") + aws::text_header(":message-type", "event");
  CHECK(framed::events_of<EventStream>(aws::frame(headers, "{}")) == Events{{"chunk", "{}"}});
}

TEST_CASE("headers that end too soon or have an unknown type are read as far as they go", "[event_stream]") {
  using namespace std::string_literals;
  const std::string type = aws::text_header(":event-type", "chunk");
  for (const std::string& rest : {"\x10"s, "\x01x"s, "\x01x\x07\xFF"s, "\x01x\x07\xFF\xFFyy"s, "\x01x\x0Azzzz"s,
                                  "\x00\x00\x00"s, "\xFF\xFF\xFF"s})
    CHECK(framed::events_of<EventStream>(aws::frame(type + rest, "{}")) == Events{{"chunk", "{}"}});
}

TEST_CASE("an exception or an error is a failure under its own name", "[event_stream]") {
  const std::string exception =
      aws::text_header(":message-type", "exception") + aws::text_header(":exception-type", "throttlingException");
  const std::string error =
      aws::text_header(":message-type", "error") + aws::text_header(":error-code", "InternalFault");
  CHECK(framed::events_of<EventStream>(aws::frame(exception, "{\"message\":\"slow\"}") + aws::frame(error, "")) ==
        Events{{"throttlingException", "{\"message\":\"slow\"}", Kind::failure}, {"InternalFault", "", Kind::failure}});
}

TEST_CASE("a flipped bit is found, and nothing behind it is read", "[event_stream]") {
  const std::string first = aws::event("messageStart", "{}"), second = aws::event("metadata", "{\"usage\":{}}");
  const std::string sound = first + second;
  for (std::size_t bit = 0; bit < 8 * sound.size(); ++bit) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    const Events events = framed::events_of<EventStream>(bytes);
    const Events expected = bit / 8 < first.size() ? Events{broken} : Events{{"messageStart", "{}"}, broken};
    REQUIRE(events == expected);
  }
}

TEST_CASE("sizes that cannot be are found, whatever their checksum says", "[event_stream]") {
  for (const auto& [size, headers] :
       {std::pair{0u, 0u}, {15u, 0u}, {16u, 1u}, {20u, 5u}, {4'000'000'000u, 3'999'999'999u}, {100u, 4'294'967'295u}})
    CHECK(framed::events_of<EventStream>(aws::prelude(size, headers) + std::string(200, 'x')) == Events{broken});
}

TEST_CASE("a frame beyond the limit is left out and said, and the next one is read", "[event_stream]") {
  const std::string bytes =
      aws::event("a", std::string(40, 'x')) + aws::event("b", std::string(41, 'x')) + aws::event("c", "{}");
  const Events expected{{"a", std::string(40, 'x')}, {"", "", Kind::too_long}, {"c", "{}"}};
  CHECK(framed::events_of<EventStream>(bytes, {}, 40) == expected);
  CHECK(framed::events_of<EventStream>(bytes, framed::every_byte(bytes), 40) == expected);
}

TEST_CASE("a frame of 4 GB needs no memory", "[event_stream]") {
  const std::string bytes = aws::prelude(4'294'967'295u, 10) + std::string(1000, 'x');
  CHECK(framed::events_of<EventStream>(bytes) == Events{{"", "", Kind::too_long}});
}

TEST_CASE("a frame that was cut off is nothing", "[event_stream]") {
  const std::string bytes = aws::event("metadata", "{\"usage\":{}}");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(framed::events_of<EventStream>(bytes.substr(0, size)).empty());
}
