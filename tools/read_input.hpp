// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"
#include "shown_text.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

namespace tallyscope_program {

inline constexpr std::size_t most_input = std::size_t{256} << 20;

/// All bytes of a file, or of the standard input for "-". Throws a Problem, also beyond 256 MiB.
inline std::string read_input(const std::string& path) {
  const std::string name = path == "-" ? "the standard input" : shown(path);
  std::error_code error;
  if (path != "-" && std::filesystem::is_directory(path, error)) throw Problem{name + " is a folder: name a file"};
  const auto close = [](std::FILE* file) { return file == stdin ? 0 : std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file{path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close};
  if (file == nullptr) throw Problem{name + " cannot be read: " + std::generic_category().message(errno)};
  std::string bytes;
  char piece[65'536];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, file.get())) {
    bytes.append(piece, size);
    if (bytes.size() > most_input) throw Problem{name + " has more than 256 MiB: that is too much to read at once"};
  }
  if (std::ferror(file.get()) != 0) throw Problem{name + " cannot be read to its end"};
  return bytes;
}

}  // namespace tallyscope_program
