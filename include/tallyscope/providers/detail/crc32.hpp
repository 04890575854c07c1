// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The remainders of every byte, with 0 to 7 zero bytes behind it, by the reflected polynomial 0xEDB88320.
inline constexpr auto crc32_table = [] {
  std::array<std::array<std::uint32_t, 256>, 8> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1) * 0xEDB88320u;
    table[0][byte] = value;
  }
  for (std::size_t zeros = 1; zeros < 8; ++zeros)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = table[zeros - 1][byte];
      table[zeros][byte] = before >> 8 ^ table[0][before & 0xFF];
    }
  return table;
}();

/// The CRC-32 of Ethernet, gzip and AWS's event streams.
inline std::uint32_t crc32(std::string_view bytes) noexcept {
  const auto& table = crc32_table;
  std::uint32_t value = 0xFFFFFFFFu;
  const char* place = bytes.data();
  std::size_t left = bytes.size();
  if constexpr (std::endian::native == std::endian::little)
    for (; left >= 8; place += 8, left -= 8) {
      const std::uint64_t word = load8(place) ^ value;
      const auto of = [&](unsigned byte) { return table[7 - byte][word >> 8 * byte & 0xFF]; };
      value = of(0) ^ of(1) ^ of(2) ^ of(3) ^ of(4) ^ of(5) ^ of(6) ^ of(7);
    }
  for (; left > 0; ++place, --left) value = value >> 8 ^ table[0][(value ^ static_cast<unsigned char>(*place)) & 0xFF];
  return ~value;
}

}  // namespace tallyscope::inline v0::detail
