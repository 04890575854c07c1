// SPDX-License-Identifier: MIT
#pragma once

#include "shown_text.hpp"
#include "token_counting.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace tallyscope_program {

/// What one file has, or why it could not be counted.
struct FileCount {
  std::string file{};
  std::uint64_t bytes = 0;
  std::uint64_t tokens = 0;
  std::string problem{};
};

/// Tells on the terminal how far large files are.
class Progress {
 public:
  explicit Progress(const std::vector<std::string>& files) {
    std::error_code error;
    for (const std::string& file : files) {
      const std::uintmax_t size = std::filesystem::file_size(file, error);
      if (!error) all_ += size;
    }
    shown_ = all_ > least && ::isatty(STDERR_FILENO) == 1;
  }
  ~Progress() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }

  void add(std::uint64_t bytes) {
    const std::uint64_t now = done_ += bytes, percent = all_ == 0 ? 100 : now * 100 / all_;
    if (shown_ && percent != last_.exchange(percent))
      std::fprintf(stderr, "\r%3d %% of %.0f MB", static_cast<int>(percent), static_cast<double>(all_) / 1e6);
  }

 private:
  static constexpr std::uintmax_t least = 64'000'000;

  std::uintmax_t all_ = 0;
  std::atomic<std::uint64_t> done_{0}, last_{0};
  bool shown_ = false;
};

inline FileCount count_file(const std::string& path, const TokenCounting& counting, Progress& progress) {
  FileCount count{.file = path};
  const auto close = [](std::FILE* file) { return file == stdin ? 0 : std::fclose(file); };
  std::error_code error;
  if (path != "-" && std::filesystem::is_directory(path, error)) {
    count.problem = shown(path) + " is a folder: name files";
    return count;
  }
  const std::unique_ptr<std::FILE, decltype(close)> file{path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close};
  if (file == nullptr) {
    count.problem = shown(path) + " cannot be read: " + std::generic_category().message(errno);
    return count;
  }
  GrowingCount growing{counting};
  std::vector<char> piece(std::size_t{1} << 20);
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
    growing.add({piece.data(), size});
    count.bytes += size;
    progress.add(size);
  }
  if (std::ferror(file.get()) != 0)
    count.problem = (path == "-" ? "the standard input" : shown(path)) + " cannot be read to its end";
  count.tokens = growing.tokens();
  return count;
}

/// All files, as many at once as there are processors; in their order.
inline std::vector<FileCount> count_files(const std::vector<std::string>& files, const TokenCounting& counting) {
  std::vector<FileCount> counts(files.size());
  Progress progress{files};
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t place = next++; place < files.size(); place = next++) try {
        counts[place] = count_file(files[place], counting, progress);
      } catch (const std::exception&) {
        counts[place] = {.file = files[place],
                         .problem = shown(files[place]) + ": there is not enough memory to count it"};
      }
  };
  std::vector<std::thread> threads;
  const std::size_t most = std::min<std::size_t>(files.size(), std::max(1u, std::thread::hardware_concurrency()));
  threads.reserve(most);
  try {
    while (threads.size() + 1 < most) threads.emplace_back(work);
  } catch (const std::system_error&) {
    // Fewer threads take longer.
  }
  work();
  for (std::thread& thread : threads) thread.join();
  return counts;
}

}  // namespace tallyscope_program
