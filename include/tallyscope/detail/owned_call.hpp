// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>
#include <tallyscope/detail/text.hpp>
#include <tallyscope/record.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

[[gnu::noinline]] inline std::uint64_t text_operation_hash(const Operation& operation) noexcept {
  const std::uint8_t place = operation.interned().place();
  return place != 0 ? place * 0x9E3779B97F4A7C15u : hash(hash_seed(), operation.text());
}

/// The constants need no look at their text.
[[gnu::always_inline]] inline std::uint64_t operation_hash(const Operation& operation) noexcept {
  return operation.is_constant() ? operation.place() * 0x9E3779B97F4A7C15u : text_operation_hash(operation);
}

/// The hashes of what a call is told by, each on its own, so that the processor works on all at once.
struct CallHashes {
  static constexpr std::uint64_t no_text =
      0xC2B2AE3D27D4EB4Fu;  // never the hash of an operation: they would cancel out

  std::uint64_t provider = no_text, model = no_text, name = no_text;
  std::uint64_t server = 0;  // 0: none

  /// Stands for (operation, name, model) within this process.
  [[gnu::always_inline]] std::uint64_t identity(const Operation& operation) const noexcept {
    return fold(model ^ operation_hash(operation), name);
  }
  /// Stands for (provider, model).
  [[gnu::always_inline]] std::uint64_t price() const noexcept { return fold(model ^ no_text << 1, provider) | 1; }
};

inline CallHashes hashes_of(const Call& call) noexcept {
  const auto hash_of = [](std::string_view text) {
    return text.empty() ? CallHashes::no_text : hash(hash_seed(), text);
  };
  return {hash_of(call.provider), hash_of(call.model), hash_of(call.name),
          call.server.empty() ? 0 : hash(hash_seed(), call.server)};
}

inline std::uint64_t identity_hash(const Call& call) noexcept { return hashes_of(call).identity(call.operation); }

/// `operation` is the call's own, from where it stood before it was copied: to read it back at once would stall.
[[gnu::always_inline]] inline void put_hashes(Call& call, const Operation& operation,
                                              const CallHashes& hashes) noexcept {
  call.identity_hash = hashes.identity(operation);
  const bool nothing_to_price = call.model.empty() && !operation.is_model_call();
  call.price_hash = nothing_to_price ? 0 : hashes.price();
  call.server_hash = hashes.server;
}

/// The texts of a CallInfo as they enter a record: copied, cut, repaired.
template <std::size_t Size>
void copy_call(TextBuffer<Size>& texts, const CallInfo& info, Call& call, Diagnostics& diagnostics) noexcept {
  call.operation = info.operation.interned();
  if (!call.operation.is_constant()) call.operation = texts.copy(info.operation.text(), name_limit, diagnostics);
  call.provider = texts.copy(info.provider, name_limit, diagnostics);
  call.model = texts.copy(info.model, name_limit, diagnostics);
  call.name = texts.copy(info.name, name_limit, diagnostics);
  call.server = texts.copy(info.server, long_text_limit, diagnostics);
  call.endpoint = texts.copy(info.endpoint, long_text_limit, diagnostics);
  call.region = texts.copy(info.region, name_limit, diagnostics);
  put_hashes(call, call.operation, hashes_of(call));
}

/// Does it (a CallInfo or a TurnInfo) say who calls?
template <class Info>
constexpr bool names_caller(const Info& info) noexcept {
  return !(info.tenant.empty() && info.application.empty() && info.user.empty() && info.session.empty() &&
           info.turn.empty());
}

template <std::size_t Size>
void copy_user(TextBuffer<Size>& texts, const UserId& user, Caller& caller, Diagnostics& diagnostics) noexcept {
  caller.user_key = {};
  if (!user.is_pseudonym()) {
    caller.user = texts.copy(user.raw(), name_limit, diagnostics);
    return;
  }
  char hex[32];
  for (std::size_t digit = 0; digit < sizeof hex; ++digit)
    hex[digit] = "0123456789abcdef"[user.pseudonym().keyed_hash[digit / 2] >> (digit % 2 == 0 ? 4 : 0) & 15];
  caller.user = texts.copy({static_cast<const char*>(hex), sizeof hex}, sizeof hex, diagnostics);
  caller.user_key = texts.copy(user.pseudonym().key(), name_limit, diagnostics);
}

/// Puts what a CallInfo or a TurnInfo says of the caller over what `caller` says already.
template <class Info, std::size_t Size>
[[gnu::noinline]] void copy_caller(TextBuffer<Size>& texts, const Info& info, Caller& caller,
                                   Diagnostics& diagnostics) noexcept {
  const auto replace = [&](std::string_view& old, std::string_view text) {
    if (!text.empty()) old = texts.copy(text, name_limit, diagnostics);
  };
  replace(caller.tenant, info.tenant);
  replace(caller.application, info.application);
  if (!info.user.empty()) copy_user(texts, info.user, caller, diagnostics);
  replace(caller.session, info.session);
  replace(caller.turn, info.turn);
}

/// A call's identity together with its texts.
class OwnedCall {
 public:
  explicit OwnedCall(const CallInfo& info) noexcept : has_caller_{names_caller(info)} {
    copy_call(texts_, info, call_, diagnostics_);
    if (has_caller_) copy_caller(texts_, info, caller_, diagnostics_);
  }
  /// A copy of what a record says of its call, which is cut already.
  explicit OwnedCall(const Call& call) noexcept
      : OwnedCall{CallInfo{.operation = call.operation,
                           .provider = call.provider,
                           .model = call.model,
                           .name = call.name,
                           .server = call.server,
                           .endpoint = call.endpoint,
                           .region = call.region}} {}
  OwnedCall(const OwnedCall&) = delete;
  OwnedCall& operator=(const OwnedCall&) = delete;

  const Call& call() const noexcept { return call_; }
  const Caller& caller() const noexcept { return caller_; }
  bool has_caller() const noexcept { return has_caller_; }
  Diagnostics diagnostics() const noexcept { return diagnostics_; }

 private:
  TextBuffer<texts_limit> texts_;
  Call call_;
  Caller caller_;
  Diagnostics diagnostics_;
  bool has_caller_;
};

}  // namespace tallyscope::inline v0::detail
