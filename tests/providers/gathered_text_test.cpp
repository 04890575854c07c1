// SPDX-License-Identifier: MIT
#include <tallyscope/providers/detail/gathered_text.hpp>

#include "catch.hpp"

#include <string>
#include <string_view>
#include <utility>

using tallyscope::detail::GatheredText;

TEST_CASE("pieces that lie side by side are viewed, others are copied", "[gathered_text]") {
  const std::string bytes = "one two three";
  const std::string_view text = bytes;
  GatheredText gathered{100};
  gathered.add(text.substr(0, 4));
  gathered.add(text.substr(4, 4));
  CHECK(gathered.view() == "one two ");
  CHECK(gathered.view().data() == bytes.data());
  gathered.add("3");
  CHECK(gathered.view() == "one two 3");
  CHECK(gathered.view().data() != bytes.data());
}

TEST_CASE("a text that is kept outlasts its bytes", "[gathered_text]") {
  GatheredText gathered{10'000};
  std::string expected;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    const std::string piece(333, letter);
    gathered.add(piece);
    gathered.keep();
    expected += piece;
  }
  CHECK(gathered.view() == expected);
  GatheredText moved{std::move(gathered)};
  CHECK(moved.view() == expected);
}

TEST_CASE("a text beyond its limit is gone until it is cleared", "[gathered_text]") {
  GatheredText gathered{3};
  gathered.add("abc");
  gathered.keep();
  CHECK_FALSE(gathered.overflowed());
  gathered.add("d");
  CHECK(gathered.overflowed());
  gathered.add("e");
  CHECK(gathered.view().empty());
  gathered.clear();
  gathered.add("xyz");
  CHECK(gathered.view() == "xyz");
  CHECK_FALSE(gathered.overflowed());
}
