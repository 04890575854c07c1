// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/messages.hpp>

#include <tallyscope/estimators/char_ratio.hpp>
#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/request_estimate.hpp>

#include "catch.hpp"

#include <array>
#include <limits>
#include <string>
#include <vector>

namespace ts = tallyscope;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

struct Bytes {
  std::uint64_t count(std::string_view text) const { return text.size(); }
};

/// Takes a text for the numbers in it: "14" and "10:4" have 14 tokens. So a published example is told by the tokens of
/// its texts alone, which no vocabulary is needed for.
struct Numbers {
  std::uint64_t count(std::string_view text) const {
    std::uint64_t sum = 0, number = 0;
    for (const char byte : text) {
      const bool digit = byte >= '0' && byte <= '9';
      number = digit ? number * 10 + static_cast<std::uint64_t>(byte - '0') : 0;
      sum += digit ? number - number / 10 : 0;
    }
    return sum;
  }
};

/// Remembers what it is asked.
struct Listener {
  std::vector<std::string> heard{};
  int count(std::string_view text) {
    heard.emplace_back(text);
    return 1;
  }
};

struct Constant {
  std::uint64_t tokens = 0;
  std::uint64_t count(std::string_view) const { return tokens; }
};

using Texts = std::vector<std::string>;

}  // namespace

// What a tokenizer is to find for these very texts, for a test that has one (tiktoken's vocabularies):
//   profile  encoding     messages                                                                  tokens
//   mamba    cl100k_base  user "Hello", assistant "Hi there!"                                       17
//   mamba    o200k_base   the same                                                                  17
//   openai   cl100k_base  the same                                                                  15
//   lesson   o200k_base   the same                                                                  15
//   openai   both         none                                                                      3

TEST_CASE("OpenAI: the chat of the cookbook has the tokens that the API counted", "[messages]") {
  // The tokens of its six contents; a role has 1, "example_user" 2, "example_assistant" 3.
  struct Example {
    std::array<std::string_view, 6> contents;
    std::uint64_t tokens;
  };
  constexpr Example examples[] = {{{"18", "10", "8", "18", "15", "19"}, 129},   // gpt-4, gpt-3.5-turbo: cl100k_base
                                  {{"17", "10", "8", "17", "13", "18"}, 124}};  // gpt-4o, gpt-4o-mini: o200k_base
  for (const auto& [contents, tokens] : examples) {
    const std::vector<ts::Message> chat{{"1", contents[0], "", {}},  {"1", contents[1], "2", {}},
                                        {"1", contents[2], "3", {}}, {"1", contents[3], "2", {}},
                                        {"1", contents[4], "3", {}}, {"1", contents[5], "", {}}};
    CHECK(ts::count_messages(Numbers{}, chat, ts::openai_messages) == tokens);
  }
}

TEST_CASE("OpenAI, March 2023: a name takes the place of the role", "[messages]") {
  CHECK(ts::count_messages(Numbers{}, {{.role = "1", .content = "7"}}, ts::openai_messages_0301) == 3 + 4 + 1 + 7);
  CHECK(ts::count_messages(Numbers{}, {{.role = "1", .content = "7", .name = "2"}}, ts::openai_messages_0301) ==
        3 + 4 + 1 + 7 + 2 - 1);
}

TEST_CASE("mamba: 4 a message, 10 a tool call, 3 at the end", "[messages]") {
  CHECK(ts::count_messages(Numbers{}, {}, ts::mamba_messages) == 3);
  // "Hello", "Hi there!" in cl100k_base, and the names of their roles
  CHECK(ts::count_messages(Numbers{}, {{.role = "1", .content = "1"}, {.role = "1", .content = "3"}},
                           ts::mamba_messages) == 17);
  const std::array calls{ts::ToolCall{"2", "5"}, ts::ToolCall{"3", ""}};
  CHECK(ts::count_messages(Numbers{}, {{.role = "1", .name = "9", .tool_calls = calls}}, ts::mamba_messages) ==
        3 + 4 + 1 + (10 + 2 + 5) + (10 + 3));
}

TEST_CASE("lesson: the contents, 4 a message and 3 at the end", "[messages]") {
  const std::array calls{ts::ToolCall{"2", "5"}};
  CHECK(ts::count_messages(Numbers{}, {}, ts::lesson_messages) == 3);
  CHECK(ts::count_messages(Numbers{}, {{"1", "6", "", {}}, {"1", "6", "2", calls}}, ts::lesson_messages) == 23);
}

TEST_CASE("what is empty is not asked for", "[messages]") {
  Listener listener;
  const std::array calls{ts::ToolCall{"search", ""}};
  const std::vector<ts::Message> chat{{"", "", "", {}}, {"user", "", "", calls}};
  CHECK(ts::count_messages(listener, chat, ts::openai_messages) == 3 + 3 + 3 + 1 + 1);
  CHECK(listener.heard == Texts{"user", "search"});
}

TEST_CASE("a chat counted message by message is primed each time", "[messages]") {
  const ts::Message hello{.role = "1", .content = "1"}, hi{.role = "1", .content = "3"};
  const auto each = ts::count_messages(Numbers{}, {hello}, ts::mamba_messages) +
                    ts::count_messages(Numbers{}, {hi}, ts::mamba_messages);
  CHECK(each == ts::count_messages(Numbers{}, {hello, hi}, ts::mamba_messages) + 3);
}

TEST_CASE("no number of tokens is too large, and none is below zero", "[messages]") {
  const std::vector<ts::Message> chat{{"r", "c", "n", {}}, {"r", "c", "n", {}}};
  CHECK(ts::count_messages(Constant{most}, chat, ts::openai_messages) == most);
  CHECK(ts::count_messages(Constant{most}, chat, ts::openai_messages_0301) == most);
  CHECK(ts::count_messages(Constant{most / 4}, chat, ts::openai_messages) == most);
  constexpr ts::MessageProfile less{.per_message = std::numeric_limits<std::int32_t>::min()};
  CHECK(ts::count_messages(Bytes{}, chat, less) == 0);
  struct Wrong {
    int count(std::string_view) const { return -5; }
  };
  CHECK(ts::count_messages(Wrong{}, chat, ts::mamba_messages) == 3 + 4 + 4);
}

TEST_CASE("more text is never fewer tokens", "[messages]") {
  for (const auto& profile : {ts::openai_messages, ts::openai_messages_0301, ts::mamba_messages, ts::lesson_messages}) {
    std::vector<ts::Message> chat;
    std::uint64_t before = ts::count_messages(Bytes{}, chat, profile);
    CHECK(before == 3);
    for (const std::string_view content : {"", "a", "more of it"}) {
      chat.push_back({.role = "user", .content = content, .name = "me"});
      const auto now = ts::count_messages(Bytes{}, chat, profile);
      CHECK(now > before);
      before = now;
    }
  }
}

TEST_CASE("OpenAI: the tool of the cookbook has the tokens that the API counted", "[messages]") {
  // As above, its texts told by their tokens: two messages of 14 and 9 (8) in roles of 1, a line of 11 for the tool,
  // and of 14 and 8 for its properties, the second of which may be one of two words of 2.
  constexpr std::array<std::string_view, 2> units{"2", "2"};
  const std::array properties{ts::ToolProperty{.name = "14"}, ts::ToolProperty{.name = "8", .choices = units}};
  const std::array tools{ts::ToolDefinition{.name = "11", .properties = properties}};
  const std::vector<ts::Message> chat_4{{"1", "14", "", {}}, {"1", "9", "", {}}};
  const std::vector<ts::Message> chat_4o{{"1", "14", "", {}}, {"1", "8", "", {}}};
  CHECK(ts::count_messages(Numbers{}, chat_4, ts::openai_messages) +
            ts::count_tools(Numbers{}, tools, ts::gpt_4_tools) ==
        105);
  CHECK(ts::count_messages(Numbers{}, chat_4o, ts::openai_messages) +
            ts::count_tools(Numbers{}, tools, ts::gpt_4o_tools) ==
        101);
}

TEST_CASE("a tool is counted in lines, without a full stop at their end", "[messages]") {
  Listener listener;
  constexpr std::array<std::string_view, 2> choices{"up", "down."};
  const std::array properties{ts::ToolProperty{"way", "string", "Where to.", choices},
                              ts::ToolProperty{.name = "steps", .type = "integer"}};
  ts::count_tools(listener, {{"go", "Goes there..", properties}, {"stop", ".", {}}}, ts::gpt_4o_tools);
  CHECK(listener.heard == Texts{"go:Goes there.", "up", "down.", "way:string:Where to", "steps:integer:", "stop:"});
}

TEST_CASE("no tools are no tokens, and a tool without properties has none of theirs", "[messages]") {
  CHECK(ts::count_tools(Numbers{}, {}, ts::gpt_4o_tools) == 0);
  CHECK(ts::count_tools(Numbers{}, {{.name = "5"}}, ts::gpt_4o_tools) == 12 + 7 + 5);
  CHECK(ts::count_tools(Numbers{}, {{.name = "5"}, {.name = "6"}}, ts::gpt_4_tools) == 12 + 10 + 5 + 10 + 6);
  CHECK(ts::count_tools(Constant{most}, {{.name = "5"}}, ts::gpt_4_tools) == most);
}

TEST_CASE("a model has the profile that is published for it, or none", "[messages]") {
  for (const std::string_view model : {"gpt-4o", "gpt-4o-mini-2024-07-18", "openai/gpt-4o", "ft:gpt-4o:acme::x1"}) {
    CHECK(ts::message_profile_of(model) == ts::openai_messages);
    CHECK(ts::tool_profile_of(model) == ts::gpt_4o_tools);
  }
  for (const std::string_view model : {"gpt-4", "gpt-4-32k-0613", "gpt-3.5-turbo-0125", "gpt-35-turbo"}) {
    CHECK(ts::message_profile_of(model) == ts::openai_messages);
    CHECK(ts::tool_profile_of(model) == ts::gpt_4_tools);
  }
  CHECK(ts::message_profile_of("gpt-3.5-turbo-0301") == ts::openai_messages_0301);
  CHECK_FALSE(ts::tool_profile_of("gpt-3.5-turbo-0301"));
  for (const std::string_view model : {"", "gpt-4.1", "gpt-5", "o3", "claude-sonnet-4-5"}) {
    CHECK_FALSE(ts::message_profile_of(model));
    CHECK_FALSE(ts::tool_profile_of(model));
  }
}

TEST_CASE("a margin is rounded down, and no number is too large for it", "[messages]") {
  static_assert(ts::with_margin(100, 5) == 105);
  CHECK(ts::with_margin(0, 50) == 0);
  CHECK(ts::with_margin(17, 5) == 17);
  CHECK(ts::with_margin(19, 5) == 19);
  CHECK(ts::with_margin(20, 5) == 21);
  CHECK(ts::with_margin(199, 50) == 298);
  CHECK(ts::with_margin(7, 250) == 24);
  CHECK(ts::with_margin(most, 0) == most);
  CHECK(ts::with_margin(most, 1) == most);
  CHECK(ts::with_margin(most / 2, 100) == most - 1);
  CHECK(ts::with_margin(most / 2 + 1, 100) == most);
  CHECK(ts::with_margin(most, std::numeric_limits<std::uint32_t>::max()) == most);
  for (std::uint64_t tokens = 0; tokens < 2000; ++tokens)
    for (const std::uint32_t percent : {0u, 1u, 5u, 33u, 100u, 1234u})
      REQUIRE(ts::with_margin(tokens, percent) == tokens + tokens * percent / 100);
}

TEST_CASE("a context has room for what it can hold with its margin", "[messages]") {
  CHECK(ts::fits_context(100, 100));
  CHECK_FALSE(ts::fits_context(101, 100));
  CHECK(ts::fits_context(100, 105, 5));
  CHECK_FALSE(ts::fits_context(100, 104, 5));
  CHECK(ts::fits_context(0, 0, 50));
  CHECK_FALSE(ts::fits_context(most, most));         // it may stand for more
  CHECK_FALSE(ts::fits_context(most - 1, most, 5));  // more than a number holds is more than any limit
}

TEST_CASE("an estimator counts too, each text by itself", "[messages]") {
  const ts::EstimatorCounter counter{ts::CharRatio{}.for_model("gpt-4.1")};
  CHECK(counter.count("") == 0);
  CHECK(counter.count("1234567") == 2);
  CHECK(counter.count("1234567") == 2);
  CHECK(ts::count_messages(counter, {{.role = "user", .content = "1234567"}}, ts::openai_messages) == 3 + 3 + 1 + 2);
}

TEST_CASE("a counted chat costs what a call with so many tokens costs", "[messages]") {
  const ts::CountedTokens counted{
      ts::count_messages(Numbers{}, {{.role = "1", .content = "993"}}, ts::openai_messages)};
  const auto estimate = ts::estimate_request(ts::PriceBook{}, counted, ts::SystemClock{},
                                             {.provider = "openai", .model = "gpt-4.1"}, {}, 500);
  CHECK(estimate.estimated_input_tokens == 1000);
  CHECK(estimate.estimated_output_tokens == 500);
  REQUIRE(estimate.estimated_total_cost);
  CHECK(estimate.estimated_input_cost->usd(6) == "$0.002000");
  CHECK(estimate.estimated_output_cost->usd(6) == "$0.004000");
  CHECK(estimate.estimated_total_cost->usd(6) == "$0.006000");
  CHECK_FALSE(estimate.exact);
}

TEST_CASE("counted tokens stay what they are, and are known however many there are", "[messages]") {
  ts::CountedTokens counted{42, 0.1f};
  counted.feed("more");
  CHECK(counted.for_model("gpt-4o").tokens().tokens == 42);
  CHECK(counted.tokens().relative_error == 0.1f);
  CHECK(ts::CountedTokens{most}.tokens().tokens == std::numeric_limits<std::int64_t>::max());
}
