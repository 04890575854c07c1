// SPDX-License-Identifier: MIT
#include <tallyscope/detail/json_line.hpp>
#include <tallyscope/sqlite_reader.hpp>
#include <tallyscope/sqlite_sink.hpp>

#include "catch.hpp"
#include "sample_records.hpp"
#include "sqlite_query.hpp"
#include "temporary_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

namespace {

namespace ts = tallyscope;

std::string line_of(const ts::Record& record) {
  std::string line(ts::detail::json_line_room, '\0');
  line.resize(ts::detail::write_json_line(line.data(), record));
  return line;
}

/// The lines of all records of a file.
std::vector<std::string> stored_lines(const std::string& path) {
  std::vector<std::string> lines;
  const ts::ReadResult result =
      ts::SqliteReader{path}.for_each([&](const ts::Record& record) { lines.push_back(line_of(record)); });
  CHECK(result.problem == "");
  CHECK(result.skipped == 0);
  CHECK(result.records == lines.size());
  return lines;
}

std::string problem_with(const std::string& path) {
  return ts::SqliteReader{path}.for_each([](const ts::Record&) { FAIL("there is no record"); }).problem;
}

void put(const std::string& path, std::string_view text) { std::ofstream{path, std::ios::binary} << text; }

void write_calls(const std::string& path, int calls) {
  ts::SqliteSink sink{path};
  for (int call = 0; call < calls; ++call) sink.write({.id = {7, static_cast<std::uint64_t>(call)}});
}

std::size_t files_in(const TemporaryFolder& folder) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) files += entry.exists() ? 1 : 0;
  return files;
}

}  // namespace

TEST_CASE("any record reads back as it was written, in the order of writing", "[sqlite_reader]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  std::vector<std::string> expected;
  {
    ts::SqliteSink sink{path};
    samples::RandomTexts random{11};
    for (int round = 0; round < 2'000; ++round) {
      samples::Sample sample;
      samples::fill_randomly(sample, random);
      expected.push_back(line_of(*sample.record));
      REQUIRE_FALSE(sink.write(*sample.record));
    }
  }
  const std::vector<std::string> lines = stored_lines(path);
  REQUIRE(lines.size() == expected.size());
  for (std::size_t place = 0; place < lines.size(); ++place)
    if (lines[place] != expected[place]) FAIL_CHECK(lines[place] + "is not\n" + expected[place]);
}

TEST_CASE("what a late report replaces reads back", "[sqlite_reader]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  const ts::Money known = ts::Money::from_picodollars(5);
  const ts::Superseded replaced{10, 20,
                                ts::Cost{.state = ts::CostState::incomplete, .estimated = true, .known = known}};
  const ts::Record record{.kind = ts::Kind::late_usage,
                          .id = {1, 2},
                          .of = {1, 1},
                          .usage = {.input_tokens = 12, .output_tokens = 21},
                          .cost = {.state = ts::CostState::priced, .amount = known, .price_book = "b"},
                          .superseded = &replaced};
  CHECK_FALSE(ts::SqliteSink{path}.write(record));
  CHECK(stored_lines(path) == std::vector{line_of(record)});
}

TEST_CASE("reading leaves the folder as it was, with and without a writer", "[sqlite_reader]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  write_calls(path, 3);
  const std::string before = content_of(path);
  CHECK(stored_lines(path).size() == 3);
  CHECK(files_in(folder) == 1);
  CHECK(content_of(path) == before);
  ts::SqliteSink sink{path};
  CHECK_FALSE(sink.write({.id = {8, 1}}));
  CHECK_FALSE(sink.flush());
  const std::size_t files = files_in(folder);
  CHECK(stored_lines(path).size() == 4);
  CHECK(files_in(folder) == files);
}

TEST_CASE("what a killed writer has left in its log is read", "[sqlite_reader]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db"), copy = folder.file("copy.db");
  ts::SqliteSink sink{path};
  CHECK_FALSE(sink.write({.id = {8, 1}}));
  CHECK_FALSE(sink.flush());
  std::filesystem::copy_file(path, copy);
  std::filesystem::copy_file(path + "-wal", copy + "-wal");
  CHECK(stored_lines(copy).size() == 1);
}

TEST_CASE("a file that cannot be read is one sentence with its name and what to do", "[sqlite_reader]") {
  const TemporaryFolder folder;
  const std::string text = folder.file("text\x1b[31m.db"), foreign = folder.file("foreign.db");
  put(text, "{\"v\":1}\n");
  query(foreign, "CREATE TABLE t(x)");
  CHECK(problem_with(folder.file("none.db")) ==
        "cannot use \"" + folder.file("none.db") + "\": No such file or directory; check the path");
  CHECK(problem_with(folder.path()) == "cannot use \"" + folder.path() + "\": Is a directory; name a file in it");
  CHECK(problem_with(text) == "cannot use \"" + folder.file("text\\x1b[31m.db") +
                                  "\": the file is not an SQLite database; name another file");
  CHECK(problem_with(foreign) ==
        "cannot use \"" + foreign + "\": the database belongs to another application; name another file");
  CHECK_FALSE(std::filesystem::exists(folder.file("none.db")));
}

TEST_CASE("a database of a later version is not read", "[sqlite_reader]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  write_calls(path, 1);
  query(path, "PRAGMA user_version = 2");
  CHECK_THAT(problem_with(path), Catch::Matchers::ContainsSubstring("later version"));
}

TEST_CASE("a row that holds what no record can is skipped and counted", "[sqlite_reader]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  write_calls(path, 4);
  query(path,
        "UPDATE calls SET kind = 99 WHERE number = 1; UPDATE calls SET user = 12345 WHERE number = 2;"
        "UPDATE calls SET input_tokens = -1 WHERE number = 3");
  int seen = 0;
  const ts::ReadResult result = ts::SqliteReader{path}.for_each([&](const ts::Record&) { ++seen; });
  CHECK(seen == 1);
  CHECK(result.records == 1);
  CHECK(result.skipped == 3);
  CHECK(result.problem == "");
}
