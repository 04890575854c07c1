// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0 {

/// How many bytes of a text enter a record; longer ones are cut on a UTF-8 boundary and the record says `text_cut`.
inline constexpr std::size_t name_limit = 128;       ///< names, models, ids
inline constexpr std::size_t long_text_limit = 256;  ///< endpoint, server, error type
inline constexpr std::size_t texts_limit = 768;      ///< all texts of one record together
inline constexpr std::size_t label_limit = 8;        ///< labels a record
inline constexpr std::size_t label_key_limit = 32;
inline constexpr std::size_t label_value_limit = 128;

/// What was done, in the words of OpenTelemetry's gen_ai.operation.name, or any other text.
class Operation {
 public:
  static const Operation chat, text_completion, generate_content, embeddings, rerank;  // model calls
  static const Operation execute_tool, get_prompt, read_resource, invoke_agent;

  constexpr Operation() noexcept : Operation{"chat", 1} {}
  /// Another operation. Borrows the text until the scope that gets it has been constructed.
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view>
  constexpr Operation(const Text& text) noexcept : text_{text} {}

  constexpr std::string_view text() const noexcept { return text_; }

  /// Does it call a model? Only such calls are missed when they bring no usage or have no price.
  constexpr bool is_model_call() const noexcept;
  /// Of what kind it is in MCP's words: tool, prompt, resource; else the operation itself.
  constexpr std::string_view type() const noexcept;
  /// The constant that reads the same, so that its text lives for ever; else this.
  constexpr Operation interned() const noexcept;
  /// The constant of this place.
  static const Operation& at(std::uint8_t place) noexcept;
  /// Which of the constants above it is, from 1; 0 for a text.
  constexpr std::uint8_t place() const noexcept { return place_; }
  /// Is it one of the constants above?
  constexpr bool is_constant() const noexcept { return place_ != 0; }

  friend constexpr bool operator==(Operation a, Operation b) noexcept { return a.text_ == b.text_; }

 private:
  constexpr Operation(std::string_view text, std::uint8_t place) noexcept : text_{text}, place_{place} {}

  static constexpr std::uint8_t model_calls = 5;  // the first five constants

  std::string_view text_;
  std::uint8_t place_ = 0;  // among the constants, from 1
};

inline constexpr Operation Operation::chat{"chat", 1};
inline constexpr Operation Operation::text_completion{"text_completion", 2};
inline constexpr Operation Operation::generate_content{"generate_content", 3};
inline constexpr Operation Operation::embeddings{"embeddings", 4};
inline constexpr Operation Operation::rerank{"rerank", 5};
inline constexpr Operation Operation::execute_tool{"execute_tool", 6};
inline constexpr Operation Operation::get_prompt{"get_prompt", 7};
inline constexpr Operation Operation::read_resource{"read_resource", 8};
inline constexpr Operation Operation::invoke_agent{"invoke_agent", 9};

namespace detail {
inline constexpr Operation operations[] = {
    Operation::chat,       Operation::text_completion, Operation::generate_content,
    Operation::embeddings, Operation::rerank,          Operation::execute_tool,
    Operation::get_prompt, Operation::read_resource,   Operation::invoke_agent,
};
}  // namespace detail

inline const Operation& Operation::at(std::uint8_t place) noexcept { return detail::operations[place - 1]; }

constexpr Operation Operation::interned() const noexcept {
  if (is_constant()) return *this;
  for (const Operation& known : detail::operations)
    if (known == *this) return known;
  return *this;
}

constexpr bool Operation::is_model_call() const noexcept {
  const std::uint8_t place = place_ != 0 ? place_ : interned().place_;
  return place != 0 && place <= model_calls;
}

constexpr std::string_view Operation::type() const noexcept {
  if (*this == execute_tool) return "tool";
  if (*this == get_prompt) return "prompt";
  if (*this == read_resource) return "resource";
  return text_;
}

/// A user id that is stored as it is. Writing this word is the host's decision that it may be.
struct RawUser {
  std::string_view id;
};

/// A keyed hash of a user id: 128 bits and the id of the key that made it. Still personal data, but not an identity to
/// anyone without the key. Only a keyed hash function should make one.
struct Pseudonym {
  std::array<std::uint8_t, 16> keyed_hash{};
  std::array<char, 16> key_id{};  ///< text, filled up with NUL

  constexpr std::string_view key() const noexcept {
    std::size_t size = 0;
    while (size < key_id.size() && key_id[size] != '\0') ++size;
    return {key_id.data(), size};
  }
};

namespace detail {
template <class>
inline constexpr bool never = false;
}  // namespace detail

/// Who used it: nobody, a RawUser or a Pseudonym; never a bare string, so that no identity is stored by accident.
class UserId {
 public:
  constexpr UserId() noexcept : raw_{} {}

  // Templates, so that the words must be written: `{{id}}` would make either of the two without them.
  template <std::same_as<RawUser> Raw>
  constexpr UserId(Raw user) noexcept : raw_{user.id}, kind_{user.id.empty() ? Kind::nobody : Kind::raw} {}
  template <std::same_as<Pseudonym> Hashed>
  constexpr UserId(const Hashed& pseudonym) noexcept : pseudonym_{pseudonym}, kind_{Kind::pseudonym} {}

  template <class Text>
  requires std::convertible_to<const Text&, std::string_view>
  constexpr UserId(const Text&) noexcept {
    static_assert(detail::never<Text>,
                  "a user id is not a bare string: write .user = ts::RawUser{id} to store it as it is, or give a "
                  "ts::Pseudonym, its keyed hash");
  }

  constexpr bool empty() const noexcept { return kind_ == Kind::nobody; }
  constexpr bool is_pseudonym() const noexcept { return kind_ == Kind::pseudonym; }
  constexpr std::string_view raw() const noexcept { return kind_ == Kind::raw ? raw_ : std::string_view{}; }
  /// Only if is_pseudonym().
  constexpr const Pseudonym& pseudonym() const noexcept { return pseudonym_; }

 private:
  enum class Kind : std::uint8_t { nobody, raw, pseudonym };

  union {
    std::string_view raw_;
    Pseudonym pseudonym_;
  };
  Kind kind_ = Kind::nobody;
};

/// What a host says of a call before it is made: who causes it and what is called. Every text is borrowed until the
/// scope (or the prepared call) has copied it, so temporaries are safe.
struct CallInfo {
  std::string_view tenant{};
  std::string_view application{};
  UserId user{};
  std::string_view session{};
  std::string_view turn{};
  Operation operation{};
  std::string_view provider{};
  std::string_view model{};   ///< the requested one
  std::string_view name{};    ///< of the tool, prompt, resource or agent; of a use case for a model call
  std::string_view server{};  ///< the MCP server that the tool belongs to: id or URL
  std::string_view endpoint{};
  std::string_view region{};
};

/// What a host says of a turn: everything from one user message until the reply. Its scopes inherit all of it.
struct TurnInfo {
  std::string_view tenant{};
  std::string_view application{};
  UserId user{};
  std::string_view session{};
  std::string_view turn{};  ///< an id of the host's; a fresh one when empty
};

}  // namespace tallyscope::inline v0
