// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"
#include "shown_text.hpp"

#include <tallyscope/estimators/byte_class.hpp>
#include <tallyscope/estimators/encodings.hpp>
#include <tallyscope/estimators/token_stream.hpp>
#include <tallyscope/estimators/vocabulary_file.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tallyscope_program {

namespace ts = tallyscope;

/// How texts are counted: exactly, by an installed vocabulary, or by an estimator.
class TokenCounting {
 public:
  static TokenCounting exact(ts::Encoding encoding) {
    // Ordinary text has the same tokens in both (Hugging Face's openai/gpt-oss-20b, tokenizer.json).
    const std::string name{name_of(encoding == ts::Encoding::o200k_harmony ? ts::Encoding::o200k_base : encoding)};
    TokenCounting counting;
    counting.name_ = name_of(encoding);
    std::string problem;
    counting.file_ = ts::VocabularyFile::open(ts::vocabulary_path(name), problem);
    if (!counting.file_)
      throw Problem{"the vocabulary " + name + " is not installed here (" + shown(problem, 200) +
                    "): `tallyscope vocab " + how_to_get(encoding) + "` installs it, and --estimate does without it"};
    return counting;
  }
  static TokenCounting estimated(std::string_view model) {
    TokenCounting counting;
    counting.estimator_ = ts::ByteClass{}.for_model(model);
    counting.name_ = counting.estimator_.tokens().method;
    return counting;
  }

  bool is_exact() const noexcept { return static_cast<bool>(file_); }
  /// Of the encoding, or of the estimator.
  const std::string& name() const noexcept { return name_; }
  const ts::Vocabulary& vocabulary() const noexcept { return file_.vocabulary(); }
  const ts::ByteClass& estimator() const noexcept { return estimator_; }

 private:
  static std::string how_to_get(ts::Encoding encoding) {
    const bool published =
        encoding != ts::Encoding::llama3 && encoding != ts::Encoding::qwen3 && encoding != ts::Encoding::deepseek_v3;
    return published ? "install " + std::string{name_of(encoding)}
                     : "build tokenizer.json --name " + std::string{name_of(encoding)};
  }

  ts::VocabularyFile file_;
  ts::ByteClass estimator_;
  std::string name_;
};

/// Counts one text that comes in pieces.
class GrowingCount {
 public:
  explicit GrowingCount(const TokenCounting& counting)
      : stream_{counting.vocabulary()}, meter_{counting.estimator()}, exact_{counting.is_exact()} {}

  void add(std::string_view bytes) { exact_ ? stream_.append(bytes) : meter_.feed(bytes); }
  std::uint64_t tokens() {
    return exact_ ? stream_.count() : static_cast<std::uint64_t>(meter_.tokens().tokens.value_or(0));
  }

 private:
  ts::TokenStream stream_;
  ts::ByteClass meter_;
  bool exact_;
};

}  // namespace tallyscope_program
