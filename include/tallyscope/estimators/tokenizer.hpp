// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/nfc.hpp>
#include <tallyscope/estimators/detail/piece_encoder.hpp>
#include <tallyscope/estimators/detail/repaired_text.hpp>
#include <tallyscope/estimators/vocabulary.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0 {

/// What the text of a special token, such as "<|endoftext|>", is where it stands in a text.
enum class SpecialTokens : std::uint8_t {
  as_text,  ///< text like any other: what tiktoken calls encode_ordinary
  allowed,  ///< that token
};

/// Counts, encodes and decodes exactly as the model of a vocabulary does. For one thread: it keeps memory for long
/// pieces from one text to the next. Borrows the vocabulary's image.
///
/// Text that is not UTF-8 is taken as if each broken piece of it (Unicode 16, section 3.9, maximal subpart) were
/// U+FFFD, as the decoders of browsers and of Python replace it; such a text is copied first. So is, where the
/// vocabulary has texts put into NFC, one that is not; its longest run of marks takes up to 28 times its size.
///
/// Time is n log n at worst, whatever the text is. Allocates for such copies; for pieces of more than 64 bytes, up to
/// 45 times their size and 4 bytes for each token of the vocabulary; and once 1.25 MiB, a cache of pieces, when it has
/// counted 64 KiB. Keeps what is for pieces. Throws std::bad_alloc for all but the last, without which it is only
/// slower, and is then as it was. A piece must not have more than 1 GiB.
class Tokenizer {
 public:
  /// One of an empty vocabulary counts nothing.
  explicit Tokenizer(const Vocabulary& vocabulary) noexcept : vocabulary_{vocabulary}, encoder_{vocabulary} {}

  const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

  std::uint64_t count(std::string_view text, SpecialTokens specials = SpecialTokens::as_text) {
    return count_up_to(text, std::numeric_limits<std::uint64_t>::max(), specials);
  }

  /// Stops soon after there are more tokens than `limit`; what it returns then is more than `limit`. To ask whether a
  /// text fits, without counting all of a far larger one.
  std::uint64_t count_up_to(std::string_view text, std::uint64_t limit,
                            SpecialTokens specials = SpecialTokens::as_text) {
    std::uint64_t tokens = 0;
    for_each_part(text, specials, [&](std::string_view part, std::uint32_t special) {
      if (special != detail::no_token)
        ++tokens;
      else
        tokens += count_ordinary(part, limit - tokens);
      return tokens <= limit;
    });
    return tokens;
  }

  /// Appends the tokens of `text` to `out`.
  void encode(std::string_view text, std::vector<std::uint32_t>& out, SpecialTokens specials = SpecialTokens::as_text) {
    for_each_part(text, specials, [&](std::string_view part, std::uint32_t special) {
      if (special != detail::no_token)
        out.push_back(special);
      else
        encode_ordinary(part, out);
      return true;
    });
  }
  std::vector<std::uint32_t> encode(std::string_view text, SpecialTokens specials = SpecialTokens::as_text) {
    std::vector<std::uint32_t> tokens;
    encode(text, tokens, specials);
    return tokens;
  }

  /// Appends the bytes of `tokens` to `out`; those of tokens that do not exist are none. False if there were such, or
  /// if the image was made without what decoding needs. Bytes of some tokens together may be no UTF-8: a character may
  /// be several tokens.
  bool decode(const std::uint32_t* tokens, std::size_t count, std::string& out) const {
    bool known = true;
    for (std::size_t place = 0; place < count; ++place) {
      const std::string_view text = vocabulary_.empty() ? std::string_view{} : vocabulary_.text_of(tokens[place]);
      known = known && !text.empty();
      out.append(text);
    }
    return known;
  }
  std::string decode(const std::vector<std::uint32_t>& tokens) const {
    std::string text;
    decode(tokens.data(), tokens.size(), text);
    return text;
  }

  /// Does the text hold that of a special token? To refuse one from outside that would speak for the system.
  bool has_special(std::string_view text) const noexcept {
    return find_special(text, SpecialStarts{vocabulary_}).token != detail::no_token;
  }

 private:
  friend class TokenStream;

  struct FoundSpecial {
    std::size_t place = std::string_view::npos;
    std::size_t size = 0;
    std::uint32_t token = detail::no_token;
  };

  /// With which bytes special tokens begin: where others are, none need be looked for.
  class SpecialStarts {
   public:
    explicit SpecialStarts(const Vocabulary& vocabulary) noexcept {
      for (std::size_t number = 0; !vocabulary.empty() && number < vocabulary.special_count(); ++number) {
        const std::string_view special = vocabulary.special_text(number);
        if (!special.empty()) first_[static_cast<unsigned char>(special[0])] = true;
        if (special.size() > 1)
          second_[static_cast<unsigned char>(special[1])] = true;
        else
          any_second_ = true;
      }
    }
    bool at(std::string_view text, std::size_t place) const noexcept {
      if (!first_[static_cast<unsigned char>(text[place])]) return false;
      return any_second_ || (place + 1 < text.size() && second_[static_cast<unsigned char>(text[place + 1])]);
    }

   private:
    bool first_[256]{};
    bool second_[256]{};
    bool any_second_ = false;
  };

  /// The first in the text; of two at one place the longer.
  FoundSpecial find_special(std::string_view text, const SpecialStarts& starts) const noexcept {
    FoundSpecial found;
    for (std::size_t place = 0; place < text.size() && found.size == 0; ++place)
      if (starts.at(text, place)) found = special_at(text, place);
    return found;
  }

  FoundSpecial special_at(std::string_view text, std::size_t place) const noexcept {
    FoundSpecial found;
    for (std::size_t number = 0; number < vocabulary_.special_count(); ++number) {
      const std::string_view special = vocabulary_.special_text(number);
      if (special.size() > found.size && text.substr(place).starts_with(special))
        found = {place, special.size(), vocabulary_.special_token(number)};
    }
    return found;
  }

  /// Shows what lies between special tokens, and these, until `visit(text, token)` says false.
  template <class Visit>
  void for_each_part(std::string_view text, SpecialTokens specials, const Visit& visit) {
    if (specials == SpecialTokens::allowed) {
      const SpecialStarts starts{vocabulary_};
      for (;;) {
        const FoundSpecial found = find_special(text, starts);
        if (found.token == detail::no_token) break;
        if (found.place > 0 && !visit(text.substr(0, found.place), detail::no_token)) return;
        if (!visit(text.substr(found.place, found.size), found.token)) return;
        text.remove_prefix(found.place + found.size);
      }
    }
    if (!text.empty()) visit(text, detail::no_token);
  }

  /// Stops when it is more than `limit`.
  std::uint64_t count_ordinary(std::string_view text, std::uint64_t limit) {
    std::uint64_t tokens = 0;
    encoder_.begin(text.size());
    for_each_run(text, [&](const detail::PieceEnds& pieces, const char* text_end) {
      return (tokens += encoder_.count(pieces, text_end)) <= limit;
    });
    return tokens;
  }

  void encode_ordinary(std::string_view text, std::vector<std::uint32_t>& out) {
    for_each_run(text, [&](const detail::PieceEnds& pieces, const char* text_end) {
      for (std::size_t place = 0; place < pieces.count; ++place)
        encoder_.encode(pieces[place], text_end, [&](std::uint32_t token) { out.push_back(token); });
      return true;
    });
  }

  /// Shows the pieces, some hundred at a time, until `visit(pieces, text_end)` says false.
  template <class Visit>
  void for_each_run(std::string_view text, const Visit& visit) {
    if (vocabulary_.empty()) return;
    std::string repaired;
    if (detail::well_formed_size(text) != text.size()) {
      detail::append_repaired(repaired, text);
      text = repaired;
    }
    if (vocabulary_.normalizes()) [[unlikely]]
      text = detail::in_nfc(text, repaired);
    const char *place = text.data(), *const end = text.data() + text.size();
    detail::with_pieces(vocabulary_.pattern(), [&](auto pieces) {
      detail::PieceEnds found;
      while (place != end) {
        place = detail::find_pieces<decltype(pieces)>(place, end, found);
        if (!visit(found, end)) return;
      }
    });
  }

  Vocabulary vocabulary_;
  detail::PieceEncoder encoder_;
};

}  // namespace tallyscope::inline v0
