// SPDX-License-Identifier: MIT
// With real vocabularies it is held against npm's tiktoken: tests/tokenizers.
#include <tallyscope/estimators/tokenizer.hpp>

#include "small_vocabulary.hpp"

#include <algorithm>

namespace ts = tallyscope;

namespace {

std::vector<std::uint32_t> plainly_encoded(const std::vector<std::string>& tokens, std::string_view text) {
  std::vector<std::uint32_t> all;
  ts::detail::with_pieces(ts::detail::PiecePattern::cl100k, [&](auto pieces) {
    for (const char *place = text.data(), *const end = place + text.size(); place != end;) {
      const char* const next = pieces.next(place, end);
      for (const std::uint32_t token : plainly_merged(tokens, {place, static_cast<std::size_t>(next - place)}))
        all.push_back(token);
      place = next;
    }
  });
  return all;
}

std::string repaired(std::string_view text) {
  std::string sound;
  ts::detail::append_repaired(sound, text);
  return sound;
}

}  // namespace

TEST_CASE("any text is encoded as the definition says, and comes back", "[tokenizer]") {
  const std::vector<std::string> tokens = small_source().tokens;
  ts::Tokenizer tokenizer{small_vocabulary()};
  std::mt19937 random{1};
  for (int trial = 0; trial < 150; ++trial) {
    const std::string text = repaired(mixed_text(random, trial % 10 == 0 ? 400 : 60));
    const std::vector<std::uint32_t> encoded = tokenizer.encode(text);
    REQUIRE(encoded == plainly_encoded(tokens, text));
    CHECK(tokenizer.count(text) == encoded.size());
    CHECK(tokenizer.decode(encoded) == text);
  }
  CHECK(tokenizer.count("") == 0);
}

TEST_CASE("long pieces are encoded as the definition says", "[tokenizer]") {
  const std::vector<std::string> tokens = small_source().tokens;
  ts::Tokenizer tokenizer{small_vocabulary()};
  std::mt19937 random{2};
  for (const std::size_t size : {63u, 64u, 65u, 66u, 100u, 257u}) {
    std::string letters;
    while (letters.size() < size) letters += "thecountedtext"[random() % 14];
    CHECK(tokenizer.encode(letters) == plainly_merged(tokens, letters));
    CHECK(tokenizer.encode(std::string(size, 'e')) == plainly_merged(tokens, std::string(size, 'e')));
  }
  CHECK(tokenizer.count(std::string(1'000'000, 'q')) > 0);  // not in quadratic time
}

TEST_CASE("a long piece has the tokens of the whole, though it is encoded some bytes at a time", "[tokenizer]") {
  const ts::Vocabulary vocabulary = small_vocabulary();
  REQUIRE(vocabulary.is_monotone());
  std::vector<std::string_view> tokens;
  for (std::uint32_t token = 0; token < vocabulary.token_count(); ++token)
    if (!vocabulary.text_of(token).empty()) tokens.push_back(vocabulary.text_of(token));
  std::mt19937 random{11};
  ts::detail::WindowMerge by_windows;
  ts::detail::LongMerge at_once;
  for (int count = 0; count < 2000; ++count) {
    std::string piece;
    const std::string_view repeated = tokens[random() % tokens.size()];
    for (const std::size_t size = 65 + random() % 600; piece.size() < size;)
      piece += random() % 8 < static_cast<unsigned>(count % 9) ? tokens[random() % tokens.size()] : repeated;
    std::vector<std::uint32_t> found, expected;
    by_windows.merge(vocabulary, piece, [&](std::uint32_t token) { found.push_back(token); });
    at_once.merge(vocabulary, piece, [&](std::uint32_t token, std::size_t) { expected.push_back(token); });
    REQUIRE(found == expected);
  }
}

TEST_CASE("a piece counts the same whatever was counted before it", "[tokenizer]") {
  ts::Tokenizer warm{small_vocabulary()};
  warm.count(std::string(100'000, '.'));
  std::mt19937 random{6};
  const std::string ends[] = {"", std::string(1, '\0'), std::string(2, '\0'), "\x10", "\xC2\x80"};
  for (int round = 0; round < 3; ++round)
    for (std::size_t size = 1; size <= 40; ++size)
      for (const std::string& end : ends)
        for (const char byte : {'/', '\0', 'e', '\x10'}) {
          const std::string piece = std::string(size, byte) + end;
          ts::Tokenizer fresh{small_vocabulary()};
          CHECK(warm.count(piece) == fresh.count(piece));
        }
  for (int trial = 0; trial < 2'000; ++trial) {
    const std::string text = mixed_text(random, 60);
    ts::Tokenizer fresh{small_vocabulary()};
    REQUIRE(warm.count(text) == fresh.count(text));
  }
}

TEST_CASE("text that is not UTF-8 counts as decoders repair it", "[tokenizer]") {
  ts::Tokenizer tokenizer{small_vocabulary()};
  // Unicode 16, section 3.9, tables 3-8 to 3-11: bytes, and how many U+FFFD they become.
  const std::pair<std::string, std::string> examples[] = {
      {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA"},
      {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA"},
      {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA\uFFFD\uFFFDB"},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\uFFFD\uFFFD\uFFFD\uFFFDA"},
      {"sound\xE2\x82", "sound\uFFFD"}};
  for (const auto& [broken, sound] : examples) {
    CHECK(repaired(broken) == sound);
    CHECK(tokenizer.encode(broken) == tokenizer.encode(sound));
    CHECK(tokenizer.count(broken) == tokenizer.count(sound));
  }
}

TEST_CASE("a special token is text, unless it is allowed", "[tokenizer]") {
  const ts::Vocabulary vocabulary = small_vocabulary();
  ts::Tokenizer tokenizer{vocabulary};
  const std::uint32_t end = vocabulary.special_token(0), more = vocabulary.special_token(1);
  const std::string text = "the text<|end|>more<|end|>the<|begin|>";
  CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
  for (const std::uint32_t token : tokenizer.encode(text)) CHECK(token < vocabulary.token_count());
  const std::vector<std::uint32_t> allowed = tokenizer.encode(text, ts::SpecialTokens::allowed);
  std::vector<std::uint32_t> specials;
  for (const std::uint32_t token : allowed)
    if (token >= vocabulary.token_count()) specials.push_back(token);
  CHECK(specials == std::vector<std::uint32_t>{more, end, vocabulary.special_token(2)});  // of two the longer
  CHECK(tokenizer.decode(allowed) == text);
  CHECK(tokenizer.count(text, ts::SpecialTokens::allowed) == allowed.size());
  CHECK(tokenizer.has_special(text));
  CHECK_FALSE(tokenizer.has_special("the <|end |>"));
}

TEST_CASE("a special token in a gap between the others comes back, and many of them take no time", "[tokenizer]") {
  ts::VocabularySource source = small_source();
  source.specials.push_back({"<|gap|>", 300});
  const std::string image = image_of(source);
  ts::Tokenizer tokenizer{vocabulary_of(image)};
  const std::string text = "the<|gap|>text";
  const std::vector<std::uint32_t> tokens = tokenizer.encode(text, ts::SpecialTokens::allowed);
  CHECK(std::count(tokens.begin(), tokens.end(), 300u) == 1);
  CHECK(tokenizer.decode(tokens) == text);
  std::string many;
  for (int number = 0; number < 100'000; ++number) many += "<|end|>";
  CHECK(tokenizer.count(many, ts::SpecialTokens::allowed) == 100'000);
}

TEST_CASE("counting stops soon after a limit is passed", "[tokenizer]") {
  ts::Tokenizer tokenizer{small_vocabulary()};
  std::string text;
  for (int count = 0; count < 20; ++count) text += small_text();
  const std::uint64_t all = tokenizer.count(text), few = all / 10;
  for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{100}, all - 1}) {
    const std::uint64_t counted = tokenizer.count_up_to(text, limit);
    CHECK(counted > limit);
    CHECK(counted <= limit + few);  // some hundred pieces
  }
  CHECK(tokenizer.count_up_to(text, all) == all);
}

TEST_CASE("tokens that do not exist decode to nothing, and are told of", "[tokenizer]") {
  const ts::Tokenizer tokenizer{small_vocabulary()};
  std::string out = "before ";
  const std::uint32_t tokens[] = {'a', 300, 0xFFFFFFFF, 'b'};
  CHECK_FALSE(tokenizer.decode(tokens, 4, out));
  CHECK(out == "before ab");
  CHECK(tokenizer.decode(tokens, 1, out));
}

TEST_CASE("a tokenizer of no vocabulary counts nothing", "[tokenizer]") {
  ts::Tokenizer tokenizer{ts::Vocabulary{}};
  std::string out;
  const std::uint32_t token = 5;
  CHECK(tokenizer.count("text") == 0);
  CHECK(tokenizer.encode("text", ts::SpecialTokens::allowed).empty());
  CHECK_FALSE(tokenizer.decode(&token, 1, out));
  CHECK_FALSE(tokenizer.has_special("<|end|>"));
}
