// SPDX-License-Identifier: MIT
// The program `tallyscope`: answers from what the sinks wrote.
// Needs: <CLI/CLI.hpp> libcli11-dev
// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <openssl/evp.h> -lcrypto libssl-dev

#include "count_command.hpp"
#include "prices_command.hpp"
#include "problem.hpp"
#include "report_command.hpp"
#include "reprice_command.hpp"
#include "usage_command.hpp"
#include "vocab_command.hpp"

#include <tallyscope/config.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <functional>
#include <new>
#include <string>
#include <vector>

namespace {

using namespace tallyscope_program;

/// A word behind `tallyscope`, and what it does.
struct Command {
  CLI::App& app;
  std::function<int()> run;
};

std::string version_text() {
  return "tallyscope " + std::to_string(TALLYSCOPE_VERSION_MAJOR) + "." + std::to_string(TALLYSCOPE_VERSION_MINOR) +
         "." + std::to_string(TALLYSCOPE_VERSION_PATCH);
}

/// "report " when that word was typed before something went wrong.
std::string typed_command(const std::vector<Command>& commands) {
  for (const Command& command : commands)
    if (command.app.parsed()) return command.app.get_name() + " ";
  return {};
}

int run(int count, char** words) {
  CLI::App app{"Answers what every LLM call and tool call cost, from what a service recorded."};
  app.name("tallyscope");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  ReportArguments report;
  RepriceArguments reprice;
  UsageArguments usage;
  PricesArguments prices;
  CountArguments count_of_tokens;
  VocabArguments vocab;
  const std::vector<Command> commands{
      {add_report_command(app, report), [&] { return run_report(report); }},
      {add_reprice_command(app, reprice), [&] { return run_reprice(reprice); }},
      {add_usage_command(app, usage), [&] { return run_usage(usage); }},
      {add_prices_command(app, prices), [&] { return run_prices(prices); }},
      {add_count_command(app, count_of_tokens), [&] { return run_count(count_of_tokens); }},
      {add_vocab_command(app, vocab), [&] { return run_vocab(vocab); }},
  };
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    throw Problem{one_line(error.what()) + "; tallyscope " + typed_command(commands) + "--help shows what there is"};
  }
  for (const Command& command : commands)
    if (command.app.parsed()) return command.run();
  return 0;
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
