// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/estimators/char_ratio.hpp>
#include <tallyscope/estimators/encodings.hpp>
#include <tallyscope/estimators/token_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0 {

/// The vocabulary of an encoding.
struct EncodingVocabulary {
  Encoding encoding = Encoding::o200k_base;
  Vocabulary vocabulary{};
};

/// The Estimator for a Tracker that counts as the model does: exactly where its vocabulary is at hand, and else, also
/// for models without a public one, as `Fallback` estimates. A record names which it was: "o200k_base", "char_ratio".
///
///   static VocabularyFile file = VocabularyFile::open(vocabulary_path("o200k_base"), problem);
///   static const EncodingVocabulary vocabularies[] = {{Encoding::o200k_base, file.vocabulary()}};
///   Tracker tracker{sink, PriceBook{}, ModelTokens{vocabularies}};
///
/// Borrows the row of vocabularies and their images. A meter allocates when it is first fed; memory that is not there
/// leaves the estimate out. Feeding costs what TokenStream costs: some 100 ns for four bytes of natural text.
template <Estimator Fallback = CharRatio>
class ModelTokens {
 public:
  template <std::size_t N>
  explicit ModelTokens(const EncodingVocabulary (&vocabularies)[N], Fallback fallback = {}) noexcept
      : vocabularies_{vocabularies}, count_{N}, fallback_{std::move(fallback)} {}

  template <std::size_t N>
  explicit ModelTokens(const EncodingVocabulary (&&)[N], Fallback = {}) = delete;  // gone before it is used

  /// A meter for one text of `model`.
  ModelTokens for_model(std::string_view model) const {
    const std::optional<Encoding> encoding = encoding_of_model(model);
    const EncodingVocabulary* const known = encoding ? vocabulary_of(*encoding) : nullptr;
    return known ? ModelTokens{*known, *encoding} : ModelTokens{fallback_.for_model(model)};
  }

  void feed(std::string_view text) {
    if (exact_ == nullptr) return fallback_.feed(text);
    if (stream_ == nullptr) stream_ = std::make_unique<TokenStream>(exact_->vocabulary);
    stream_->append(text);
  }

  Estimate tokens() const {
    if (exact_ == nullptr) return fallback_.tokens();
    const std::uint64_t tokens = stream_ == nullptr ? 0 : stream_->count();
    return {.tokens = tokens, .method = name_of(encoding_), .exact = true};
  }

  /// What is counted exactly leaves nothing to learn.
  void learn(const Record& record) const requires LearningEstimator<Fallback> {
    const std::optional<Encoding> encoding = encoding_of_model(record.call.model);
    if (!encoding || vocabulary_of(*encoding) == nullptr) fallback_.learn(record);
  }

 private:
  explicit ModelTokens(Fallback meter) noexcept : fallback_{std::move(meter)} {}
  ModelTokens(const EncodingVocabulary& exact, Encoding encoding) noexcept : exact_{&exact}, encoding_{encoding} {}

  const EncodingVocabulary* vocabulary_of(Encoding encoding) const noexcept {
    for (std::size_t place = 0; place < count_; ++place)
      if (has_tokens_of(vocabularies_[place], encoding)) return &vocabularies_[place];
    return nullptr;
  }

  /// Ordinary text has the same tokens in o200k_base and o200k_harmony.
  static bool has_tokens_of(const EncodingVocabulary& known, Encoding wanted) noexcept {
    const auto one = [](Encoding encoding) {
      return encoding == Encoding::o200k_harmony ? Encoding::o200k_base : encoding;
    };
    return one(known.encoding) == one(wanted) && !known.vocabulary.empty();
  }

  const EncodingVocabulary* vocabularies_ = nullptr;
  const EncodingVocabulary* exact_ = nullptr;
  std::size_t count_ = 0;
  std::unique_ptr<TokenStream> stream_;
  Fallback fallback_{};
  Encoding encoding_ = Encoding::o200k_base;
};

static_assert(Estimator<ModelTokens<>>);

}  // namespace tallyscope::inline v0
