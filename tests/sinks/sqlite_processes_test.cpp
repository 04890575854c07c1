// SPDX-License-Identifier: MIT
// Many threads and processes on one database, forks, kills, and a file that others hold.
#include <tallyscope/error.hpp>
#include <tallyscope/sqlite_reader.hpp>
#include <tallyscope/sqlite_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include "catch.hpp"
#include "sqlite_query.hpp"
#include "temporary_folder.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace {

namespace ts = tallyscope;

constexpr std::int64_t price = 1'000'000'000'001;

/// A call of a process or thread: its tokens tell it from the others.
std::error_code write_call(ts::SqliteSink& sink, std::uint64_t writer, std::uint64_t place) {
  const std::string name = "tool-" + std::to_string(writer);
  const ts::Call call{.model = "m", .name = name};
  return sink.write({.call = call,
                     .id = {1 + writer, place},
                     .usage = {.input_tokens = place},
                     .cost = {.state = ts::CostState::priced, .amount = ts::Money::from_picodollars(price)}});
}

/// Runs `action(process)` in so many processes at once and checks that each answers 0.
template <class Action>
void in_processes(std::uint64_t processes, const Action& action) {
  std::vector<pid_t> children;
  for (std::uint64_t process = 0; process < processes; ++process) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(action(process));
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
}

void check_all_there(const std::string& path, std::uint64_t writers, std::uint64_t calls) {
  const auto total = static_cast<std::int64_t>(writers * calls);
  const auto tokens = static_cast<std::int64_t>(writers * (calls * (calls - 1) / 2));
  CHECK(number(path, "SELECT count(*) FROM calls") == total);
  CHECK(number(path, "SELECT count(DISTINCT id) FROM calls") == total);
  CHECK(number(path, "SELECT calls FROM usage_by_model") == total);
  CHECK(number(path, "SELECT reported_input_tokens FROM usage_by_model") == tokens);
  CHECK(number(path, "SELECT count(*) FROM usage_by_name WHERE calls = " + std::to_string(calls)) ==
        static_cast<std::int64_t>(writers));
  const ts::MoneySum cost = ts::MoneySum::from_picodollars(ts::detail::int128{price} * total);
  CHECK(answer(path, "SELECT cost_usd FROM usage_by_model") == cost.exact());
  CHECK(answer(path, "PRAGMA integrity_check") == "ok");
}

bool adds_up(const ts::Health& health) {
  return health.recorded == health.delivered + health.dropped_in_all() + health.pending;
}

/// A connection that has the file for itself.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    ::sqlite3_open(path.c_str(), &connection_);
    ::sqlite3_busy_timeout(connection_, 5'000);
    REQUIRE(run("BEGIN IMMEDIATE"));
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() {
    run("ROLLBACK");
    ::sqlite3_close(connection_);
  }

 private:
  bool run(const char* sql) { return ::sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

  sqlite3* connection_ = nullptr;
};

}  // namespace

TEST_CASE("eight processes write two hundred calls each, and nothing is lost or there twice", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  in_processes(8, [&](std::uint64_t process) {
    ts::SqliteSink sink{path, {.batch = process % 2 == 0 ? std::size_t{1} : std::size_t{30}}};
    for (std::uint64_t call = 0; call < 200; ++call)
      if (write_call(sink, process, call)) return 1;
    return sink.flush() || sink.health() != ts::Health{.recorded = 200, .delivered = 200} ? 2 : 0;
  });
  check_all_there(path, 8, 200);
}

TEST_CASE("eight threads write twenty thousand calls each, and nothing is lost or there twice", "[sqlite_sink]") {
  constexpr std::uint64_t threads = 8, calls = 20'000;
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  {
    ts::SqliteSink sink{path};
    std::atomic<int> refused{0};
    std::atomic<bool> done{false};
    std::thread watcher{[&] {
      while (!done)
        if (!adds_up(sink.health())) ++refused;
    }};
    std::vector<std::thread> writers;
    for (std::uint64_t writer = 0; writer < threads; ++writer)
      writers.emplace_back([&, writer] {
        for (std::uint64_t call = 0; call < calls; ++call)
          if (write_call(sink, writer, call)) ++refused;
      });
    for (std::thread& writer : writers) writer.join();
    done = true;
    watcher.join();
    CHECK(refused == 0);
    CHECK_FALSE(sink.flush());
    CHECK(sink.health() == ts::Health{.recorded = threads * calls, .delivered = threads * calls});
  }
  check_all_there(path, threads, calls);
}

TEST_CASE("while another process holds the file, records wait, and are written when it lets go", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  ts::SqliteSink sink{path, {.batch = 10, .busy_timeout_ms = 20, .pending_limit = 50}};
  REQUIRE_FALSE(sink.error());
  {
    const Holder holder{path};
    for (std::uint64_t call = 0; call < 50; ++call) CHECK_FALSE(write_call(sink, 0, call));
    CHECK(write_call(sink, 0, 50) == ts::Error::full);
    CHECK(write_call(sink, 0, 51) == ts::Error::full);
    CHECK(sink.flush());
    CHECK_THAT(sink.message(), Catch::Matchers::ContainsSubstring("database is locked"));
    CHECK(sink.health() == ts::Health{.recorded = 50, .pending = 50});
  }
  CHECK_FALSE(sink.error());
  CHECK_FALSE(sink.flush());
  CHECK(sink.message() == "");
  CHECK(sink.health() == ts::Health{.recorded = 50, .delivered = 50});
  check_all_there(path, 1, 50);
}

TEST_CASE("a write goes on by itself when a held file is free again", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  ts::SqliteSink sink{path, {.batch = 1, .busy_timeout_ms = 10}};
  {
    const Holder holder{path};
    CHECK_FALSE(write_call(sink, 0, 0));
    CHECK(sink.health().pending == 1);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{120});
  CHECK_FALSE(write_call(sink, 0, 1));
  CHECK(sink.health() == ts::Health{.recorded = 2, .delivered = 2});
}

TEST_CASE("a file that is held when the sink is made is waited for", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  query(path, "PRAGMA journal_mode = DELETE");
  { const ts::SqliteSink made{path}; }
  query(path, "PRAGMA journal_mode = DELETE");
  std::optional<Holder> holder{path};
  ts::SqliteSink sink{path, {.busy_timeout_ms = 20}};
  CHECK_FALSE(sink.error());
  CHECK(sink.message() != "");
  CHECK_FALSE(write_call(sink, 0, 0));
  CHECK(sink.flush());
  CHECK(sink.health() == ts::Health{.recorded = 1, .pending = 1});
  holder.reset();
  CHECK_FALSE(sink.flush());
  check_all_there(path, 1, 1);
}

TEST_CASE("a tracker counts the records that found no room", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  ts::SqliteSink sink{path, {.batch = 2, .busy_timeout_ms = 0, .pending_limit = 3}};
  ts::Tracker tracker{sink};
  const Holder holder{path};
  for (int call = 0; call < 5; ++call) ts::TrackScope{tracker, {.model = "gpt-4.1"}};
  const ts::Health health = tracker.health();
  CHECK(health.recorded == 5);
  CHECK(health.pending == 3);
  CHECK(health.dropped_for(ts::DropReason::queue_full) == 2);
  CHECK(adds_up(health));
}

TEST_CASE("a forked child writes through a connection of its own and none of its parent's records", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  int pipes[2];
  REQUIRE(::pipe(pipes) == 0);
  pid_t child = 0;
  {
    ts::SqliteSink sink{path};
    CHECK_FALSE(write_call(sink, 0, 0));
    CHECK_FALSE(sink.flush());
    CHECK_FALSE(write_call(sink, 0, 1));  // waits while the process forks
    child = ::fork();
    if (child == 0) {
      bool wrong = sink.health() != ts::Health{} || write_call(sink, 1, 0) || sink.flush();
      char parent_is_gone = 0;
      wrong = wrong || ::read(pipes[0], &parent_is_gone, 1) != 1 || write_call(sink, 1, 1) || sink.flush();
      ::_exit(wrong || sink.health() != ts::Health{.recorded = 2, .delivered = 2} ? 1 : 0);
    }
    CHECK_FALSE(sink.flush());
  }
  // The parent has closed its connection: the child's must not lose its log by that.
  CHECK(::write(pipes[1], "x", 1) == 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  check_all_there(path, 2, 2);
  ::close(pipes[0]), ::close(pipes[1]);
}

TEST_CASE("a child that ends without writing leaves its parent's records alone", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  auto* const sink = new ts::SqliteSink{path};
  CHECK_FALSE(write_call(*sink, 0, 0));
  in_processes(2, [&](std::uint64_t) {
    delete sink;
    return 0;
  });
  CHECK(number(path, "SELECT count(*) FROM calls") == 0);
  delete sink;
  check_all_there(path, 1, 1);
}

// Not under AddressSanitizer: a child forked while another thread allocates waits forever for a lock of the sanitizer's
// own allocator, which unlike the C library's knows nothing of forks.
#if defined(__SANITIZE_ADDRESS__)
#define TALLYSCOPE_ASAN 1
#elif defined(__has_feature)
#define TALLYSCOPE_ASAN __has_feature(address_sanitizer)
#else
#define TALLYSCOPE_ASAN 0
#endif
#if !TALLYSCOPE_ASAN
TEST_CASE("children forked off busy threads write or say why not, and none hangs", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  std::uint64_t written = 0, children_written = 0;
  {
    ts::SqliteSink sink{path, {.batch = 50}};
    std::atomic<bool> done{false};
    std::thread writer{[&] {
      while (!done) written += write_call(sink, 0, written) ? 0 : 1;
    }};
    for (std::uint64_t process = 1; process <= 20; ++process) {
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
      const pid_t child = ::fork();
      if (child == 0) {
        ::alarm(20);
        const std::error_code error = write_call(sink, process, 0);
        ::_exit(error == ts::SqliteError::forked ? 2 : error || sink.flush() ? 1 : 0);
      }
      int status = -1;
      ::waitpid(child, &status, 0);
      REQUIRE(WIFEXITED(status));
      CHECK(WEXITSTATUS(status) != 1);
      children_written += WEXITSTATUS(status) == 0 ? 1 : 0;
    }
    done = true;
    writer.join();
  }
  CHECK(number(path, "SELECT count(*) FROM calls") == static_cast<std::int64_t>(written + children_written));
  CHECK(answer(path, "PRAGMA integrity_check") == "ok");
}
#endif

TEST_CASE("a process that is killed loses nothing that was flushed", "[sqlite_sink]") {
  const TemporaryFolder folder;
  auto* const flushed = static_cast<std::atomic<std::uint64_t>*>(
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  for (int trial = 0; trial < 20; ++trial) {
    const std::string path = folder.file("calls" + std::to_string(trial) + ".db");
    *flushed = 0;
    const pid_t child = ::fork();
    if (child == 0) {
      ts::SqliteSink sink{path, {.batch = 7}};
      for (std::uint64_t call = 0;; ++call)
        if (!write_call(sink, 0, call) && call % 5 == 0 && !sink.flush()) *flushed = call + 1;
    }
    while (*flushed == 0) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::microseconds{500 * trial});
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(ts::SqliteReader{path}.for_each([](const ts::Record&) {}).records >= flushed->load());
    CHECK(number(path, "SELECT count(*) FROM calls") == number(path, "SELECT calls FROM usage_by_model"));
    CHECK(answer(path, "PRAGMA integrity_check") == "ok");
  }
  ::munmap(flushed, 4096);
}

TEST_CASE("texts of any kind stay texts", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  const std::string hostile[] = {"'; DROP TABLE calls; --", "a\nb", "\x1b[31mred", "\"", "\xff\xfe", "?1", "NULL", "0"};
  {
    ts::SqliteSink sink{path};
    std::uint64_t place = 0;
    for (const std::string& text : hostile) {
      const ts::Call call{std::string_view{text}, text, text, text, text, text, text};
      const ts::Caller caller{text, text, text, text, text, text};
      CHECK_FALSE(sink.write({.caller = caller, .call = call, .id = {1, ++place}}));
    }
  }
  CHECK(number(path, "SELECT count(*) FROM calls") == 8);
  CHECK(number(path, "SELECT count(*) FROM names") == 8);
  for (const char* view : {"usage_by_name", "usage_by_model", "usage_by_server", "usage_by_user", "usage_by_turn"})
    CHECK(number(path, std::string{"SELECT count(*) FROM "} + view) == 8);
  CHECK(query(path, "SELECT user, turn, server FROM calls_view WHERE number = 2") == Rows{{"a\nb", "a\nb", "a\nb"}});
  CHECK(answer(path, "SELECT user FROM calls_view WHERE number = 5") == "\xef\xbf\xbd\xef\xbf\xbd");
}
