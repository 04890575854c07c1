// SPDX-License-Identifier: MIT
#include <tallyscope/jsonl_sink.hpp>

#include "catch.hpp"
#include "temporary_folder.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <set>
#include <thread>

namespace {

namespace ts = tallyscope;

std::error_code write_named(ts::JsonlSink& sink, std::string_view name) {
  const ts::Call call{.operation = "", .name = name};
  return sink.write({.call = call});
}

std::string line_named(const std::string& name) {
  return "{\"v\":1,\"kind\":\"call\",\"time\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ns\":0,\"name\":\"" + name +
         "\",\"outcome\":\"success\",\"cost_state\":\"not_applicable\"}";
}

void put(const std::string& path, std::string_view text) { std::ofstream{path, std::ios::binary} << text; }

/// Runs `action` in a process of its own; its answer is the exit code, -1 if a signal ended it.
template <class Action>
int in_child(Action action) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(action());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void limit_file_size(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

TEST_CASE("each record is one line at the end of the file", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  for (const char* name : {"a", "b"}) {
    ts::JsonlSink sink{path};
    REQUIRE_FALSE(sink.error());
    CHECK_FALSE(write_named(sink, name));
    CHECK_FALSE(write_named(sink, "again"));
  }
  CHECK(content_of(path) ==
        line_named("a") + "\n" + line_named("again") + "\n" + line_named("b") + "\n" + line_named("again") + "\n");
}

TEST_CASE("a record can be read as soon as its write has returned", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  ts::JsonlSink sink{path};
  write_named(sink, "now");
  CHECK(content_of(path) == line_named("now") + "\n");
}

TEST_CASE("a new file is readable by its owner alone", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const ts::JsonlSink sink{folder.file("calls.jsonl")};
  struct stat status {};
  REQUIRE(::stat(folder.file("calls.jsonl").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a place that cannot be written says why, at construction and at every write", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string target = folder.file("target"), link = folder.file("link"), pipe = folder.file("pipe");
  put(target, "");
  REQUIRE(::symlink(target.c_str(), link.c_str()) == 0);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::pair<std::string, std::errc> places[] = {
      {folder.path(), std::errc::is_a_directory},
      {folder.file("missing/calls.jsonl"), std::errc::no_such_file_or_directory},
      {link, std::errc::too_many_symbolic_link_levels},
      {pipe, std::errc::no_such_device_or_address},
      {"", std::errc::no_such_file_or_directory},
      {target + "/below", std::errc::not_a_directory},
  };
  for (const auto& [path, error] : places) {
    ts::JsonlSink sink{path};
    INFO(path);
    CHECK(sink.error() == error);
    CHECK(write_named(sink, "x") == error);
    CHECK(sink.flush() == error);
    CHECK_FALSE(sink.error().message().empty());
  }
  CHECK(content_of(target) == "");
}

TEST_CASE("a pipe is refused even when somebody reads it", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  CHECK(ts::JsonlSink{pipe}.error() == std::errc::not_supported);
  ::close(reader);
}

TEST_CASE("a file that ends in a torn line gets a newline before the first record", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  put(path, "{\"v\":1,\"ki");
  ts::JsonlSink sink{path};
  write_named(sink, "a");
  write_named(sink, "b");
  CHECK(content_of(path) == "{\"v\":1,\"ki\n" + line_named("a") + "\n" + line_named("b") + "\n");
}

TEST_CASE("a file that ends in a whole line gets nothing before the first record", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  put(path, "whole\n");
  ts::JsonlSink sink{path};
  write_named(sink, "a");
  CHECK(content_of(path) == "whole\n" + line_named("a") + "\n");
}

TEST_CASE("a full disk is an error of the record and not of the sink", "[jsonl_sink]") {
  if (::access("/dev/full", W_OK) != 0) SKIP("there is no /dev/full");
  ts::JsonlSink sink{"/dev/full"};
  CHECK_FALSE(sink.error());
  CHECK(write_named(sink, "a") == std::errc::no_space_on_device);
  CHECK(write_named(sink, "b") == std::errc::no_space_on_device);
  CHECK_FALSE(sink.error());
}

TEST_CASE("a record of which a part was written is refused, and the next one begins a line of its own",
          "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  const std::string line = line_named("a") + "\n";
  const int answer = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    ts::JsonlSink sink{path};
    limit_file_size(line.size() + 20);
    if (write_named(sink, "a")) return 1;
    if (write_named(sink, "b") != std::errc::file_too_large) return 2;
    if (write_named(sink, "c") != std::errc::file_too_large) return 3;
    limit_file_size(RLIM_INFINITY);
    if (write_named(sink, "d") || write_named(sink, "e")) return 4;
    return 0;
  });
  CHECK(answer == 0);
  CHECK(content_of(path) == line + line.substr(0, 20) + "\n" + line_named("d") + "\n" + line_named("e") + "\n");
}

TEST_CASE("eight processes write two thousand lines each into one file, and every line is whole", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  constexpr int processes = 8, records = 2'000;
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    const pid_t child = ::fork();
    if (child == 0) {
      ts::JsonlSink sink{path};
      int refused = 0;
      for (int record = 0; record < records; ++record)
        refused += write_named(sink, std::to_string(process) + "." + std::to_string(record)) ? 1 : 0;
      ::_exit(refused == 0 ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  std::set<std::string> expected;
  for (int process = 0; process < processes; ++process)
    for (int record = 0; record < records; ++record)
      expected.insert(line_named(std::to_string(process) + "." + std::to_string(record)));
  std::size_t found = 0, wrong = 0;
  for (const std::string& line : lines_of(path)) {
    // A process that starts while another one writes may take its line for torn: an empty line, which readers skip.
    if (line.empty()) continue;
    if (expected.erase(line) == 1)
      ++found;
    else
      ++wrong;
  }
  CHECK(found == processes * records);
  CHECK(wrong == 0);
}

TEST_CASE("a forked child goes on with its parent's sink", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  ts::JsonlSink sink{path};
  write_named(sink, "parent");
  CHECK(in_child([&] { return write_named(sink, "child") ? 1 : 0; }) == 0);
  write_named(sink, "parent again");
  CHECK(content_of(path) ==
        line_named("parent") + "\n" + line_named("child") + "\n" + line_named("parent again") + "\n");
}

TEST_CASE("a process that is killed loses none of the records whose write had returned", "[jsonl_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.jsonl");
  const int answer = in_child([&] {
    ts::JsonlSink sink{path};
    for (int record = 0; record < 100; ++record) write_named(sink, "x");
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  CHECK(answer == -1);
  CHECK(lines_of(path) == std::vector<std::string>(100, line_named("x")));
}

TEST_CASE("flush waits for the disk only when it is asked to", "[jsonl_sink]") {
  const TemporaryFolder folder;
  ts::JsonlSink quick{folder.file("quick.jsonl")};
  ts::JsonlSink sure{folder.file("sure.jsonl"), {.sync_on_flush = true}};
  CHECK_FALSE(quick.flush());
  CHECK_FALSE(write_named(sure, "a"));
  CHECK_FALSE(sure.flush());
}
