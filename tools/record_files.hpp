// SPDX-License-Identifier: MIT
#pragma once

#include "shown_text.hpp"

#include <tallyscope/jsonl_reader.hpp>
#include <tallyscope/read_result.hpp>
#include <tallyscope/sqlite_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <vector>

namespace tallyscope_program {

/// What became of reading several files.
struct FilesRead {
  std::uint64_t records = 0;
  std::uint64_t repeated = 0;           ///< records that an earlier file had already: not given to the visitor
  std::uint64_t skipped = 0;            ///< lines and rows that could not be read, torn ends included
  std::uint64_t torn_ends = 0;          ///< files that end in a part of a line
  std::vector<std::string> problems{};  ///< one sentence each
};

/// Whether a file begins as every SQLite database does (its file format, section 1.2.1).
inline bool is_sqlite(const std::string& path) {
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  char start[16] = {};
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;  // a pipe would be waited for
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  const std::size_t size = std::fread(start, 1, sizeof start, file);
  std::fclose(file);
  return std::string_view{start, size} == magic;
}

template <class Visit>
tallyscope::ReadResult read_file(const std::string& path, const Visit& visit) {
  if (is_sqlite(path)) return tallyscope::SqliteReader{path}.for_each(visit);
  return tallyscope::JsonlReader{path}.for_each(visit);
}

struct HashOfId {
  std::size_t operator()(const tallyscope::RecordId& id) const noexcept {
    return static_cast<std::size_t>(id.process ^ id.number * 0x9E3779B97F4A7C15u);
  }
};

/// What to say of a file whose lines could not all be read.
inline std::string damage_text(const std::string& path, std::uint64_t lines) {
  return shown(path) + ": " + std::to_string(lines) + (lines == 1 ? " line is" : " lines are") +
         " no record of format 1 and " + (lines == 1 ? "was" : "were") + " skipped";
}

/// Gives every record of every file to `visit`, whatever the files' format; one that stands in several files once. With
/// several files it remembers the ids: about 40 bytes a record.
template <class Visit>
FilesRead read_files(const std::vector<std::string>& paths, const Visit& visit) {
  FilesRead all;
  std::unordered_set<tallyscope::RecordId, HashOfId> seen;
  for (const std::string& path : paths) {
    const tallyscope::ReadResult file = read_file(path, [&](const tallyscope::Record& record) {
      const bool is_new = paths.size() == 1 || !record.id || seen.insert(record.id).second;
      if (is_new)
        visit(record);
      else
        ++all.repeated;
    });
    all.records += file.records;
    all.skipped += file.skipped;
    all.torn_ends += file.torn_tail ? 1u : 0u;
    const std::uint64_t damaged = file.skipped - (file.torn_tail ? 1u : 0u);
    if (!file.problem.empty())
      all.problems.push_back(file.problem);
    else if (damaged > 0 || (file.skipped > 0 && file.records == 0))
      all.problems.push_back(damage_text(path, file.skipped));
  }
  return all;
}

}  // namespace tallyscope_program
