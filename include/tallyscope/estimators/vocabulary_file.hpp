// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/vocabulary.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tallyscope::inline v0 {

/// A vocabulary image that is mapped from its file: some 10 us, and only the pages that are used take memory, which all
/// processes share. Replace such a file by renaming another one over it, never in place.
class VocabularyFile {
 public:
  VocabularyFile() noexcept = default;

  /// `problem` tells in one sentence why there is none.
  static VocabularyFile open(const std::string& path, std::string& problem) {
    VocabularyFile file;
    problem = file.map(path);
    return problem.empty() ? std::move(file) : VocabularyFile{};
  }

  VocabularyFile(VocabularyFile&& other) noexcept { swap(other); }
  VocabularyFile& operator=(VocabularyFile&& other) noexcept {
    swap(other);
    return *this;
  }
  ~VocabularyFile() {
    if (bytes_ != nullptr) ::munmap(bytes_, size_);
  }

  /// Lives as long as this does, however it is moved.
  const Vocabulary& vocabulary() const noexcept { return vocabulary_; }
  std::string_view image() const noexcept { return {static_cast<const char*>(bytes_), size_}; }
  explicit operator bool() const noexcept { return !vocabulary_.empty(); }

 private:
  void swap(VocabularyFile& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(vocabulary_, other.vocabulary_);
  }

  std::string map(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return path + " cannot be opened: " + std::generic_category().message(errno);
    struct stat status {};
    const bool sized = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    size_ = sized ? static_cast<std::size_t>(status.st_size) : 0;
    void* const mapped = sized ? ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    const int error = errno;
    ::close(file);
    if (!sized) return path + " is no file, or an empty one";
    if (mapped == MAP_FAILED) return path + " cannot be mapped: " + std::generic_category().message(error);
    bytes_ = mapped;
    VocabularyProblem problem = VocabularyProblem::none;
    vocabulary_ = Vocabulary::from_image(image(), problem);
    return problem == VocabularyProblem::none ? std::string{} : path + ": " + std::string{sentence_of(problem)};
  }

  void* bytes_ = nullptr;
  std::size_t size_ = 0;
  Vocabulary vocabulary_;
};

/// The folder in which the program installs vocabularies: $XDG_DATA_HOME/tallyscope/vocabularies, else that of
/// $HOME/.local/share; empty where neither variable is set.
inline std::string vocabulary_folder() {
  const char* const data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && data[0] == '/') return std::string{data} + "/tallyscope/vocabularies";
  const char* const home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? std::string{home} + "/.local/share/tallyscope/vocabularies"
                                           : std::string{};
}

/// Where the image of an encoding is, once it is installed; empty where there is no such folder.
inline std::string vocabulary_path(std::string_view encoding) {
  const std::string folder = vocabulary_folder();
  return folder.empty() ? folder : folder + "/" + std::string{encoding} + ".vocab";
}

}  // namespace tallyscope::inline v0
