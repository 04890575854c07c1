// SPDX-License-Identifier: MIT
// The folder that is served, and nothing beside it: a path is walked name by name from its root and no symbolic link is
// followed, so that neither a spelling nor a link leads out, even one that is planted while we walk.
#pragma once

#include "failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mcp_files {

/// An open file descriptor.
class Handle {
 public:
  explicit Handle(int file = -1) noexcept : file_{file} {}
  Handle(Handle&& other) noexcept : file_{std::exchange(other.file_, -1)} {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Handle() {
    if (file_ >= 0) ::close(file_);
  }

  int get() const noexcept { return file_; }
  int release() noexcept { return std::exchange(file_, -1); }
  explicit operator bool() const noexcept { return file_ >= 0; }

 private:
  int file_;
};

/// The names that a path leads through; throws ToolFailure if it leads out. As no link is followed, `a/..` is nothing.
inline std::vector<std::string> names_of(std::string_view path) {
  if (path.starts_with('/')) throw ToolFailure{"outside_folder", "Paths are relative to the folder."};
  if (path.find('\0') != std::string_view::npos) throw ToolFailure{"invalid_arguments", "A path has no NUL in it."};
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (name == "..") {
      if (names.empty()) throw ToolFailure{"outside_folder", "The path leads out of the folder."};
      names.pop_back();
    } else if (!name.empty() && name != ".") {
      names.emplace_back(name);
    }
  }
  return names;
}

/// A regular file or a folder; nothing else is ever shown.
struct Entry {
  std::string path;  ///< from the root, any bytes
  std::uint64_t size = 0;
  bool is_folder = false;
};

/// What was found below a folder.
struct Listing {
  std::vector<Entry> entries{};
  std::size_t missed = 0;  ///< files and folders that are too deep or unreadable
};

/// Any thread may call any member at any time.
class Folder {
 public:
  static constexpr std::size_t most_bytes = 16u << 20, most_entries = 100'000, deepest = 64;

  /// `error()` tells why it cannot be served.
  explicit Folder(const char* path) noexcept : root_{::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
    if (!root_) error_ = errno;
  }

  int error() const noexcept { return error_; }

  /// The bytes of a regular file. Throws ToolFailure and Cancelled.
  std::string read(const std::string& path, const std::stop_token& stop) const {
    std::vector<std::string> names = names_of(path);
    if (names.empty()) throw ToolFailure{"not_a_file", "That is the folder itself."};
    const std::string last = std::move(names.back());
    names.pop_back();
    const Handle folder = open_folder(names);
    const Handle file = open_file(folder.get(), last);
    return read_all(file.get(), stop);
  }

  /// What is in a folder, in order of the paths; everything below it too if asked.
  Listing list(const std::string& path, bool recursive, const std::stop_token& stop) const {
    Walk walk{.recursive = recursive, .stop = stop};
    std::string prefix;
    const std::vector<std::string> names = names_of(path);
    for (const std::string& name : names) prefix += name + '/';
    walk_into(walk, open_folder(names), prefix, deepest);
    std::vector<Entry>& entries = walk.found.entries;
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
    return std::move(walk.found);
  }

 private:
  // O_NONBLOCK: should a pipe take the file's place meanwhile, nobody waits for its writer.
  static constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

  struct Walk {
    bool recursive;
    const std::stop_token& stop;
    Listing found{};
  };

  [[noreturn]] static void fail(int error) {
    if (error == ELOOP) throw ToolFailure{"symbolic_link", "Symbolic links are not followed."};
    if (error == ENOTDIR) throw ToolFailure{"not_a_folder", "Something on the way is not a folder."};
    if (error == EACCES || error == EPERM) throw ToolFailure{"not_permitted", "The system does not permit that."};
    if (error == ENOENT || error == ENAMETOOLONG) throw ToolFailure{"not_found", "There is nothing of that name."};
    throw ToolFailure{"io_error", "The system could not read that."};
  }

  static struct stat status_of(int folder, const std::string& name) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) fail(errno);
    if (S_ISLNK(status.st_mode)) fail(ELOOP);
    return status;
  }

  Handle open_folder(const std::vector<std::string>& names) const {
    Handle folder{::openat(root_.get(), ".", flags | O_DIRECTORY)};
    for (const std::string& name : names) {
      if (folder && !S_ISDIR(status_of(folder.get(), name).st_mode)) fail(ENOTDIR);
      folder = Handle{::openat(folder.get(), name.c_str(), flags | O_DIRECTORY)};
      if (!folder) fail(errno);
    }
    if (!folder) fail(errno);
    return folder;
  }

  // Looked at before it is opened, as opening a device may do something, and after, as it may have been replaced.
  static Handle open_file(int folder, const std::string& name) {
    require_file(status_of(folder, name));
    Handle file{::openat(folder, name.c_str(), flags)};
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) fail(errno);
    require_file(status);
    return file;
  }
  static void require_file(const struct stat& status) {
    if (!S_ISREG(status.st_mode)) throw ToolFailure{"not_a_file", "That is not a regular file."};
    if (static_cast<std::uint64_t>(status.st_size) > most_bytes)
      throw ToolFailure{"too_large", "The file is larger than 16 MiB."};
  }

  static std::string read_all(int file, const std::stop_token& stop) {
    constexpr std::size_t piece = 256 << 10;
    std::string bytes;
    for (std::size_t size = 0;;) {
      if (stop.stop_requested()) throw Cancelled{};
      bytes.resize(size + piece);
      const ssize_t got = ::read(file, bytes.data() + size, piece);
      if (got < 0 && errno != EINTR) fail(errno);
      if (got > 0) size += static_cast<std::size_t>(got);
      bytes.resize(size);
      if (got == 0) return bytes;
      if (size > most_bytes) throw ToolFailure{"too_large", "The file is larger than 16 MiB."};
    }
  }

  static void walk_into(Walk& walk, Handle handle, const std::string& prefix, std::size_t depth) {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder{::fdopendir(handle.get()), &::closedir};
    if (!folder) fail(errno);
    static_cast<void>(handle.release());
    while (const char* const name = next_name(folder.get())) {
      if (walk.stop.stop_requested()) throw Cancelled{};
      if (walk.found.entries.size() >= most_entries)
        throw ToolFailure{"too_many", "There are more than 100,000 files."};
      const bool is_folder = add(walk.found, ::dirfd(folder.get()), name, prefix);
      if (is_folder && walk.recursive) walk_below(walk, ::dirfd(folder.get()), name, prefix, depth);
    }
    if (errno != 0) ++walk.found.missed;
  }

  static void walk_below(Walk& walk, int folder, const std::string& name, const std::string& prefix,
                         std::size_t depth) {
    Handle inner{depth == 0 ? -1 : ::openat(folder, name.c_str(), flags | O_DIRECTORY)};
    if (inner)
      walk_into(walk, std::move(inner), prefix + name + '/', depth - 1);
    else
      ++walk.found.missed;
  }

  /// Null at the end, and errno then tells whether it is one.
  static const char* next_name(DIR* folder) noexcept {
    for (;;) {
      errno = 0;
      const dirent* const found = ::readdir(folder);
      if (found == nullptr) return nullptr;
      const std::string_view name = found->d_name;
      if (name != "." && name != "..") return found->d_name;
    }
  }

  /// True for a folder.
  static bool add(Listing& listing, int folder, const std::string& name, const std::string& prefix) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return ++listing.missed, false;
    const bool is_folder = S_ISDIR(status.st_mode);
    if (is_folder || S_ISREG(status.st_mode))
      listing.entries.push_back({prefix + name, static_cast<std::uint64_t>(status.st_size), is_folder});
    return is_folder;
  }

  Handle root_;
  int error_ = 0;
};

}  // namespace mcp_files
