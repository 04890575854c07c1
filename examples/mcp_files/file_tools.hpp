// SPDX-License-Identifier: MIT
// What can be asked about the files. Each tool returns the text that the model is shown, or throws.
#pragma once

#include "arguments.hpp"
#include "folder.hpp"
#include "progress.hpp"
#include "text.hpp"

#include <algorithm>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp_files {

/// What a call of a tool works with.
struct Task {
  const Folder& folder;
  std::stop_token stop;
  Progress& progress;
};

inline std::string line_of(const Entry& entry) {
  const std::string size = entry.is_folder ? "/" : '\t' + std::to_string(entry.size);
  return repaired(entry.path) + size + '\n';
}

/// The last line of an answer that is not complete.
inline std::string note_on(std::size_t missed) {
  if (missed == 0) return {};
  const std::string count = missed == 1 ? "1 file or folder was" : std::to_string(missed) + " files or folders were";
  return count + " not looked at: too large, too deep or unreadable.\n";
}

inline std::string list_files(const Task& task, const Arguments& arguments) {
  const auto found = task.folder.list(arguments.text("folder"), arguments.flag("recursive", false), task.stop);
  std::string text = found.entries.empty() ? "The folder is empty.\n" : "";
  for (const Entry& entry : found.entries) text += line_of(entry);
  return text + note_on(found.missed);
}

/// The text of a file; throws ToolFailure if it is none.
inline std::string text_of(const Task& task, const std::string& path) {
  std::string text = task.folder.read(path, task.stop);
  if (!is_text(text)) throw ToolFailure{"not_text", "The file is not UTF-8 text."};
  return text;
}

/// The lines from `first`, counted from 1; at most `count` of them.
inline std::string_view lines_of(std::string_view text, std::size_t first, std::size_t count) noexcept {
  const auto skip = [](std::string_view from, std::size_t lines) {
    std::size_t at = 0;
    for (; lines > 0 && at < from.size(); --lines) at = std::min(from.find('\n', at), from.size() - 1) + 1;
    return at;
  };
  text.remove_prefix(skip(text, first - 1));
  return text.substr(0, skip(text, count));
}

inline std::string read_file(const Task& task, const Arguments& arguments) {
  const std::string path = arguments.needed_text("path");
  const std::size_t first = arguments.number("first", 1, 1), count = arguments.number("count", 1'000'000'000, 1);
  std::string text = text_of(task, path);
  if (!arguments.has("first") && !arguments.has("count")) return text;
  return std::string{lines_of(text, first, count)};
}

/// Goes over every file below the folder that the arguments name; returns how many files and folders it missed.
template <class Visit>
std::size_t for_each_file(const Task& task, const Arguments& arguments, const Visit& visit) {
  auto [entries, missed] = task.folder.list(arguments.text("folder"), true, task.stop);
  std::erase_if(entries, [](const Entry& entry) { return entry.is_folder; });
  for (std::size_t done = 0; done < entries.size(); ++done) {
    if (!visit(entries[done])) break;
    if (task.stop.stop_requested()) throw Cancelled{};
    task.progress.tell(done + 1, entries.size());
  }
  return missed;
}

/// Where the wanted text comes next; looks up now and then whether it is still wanted.
inline std::size_t find(std::string_view text, std::string_view wanted, std::size_t from, const std::stop_token& stop) {
  constexpr std::size_t piece = 64 << 10;
  for (; from < text.size(); from += piece) {
    if (stop.stop_requested()) throw Cancelled{};
    const std::size_t found = text.substr(from, piece + wanted.size() - 1).find(wanted);
    if (found != std::string_view::npos) return from + found;
  }
  return std::string_view::npos;
}

/// Adds `path:number: line` for the lines that have the text; false when there are enough.
inline bool add_matches(const Task& task, std::string_view text, const std::string& path, std::string_view wanted,
                        std::size_t most, std::vector<std::string>& matches) {
  constexpr std::size_t longest = 200;
  std::size_t number = 1, counted = 0;
  for (std::size_t at = 0; (at = find(text, wanted, at, task.stop)) != std::string_view::npos;) {
    if (matches.size() == most) return false;
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    number += static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                                  text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
    counted = begin;
    matches.push_back(path + ':' + std::to_string(number) + ": " +
                      std::string{cut(text.substr(begin, end - begin), longest)});
    at = end;
  }
  return true;
}

/// Like grep, it passes over what is not text.
inline std::string search(const Task& task, const Arguments& arguments) {
  const std::string wanted = arguments.needed_text("text");
  const std::size_t most = std::min<std::size_t>(arguments.number("most", 100, 1), 1000);
  if (wanted.size() > 1000 || wanted.find('\n') != std::string::npos)
    throw ToolFailure{"invalid_arguments", "The text must be one line of at most 1,000 bytes."};
  std::vector<std::string> matches;
  bool all = true;
  std::size_t unread = 0;
  const std::size_t missed = for_each_file(task, arguments, [&](const Entry& entry) {
    std::string text;
    try {
      text = text_of(task, entry.path);
    } catch (const ToolFailure& failure) {
      unread += failure.type == "not_text" ? 0 : 1;
      return true;
    }
    return all = add_matches(task, text, repaired(entry.path), wanted, most, matches);
  });
  std::string found = matches.empty() ? "No line has it.\n" : "";
  for (const std::string& match : matches) found += match + '\n';
  return found + (all ? "" : "There is more.\n") + note_on(missed + unread);
}

inline std::string largest_files(const Task& task, const Arguments& arguments) {
  const std::size_t count = std::min<std::size_t>(arguments.number("count", 10, 1), 1000);
  std::vector<Entry> files;
  const std::size_t missed = for_each_file(task, arguments, [&](const Entry& entry) {
    files.push_back(entry);
    return true;
  });
  std::stable_sort(files.begin(), files.end(), [](const Entry& a, const Entry& b) { return a.size > b.size; });
  files.resize(std::min(files.size(), count));
  std::string text = files.empty() ? "There are no files.\n" : "";
  for (const Entry& entry : files) text += line_of(entry);
  return text + note_on(missed);
}

}  // namespace mcp_files
