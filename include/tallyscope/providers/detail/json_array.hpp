// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>
#include <tallyscope/providers/detail/gathered_text.hpp>
#include <tallyscope/providers/detail/stream_event.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The objects of one JSON array, from bytes in pieces of any size. Looks at brackets and strings only: whether an
/// element is sound is for its reader to see.
class JsonArray {
 public:
  explicit JsonArray(std::size_t limit) noexcept : element_{limit} {}

  template <class Visit>
  void feed(std::string_view bytes, const Visit& visit) noexcept {
    const char* const end = bytes.data() + bytes.size();
    const char* begin = bytes.data();  // of the element, as far as it is in these bytes
    for (const char* place = begin; place < end;) {
      if (in_string_) {
        place = pass_string(place, end);
        continue;
      }
      const char c = *place++;
      if (c == '"') in_string_ = depth_ > 0;
      if ((c == '{' || c == '[') && ++depth_ == 2) begin = place - 1;
      if ((c != '}' && c != ']') || depth_ == 0) continue;
      if (--depth_ == 1) {
        element_.add({begin, static_cast<std::size_t>(place - begin)});
        visit(event());
        element_.clear();
      }
    }
    if (depth_ < 2) return;
    element_.add({begin, static_cast<std::size_t>(end - begin)});
    element_.keep();
  }

  /// An element that has no end is nothing.
  StreamEvent pending() const noexcept { return {}; }
  /// Has it come to its end?
  bool closed() const noexcept { return depth_ == 0; }

 private:
  StreamEvent event() const noexcept {
    return {{}, element_.view(), element_.overflowed() ? StreamEvent::Kind::too_long : StreamEvent::Kind::event};
  }

  const char* pass_string(const char* place, const char* end) noexcept {
    if (after_backslash_) {
      after_backslash_ = false;
      return place + 1;
    }
    place = pass_plain(place, end);
    if (place == end) return end;
    after_backslash_ = *place == '\\';
    in_string_ = after_backslash_;
    return place + 1;
  }

  /// The first quotation mark or backslash, eight bytes at a time.
  static const char* pass_plain(const char* place, const char* end) noexcept {
    constexpr auto every = [](std::uint64_t byte) { return byte * 0x0101010101010101u; };
    constexpr auto zeros = [](std::uint64_t word) { return (word - 0x0101010101010101u) & ~word & high_bits; };
    for (; end - place >= 8; place += 8) {
      const std::uint64_t word = load8(place);
      if ((zeros(word ^ every('"')) | zeros(word ^ every('\\'))) != 0) break;
    }
    while (place < end && *place != '"' && *place != '\\') ++place;
    return place;
  }

  GatheredText element_;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool after_backslash_ = false;
};

}  // namespace tallyscope::inline v0::detail
