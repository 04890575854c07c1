// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/tokenizer.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tallyscope::inline v0 {

/// Counts a text as it grows: the same as Tokenizer::count of the whole, whatever the pieces it comes in, also those
/// that end within a character. Keeps only the end of the text whose tokens are not yet settled: some tens of bytes of
/// natural text, and of marks as many as follow each other where the vocabulary has texts put into NFC. For one thread;
/// borrows the vocabulary's image.
///
/// Appending four bytes of natural text takes some 100 ns on the average; no text makes the average append take more
/// than in proportion to its size. Throws std::bad_alloc; what was appended then may be missing, and nothing counts
/// twice.
class TokenStream {
 public:
  explicit TokenStream(const Vocabulary& vocabulary) noexcept : tokenizer_{vocabulary} {}

  void append(std::string_view bytes) {
    if (cut_size_ == 0 && detail::well_formed_size(bytes) == bytes.size())
      append_sound(bytes);
    else
      append_broken(bytes);
    if (tail_.size() >= next_look_) settle();
  }

  /// The tokens of all that was appended so far. A growing text may have fewer tokens than its beginning had.
  std::uint64_t count() {
    if (cut_size_ == 0 && normal_.waiting().empty()) return settled_ + tokenizer_.count(open_text());
    std::string whole{open_text()};
    whole.append(normal_.waiting());
    if (cut_size_ != 0) whole.append("\xEF\xBF\xBD");  // what is cut off for now
    return settled_ + tokenizer_.count(whole);
  }

  /// Those that no text to come can change. At once, and never more than there will be at last; for budgets.
  std::uint64_t settled() const noexcept { return settled_; }

  /// Begins a new text; the memory stays.
  void reset() noexcept {
    tail_.clear();
    normal_.reset();
    settled_bytes_ = 0;
    settled_ = 0;
    next_look_ = 0;
    cut_size_ = 0;
  }

 private:
  void append_sound(std::string_view text) {
    if (tokenizer_.vocabulary().normalizes())
      normal_.append(tail_, text);
    else
      tail_.append(text);
  }

  void append_broken(std::string_view bytes) {
    std::string text{cut_, cut_size_};
    text.append(bytes);
    const std::size_t cut = detail::cut_size(text), sound = text.size() - cut;
    std::string repaired;
    detail::append_repaired(repaired, std::string_view{text}.substr(0, sound));
    append_sound(repaired);
    text.copy(cut_, cut, sound);
    cut_size_ = cut;
  }

  std::string_view open_text() const noexcept { return std::string_view{tail_}.substr(settled_bytes_); }

  /// Counts the pieces that are final: the one behind them is whole too, with all that its pattern looks at. While a
  /// piece stays open it is looked at the less often the longer it is.
  void settle() {
    const Vocabulary& vocabulary = tokenizer_.vocabulary();
    if (vocabulary.empty()) return tail_.clear();
    tokenizer_.encoder_.begin(tail_.size() / 8);
    const char* const end = tail_.data() + tail_.size();
    detail::PieceEnds final;
    do {
      find_final(tail_.data() + settled_bytes_, end, final);
      settled_ += tokenizer_.encoder_.count(final, end);
      settled_bytes_ = static_cast<std::size_t>(final.end() - tail_.data());
    } while (final.count == detail::PieceEnds::room);
    tail_.erase(0, settled_bytes_);
    settled_bytes_ = 0;
    next_look_ = tail_.size() + tail_.size() / 8 + looks_apart;
  }

  /// Finds the pieces from `place` on that are final, as many as there is room for.
  void find_final(const char* place, const char* end, detail::PieceEnds& final) const noexcept {
    final.begin = place;
    final.count = 0;
    detail::with_pieces(tokenizer_.vocabulary().pattern(), [&](auto pieces) {
      const char* piece_end = place == end ? end : pieces.next(place, end);
      while (piece_end != end && final.count < detail::PieceEnds::room) {
        const char* const following = pieces.next(piece_end, end);
        if (end - following < looks_ahead) return;
        final.ends[final.count++] = piece_end;
        piece_end = following;
      }
    });
  }

  static constexpr std::ptrdiff_t looks_ahead = 8;  // bytes: two characters
  static constexpr std::size_t looks_apart = 32;    // bytes: to look at each word once or twice

  Tokenizer tokenizer_;
  std::string tail_;  // well-formed, and in NFC where the vocabulary has it
  detail::NfcStream normal_;
  std::size_t settled_bytes_ = 0;  // of its beginning, after an exception
  std::uint64_t settled_ = 0;
  std::size_t next_look_ = 0;
  std::size_t cut_size_ = 0;
  char cut_[3];  // the beginning of a character that is still to come
};

}  // namespace tallyscope::inline v0
