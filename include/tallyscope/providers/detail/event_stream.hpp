// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/crc32.hpp>
#include <tallyscope/providers/detail/gathered_text.hpp>
#include <tallyscope/providers/detail/stream_event.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// An integer in network order.
inline std::uint32_t big_endian(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

/// Takes `size` bytes off the front; nothing, and all that is left, if there are not so many.
inline std::string_view take_front(std::string_view& bytes, std::size_t size) noexcept {
  const std::string_view front = size <= bytes.size() ? bytes.substr(0, size) : std::string_view{};
  bytes.remove_prefix(size <= bytes.size() ? size : bytes.size());
  return front;
}

/// The texts among the headers of a frame that say what the frame is.
struct FrameHeaders {
  std::string_view message_type{};
  std::string_view event_type{};
  std::string_view exception_type{};
  std::string_view error_code{};

  explicit FrameHeaders(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
      const std::string_view name = take_front(bytes, big_endian(take_front(bytes, 1)));
      const std::string_view type = take_front(bytes, 1);
      if (type.empty()) return;
      const std::string_view value = take_value(bytes, type.front());
      if (name == ":message-type") message_type = value;
      if (name == ":event-type") event_type = value;
      if (name == ":exception-type") exception_type = value;
      if (name == ":error-code") error_code = value;
    }
  }

 private:
  static std::string_view take_value(std::string_view& bytes, char type) noexcept {
    constexpr std::size_t sizes[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};  // of the types from `true` to `uuid`
    constexpr char byte_array = 6, string = 7;
    if (type == byte_array || type == string) return take_front(bytes, big_endian(take_front(bytes, 2)));
    const auto place = static_cast<unsigned char>(type);
    return take_front(bytes, place < 10 ? sizes[place] : bytes.size());
  }
};

/// The frames of AWS's application/vnd.amazon.eventstream, from bytes in pieces of any size: a prelude of two sizes
/// with a CRC-32, headers, payload, a CRC-32 of all. A frame that does not fit its CRCs is the end of what can be read.
class EventStream {
 public:
  /// `limit` is for the payload; headers have a limit of their own.
  explicit EventStream(std::size_t limit) noexcept
      : limit_{limit}, frame_{limit < SIZE_MAX - most_overhead ? limit + most_overhead : limit} {}

  template <class Visit>
  void feed(std::string_view bytes, const Visit& visit) noexcept {
    while (!bytes.empty() && !broken_) {
      const std::size_t wanted = left_out_ > 0 ? left_out_ : size_ - frame_.size();
      const std::string_view piece = take_front(bytes, wanted < bytes.size() ? wanted : bytes.size());
      if (left_out_ > 0)
        left_out_ -= piece.size();
      else
        take(piece, wanted - piece.size(), visit);
    }
    frame_.keep();
  }

  /// A frame that has no end is nothing.
  StreamEvent pending() const noexcept { return {}; }

 private:
  static constexpr std::size_t prelude_size = 12;
  static constexpr std::size_t most_headers = 128 * 1024;
  static constexpr std::size_t most_overhead = most_headers + 16;

  /// Takes a piece of the frame, or of its prelude, of which `rest` is still to come.
  template <class Visit>
  void take(std::string_view piece, std::size_t rest, const Visit& visit) noexcept {
    const bool has_prelude = size_ > prelude_size;
    frame_.add(piece);
    if (frame_.overflowed())  // there is no memory for it
      has_prelude ? leave_out(rest, visit) : break_off(visit);
    else if (rest == 0)
      has_prelude ? end_frame(visit) : end_prelude(visit);
  }

  template <class Visit>
  void end_prelude(const Visit& visit) noexcept {
    const std::string_view prelude = frame_.view();
    const std::uint32_t size = big_endian(prelude.substr(0, 4)), headers = big_endian(prelude.substr(4, 4));
    if (big_endian(prelude.substr(8, 4)) != crc32(prelude.substr(0, 8)) || size < prelude_size + 4 ||
        headers > size - (prelude_size + 4) || headers > most_headers)
      return break_off(visit);
    size_ = size;
    if (size - headers - (prelude_size + 4) > limit_) leave_out(size - prelude_size, visit);
  }

  template <class Visit>
  void end_frame(const Visit& visit) noexcept {
    const std::string_view frame = frame_.view();
    if (big_endian(frame.substr(size_ - 4)) != crc32(frame.substr(0, size_ - 4))) return break_off(visit);
    const std::uint32_t headers_size = big_endian(frame.substr(4, 4));
    const FrameHeaders headers{frame.substr(prelude_size, headers_size)};
    std::string_view payload = frame.substr(prelude_size + headers_size);
    payload.remove_suffix(4);
    visit(event(headers, payload));
    begin_frame();
  }

  static StreamEvent event(const FrameHeaders& headers, std::string_view payload) noexcept {
    if (headers.message_type == "exception") return {headers.exception_type, payload, StreamEvent::Kind::failure};
    if (headers.message_type == "error") return {headers.error_code, payload, StreamEvent::Kind::failure};
    return {headers.event_type, payload, StreamEvent::Kind::event};
  }

  void begin_frame() noexcept {
    frame_.clear();
    size_ = prelude_size;
  }

  template <class Visit>
  void leave_out(std::size_t rest, const Visit& visit) noexcept {
    left_out_ = rest;
    visit(StreamEvent{{}, {}, StreamEvent::Kind::too_long});
    begin_frame();
  }

  template <class Visit>
  void break_off(const Visit& visit) noexcept {
    broken_ = true;
    visit(StreamEvent{{}, {}, StreamEvent::Kind::broken});
    frame_.clear();
  }

  std::size_t limit_;
  GatheredText frame_;
  std::size_t size_ = prelude_size;  // of the frame, as far as it is known
  std::size_t left_out_ = 0;         // bytes of a frame that is left out
  bool broken_ = false;
};

}  // namespace tallyscope::inline v0::detail
