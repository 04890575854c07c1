// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/token_merge.hpp>
#include <tallyscope/estimators/vocabulary.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

/// Byte pair encoding of long pieces, some bytes at a time.
///
/// Where merges lead to every token and each makes one with a higher number than its parts have, tokens in a row are
/// the encoding of their bytes if and only if each two neighbours are that of theirs (van Antwerpen, Neubeck, "So many
/// tokens, so little time", 2024). So two encodings that overlap are one if the token behind the last that is taken of
/// the first one is the first token of the other. Other vocabularies' pieces are encoded as a whole.
///
/// Allocates 16 to 32 bytes for each token of the longest piece, or as LongMerge does, and keeps them; throws
/// std::bad_alloc.
class WindowMerge {
 public:
  /// Shows each token to `visit`; returns how many there are. The piece is not empty.
  template <class Visit>
  std::size_t merge(const Vocabulary& vocabulary, std::string_view piece, Visit&& visit) {
    const auto show = [&](std::uint32_t token, std::size_t) { visit(token); };
    if (piece.size() <= short_piece) return ShortMerge::merge(vocabulary, piece, show);
    if (!vocabulary.is_monotone()) return whole_.merge(vocabulary, piece, show);
    begin();
    while (taken_end() != piece.size()) {
      if (encoded_ > 2 * taken_end() + 2048) return whole_.merge(vocabulary, piece, show);  // no gain here
      take_next(vocabulary, piece);
    }
    for (const Token& token : taken_) visit(token.number);
    return taken_.size();
  }

 private:
  struct Token {
    std::uint32_t number;
    std::size_t end;  // where it ends in the piece
  };

  static constexpr std::size_t least_size = 32;

  void begin() noexcept {
    taken_.clear();
    size_ = least_size;
    furthest_ = follower_ = encoded_ = 0;
    window_text_ = {};
  }

  std::size_t taken_end() const noexcept { return taken_.empty() ? 0 : taken_.back().end; }

  /// Takes the tokens of a window behind those that were taken, or looks at a larger one the next time.
  void take_next(const Vocabulary& vocabulary, std::string_view piece) {
    const std::size_t from = taken_end();
    encode(vocabulary, piece.substr(from, size_));
    if (from != 0 && window_.front().end != follower_) return take_back();
    const bool last = from + window_text_.size() == piece.size();
    const std::size_t count = last ? window_.size() : settled();
    for (std::size_t place = 0; place < count; ++place)
      taken_.push_back({window_[place].number, from + window_[place].end});
    if (count == 0) size_ *= 2;
    if (count == 0 || last) return;
    follower_ = window_[count].end - window_[count - 1].end;
    if (taken_end() < furthest_ + size_ / 4) return;
    furthest_ = taken_end();
    if (size_ > least_size && window_.front().end < size_ / 8) size_ /= 2;
  }

  /// What was taken last needs to see more of what follows.
  void take_back() noexcept {
    const std::size_t from = taken_end() - std::min(taken_end(), size_);
    std::size_t end = taken_end();
    while (!taken_.empty() && taken_end() > from) {
      end = taken_end();
      taken_.pop_back();
    }
    follower_ = end - taken_end();
    size_ *= 2;
  }

  /// How many tokens end within the first three quarters: what is behind them is encoded twice.
  std::size_t settled() const noexcept {
    std::size_t count = window_.size();
    while (count > 0 && window_[count - 1].end > size_ / 4 * 3) --count;
    return count;
  }

  void encode(const Vocabulary& vocabulary, std::string_view text) {
    if (text == window_text_) return;  // what repeats itself is encoded once
    window_.clear();
    window_text_ = text;
    encoded_ += text.size();
    const auto keep = [&](std::uint32_t token, std::size_t end) { window_.push_back({token, end}); };
    if (text.size() <= short_piece)
      ShortMerge::merge(vocabulary, text, keep);
    else
      whole_.merge(vocabulary, text, keep);
  }

  LongMerge whole_;
  std::vector<Token> taken_;   // neighbours are the encoding of theirs
  std::vector<Token> window_;  // ends from the beginning of window_text_ on
  std::string_view window_text_{};
  std::size_t size_ = least_size;
  std::size_t follower_ = 0;  // bytes of the token that may follow those taken
  std::size_t furthest_ = 0;  // that was taken
  std::size_t encoded_ = 0;   // bytes, some of them several times
};

}  // namespace tallyscope::inline v0::detail
