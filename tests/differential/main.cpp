// SPDX-License-Identifier: MIT
// Usage: differential CHECKS [IMAGE...]
// Counts made-up texts in every way, by every pattern, until CHECKS comparisons have been made; of each IMAGE as many
// again. Prints what it did and a sum of all tokens, for builds to be held against each other.
#include <tallyscope/estimators/vocabulary_builder.hpp>

#include "every_way.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

namespace {

/// The image of a pattern, and what counts by it.
struct Subject {
  std::string image;
  std::unique_ptr<EveryWay> ways;
};

std::vector<Subject> subjects_of(const std::string& image) {
  using Pattern = ts::detail::PiecePattern;
  std::vector<Subject> subjects;
  for (const Pattern pattern : {Pattern::gpt2, Pattern::cl100k, Pattern::o200k, Pattern::qwen2, Pattern::deepseek3})
    subjects.push_back({with_pattern(image, pattern), nullptr});
  for (Subject& subject : subjects) {
    ts::VocabularyProblem problem{};
    subject.ways = std::make_unique<EveryWay>(ts::Vocabulary::from_image(subject.image, problem));
    if (problem != ts::VocabularyProblem::none) return {};
  }
  return subjects;
}

void tell(std::string_view wrong, std::size_t pattern, std::string_view text) {
  std::printf("pattern %zu: %.*s differ in a text of %zu bytes:\n", pattern + 1, static_cast<int>(wrong.size()),
              wrong.data(), text.size());
  for (const char byte : text) std::printf("\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  std::printf("\n");
}

bool all_ways_agree(const std::string& name, const std::string& image, std::uint64_t wanted) {
  const std::vector<Subject> subjects = subjects_of(image);
  MadeTexts texts;
  std::uint64_t checks = 0, sum = 0, count = 0;
  for (; checks < wanted && !subjects.empty(); ++count) {
    const std::string text = texts.next();
    checks = sum = 0;
    for (std::size_t pattern = 0; pattern < subjects.size(); ++pattern) {
      EveryWay& ways = *subjects[pattern].ways;
      if (const std::string_view wrong = ways.difference(text, texts); !wrong.empty())
        return tell(wrong, pattern, text), false;
      checks += ways.checks();
      sum += ways.sum();
    }
  }
  std::printf("%s: %llu checks of %llu texts, sum %016llx\n", name.c_str(), static_cast<unsigned long long>(checks),
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(sum));
  return !subjects.empty();
}

std::string read(const char* path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t checks = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 30'000;
  std::string problem;
  bool agree = all_ways_agree("small", ts::build_vocabulary(small_source(), problem), checks);
  for (int place = 2; place < count; ++place)
    agree = all_ways_agree(arguments[place], read(arguments[place]), checks) && agree;
  return agree ? 0 : 1;
}
