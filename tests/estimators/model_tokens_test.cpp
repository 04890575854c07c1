// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/model_tokens.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/track_scope.hpp>
#include <tallyscope/tracker.hpp>

#include "small_vocabulary.hpp"

namespace ts = tallyscope;

namespace {

const ts::EncodingVocabulary (&vocabularies())[2] {
  static const ts::EncodingVocabulary all[] = {{ts::Encoding::cl100k_base, ts::Vocabulary{}},
                                               {ts::Encoding::o200k_base, small_vocabulary()}};
  return all;
}

const std::string text = "the tokens of the text are counted";

}  // namespace

TEST_CASE("a record says what its model's vocabulary counts, and by which", "[model_tokens]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, ts::PriceBook{}, ts::ModelTokens{vocabularies()}};
  for (const char* model : {"gpt-4.1", "gpt-oss-20b", "gpt-4", "claude-opus-4-5", ""}) {
    ts::TrackScope call{tracker, {.operation = ts::Operation::chat, .provider = "openai", .model = model}};
    call.input_text(text);
    for (const char& byte : text) call.output_chunk({&byte, 1});
  }
  const std::int64_t exact = static_cast<std::int64_t>(ts::Tokenizer{small_vocabulary()}.count(text));
  const auto records = sink.records();
  REQUIRE(records.size() == 5);
  const auto check = [&](std::size_t place, std::string_view method, std::int64_t tokens, float error) {
    const ts::RecordView view = records[place].view();
    const ts::Record& record = *view;
    CHECK(record.metered.estimator == method);
    CHECK(record.metered.input_tokens == tokens);
    CHECK(record.metered.output_tokens == tokens);
    CHECK(record.metered.relative_error == error);
    CHECK(record.input_source == ts::Source::estimated);
  };
  const auto roughly = static_cast<std::int64_t>(static_cast<double>(text.size()) / 3.5);
  check(0, "o200k_base", exact, 0);
  check(1, "o200k_harmony", exact, 0);
  check(2, "char_ratio", roughly, 0.25f);  // its vocabulary is known, but not at hand
  check(3, "char_ratio", roughly, 0.25f);
  check(4, "char_ratio", roughly, 0.25f);
}

TEST_CASE("a meter counts each text of its own", "[model_tokens]") {
  const ts::ModelTokens prototype{vocabularies()};
  ts::ModelTokens one = prototype.for_model("gpt-4.1"), other = prototype.for_model("gpt-4.1");
  CHECK(one.tokens().tokens == 0);
  one.feed(text);
  other.feed("the");
  CHECK(one.tokens().tokens == static_cast<std::int64_t>(ts::Tokenizer{small_vocabulary()}.count(text)));
  CHECK(other.tokens().tokens == static_cast<std::int64_t>(ts::Tokenizer{small_vocabulary()}.count("the")));
  CHECK(one.tokens().exact);
  CHECK_FALSE(prototype.for_model("claude-3-haiku").tokens().exact);
  const ts::ModelTokens moved = std::move(one);
  CHECK(moved.tokens().tokens.value_or(0) > 1);
}

TEST_CASE("another estimator takes the models without a vocabulary", "[model_tokens]") {
  const ts::ModelTokens prototype{vocabularies(), ts::CharRatio{7.0}};
  ts::ModelTokens meter = prototype.for_model("gemini-2.5-pro");
  meter.feed(std::string(70, 'x'));
  CHECK(meter.tokens().tokens == 10);
}
