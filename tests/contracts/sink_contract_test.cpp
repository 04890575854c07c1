// SPDX-License-Identifier: MIT
// What every sink must do, whatever it does with the records. A new sink joins with a Subject below and its name in the
// list of subjects.
#include <tallyscope/any_sink.hpp>
#include <tallyscope/callback_sink.hpp>
#include <tallyscope/history_sink.hpp>
#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/log_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/null_sink.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/sqlite_reader.hpp>
#include <tallyscope/sqlite_sink.hpp>
#include <tallyscope/tee.hpp>

#include "../sinks/sample_records.hpp"
#include "../sinks/temporary_folder.hpp"
#include "catch.hpp"

#include <atomic>
#include <thread>
#include <tuple>
#include <vector>

namespace {

namespace ts = tallyscope;

// A Subject has a member `sink`, ready to be written to, and says how many records it can show to have taken: `unseen`
// where a sink cannot tell.
constexpr std::size_t unseen = static_cast<std::size_t>(-1);

struct NullSubject {
  ts::NullSink sink;
  std::size_t taken() { return unseen; }
};

struct JsonlSubject {
  TemporaryFolder folder;
  ts::JsonlSink sink{folder.file("calls.jsonl")};
  std::size_t taken() { return lines_of(folder.file("calls.jsonl")).size(); }
};

struct SqliteSubject {
  TemporaryFolder folder;
  ts::SqliteSink sink{folder.file("calls.db")};
  std::size_t taken() {
    CHECK_FALSE(sink.flush());
    return ts::SqliteReader{folder.file("calls.db")}.for_each([](const ts::Record&) {}).records;
  }
};

struct Count {
  std::atomic<std::size_t>& calls;
  void operator()(const ts::Record&) const { ++calls; }
};

struct CallbackSubject {
  std::atomic<std::size_t> calls{0};
  ts::CallbackSink<Count> sink{Count{calls}};
  std::size_t taken() { return calls; }
};

struct HistorySubject {
  ts::HistorySink<9'000> sink;
  std::size_t taken() { return sink.records().size(); }
};

struct CountLines {
  std::atomic<std::size_t>& lines;
  void operator()(std::string_view) const { ++lines; }
};

struct LogSubject {
  std::atomic<std::size_t> lines{0};
  ts::LogSink<CountLines> sink{CountLines{lines}};
  std::size_t taken() { return lines; }
};

struct RecordingSubject {
  ts::RecordingSink sink;
  std::size_t taken() { return sink.size(); }
};

struct MemorySubject {
  ts::MemorySink sink;
  std::size_t taken() { return unseen; }
};

struct TeeSubject {
  ts::RecordingSink first, second;
  ts::Tee<ts::RecordingSink, ts::RecordingSink> sink{first, second};
  std::size_t taken() { return first.size() == second.size() ? first.size() : 0; }
};

struct AnySubject {
  ts::RecordingSink chosen;
  ts::AnySink sink{chosen};
  std::size_t taken() { return chosen.size(); }
};

using Subjects = std::tuple<NullSubject, JsonlSubject, SqliteSubject, CallbackSubject, HistorySubject, LogSubject,
                            RecordingSubject, MemorySubject, TeeSubject, AnySubject>;

template <class Subject>
void check_taken(Subject& subject, std::size_t expected) {
  const std::size_t taken = subject.taken();
  if (taken != unseen) CHECK(taken == expected);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a sink satisfies the concept", "[contract][sink]", Subjects) {
  STATIC_REQUIRE(ts::Sink<decltype(TestType::sink)>);
}

TEMPLATE_LIST_TEST_CASE("a sink takes every record of four threads", "[contract][sink]", Subjects) {
  constexpr int threads = 4, records = 2'000;
  TestType subject;
  std::atomic<int> refused{0};
  std::vector<std::thread> writers;
  for (int thread = 0; thread < threads; ++thread)
    writers.emplace_back([&subject, &refused, thread] {
      const std::string name = "tool-" + std::to_string(thread);
      const ts::Call call{.operation = ts::Operation::execute_tool, .name = name};
      for (int record = 0; record < records; ++record)
        if (subject.sink.write({.call = call, .sequence = record})) ++refused;
    });
  for (std::thread& writer : writers) writer.join();
  CHECK(refused == 0);
  CHECK_FALSE(subject.sink.flush());
  check_taken(subject, threads * records);
}

TEMPLATE_LIST_TEST_CASE("a sink takes hostile texts", "[contract][sink]", Subjects) {
  TestType subject;
  for (const std::string& text : samples::hostile_texts()) {
    const ts::Caller caller{text, text, text, text, text, text};
    const ts::Call call{std::string_view{text}, text, text, text, text, text, text};
    const ts::Response response{text, text, text, text};
    const ts::Label label{text, text};
    CHECK_FALSE(subject.sink.write(
        {.caller = caller, .call = call, .response = response, .error_type = text, .labels = {&label, 1}}));
  }
  check_taken(subject, samples::hostile_texts().size());
}

TEMPLATE_LIST_TEST_CASE("a sink takes records in which everything is left to chance", "[contract][sink]", Subjects) {
  TestType subject;
  samples::RandomTexts random{7};
  constexpr std::size_t rounds = 500;
  std::size_t refused = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    samples::Sample sample;
    samples::fill_randomly(sample, random);
    if (subject.sink.write(*sample.record)) ++refused;
  }
  CHECK(refused == 0);
  check_taken(subject, rounds);
}

TEMPLATE_LIST_TEST_CASE("a sink takes a record that holds as much as it can", "[contract][sink]", Subjects) {
  TestType subject;
  samples::Sample sample;
  samples::fill_to_the_brim(sample);
  CHECK_FALSE(subject.sink.write(*sample.record));
  CHECK_FALSE(subject.sink.flush());
  check_taken(subject, 1);
}

TEMPLATE_LIST_TEST_CASE("a sink takes records of every kind", "[contract][sink]", Subjects) {
  TestType subject;
  const ts::Superseded superseded{.input_tokens = 10, .output_tokens = 20, .cost = {}};
  CHECK_FALSE(subject.sink.write({.kind = ts::Kind::call, .id = {1, 1}}));
  CHECK_FALSE(subject.sink.write({.kind = ts::Kind::late_usage,
                                  .id = {1, 2},
                                  .of = {1, 1},
                                  .usage = {.input_tokens = 12},
                                  .superseded = &superseded}));
  CHECK_FALSE(subject.sink.write({.call = ts::no_call, .kind = ts::Kind::turn, .id = {1, 3}}));
  CHECK_FALSE(subject.sink.write({.kind = ts::Kind::decision, .id = {1, 4}, .of = {1, 1}}));
  check_taken(subject, 4);
}

TEMPLATE_LIST_TEST_CASE("a sink flushes as often as it is asked to, also when there is nothing", "[contract][sink]",
                        Subjects) {
  TestType subject;
  CHECK_FALSE(subject.sink.flush());
  CHECK_FALSE(subject.sink.write({}));
  CHECK_FALSE(subject.sink.flush());
  CHECK_FALSE(subject.sink.flush());
  check_taken(subject, 1);
}
