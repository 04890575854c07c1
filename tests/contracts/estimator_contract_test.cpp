// SPDX-License-Identifier: MIT
// What every estimator must do, whatever it makes of a text. A new estimator joins with a Subject below and its name in
// the list of subjects.
#include <tallyscope/estimators/byte_class.hpp>
#include <tallyscope/estimators/calibrated.hpp>
#include <tallyscope/estimators/char_ratio.hpp>
#include <tallyscope/estimators/model_tokens.hpp>

#include "../estimators/small_vocabulary.hpp"
#include "catch.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

namespace ts = tallyscope;

// A Subject makes prototypes of its estimator.
struct CharRatioSubject {
  ts::CharRatio make() const { return {}; }
};

struct ByteClassSubject {
  ts::ByteClass make() const { return {}; }
};

/// Made sooner than the small one: each test case is a process of its own.
const std::string& tiny_image() {
  static const std::string image = [] {
    ts::VocabularySource source;
    source.name = "tiny";
    source.tokens = trained_tokens("the tokens of the text are counted as the model counts them", 280);
    return image_of(source);
  }();
  return image;
}

/// By the vocabulary of gpt-4.1, and without one as Fallback estimates.
template <class Fallback>
struct ModelTokensSubject {
  ts::EncodingVocabulary vocabularies[1] = {{ts::Encoding::o200k_base, vocabulary_of(tiny_image())}};
  ts::ModelTokens<Fallback> make() const { return ts::ModelTokens<Fallback>{vocabularies, Fallback{}}; }
};

/// Has learned that gpt-4.1 has as many tokens as estimated, times `percent`.
template <class Inner, int percent>
struct CalibratedSubject {
  Inner inner{};
  std::unique_ptr<ts::Calibration> calibration = std::make_unique<ts::Calibration>();

  CalibratedSubject() {
    for (int call = 0; percent != 100 && call < 50; ++call) calibration->learn("gpt-4.1", 0, 1'000, 10 * percent);
  }
  auto make() const { return ts::Calibrated{*calibration, inner.make()}; }
};

using Subjects =
    std::tuple<CharRatioSubject, ByteClassSubject, ModelTokensSubject<ts::CharRatio>, ModelTokensSubject<ts::ByteClass>,
               CalibratedSubject<CharRatioSubject, 100>, CalibratedSubject<ByteClassSubject, 135>,
               CalibratedSubject<ByteClassSubject, 20>, CalibratedSubject<ModelTokensSubject<ts::CharRatio>, 150>>;

template <class Subject>
using EstimatorOf = decltype(std::declval<const Subject&>().make());

constexpr std::string_view models[] = {"gpt-4.1", "claude-opus-4-5", "gemini-2.5-pro", "house-7b", ""};

template <class E>
ts::Estimate estimate_of(const E& prototype, std::string_view model, std::string_view text) {
  E meter = prototype.for_model(model);
  meter.feed(text);
  return meter.tokens();
}

std::int64_t count(const ts::Estimate& estimate) { return estimate.tokens.value_or(-1); }

bool is_same(const ts::Estimate& one, const ts::Estimate& other) {
  return one.tokens == other.tokens && one.method == other.method && one.exact == other.exact &&
         !(one.relative_error < other.relative_error) && !(one.relative_error > other.relative_error);
}

/// Some are no UTF-8.
std::vector<std::string> many_texts() {
  std::mt19937 random{5};
  std::vector<std::string> texts{"x", " ", "\n", "\x80", "\xC3", "\xF0\x9F", "\xFF\xFE", std::string(1, '\0')};
  while (texts.size() < 40) texts.push_back("a" + mixed_text(random, 300));
  return texts;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("an estimator satisfies the concept, and its meters move without failing",
                        "[contract][estimator]", Subjects) {
  STATIC_REQUIRE(ts::Estimator<EstimatorOf<TestType>>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<EstimatorOf<TestType>>);
}

TEMPLATE_LIST_TEST_CASE("no text is no token, and any text at least one", "[contract][estimator]", Subjects) {
  const TestType subject;
  const auto prototype = subject.make();
  for (const std::string_view model : models) {
    CHECK(count(prototype.for_model(model).tokens()) == 0);
    CHECK(count(estimate_of(prototype, model, "")) == 0);
    for (const std::string& text : many_texts()) CHECK(count(estimate_of(prototype, model, text)) >= 1);
  }
}

TEMPLATE_LIST_TEST_CASE("an estimate names what made it and how far that may be off", "[contract][estimator]",
                        Subjects) {
  ts::Estimate estimate;
  std::string method;
  {
    const TestType subject;
    for (const std::string_view model : models) {
      estimate = estimate_of(subject.make(), model, "some text");
      CHECK_FALSE(estimate.method.empty());
      CHECK(estimate.relative_error >= 0);
      CHECK(estimate.relative_error < 10);
      if (estimate.exact) CHECK_FALSE(estimate.relative_error > 0);
      method = estimate.method;
    }
  }
  CHECK(estimate.method == method);  // a constant text: its maker is gone
}

TEMPLATE_LIST_TEST_CASE("a text in pieces is estimated as the whole, wherever it is cut and whenever it is asked",
                        "[contract][estimator]", Subjects) {
  const TestType subject;
  const auto prototype = subject.make();
  std::mt19937 random{9};
  for (const std::string_view model : {models[0], models[1]})
    for (const std::string& text : many_texts()) {
      auto meter = prototype.for_model(model);
      for (std::size_t place = 0; place < text.size();) {
        const std::size_t size = std::min<std::size_t>(random() % 12, text.size() - place);
        meter.feed(std::string_view{text}.substr(place, size));
        if (random() % 3 == 0) CHECK(count(meter.tokens()) >= (place + size > 0 ? 1 : 0));
        place += size;
      }
      CHECK(is_same(meter.tokens(), estimate_of(prototype, model, text)));
    }
}

TEMPLATE_LIST_TEST_CASE("meters of one prototype know nothing of each other", "[contract][estimator]", Subjects) {
  const TestType subject;
  auto prototype = subject.make();
  const ts::Estimate expected = estimate_of(prototype, "gpt-4.1", "the text");
  prototype.feed("what is fed to a prototype");
  auto first = prototype.for_model("gpt-4.1"), second = prototype.for_model("gpt-4.1");
  first.feed("the ");
  second.feed("another text");
  auto moved = std::move(first);
  moved.feed("text");
  CHECK(is_same(moved.tokens(), expected));
  CHECK(is_same(estimate_of(prototype, "gpt-4.1", "the text"), expected));
}

TEMPLATE_LIST_TEST_CASE("a MiB of one letter and texts of any bytes are estimated, and not absurdly",
                        "[contract][estimator]", Subjects) {
  const TestType subject;
  const auto prototype = subject.make();
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte.append(200, static_cast<char>(byte));
  for (const std::string& text : {std::string(1 << 20, 'a'), every_byte}) {
    const std::int64_t tokens = count(estimate_of(prototype, "gpt-4.1", text));
    CHECK(tokens >= 256);
    CHECK(tokens <= 10 * static_cast<std::int64_t>(text.size()));
  }
}

TEMPLATE_LIST_TEST_CASE("one prototype serves many threads at once", "[contract][estimator]", Subjects) {
  const TestType subject;
  const auto prototype = subject.make();
  const std::vector<std::string> texts = many_texts();
  std::vector<ts::Estimate> expected;
  for (const std::string& text : texts) expected.push_back(estimate_of(prototype, "gpt-4.1", text));
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (std::size_t place = 0; place < texts.size(); ++place)
        wrong += is_same(estimate_of(prototype, "gpt-4.1", texts[place]), expected[place]) ? 0 : 1;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
