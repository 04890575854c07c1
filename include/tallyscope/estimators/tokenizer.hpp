// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/nfc.hpp>
#include <tallyscope/estimators/detail/piece_cache.hpp>
#include <tallyscope/estimators/detail/repaired_text.hpp>
#include <tallyscope/estimators/detail/token_merge.hpp>
#include <tallyscope/estimators/vocabulary.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
/// U+FFFD, as the decoders of browsers and of Python replace it; such a text is copied first. So is,
/// where the vocabulary has texts put into NFC, one that is not; its longest run of marks takes up to 28 times its
/// size.
///
/// Time is n log n at worst, whatever the text is. Allocates for such copies; for pieces of more than 64 bytes, 28
/// times their size; and once 1.25 MiB, a cache of pieces, when it has counted 64 KiB. Throws std::bad_alloc then, and
/// is as it was. A piece has at most 1 GiB.
class Tokenizer {
 public:
  /// One of an empty vocabulary counts nothing.
  explicit Tokenizer(const Vocabulary& vocabulary) noexcept : vocabulary_{vocabulary} {}

  const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

  std::uint64_t count(std::string_view text, SpecialTokens specials = SpecialTokens::as_text) {
    return count_up_to(text, std::numeric_limits<std::uint64_t>::max(), specials);
  }

  /// Stops as soon as there are more tokens than `limit`; what it returns then is more than `limit`. To ask whether a
  /// text fits, without counting all of a far larger one.
  std::uint64_t count_up_to(std::string_view text, std::uint64_t limit,
                            SpecialTokens specials = SpecialTokens::as_text) {
    std::uint64_t tokens = 0;
    for_each_part(text, specials, [&](std::string_view part, std::uint32_t special) {
      if (special != detail::no_token)
        ++tokens;
      else
        for_each_piece(part, [&](std::string_view piece, const char* text_end) {
          return (tokens += count_piece(piece, text_end)) <= limit;
        });
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
        for_each_piece(part, [&](std::string_view piece, const char*) {
          encode_piece(piece, out);
          return true;
        });
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
  bool has_special(std::string_view text) const noexcept { return find_special(text).token != detail::no_token; }

 private:
  friend class TokenStream;

  struct FoundSpecial {
    std::size_t place = std::string_view::npos;
    std::size_t size = 0;
    std::uint32_t token = detail::no_token;
  };

  /// The first in the text; of two at one place the longer.
  FoundSpecial find_special(std::string_view text) const noexcept {
    FoundSpecial first;
    if (vocabulary_.empty()) return first;
    bool begins[256]{};
    for (std::size_t number = 0; number < vocabulary_.special_count(); ++number)
      if (const std::string_view special = vocabulary_.special_text(number); !special.empty())
        begins[static_cast<unsigned char>(special[0])] = true;
    for (std::size_t place = 0; place < text.size() && first.size == 0; ++place)
      if (begins[static_cast<unsigned char>(text[place])]) first = special_at(text, place);
    return first;
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
    while (specials == SpecialTokens::allowed) {
      const FoundSpecial found = find_special(text);
      if (found.token == detail::no_token) break;
      if (found.place > 0 && !visit(text.substr(0, found.place), detail::no_token)) return;
      if (!visit(text.substr(found.place, found.size), found.token)) return;
      text.remove_prefix(found.place + found.size);
    }
    if (!text.empty()) visit(text, detail::no_token);
  }

  template <class Visit>
  void for_each_piece(std::string_view text, const Visit& visit) {
    if (vocabulary_.empty()) return;
    want_cache(text.size());
    std::string repaired;
    if (detail::well_formed_size(text) != text.size()) {
      detail::append_repaired(repaired, text);
      text = repaired;
    }
    if (vocabulary_.normalizes()) [[unlikely]]
      text = detail::in_nfc(text, repaired);
    const char* const end = text.data() + text.size();
    detail::with_pieces(vocabulary_.pattern(), [&](auto pieces) {
      detail::visit_pieces<decltype(pieces)>(text.data(), end, [&](const char* begin, const char* piece_end) {
        return visit(std::string_view{begin, static_cast<std::size_t>(piece_end - begin)}, end);
      });
    });
  }

  /// Of a piece of a text that goes on to `text_end`.
  [[gnu::always_inline]] std::size_t count_piece(std::string_view piece, const char* text_end) {
    if (cache_ == nullptr) return count_anew(piece, text_end);
    if (piece.size() > detail::PieceCache::longest_short) return count_longer_piece(piece, text_end);
    return count_cached(detail::piece_key(piece.data(), piece.size(), text_end), piece, text_end);
  }

  std::size_t count_longer_piece(std::string_view piece, const char* text_end) {
    if (piece.size() > detail::PieceCache::longest) return count_anew(piece, text_end);
    return count_cached(detail::long_piece_key(piece.data(), piece.size(), text_end), piece, text_end);
  }

  template <class Key>
  [[gnu::always_inline]] std::size_t count_cached(const Key& key, std::string_view piece, const char* text_end) {
    if (const std::size_t known = cache_->find(key)) return known;
    const std::size_t tokens = count_anew(piece, text_end);
    if (tokens <= detail::PieceCache::most_tokens) cache_->put(key, tokens);
    return tokens;
  }

  [[gnu::noinline]] std::size_t count_anew(std::string_view piece, const char* text_end) {
    if (piece.size() <= detail::PieceCache::longest_short || !vocabulary_.reaches_all()) return count_part(piece);
    std::size_t tokens = 0;
    detail::for_each_part_between_bridges(vocabulary_.bridges(), piece, [&](std::string_view part) {
      tokens += part.size() == piece.size() ? count_part(part) : count_piece(part, text_end);
    });
    return tokens;
  }

  std::size_t count_part(std::string_view part) {
    if (part.size() == 1 || vocabulary_.token_of(part) != detail::no_token) return 1;
    if (part.size() > detail::short_piece) return long_merge_.merge(vocabulary_, part, [](std::uint32_t) {});
    std::uint32_t tokens[detail::short_piece];
    return detail::merge_short(vocabulary_, part, tokens);
  }

  /// A text that is long enough to repeat itself pays for a cache.
  void want_cache(std::size_t size) {
    seen_bytes_ += size;
    if (cache_ == nullptr && seen_bytes_ >= cache_worth) cache_ = std::make_unique<detail::PieceCache>();
  }

  void encode_piece(std::string_view piece, std::vector<std::uint32_t>& out) {
    if (piece.size() <= detail::PieceCache::longest_short || !vocabulary_.reaches_all()) return encode_part(piece, out);
    detail::for_each_part_between_bridges(vocabulary_.bridges(), piece,
                                          [&](std::string_view part) { encode_part(part, out); });
  }

  void encode_part(std::string_view piece, std::vector<std::uint32_t>& out) {
    if (const std::uint32_t token = vocabulary_.token_of(piece); token != detail::no_token) return out.push_back(token);
    if (piece.size() > detail::short_piece) {
      long_merge_.merge(vocabulary_, piece, [&](std::uint32_t token) { out.push_back(token); });
      return;
    }
    std::uint32_t tokens[detail::short_piece];
    const std::size_t count = detail::merge_short(vocabulary_, piece, tokens);
    out.insert(out.end(), tokens, tokens + count);
  }

  static constexpr std::size_t cache_worth = 65'536;  // bytes

  Vocabulary vocabulary_;
  detail::LongMerge long_merge_;
  std::unique_ptr<detail::PieceCache> cache_;
  std::size_t seen_bytes_ = 0;
};

}  // namespace tallyscope::inline v0
