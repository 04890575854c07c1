// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/gathered_text.hpp>
#include <tallyscope/providers/detail/stream_event.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Where the lines of a piece of text end: each byte of it is looked at twice, however many lines there are.
class LineEnds {
 public:
  explicit LineEnds(std::string_view text) noexcept
      : end_{text.data() + text.size()}, newline_{find('\n', text.data())}, carriage_return_{find('\r', text.data())} {}

  /// The first CR or LF from `place` on, or the end of the text. Places may only go up.
  const char* next(const char* place) noexcept {
    if (newline_ < place) newline_ = find('\n', place);
    if (carriage_return_ < place) carriage_return_ = find('\r', place);
    return newline_ < carriage_return_ ? newline_ : carriage_return_;
  }

 private:
  const char* find(char wanted, const char* from) const noexcept {
    if (from == end_) return end_;
    const void* const found = std::memchr(from, wanted, static_cast<std::size_t>(end_ - from));
    return found == nullptr ? end_ : static_cast<const char*>(found);
  }

  const char* end_;
  const char* newline_;
  const char* carriage_return_;
};

/// Server-sent events (the event stream of WHATWG's HTML, section 9.2) from bytes in pieces of any size. A byte order
/// mark is for the caller to take off. `id` and `retry` are for clients that reconnect, and are skipped.
class Sse {
 public:
  explicit Sse(std::size_t limit) noexcept : data_{limit} {}

  template <class Visit>
  void feed(std::string_view bytes, const Visit& visit) noexcept {
    if (bytes.empty()) return;
    const char* place = bytes.data();
    const char* const end = place + bytes.size();
    if (after_return_ && *place == '\n') ++place;  // the second half of a CRLF
    after_return_ = false;
    for (LineEnds ends{{place, static_cast<std::size_t>(end - place)}}; place < end;) {
      const char* const line_end = ends.next(place);
      take({place, static_cast<std::size_t>(line_end - place)});
      if (line_end == end) break;
      place = line_end + 1;
      if (*line_end == '\r') {
        after_return_ = place == end;
        if (place < end && *place == '\n') ++place;
      }
      end_line(visit);
    }
    data_.keep();
  }

  /// What came of an event whose end did not come.
  StreamEvent pending() const noexcept { return event(); }
  /// Was there a line of which such a stream is made: a field that it knows, or a comment?
  bool spoke() const noexcept { return spoke_; }

 private:
  enum class Field : char { unnamed, data, type, other };

  template <std::size_t Size>
  struct Name {
    void add(std::string_view text) noexcept {
      const std::size_t room = Size - size;
      const std::size_t taken = text.size() < room ? text.size() : room;
      if (taken > 0) std::memcpy(bytes + size, text.data(), taken);
      size += taken;
    }
    std::string_view view() const noexcept { return {bytes, size}; }
    char bytes[Size];
    std::size_t size = 0;
  };

  StreamEvent event() const noexcept {
    return {type_.view(), data_.view(), data_.overflowed() ? StreamEvent::Kind::too_long : StreamEvent::Kind::event};
  }

  /// A piece of a line.
  void take(std::string_view piece) noexcept {
    if (piece.empty()) return;
    line_is_empty_ = false;
    if (field_ == Field::unnamed) {
      const std::size_t colon = piece.find(':');
      field_name_.add(piece.substr(0, colon));
      if (colon == std::string_view::npos) return;
      piece.remove_prefix(colon + 1);
      begin_value();
    }
    if (before_value_ && !piece.empty()) {
      before_value_ = false;
      if (piece.front() == ' ') piece.remove_prefix(1);
    }
    if (field_ == Field::data) data_.add(piece);
    if (field_ == Field::type) type_.add(piece);
  }

  void begin_value() noexcept {
    const std::string_view name = field_name_.view();
    field_ = name == "data" ? Field::data : name == "event" ? Field::type : Field::other;
    before_value_ = true;
    spoke_ = spoke_ || field_ != Field::other || name.empty() || name == "id" || name == "retry";
    if (field_ == Field::type) type_.size = 0;
    if (field_ != Field::data) return;
    if (has_data_) data_.add("\n");
    has_data_ = true;
  }

  template <class Visit>
  void end_line(const Visit& visit) noexcept {
    if (line_is_empty_)
      dispatch(visit);
    else if (field_ == Field::unnamed)
      begin_value();  // a field without a colon has an empty value
    line_is_empty_ = true;
    field_ = Field::unnamed;
    field_name_.size = 0;
  }

  template <class Visit>
  void dispatch(const Visit& visit) noexcept {
    if (data_.size() > 0 || data_.overflowed()) visit(event());
    data_.clear();
    has_data_ = false;
    type_.size = 0;
  }

  GatheredText data_;
  Name<8> field_name_;  // longer than any that counts
  Name<64> type_;
  Field field_ = Field::unnamed;
  bool before_value_ = false;
  bool line_is_empty_ = true;
  bool has_data_ = false;
  bool after_return_ = false;
  bool spoke_ = false;
};

}  // namespace tallyscope::inline v0::detail
