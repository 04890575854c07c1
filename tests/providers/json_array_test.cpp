// SPDX-License-Identifier: MIT
#include <tallyscope/providers/detail/json_array.hpp>

#include "catch.hpp"
#include "framed.hpp"

namespace {

using framed::Events;
using framed::Kind;
using tallyscope::detail::JsonArray;

}  // namespace

TEST_CASE("each object of an array is an event", "[json_array]") {
  CHECK(framed::events_of<JsonArray>("[{\"a\":1},{\"b\":[{}]}]") == Events{{"", "{\"a\":1}"}, {"", "{\"b\":[{}]}"}});
  CHECK(framed::events_of<JsonArray>("[]") == Events{});
}

TEST_CASE("objects are the same however they are printed and cut", "[json_array]") {
  const std::string one = R"({ "text": "brackets ]}[{ and \"quotes\" and \\", "n": [1, {"x": "]"}] })";
  const std::string two = "{\n  \"text\": \"\\\\\\\"\xE2\x82\xAC\"\n}";
  const std::string bytes = "[" + one + "\n,\r\n" + two + "\n]\n";
  const Events expected{{"", one}, {"", two}};
  CHECK(framed::events_of<JsonArray>(bytes) == expected);
  CHECK(framed::events_of<JsonArray>(bytes, framed::every_byte(bytes)) == expected);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) CHECK(framed::events_of<JsonArray>(bytes, {cut}) == expected);
  constexpr std::uint64_t seed = 20260306;
  std::mt19937_64 random{seed};
  INFO("seed " << seed);
  for (int round = 0; round < 1000; ++round)
    REQUIRE(framed::events_of<JsonArray>(bytes, framed::random_cuts(bytes, random)) == expected);
}

TEST_CASE("what stands between objects is passed over, brackets in strings too", "[json_array]") {
  CHECK(framed::events_of<JsonArray>("[1, \"{[\", null, {} ,\"\\\"}\"]") == Events{{"", "{}"}});
  CHECK(framed::events_of<JsonArray>("]}{").empty());
}

TEST_CASE("an object that was cut off is nothing", "[json_array]") {
  CHECK(framed::events_of<JsonArray>("[{\"a\":1},{\"b\":") == Events{{"", "{\"a\":1}"}});
}

TEST_CASE("an object beyond the limit is left out and said, and the next one is read", "[json_array]") {
  const std::string most = "{\"" + std::string(36, 'x') + "\"}";
  const std::string bytes = "[" + most + ",{\"y" + most + "\"},{}]";
  const Events expected{{"", most}, {"", "", Kind::too_long}, {"", "{}"}};
  CHECK(framed::events_of<JsonArray>(bytes, {}, 40) == expected);
  CHECK(framed::events_of<JsonArray>(bytes, framed::every_byte(bytes), 40) == expected);
}

TEST_CASE("brackets beyond any depth are counted only", "[json_array]") {
  CHECK(framed::events_of<JsonArray>(std::string(200'000, '[')).empty());
}
