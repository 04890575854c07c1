// SPDX-License-Identifier: MIT
// The report over what the demo wrote must be what the demo's client counted on its own. What a token costs is written
// down here once more.
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#include <sys/wait.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "sinks/temporary_folder.hpp"

using Json = nlohmann::json;

namespace {

struct Run {
  int status = -1;
  std::string said;
};

Run run(const std::string& command) {
  Run run;
  std::FILE* const output = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(output != nullptr);
  char buffer[4096];
  for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, output)) > 0;) run.said.append(buffer, size);
  const int status = ::pclose(output);
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

std::string quoted(const std::string& path) { return "'" + path + "'"; }

Run run_demo(const std::string& folder, const std::string& out) {
  return run(quoted(TALLYSCOPE_DEMO) + " " + quoted(folder) + " --out " + quoted(out));
}

/// What the demo wrote over a folder, and the rows of reports on it.
struct Demo {
  explicit Demo(const std::string& folder) {
    const Run demo = run_demo(folder, out);
    INFO(demo.said);
    REQUIRE(demo.status == 0);
    said = demo.said;
    counted = Json::parse(content_of(out + "/counted.json"));
  }

  std::map<std::string, Json> rows(const std::string& key, const std::string& more = "") const {
    const Run report = run(quoted(TALLYSCOPE_PROGRAM) + " report " + quoted(out + "/model_calls.jsonl") + " " +
                           quoted(out + "/tool_calls.jsonl") + " --json --by " + key + " " + more);
    INFO(report.said);
    REQUIRE(report.status == 0);
    const Json parsed = Json::parse(report.said);
    std::map<std::string, Json> rows;
    for (const Json& row : parsed["rows"]) rows[row[key].get<std::string>()] = row;
    return rows;
  }

  std::string records() const { return content_of(out + "/model_calls.jsonl") + content_of(out + "/tool_calls.jsonl"); }

  TemporaryFolder place;
  std::string out = place.file("out"), said;
  Json counted;
};

void check_tools(const Demo& demo, const char* key, const char* counted_as) {
  const auto rows = demo.rows(key, "--type tool");
  CHECK(rows.size() == demo.counted[counted_as].size());
  for (const auto& [name, counted] : demo.counted.at(counted_as).items()) {
    INFO(key << " " << name);
    REQUIRE(rows.count(name) == 1);
    const Json& row = rows.at(name);
    CHECK(row["calls"] == counted["calls"]);
    CHECK(row["failures"] == counted["failed"]);
    CHECK(row["used_input_tokens"] == counted["estimated_input_tokens"]);
    CHECK(row["used_output_tokens"] == counted["estimated_output_tokens"]);
    CHECK(row["cost_usd"] == "0");
  }
}

/// Picodollars a token.
struct Rates {
  std::int64_t input, output, cache_read, cache_write;
};
const std::map<std::string, Rates> all_rates{{"gpt-4.1", {2'000'000, 8'000'000, 500'000, 0}},
                                             {"claude-sonnet-4-5", {3'000'000, 15'000'000, 300'000, 3'750'000}},
                                             {"gemini-2.5-flash", {300'000, 2'500'000, 30'000, 0}},
                                             {"mistral-large-2512", {500'000, 1'500'000, 50'000, 0}}};

/// The cached and the written tokens are parts of the input that have prices of their own.
std::int64_t cost_of(const Json& tokens, const Rates& rates) {
  const std::int64_t cached = tokens["cache_read_tokens"], written = tokens["cache_write_5m_tokens"];
  return (tokens["input_tokens"].get<std::int64_t>() - cached - written) * rates.input + cached * rates.cache_read +
         written * rates.cache_write + tokens["output_tokens"].get<std::int64_t>() * rates.output;
}

std::int64_t picodollars(std::string dollars) {
  const std::size_t point = dollars.find('.');
  std::string digits = point == dollars.npos ? "" : dollars.substr(point + 1);
  digits.resize(12, '0');
  return std::stoll(dollars.substr(0, point) + digits);
}

void check_models(const Demo& demo) {
  const auto rows = demo.rows("model", "--type chat");
  for (const auto& [name, counted] : demo.counted["models"].items()) {
    INFO("model " << name);
    REQUIRE(rows.count(name) == 1);
    const Json &row = rows.at(name), &whole = counted["whole"], &start = counted["told_at_start"];
    const std::int64_t answers = counted["answers"], refusals = counted["refusals"], cut = counted["cut_short"];
    const std::int64_t not_asked = row["outcomes"]["policy_blocked"];
    CHECK(row["calls"] == answers + refusals + cut + not_asked);
    CHECK(row["outcomes"]["success"] == answers);
    for (const char* const key : {"input_tokens", "output_tokens", "cache_read_tokens", "cache_write_5m_tokens"}) {
      INFO(key);
      CHECK(row[key] == whole[key].get<std::int64_t>() + start[key].get<std::int64_t>());
    }
    const auto rates = all_rates.find(name);
    if (rates == all_rates.end())
      CHECK(row["cost_states"]["unpriced"] == answers);
    else
      CHECK(picodollars(row["cost_usd"]) == cost_of(whole, rates->second));
  }
}

void check_turns(const Demo& demo) {
  const auto tools = demo.rows("turn", "--type tool"), models = demo.rows("turn", "--type chat");
  std::int64_t turns = 0;
  for (const auto& [turn, row] : demo.rows("turn")) turns += row["turns"].get<std::int64_t>();
  CHECK(turns == static_cast<std::int64_t>(models.size()));
  for (const auto& [turn, counted] : demo.counted["turns"].items()) {
    INFO("turn " << turn);
    CHECK((tools.count(turn) == 1 ? tools.at(turn)["calls"] : Json(0)) == counted.value("tool_calls", 0));
    if (counted.value("model_calls", 0) == 0) continue;
    REQUIRE(models.count(turn) == 1);
    CHECK(models.at(turn)["calls"] == counted["model_calls"]);
  }
}

void check_all(const Demo& demo) {
  check_tools(demo, "name", "tools");
  check_tools(demo, "server", "servers");
  check_models(demo);
  check_turns(demo);
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream{path, std::ios::binary} << content;
}

}  // namespace

TEST_CASE("the report over the demo is what its client counted", "[demo]") {
  const Demo demo{TALLYSCOPE_SOURCE_DIR};
  check_all(demo);
  CHECK(demo.counted["servers"]["files"]["calls"] > 200);
  CHECK(demo.counted["models"].size() >= 4);
  const std::string records = demo.records();
  for (const char* outcome : {"success", "error", "cancelled", "rate_limited", "policy_blocked"})
    CHECK(records.find(std::string{R"("outcome":")"} + outcome + '"') != std::string::npos);
  for (const char* state : {"priced", "unpriced", "no_usage", "not_applicable"})
    CHECK(records.find(std::string{R"("cost_state":")"} + state + '"') != std::string::npos);
  for (const char* type : {"not_found", "outside_folder", "unknown_tool", "529", "budget_exceeded"})
    CHECK(records.find(std::string{R"("error_type":")"} + type + '"') != std::string::npos);
}

TEST_CASE("neither a name nor a word of a file gets into the records of the demo, nor a key", "[demo]") {
  const TemporaryFolder folder;
  write_file(folder.file("zebra.cpp"), "struct Giraffe {\n  int ostrich;\n};\nGiraffe one, two;\n");
  write_file(folder.file("walrus.bin"), std::string("hippo\0campus", 12));
  for (const char* below : {"files", "files__lynx", "otter\xFF"}) {
    std::filesystem::create_directory(folder.file(below));
    write_file(folder.file(below) + "/badger.txt", "Giraffe\n");
  }
  const Demo demo{folder.path()};
  check_all(demo);
  const std::string records = demo.records();
  for (const char* word : {"zebra", "Giraffe", "ostrich", "walrus", "hippo", "lynx", "otter", "badger", "notes",
                           "send_mail", "passwd", "the key"})
    CHECK(records.find(word) == std::string::npos);
  CHECK(records.find(R"("error_type":"not_text")") != std::string::npos);
  CHECK(demo.counted["servers"].size() == 2);
}

TEST_CASE("the demo over an empty folder counts as well, and a second run replaces the first", "[demo]") {
  const TemporaryFolder folder;
  const Demo demo{folder.path()};
  check_all(demo);
  const std::size_t lines = lines_of(demo.out + "/tool_calls.jsonl").size();
  CHECK(run_demo(folder.path(), demo.out).status == 0);
  CHECK(lines_of(demo.out + "/tool_calls.jsonl").size() == lines);
}

TEST_CASE("the demo refuses what it cannot use in one sentence", "[demo]") {
  const TemporaryFolder place;
  const Run missing = run_demo(place.file("nowhere"), place.file("out"));
  CHECK(missing.status == 2);
  CHECK(missing.said == "demo: there is no folder " + place.file("nowhere") + ".\n");
  write_file(place.file("letter.txt"), "Dear Ada,\n");
  const Run other = run_demo(place.path(), place.file("letter.txt"));
  CHECK(other.status == 2);
  CHECK(content_of(place.file("letter.txt")) == "Dear Ada,\n");
  CHECK(run(quoted(TALLYSCOPE_DEMO) + " --no-such-option").status == 2);
}
