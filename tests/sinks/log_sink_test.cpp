// SPDX-License-Identifier: MIT
#include <tallyscope/log_sink.hpp>

#include "catch.hpp"
#include "sample_records.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

namespace ts = tallyscope;
namespace detail = tallyscope::detail;

std::string line_of(const ts::Record& record) {
  // On the heap and of exactly the promised size, so that AddressSanitizer sees a byte beyond it.
  std::vector<char> room(detail::log_line_room);
  return {room.data(), static_cast<std::size_t>(detail::write_log_line(room.data(), record) - room.data())};
}

std::string line_with_name(std::string_view name) {
  const ts::Call call{.operation = ts::Operation::execute_tool, .name = name};
  return line_of({.call = call});
}

/// The name as it is shown.
std::string shown(std::string_view name) {
  const std::string line = line_with_name(name);
  const std::size_t from = line.find("name=") + 5;
  return line.substr(from, line.rfind(" in=-") - from);
}

constexpr std::int64_t moment = 1'772'357'400'000'250'000;

}  // namespace

TEST_CASE("a model call is a line with its time, tokens, cost, outcome and duration", "[log_sink]") {
  const ts::Call call{.provider = "openai", .model = "gpt-4.1-mini"};
  ts::Record record{.call = call, .start_utc = moment, .duration_ns = 1'840'000'000};
  record.usage = {.input_tokens = 1000, .output_tokens = 500};
  record.input_source = record.output_source = ts::Source::reported;
  record.cost = {.state = ts::CostState::priced, .amount = ts::Money::from_picodollars(1'140'000'000)};
  CHECK(line_of(record) ==
        "2026-03-01T09:30:00.000Z chat model=gpt-4.1-mini in=1000 out=500 cost=$0.00114 success duration=1840ms");
}

TEST_CASE("a tool call has a name and a server, and its error is said", "[log_sink]") {
  const ts::Call call{.operation = ts::Operation::execute_tool, .name = "search_issues", .server = "https://jira:8"};
  ts::Record record{.call = call, .outcome = ts::Outcome::timeout, .start_utc = moment, .duration_ns = 12'345};
  record.error_type = "deadline exceeded";
  record.metered.output_tokens = 80;
  CHECK(line_of(record) ==
        "2026-03-01T09:30:00.000Z execute_tool name=search_issues server=https://jira:8 in=- out=~80 timeout "
        "error_type=\"deadline exceeded\" duration=0.012ms");
}

TEST_CASE("other kinds of records say which they are", "[log_sink]") {
  const std::string time = "1970-01-01T00:00:00.000Z ";
  CHECK(
      line_of({.call = ts::no_call, .kind = ts::Kind::turn, .outcome = ts::Outcome::error, .duration_ns = 5'000'000}) ==
      time + "turn error duration=5ms");
  CHECK(line_of({.call = ts::no_call, .kind = ts::Kind::late_usage, .of = {1, 255}, .usage = {.input_tokens = 7}}) ==
        time + "late_usage of=000000000000000100000000000000ff in=7 out=-");
  CHECK(line_of({.call = ts::no_call, .kind = ts::Kind::decision, .outcome = ts::Outcome::policy_blocked}) ==
        time + "decision policy_blocked duration=0ms");
}

TEST_CASE("an estimate is marked, and what is unknown is not zero", "[log_sink]") {
  const auto tokens = [](ts::Count reported, ts::Count estimated, ts::Source source) {
    const std::string line =
        line_of({.input_source = source, .usage = {.input_tokens = reported}, .metered = {.input_tokens = estimated}});
    return line.substr(line.find("in="), line.find(" out=") - line.find("in="));
  };
  CHECK(tokens({}, {}, ts::Source::none) == "in=-");
  CHECK(tokens(0, {}, ts::Source::reported) == "in=0");
  CHECK(tokens(12, 13, ts::Source::reported) == "in=12");
  CHECK(tokens({}, 13, ts::Source::estimated) == "in=~13");
  CHECK(tokens({}, 13, ts::Source::none) == "in=~13");
  CHECK(tokens(12, 13, ts::Source::partial) == "in=~12");
}

TEST_CASE("a cost is exact, or its state", "[log_sink]") {
  const auto cost = [](const ts::Cost& of) {
    const std::string line = line_of({.cost = of});
    const std::size_t from = line.find(" cost="), to = line.find(" success");
    return from == std::string::npos ? "" : line.substr(from + 1, to - from - 1);
  };
  const ts::Money amount = ts::Money::from_picodollars(1), known = ts::Money::from_picodollars(-2'000'000'000'000);
  CHECK(cost({.state = ts::CostState::priced, .amount = amount}) == "cost=$0.000000000001");
  CHECK(cost({.state = ts::CostState::priced, .estimated = true, .amount = amount}) == "cost=~$0.000000000001");
  CHECK(cost({.state = ts::CostState::free}) == "cost=free");
  CHECK(cost({.state = ts::CostState::incomplete, .known = known}) == "cost=incomplete known=$-2");
  CHECK(cost({.state = ts::CostState::unpriced}) == "cost=unpriced");
  CHECK(cost({.state = ts::CostState::no_usage}) == "cost=no_usage");
  CHECK(cost({}).empty());
}

TEST_CASE("a name that is no plain word is quoted, and what it must not do is escaped", "[log_sink]") {
  CHECK(shown("gpt-4.1:latest@eu/a+b_c") == "gpt-4.1:latest@eu/a+b_c");
  CHECK(shown("a b") == "\"a b\"");
  CHECK(shown("x in=5 cost=$0") == "\"x in=5 cost=$0\"");
  CHECK(shown("a\" success duration=0ms") == "\"a\\\" success duration=0ms\"");
  CHECK(shown("a\\x1b") == "\"a\\\\x1b\"");
  CHECK(shown("a\nb\r\t") == "\"a\\x0ab\\x0d\\x09\"");
  CHECK(shown(std::string_view{"a\0b", 3}) == "\"a\\x00b\"");
  CHECK(shown("\x1b[31mred\x7f") == "\"\\x1b[31mred\\x7f\"");
  CHECK(shown("\xc2\x9b"
              "31m") == "\"\\xc2\\x9b31m\"");
  CHECK(shown("\xe2\x80\xae"
              "abc\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c") ==
        "\"\\xe2\\x80\\xaeabc\\xe2\\x81\\xa6\\xe2\\x80\\x8f\\xd8\\x9c\"");
  CHECK(shown("\xe2\x80\xa8\xef\xbb\xbf\xe2\x80\x8b") == "\"\\xe2\\x80\\xa8\\xef\\xbb\\xbf\\xe2\\x80\\x8b\"");
  CHECK(shown("\xff\xc0\xaf\xed\xa0\x80") == "\"\\xff\\xc0\\xaf\\xed\\xa0\\x80\"");
  CHECK(shown("\xf3\xa0\x81\x81") == "\"\\xf3\\xa0\\x81\\x81\"");  // a tag, which no terminal shows
  CHECK(shown("\xc3\xa9t\xc3\xa9 \xe6\x97\xa5\xf0\x9f\x92\xb8") ==
        "\"\xc3\xa9t\xc3\xa9 \xe6\x97\xa5\xf0\x9f\x92\xb8\"");
}

TEST_CASE("hostile texts everywhere stay one line of harmless characters", "[log_sink]") {
  for (const std::string& piece : samples::hostile_texts()) {
    std::string text;
    while (!piece.empty() && text.size() < 1'000) text += piece;
    samples::Sample sample;
    sample.call = {std::string_view{text}, text, text, text, text, text, text};
    sample.response = {text, text, text, text};
    ts::Record& record = sample.make();
    record.kind = ts::Kind::decision;
    record.of = {1, 1};
    record.error_type = text;
    record.cost = {.state = ts::CostState::incomplete, .estimated = true};
    record.cost.known = ts::Money::from_picodollars(-std::numeric_limits<std::int64_t>::max());
    const std::string line = line_of(record);
    CHECK(line.size() <= detail::log_line_room);
    CHECK(std::none_of(line.begin(), line.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }));
    for (const char* forbidden : {"\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\xa8", "\xff", "\xed\xa0"})
      CHECK(line.find(forbidden) == std::string::npos);
  }
}

TEST_CASE("no record leaves the room of a line", "[log_sink]") {
  samples::RandomTexts random{9};
  for (int round = 0; round < 3'000; ++round) {
    samples::Sample sample;
    samples::fill_randomly(sample, random);
    REQUIRE(line_of(*sample.record).size() <= detail::log_line_room);
  }
  const std::string text(1'000, '\x01');
  const ts::Call call{std::string_view{text}, text, text, text, text, text, text};
  ts::Record record{.call = call, .start_utc = std::numeric_limits<std::int64_t>::min(), .error_type = text};
  record.duration_ns = std::numeric_limits<std::int64_t>::max();
  record.metered.input_tokens = record.metered.output_tokens = record.duration_ns;
  record.cost = {.state = ts::CostState::incomplete, .estimated = true};
  record.cost.known = ts::Money::from_picodollars(-record.duration_ns);
  for (const ts::Kind kind : {ts::Kind::call, ts::Kind::late_usage, ts::Kind::turn, ts::Kind::decision}) {
    record.kind = kind;
    record.of = {~std::uint64_t{0}, 1};
    record.outcome = ts::Outcome::policy_blocked;
    const std::string line = line_of(record);
    CHECK(line.size() <= detail::log_line_room);
    CHECK(line.size() >= detail::shown_factor * (3 * ts::name_limit + 2 * ts::long_text_limit));
  }
}

TEST_CASE("a function gets each line without its newline", "[log_sink]") {
  std::vector<std::string> lines;
  ts::LogSink sink{[&](std::string_view line) { lines.emplace_back(line); }};
  CHECK_FALSE(sink.write({.call = ts::no_call}));
  CHECK_FALSE(sink.write({.call = ts::no_call, .kind = ts::Kind::turn}));
  CHECK_FALSE(sink.flush());
  CHECK(lines == std::vector<std::string>{"1970-01-01T00:00:00.000Z in=- out=- success duration=0ms",
                                          "1970-01-01T00:00:00.000Z turn success duration=0ms"});
}

TEST_CASE("a function may say that it took no line", "[log_sink]") {
  ts::LogSink sink{[](std::string_view) { return std::make_error_code(std::errc::io_error); }};
  CHECK(sink.write({}) == std::errc::io_error);
}

TEST_CASE("without an argument lines go to stderr", "[log_sink]") {
  ts::LogSink sink;
  STATIC_REQUIRE(std::is_same_v<decltype(sink), ts::LogSink<ts::LogDescriptor>>);
  CHECK_FALSE(sink.flush());
}

TEST_CASE("threads that write to one descriptor do not mix their lines", "[log_sink]") {
  TemporaryFolder folder;
  const int file = ::open(folder.file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  REQUIRE(file >= 0);
  ts::LogSink sink{file};
  std::vector<std::thread> writers;
  for (int thread = 0; thread < 4; ++thread)
    writers.emplace_back([&] {
      for (int call = 0; call < 500; ++call) static_cast<void>(sink.write({.call = ts::no_call}));
    });
  for (std::thread& writer : writers) writer.join();
  ::close(file);
  const std::vector<std::string> lines = lines_of(folder.file("log"));
  CHECK(lines.size() == 2'000);
  CHECK(std::count(lines.begin(), lines.end(), line_of({.call = ts::no_call})) == 2'000);
}

TEST_CASE("lines go to a stream, which keeps them until it is flushed", "[log_sink]") {
  TemporaryFolder folder;
  std::FILE* const stream = std::fopen(folder.file("log").c_str(), "w");
  REQUIRE(stream != nullptr);
  ts::LogSink sink{stream};
  STATIC_REQUIRE(std::is_same_v<decltype(sink), ts::LogSink<ts::LogStream>>);
  CHECK_FALSE(sink.write({.call = ts::no_call}));
  CHECK_FALSE(sink.flush());
  CHECK(lines_of(folder.file("log")) == std::vector<std::string>{line_of({.call = ts::no_call})});
  std::fclose(stream);
}

TEST_CASE("what cannot be written is an error, not a crash", "[log_sink]") {
  ts::LogSink closed{-1};
  CHECK(closed.write({}) == std::errc::bad_file_descriptor);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (full < 0) SKIP("this system has no /dev/full");
  ts::LogSink sink{full};
  CHECK(sink.write({}) == std::errc::no_space_on_device);
  std::FILE* const stream = ::fdopen(full, "w");
  ts::LogSink streaming{stream};
  CHECK_FALSE(streaming.write({}));
  CHECK(streaming.flush() == std::errc::no_space_on_device);
  std::fclose(stream);
}
