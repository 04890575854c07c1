// SPDX-License-Identifier: MIT
// Runs the program as a person does, on files that the sinks wrote.
#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/sqlite_sink.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/tee.hpp>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "sinks/sample_records.hpp"
#include "sinks/temporary_folder.hpp"
#include "tools/program.hpp"

namespace ts = tallyscope;
using Json = nlohmann::json;

namespace {

std::int64_t utc(std::int64_t day, std::int64_t seconds) { return (day * 86'400 + seconds) * 1'000'000'000; }
constexpr std::int64_t january_15 = 20'103;  // 2025-01-15, in days since 1970

/// A JSONL file and a SQLite database of the same calls, and their sums in memory.
struct Files {
  TemporaryFolder folder;
  std::string jsonl = folder.file("calls.jsonl"), sqlite = folder.file("usage.db");
  ts::JsonlSink jsonl_sink{jsonl};
  ts::SqliteSink sqlite_sink{sqlite};
  ts::MemorySink memory;
  ts::Tee<ts::JsonlSink, ts::SqliteSink, ts::MemorySink> tee{jsonl_sink, sqlite_sink, memory};
  ts::ManualClock::Time time;
  ts::Tracker<decltype(tee), ts::PriceBook, ts::CharRatio, ts::ManualClock> tracker{
      tee, ts::PriceBook{}, ts::CharRatio{}, ts::ManualClock{time}};

  Files() { at(utc(january_15, 43'200)); }
  void at(std::int64_t moment) {
    time.utc = moment;
    time.steady += 2'000'000'000;  // so that the clocks are compared anew
  }
  void call(const ts::CallInfo& info, const ts::Usage& usage = {}) {
    ts::TrackScope scope{tracker, info};
    if (usage.input_tokens.has_value()) scope.report(usage);
    time.advance(1'000'000);
  }
  Run report(std::vector<std::string> words) {
    REQUIRE_FALSE(sqlite_sink.flush());
    words.insert(words.begin(), {"report", jsonl});
    const Run from_jsonl = run(words);
    words[1] = sqlite;
    const Run from_sqlite = run(words);
    CHECK(from_jsonl.out == from_sqlite.out);
    CHECK(from_jsonl.err == from_sqlite.err);
    CHECK(from_jsonl.status == from_sqlite.status);
    return from_jsonl;
  }
  Json json(std::vector<std::string> words) {
    words.push_back("--json");
    return Json::parse(report(words).out);
  }
};

}  // namespace

TEST_CASE("fifty large and two hundred small calls cost what the price list says", "[report]") {
  Files files;
  for (int call = 0; call < 50; ++call)
    files.call({.model = "gpt-4.1"}, {.input_tokens = 8'500, .output_tokens = 4'000});
  for (int call = 0; call < 200; ++call)
    files.call({.model = "gpt-4.1-mini"}, {.input_tokens = 6'000, .output_tokens = 1'000});
  const Run run = files.report({"--by", "model"});
  INFO(run.out << run.err);
  CHECK(run.status == 0);
  CHECK(run.out.find("gpt-4.1          50    425,000  200,000  $2.45") != std::string::npos);
  CHECK(run.out.find("gpt-4.1-mini    200  1,200,000  200,000  $0.80") != std::string::npos);
  CHECK(run.out.find("total           250  1,625,000  400,000  $3.25") != std::string::npos);
  const std::string readme = content_of(TALLYSCOPE_SOURCE_DIR "/README.md");
  const std::size_t table = run.out.find("model ");
  CHECK(readme.find(run.out.substr(table, run.out.find("\n\n", table) - table)) != std::string::npos);
}

TEST_CASE("the commands that the README shows run", "[report]") {
  Files files;
  files.call({.model = "gpt-4.1"}, {.input_tokens = 8'500, .output_tokens = 4'000});
  REQUIRE_FALSE(files.sqlite_sink.flush());
  const std::string response = files.folder.file("response.json");
  std::ofstream{response}
      << R"({"object":"chat.completion","model":"gpt-5-2025-08-07","service_tier":"flex","choices":[],)"
         R"("usage":{"prompt_tokens":1000,"completion_tokens":20,"total_tokens":1020,)"
         R"("prompt_tokens_details":{"cached_tokens":600}}})";
  const std::string list = files.folder.file("list.json");
  std::ofstream{list} << R"({"gpt-4.1":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":2e-06,)"
                         R"("output_cost_per_token":8e-06}})";
  const std::map<std::string, std::string> places{
      {"calls.jsonl", files.jsonl},
      {"usage.db", files.sqlite},
      {"response.json", response},
      {"prices.json", TALLYSCOPE_SOURCE_DIR "/tests/prices/fixtures/genai_prices.json"},
      {"model_prices_and_context_window.json", list}};
  const std::string shown = content_of(TALLYSCOPE_SOURCE_DIR "/README.md");
  std::istringstream readme{shown};
  int commands = 0;
  for (std::string line; std::getline(readme, line);) {
    if (!line.starts_with("tallyscope ")) continue;
    ++commands;
    std::istringstream words{line};
    std::vector<std::string> arguments;
    for (std::string word; words >> word && word != "#";)
      arguments.push_back(places.contains(word) ? places.at(word) : word);
    arguments.erase(arguments.begin());
    const Run result = run(arguments);
    INFO(line << "\n" << result.err);
    CHECK(result.status == 0);
    if (arguments[0] == "usage") CHECK(shown.find(result.out) != std::string::npos);
  }
  CHECK(commands >= 6);
}

TEST_CASE("a report is the same from either file, and the sums are those of a MemorySink", "[report]") {
  Files files;
  std::mt19937 random{5};
  std::vector<ts::RecordId> ids;
  for (int call = 0; call < 200; ++call) {
    files.at(utc(january_15 + static_cast<int>(random() % 40), static_cast<int>(random() % 86'400)));
    const std::string model = random() % 3 == 0 ? "" : random() % 2 == 0 ? "gpt-4.1" : "house-7b";
    ts::TurnScope turn{files.tracker, {.tenant = "acme", .user = ts::RawUser{random() % 2 == 0 ? "ann" : "bob"}}};
    ts::TrackScope scope{turn,
                         {.operation = model.empty() ? ts::Operation::execute_tool : ts::Operation::chat,
                          .model = model,
                          .name = "n" + std::to_string(random() % 5),
                          .server = random() % 2 == 0 ? "" : "jira"}};
    if (random() % 2 == 0) scope.report({.input_tokens = random() % 9'000, .output_tokens = random() % 900});
    if (random() % 3 == 0) scope.output_text("some text that is not measured by its provider");
    if (random() % 5 == 0) scope.outcome(static_cast<ts::Outcome>(random() % 7), "429");
    files.time.advance(random() % 3 == 0 ? 0 : 1'000'000);
    if (random() % 4 == 0) ids.push_back(scope.stop());
  }
  for (const ts::RecordId id : ids)
    REQUIRE_FALSE(files.tracker.report_late(id, {.input_tokens = 70, .output_tokens = 7}));
  const ts::Totals total = files.memory.snapshot().total;
  for (const char* const by :
       {"model", "name,type", "day", "hour", "user,tenant", "server", "session,turn", "provider"}) {
    const Json report = files.json({"--by", by, "--tz", "America/St_Johns"});
    CHECK(report["total"]["calls"] == total.calls());
    CHECK(report["total"]["cost_usd"] == total.cost().exact());
    CHECK(report["total"]["estimated_cost_usd"] == total.estimated_cost().exact());
    CHECK(report["total"]["known_cost_usd"] == total.known_cost().exact());
    CHECK(report["total"]["used_output_tokens"] == total.used_output());
    CHECK(report["total"]["cost_states"]["unpriced"] == total.unpriced());
    CHECK(report["total"]["timed_calls"] == total.timed_calls());
    std::uint64_t calls = 0;
    for (const Json& row : report["rows"]) calls += row["calls"].get<std::uint64_t>();
    CHECK(calls == total.calls());
  }
  CHECK(files.report({"--by", "model,day", "--top", "3"}).status == 0);
}

TEST_CASE("rows that are not shown are in the totals", "[report]") {
  Files files;
  for (int name = 0; name < 3; ++name)
    for (int call = 0; call < 5 - 2 * name; ++call)
      files.call({.operation = ts::Operation::execute_tool, .name = "t" + std::to_string(name)});
  const Json report = files.json({"--by", "name", "--top", "2"});
  CHECK(report["rows"].size() == 2);
  CHECK(report["row_count"] == 3);
  CHECK(report["total"]["calls"] == 9);
  CHECK(files.report({"--by", "name", "--top", "2"}).out.find("1 more row is in the total.") != std::string::npos);
}

TEST_CASE("a tool and a prompt of one name are two rows, and can be asked for one by one", "[report]") {
  Files files;
  files.call({.operation = ts::Operation::execute_tool, .name = "summary"});
  files.call({.operation = ts::Operation::get_prompt, .name = "summary"});
  CHECK(files.json({"--by", "name,type"})["rows"].size() == 2);
  const Json prompts = files.json({"--by", "name,type", "--type", "prompt"});
  REQUIRE(prompts["rows"].size() == 1);
  CHECK(prompts["rows"][0]["type"] == "prompt");
  CHECK(prompts["total"]["calls"] == 1);
}

TEST_CASE("an outcome chooses calls, and what became known late of them", "[report]") {
  Files files;
  ts::TrackScope good{files.tracker, {.model = "gpt-4.1"}}, bad{files.tracker, {.model = "gpt-4.1"}};
  bad.outcome(ts::Outcome::timeout);
  const ts::RecordId good_id = good.stop(), bad_id = bad.stop();
  REQUIRE_FALSE(files.tracker.report_late(good_id, {.input_tokens = 1, .output_tokens = 2}));
  REQUIRE_FALSE(files.tracker.report_late(bad_id, {.input_tokens = 10, .output_tokens = 20}));
  const Json report = files.json({"--outcome", "timeout"});
  CHECK(report["total"]["calls"] == 1);
  CHECK(report["total"]["output_tokens"] == 20);
}

TEST_CASE("calls fall on the days of the zone that is asked for", "[report]") {
  Files files;
  for (const std::int64_t moment : {utc(january_15, 86'399), utc(january_15 + 1, 0), utc(january_15 + 1, 0)}) {
    files.at(moment);
    files.call({.name = "call"});
  }
  const auto days = [&](const char* zone) {
    std::string text;
    const Json report = files.json({"--by", "day", "--tz", zone});
    for (const Json& row : report["rows"])
      text += row["day"].get<std::string>() + "x" + std::to_string(row["calls"].get<int>()) + " ";
    return text;
  };
  CHECK(days("UTC") == "2025-01-15x1 2025-01-16x2 ");
  CHECK(days("Asia/Tokyo") == "2025-01-16x3 ");
  CHECK(days("America/St_Johns") == "2025-01-15x3 ");
  const Json one_day = files.json({"--from", "2025-01-16", "--to", "2025-01-16"});
  CHECK(one_day["total"]["calls"] == 2);
  CHECK(files.json({"--from", "2025-01-15T23:59:59Z", "--to", "2025-01-16T05:30:00+05:30"})["total"]["calls"] == 1);
}

TEST_CASE("the last thirty days are thirty rows, with calls or without", "[report]") {
  Files files;
  files.at(ts::SystemClock{}.utc());
  files.call({.name = "today"});
  const Json report = files.json({"--days", "30", "--by", "day", "--tz", "Europe/Berlin"});
  CHECK(report["rows"].size() == 30);
  CHECK(report["rows"].back()["day"] == report["last_day"]);
  CHECK(report["total"]["calls"] == 1);
}

TEST_CASE("what has no price is said to have none, and an estimate to be one", "[report]") {
  Files files;
  files.call({.model = "house-7b"}, {.input_tokens = 100, .output_tokens = 10});
  {
    ts::TrackScope scope{files.tracker, {.model = "gpt-4.1"}};
    scope.input_text(std::string(3'500, 'x'));
    scope.output_text(std::string(350, 'x'));
  }
  const std::string text = files.report({"--by", "model"}).out;
  INFO(text);
  CHECK(text.find("Without a price, and in no sum of money: house-7b x1.") != std::string::npos);
  CHECK(text.find("est. cost") != std::string::npos);
  CHECK(text.find("$0.0028") != std::string::npos);
  CHECK(text.find("$0.00 ") == std::string::npos);  // neither is free
}

TEST_CASE("names from outside forge no row, no line and no colour", "[report]") {
  Files files;
  for (const char* const name : {"two\nlines", "\x1b[31mred\x1b[0m", "a  9  $5.00", "\xff\xfe", "a|b",
                                 "\xe2\x80\xae"
                                 "right to left",
                                 "\xc2\x9b"
                                 "31m",
                                 "tab\tbed", " "})
    files.call({.operation = ts::Operation::execute_tool, .name = name, .server = name});
  const std::string text = files.report({"--by", "name,server"}).out;
  INFO(text);
  for (const char letter : text) CHECK((letter == '\n' || static_cast<unsigned char>(letter) >= 0x20));
  CHECK(text.find("\xe2\x80\xae") == std::string::npos);
  CHECK(text.find("\xc2\x9b") == std::string::npos);
  CHECK(text.find("\"a  9  $5.00\"") != std::string::npos);
  CHECK(text.find("two\\x0alines") != std::string::npos);
  std::istringstream lines{text};
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) ++count;
  CHECK(count == 2 + 1 + 9 + 2 + 2);  // range, titles, rows, total, outcomes
  CHECK(files.json({"--by", "name"})["rows"].size() == 9);
}

TEST_CASE("bad input is one sentence, a status that is not zero, and no change of a file", "[report]") {
  const TemporaryFolder folder;
  const auto write = [&](const char* name, const std::string& content) {
    std::ofstream{folder.file(name), std::ios::binary} << content;
    return folder.file(name);
  };
  check_refused(run({"report", folder.file("missing.jsonl")}), "missing.jsonl");
  check_refused(run({"report", folder.path()}), "directory");
  check_refused(run({"report", write("garbage.jsonl", "garbage\n")}), "garbage.jsonl");
  check_refused(run({"report", write("half.jsonl", R"({"v":1,"id":"00c0ff)")}), "half.jsonl");
  check_refused(run({"report", write("newer.jsonl", "{\"v\":2,\"kind\":\"call\"}\n")}), "version 2");
  check_refused(run({"report", write("torn.db", std::string{"SQLite format 3\0", 16} + std::string(50, 'x'))}),
                "torn.db");
  check_refused(run({"report", write("new\nline", "garbage\n")}), "new");
  check_refused(run({"report"}), "FILE");
  check_refused(run({}), "subcommand");
  check_refused(run({"frobnicate"}), "subcommand");
  const std::string good = write("good.jsonl", "");
  check_refused(run({"report", good, "--tz", "Europe/Berln"}), "Europe/Berln");
  check_refused(run({"report", good, "--tz", "../../etc/passwd"}), "time zone");
  check_refused(run({"report", good, "--by", "colour"}), "name, type, model");
  check_refused(run({"report", good, "--outcome", "fine"}), "success");
  check_refused(run({"report", good, "--from", "tomorrow"}), "2025-01-31");
  check_refused(run({"report", good, "--from", "2025-02-30"}), "2025-02-30");
  check_refused(run({"report", good, "--days", "0"}), "--days");
  check_refused(run({"report", good, "--days", "3", "--to", "2025-01-01"}), "--days");
  check_refused(run({"report", good, "--from", "2025-02-01", "--to", "2025-01-01"}), "--from");
  check_refused(run({"report", good, "--nonsense"}), "--nonsense");
  CHECK(content_of(folder.file("garbage.jsonl")) == "garbage\n");
  CHECK(content_of(folder.file("half.jsonl")) == R"({"v":1,"id":"00c0ff)");
}

TEST_CASE("a torn last line is skipped and counted, a damaged line is reported beside the rest", "[report]") {
  Files files;
  files.call({.model = "gpt-4.1"}, {.input_tokens = 1'000, .output_tokens = 500});
  const std::string lines = content_of(files.jsonl);
  const TemporaryFolder folder;
  std::ofstream{folder.file("torn.jsonl")} << lines << lines.substr(0, lines.size() / 2);
  const Run torn = run({"report", folder.file("torn.jsonl")});
  CHECK(torn.status == 0);
  CHECK(torn.out.find("1 torn last line was skipped.") != std::string::npos);
  CHECK(torn.out.find("$0.006") != std::string::npos);
  std::ofstream{folder.file("damaged.jsonl")} << "garbage\n" << lines;
  const Run damaged = run({"report", folder.file("damaged.jsonl")});
  CHECK(damaged.status == 1);
  CHECK(damaged.out.find("$0.006") != std::string::npos);
  CHECK(damaged.err.find("1 line is no record of format 1 and was skipped") != std::string::npos);
}

TEST_CASE("a record that stands in several files counts once", "[report]") {
  Files files;
  for (int call = 0; call < 3; ++call) files.call({.model = "gpt-4.1"}, {.input_tokens = 1'000, .output_tokens = 500});
  REQUIRE_FALSE(files.sqlite_sink.flush());
  const Run both = run({"report", files.jsonl, files.sqlite});
  CHECK(both.out.find("$0.018") != std::string::npos);
  CHECK(both.out.find("3 records were in several files, and counted once.") != std::string::npos);
}

TEST_CASE("an outcome chooses the same whatever the order of the files", "[report]") {
  Files files;
  ts::TrackScope call{files.tracker, {.model = "gpt-4.1"}};
  call.input_text(std::string(3'500, 'x'));
  REQUIRE_FALSE(files.tracker.report_late(call.stop(), {.input_tokens = 100, .output_tokens = 0}));
  const std::vector<std::string> lines = lines_of(files.jsonl);
  REQUIRE(lines.size() == 2);
  const TemporaryFolder folder;
  std::ofstream{folder.file("call")} << lines[0] << "\n";
  std::ofstream{folder.file("late")} << lines[1] << "\n";
  const Run one = run({"report", folder.file("call"), folder.file("late"), "--outcome", "success", "--json"});
  const Run other = run({"report", folder.file("late"), folder.file("call"), "--outcome", "success", "--json"});
  CHECK(one.out == other.out);
  CHECK(Json::parse(one.out)["total"]["used_input_tokens"] == 100);
}

TEST_CASE("what only a row has is shown, though the total has none of it", "[report]") {
  Files files;
  {
    ts::TurnScope turn{files.tracker, {.tenant = "acme"}};
    ts::TrackScope call{turn, {.model = "gpt-4.1", .name = "summary"}};
    call.input_text(std::string(3'500, 'x'));
    call.output_text("");
  }
  REQUIRE_FALSE(files.tracker.report_tokens(ts::Operation::chat, "summary", 1'000, 0));  // by name: of nobody
  const std::string text = files.report({"--by", "tenant"}).out;
  INFO(text);
  CHECK(text.find("est. input") != std::string::npos);
}

TEST_CASE("a day that clocks go back into has the calls that its row has", "[report]") {
  Files files;
  files.at(utc(14'920, 2 * 3'600 + 45 * 60));  // 2010-11-07T02:45Z: 23:15 of the day before once more in St. John's
  files.call({.name = "late at night"});
  const auto calls = [&](const char* day) {
    const Json report = files.json({"--by", "day", "--tz", "America/St_Johns", "--from", day, "--to", day});
    CHECK(report["rows"].size() == 1);
    CHECK(report["rows"][0]["day"] == day);
    return report["rows"][0]["calls"].get<int>();
  };
  CHECK(calls("2010-11-06") == 1);
  CHECK(calls("2010-11-07") == 0);
}

TEST_CASE("no text from outside reads as if nothing were known", "[report]") {
  Files files;
  files.call({.model = "(none)"}, {.input_tokens = 1, .output_tokens = 1});
  files.call({.operation = ts::Operation::execute_tool, .name = "tool"});
  const std::string text = files.report({"--by", "model"}).out;
  INFO(text);
  CHECK(text.find("\"(none)\"") != std::string::npos);
  CHECK(text.find("\n(none)") != std::string::npos);
}

TEST_CASE("a report that cannot be written, or asks for too much, is said to be", "[report]") {
  Files files;
  for (int call = 0; call < 300; ++call)
    files.call({.operation = ts::Operation::execute_tool, .name = "tool " + std::to_string(call)});
  const std::string command =
      std::string{TALLYSCOPE_PROGRAM} + " report " + shell_quoted(files.jsonl) + " --by name --json";
  CHECK(std::system((command + " >/dev/full 2>/dev/null").c_str()) != 0);
  const Run ages = run({"report", files.jsonl, "--by", "day", "--from", "0001-01-01", "--to", "9999-12-31"});
  CHECK(ages.status == 0);
  check_refused(run({"report", files.jsonl, "--top", "-1"}), "--top");
}

TEST_CASE("a file behind --by is a file, and --by may be said twice", "[report]") {
  Files files;
  files.call({.model = "gpt-4.1", .name = "summary"});
  const Run run_by = run({"report", "--by", "model", "--by", "name", files.jsonl});
  INFO(run_by.err);
  CHECK(run_by.status == 0);
  CHECK(run_by.out.find("gpt-4.1  summary") != std::string::npos);
}

TEST_CASE("help and version are printed on request", "[report]") {
  CHECK(run({"--version"}).out.starts_with("tallyscope 0."));
  const Run help = run({"report", "--help"});
  CHECK(help.status == 0);
  CHECK(help.out.find("--by") != std::string::npos);
  CHECK(help.out.find("tallyscope report usage.db") != std::string::npos);
}

TEST_CASE("results of tools are priced as the input they become, apart from what calls cost", "[report]") {
  Files files;
  const auto tool = [&](std::string_view name, std::string_view result) {
    ts::TrackScope scope{files.tracker, {.operation = ts::Operation::execute_tool, .name = name}};
    scope.output_text(result);
  };
  tool("read_file", std::string(35'000, 'x'));  // 10,000 tokens by estimate
  tool("read_file", std::string(3'500, 'x'));   // 1,000
  tool("search", std::string(7'000, 'x'));      // 2,000
  tool("silent", "");
  {
    ts::TrackScope stopped{files.tracker, {.operation = ts::Operation::execute_tool, .name = "stopped"}};
    stopped.output_text(std::string(7'000, 'x'));  // nobody got it
    stopped.outcome(ts::Outcome::cancelled);
  }
  files.call({.model = "gpt-4.1"}, {.input_tokens = 1'000, .output_tokens = 500});

  // $2 a million tokens of input.
  const Json json = files.json({"--by", "name", "--price-as", "gpt-4.1"});
  CHECK(json["results_priced_as"] == "gpt-4.1");
  CHECK(json["total"]["estimated_result_cost_usd"] == "0.026");
  CHECK(json["total"]["cost_usd"] == "0.006");
  CHECK(json["total"]["estimated_cost_usd"] == "0");
  CHECK(json["rows"][0]["name"] == "read_file");
  CHECK(json["rows"][0]["estimated_result_cost_usd"] == "0.022");
  const Run run = files.report({"--by", "name", "--price-as", "gpt-4.1"});
  INFO(run.out);
  CHECK(run.out.find("est. as input") != std::string::npos);
  CHECK(run.out.find("$0.022") != std::string::npos);
  CHECK(run.out.find("not on top of it") != std::string::npos);

  CHECK_FALSE(files.json({"--by", "name"})["total"].contains("estimated_result_cost_usd"));
  CHECK(files.json({"--price-as", "openai/gpt-4.1-mini"})["total"]["estimated_result_cost_usd"] == "0.0052");
}

TEST_CASE("a late count of a result takes the place of the estimate that was priced", "[report]") {
  Files files;
  ts::TrackScope scope{files.tracker, {.operation = ts::Operation::execute_tool, .name = "read_file"}};
  scope.output_text(std::string(35'000, 'x'));
  const ts::RecordId id = scope.stop();
  REQUIRE_FALSE(files.tracker.report_late(id, {.input_tokens = 5, .output_tokens = 9'000}));
  CHECK(files.json({"--price-as", "gpt-4.1"})["total"]["estimated_result_cost_usd"] == "0.018");
}

TEST_CASE("results are priced as no model whose price is unknown", "[report]") {
  Files files;
  check_refused(files.report({"--price-as", "gptx"}), "--price-as gptx");
}

TEST_CASE("the columns that are asked for are shown, in that order", "[report]") {
  Files files;
  files.call({.model = "gpt-4.1"}, {.input_tokens = 1'000, .output_tokens = 500});
  const std::string text = files.report({"--by", "model", "--columns", "cost,calls,est-cost"}).out;
  INFO(text);
  CHECK(text.find("\nmodel      cost  calls  est. cost\n") != std::string::npos);
  CHECK(text.find("average") == std::string::npos);
  check_refused(files.report({"--columns", "cost,prize"}), "There is no column prize for --columns: use calls, failed");
  check_refused(files.report({"--columns", "cost", "--json"}), "--columns");
}
