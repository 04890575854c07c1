// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/token_stream.hpp>

#include "small_vocabulary.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <random>

namespace ts = tallyscope;

namespace {

std::string nfc(std::string_view text) {
  std::string room;
  return std::string{ts::detail::in_nfc(text, room)};
}

std::string times(int count, std::string_view text) {
  std::string made;
  while (count-- > 0) made += text;
  return made;
}

struct Case {
  std::string_view text, expected;
};

void check_cases(std::initializer_list<Case> cases) {
  for (const Case& one : cases) {
    INFO(one.text);
    CHECK(nfc(one.text) == one.expected);
    CHECK(nfc(one.expected) == one.expected);
  }
}

/// Letters and marks that do something to each other, and some that do nothing.
std::string restless_text(std::mt19937& random) {
  static constexpr std::string_view parts[] = {
      "a",      "e",      "A",      " ",      "\n",     "中",     "\u0301", "\u0323", "\u0307", "\u030A", "\u0334",
      "\u0345", "\u0344", "\u212B", "\u0958", "\u0915", "\u093C", "\u1100", "\u1161", "\u11A8", "\uAC00", "\u09C7",
      "\u09BE", "\u0DD9", "\u0DCF", "\u0DCA", "é",      "ǟ",      "1",      ".",      "the ",   "\u1E0B", "\U0001D15E"};
  std::string text;
  for (auto left = random() % 30; left > 0; --left) text += parts[random() % std::size(parts)];
  return text;
}

ts::VocabularySource normalizing_source() {
  ts::VocabularySource source = small_source();
  source.nfc = true;
  return source;
}

}  // namespace

TEST_CASE("a text that is in NFC stays where it is, unless a mark in it could have joined a letter", "[nfc]") {
  for (const std::string_view text : {"", "plain ASCII, longer than eight", "größer", "中文文本", "한국어", "नमस्ते",
                                      "q\u0334\u0316", "\u0334 alone"}) {
    std::string room;
    const std::string_view normal = ts::detail::in_nfc(text, room);
    CHECK(normal == text);
    CHECK(normal.data() == text.data());
  }
  check_cases({{"q\u0301", "q\u0301"}, {"\u0301 alone", "\u0301 alone"}});
}

TEST_CASE("letters and marks become one character", "[nfc]") {
  check_cases({{"A\u030A", "\u00C5"},
               {"e\u0301te\u0301", "été"},
               {"u\u0308\u0304", "\u01D6"},             // ü and a macron
               {"a\u0304\u0308", "\u0101\u0308"},       // the other order is another letter
               {"\u00E9\u0323", "\u1EB9\u0301"},        // the composed letter comes apart first
               {"\u09C7\u09BE", "\u09CB"},              // two characters without a class
               {"\u0DD9\u0DCF\u0DCA", "\u0DDD"},        // by two steps
               {"\U00011099\U000110BA", "\U0001109A"},  // beyond U+FFFF
               {"=\u0338", "\u2260"}});
}

TEST_CASE("some characters become others by themselves", "[nfc]") {
  check_cases({{"\u212B", "\u00C5"},
               {"\u2126", "\u03A9"},
               {"\u212A", "K"},
               {"\u037E", ";"},
               {"\u1F71", "\u03AC"},
               {"\uF900", "\u8C48"},
               {"\u0344", "\u0308\u0301"},
               {"a\u0344", "\u00E4\u0301"},
               {"\u0F73", "\u0F71\u0F72"}});
}

TEST_CASE("what is excluded from composition stays apart", "[nfc]") {
  check_cases({{"\u0958", "\u0915\u093C"},
               {"\u0915\u093C", "\u0915\u093C"},
               {"\uFB1D", "\u05D9\u05B4"},
               {"\u2ADC", "\u2ADD\u0338"},
               {"\U0001D15E", "\U0001D157\U0001D165"}});
}

TEST_CASE("marks stand in the order of their classes, and those of one class in their own", "[nfc]") {
  check_cases({{"q\u0307\u0323", "q\u0323\u0307"},
               {"q\u0301\u0307", "q\u0301\u0307"},
               {"q\u0307\u0301", "q\u0307\u0301"},
               {"\u0301\u0323a", "\u0323\u0301a"},
               {"\u1E0B\u0323", "\u1E0D\u0307"},
               {"q\u0345\u0301\u0334", "q\u0334\u0301\u0345"},
               {"a\u0F73\u0F71", "a\u0F71\u0F71\u0F72"}});
}

TEST_CASE("a mark is blocked by one of its class and by another letter", "[nfc]") {
  check_cases({{"a\u0305\u0301", "a\u0305\u0301"},            // both above
               {"a\u0323\u0301", "\u1EA1\u0301"},             // one below does not block
               {"a\u0334\u0301", "\u00E1\u0334"},             // nor does one through it
               {"a\u200D\u0301", "a\u200D\u0301"},            // a joiner does
               {"\u1100\u0301\u1161", "\u1100\u0301\u1161"},  // and a mark keeps letters apart
               {"\u09C7\u0334\u09BE", "\u09C7\u0334\u09BE"}});
}

TEST_CASE("Hangul is put together by its arithmetic", "[nfc]") {
  check_cases({{"\u1100\u1161", "\uAC00"},
               {"\u1100\u1161\u11A8", "\uAC01"},
               {"\uAC00\u11A8", "\uAC01"},
               {"\uAC01\u11A8", "\uAC01\u11A8"},  // one final alone
               {"\u1112\u1175\u11C2", "\uD7A3"},  // the last of all
               {"\uAC00\u11A7", "\uAC00\u11A7"},  // no final
               {"\u1161\u11A8", "\u1161\u11A8"},
               {"\u1100\u1100\u1161", "\u1100\uAC00"},
               {"\u1113\u1161", "\u1113\u1161"}});
}

TEST_CASE("Unicode 16.0 is what it goes by", "[nfc]") {
  check_cases({{"\U000105D2\U00000307", "\U000105C9"},
               {"\U0001611E\U0001611E\U0001611F", "\U00016126"},
               {"\U00016D67\U00016D67", "\U00016D68"}});
}

TEST_CASE("a run of marks without end is put in order, and the text goes on behind it", "[nfc]") {
  const int many = 30'000;
  CHECK(nfc("a" + times(many, "\u0301\u0323\u0334") + "b") ==
        "\u1EA1" + times(many, "\u0334") + times(many - 1, "\u0323") + times(many, "\u0301") + "b");
  CHECK(nfc(times(many, "\u1100\u1161") + "x") == times(many, "\uAC00") + "x");
}

TEST_CASE("a text that comes in pieces becomes what it becomes as a whole", "[nfc]") {
  std::mt19937 random{11};
  for (int trial = 0; trial < 3'000; ++trial) {
    const std::string text = restless_text(random);
    ts::detail::NfcStream stream;
    std::string out;
    for (std::size_t place = 0; place < text.size();) {
      std::size_t next = place;
      for (auto left = 1 + random() % 3; left > 0 && next < text.size(); --left) ts::detail::next_code(text, next);
      stream.append(out, std::string_view{text}.substr(place, next - place));
      place = next;
    }
    REQUIRE(out + nfc(stream.waiting()) == nfc(text));
    REQUIRE(nfc(nfc(text)) == nfc(text));
  }
}

TEST_CASE("a vocabulary that says so counts and encodes texts as NFC has them, and others as they are", "[nfc]") {
  const std::string image = image_of(normalizing_source());
  const std::string apart = "gro\u0308\u00DFer, spa\u0308ter", composed = "größer, später";
  ts::Tokenizer normalizing{vocabulary_of(image)}, plain{small_vocabulary()};
  CHECK(normalizing.vocabulary().normalizes());
  CHECK_FALSE(plain.vocabulary().normalizes());
  CHECK_FALSE(ts::Vocabulary{}.normalizes());
  CHECK(normalizing.encode(apart) == plain.encode(composed));
  CHECK(normalizing.count(apart) == plain.count(composed));
  CHECK(plain.count(apart) > plain.count(composed));
  CHECK(normalizing.decode(normalizing.encode(apart)) == composed);
  CHECK(normalizing.count_up_to(apart, 1) > 1);
}

TEST_CASE("special tokens are found before a text is put into NFC", "[nfc]") {
  const std::string image = image_of(normalizing_source());
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  const auto tokens = tokenizer.encode("<|end|>\u0338", ts::SpecialTokens::allowed);
  CHECK(tokens.front() == small_source().specials[0].token);
  CHECK(tokenizer.decode(tokens) == "<|end|>\u0338");
  CHECK(tokenizer.decode(tokenizer.encode("<|end|>\u0338")) == "<|end|\u226F");
}

TEST_CASE("broken UTF-8 is repaired before it is put into NFC", "[nfc]") {
  const std::string image = image_of(normalizing_source());
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  CHECK(tokenizer.decode(tokenizer.encode("a\xCC\x81\xCC")) == "\u00E1\uFFFD");
  CHECK(tokenizer.decode(tokenizer.encode("a\xCC\xCC\x81")) == "a\uFFFD\u0301");
}

TEST_CASE("a stream of a vocabulary with NFC counts what the whole counts, cut at any byte", "[nfc]") {
  const std::string image = image_of(normalizing_source());
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  ts::TokenStream stream{vocabulary_of(image)};
  std::mt19937 random{12};
  for (int trial = 0; trial < 1'000; ++trial) {
    const std::string text = restless_text(random) + mixed_text(random, 60) + restless_text(random);
    stream.reset();
    std::uint64_t settled = 0;
    for (std::size_t place = 0; place < text.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 7, text.size() - place);
      stream.append(std::string_view{text}.substr(place, size));
      place += size;
      CHECK(stream.settled() >= settled);
      settled = stream.settled();
      if (random() % 8 == 0 || place == text.size())
        REQUIRE(stream.count() == tokenizer.count(std::string_view{text}.substr(0, place)));
    }
    REQUIRE(settled <= stream.count());
  }
}

TEST_CASE("a stream of marks without end takes no more time for each the more there are", "[nfc]") {
  const std::string image = image_of(normalizing_source());
  ts::TokenStream stream{vocabulary_of(image)};
  stream.append("a");
  for (int mark = 0; mark < 100'000; ++mark) stream.append(mark % 2 == 0 ? "\u0301" : "\u0323");
  CHECK(stream.count() == ts::Tokenizer{vocabulary_of(image)}.count("a" + times(50'000, "\u0301\u0323")));
}

TEST_CASE("an image with a normal form that is not known here is of another format", "[nfc]") {
  std::string image = image_of(normalizing_source());
  ts::detail::VocabularyHeader header;
  std::copy_n(image.data(), sizeof header, reinterpret_cast<char*>(&header));
  header.normal_form = 2;
  std::copy_n(reinterpret_cast<const char*>(&header), sizeof header, image.data());
  ts::VocabularyProblem problem = ts::VocabularyProblem::none;
  CHECK(ts::Vocabulary::from_image(image, problem).empty());
  CHECK(problem == ts::VocabularyProblem::other_format);
}
