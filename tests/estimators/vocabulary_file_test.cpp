// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/tokenizer.hpp>
#include <tallyscope/estimators/vocabulary_file.hpp>

#include "sinks/temporary_folder.hpp"
#include "small_vocabulary.hpp"

#include <fstream>

namespace ts = tallyscope;

TEST_CASE("an image is used from its file, also after the file is moved or another takes its place",
          "[vocabulary_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("small.vocab");
  std::ofstream{path, std::ios::binary} << small_image();
  std::string problem;
  ts::VocabularyFile file = ts::VocabularyFile::open(path, problem);
  REQUIRE(problem == "");
  ts::Tokenizer tokenizer{file.vocabulary()};
  const std::uint64_t before = tokenizer.count(small_text());
  const ts::VocabularyFile moved = std::move(file);
  std::ofstream{folder.file("other"), std::ios::binary} << "nothing";
  std::filesystem::rename(folder.file("other"), path);
  CHECK(moved.vocabulary().name() == "small");
  CHECK(tokenizer.count(small_text()) == before);
  CHECK(before == ts::Tokenizer{small_vocabulary()}.count(small_text()));
}

TEST_CASE("a file that is no image is told of by its path", "[vocabulary_file]") {
  const TemporaryFolder folder;
  const auto problem_of = [&](const std::string& path) {
    std::string problem;
    CHECK_FALSE(ts::VocabularyFile::open(path, problem));
    CHECK(problem.starts_with(path));
    return problem;
  };
  std::ofstream{folder.file("empty"), std::ios::binary};
  std::ofstream{folder.file("text"), std::ios::binary} << "text that is no image";
  CHECK(problem_of(folder.file("none")).find("No such file") != std::string::npos);
  CHECK(problem_of(folder.file("empty")).find("empty") != std::string::npos);
  CHECK(problem_of(folder.file("text")).find("no vocabulary image") != std::string::npos);
  CHECK(problem_of(folder.file(".")).find("no file") != std::string::npos);
}
