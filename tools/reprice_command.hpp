// SPDX-License-Identifier: MIT
// `tallyscope reprice`
#pragma once

#include "price_argument.hpp"
#include "printed.hpp"
#include "report_arguments.hpp"
#include "reprice.hpp"
#include "reprice_text.hpp"

#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/sqlite_sink.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tallyscope_program {

/// `tallyscope reprice`, as it was typed.
struct RepriceArguments {
  std::vector<std::string> files{};
  std::string prices{};
  std::string from{}, to{};
  std::string zone = "UTC";
  std::string out{};
  bool json = false;
};

inline CLI::App& add_reprice_command(CLI::App& app, RepriceArguments& arguments) {
  CLI::App& reprice = *app.add_subcommand("reprice", "Prices recorded calls anew, and shows what changes per model");
  reprice.add_option("FILE", arguments.files, "JSONL files and SQLite databases that a sink wrote")->required();
  add_prices_option(reprice, arguments.prices);
  reprice.add_option("--from", arguments.from, "only calls from this day (2025-01-31) or moment on");
  reprice.add_option("--to", arguments.to, "only calls up to this day, or before this moment");
  reprice.add_option("--tz", arguments.zone, "time zone of the days, such as Europe/Berlin (default: UTC)");
  reprice.add_option("--out", arguments.out,
                     "write all records with their new costs to this file, which must not be there yet: JSONL, or "
                     "SQLite if its name ends in .db or .sqlite");
  reprice.add_flag("--json", arguments.json, "print one JSON object");
  reprice.footer(
      "Prices are those in force when a call began. The files that are read stay as they are.\n"
      "Examples:\n"
      "  tallyscope reprice calls.jsonl --prices prices.json\n"
      "  tallyscope reprice usage.db --from 2026-08-01 --prices prices.json --out repriced.jsonl");
  return reprice;
}

inline RepriceRange range_of(const RepriceArguments& arguments) {
  ReportQuery query;
  ReportArguments days;
  days.from = arguments.from;
  days.to = arguments.to;
  days.zone = arguments.zone;
  query = query_of(days);
  return {query.from, query.to};
}

/// Writes records to a new file.
template <class Sink>
class NewFile {
 public:
  explicit NewFile(const std::string& path) : path_{path}, sink_{path} { check(sink_.error()); }

  void operator()(const ts::Record& record) { check(sink_.write(record)); }
  void finish() { check(sink_.flush()); }

 private:
  void check(std::error_code error) const {
    if (error) throw Problem{"--out " + shown(path_) + " could not be written: " + error.message()};
  }

  std::string path_;
  Sink sink_;
};

/// Runs every record through `repricer` and on to `take`.
template <class Take>
FilesRead reprice_files(Repricer& repricer, const std::vector<std::string>& files, const Take& take) {
  read_files(files, [&](const ts::Record& record) { repricer.note(record); });
  return read_files(files, [&](const ts::Record& record) { repricer.add(record, take); });
}

template <class Sink>
FilesRead reprice_to(Repricer& repricer, const RepriceArguments& arguments) {
  NewFile<Sink> file{arguments.out};
  const FilesRead read = reprice_files(repricer, arguments.files, [&](const ts::Record& record) { file(record); });
  file.finish();
  return read;
}

inline FilesRead reprice(Repricer& repricer, const RepriceArguments& arguments) {
  const std::string_view out = arguments.out;
  if (out.empty()) return reprice_files(repricer, arguments.files, [](const ts::Record&) {});
  if (std::filesystem::exists(std::filesystem::symlink_status(arguments.out)))
    throw Problem{"--out " + shown(out) + " is there already: name a new file, nothing is written over"};
  if (out.ends_with(".db") || out.ends_with(".sqlite")) return reprice_to<ts::SqliteSink>(repricer, arguments);
  return reprice_to<ts::JsonlSink>(repricer, arguments);
}

inline int run_reprice(const RepriceArguments& arguments) {
  Repricer repricer{prices_of(arguments.prices), range_of(arguments)};
  const FilesRead files = reprice(repricer, arguments);
  if (files.records > 0 || files.problems.empty())
    print(arguments.json ? reprice_json(repricer, files) : reprice_text(repricer));
  return tell(files.problems);
}

}  // namespace tallyscope_program
