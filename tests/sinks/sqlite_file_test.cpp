// SPDX-License-Identifier: MIT
// Which files a sink takes, which it brings up to date, and which it refuses without a trace.
#include <tallyscope/detail/json_line.hpp>
#include <tallyscope/sqlite_reader.hpp>
#include <tallyscope/sqlite_sink.hpp>

#include "catch.hpp"
#include "sqlite_query.hpp"
#include "temporary_folder.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace {

namespace ts = tallyscope;
namespace fs = std::filesystem;

void put(const std::string& path, std::string_view text) { std::ofstream{path, std::ios::binary} << text; }

/// All files of a folder with what is in them.
std::map<std::string, std::string> contents(const TemporaryFolder& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator{folder.path()})
    files[entry.path().filename().string()] = entry.is_regular_file() ? content_of(entry.path().string()) : "";
  return files;
}

void check_refused(const std::string& path, std::error_code error, const std::string& sentence) {
  INFO(path);
  ts::SqliteSink sink{path};
  CHECK(sink.error() == error);
  CHECK(sink.message() == "cannot use \"" + ts::detail::shown(path) + "\": " + sentence);
  CHECK(sink.write({}) == error);
  CHECK(sink.flush() == error);
  CHECK(sink.health() == ts::Health{});
}

/// A database of version 0: one table, all words and texts written out.
void make_version_0(const std::string& path, int rows, const std::string& more = {}) {
  query(path,
        "CREATE TABLE calls(id BLOB PRIMARY KEY, kind TEXT, of BLOB, time INTEGER, duration_ns INTEGER, tenant TEXT, "
        "user TEXT, session TEXT, operation TEXT, name TEXT, request_model TEXT, outcome TEXT, finality TEXT, "
        "input_tokens INTEGER, output_tokens INTEGER, input_source TEXT, cost_picodollars INTEGER, cost_state TEXT, "
        "price_book TEXT, parts TEXT, diagnostics TEXT, labels TEXT);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
            std::to_string(rows) +
            ") INSERT INTO calls SELECT unhex_of_no_use, 'call', NULL, 1772357400000000000 + i * 1000000000, i * 1000, "
            "'acme', 'u' || (i % 3), 's-1', 'chat', 'answer', 'm' || (i % 2), 'success', 'final', i, 10, 'reported', "
            "1000000 * i, 'priced', 'book', '[{\"model\":\"p\",\"input_tokens\":5}]', '[\"text_cut\"]', "
            "'{\"team\":\"a\\nb\"}' FROM (SELECT i, CAST(printf('%016d', i) AS BLOB) AS unhex_of_no_use FROM n);" +
            more);
}

}  // namespace

TEST_CASE("a file that is none of ours is refused in one sentence and stays as it was", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const auto file = [&](const char* name) { return folder.file(name); };
  put(file("lines.jsonl"), "{\"v\":1,\"kind\":\"call\"}\n");
  put(file("short"), "SQLite");
  put(file("noise"), "SQLite format 3" + std::string(1, '\0') + std::string(5'000, '\x55'));
  query(file("unmarked.db"), "CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  query(file("unmarked_wal.db"),
        "PRAGMA journal_mode = WAL; CREATE TABLE calls(id, x); INSERT INTO calls VALUES (1, 2)");
  query(file("foreign.db"), "PRAGMA application_id = 77; CREATE TABLE t(x)");
  query(file("newer.db"), "PRAGMA application_id = 1415670905; PRAGMA user_version = 2; CREATE TABLE t(x)");
  query(file("version.db"), "PRAGMA user_version = 3");
  const auto before = contents(folder);
  const auto foreign = make_error_code(ts::SqliteError::foreign);
  const std::string not_ours = "the database belongs to another application; name another file";
  const std::string no_database = "the file is not an SQLite database; name another file";
  check_refused(file("lines.jsonl"), ts::SqliteError::not_a_database, no_database);
  check_refused(file("short"), ts::SqliteError::not_a_database, no_database);
  CHECK(ts::SqliteSink{file("noise")}.error());
  check_refused(file("unmarked.db"), foreign, not_ours);
  check_refused(file("unmarked_wal.db"), foreign, not_ours);
  check_refused(file("foreign.db"), foreign, not_ours);
  check_refused(file("version.db"), foreign, not_ours);
  check_refused(file("newer.db"), ts::SqliteError::newer_format,
                "the database was written by a later version of Tallyscope; update this program or name another file");
  CHECK(contents(folder) == before);
}

TEST_CASE("a place that holds no ordinary file is refused", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string link = folder.file("link"), pipe = folder.file("pipe\n");
  REQUIRE(::symlink(folder.file("target").c_str(), link.c_str()) == 0);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const auto system = [](std::errc error) { return std::error_code{static_cast<int>(error), std::system_category()}; };
  check_refused(folder.path(), std::make_error_code(std::errc::is_a_directory), "Is a directory; name a file in it");
  check_refused(folder.file("none/calls.db"), system(std::errc::no_such_file_or_directory),
                "No such file or directory; check the path");
  check_refused("", system(std::errc::no_such_file_or_directory), "No such file or directory; check the path");
  CHECK(ts::SqliteSink{link}.error() == std::errc::too_many_symbolic_link_levels);
  CHECK(ts::SqliteSink{pipe}.error() == std::errc::not_supported);
  CHECK_THAT(ts::SqliteSink{pipe}.message(), Catch::Matchers::ContainsSubstring("pipe\\x0a"));
  CHECK_FALSE(fs::exists(folder.file("target")));
}

TEST_CASE("a name is a file's name, whatever SQLite would make of it", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  for (const char* name : {":memory:", "file:calls.db?mode=memory", "a%20b?c#d.db"}) {
    INFO(name);
    CHECK_FALSE(ts::SqliteSink{name}.write({.id = {1, 1}}));
    CHECK(fs::exists(name));
    CHECK(ts::SqliteReader{name}.for_each([](const ts::Record&) {}).records == 1);
  }
  fs::current_path(before);
}

TEST_CASE("an empty file and an empty database become one of ours", "[sqlite_sink]") {
  const TemporaryFolder folder;
  put(folder.file("empty"), "");
  query(folder.file("vacuumed.db"), "VACUUM");
  for (const char* name : {"empty", "vacuumed.db"}) {
    ts::SqliteSink sink{folder.file(name)};
    CHECK(sink.message() == "");
    CHECK_FALSE(sink.write({.id = {1, 1}}));
    CHECK_FALSE(sink.flush());
    CHECK(number(folder.file(name), "SELECT count(*) FROM calls") == 1);
  }
}

TEST_CASE("a database of version 0 is brought up to date with all its rows", "[sqlite_sink]") {
  const TemporaryFolder folder;
  for (const char* mark : {"", "PRAGMA application_id = 1415670905"}) {
    const std::string path = folder.file(std::string{"calls"} + std::to_string(std::string_view{mark}.size()) + ".db");
    make_version_0(path, 100, mark);
    CHECK_THAT(ts::SqliteReader{path}.for_each([](const ts::Record&) {}).problem,
               Catch::Matchers::ContainsSubstring("open a SqliteSink with it once"));
    {
      ts::SqliteSink sink{path};
      CHECK(sink.message() == "");
      CHECK_FALSE(sink.write({.id = {0x3030303030303030, 0x3030303030303031}}));  // the id of its first row
    }
    CHECK(number(path, "PRAGMA user_version") == 1);
    CHECK(number(path, "PRAGMA application_id") == 0x54616C79);
    CHECK(number(path, "SELECT count(*) FROM calls") == 100);
    CHECK(number(path, "SELECT sum(input_tokens) FROM calls") == 5'050);
    CHECK(number(path, "SELECT count(*) FROM names") == 12);
    CHECK(answer(path, "SELECT cost_usd FROM usage_by_day") == "0.00505");
    CHECK(query(path, "SELECT user, calls FROM usage_by_user ORDER BY user") ==
          Rows{{"u0", "33"}, {"u1", "34"}, {"u2", "33"}});
    CHECK(number(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'calls_0'") == 0);
    std::string first;
    const ts::ReadResult result = ts::SqliteReader{path}.for_each([&](const ts::Record& record) {
      char line[ts::detail::json_line_room];
      if (first.empty()) first.assign(line, ts::detail::write_json_line(line, record));
    });
    CHECK(result.records == 100);
    CHECK(result.skipped == 0);
    CHECK(first ==
          "{\"v\":1,\"id\":\"30303030303030303030303030303031\",\"kind\":\"call\",\"time\":\"2026-03-01T09:30:01."
          "000000000Z\",\"duration_ns\":1000,\"tenant\":\"acme\",\"user\":\"u1\",\"session\":\"s-1\",\"operation\":"
          "\"chat\",\"name\":\"answer\",\"request_model\":\"m1\",\"outcome\":\"success\",\"finality\":\"final\","
          "\"input_tokens\":1,\"output_tokens\":10,\"input_source\":\"reported\",\"cost_usd\":\"0.000001\","
          "\"cost_state\":\"priced\",\"price_book\":\"book\",\"parts\":[{\"model\":\"p\",\"input_tokens\":5}],"
          "\"diagnostics\":[\"text_cut\"],\"labels\":{\"team\":\"a\\nb\"}}\n");
  }
}

TEST_CASE("a database from before a field of usage was added is read as it is, and gets the field by a sink",
          "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  const auto with_usage = [](ts::RecordId id, const ts::Usage& usage) {
    ts::Record record{.finality = ts::Finality::final, .id = id};
    record.usage = usage;
    return record;
  };
  {
    ts::SqliteSink sink{path};
    CHECK_FALSE(sink.write(with_usage({1, 1}, {.input_tokens = 5, .tool_calls = 2})));
  }
  for (const char* view : {"calls_view", "record_sums", "rollups_view", "usage_by_name", "usage_by_model",
                           "usage_by_server", "usage_by_user", "usage_by_turn", "usage_by_day"})
    query(path, std::string{"DROP VIEW "} + view);
  for (const char* table : {"calls", "parts", "rollups"})
    for (const char* column : {"input_image_tokens", "pages", "audio_milliseconds"})
      query(path, std::string{"ALTER TABLE "} + table + " DROP COLUMN " + column);

  const auto pages = [&] {
    std::vector<std::int64_t> all;
    const ts::ReadResult result = ts::SqliteReader{path}.for_each(
        [&](const ts::Record& record) { all.push_back(record.usage.pages.value_or(-1)); });
    CHECK(result.problem == "");
    return all;
  };
  CHECK(pages() == std::vector<std::int64_t>{-1});
  {
    ts::SqliteSink sink{path};
    CHECK(sink.message() == "");
    CHECK_FALSE(sink.write(with_usage({1, 2}, {.input_tokens = 7, .pages = 3})));
    CHECK_FALSE(sink.write(with_usage({1, 3}, {.pages = 4})));
  }
  CHECK(pages() == std::vector<std::int64_t>{-1, 3, 4});
  CHECK(number(path, "SELECT sum(pages) FROM rollups") == 7);
  CHECK(number(path, "SELECT sum(input_tokens) FROM usage_by_day") == 12);
  CHECK(number(path, "SELECT sum(pages) FROM calls_view") == 7);
}

TEST_CASE("a migration that fails leaves the old database as it was", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  make_version_0(path, 10, "CREATE TABLE rollups(x)");  // in the way
  const Rows before = query(path, "SELECT * FROM calls");
  {
    ts::SqliteSink sink{path};
    CHECK(sink.error());
    CHECK(sink.write({}) == sink.error());
  }
  CHECK(query(path, "SELECT * FROM calls") == before);
  CHECK(number(path, "PRAGMA user_version") == 0);
}

TEST_CASE("six processes that open a database of version 0 at once migrate it once", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string original = folder.file("original.db");
  make_version_0(original, 50);
  for (int trial = 0; trial < 20; ++trial) {
    const std::string path = folder.file("calls" + std::to_string(trial) + ".db");
    fs::copy_file(original, path);
    std::vector<pid_t> children;
    for (std::uint64_t process = 0; process < 6; ++process) {
      const pid_t child = ::fork();
      if (child == 0) {
        ts::SqliteSink sink{path};
        const bool refused = sink.error() || sink.write({.id = {2, process}}) || sink.flush() || sink.message() != "";
        ::_exit(refused ? 1 : 0);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = -1;
      ::waitpid(child, &status, 0);
      CHECK(status == 0);
    }
    CHECK(number(path, "SELECT count(*) FROM calls") == 56);
    CHECK(number(path, "SELECT sum(calls) FROM usage_by_model") == 56);
    CHECK(answer(path, "PRAGMA integrity_check") == "ok");
  }
}

TEST_CASE("a database with a damaged page is an error and not a crash", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  {
    ts::SqliteSink sink{path};
    for (std::uint64_t number = 0; number < 2'000; ++number) sink.write({.id = {1, number}});
  }
  const std::string whole = content_of(path);
  std::uint64_t state = 1;
  for (int trial = 0; trial < 60; ++trial) {
    std::string damaged = whole;
    for (int flips = 0; flips < 1 + trial; ++flips) {
      state = ts::detail::spread(state);
      damaged[state % damaged.size()] = static_cast<char>(state >> 32);
    }
    if (trial % 3 == 0) damaged.resize(state % damaged.size());
    put(path, damaged);
    ts::ReadResult result = ts::SqliteReader{path}.for_each([](const ts::Record&) {});
    CHECK(result.records <= 2'000);
    ts::SqliteSink sink{path};
    static_cast<void>(sink.write({.id = {2, 1}}));
    static_cast<void>(sink.flush());
    const ts::Health health = sink.health();
    CHECK(health.recorded == health.delivered + health.dropped_in_all() + health.pending);
  }
}
