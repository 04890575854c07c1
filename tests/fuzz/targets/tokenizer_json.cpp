// SPDX-License-Identifier: MIT
// The files that vocabularies are published as.
#include "../target.hpp"

#include <tallyscope/estimators/tokenizer.hpp>
#include <tallyscope/estimators/vocabulary_builder.hpp>
#include <tallyscope/estimators/vocabulary_files.hpp>

#include <string>

namespace {

namespace ts = tallyscope;

/// A file is refused with a sentence, or makes a vocabulary that counts.
void use(const std::string& why_not, ts::VocabularySource& source) {
  if (!why_not.empty()) return;
  source.name = "made up";
  std::string problem;
  const std::string image = ts::build_vocabulary(source, problem);
  fuzz::require(image.empty() == !problem.empty(), "there is an image, or a sentence that says why not");
  if (image.empty()) return;
  ts::VocabularyProblem broken = ts::VocabularyProblem::none;
  const ts::Vocabulary vocabulary = ts::Vocabulary::from_image(image, broken);
  fuzz::require(broken == ts::VocabularyProblem::none, "what was built can be used");
  fuzz::require(ts::Vocabulary::check(image) == ts::VocabularyProblem::none, "what was built is sound");
  fuzz::require(ts::Tokenizer{vocabulary}.count("some text, 123\n") <= 15, "no more tokens than bytes");
}

const fuzz::Target target{"tokenizer_json", [](std::string_view input) {
                            ts::VocabularySource hugging_face, npm, tiktoken;
                            use(ts::read_tokenizer_json(input, hugging_face), hugging_face);
                            use(ts::read_tiktoken_json(input, npm), npm);
                            use(ts::read_tiktoken(input, tiktoken), tiktoken);
                          }};

}  // namespace
