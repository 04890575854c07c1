// SPDX-License-Identifier: MIT
// Holds our tokenizer against another one. Reads from the standard input, until it ends: a text and the tokens that the
// other one makes of it, each as its size (four bytes, little endian) and so many bytes, or numbers of four bytes.
// Prints how many texts were compared, and the first that differ; ends with 1 if any did.
//
//   compare FILE NAME as_text|allowed < texts
//
// FILE is a vocabulary as npm's `tiktoken` or Hugging Face publish it. The last word tells what the other one takes the
// text of a special token for.
#include <tallyscope/estimators/token_stream.hpp>
#include <tallyscope/estimators/vocabulary_builder.hpp>
#include <tallyscope/estimators/vocabulary_files.hpp>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace ts = tallyscope;

namespace {

bool read_exactly(void* bytes, std::size_t size) { return std::fread(bytes, 1, size, stdin) == size; }

bool read_size(std::uint32_t& size) { return read_exactly(&size, sizeof size); }

std::string image_of(const char* path, const char* name) {
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  ts::VocabularySource source;
  source.name = name;
  const bool of_npm = text.find("\"bpe_ranks\"") != std::string::npos;
  std::string problem = of_npm ? ts::read_tiktoken_json(text, source) : ts::read_tokenizer_json(text, source);
  std::string image = problem.empty() ? ts::build_vocabulary(source, problem) : std::string{};
  if (!problem.empty()) std::fprintf(stderr, "%s: %s\n", path, problem.c_str());
  return image;
}

class Comparison {
 public:
  Comparison(const ts::Vocabulary& vocabulary, ts::SpecialTokens specials)
      : tokenizer_{vocabulary}, stream_{vocabulary}, specials_{specials} {}

  void compare(const std::string& text, const std::vector<std::uint32_t>& expected) {
    const std::vector<std::uint32_t> tokens = tokenizer_.encode(text, specials_);
    check(tokens == expected, "encode", text, tokens.size(), expected.size());
    const std::uint64_t counted = tokenizer_.count(text, specials_);
    check(counted == expected.size(), "count", text, counted, expected.size());
    const bool ordinary = specials_ == ts::SpecialTokens::as_text || !tokenizer_.has_special(text);
    if (ordinary) check(tokenizer_.decode(tokens) == normal(text), "decode", text, 0, 0);
    const std::uint64_t streamed = streamed_count(text), whole = ordinary ? expected.size() : tokenizer_.count(text);
    check(streamed == whole, "stream", text, streamed, whole);
    ++texts_;
    tokens_ += expected.size();
  }

  int finish() const {
    std::printf("%llu texts, %llu tokens: %llu differences\n", static_cast<unsigned long long>(texts_),
                static_cast<unsigned long long>(tokens_), static_cast<unsigned long long>(differences_));
    return differences_ == 0 && texts_ != 0 ? 0 : 1;
  }

 private:
  std::string normal(const std::string& text) const {
    std::string room;
    return std::string{tokenizer_.vocabulary().normalizes() ? ts::detail::in_nfc(text, room) : text};
  }

  /// In pieces of any size, asked in between.
  std::uint64_t streamed_count(const std::string& text) {
    stream_.reset();
    const std::size_t most = random_() % 4 == 0 ? text.size() + 1 : 1 + random_() % 9;
    for (std::size_t place = 0; place < text.size();) {
      const std::size_t size = std::min(1 + random_() % most, text.size() - place);
      stream_.append(std::string_view{text}.substr(place, size));
      place += size;
      if (random_() % 64 == 0) stream_.count();
    }
    return stream_.count();
  }

  void check(bool right, const char* what, const std::string& text, std::uint64_t is, std::uint64_t should) {
    if (right || ++differences_ > 10) return;
    std::printf("%s: %llu instead of %llu tokens of ", what, static_cast<unsigned long long>(is),
                static_cast<unsigned long long>(should));
    for (const char byte : text.substr(0, 200)) std::printf("%02x", static_cast<unsigned char>(byte));
    std::printf("\n");
  }

  ts::Tokenizer tokenizer_;
  ts::TokenStream stream_;
  ts::SpecialTokens specials_;
  std::mt19937 random_{7};
  std::uint64_t texts_ = 0, tokens_ = 0, differences_ = 0;
};

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  const std::string image = image_of(words[1], words[2]);
  ts::VocabularyProblem problem = ts::VocabularyProblem::none;
  const ts::Vocabulary vocabulary = ts::Vocabulary::from_image(image, problem);
  if (vocabulary.empty()) return 2;
  const bool allowed = std::string_view{words[3]} == "allowed";
  Comparison comparison{vocabulary, allowed ? ts::SpecialTokens::allowed : ts::SpecialTokens::as_text};
  std::uint32_t size = 0;
  while (read_size(size)) {
    std::string text(size, '\0');
    std::uint32_t token_count = 0;
    if (!read_exactly(text.data(), size) || !read_size(token_count)) return 2;
    std::vector<std::uint32_t> tokens(token_count);
    if (!read_exactly(tokens.data(), token_count * sizeof(std::uint32_t))) return 2;
    comparison.compare(text, tokens);
  }
  return comparison.finish();
}
