// SPDX-License-Identifier: MIT
// Which turn a call belongs to: one that the client names, else one of the server's own.
#pragma once

#include "json_rpc.hpp"
#include "tracking.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace mcp_files {

inline std::string random_hex(std::size_t digits) {
  std::random_device device;
  std::string text;
  while (text.size() < digits) text += "0123456789abcdef"[device() % 16];
  return text;
}

inline bool is_hex(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
inline bool is_zero(std::string_view text) noexcept { return text.find_first_not_of('0') == std::string_view::npos; }

/// The trace id of a W3C traceparent, `version-trace-parent-flags`; empty if it is none.
inline std::string_view trace_id(std::string_view header) noexcept {
  const bool has_dashes = header.size() >= 55 && header[2] == '-' && header[35] == '-' && header[52] == '-';
  if (!has_dashes) return {};
  const std::string_view version = header.substr(0, 2), trace = header.substr(3, 32), parent = header.substr(36, 16);
  const bool ends = header.size() == 55 || (version != "00" && header[55] == '-');  // later versions may say more
  const bool hex = is_hex(version) && is_hex(trace) && is_hex(parent) && is_hex(header.substr(53, 2));
  return ends && hex && version != "ff" && !is_zero(trace) && !is_zero(parent) ? trace : std::string_view{};
}

/// What a client may call a turn: short and without control characters.
inline bool is_turn_name(std::string_view text) noexcept {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !text.empty() && text.size() <= 128 && std::none_of(text.begin(), text.end(), is_control);
}

/// The turn that the client names in `_meta`; empty if it names none.
inline std::string named_turn(const json& params) {
  const json meta = params.is_object() ? params.value("_meta", json{}) : json{};
  const auto text = [&](const char* key) {
    return meta.is_object() && meta.contains(key) && meta[key].is_string() ? meta[key].get<std::string>()
                                                                           : std::string{};
  };
  const std::string header = text("traceparent"), name = text("tallyscope/turn");
  if (const std::string_view trace = trace_id(header); !trace.empty()) return std::string{trace};
  return is_turn_name(name) ? name : std::string{};
}

/// A call that has begun, and whether its turn is one of our own.
struct TurnedCall {
  Call call;
  bool own;
};

/// The turns of one connection. A turn that the client names is the client's to end, and only its id is noted; one of
/// our own ends, with a record, when no call has come or gone for a while. For one thread, but for `ended`.
class Turns {
 public:
  using Clock = std::chrono::steady_clock;

  Turns(Tracker& tracker, Clock::duration idle) : tracker_{tracker}, idle_{idle} {}

  /// The scope of a call that has just come. `info` says what is called.
  TurnedCall begin(const json& params, ts::CallInfo info) {
    const std::string name = named_turn(params);
    if (!name.empty()) {
      info.session = session_;
      info.turn = name;
      return {Call{tracker_, info}, false};
    }
    if (!own_) own_.emplace(tracker_, ts::TurnInfo{.session = session_});
    ++running_;
    return {Call{*own_, info}, true};
  }

  /// A call is over; from any thread.
  void ended(bool own) noexcept {
    if (!own) return;
    last_ = Clock::now().time_since_epoch().count();
    --running_;
  }

  /// Ends a turn of our own that nothing happens in. A call that still runs keeps it, however long it takes.
  void end_if_idle() noexcept {
    if (own_ && running_ == 0 && Clock::now() >= deadline()) own_.reset();
  }

  /// How long until the next look is due; nothing: not before a call has ended.
  std::optional<std::chrono::milliseconds> wait() const noexcept {
    if (!own_ || running_ > 0) return std::nullopt;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline() - Clock::now());
    return std::max(left, std::chrono::milliseconds{0});
  }

 private:
  Clock::time_point deadline() const noexcept { return Clock::time_point{Clock::duration{last_}} + idle_; }

  Tracker& tracker_;
  const Clock::duration idle_;
  const std::string session_ = random_hex(32);
  std::optional<Turn> own_;
  std::atomic<Clock::rep> last_{0};  // end of a call in it
  std::atomic<int> running_{0};
};

}  // namespace mcp_files
