// SPDX-License-Identifier: MIT
#include <tallyscope/sqlite_sink.hpp>

#include "catch.hpp"
#include "sqlite_query.hpp"
#include "temporary_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <thread>

namespace {

namespace ts = tallyscope;

ts::RecordId id_of(std::uint64_t number) { return {7, number}; }

}  // namespace

TEST_CASE("a record is in the file when it is flushed, when the sink ends, and not before", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  {
    ts::SqliteSink sink{path};
    REQUIRE_FALSE(sink.error());
    CHECK(sink.message() == "");
    CHECK_FALSE(sink.write({.id = id_of(1)}));
    CHECK(number(path, "SELECT count(*) FROM calls") == 0);
    CHECK(sink.health() == ts::Health{.recorded = 1, .pending = 1});
    CHECK_FALSE(sink.flush());
    CHECK(number(path, "SELECT count(*) FROM calls") == 1);
    CHECK(sink.health() == ts::Health{.recorded = 1, .delivered = 1});
    CHECK_FALSE(sink.write({.id = id_of(2)}));
  }
  CHECK(number(path, "SELECT count(*) FROM calls") == 2);
}

TEST_CASE("a full batch, or one that is old enough, is written by the write that finds it so", "[sqlite_sink]") {
  const TemporaryFolder folder;
  ts::SqliteSink by_number{folder.file("number.db"), {.batch = 3, .batch_age_ms = 60'000}};
  ts::SqliteSink by_age{folder.file("age.db"), {.batch_age_ms = 5}};
  ts::SqliteSink one_by_one{folder.file("one.db"), {.batch = 1}};
  for (std::uint64_t place = 0; place < 4; ++place) CHECK_FALSE(by_number.write({.id = id_of(place)}));
  CHECK(number(folder.file("number.db"), "SELECT count(*) FROM calls") == 3);
  CHECK_FALSE(by_age.write({.id = id_of(1)}));
  std::this_thread::sleep_for(std::chrono::milliseconds{10});
  CHECK_FALSE(by_age.write({.id = id_of(2)}));
  CHECK(number(folder.file("age.db"), "SELECT count(*) FROM calls") == 2);
  CHECK_FALSE(one_by_one.write({.id = id_of(1)}));
  CHECK(number(folder.file("one.db"), "SELECT count(*) FROM calls") == 1);
}

TEST_CASE("a new database is readable by its owner alone and bears our mark", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  const ts::SqliteSink sink{path};
  for (const char* ending : {"", "-wal", "-shm"}) {
    struct stat status {};
    REQUIRE(::stat((path + ending).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
  CHECK(number(path, "PRAGMA application_id") == 0x54616C79);
  CHECK(number(path, "PRAGMA user_version") == 1);
  CHECK(number(path, "PRAGMA page_size") == 16384);
  CHECK(answer(path, "PRAGMA journal_mode") == "wal");
}
