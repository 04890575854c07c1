// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/vocabulary.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

/// The same for pieces of any size, in n log n steps. Allocates 28 bytes for a byte at first, and keeps them for later
/// pieces; throws std::bad_alloc.
class LongMerge {
 public:
  /// Shows each token to `visit`; returns how many there are.
  template <class Visit>
  std::size_t merge(const Vocabulary& vocabulary, std::string_view piece, Visit&& visit) {
    begin(vocabulary, piece);
    std::size_t count = piece.size();
    while (!queue_.empty()) {
      const Candidate best = queue_.front();
      std::pop_heap(queue_.begin(), queue_.end(), std::greater<>{});
      queue_.pop_back();
      const auto place = static_cast<std::uint32_t>(best & 0xFFFFFFFF);
      if (parts_[place].becomes != best >> 32) continue;  // its neighbours have changed since
      join(vocabulary, place);
      --count;
    }
    for (std::uint32_t place = 0; place != end_; place = parts_[place].next) visit(parts_[place].token);
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
    parts_.resize(piece.size());
    queue_.clear();
    queue_.reserve(piece.size() + piece.size() / 2);
    for (std::uint32_t place = 0; place < end_; ++place) {
      const auto byte = static_cast<unsigned char>(piece[place]);
      parts_[place] = {vocabulary.byte_token(byte), no_token, place - 1, place + 1};
      if (place + 1 < end_)
        parts_[place].becomes = vocabulary.byte_pair(byte, static_cast<unsigned char>(piece[place + 1]));
      if (parts_[place].becomes != no_token) queue_.push_back(candidate(place));
    }
    std::make_heap(queue_.begin(), queue_.end(), std::greater<>{});
  }

  Candidate candidate(std::uint32_t place) const noexcept { return Candidate{parts_[place].becomes} << 32 | place; }

  void join(const Vocabulary& vocabulary, std::uint32_t place) {
    Part& left = parts_[place];
    Part& right = parts_[left.next];
    left.token = left.becomes;
    left.next = right.next;
    right.becomes = no_token;
    if (left.next != end_) parts_[left.next].previous = place;
    weigh(vocabulary, place);
    if (place != 0) weigh(vocabulary, left.previous);
  }

  void weigh(const Vocabulary& vocabulary, std::uint32_t place) {
    Part& part = parts_[place];
    part.becomes = part.next == end_ ? no_token : vocabulary.pair(part.token, parts_[part.next].token);
    if (part.becomes == no_token) return;
    queue_.push_back(candidate(place));
    std::push_heap(queue_.begin(), queue_.end(), std::greater<>{});
  }

  std::vector<Part> parts_;
  std::vector<Candidate> queue_;
  std::uint32_t end_ = 0;
};

}  // namespace tallyscope::inline v0::detail
