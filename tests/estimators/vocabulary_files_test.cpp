// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/vocabulary_files.hpp>

#include "catch.hpp"

#include <string>

namespace ts = tallyscope;

namespace {

const std::string cl100k_pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+)";

std::string npm_json(const std::string& ranks) {
  return R"({"pat_str": ")" + cl100k_pattern + R"(", "special_tokens": {"<|end|>": 9}, "bpe_ranks": ")" + ranks + "\"}";
}

/// A tokenizer.json with a part of it in another way.
struct TokenizerFile {
  std::string normalizer = "null";
  std::string added = "";
  std::string pattern = cl100k_pattern;
  std::string behavior = "Isolated";
  std::string more = R"(, "use_regex": false)";
  std::string model = R"("type": "BPE", "ignore_merges": true, "dropout": null, "end_of_word_suffix": "")";
  std::string vocabulary = R"({"a": 0, "b": 1, "Ġ": 2, "ab": 3, "Ġab": 4, "<end>": 5})";
  std::string merges = R"(["a b", "Ġ ab"])";

  std::string text() const {
    return R"({"version": "1.0", "added_tokens": [{"id": 5, "content": "<end>", "special": true)" + added +
           R"(}], "normalizer": )" + normalizer +
           R"(, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": )" +
           R"({"Regex": ")" + pattern + R"("}, "behavior": ")" + behavior +
           R"(", "invert": false}, {"type": "ByteLevel", )" + R"("add_prefix_space": false)" + more +
           R"(}]}, "model": {)" + model + R"(, "vocab": )" + vocabulary + R"(, "merges": )" + merges + "}}";
  }
  std::string problem() const {
    ts::VocabularySource source;
    return ts::read_tokenizer_json(text(), source);
  }
};

}  // namespace

TEST_CASE("a .tiktoken file has a token and its number on each line", "[vocabulary_files]") {
  ts::VocabularySource source;
  CHECK(ts::read_tiktoken("IQ== 0\nIg== 1\r\n\nIHRoZQ== 5\n", source) == "");
  CHECK(source.tokens == std::vector<std::string>{"!", "\"", "", "", "", " the"});
}

TEST_CASE("npm's JSON has a run of tokens on each line", "[vocabulary_files]") {
  ts::VocabularySource source;
  CHECK(ts::read_tiktoken_json(npm_json("! 0 IQ== Ig==\\n! 4 IHRoZQ== AA=="), source) == "");
  CHECK(source.tokens == std::vector<std::string>{"!", "\"", "", "", " the", std::string(1, '\0')});
  CHECK(source.pattern == ts::detail::PiecePattern::cl100k);
  CHECK(source.whole_pieces);
  REQUIRE(source.specials.size() == 1);
  CHECK(source.specials[0].text == "<|end|>");
  CHECK(source.specials[0].token == 9);
}

TEST_CASE("a tokenizer.json of byte-level BPE is read, with merges in either form", "[vocabulary_files]") {
  for (const char* merges : {R"(["a b", "Ġ ab"])", R"([["a", "b"], ["Ġ", "ab"]])"}) {
    ts::VocabularySource source;
    TokenizerFile file;
    file.merges = merges;
    CHECK(ts::read_tokenizer_json(file.text(), source) == "");
    CHECK(source.tokens == std::vector<std::string>{"a", "b", " ", "ab", " ab"});
    CHECK(source.whole_pieces);
    CHECK(source.specials.size() == 1);
  }
}

TEST_CASE("a tokenizer.json whose counts would be wrong here is refused", "[vocabulary_files]") {
  const auto refused = [](auto change, std::string_view why) {
    TokenizerFile file;
    change(file);
    INFO(file.problem());
    CHECK(file.problem().find(why) != std::string::npos);
  };
  refused([](TokenizerFile& file) { file.normalizer = R"({"type": "NFKC"})"; }, "normalizer");
  refused([](TokenizerFile& file) { file.normalizer = R"("NFC")"; }, "normalizer");
  refused([](TokenizerFile& file) { file.normalizer = R"({"normalizers": [], "type": "Lowercase"})"; }, "normalizer");
  refused(
      [](TokenizerFile& file) { file.normalizer = R"({"type": "Sequence", "normalizers": [{"type": "Lowercase"}]})"; },
      "normalizer");
  refused([](TokenizerFile& file) { file.pattern = "\\\\w+"; }, "its pattern is not known here: \\w+");
  refused([](TokenizerFile& file) { file.model = R"("type": "Unigram")"; }, "type BPE");
  refused([](TokenizerFile& file) { file.model += R"(, "byte_fallback": true)"; }, "byte_fallback");
  refused([](TokenizerFile& file) { file.merges = R"(["Ġ ab", "a b"])"; }, "order");
  refused([](TokenizerFile& file) { file.merges = R"(["a b"])"; }, "its merges do not make token 4 as its bytes would");
  refused([](TokenizerFile& file) { file.model += R"(, "dropout": 0.1)"; }, "dropout");
  refused([](TokenizerFile& file) { file.model += R"(, "end_of_word_suffix": "</w>")"; }, "end_of_word_suffix");
  refused([](TokenizerFile& file) { file.more = R"(, "use_regex": true)"; }, "use_regex");
  refused([](TokenizerFile& file) { file.behavior = "Removed"; }, "behavior");
  refused([](TokenizerFile& file) { file.merges = R"(["a a"])"; }, "no token");
  refused([](TokenizerFile& file) { file.vocabulary = R"({"a": 0, "▁b": 1})", file.merges = "[]"; }, "not of bytes");
  refused([](TokenizerFile& file) { file.vocabulary = R"({"a": 0, "b": 0})", file.merges = "[]"; }, "two tokens");
  refused([](TokenizerFile& file) { file.vocabulary = R"({"a": 262144})"; }, "number");
  TokenizerFile row_of_none;
  row_of_none.normalizer = R"({"type": "Sequence", "normalizers": []})";
  CHECK(row_of_none.problem() == "");
}

TEST_CASE("a tokenizer.json may put texts into NFC first", "[vocabulary_files]") {
  const auto is_nfc = [](const char* normalizer) {
    ts::VocabularySource source;
    TokenizerFile file;
    file.normalizer = normalizer;
    CHECK(ts::read_tokenizer_json(file.text(), source) == "");
    return source.nfc;
  };
  CHECK(is_nfc(R"({"type": "NFC"})"));
  CHECK(is_nfc(R"({"type": "Sequence", "normalizers": [{"type": "NFC"}]})"));
  CHECK_FALSE(is_nfc("null"));
  CHECK_FALSE(is_nfc(R"({"type": "Sequence", "normalizers": []})"));
}

TEST_CASE("added tokens that are looked for in NFC are refused", "[vocabulary_files]") {
  TokenizerFile file;
  file.added = R"(, "normalized": true)";
  CHECK(file.problem() == "");
  file.normalizer = R"({"type": "NFC"})";
  CHECK(file.problem().find("added tokens") != std::string::npos);
  file.added = R"(, "normalized": false)";
  CHECK(file.problem() == "");
}

TEST_CASE("a file that is cut off or broken is refused with a sentence", "[vocabulary_files]") {
  const std::string whole = TokenizerFile{}.text(), npm = npm_json("! 0 IQ==");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ts::VocabularySource source;
    CHECK(ts::read_tokenizer_json(std::string_view{whole}.substr(0, size), source) != "");
  }
  for (std::size_t size = 0; size < npm.size(); ++size) {
    ts::VocabularySource source;
    CHECK(ts::read_tiktoken_json(std::string_view{npm}.substr(0, size), source) != "");
  }
  for (const char* text : {"", "IQ==", "IQ== x", "IQ= 0", "I*== 0", "IQ== 262144", "IQ== -1", "IQ== 0\nIg== 0", " 0",
                           "IQ== 0 0", "IQ==IQ== 0"}) {
    ts::VocabularySource source;
    INFO(text);
    CHECK(ts::read_tiktoken(text, source) != "");
  }
  for (const char* ranks : {"", "IQ==", "! IQ==", "! -1 IQ==", "! 0 IQ", "! 262143 IQ== Ig==", "! 0 IQ==\\n! 0 Ig=="}) {
    ts::VocabularySource source;
    INFO(ranks);
    CHECK(ts::read_tiktoken_json(npm_json(ranks), source) != "");
  }
}

TEST_CASE("every byte has a letter and comes back from it", "[vocabulary_files]") {
  std::string all;
  for (std::uint32_t code = 0; code < 0x200; ++code)
    if (ts::detail::byte_of_letter(code) != ts::detail::no_byte)
      all += static_cast<char>(ts::detail::byte_of_letter(code));
  CHECK(all.size() == 256);
  std::sort(all.begin(), all.end());
  CHECK(std::unique(all.begin(), all.end()) == all.end());
  std::string bytes;
  CHECK(ts::detail::decode_letters("ĠĊaé", bytes));
  CHECK(bytes == " \na\xE9");
  CHECK_FALSE(ts::detail::decode_letters("\u0144", bytes));
  CHECK_FALSE(ts::detail::decode_letters("a\xC4", bytes));
  CHECK_FALSE(ts::detail::decode_letters(" ", bytes));
}
