// SPDX-License-Identifier: MIT
// The program `tallyscope`: answers from what the sinks wrote.
// Needs: <CLI/CLI.hpp> libcli11-dev
// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev

#include "problem.hpp"
#include "record_files.hpp"
#include "report_arguments.hpp"
#include "report_json.hpp"
#include "report_text.hpp"

#include <tallyscope/config.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <new>
#include <string>

namespace {

using namespace tallyscope_program;

/// Also where a file could not be read, what could be is reported; then the problems, and a status that says so.
int run_report(const ReportArguments& arguments) {
  Report report{query_of(arguments)};
  if (report.needs_calls_first())
    read_files(arguments.files, [&](const ts::Record& record) { report.note_call(record); });
  const FilesRead files = read_files(arguments.files, [&](const ts::Record& record) { report.add(record); });
  if (files.records > 0 || files.problems.empty()) {
    const std::string text = arguments.json ? report_json(report, files) : report_text(report, files);
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (std::fflush(stdout) != 0 || !written) throw Problem{"the report could not be written to the standard output"};
  }
  for (const std::string& problem : files.problems) std::fprintf(stderr, "tallyscope: %s\n", problem.c_str());
  return files.problems.empty() ? 0 : 1;
}

std::string version_text() {
  return "tallyscope " + std::to_string(TALLYSCOPE_VERSION_MAJOR) + "." + std::to_string(TALLYSCOPE_VERSION_MINOR) +
         "." + std::to_string(TALLYSCOPE_VERSION_PATCH);
}

int run(int count, char** words) {
  CLI::App app{"Answers what every LLM call and tool call cost, from what a service recorded."};
  app.name("tallyscope");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  ReportArguments arguments;
  CLI::App& report = add_report_command(app, arguments);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    throw Problem{one_line(error.what()) + "; tallyscope " + (report.parsed() ? "report " : "") +
                  "--help shows what there is"};
  }
  return run_report(arguments);
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(count, words);
  } catch (const std::bad_alloc&) {
    std::fputs("tallyscope: there is not enough memory for so many rows: ask for fewer with --by, --from and --to\n",
               stderr);
    return 2;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "tallyscope: %s\n", problem.what());
    return 2;
  }
}
