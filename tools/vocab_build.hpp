// SPDX-License-Identifier: MIT
// From the files that vocabularies are published as to images.
#pragma once

#include "problem.hpp"
#include "published_vocabularies.hpp"
#include "read_input.hpp"
#include "sha256.hpp"
#include "shown_text.hpp"

#include <tallyscope/estimators/vocabulary_builder.hpp>
#include <tallyscope/estimators/vocabulary_file.hpp>
#include <tallyscope/estimators/vocabulary_files.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace tallyscope_program {

/// Reads a vocabulary of any of the three forms; `name` tells which encoding it is, and of a `.tiktoken` file also the
/// pattern and the special tokens.
inline ts::VocabularySource read_vocabulary(const std::string& path, const std::string& name) {
  const std::string text = read_input(path);
  ts::VocabularySource source;
  source.name = name;
  std::string problem;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '{') {
    const bool of_npm = text.find("\"bpe_ranks\"") != std::string::npos;
    problem = of_npm ? ts::read_tiktoken_json(text, source) : ts::read_tokenizer_json(text, source);
  } else {
    const PublishedVocabulary* const known = published_vocabulary(name);
    if (known == nullptr)
      throw Problem{shown(path) + " does not say which pattern it has: name its encoding with --name, one of " +
                    "o200k_base, cl100k_base, p50k_base, r50k_base"};
    source.pattern = known->pattern;
    for (const PublishedSpecial& special : published_specials)
      if (special.encoding == name) source.specials.push_back({std::string{special.text}, special.token});
    problem = ts::read_tiktoken(text, source);
  }
  if (!problem.empty()) throw Problem{shown(path) + ": " + shown(problem, 300)};
  return source;
}

/// The tokens in the form of OpenAI's `.tiktoken` files, whose hash is published.
inline std::string tiktoken_text(const ts::VocabularySource& source) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t number = 0; number < source.tokens.size(); ++number) {
    const std::string& bytes = source.tokens[number];
    if (bytes.empty()) continue;
    for (std::size_t place = 0; place < bytes.size(); place += 3) {
      const std::size_t size = std::min<std::size_t>(3, bytes.size() - place);
      std::uint32_t word = 0;
      for (std::size_t byte = 0; byte < 3; ++byte)
        word = word << 8 | (byte < size ? static_cast<unsigned char>(bytes[place + byte]) : 0u);
      for (std::size_t digit = 0; digit < 4; ++digit)
        text += digit <= size ? digits[word >> (18 - 6 * digit) & 63] : '=';
    }
    text += ' ' + std::to_string(number) + '\n';
  }
  return text;
}

/// Sets the hash of the source, and holds it against the published one, if there is one.
inline void check_hash(ts::VocabularySource& source, const std::string& path) {
  const Sha256 hash = sha256_of(tiktoken_text(source));
  std::copy(hash.begin(), hash.end(), source.sha256);
  const PublishedVocabulary* const known = published_vocabulary(source.name);
  if (known != nullptr && hex_of(hash.data(), hash.size()) != known->sha256)
    throw Problem{shown(path) + " is not " + source.name + " as OpenAI published it: its SHA-256 is " +
                  hex_of(hash.data(), hash.size()) + " instead of " + std::string{known->sha256}};
}

inline std::string image_of(const ts::VocabularySource& source, const std::string& path) {
  std::string problem;
  std::string image = ts::build_vocabulary(source, problem);
  if (!problem.empty()) throw Problem{shown(path) + ": " + problem};
  return image;
}

/// Writes a file of its own beside the place and renames it, so that nobody ever maps half of one.
inline void write_image(const std::string& image, const std::string& path) {
  if (path.empty()) throw Problem{"neither XDG_DATA_HOME nor HOME is set: where to install to?"};
  std::error_code error;
  const std::filesystem::path place{path};
  if (place.has_parent_path()) std::filesystem::create_directories(place.parent_path(), error);
  std::string unfinished = path + ".XXXXXX";
  const int descriptor = ::mkstemp(unfinished.data());
  bool written = descriptor >= 0 && ::fchmod(descriptor, 0644) == 0;
  for (std::size_t done = 0; written && done < image.size();) {
    const ::ssize_t size = ::write(descriptor, image.data() + done, image.size() - done);
    written = size > 0;
    done += written ? static_cast<std::size_t>(size) : 0;
  }
  written = written && ::fsync(descriptor) == 0 && ::rename(unfinished.c_str(), path.c_str()) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (written) return;
  if (descriptor >= 0) ::unlink(unfinished.c_str());
  throw Problem{shown(path) + " cannot be written: " + std::generic_category().message(reason)};
}

}  // namespace tallyscope_program
