// SPDX-License-Identifier: MIT
// A processor takes one way over the blocks of a long string or the other; here it takes both.
#include <tallyscope/detail/json_grammar.hpp>

#include "catch.hpp"

#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <tuple>

namespace detail = tallyscope::detail;

#if defined(__SSE2__)

namespace {

using Answer = std::tuple<std::ptrdiff_t, bool, bool, detail::JsonError, std::ptrdiff_t>;

/// Where the blocks end, or -1, whether there was an escape, whether the string ended, and what was wrong where.
template <class Past>
Answer answer_of(const Past& past, const std::string& text) {
  const auto copy = std::make_unique<char[]>(text.size());
  text.copy(copy.get(), text.size());
  const char *const begin = copy.get(), *const end = begin + text.size();
  bool escaped = false, ended = false;
  detail::JsonRefusal refusal;
  const char* const place = past(begin, end, escaped, ended, refusal);
  return {place == nullptr ? -1 : place - begin, escaped, ended, refusal.error,
          refusal.place == nullptr ? -1 : refusal.place - begin};
}

}  // namespace

TEST_CASE("blocks of 16 bytes and of 32 say the same of any string", "[json]") {
  if (!detail::looks_at_32_bytes()) return;
  std::mt19937 random{11};
  const std::string parts[] = {"plain text of some words ",
                               "\\n",
                               "\\\\",
                               "\\\"",
                               "\\u00e9",
                               "\\ud83d\\ude00",
                               "é",
                               "語",
                               "😀",
                               "\"",
                               "\n",
                               "\xFF",
                               "\xE8\xAA",
                               "\\x",
                               "\\u12",
                               std::string(70, 'a')};
  int ended = 0, refused = 0;
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string text;
    const std::size_t kinds = trial % 3 == 0 ? 9 : trial % 3 == 1 ? 10 : 16;
    for (std::size_t left = random() % 30; left > 0; --left) text += parts[random() % kinds];
    const Answer by_16 = answer_of(detail::past_json_blocks, text),
                 by_32 = answer_of(detail::past_json_blocks_by_32, text);
    REQUIRE(by_16 == by_32);
    ended += std::get<2>(by_16) ? 1 : 0;
    refused += std::get<0>(by_16) < 0 ? 1 : 0;
  }
  CHECK(ended > 1'000);
  CHECK(refused > 500);
}

#endif
