// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/pattern.hpp>
#include <tallyscope/prices/detail/plain_name.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A piece of one to four bytes that every name has which a pattern stands for: at one place from the start of the
/// name, or from its end, or anywhere; or none.
struct PatternAnchor {
  enum class Where : std::uint8_t { nowhere, anywhere, start, end };

  Where where = Where::nowhere;
  std::uint8_t size = 0;   // bytes, fewer than four only at the very start or end
  std::uint8_t place = 0;  // bytes between it and that end of the name
  std::uint32_t piece = 0;
};

inline constexpr std::size_t whole_piece = sizeof(PatternAnchor::piece);

/// Up to four bytes as a piece.
[[gnu::always_inline]] inline std::uint32_t piece_of(const char* bytes, std::size_t size = whole_piece) noexcept {
  if (size == whole_piece) return load<std::uint32_t>(bytes);
  std::uint32_t piece = 0;
  for (std::size_t place = 0; place < size; ++place) piece = piece << 8 | static_cast<unsigned char>(bytes[place]);
  return piece;
}

/// Where the anchors of some patterns are, to look for their pieces there alone.
class AnchorPlaces {
 public:
  /// Anchors stand no further than this from an end, so that places are bits of a word.
  static constexpr std::size_t limit = 64;

  friend bool operator==(const AnchorPlaces&, const AnchorPlaces&) = default;
  bool empty() const noexcept { return *this == AnchorPlaces{}; }
  bool has(const PatternAnchor& anchor) const noexcept {
    AnchorPlaces with = *this;
    with.add(anchor);
    return with == *this;
  }

  void add(const PatternAnchor& anchor) noexcept {
    using Where = PatternAnchor::Where;
    if (anchor.where == Where::nowhere)
      nowhere_ = true;
    else if (anchor.where == Where::anywhere)
      anywhere_ = true;
    else if (anchor.size < whole_piece)
      short_ |= short_bit(anchor.where, anchor.size);
    else
      (anchor.where == Where::start ? start_ : end_) |= std::uint64_t{1} << anchor.place;
  }

  /// Visits each piece of `name` that may be an anchor's; 0 for those that have none.
  template <class Visit>
  [[gnu::always_inline]] void for_each_piece(std::string_view name, const Visit& visit) const noexcept {
    const char* const begin = name.data();
    if (nowhere_) visit(0u);
    if (short_ != 0) for_each_short(name, visit);
    if (name.size() < whole_piece) return;
    const std::size_t last = name.size() - whole_piece;
    if (anywhere_) {  // the others are among these
      for (std::size_t place = 0; place <= last; ++place) visit(piece_of(begin + place));
      return;
    }
    const std::uint64_t within = last < limit - 1 ? (std::uint64_t{2} << last) - 1 : ~std::uint64_t{0};
    for (std::uint64_t places = start_ & within; places != 0; places &= places - 1)
      visit(piece_of(begin + std::countr_zero(places)));
    for (std::uint64_t places = end_ & within; places != 0; places &= places - 1)
      visit(piece_of(begin + last - static_cast<std::size_t>(std::countr_zero(places))));
  }

 private:
  static std::uint8_t short_bit(PatternAnchor::Where where, std::size_t size) noexcept {
    return static_cast<std::uint8_t>(1u << (where == PatternAnchor::Where::start ? size : size + 4));
  }

  template <class Visit>
  void for_each_short(std::string_view name, const Visit& visit) const noexcept {
    for (std::size_t size = 1; size < whole_piece && size <= name.size(); ++size) {
      if (short_ & short_bit(PatternAnchor::Where::start, size)) visit(piece_of(name.data(), size));
      if (short_ & short_bit(PatternAnchor::Where::end, size)) visit(piece_of(name.data() + name.size() - size, size));
    }
  }

  std::uint64_t start_ = 0, end_ = 0;  // places of whole pieces
  std::uint8_t short_ = 0;             // sizes of the others
  bool anywhere_ = false;
  bool nowhere_ = false;
};

/// The anchor of `pattern`, a plain text that begins with `before` bytes without a wildcard and ends with `behind`,
/// that costs least: `cost(anchor)` is asked of all that are possible. One at an end goes before one anywhere, and that
/// before none.
template <class Cost>
PatternAnchor cheapest_anchor(std::string_view pattern, std::size_t before, std::size_t behind, const Cost& cost) {
  using Where = PatternAnchor::Where;
  PatternAnchor best;
  std::size_t least = ~std::size_t{0};
  const auto offer = [&](Where where, std::size_t at, std::size_t size, std::size_t place) {
    const PatternAnchor anchor{where, static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(place),
                               piece_of(pattern.data() + at, size)};
    const std::size_t its_cost = cost(anchor);
    if (its_cost < least) best = anchor, least = its_cost;
  };
  const std::size_t end = pattern.size();
  for (std::size_t place = 0; place + whole_piece <= before && place < AnchorPlaces::limit; ++place)
    offer(Where::start, place, whole_piece, place);
  for (std::size_t place = 0; place + whole_piece <= behind && place < AnchorPlaces::limit; ++place)
    offer(Where::end, end - place - whole_piece, whole_piece, place);
  if (best.size == 0 && before > 0) offer(Where::start, 0, before, 0);
  if (best.size < whole_piece && behind > 0 && behind < whole_piece) offer(Where::end, end - behind, behind, 0);
  if (best.size != 0) return best;
  for (std::size_t at = 0; at + whole_piece <= end; ++at)
    if (!is_pattern(pattern.substr(at, whole_piece))) offer(Where::anywhere, at, whole_piece, 0);
  return best;
}

}  // namespace tallyscope::inline v0::detail
