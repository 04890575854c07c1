// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>
#include <tallyscope/estimators/detail/token_slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Where no token reaches from one character into the next, no merge does: what stands on both sides is encoded by
// itself. The filter of an image has a bit for the bytes that each of its tokens has on both sides of such a border: of
// the character before it as many as the token has, of the one behind it likewise.
namespace tallyscope::inline v0::detail {

inline constexpr std::size_t bridge_bits = std::size_t{1} << 20;

/// The bit for these bytes, each one to four of them with the first one lowest.
inline std::size_t bridge_bit(std::uint32_t before, std::uint32_t behind) noexcept {
  return static_cast<std::size_t>(slot_hash(std::uint64_t{before} << 32 | behind) >> 44);
}

/// The size of a character by its first byte.
constexpr std::size_t character_size_of(char lead) noexcept {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

inline std::uint32_t packed(std::string_view bytes) noexcept {
  std::uint32_t word = 0;
  for (std::size_t place = bytes.size(); place-- > 0;) word = word << 8 | static_cast<unsigned char>(bytes[place]);
  return word;
}

/// Most tokens have whole characters on both sides. Where one has not, a bit for the bytes right at the border says so:
/// without it only whole characters need be looked for.
inline constexpr std::size_t cut_bridge_bits = 64 * 64;
inline std::size_t cut_bridge_bit(char before, char behind) noexcept {
  return std::size_t{static_cast<unsigned char>(before)} % 64 * 64 + static_cast<unsigned char>(behind) % 64;
}
inline bool is_cut(std::string_view character) noexcept {
  return is_continuation(character[0]) || character.size() < character_size_of(character[0]);
}

/// Visits what a token has on both sides of each border of characters within it.
template <class Visit>
void for_each_bridge(std::string_view token, const Visit& visit) {
  std::size_t before = 0;  // where the character before begins, as far as the token has it
  for (std::size_t place = 1; place < token.size(); ++place) {
    if (is_continuation(token[place])) continue;
    const std::string_view behind = token.substr(place, character_size_of(token[place]));
    visit(token.substr(before, place - before), behind);
    before = place;
  }
}

/// A whole character of a text.
struct BridgeEnd {
  std::uint32_t bytes;  // packed
  std::uint32_t size;

  BridgeEnd(const char* place, const char* text_end) noexcept
      : bytes{}, size{static_cast<std::uint32_t>(character_size_of(*place))} {
    if (std::endian::native == std::endian::little && text_end - place >= 4)
      bytes = load<std::uint32_t>(place) & ~std::uint32_t{0} >> (32 - 8 * size);
    else
      bytes = packed({place, size});
  }
  char first() const noexcept { return static_cast<char>(bytes & 0xFF); }
  char last() const noexcept { return static_cast<char>(bytes >> 8 * (size - 1)); }
};

/// May a token reach from a character into the next one?
class Bridges {
 public:
  Bridges(const std::uint64_t* bits, const std::uint64_t* cut) noexcept : bits_{bits}, cut_{cut} {}

  [[gnu::always_inline]] bool between(const BridgeEnd& before, const BridgeEnd& behind) const noexcept {
    const std::size_t cut = cut_bridge_bit(before.last(), behind.first());
    if ((cut_[cut / 64] >> cut % 64 & 1) != 0) [[unlikely]]
      return between_parts(before, behind);
    return has(bridge_bit(before.bytes, behind.bytes));
  }

 private:
  [[gnu::noinline]] bool between_parts(const BridgeEnd& before, const BridgeEnd& behind) const noexcept {
    bool any = false;
    for (std::uint32_t missing = 0; missing < before.size; ++missing)
      for (std::uint32_t taken = 1; taken <= behind.size; ++taken)
        any |= has(bridge_bit(before.bytes >> 8 * missing, behind.bytes & ~std::uint32_t{0} >> (32 - 8 * taken)));
    return any;
  }

  bool has(std::size_t bit) const noexcept { return (bits_[bit / 64] >> bit % 64 & 1) != 0; }

  const std::uint64_t* bits_;
  const std::uint64_t* cut_;
};

/// Cuts a piece of well-formed text where no token reaches across, and visits the parts.
template <class Visit>
void for_each_part_between_bridges(const Bridges& bridges, std::string_view piece, const Visit& visit) {
  const char *begin = piece.data(), *const end = begin + piece.size();
  BridgeEnd last{begin, end};
  for (const char* place = begin + last.size; place != end;) {
    const BridgeEnd next{place, end};
    if (!bridges.between(last, next)) {
      visit(std::string_view{begin, static_cast<std::size_t>(place - begin)});
      begin = place;
    }
    last = next;
    place += next.size;
  }
  visit(std::string_view{begin, static_cast<std::size_t>(end - begin)});
}

}  // namespace tallyscope::inline v0::detail
