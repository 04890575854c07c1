// SPDX-License-Identifier: MIT
// Each vocabulary is a part of this program, embedded in another way: what the estimator of a tracker counts by.
#include <tallyscope/estimators/model_tokens.hpp>
#include <tallyscope/vocabularies/small.hpp>
#include <tallyscope/vocabularies/small_by_incbin.hpp>
#include <tallyscope/vocabularies/small_by_literal.hpp>
#if defined(COMPILER_HAS_EMBED)
#include <tallyscope/vocabularies/small_by_embed.hpp>
#endif

#include <iostream>

namespace ts = tallyscope;

namespace {

bool counts_by(const ts::Vocabulary& vocabulary) {
  if (vocabulary.empty() || vocabulary.name() != "small") return false;
  const ts::EncodingVocabulary vocabularies[] = {{ts::Encoding::o200k_base, vocabulary}};
  ts::ModelTokens meter = ts::ModelTokens{vocabularies}.for_model("gpt-4.1");
  meter.feed("the tokens of the text are counted as the model counts them");
  return meter.tokens().exact && meter.tokens().tokens == 22;
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
