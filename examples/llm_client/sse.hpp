// SPDX-License-Identifier: MIT
// Server-sent events from bytes that come in pieces of any size.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace llm {

struct Event {
  std::string_view name;  // empty where the stream gives none
  std::string_view data;  // several lines of data are joined by an end of line
};

/// Follows the WHATWG's "Interpreting an event stream" as far as names and data go. An event counts when the empty line
/// behind it is there: what a broken stream leaves unfinished is dropped.
class SseReader {
 public:
  /// Calls `visit(event)` for each event that is now complete, until it returns false; then returns false itself, and
  /// what is left of the bytes is not looked at. The event's texts are valid during the visit.
  template <class Visit>
  bool feed(std::string_view bytes, const Visit& visit) {
    while (!bytes.empty()) {
      if (std::exchange(after_return_, false) && bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
      const auto end = bytes.find_first_of("\r\n");
      line_ += bytes.substr(0, end);
      if (end == std::string_view::npos) return true;
      after_return_ = bytes[end] == '\r';
      bytes.remove_prefix(end + 1);
      if (!end_line(visit)) return false;
    }
    return true;
  }

 private:
  template <class Visit>
  bool end_line(const Visit& visit) {
    const std::string line = std::exchange(line_, {});
    if (!line.empty()) return take(line), true;
    const std::string name = std::exchange(name_, {}), data = std::exchange(data_, {});
    return !std::exchange(has_data_, false) || visit(Event{name, data});
  }

  void take(std::string_view line) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (std::exchange(is_first_line_, false) && line.starts_with(byte_order_mark))
      line.remove_prefix(byte_order_mark.size());
    const auto colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") name_ = value;
    if (field != "data") return;
    if (std::exchange(has_data_, true)) data_ += '\n';
    data_ += value;
  }

  std::string line_, name_, data_;
  bool has_data_ = false;
  bool after_return_ = false;
  bool is_first_line_ = true;
};

}  // namespace llm
