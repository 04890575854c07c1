// SPDX-License-Identifier: MIT
// Each vocabulary is a part of this program, embedded in another way: the calls of a model are counted by it, exactly.
#include <tallyscope/estimators/model_tokens.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/vocabularies/small.hpp>
#include <tallyscope/vocabularies/small_by_incbin.hpp>
#include <tallyscope/vocabularies/small_by_literal.hpp>
#if defined(COMPILER_HAS_EMBED)
#include <tallyscope/vocabularies/small_by_embed.hpp>
#endif

#include <cstdint>
#include <iostream>
#include <string_view>

namespace ts = tallyscope;

namespace {

constexpr std::string_view text = "the tokens of the text are counted as the model counts them";

bool counts_by(const ts::Vocabulary& vocabulary) {
  if (vocabulary.empty() || vocabulary.name() != "small") return false;
  const auto counted = static_cast<std::int64_t>(ts::Tokenizer{vocabulary}.count(text));
  const ts::EncodingVocabulary vocabularies[] = {{ts::Encoding::o200k_base, vocabulary}};
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, ts::PriceBook{}, ts::ModelTokens{vocabularies}};
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.input_text(text);
  }
  const auto records = sink.records();
  const ts::RecordView record = records.at(0).view();
  return counted == 22 && record->metered.input_tokens == counted && record->metered.estimator == "o200k_base";
}

}  // namespace

int main() {
  bool all = counts_by(ts::vocabularies::small()) && counts_by(ts::vocabularies::small_by_incbin()) &&
             counts_by(ts::vocabularies::small_by_literal());
#if defined(COMPILER_HAS_EMBED)
  all = all && counts_by(ts::vocabularies::small_by_embed());
#endif
  std::cout << (all ? "all count" : "not all count") << '\n';
  return all ? 0 : 1;
}
