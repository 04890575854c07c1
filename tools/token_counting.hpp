// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"
#include "shown_text.hpp"

#include <tallyscope/estimators/byte_class.hpp>
#include <tallyscope/estimators/encodings.hpp>
#include <tallyscope/estimators/token_stream.hpp>
#include <tallyscope/estimators/vocabulary_file.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace tallyscope_program {

namespace ts = tallyscope;

/// How texts are counted: exactly, by an installed vocabulary, or by an estimator.
class TokenCounting {
 public:
  static TokenCounting exact(ts::Encoding encoding) {
    std::error_code error;
    std::string path = ts::vocabulary_path(name_of(encoding));
    if (!std::filesystem::exists(path, error)) path = ts::vocabulary_path(usual_name(encoding));
    if (path.empty()) throw Problem{"neither XDG_DATA_HOME nor HOME is set: where are vocabularies installed?"};
    if (!std::filesystem::exists(path, error))
      throw Problem{"the vocabulary " + std::string{usual_name(encoding)} +
                    " is not installed: " + how_to_get(encoding)};
    TokenCounting counting;
    counting.name_ = name_of(encoding);
    std::string problem;
    counting.file_ = ts::VocabularyFile::open(path, problem);
    if (!counting.file_) throw Problem{shown(problem) + "; " + how_to_get(encoding)};
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
  /// The encoding whose vocabulary has the same tokens for ordinary text: that of o200k_harmony is o200k_base's
  /// (Hugging Face's openai/gpt-oss-20b, tokenizer.json), that of p50k_edit is p50k_base's (tiktoken's
  /// openai_public.py).
  static std::string_view usual_name(ts::Encoding encoding) noexcept {
    if (encoding == ts::Encoding::o200k_harmony) return name_of(ts::Encoding::o200k_base);
    if (encoding == ts::Encoding::p50k_edit) return name_of(ts::Encoding::p50k_base);
    return name_of(encoding);
  }

  static std::string how_to_get(ts::Encoding encoding) {
    const std::string name{usual_name(encoding)};
    const bool built =
        encoding == ts::Encoding::llama3 || encoding == ts::Encoding::qwen3 || encoding == ts::Encoding::deepseek_v3;
    return (built ? "`tallyscope vocab build tokenizer.json --name " + name : "`tallyscope vocab install " + name) +
           "` installs it, --estimate does without it";
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
