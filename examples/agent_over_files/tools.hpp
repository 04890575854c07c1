// SPDX-License-Identifier: MIT
// The tools that the agent has. They really run on the files, and each use of one is a tracked call.
#pragma once

#include "folder.hpp"
#include "text.hpp"
#include "tracking.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace agent {

enum class Tool { list_files, largest_files, read_file, search, count_lines };
inline constexpr std::string_view tool_names[] = {"list_files", "largest_files", "read_file", "search", "count_lines"};
constexpr std::string_view name_of(Tool tool) noexcept { return tool_names[static_cast<std::size_t>(tool)]; }

/// What a tool came back with: what the model is shown, the gist of it, and the file that it is about.
struct Found {
  std::string text;
  std::string gist;
  std::string file;
};

class Tools {
 public:
  explicit Tools(const Folder& folder) : folder_{folder} {}

  /// Throws FileError when the tool fails. The record names the tool, never a path or a text.
  Found use(const Turn& turn, Tool tool, const std::string& argument) const {
    Call call{turn, {.operation = ts::Operation::execute_tool, .name = name_of(tool), .server = "files"}};
    call.input_text(argument);
    try {
      Found found = run(tool, argument);
      call.output_text(found.text);  // counted, not kept
      return found;
    } catch (const FileError& error) {
      // The scope would record an error anyway, as the exception leaves it; this says which.
      call.outcome(ts::Outcome::error, error.what());
      throw;
    }
  }

 private:
  static constexpr std::size_t most_shown = 20, most_read = 12'000, longest_line = 160;

  Found run(Tool tool, const std::string& argument) const {
    switch (tool) {
      case Tool::list_files:
        return list(folder_.files());
      case Tool::largest_files:
        return largest();
      case Tool::read_file:
        return read(argument);
      case Tool::search:
        return search(argument);
      case Tool::count_lines:
        return count_lines(argument);
    }
    return {};
  }

  Found list(const std::vector<File>& files) const {
    const std::string all = counted(folder_.files().size(), "file") + ", " + counted(folder_.bytes(), "byte");
    Found found{all + '\n', all + '.', {}};
    for (const File& file : files) found.text += file.name + ' ' + std::to_string(file.size) + '\n';
    return found;
  }

  Found largest() const {
    std::vector<File> files = folder_.files();
    std::stable_sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.size > b.size; });
    files.resize(std::min(files.size(), most_shown));
    Found found = list(files);
    if (!files.empty()) found.gist = files[0].name + " with " + counted(files[0].size, "byte") + '.';
    return found;
  }

  Found read(const std::string& name) const {
    const std::string text = folder_.text(name);
    std::size_t lines = 0;
    std::string_view beginning;
    for_each_line(text, [&](std::size_t, std::string_view line) {
      ++lines;
      if (beginning.empty()) beginning = trimmed(line);
    });
    std::string gist = counted(lines, "line") + "; it begins: " + std::string{cut(beginning, longest_line)};
    return {std::string{cut(text, most_read)}, std::move(gist), name};
  }

  /// Lines that define the word come first.
  Found search(const std::string& word) const {
    std::vector<std::string> definitions, others;
    std::size_t hits = 0;
    Found found;
    for_each_line_of_all([&](const File& file, std::size_t number, std::string_view line) {
      if (!mentions(line, word)) return;
      ++hits;
      const bool defines = defined_name(line) == word;
      auto& shown = defines ? definitions : others;
      if (found.file.empty() || (defines && definitions.empty())) found.file = file.name;
      if (shown.size() < most_shown)
        shown.push_back(file.name + ':' + std::to_string(number) + ": " +
                        std::string{cut(trimmed(line), longest_line)});
    });
    const std::string& first = !definitions.empty() ? definitions[0] : !others.empty() ? others[0] : word;
    found.gist = hits == 0 ? "Nowhere." : first.substr(0, first.find(": ")) + ", of " + counted(hits, "mention") + '.';
    for (const auto* lines : {&definitions, &others})
      for (const std::string& line : *lines) found.text += line + '\n';
    return found;
  }

  Found count_lines(const std::string& word) const {
    std::size_t hits = 0;
    for_each_line_of_all([&](const File&, std::size_t, std::string_view line) { hits += mentions(line, word); });
    return {std::to_string(hits), counted(hits, "line") + '.', {}};
  }

  /// Like grep, it passes over what is not text.
  template <class Visit>
  void for_each_line_of_all(const Visit& visit) const {
    for (const File& file : folder_.files()) try {
        for_each_line(folder_.text(file.name),
                      [&](std::size_t number, std::string_view line) { visit(file, number, line); });
      } catch (const FileError&) {
      }
  }

  const Folder& folder_;
};

}  // namespace agent
