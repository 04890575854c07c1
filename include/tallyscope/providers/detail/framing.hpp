// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/event_stream.hpp>
#include <tallyscope/providers/detail/json_array.hpp>
#include <tallyscope/providers/detail/json_lines.hpp>
#include <tallyscope/providers/detail/sse.hpp>

#include <cstddef>
#include <string_view>
#include <variant>

namespace tallyscope::inline v0::detail {

/// The events of a body, whatever carries them: which framing it is, its first bytes tell.
class Framing {
 public:
  explicit Framing(std::size_t limit) noexcept : limit_{limit} {}

  /// Calls `visit(const StreamEvent&)`, which must not throw, for each event that is complete.
  template <class Visit>
  void feed(std::string_view bytes, const Visit& visit) noexcept {
    if (frames_.index() == 0) bytes = recognise(bytes);
    with_frames([&](auto& frames) { frames.feed(bytes, visit); });
  }

  /// The body is over. An event whose end did not come counts if it is whole nevertheless: an object that was cut off
  /// is none. What is fed from now on is another body.
  template <class Visit>
  void finish(const Visit& visit) noexcept {
    with_frames([&](auto& frames) {
      const StreamEvent event = frames.pending();
      const bool is_event = event.kind == StreamEvent::Kind::event;
      if (!is_event || event.data == "[DONE]" || is_whole_json(event.data)) visit(event);
    });
    frames_.emplace<std::monostate>();
    mark_bytes_ = 0;
  }

  /// Could what came until now be one of these, if only one without an event? The others find their faults themselves.
  bool is_stream() const noexcept {
    if (const auto* const sse = std::get_if<Sse>(&frames_)) return sse->spoke();
    if (const auto* const array = std::get_if<JsonArray>(&frames_)) return array->closed();
    return true;
  }

 private:
  template <class Use>
  void with_frames(const Use& use) noexcept {
    if (auto* sse = std::get_if<Sse>(&frames_)) return use(*sse);
    if (auto* lines = std::get_if<JsonLines>(&frames_)) return use(*lines);
    if (auto* array = std::get_if<JsonArray>(&frames_)) return use(*array);
    if (auto* stream = std::get_if<EventStream>(&frames_)) return use(*stream);
  }

  /// Takes off a byte order mark and white space. The rest is empty as long as there was nothing else.
  std::string_view recognise(std::string_view bytes) noexcept {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF", space = " \t\r\n";
    for (; !bytes.empty(); bytes.remove_prefix(1)) {
      const char first = bytes.front();
      if (mark_bytes_ < byte_order_mark.size() && first == byte_order_mark[mark_bytes_])
        ++mark_bytes_;
      else if (space.find(first) == std::string_view::npos)
        return begin(first), bytes;
    }
    return bytes;
  }

  void begin(char first) noexcept {
    const bool is_binary = static_cast<unsigned char>(first) < ' ';  // the size of a frame below 500 MB
    if (first == '{') return static_cast<void>(frames_.emplace<JsonLines>(limit_));
    if (first == '[') return static_cast<void>(frames_.emplace<JsonArray>(limit_));
    if (is_binary) return static_cast<void>(frames_.emplace<EventStream>(limit_));
    frames_.emplace<Sse>(limit_);
  }

  std::size_t limit_;
  std::size_t mark_bytes_ = 0;
  std::variant<std::monostate, Sse, JsonLines, JsonArray, EventStream> frames_;
};

}  // namespace tallyscope::inline v0::detail
