// SPDX-License-Identifier: MIT
#include <tallyscope/jsonl_reader.hpp>
#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/sqlite_reader.hpp>
#include <tallyscope/tallyscope.hpp>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "catch.hpp"
#include "tools/program.hpp"

namespace ts = tallyscope;
using Json = nlohmann::json;

namespace {

constexpr std::int64_t hour = 3'600'000'000'000;

/// A file of calls that were priced by a book of 1 and 1 dollar per million for gpt-4.1, and knew nothing else.
struct OldFile {
  TemporaryFolder folder;
  std::string path = folder.file("calls.jsonl");
  ts::JsonlSink sink{path};
  ts::ManualClock::Time time;
  ts::Tracker<ts::JsonlSink, ts::PriceBook, ts::CharRatio, ts::ManualClock> tracker{sink, old_book(), ts::CharRatio{},
                                                                                    ts::ManualClock{time}};

  static ts::PriceBook old_book() {
    ts::PriceBook book = ts::PriceBook::empty("old", "1");
    CHECK_FALSE(book.set_rate("gpt-4.1", ts::per_million("1"), ts::per_million("1")));
    return book;
  }
  OldFile() { at(ts::utc_day(2026, 10, 1)); }
  void at(std::int64_t moment) {
    time.utc = moment;
    time.steady += 2'000'000'000;
  }
  void call(std::string_view model, const ts::Usage& usage) {
    ts::TrackScope call{tracker, {.model = model}};
    call.report(usage);
  }
  Json repriced(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"reprice", path, "--json"});
    const Run program = run(more);
    INFO(program.err);
    CHECK(program.status == 0);
    return Json::parse(program.out);
  }
};

std::map<std::string, Json> by_model(const Json& json) {
  std::map<std::string, Json> models;
  for (const Json& model : json["models"]) models[model["model"]] = model;
  return models;
}

}  // namespace

TEST_CASE("reprice shows per model what calls were said to cost and what they cost by another book", "[reprice]") {
  OldFile file;
  for (int call = 0; call < 3; ++call) file.call("gpt-4.1", {.input_tokens = 1'000, .output_tokens = 500});
  file.call("gpt-4o", {.input_tokens = 1'000'000, .output_tokens = 0});
  file.call("house-7b", {.input_tokens = 1, .output_tokens = 1});
  { const ts::TrackScope tool{file.tracker, {.operation = ts::Operation::execute_tool, .name = "search"}}; }

  const Json json = file.repriced();
  auto models = by_model(json);
  CHECK(json["price_book"] == "builtin 2026-09-23");
  CHECK(models.size() == 3);
  CHECK(models["gpt-4.1"]["calls"] == 3);
  CHECK(models["gpt-4.1"]["before"]["cost_usd"] == "0.0045");
  CHECK(models["gpt-4.1"]["after"]["cost_usd"] == "0.018");
  CHECK(models["gpt-4.1"]["change_usd"] == "0.0135");
  CHECK(models["gpt-4o"]["before"]["cost_states"]["unpriced"] == 1);
  CHECK(models["gpt-4o"]["after"]["cost_usd"] == "2.5");
  CHECK(models["house-7b"]["after"]["cost_states"]["unpriced"] == 1);
  CHECK(json["total"]["after"]["cost_usd"] == "2.518");

  const Run table = run({"reprice", file.path});
  INFO(table.out);
  CHECK(table.out.find("+$0.0135") != std::string::npos);
  CHECK(table.out.find("house-7b") != std::string::npos);
}

TEST_CASE("reprice writes records that differ in their cost alone, and leaves the file as it was", "[reprice]") {
  OldFile file;
  file.call("gpt-4.1", {.input_tokens = 1'000, .output_tokens = 500, .cache_read = 100});
  file.call("house-7b", {.input_tokens = 1, .output_tokens = 1});
  { const ts::TrackScope tool{file.tracker, {.operation = ts::Operation::execute_tool, .name = "search"}}; }
  const std::string before = content_of(file.path);
  for (const char* name : {"new.jsonl", "new.db"}) {
    const std::string out = file.folder.file(name);
    file.repriced({"--out", out});
    CHECK(content_of(file.path) == before);
    std::map<ts::RecordId, std::string> costs;
    const auto take = [&](const ts::Record& record) { costs[record.id] = record.cost.amount.exact(); };
    const bool is_database = out.ends_with(".db");
    const ts::ReadResult read =
        is_database ? ts::SqliteReader{out}.for_each(take) : ts::JsonlReader{out}.for_each(take);
    CHECK(read.records == 3);
    CHECK(read.skipped == 0);
    ts::JsonlReader{file.path}.for_each([&](const ts::Record& record) {
      CHECK(costs.at(record.id) == (record.call.model == "gpt-4.1" ? "0.00585" : "0"));
    });
    const Json report = Json::parse(run({"report", out, "--json"}).out);
    CHECK(report["total"]["cost_usd"] == "0.00585");
    CHECK(report["total"]["calls"] == 3);
  }
  check_refused(run({"reprice", file.path, "--out", file.folder.file("new.jsonl")}), "is there already");
  check_refused(run({"reprice", file.path, "--out", file.folder.file("none/new.jsonl")}), "could not be written");
}

TEST_CASE("reprice prices what became known late together with its call", "[reprice]") {
  OldFile file;
  ts::RecordId id;
  {
    ts::TrackScope call{file.tracker, {.model = "gpt-4.1"}};
    call.report({.input_tokens = 1'000, .output_tokens = 0});
    id = call.stop();
  }
  CHECK_FALSE(file.tracker.report_late(id, {.output_tokens = 1'000}));
  const Json json = file.repriced();
  CHECK(json["total"]["before"]["cost_usd"] == "0.002");
  CHECK(json["total"]["after"]["cost_usd"] == "0.01");
  CHECK(json["total"]["calls"] == 1);
  CHECK(json["late_reports_without_a_call"] == 0);
}

TEST_CASE("reprice takes the price that was in force when a call began, and only calls of the time asked for",
          "[reprice]") {
  OldFile file;
  file.at(ts::utc_day(2026, 8, 21) - hour);
  file.call("gpt-5.6-sol", {.input_tokens = 1'000'000'000, .output_tokens = 0});
  file.at(ts::utc_day(2026, 8, 21));
  file.call("gpt-5.6-sol", {.input_tokens = 1'000, .output_tokens = 0});
  CHECK(file.repriced({"--from", "2026-08-21"})["total"]["after"]["cost_usd"] == "0.004");
  CHECK(file.repriced({"--to", "2026-08-20"})["total"]["calls"] == 1);
  CHECK(file.repriced()["total"]["calls"] == 2);
  check_refused(run({"reprice", file.path, "--from", "soon"}), "neither a day");
  check_refused(run({"reprice", file.folder.file("none.jsonl")}), "none.jsonl");
}
