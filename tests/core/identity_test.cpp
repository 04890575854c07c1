// SPDX-License-Identifier: MIT
#include <tallyscope/identity.hpp>

#include "catch.hpp"

#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

namespace ts = tallyscope;

namespace {

constexpr ts::Operation constants[] = {
    ts::Operation::chat,       ts::Operation::text_completion, ts::Operation::generate_content,
    ts::Operation::embeddings, ts::Operation::rerank,          ts::Operation::execute_tool,
    ts::Operation::get_prompt, ts::Operation::read_resource,   ts::Operation::invoke_agent,
};

struct TakesRawUser {
  TakesRawUser(ts::RawUser) {}
};

template <class Target, class Text>
concept from_double_braces = requires(Text text) {
  Target{{text}};
};

}  // namespace

TEST_CASE("an operation reads as OpenTelemetry writes it", "[identity]") {
  CHECK(ts::Operation{}.text() == "chat");
  CHECK(ts::Operation::chat.text() == "chat");
  CHECK(ts::Operation::text_completion.text() == "text_completion");
  CHECK(ts::Operation::generate_content.text() == "generate_content");
  CHECK(ts::Operation::embeddings.text() == "embeddings");
  CHECK(ts::Operation::rerank.text() == "rerank");
  CHECK(ts::Operation::execute_tool.text() == "execute_tool");
  CHECK(ts::Operation::get_prompt.text() == "get_prompt");
  CHECK(ts::Operation::read_resource.text() == "read_resource");
  CHECK(ts::Operation::invoke_agent.text() == "invoke_agent");
}

TEST_CASE("only the five operations that call a model are missed when they bring no usage", "[identity]") {
  for (std::size_t place = 0; place < std::size(constants); ++place) {
    INFO(constants[place].text());
    CHECK(constants[place].is_model_call() == (place < 5));
    CHECK(constants[place].is_constant());
    // Said as a text it is the same operation.
    CHECK(ts::Operation{constants[place].text()}.is_model_call() == (place < 5));
  }
  for (const char* text : {"", "Chat", "chat ", "chats", "cha", "transcribe"})
    CHECK_FALSE(ts::Operation{text}.is_model_call());
}

TEST_CASE("an operation's type is mcpstat's word for it, else its own text", "[identity]") {
  CHECK(ts::Operation::execute_tool.type() == "tool");
  CHECK(ts::Operation::get_prompt.type() == "prompt");
  CHECK(ts::Operation::read_resource.type() == "resource");
  CHECK(ts::Operation::invoke_agent.type() == "invoke_agent");
  CHECK(ts::Operation::chat.type() == "chat");
  CHECK(ts::Operation{"execute_tool"}.type() == "tool");
  CHECK(ts::Operation{"transcribe"}.type() == "transcribe");
  CHECK(ts::Operation{""}.type().empty());
}

TEST_CASE("an interned operation outlives the text it was said with", "[identity]") {
  for (const ts::Operation& constant : constants) {
    auto text = std::string{constant.text()};
    const ts::Operation interned = ts::Operation{std::string_view{text}}.interned();
    CHECK(interned.is_constant());
    CHECK(interned.text().data() != text.data());
    text.assign(text.size(), '?');
    CHECK(interned == constant);
  }
}

TEST_CASE("an operation of the host's own stays borrowed when interned", "[identity]") {
  const std::string text = "transcribe";
  const ts::Operation interned = ts::Operation{std::string_view{text}}.interned();
  CHECK_FALSE(interned.is_constant());
  CHECK(interned.text().data() == text.data());
  CHECK_FALSE(ts::Operation{""}.interned().is_constant());
}

TEST_CASE("operations are equal when they read the same, whoever said them", "[identity]") {
  for (std::size_t a = 0; a < std::size(constants); ++a)
    for (std::size_t b = 0; b < std::size(constants); ++b) {
      CHECK((constants[a] == constants[b]) == (a == b));
      CHECK((ts::Operation{constants[a].text()} == constants[b]) == (a == b));
    }
}

TEST_CASE("a user is nobody, a raw id or a pseudonym", "[identity]") {
  const ts::UserId nobody;
  CHECK(nobody.empty());
  CHECK_FALSE(nobody.is_pseudonym());
  CHECK(nobody.raw().empty());

  const ts::UserId raw = ts::RawUser{"alice"};
  CHECK_FALSE(raw.empty());
  CHECK_FALSE(raw.is_pseudonym());
  CHECK(raw.raw() == "alice");

  ts::Pseudonym hashed;
  hashed.keyed_hash[3] = 0xAB;
  const ts::UserId pseudonym = hashed;
  CHECK_FALSE(pseudonym.empty());
  CHECK(pseudonym.is_pseudonym());
  CHECK(pseudonym.raw().empty());
  CHECK(pseudonym.pseudonym().keyed_hash == hashed.keyed_hash);
}

TEST_CASE("an empty raw id is nobody, while a hash of zeros is somebody", "[identity]") {
  CHECK(ts::UserId{ts::RawUser{""}}.empty());
  CHECK(ts::UserId{ts::RawUser{std::string_view{}}}.empty());
  CHECK_FALSE(ts::UserId{ts::Pseudonym{}}.empty());
}

TEST_CASE("braces alone make neither a raw user nor a pseudonym", "[identity]") {
  // `{.user = {{id}}}` must not store an id without its author writing RawUser; nor may a literal pass for a hash.
  CHECK_FALSE(from_double_braces<ts::UserId, const char(&)[6]>);
  CHECK_FALSE(from_double_braces<ts::UserId, const std::string&>);
  CHECK_FALSE(from_double_braces<ts::UserId, std::string_view>);
  CHECK(from_double_braces<TakesRawUser, std::string_view>);  // what a plain parameter would let through
}

TEST_CASE("the id of a key ends at its first NUL, and at 16 characters at the latest", "[identity]") {
  ts::Pseudonym pseudonym;
  CHECK(pseudonym.key().empty());
  for (std::size_t size = 0; size < pseudonym.key_id.size(); ++size) {
    pseudonym.key_id[size] = static_cast<char>('a' + size);
    CHECK(pseudonym.key() == std::string_view{"abcdefghijklmnop"}.substr(0, size + 1));
  }
  pseudonym.key_id[3] = '\0';
  CHECK(pseudonym.key() == "abc");
}

TEST_CASE("a call of which nothing is said is a chat of nobody with nothing", "[identity]") {
  const ts::CallInfo info{};
  CHECK(info.operation == ts::Operation::chat);
  CHECK(info.user.empty());
  for (const std::string_view text : {info.tenant, info.application, info.session, info.turn, info.provider, info.model,
                                      info.name, info.server, info.endpoint, info.region})
    CHECK(text.empty());
  const ts::TurnInfo turn{};
  CHECK(turn.user.empty());
  for (const std::string_view text : {turn.tenant, turn.application, turn.session, turn.turn}) CHECK(text.empty());
}
