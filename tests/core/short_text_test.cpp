// SPDX-License-Identifier: MIT
#include <tallyscope/short_text.hpp>

#include "catch.hpp"

#include <string>
#include <string_view>

namespace ts = tallyscope;

TEST_CASE("a short text outlives what it was made of", "[short_text]") {
  ts::ShortText<16> text;
  CHECK(text.empty());
  {
    const std::string model = "gpt-4.1";
    text = model;
  }
  CHECK(text == "gpt-4.1");
  const ts::ShortText<16> copy = text;
  text = "other";
  CHECK(copy == "gpt-4.1");
  CHECK_FALSE(copy == text);
}

TEST_CASE("a text beyond the limit is cut between characters, and one that is not UTF-8 repaired", "[short_text]") {
  ts::Diagnostics diagnostics;
  ts::ShortText<4> text;
  text.assign("abc\u00e9", diagnostics);
  CHECK(text == "abc");
  CHECK(diagnostics.has(ts::Diagnostic::text_cut));
  text.assign("a\xff", diagnostics);
  CHECK(text == "a\uFFFD");
  CHECK(diagnostics.has(ts::Diagnostic::text_repaired));
  text.assign("\u00e9\u00e9", diagnostics);
  CHECK(text == "\u00e9\u00e9");
}
