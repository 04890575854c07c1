// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/providers/detail/gathered_text.hpp>
#include <tallyscope/providers/detail/stream_event.hpp>

#include <cstddef>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Is it one whole JSON value? What a stream was cut off in is none, if the value is an object.
inline bool is_whole_json(std::string_view text) noexcept {
  JsonScan scan{text};
  return scan.skip() && scan.at_end();
}

/// JSON values, one a line (NDJSON), from bytes in pieces of any size. If the first line is no whole value, all lines
/// together are one: a body that is no stream.
class JsonLines {
 public:
  explicit JsonLines(std::size_t limit) noexcept : line_{limit} {}

  template <class Visit>
  void feed(std::string_view bytes, const Visit& visit) noexcept {
    while (!is_body_) {
      const std::size_t newline = bytes.find('\n');
      if (newline == std::string_view::npos) break;
      line_.add(bytes.substr(0, newline));
      bytes.remove_prefix(newline);
      end_line(visit);
      if (!is_body_) bytes.remove_prefix(1);
    }
    line_.add(bytes);
    line_.keep();
  }

  /// The last line, which need not end in a newline, or the body.
  StreamEvent pending() const noexcept { return event(); }

 private:
  StreamEvent event() const noexcept {
    using Kind = StreamEvent::Kind;
    return {{}, line_.view(), line_.overflowed() ? Kind::too_long : is_first_ ? Kind::body : Kind::event};
  }

  template <class Visit>
  void end_line(const Visit& visit) noexcept {
    const bool is_blank = line_.view().find_first_not_of(" \t\r") == std::string_view::npos;
    is_body_ = is_first_ && !is_blank && !is_whole_json(line_.view());
    if (is_body_) return;
    if (!is_blank || line_.overflowed()) {
      visit(event());
      is_first_ = false;
    }
    line_.clear();
  }

  GatheredText line_;
  bool is_first_ = true;
  bool is_body_ = false;
};

}  // namespace tallyscope::inline v0::detail
