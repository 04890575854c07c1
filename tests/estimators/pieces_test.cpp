// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/detail/piece_ends.hpp>
#include <tallyscope/estimators/detail/pieces.hpp>

#include "catch.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tallyscope::detail::Cl100kPieces;
using tallyscope::detail::DeepseekPieces;
using tallyscope::detail::Gpt2Pieces;
using tallyscope::detail::O200kPieces;
using tallyscope::detail::PiecePattern;
using tallyscope::detail::QwenPieces;
using Texts = std::vector<std::string>;

template <class Pieces>
Texts cut(std::string_view text) {
  Texts pieces;
  const char* const end = text.data() + text.size();
  for (const char* place = text.data(); place != end;) {
    const char* const next = Pieces::next(place, end);
    REQUIRE(place < next);
    REQUIRE(next <= end);
    pieces.emplace_back(place, next);
    place = next;
  }
  return pieces;
}

/// Checks that each text, the pieces of a row put together, is cut into them again.
template <class Pieces>
void check(const std::vector<Texts>& rows) {
  for (const Texts& row : rows) {
    std::string text;
    for (const std::string& piece : row) text += piece;
    CHECK(cut<Pieces>(text) == row);
  }
}

/// Texts of what the patterns treat in different ways, the same ones on every machine.
class ManyTexts {
 public:
  std::string next() {
    std::string text;
    for (std::size_t left = 1 + pick(24); left > 0; --left) text += parts[pick(std::size(parts))];
    return text;
  }

  /// A long one of a few parts, so that each is often next to each other.
  std::string next_ascii() {
    std::string_view few[8];
    for (std::string_view& part : few) part = ascii_parts[pick(std::size(ascii_parts))];
    std::string text;
    for (std::size_t left = 50 + pick(100); left > 0; --left) text += few[pick(std::size(few))];
    return text;
  }

 private:
  static constexpr std::string_view ascii_parts[] = {
      "a", "s",  "T",  "the",  "Don", "XMLHttp", "'", "'s", "'LL", "'ve", "'r", ".",    "!?", "/",        "\n//",
      "_", "\"", "\n", "\r\n", "\t",  " ",       " ", "  ", "\v",  "0",   "12", "3456", "\1", "        ", "\177"};
  static constexpr std::string_view parts[] = {"a",
                                               "b",
                                               "the",
                                               "Don",
                                               "HTTP",
                                               "iOS",
                                               "\u00C9",
                                               "\u00DF",
                                               "\u01C5",
                                               "\u02B0",
                                               "\u017F",
                                               "\u043F\u0440\u0438",
                                               "\u041C\u0418",
                                               "\u4E2D",
                                               "\u56FD",
                                               "\u9FA6",
                                               "\u3042",
                                               "\u30FB",
                                               "\u30FC",
                                               "\u3040",
                                               "\u3400",
                                               "\uD55C",
                                               "\u0928\u092E",
                                               "\u0301",
                                               "\u093F",
                                               "\uFE0F",
                                               "\U000E0100",
                                               "0",
                                               "12",
                                               "3456",
                                               "\u00B2",
                                               "\u0663",
                                               "\u2167",
                                               "\u3007",
                                               " ",
                                               " ",
                                               "  ",
                                               "\t",
                                               "\n",
                                               "\r\n",
                                               "\u00A0",
                                               "\u2003",
                                               "\u3000",
                                               "\302\205",
                                               "'",
                                               "'s",
                                               "'LL",
                                               "'ve",
                                               "'r",
                                               "'\u017F",
                                               "\u2019",
                                               ".",
                                               "...",
                                               "/",
                                               "//",
                                               "(",
                                               "_",
                                               "#",
                                               "\u3002",
                                               "\u00AB",
                                               "\u20AC",
                                               "+",
                                               "\U0001F600",
                                               "\u200D",
                                               "\u200B",
                                               "\1",
                                               "\177",
                                               "\uE000"};

  std::size_t pick(std::size_t count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33) % count;
  }

  std::uint64_t state_ = 1;
};

bool ends_in_space(std::string_view text) {
  const char* const end = text.data() + text.size();
  auto last = tallyscope::detail::CharClass::other;
  for (const char* place = text.data(); place < end;) {
    const auto character = tallyscope::detail::character_at(place, end);
    last = character.kind;
    place += character.size;
  }
  return last == tallyscope::detail::CharClass::space;
}

struct Sum {
  std::size_t pieces = 0;
  std::uint64_t sizes = 0xCBF29CE484222325u;  // FNV-1a
  bool operator==(const Sum&) const = default;
};

template <class Pieces>
Sum sum_of_many() {
  Sum sum;
  ManyTexts texts;
  for (int count = 0; count < 20'000; ++count) {
    const std::string text = texts.next();
    const char* const end = text.data() + text.size();
    for (const char *place = text.data(), *next = place; place != end; place = next, ++sum.pieces) {
      next = Pieces::next(place, end);
      sum.sizes = (sum.sizes ^ static_cast<std::uint64_t>(next - place)) * 0x100000001B3u;
    }
  }
  return sum;
}

std::string long_run(const char* part, int times) {
  std::string text;
  while (times-- > 0) text += part;
  return text;
}

}  // namespace

TEST_CASE("gpt2: words, numbers and signs take one blank before them", "[pieces]") {
  check<Gpt2Pieces>({
      {"Hello", " world", "!"},
      {"\u00FCber", " \u4E2D\u56FD", "123456", " 7890", " ...", "x"},
      {"a", "\u0301", "b"},  // a mark is no letter
      {"a", " \u200B\u0301!", "b"},
      {"x", "\t", "x"},
      {"a", "\u00A0", "b"},
  });
}

TEST_CASE("gpt2: contractions are of small letters only", "[pieces]") {
  check<Gpt2Pieces>({
      {"I", "'m", " we", "'ll", " they", "'ve", " you", "'re", " he", "'d", " it", "'s", " isn", "'t"},
      {"IT", "'", "S"},
      {"it", "'", "\u017F"},
      {"'s", "even"},
      {"'", "la"},
      {" '", "s"},
  });
}

TEST_CASE("gpt2: the last of several spaces goes with what follows", "[pieces]") {
  check<Gpt2Pieces>({
      {"a", "  ", " b"},
      {"a", "\n ", "\n", "b"},
      {"a", "\n\n", " b"},
      {"a", "  \n  "},
      {" "},
      {"   "},
      {"   ", " 1"},
      {"\u3000", "\u3000", "\u4E2D"},
  });
}

TEST_CASE("cl100k: a word takes one character before it, whatever it is but a line's end", "[pieces]") {
  check<Cl100kPieces>({
      {"Hello", " world", "!"},
      {"\tx", "(y", ")", "\u00A0z", "\u0301ABC", "\u20ACe"},
      {"\r", "x", "\n", "x"},
      {"((", "x"},
      {"camelCase", "_snake"},
      {"a", "\u0301b", "\u0301"},
  });
}

TEST_CASE("cl100k: contractions are of any case, and of the long s", "[pieces]") {
  check<Cl100kPieces>({
      {"I", "'M", " we", "'lL", " they", "'Ve", " you", "'RE", " he", "'D", " IT", "'S", " ISN", "'T"},
      {"it", "'\u017F", "b"},
      {"'s", "even"},
      {"it", "'"},
      {"it", "'l"},
      {"it", "'le"},
      {"it", "'\u212A"},
      {"'", "1"},
      {"''", "s"},
  });
}

TEST_CASE("cl100k: numbers come in threes, from the left", "[pieces]") {
  check<Cl100kPieces>({
      {"123", "456", "7"},
      {"12", ",", "345", ".", "6"},
      {"a", "1", "b"},
      {"\u00B2\u0663\u2167", "\U0001D7D8"},
      {" ", "1"},
  });
}

TEST_CASE("cl100k: signs take one blank before and all line ends behind them", "[pieces]") {
  check<Cl100kPieces>({
      {"x", " ==", " y"},
      {"x", ";\r\n\n", "y"},
      {"//\n", "//\n", " ", "1"},
      {"x", "\t", "!"},
      {" \u200B\u200B\n"},
  });
}

TEST_CASE("cl100k: spaces end behind their last line, else before the last of them", "[pieces]") {
  check<Cl100kPieces>({
      {"a", "  \n\n", "   ", " b"},
      {"a", " \n \r", " b"},
      {"a", "\n", "   "},
      {"a", "   "},
      {"a", "  ", " ", "1"},
      {"a", "\t", "\tb"},
      {"a", "\u0085\u2028", "\u3000b"},
      {"\n"},
  });
}

TEST_CASE("qwen2: each number is a piece", "[pieces]") {
  check<QwenPieces>({
      {"1", "2", "3", "a", " ", "4"},
      {"it", "'S", " a", "\u0301b", "  \n", " c"},
      {"\u00B2", "\u0663"},
  });
}

TEST_CASE("o200k: a word is capitals, then small letters", "[pieces]") {
  check<O200kPieces>({
      {"camel", "Case", "XMLHttp", "Request"},
      {"HTTP", " OK"},
      {"HTTPx", "Y"},
      {"\u01C5x", "\u01C5"},
      {" Hello", "(World", ")"},
      {"\r", "X", "\n", "x"},
  });
}

TEST_CASE("o200k: what is neither capital nor small is either", "[pieces]") {
  check<O200kPieces>({
      {"\u4E2D\u56FD"},
      {"\u4E2D", "A", "1"},  // given back, for a small letter to be the last
      {"\u4E2DAb"},
      {"A\u4E2D", "AB"},
      {"a\u4E2D", "A\u4E2Db"},
      {"A\u02B0", "B", "!"},
      {"ABC\u0301", "D"},
      {"e\u0301t\u00E9"},
  });
}

TEST_CASE("o200k: a mark is a prefix, a letter or a sign", "[pieces]") {
  check<O200kPieces>({
      {"\u0301", "ABC"},  // a word by itself, before it is the prefix of capitals
      {"\u0301abc"},
      {"\u0301ABc"},
      {"\u0301\u0301", "ABC"},
      {"\u0301"},
      {"\u0301's"},
      {"\u0301", "1"},
      {" \u0301", "A"},
      {"!\u0301"},
      {"!!\u0301!"},
      {"\n", "\u0301"},
  });
}

TEST_CASE("o200k: one contraction belongs to the word before it", "[pieces]") {
  check<O200kPieces>({
      {"don't", " DON'T", " it'\u017F", " we'LL", "x"},
      {"x'm", "'m'm"},
      {"\u4E2D's", "A's", "'"},
      {"'s"},
      {"1", "'s"},
      {"'sx"},
      {"it", "'", "1"},
  });
}

TEST_CASE("o200k: line ends and slashes belong to the signs before them", "[pieces]") {
  check<O200kPieces>({
      {";\n//\r/", " x"},
      {"!/\n", "  ", " y"},
      {"a", "/b", "/"},
      {" /\n\n", "\tx"},
      {"\n", "/", "1"},
  });
}

TEST_CASE("o200k: numbers and spaces are as in cl100k", "[pieces]") {
  check<O200kPieces>({
      {"123", "4", " ", "5"},
      {"a", " \n", " ", " b"},
      {"a", "\t", "\tb"},
      {"a", "   "},
      {" "},
  });
}

TEST_CASE("deepseek3: numbers are cut out first, as if the text ended before them", "[pieces]") {
  check<DeepseekPieces>({
      {"a", "  ", "123", "4", "b"},
      {"a", "  ", " b"},
      {"x", " ", "1", "!\n", "2"},
      {"\1", "1", "\1a"},
  });
}

TEST_CASE("deepseek3: kana and Chinese are cut out next", "[pieces]") {
  check<DeepseekPieces>({
      {"abc", "\u4E2D\u56FD", "abc"},
      {"a", "  ", "\u4E2D"},
      {"\u3042\u30A2\u4E2D"},
      {"\u4E2D", "\u30FB", "\u4E2D"},  // within them the third pattern holds
      {"\u30FB", "\n"},                // ... and sees no line end behind them
      {"\u30FB", "!\n"},
      {"\u4E2D", "\u3040\u4E2D"},
      {"\u9FA5", "\u9FA6"},
      {"\u3400", "\u4E2D", "\uD55C"},
      {"!", "\u4E2D"},
      {" ", "\u4E2D"},
      {"\u30FC\u3099"},
  });
}

TEST_CASE("deepseek3: an ASCII sign takes ASCII letters behind it", "[pieces]") {
  check<DeepseekPieces>({
      {".abc", "\u00E9"},
      {"..", "abc"},
      {"'s", "'", "\u017F"},
      {" .", "abc"},
      {"\u20AC", "abc"},
      {"<b", ">"},
  });
}

TEST_CASE("deepseek3: words are letters and marks, with one character before them that is no sign", "[pieces]") {
  check<DeepseekPieces>({
      {" Hello", "\tworld", "!", "\u0301a\u0301"},
      {"\n", "a"},
      {"\u200Ba", " +\n\n", "b"},
      {"a", "  \n\n", " ", " b"},
      {"a", "  \n"},
  });
}

TEST_CASE("deepseek3: what nothing matches is a piece", "[pieces]") {
  check<DeepseekPieces>({
      {"\1\2\3"},
      {"\1\2", "\3a"},
      {"\1", " ", "\1"},
      {"\1", "!", "\1\1", "\n"},
      {"\u3040\u3040", "\1"},
      {"\u3040", "\u3040\u4E2D"},
  });
}

// The sums were made once with the regular expressions themselves, by a regex engine with the same Unicode version.
TEST_CASE("many texts are cut as their regular expressions cut them", "[pieces]") {
  CHECK(sum_of_many<Gpt2Pieces>() == Sum{193574, 0xBEB3C2D8951ED513});
  CHECK(sum_of_many<Cl100kPieces>() == Sum{167277, 0xDA8CADEAAC4090C1});
  CHECK(sum_of_many<O200kPieces>() == Sum{164764, 0xA8E9CBB46AEDF429});
  CHECK(sum_of_many<QwenPieces>() == Sum{180524, 0xB45ACD3BF835D393});
  CHECK(sum_of_many<DeepseekPieces>() == Sum{199610, 0x52811C8B782644F5});
}

TEMPLATE_TEST_CASE("the pieces before a boundary are the same if the text ends there, but for spaces", "[pieces]",
                   Gpt2Pieces, Cl100kPieces, O200kPieces, QwenPieces, DeepseekPieces) {
  ManyTexts texts;
  int wrong = 0;
  for (int count = 0; count < 1000; ++count) {
    const std::string text = texts.next();
    const Texts pieces = cut<TestType>(text);
    std::size_t size = 0;
    for (std::size_t used = 1; used <= pieces.size(); ++used) {
      size += pieces[used - 1].size();
      if (ends_in_space(pieces[used - 1])) continue;  // the end would keep them together
      const Texts first(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(used));
      wrong += cut<TestType>({text.data(), size}) != first;
    }
  }
  CHECK(wrong == 0);
}

template <class Pieces>
Texts found_together(const std::string& text) {
  Texts found;
  tallyscope::detail::PieceEnds pieces;
  const char* const end = text.data() + text.size();
  for (const char* place = text.data(); place != end;) {
    place = tallyscope::detail::find_pieces<Pieces>(place, end, pieces);
    for (std::size_t number = 0; number < pieces.count; ++number) found.emplace_back(pieces[number]);
  }
  return found;
}

TEMPLATE_TEST_CASE("pieces found several at once are those found one by one", "[pieces]", Gpt2Pieces, Cl100kPieces,
                   O200kPieces, QwenPieces, DeepseekPieces) {
  ManyTexts texts;
  int wrong = 0;
  for (int count = 0; count < 3000; ++count) {
    const std::string text = count % 3 == 0 ? texts.next() + texts.next() : texts.next_ascii();
    wrong += found_together<TestType>(text) != cut<TestType>(text);
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("any number of pieces is found, some hundred at a time", "[pieces]", Gpt2Pieces, Cl100kPieces,
                   O200kPieces, QwenPieces, DeepseekPieces) {
  for (const std::string_view repeated : {"a,", "a1", " b", "\xE4\xBB\xB7.", "\n \n"})
    for (const int times : {1, 127, 128, 129, 2000}) {
      std::string text;
      for (int count = 0; count < times; ++count) text += repeated;
      CHECK(found_together<TestType>(text) == cut<TestType>(text));
    }
}

TEMPLATE_TEST_CASE("pieces of any bytes are not empty and stay in the text", "[pieces]", Gpt2Pieces, Cl100kPieces,
                   O200kPieces, QwenPieces, DeepseekPieces) {
  std::uint32_t state = 1;
  for (int count = 0; count < 2000; ++count) {
    std::vector<char> bytes;  // so that a sanitizer knows where it ends
    for (std::size_t left = 1 + state % 30; left > 0; --left) {
      state = state * 1664525u + 1013904223u;
      bytes.push_back(static_cast<char>(state >> 24));
    }
    std::size_t size = 0;
    for (const std::string& piece : cut<TestType>({bytes.data(), bytes.size()})) size += piece.size();
    REQUIRE(size == bytes.size());
  }
}

TEMPLATE_TEST_CASE("a long run is one piece", "[pieces]", Gpt2Pieces, Cl100kPieces, O200kPieces, QwenPieces,
                   DeepseekPieces) {
  for (const char* part : {"a", "\u4E2D", "!", " ", "\n", "A"}) {
    const std::string text = long_run(part, 10'000);
    CHECK(cut<TestType>(text) == Texts{text});
  }
}

TEST_CASE("a pattern's number chooses its pieces", "[pieces]") {
  const auto count = [](PiecePattern pattern) {
    return tallyscope::detail::with_pieces(pattern, [](auto pieces) {
      const std::string_view text = "'S 12\1";
      return cut<decltype(pieces)>(text);
    });
  };
  CHECK(count(PiecePattern::gpt2) == Texts{"'", "S", " 12", "\1"});
  CHECK(count(PiecePattern::cl100k) == Texts{"'S", " ", "12", "\1"});
  CHECK(count(PiecePattern::o200k) == Texts{"'S", " ", "12", "\1"});
  CHECK(count(PiecePattern::qwen2) == Texts{"'S", " ", "1", "2", "\1"});
  CHECK(count(PiecePattern::deepseek3) == Texts{"'S", " ", "12", "\1"});
  CHECK(static_cast<std::uint32_t>(PiecePattern::gpt2) == 1);
  CHECK(static_cast<std::uint32_t>(PiecePattern::deepseek3) == 5);
}
