// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/waiting_pairs.hpp>
#include <tallyscope/estimators/vocabulary.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

/// Pieces up to this size are merged in the stack, in quadratic time.
inline constexpr std::size_t short_piece = 64;

/// Byte pair encoding of a piece of 1 to 64 bytes: again and again the two neighbours become one that make the token
/// with the lowest number, the leftmost first (Sennrich, Haddow, Birch 2016). Every part stays where its first byte is.
class ShortMerge {
 public:
  /// Shows each token, and where it ends, to `visit`; returns how many there are. A byte without a token stays
  /// `no_token`.
  template <class Visit>
  [[gnu::always_inline]] static std::size_t merge(const Vocabulary& vocabulary, std::string_view piece, Visit&& visit) {
    ShortMerge parts{vocabulary, piece};
    std::size_t count = piece.size();
    for (std::int32_t least = parts.least(); least != none; least = parts.least(), --count)
      parts.join(vocabulary, least);
    for (std::uint64_t left = parts.parts_; left != 0;) {
      const int place = std::countr_zero(left);
      left &= left - 1;
      visit(parts.tokens_[place], left == 0 ? piece.size() : static_cast<std::size_t>(std::countr_zero(left)));
    }
    return count;
  }

 private:
  /// What a part becomes with the next one, and below it, in as many bits as it takes, its place.
  using Weights = std::int32_t __attribute__((vector_size(16)));
  static constexpr std::int32_t none = 0x7FFFFFFF;
  static constexpr unsigned place_bits = 6;
  static constexpr std::size_t lanes = sizeof(Weights) / sizeof none;
  static_assert(short_piece == 1u << place_bits && token_bits + place_bits < 31);

  ShortMerge(const Vocabulary& vocabulary, std::string_view piece) noexcept
      : parts_{~std::uint64_t{0} >> (short_piece - piece.size())}, vectors_{(piece.size() + lanes - 1) / lanes} {
    const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(piece[place]); };
    const std::size_t last = piece.size() - 1;
    for (std::size_t place = 0; place < last; ++place) {
      tokens_[place] = vocabulary.byte_token(byte(place));
      weights_[place] = weight(vocabulary.byte_pair(byte(place), byte(place + 1)), place);
    }
    tokens_[last] = vocabulary.byte_token(byte(last));
    for (std::size_t place = last; place < vectors_ * lanes; ++place) weights_[place] = none;
  }

  static std::int32_t weight(std::uint32_t token, std::size_t place) noexcept {
    return token == no_token ? none : static_cast<std::int32_t>(token << place_bits | place);
  }

  [[gnu::always_inline]] std::int32_t least() const noexcept {
    const auto* const bytes = reinterpret_cast<const char*>(weights_);
    auto least = load<Weights>(bytes);
    for (std::size_t vector = 1; vector < vectors_; ++vector) {
      const auto next = load<Weights>(bytes + vector * sizeof(Weights));
      least = next < least ? next : least;
    }
    return std::min(std::min(least[0], least[1]), std::min(least[2], least[3]));
  }

  [[gnu::always_inline]] void join(const Vocabulary& vocabulary, std::int32_t least) noexcept {
    const std::size_t place = static_cast<std::size_t>(least) % short_piece;
    tokens_[place] = static_cast<std::uint32_t>(least) >> place_bits;
    std::uint64_t behind = parts_ & ~std::uint64_t{1} << place;
    const std::uint64_t before = parts_ & ((std::uint64_t{1} << place) - 1);
    weights_[std::countr_zero(behind)] = none;
    parts_ &= ~(behind & (0 - behind));
    behind &= behind - 1;
    weights_[place] = none;
    if (behind != 0) weigh(vocabulary, place, static_cast<std::size_t>(std::countr_zero(behind)));
    if (before != 0) weigh(vocabulary, static_cast<std::size_t>(std::bit_width(before)) - 1, place);
  }

  [[gnu::always_inline]] void weigh(const Vocabulary& vocabulary, std::size_t left, std::size_t right) noexcept {
    weights_[left] = weight(vocabulary.pair(tokens_[left], tokens_[right]), left);
  }

  std::uint64_t parts_;  // a bit where each begins
  std::size_t vectors_;  // of weights
  alignas(Weights) std::int32_t weights_[short_piece];
  std::uint32_t tokens_[short_piece];
};

/// The same for pieces of any size, up to 1 GiB. What can be merged waits in a row for each token that it would become,
/// so that the time is that of sorting; in a vocabulary where a merge makes way for one with a lower number, in a heap
/// from the first of these on. Allocates 45 bytes for a byte of the longest piece, and 4 for a token of the vocabulary,
/// and keeps them for later pieces; throws std::bad_alloc.
class LongMerge {
 public:
  /// Shows each token, and where it ends, to `visit`; returns how many there are.
  template <class Visit>
  std::size_t merge(const Vocabulary& vocabulary, std::string_view piece, Visit&& visit) {
    begin(vocabulary, piece);
    for (std::uint32_t token = waiting_.first(0); token != no_token && !by_heap_; token = waiting_.first(token))
      join_all(vocabulary, token);
    if (by_heap_) join_by_heap(vocabulary);
    std::size_t count = 0;
    for (std::uint32_t place = 0; place != end_; place = parts_[place].next, ++count)
      visit(parts_[place].token, std::size_t{parts_[place].next});
    return count;
  }

 private:
  using Candidate = std::uint64_t;  // what two parts become, then the place of the left one

  struct Part {
    std::uint32_t token = no_token;
    std::uint32_t becomes = no_token;  // with the next one
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
  };

  void begin(const Vocabulary& vocabulary, std::string_view piece) {
    end_ = static_cast<std::uint32_t>(piece.size());
    by_heap_ = false;
    heap_.clear();
    parts_.resize(piece.size());
    places_.reserve(piece.size());
    waiting_.begin(vocabulary.token_count(), 3 * piece.size());
    for (std::uint32_t place = 0; place < end_; ++place) {
      const auto byte = static_cast<unsigned char>(piece[place]);
      const bool last = place + 1 == end_;
      parts_[place] = {vocabulary.byte_token(byte),
                       last ? no_token : vocabulary.byte_pair(byte, static_cast<unsigned char>(piece[place + 1])),
                       place - 1, place + 1};
      waiting_.add(parts_[place].becomes, place);
    }
  }

  /// Joins what becomes `token`, from left to right, unless something comes up that becomes one with a lower number.
  void join_all(const Vocabulary& vocabulary, std::uint32_t token) {
    waiting_.take(token, places_);
    if (!std::is_sorted(places_.begin(), places_.end())) std::sort(places_.begin(), places_.end());
    for (const std::uint32_t place : places_) {
      if (parts_[place].becomes != token) continue;  // its neighbours have changed since
      by_heap_ = join(vocabulary, place) < token;
      if (by_heap_) return;
    }
  }

  void join_by_heap(const Vocabulary& vocabulary) {
    for (std::uint32_t place = 0; place != end_; place = parts_[place].next)
      if (parts_[place].becomes != no_token) heap_.push_back(candidate(place));
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>{});
    while (!heap_.empty()) {
      const Candidate best = heap_.front();
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
      heap_.pop_back();
      const auto place = static_cast<std::uint32_t>(best & 0xFFFFFFFF);
      if (parts_[place].becomes == best >> 32) join(vocabulary, place);
    }
  }

  Candidate candidate(std::uint32_t place) const noexcept { return Candidate{parts_[place].becomes} << 32 | place; }

  /// Returns the lowest token that the new part becomes with one of its neighbours.
  std::uint32_t join(const Vocabulary& vocabulary, std::uint32_t place) {
    Part& left = parts_[place];
    Part& right = parts_[left.next];
    left.token = left.becomes;
    left.next = right.next;
    right.becomes = no_token;
    if (left.next != end_) parts_[left.next].previous = place;
    const std::uint32_t with_next = weigh(vocabulary, place);
    return place == 0 ? with_next : std::min(with_next, weigh(vocabulary, left.previous));
  }

  std::uint32_t weigh(const Vocabulary& vocabulary, std::uint32_t place) {
    Part& part = parts_[place];
    part.becomes = part.next == end_ ? no_token : vocabulary.pair(part.token, parts_[part.next].token);
    if (!by_heap_) {
      waiting_.add(part.becomes, place);
    } else if (part.becomes != no_token) {
      heap_.push_back(candidate(place));
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
    }
    return part.becomes;
  }

  std::vector<Part> parts_;
  std::vector<std::uint32_t> places_;
  WaitingPairs waiting_;
  std::vector<Candidate> heap_;
  std::uint32_t end_ = 0;
  bool by_heap_ = false;
};

}  // namespace tallyscope::inline v0::detail
