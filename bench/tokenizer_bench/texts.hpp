// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/vocabulary_builder.hpp>
#include <tallyscope/estimators/vocabulary_file.hpp>
#include <tallyscope/estimators/vocabulary_files.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A file that tokenizers are measured on.
struct Text {
  std::string name, path, bytes;
};

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The files of a folder, by name.
inline std::vector<Text> texts_of(const std::filesystem::path& folder) {
  std::vector<Text> texts;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    texts.push_back({entry.path().stem().string(), entry.path().string(), bytes_of(entry.path())});
  std::sort(texts.begin(), texts.end(), [](const Text& a, const Text& b) { return a.name < b.name; });
  return texts;
}

inline const Text& text_named(const std::vector<Text>& texts, std::string_view name) {
  const auto found = std::find_if(texts.begin(), texts.end(), [&](const Text& text) { return text.name == name; });
  if (found != texts.end()) return *found;
  std::fprintf(stderr, "There is no text named %.*s\n", static_cast<int>(name.size()), name.data());
  std::exit(EXIT_FAILURE);
}

/// Makes the image of an encoding from what npm's tiktoken has, and maps it as a service would.
inline tallyscope::VocabularyFile vocabulary_of(const std::string& modules, const std::string& folder,
                                                const std::string& encoding) {
  tallyscope::VocabularySource source;
  source.name = encoding;
  std::string problem =
      tallyscope::read_tiktoken_json(bytes_of(modules + "/tiktoken/encoders/" + encoding + ".json"), source);
  if (problem.empty()) {
    const std::string image = tallyscope::build_vocabulary(source, problem), path = folder + "/" + encoding + ".vocab";
    std::ofstream{path + ".new", std::ios::binary} << image;
    std::filesystem::rename(path + ".new", path);
    if (problem.empty())
      if (auto file = tallyscope::VocabularyFile::open(path, problem)) return file;
  }
  std::fprintf(stderr, "%s: %s\n", encoding.c_str(), problem.c_str());
  std::exit(EXIT_FAILURE);
}

}  // namespace bench
