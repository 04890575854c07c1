// SPDX-License-Identifier: MIT
// The files that the agent may look at. Nothing here knows of tracking.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace demo {

namespace fs = std::filesystem;

struct File {
  std::string name;  // from the folder on
  std::uintmax_t size = 0;
};

/// A file that cannot be read. what() is a short code without a path, so that it may stand in a record.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Folder {
 public:
  static constexpr std::size_t most_files = 500;
  static constexpr std::uintmax_t most_bytes = 32 << 20, largest_file = 1 << 20;

  /// Lists the folder: no hidden files, nothing that was built, no links, nothing above 1 MiB.
  explicit Folder(fs::path root) : root_{std::move(root)} {
    const auto options = fs::directory_options::skip_permission_denied;
    std::error_code error;
    std::size_t visited = 0;
    for (fs::recursive_directory_iterator at{root_, options, error}, end; !error && at != end; at.increment(error)) {
      if (++visited > most_visited) break;
      if (is_skipped(*at))
        at.disable_recursion_pending();
      else
        add(*at);
    }
    std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) { return a.name < b.name; });
    keep_within_limits();
  }

  const std::vector<File>& files() const noexcept { return files_; }
  std::uintmax_t bytes() const noexcept { return bytes_; }
  std::size_t left_out() const noexcept { return left_out_; }

  /// The text of a file, at most so many bytes of it. Throws FileError: not_found, unreadable, binary or io_error.
  std::string text(const std::string& name, std::size_t most = largest_file) const {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen((root_ / name).c_str(), "rb"), &std::fclose};
    if (!file) throw FileError{errno == ENOENT ? "not_found" : errno == EACCES ? "unreadable" : "io_error"};
    std::string bytes(most, '\0');
    bytes.resize(std::fread(bytes.data(), 1, most, file.get()));
    if (std::ferror(file.get()) != 0) throw FileError{"io_error"};
    if (std::memchr(bytes.data(), '\0', std::min<std::size_t>(bytes.size(), 4096)) != nullptr)
      throw FileError{"binary"};
    return bytes;
  }

 private:
  static constexpr std::size_t most_visited = 20'000;

  static bool is_skipped(const fs::directory_entry& entry) {
    std::error_code error;
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || entry.is_symlink(error)) return true;
    if (!entry.is_directory(error)) return false;
    for (const std::string_view built :
         {"build", "cmake-build", "out", "dist", "target", "node_modules", "__pycache__"})
      if (name == built || name.starts_with(std::string{built} + '-')) return true;
    return false;
  }

  void add(const fs::directory_entry& entry) {
    std::error_code error;
    if (!entry.is_regular_file(error)) return;
    const std::uintmax_t size = entry.file_size(error);
    if (error || size > largest_file)
      ++left_out_;
    else if (size > 0)
      files_.push_back({entry.path().lexically_relative(root_).generic_string(), size});
  }

  void keep_within_limits() {
    std::size_t kept = 0;
    for (; kept < files_.size() && kept < most_files && bytes_ + files_[kept].size <= most_bytes; ++kept)
      bytes_ += files_[kept].size;
    left_out_ += files_.size() - kept;
    files_.resize(kept);
  }

  fs::path root_;
  std::vector<File> files_;
  std::uintmax_t bytes_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace demo
