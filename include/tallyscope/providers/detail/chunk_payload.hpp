// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/base64.hpp>
#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/providers/detail/gathered_text.hpp>
#include <tallyscope/providers/detail/stream_event.hpp>

#include <cstddef>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The event of a model's own shape that Bedrock's InvokeModelWithResponseStream wraps as {"bytes":"base64 of it"}.
class ChunkPayload {
 public:
  explicit ChunkPayload(std::size_t limit) noexcept : event_{limit} {}

  /// The event within `chunk`, valid until the next one is asked for, or what is wrong with it.
  StreamEvent unwrap(const StreamEvent& chunk) noexcept {
    event_.clear();
    const bool sound = decode_base64(bytes_of(chunk.data), [&](std::string_view piece) {
      event_.add(piece);
      event_.keep();
    });
    if (event_.overflowed()) return {{}, {}, StreamEvent::Kind::too_long};
    return {{}, event_.view(), sound ? StreamEvent::Kind::event : StreamEvent::Kind::broken};
  }

 private:
  /// The member `bytes`; empty if there is none.
  static std::string_view bytes_of(std::string_view payload) noexcept {
    JsonScan scan{payload};
    JsonString key, bytes;
    if (!scan.begin_object()) return {};
    while (scan.next_member(key)) {
      if (key.raw() == "bytes" && scan.string(bytes)) return bytes.raw();
      scan.skip();
    }
    return {};
  }

  GatheredText event_;
};

}  // namespace tallyscope::inline v0::detail
