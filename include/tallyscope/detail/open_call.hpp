// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/owned_call.hpp>
#include <tallyscope/detail/said_call.hpp>
#include <tallyscope/detail/text.hpp>
#include <tallyscope/detail/turn_state.hpp>
#include <tallyscope/prepared_call.hpp>
#include <tallyscope/reading.hpp>
#include <tallyscope/record.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0::detail {

/// What a scope gathers of its call until it becomes a Record. What few calls need stays uninitialised until it is set.
class OpenCall {
 public:
  OpenCall() noexcept {  // the unions stay as they are
    usage_.input_tokens = Count{};
    usage_.output_tokens = Count{};
  }
  OpenCall(const OpenCall& other) noexcept { *this = other; }
  OpenCall& operator=(const OpenCall& other) noexcept;

  [[gnu::always_inline]] void join(TurnState* turn) noexcept {
    if (turn == nullptr) return;
    turn_ = turn;
    sequence_ = turn->join();
    caller_ = &turn->caller();
  }
  [[gnu::always_inline]] void leave() noexcept {
    if (turn_ != nullptr) turn_->leave();
    turn_ = nullptr;
  }
  TurnState* turn() const noexcept { return turn_; }

  void identify(const CallInfo& info) noexcept;
  void identify(const SaidCall& said) noexcept;
  void identify(const PreparedCall& call) noexcept {
    const OwnedCall* const owned = call.owned();
    if (owned == nullptr) [[unlikely]]
      return;
    call_ = &owned->call();
    diagnostics_ = owned->diagnostics();
    if (owned->has_caller()) [[unlikely]]
      put_over(*owned);
  }
  std::string_view model() const noexcept { return call_->model; }

  void take_usage(const Usage& usage, Finality finality) noexcept;
  [[gnu::cold, gnu::noinline]] void take_details(const Usage& usage) noexcept {
    usage_ = usage;
    extra_ = true;
  }
  [[gnu::cold, gnu::noinline]] void refuse_count() noexcept { diagnostics_.set(Diagnostic::count_refused); }
  void take_reading(const Reading& reading) noexcept;
  void take_outcome(Outcome outcome, std::string_view error_type) noexcept;
  void take_label(std::string_view key, std::string_view value) noexcept;
  void take_tool_calls(Count count) noexcept {
    tool_calls_ = count;
    extra_ = true;
    if (count.refused()) refuse_count();
  }

  /// What the host said; else error if an exception is in flight; else what a Reading found; else success.
  [[gnu::always_inline]] Outcome outcome(bool thrown) const noexcept {
    return said_ ? outcome_ : thrown ? Outcome::error : outcome_;
  }

  /// Is there nothing in it but identity, outcome and the two totals?
  bool is_plain() const noexcept { return !extra_; }
  bool is_reported() const noexcept { return finality_ != Finality::missing; }
  /// Something else of the call is known, which its scope keeps.
  void note_extra() noexcept { extra_ = true; }
  [[gnu::always_inline]] bool has_totals() const noexcept {
    return usage_.input_tokens.has_value() && usage_.output_tokens.has_value();
  }
  std::int64_t input_tokens() const noexcept { return usage_.input_tokens.value_or(0); }
  std::int64_t output_tokens() const noexcept { return usage_.output_tokens.value_or(0); }
  const Call& call() const noexcept { return *call_; }
  bool has_no_price() const noexcept { return call_->price_hash == 0; }

  /// The record, but for what the tracker knows: times, estimates, cost, id. Borrows from this.
  Record record() const noexcept;
  /// The same of a plain call; and of a plain call that nothing was reported of.
  Record plain_record(const Response& response = no_response) const noexcept;
  Record bare_record(const Response& response = no_response) const noexcept;

 private:
  Caller& own_caller() noexcept {
    const Caller* const before = std::exchange(caller_, &own_caller_);
    if (before == &no_caller)
      clear(own_caller_);
    else if (before != &own_caller_)
      new (&own_caller_) Caller{*before};
    return own_caller_;
  }
  /// One store for a view, where `= {}` takes two; and text by text, since all at once g++ would do it by an
  /// instruction that takes 20 ns.
  [[gnu::always_inline]] static void clear(std::string_view& text) noexcept {
    std::memset(static_cast<void*>(&text), 0, sizeof text);
  }
  [[gnu::always_inline]] static void clear(Caller& caller) noexcept {
    clear(caller.tenant);
    clear(caller.application);
    clear(caller.user);
    clear(caller.user_key);
    clear(caller.session);
    clear(caller.turn);
  }
  bool identify_quickly(const SaidCall& said) noexcept;
  void identify_slowly(const SaidCall& said) noexcept;
  void put_over(const OwnedCall& owned) noexcept;
  /// Copies `text` unless it stands there already: what is said again and again needs room once.
  void keep(std::string_view& kept, std::string_view text, std::size_t limit) noexcept {
    if (kept != text) kept = texts_.copy(text, limit, diagnostics_);
  }
  void rebase(const OpenCall& other) noexcept;

  TurnState* turn_ = nullptr;
  const Caller* caller_ = &no_caller;
  const Call* call_ = &no_call;
  Count sequence_{};
  Count tool_calls_{};
  Diagnostics diagnostics_{};
  Outcome outcome_ = Outcome::success;
  Finality finality_ = Finality::missing;
  bool detailed_ = false;  // all of usage_ counts, not only its totals
  bool read_ = false;      // the last report was a Reading: parts_ and what else it brought count
  bool said_ = false;      // outcome_, by the host
  bool rare_ = false;      // error_type_, response_, provider_cost_
  bool extra_ = false;     // not plain
  std::uint8_t part_count_ = 0;
  std::uint8_t label_count_ = 0;

  struct Rare {
    std::string_view error_type{};
    Response response{};
    std::optional<Money> provider_cost{};
  };
  Rare& rare() noexcept {
    if (!rare_) new (&rare_values_) Rare{};
    rare_ = extra_ = true;
    return rare_values_;
  }

  union {
    Call own_call_;
  };
  union {
    Caller own_caller_;
  };
  union {
    Usage usage_;
  };
  union {
    Rare rare_values_;
  };
  union {
    Part parts_[part_limit];
  };
  union {
    Label labels_[label_limit];
  };
  TextBuffer<texts_limit> texts_;
};

[[gnu::noinline]] inline void OpenCall::identify(const CallInfo& info) noexcept {
  call_ = &own_call_;
  texts_.use_until(texts_.data());
  new (&own_call_) Call{};
  copy_call(texts_, info, own_call_, diagnostics_);
  if (names_caller(info)) copy_caller(texts_, info, own_caller(), diagnostics_);
}

/// The usual texts are ASCII, and so short that no limit need be looked at one by one.
[[gnu::always_inline]] inline void OpenCall::identify(const SaidCall& said) noexcept {
  call_ = &own_call_;
  if (said.sizes > texts_limit / 12 || !identify_quickly(said)) [[unlikely]]
    identify_slowly(said);
}

[[gnu::cold, gnu::noinline]] inline void OpenCall::identify_slowly(const SaidCall& said) noexcept {
  identify(said.info());
}

/// False when a text is not ASCII; what was written does not count then.
[[gnu::always_inline]] inline bool OpenCall::identify_quickly(const SaidCall& said) noexcept {
  static constexpr std::string_view Caller::*of_caller[] = {&Caller::tenant, &Caller::application, &Caller::session,
                                                            &Caller::turn};
  static constexpr std::string_view Call::*of_place[] = {&Call::server, &Call::endpoint, &Call::region};
  Call& call = own_call_;
  char* end = texts_.end();
  std::uint64_t seen = 0;
  const std::uint64_t seed = hash_seed();
  const auto copy = [&](std::string_view & to, std::string_view text, std::uint64_t & hash)
      __attribute__((always_inline)) {
    if (text.empty()) return clear(to);
    hash = hash_and_copy(seed, text, end, seen);
    to = {static_cast<const char*>(end), text.size()};
    end += text.size();
  };
  CallHashes hashes;
  call.operation = Operation::at(said.operation);
  clear(call.server);
  clear(call.endpoint);
  clear(call.region);
  copy(call.provider, said.provider, hashes.provider);
  copy(call.model, said.model, hashes.model);
  copy(call.name, said.name, hashes.name);
  if (said.said != 0) {
    if ((said.said & SaidCall::of_caller) != 0) own_caller();
    said.for_each_text([&](SaidCall::Text text, std::string_view view) __attribute__((always_inline)) {
      if (view.empty()) return;
      seen |= copy_few(end, view.data(), view.size());
      const std::string_view kept{static_cast<const char*>(end), view.size()};
      end += view.size();
      if (text < SaidCall::server)
        own_caller_.*of_caller[text] = kept;
      else
        call.*of_place[text - SaidCall::server] = kept;
      if (text == SaidCall::server) hashes.server = hash(seed, view);
    });
  }
  put_hashes(call, Operation::at(said.operation), hashes);
  texts_.use_until(end);
  return (seen & high_bits) == 0;
}

[[gnu::cold, gnu::noinline]] inline void OpenCall::put_over(const OwnedCall& owned) noexcept {
  Caller& caller = own_caller();
  const Caller& over = owned.caller();
  for (const auto text : {&Caller::tenant, &Caller::application, &Caller::session, &Caller::turn})
    if (!(over.*text).empty()) caller.*text = over.*text;
  if (over.user.empty()) return;
  caller.user = over.user;
  caller.user_key = over.user_key;
}

/// Inlined where it is called, most of it folds away: absent counts are constants there.
[[gnu::always_inline]] inline void OpenCall::take_usage(const Usage& usage, Finality finality) noexcept {
  usage_.input_tokens = usage.input_tokens;
  usage_.output_tokens = usage.output_tokens;
  finality_ = finality;
  detailed_ = usage.has_details();
  read_ = false;
  if (detailed_) take_details(usage);
  if (usage.has_refused()) [[unlikely]]
    refuse_count();
}

[[gnu::noinline]] inline void OpenCall::take_reading(const Reading& reading) noexcept {
  take_usage(reading.counts, reading.finality);
  diagnostics_.set(reading.diagnostics);
  if (reading.outcome && !said_) outcome_ = *reading.outcome;
  if (!said_) keep(rare().error_type, reading.error_type, long_text_limit);
  read_ = true;
  Response& response = rare().response;
  keep(response.model, reading.served_model, name_limit);
  keep(response.service_tier, reading.served_tier, name_limit);
  keep(response.region, reading.served_region, name_limit);
  keep(response.request_id, reading.request_id, name_limit);
  rare().provider_cost = reading.provider_cost;
  const auto known = std::exchange(
      part_count_, static_cast<std::uint8_t>(reading.part_count < part_limit ? reading.part_count : part_limit));
  for (std::size_t place = 0; place < part_count_; ++place) {
    const ReadPart& part = reading.parts[place];
    if (place >= known) new (&parts_[place]) Part{};
    keep(parts_[place].model, part.model, name_limit);
    parts_[place].usage = part.usage;
    if (part.usage.has_refused()) refuse_count();
  }
}

[[gnu::noinline]] inline void OpenCall::take_outcome(Outcome outcome, std::string_view error_type) noexcept {
  said_ = true;
  outcome_ = outcome;
  if (!error_type.empty() || rare_) keep(rare().error_type, error_type, long_text_limit);
}

[[gnu::noinline]] inline void OpenCall::take_label(std::string_view key, std::string_view value) noexcept {
  TextBuffer<label_key_limit> cut;  // keys are compared as they are kept
  const std::string_view wanted = cut.copy(key, label_key_limit, diagnostics_);
  for (std::size_t place = 0; place < label_count_; ++place)
    if (labels_[place].key == wanted) {
      constexpr std::size_t reserve = 256;  // for what is still to come of the call itself
      if (labels_[place].value != value && texts_.room() < value.size() + reserve)
        return diagnostics_.set(Diagnostic::label_dropped);
      return keep(labels_[place].value, value, label_value_limit);
    }
  if (label_count_ == label_limit || wanted.empty() || wanted.size() > texts_.room())
    return diagnostics_.set(Diagnostic::label_dropped);
  const std::string_view kept_key = texts_.copy(wanted, label_key_limit, diagnostics_);
  extra_ = true;
  new (&labels_[label_count_++]) Label{kept_key, texts_.copy(value, label_value_limit, diagnostics_)};
}

inline Record OpenCall::record() const noexcept {
  Record record = plain_record(read_ ? rare_values_.response : no_response);
  if (detailed_) record.usage = usage_;
  if (tool_calls_.has_value()) record.usage.tool_calls = record.usage.tool_calls.or_else(tool_calls_);
  record.labels = {labels_, label_count_};
  if (rare_) record.error_type = rare_values_.error_type;
  if (!read_) return record;
  record.parts = {parts_, part_count_};
  record.provider_cost = rare_values_.provider_cost;
  return record;
}

[[gnu::always_inline]] inline Record OpenCall::bare_record(const Response& response) const noexcept {
  return {.caller = *caller_, .call = *call_, .response = response, .diagnostics = diagnostics_, .sequence = sequence_};
}

[[gnu::always_inline]] inline Record OpenCall::plain_record(const Response& response) const noexcept {
  Record record = bare_record(response);
  record.finality = finality_;
  record.usage.input_tokens = usage_.input_tokens;
  record.usage.output_tokens = usage_.output_tokens;
  return record;
}

/// A copy that stands on texts of its own; the scope that is copied from must not go on.
[[gnu::noinline]] inline OpenCall& OpenCall::operator=(const OpenCall& other) noexcept {
  const char* const mine = reinterpret_cast<const char*>(this);
  const std::size_t before_texts = static_cast<std::size_t>(reinterpret_cast<const char*>(&texts_) - mine);
  std::memcpy(static_cast<void*>(this), &other, before_texts);
  texts_.take(other.texts_);
  rebase(other);
  return *this;
}

[[gnu::noinline]] inline void OpenCall::rebase(const OpenCall& other) noexcept {
  const auto rebase = [&](std::string_view& text) { text = texts_.moved(text, other.texts_); };
  if (call_ == &other.own_call_) {
    call_ = &own_call_;
    if (!own_call_.operation.is_constant())
      own_call_.operation = texts_.moved(own_call_.operation.text(), other.texts_);
    for (const auto text : {&Call::provider, &Call::model, &Call::name, &Call::server, &Call::endpoint, &Call::region})
      rebase(own_call_.*text);
  }
  if (caller_ == &other.own_caller_) {
    caller_ = &own_caller_;
    for (const auto text :
         {&Caller::tenant, &Caller::application, &Caller::user, &Caller::user_key, &Caller::session, &Caller::turn})
      rebase(own_caller_.*text);
  }
  if (rare_) {
    rebase(rare_values_.error_type);
    for (const auto text : {&Response::model, &Response::service_tier, &Response::region, &Response::request_id})
      rebase(rare_values_.response.*text);
  }
  for (std::size_t place = 0; place < part_count_; ++place) rebase(parts_[place].model);
  for (std::size_t place = 0; place < label_count_; ++place) {
    rebase(labels_[place].key);
    rebase(labels_[place].value);
  }
}

}  // namespace tallyscope::inline v0::detail
