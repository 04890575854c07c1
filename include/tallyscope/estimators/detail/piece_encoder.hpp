// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/piece_cache.hpp>
#include <tallyscope/estimators/detail/piece_ends.hpp>
#include <tallyscope/estimators/detail/window_merge.hpp>
#include <tallyscope/estimators/vocabulary.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The tokens of the pieces of texts, and how many they are. For one thread; borrows the vocabulary's image.
class PieceEncoder {
 public:
  explicit PieceEncoder(const Vocabulary& vocabulary) noexcept : vocabulary_{vocabulary} {}

  /// A text of that many bytes is about to be counted. One that may repeat itself pays for a cache.
  void begin(std::size_t size) noexcept {
    seen_bytes_ += size;
    if (!cache_.is_open() && seen_bytes_ >= cache_worth) cache_.open();
  }

  /// The tokens of pieces of a text that goes on to `text_end`. Throws std::bad_alloc for one of more than 64 bytes.
  std::size_t count(const PieceEnds& pieces, const char* text_end) {
    if (!cache_.is_open()) return count_uncached(pieces);
    std::size_t tokens = 0, missing = 0;
    std::uint16_t places[PieceEnds::room];
    const char* begin = pieces.begin;
    for (std::size_t place = 0; place < pieces.count; ++place) {
      const char* const end = pieces.ends[place];
      const auto size = static_cast<std::size_t>(end - begin);
      std::size_t known = 0;
      if (size <= PieceCache::longest_short) [[likely]]
        known = cache_.find(piece_key(begin, size, text_end));
      tokens += known;
      places[missing] = static_cast<std::uint16_t>(place);
      missing += known == 0 ? 1 : 0;
      begin = end;
    }
    return missing == 0 ? tokens : tokens + count_missing(pieces, places, missing, text_end);
  }

  /// Shows the tokens of a piece of a text that goes on to `text_end`. Throws as count() does.
  template <class Visit>
  void encode(std::string_view piece, const char* text_end, const Visit& visit) {
    for_each_part(piece, [&](std::string_view part) {
      const std::uint32_t token = part.size() <= PieceCache::longest_short
                                      ? vocabulary_.token_of(piece_key(part.data(), part.size(), text_end))
                                      : vocabulary_.token_of(part);
      if (token != no_token)
        visit(token);
      else
        merge_.merge(vocabulary_, part, visit);
    });
  }

 private:
  static constexpr std::size_t cache_worth = 65'536;  // bytes

  std::size_t count_uncached(const PieceEnds& pieces) {
    std::size_t tokens = 0;
    for (std::size_t place = 0; place < pieces.count; ++place)
      for_each_part(pieces[place], [&](std::string_view part) { tokens += count_part(part); });
    return tokens;
  }

  [[gnu::noinline]] std::size_t count_missing(const PieceEnds& pieces, const std::uint16_t* places, std::size_t missing,
                                              const char* text_end) {
    for (std::size_t place = 0; place < missing; ++place)
      if (const std::string_view piece = pieces[places[place]]; piece.size() <= PieceCache::longest_short)
        vocabulary_.prefetch(piece_key(piece.data(), piece.size(), text_end));
    std::size_t tokens = 0;
    for (std::size_t place = 0; place < missing; ++place) tokens += count(pieces[places[place]], text_end);
    return tokens;
  }

  std::size_t count(std::string_view piece, const char* text_end) {
    if (piece.size() <= PieceCache::longest_short)
      return count_short(piece_key(piece.data(), piece.size(), text_end), piece);
    if (piece.size() > PieceCache::longest) return count_parts(piece, text_end);
    const LongPieceKey key = long_piece_key(piece.data(), piece.size(), text_end);
    if (const std::size_t known = cache_.find(key)) return known;
    const std::size_t tokens = count_parts(piece, text_end);
    if (tokens <= PieceCache::most_tokens) cache_.put(key, tokens);
    return tokens;
  }

  std::size_t count_short(const WidePair& key, std::string_view piece) {
    if (const std::size_t known = cache_.find(key)) return known;
    const std::size_t tokens = vocabulary_.has(key) ? 1 : merge(piece);
    cache_.put(key, tokens);
    return tokens;
  }

  std::size_t count_parts(std::string_view piece, const char* text_end) {
    std::size_t tokens = 0;
    for_each_part(piece, [&](std::string_view part) {
      tokens += part.size() == piece.size() ? count_part(part) : count(part, text_end);
    });
    return tokens;
  }

  /// The parts of a piece that are encoded each by itself.
  template <class Visit>
  void for_each_part(std::string_view piece, const Visit& visit) {
    if (piece.size() <= PieceCache::longest_short || !vocabulary_.reaches_all()) return visit(piece);
    for_each_part_between_bridges(vocabulary_.bridges(), piece, visit);
  }

  std::size_t count_part(std::string_view part) { return vocabulary_.token_of(part) != no_token ? 1 : merge(part); }
  std::size_t merge(std::string_view part) {
    if (part.size() == 1) return 1;
    return merge_.merge(vocabulary_, part, [](std::uint32_t) {});
  }

  Vocabulary vocabulary_;
  PieceCache cache_;
  WindowMerge merge_;
  std::size_t seen_bytes_ = 0;
};

}  // namespace tallyscope::inline v0::detail
