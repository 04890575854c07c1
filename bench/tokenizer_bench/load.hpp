// SPDX-License-Identifier: MIT
#pragma once

#include "allocations.hpp"
#include "speed.hpp"

#include <tallyscope/estimators/tokenizer.hpp>
#include <tallyscope/estimators/vocabulary_file.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

/// What it takes to begin: time, the image, memory, allocations.
namespace bench::load {

inline const char* missed(bool is) { return is ? "" : ": MISSED"; }

inline void print(const char* what, double value, const char* unit, double limit) {
  std::printf("  %-64s %10.0f %s", what, value, unit);
  if (limit >= 0) std::printf("   <= %.0f%s", limit, missed(value <= limit));
  std::printf("\n");
}

/// Microseconds until a process that has not yet mapped the image has counted a short text, the file being in the page
/// cache.
inline void time_to_first_count(const std::string& path) {
  std::vector<double> opened, counted, both;
  for (int i = 0; i < 501; ++i) {
    std::string problem;
    tallyscope::VocabularyFile file;
    const double open = spent([&] { file = tallyscope::VocabularyFile::open(path, problem); }) / 1e3;
    const double count = timed(1,
                               [&](int) {
                                 tallyscope::Tokenizer tokenizer{file.vocabulary()};
                                 keep(tokenizer.count("How many tokens has this short text, and what does it cost?"));
                               }) /
                         1e3;
    opened.push_back(open);
    counted.push_back(count);
    both.push_back(open + count);
  }
  print("opening the image", median(opened), "us", -1);
  print("making a tokenizer and counting a short text", median(counted), "us", -1);
  print("both", median(both), "us", 100);
}

/// Bytes of the image, and of what counting and encoding need of it.
inline void image_size(const tallyscope::VocabularyFile& file) {
  namespace detail = tallyscope::detail;
  const auto& header = *reinterpret_cast<const detail::VocabularyHeader*>(file.image().data());
  std::uint64_t decoding = 0;
  for (const detail::Section section : {detail::Section::decode_offsets, detail::Section::decode_bytes})
    decoding += header.sections[static_cast<std::size_t>(section)].size;
  print("the image", static_cast<double>(header.size), "bytes", -1);
  print("the image without what only decoding needs", static_cast<double>(header.size - decoding), "bytes", 7e6);
}

/// What a piece of work allocates.
template <class Work>
Allocations allocated(Work&& work) {
  const Allocations before = allocations();
  work();
  const Allocations after = allocations();
  return {after.made - before.made, after.bytes - before.bytes};
}

inline void allocations_of_a_thread(const tallyscope::Vocabulary& vocabulary, const std::string& text) {
  std::optional<tallyscope::Tokenizer> tokenizer;
  const Allocations made = allocated([&] { tokenizer.emplace(vocabulary); });
  const Allocations first = allocated([&] { keep(tokenizer->count(text)); });
  const Allocations second = allocated([&] { keep(tokenizer->count(text)); });
  print("allocations by making a thread's tokenizer", static_cast<double>(made.made), "", 1);
  print("allocations by its first corpus", static_cast<double>(first.made), "", 0);
  print("allocations by the same corpus again", static_cast<double>(second.made), "", 0);
}

inline void cache_size() {
  print("cache of a thread's tokenizer", static_cast<double>(tallyscope::detail::PieceCache::memory_size), "bytes", 1.25 * (1 << 20) + 64);
}

inline void print_memory(const char* when) {
  std::ifstream status{"/proc/self/status"};
  std::printf("  %-64s", when);
  for (std::string line; std::getline(status, line);)
    for (const char* const wanted : {"VmHWM", "VmRSS", "RssAnon"})
      if (line.starts_with(wanted)) std::printf(" %s %ld", wanted, std::strtol(line.c_str() + 9, nullptr, 10));
  std::printf(" (KiB)\n");
}

/// For a process of its own.
inline int memory(const std::string& path, const std::string& text_path) {
  const std::string text = bytes_of(text_path);
  print_memory("memory of the process before loading");
  std::string problem;
  const auto file = tallyscope::VocabularyFile::open(path, problem);
  tallyscope::Tokenizer tokenizer{file.vocabulary()};
  print_memory("with a tokenizer");
  keep(tokenizer.count(text));
  print_memory("after counting a corpus");
  return EXIT_SUCCESS;
}

}  // namespace bench::load
