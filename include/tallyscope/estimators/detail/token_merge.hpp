// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/waiting_pairs.hpp>
#include <tallyscope/estimators/vocabulary.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

/// Pieces up to this size are merged in the stack, in quadratic time.
inline constexpr std::size_t short_piece = 64;

/// Byte pair encoding of a piece of 2 to 64 bytes: again and again the two neighbours become one that make the token
/// with the lowest number, the leftmost first (Sennrich, Haddow, Birch 2016). Leaves the tokens in `tokens`, which has
/// room for as many as there are bytes, and returns how many they are. A byte without a token stays `no_token`.
inline std::size_t merge_short(const Vocabulary& vocabulary, std::string_view piece, std::uint32_t* tokens) noexcept {
  std::uint32_t becomes[short_piece];  // what each and the next one become
  std::size_t count = piece.size();
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(piece[place]); };
  for (std::size_t place = 0; place < count; ++place) tokens[place] = vocabulary.byte_token(byte(place));
  for (std::size_t place = 0; place + 1 < count; ++place)
    becomes[place] = vocabulary.byte_pair(byte(place), byte(place + 1));
  while (count > 1) {
    std::size_t best = 0;
    for (std::size_t place = 1; place + 1 < count; ++place)
      if (becomes[place] < becomes[best]) best = place;
    if (becomes[best] == no_token) break;
    tokens[best] = becomes[best];
    --count;
    for (std::size_t place = best + 1; place < count; ++place) tokens[place] = tokens[place + 1];
    for (std::size_t place = best + 1; place + 1 < count; ++place) becomes[place] = becomes[place + 1];
    if (best + 1 < count) becomes[best] = vocabulary.pair(tokens[best], tokens[best + 1]);
    if (best > 0) becomes[best - 1] = vocabulary.pair(tokens[best - 1], tokens[best]);
  }
  return count;
}

/// The same for pieces of any size, up to 1 GiB. What can be merged waits in a row for each token that it would become,
/// so that the time is that of sorting; in a vocabulary where a merge makes way for one with a lower number, in a heap
/// from the first of these on. Allocates 45 bytes for a byte of the longest piece, and 4 for a token of the vocabulary,
/// and keeps them for later pieces; throws std::bad_alloc.
class LongMerge {
 public:
  /// Shows each token to `visit`; returns how many there are.
  template <class Visit>
  std::size_t merge(const Vocabulary& vocabulary, std::string_view piece, Visit&& visit) {
    begin(vocabulary, piece);
    for (std::uint32_t token = waiting_.first(0); token != no_token && !by_heap_; token = waiting_.first(token))
      join_all(vocabulary, token);
    if (by_heap_) join_by_heap(vocabulary);
    std::size_t count = 0;
    for (std::uint32_t place = 0; place != end_; place = parts_[place].next, ++count) visit(parts_[place].token);
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
