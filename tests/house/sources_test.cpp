// SPDX-License-Identifier: MIT
#include "floors.hpp"

#include "catch.hpp"

namespace {

namespace fs = std::filesystem;

bool is_text(const fs::path& path) {
  static const std::set<std::string> extensions{".hpp", ".cpp", ".h",    ".md", ".txt", ".cmake", ".in",
                                                ".sh",  ".py",  ".json", ".js", ".css", ".html",  ".yml"};
  return path.extension().empty() || extensions.contains(path.extension().string());
}

/// The files of the source tree, without what is built and what git keeps.
std::vector<fs::path> source_files() {
  std::vector<fs::path> found;
  for (auto entry = fs::recursive_directory_iterator{TALLYSCOPE_SOURCE_DIR}; entry != fs::end(entry); ++entry) {
    const auto name = entry->path().filename().string();
    if (entry->is_directory() && (name.starts_with("build") || (name.starts_with('.') && name != ".ci")))
      entry.disable_recursion_pending();
    else if (entry->is_regular_file() && is_text(entry->path()))
      found.push_back(entry->path());
  }
  return found;
}

}  // namespace

TEST_CASE("no source is left with a note of what is to be done", "[house]") {
  // Put together here, so that this file does not find itself.
  const std::regex note{std::string{R"(\b(TO)"} + R"(DO|FIX)" + R"(ME)\b)"};
  for (const auto& path : source_files()) {
    std::ifstream file{path};
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      if (line.size() < 1000 && std::regex_search(line, note))
        FAIL_CHECK(path.string() << ":" << number << ": " << line);
    }
  }
  CHECK(source_files().size() > 10);
}

TEST_CASE("a test file that is not run is an error", "[house]") {
  std::set<std::string> picked_up;
  std::ifstream list{TALLYSCOPE_PICKED_UP};
  for (std::string line; std::getline(list, line);) picked_up.insert(line);
  CHECK_FALSE(picked_up.empty());
  for (const auto& path : house::files_below(fs::path{TALLYSCOPE_SOURCE_DIR} / "tests", ".cpp"))
    if (!picked_up.contains(path.string()))
      FAIL_CHECK(
          path.string() << " belongs to no test program; move it into a folder that tests/CMakeLists.txt picks up.");
}
