// SPDX-License-Identifier: MIT
// Makes frames of AWS's event streams, with zlib's checksum.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace aws {

inline std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned>(bytes.size())));
}

inline std::string number(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

inline std::string header(std::string_view name, char type, std::string_view value) {
  return static_cast<char>(name.size()) + std::string{name} + type + std::string{value};
}

inline std::string text_header(std::string_view name, std::string_view text) {
  return header(name, 7, number(static_cast<std::uint32_t>(text.size())).substr(2) + std::string{text});
}

inline std::string prelude(std::uint32_t size, std::uint32_t headers_size) {
  const std::string sizes = number(size) + number(headers_size);
  return sizes + number(checksum(sizes));
}

inline std::string frame(std::string_view headers, std::string_view payload) {
  const auto headers_size = static_cast<std::uint32_t>(headers.size());
  const auto size = headers_size + static_cast<std::uint32_t>(payload.size()) + 16;
  const std::string bytes = prelude(size, headers_size) + std::string{headers} + std::string{payload};
  return bytes + number(checksum(bytes));
}

inline std::string event(std::string_view type, std::string_view payload) {
  return frame(text_header(":event-type", type) + text_header(":content-type", "application/json") +
                   text_header(":message-type", "event"),
               payload);
}

}  // namespace aws
