// SPDX-License-Identifier: MIT
// An agent goes over a folder: real tools on real files, with the responses of models replayed. Shows tokens, money,
// outcomes and time by tool, by model and by turn, and writes every record to a file.
#include "agent.hpp"
#include "report.hpp"

#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace agent {
namespace {

constexpr std::string_view usage =
    "Usage: agent_over_files [FOLDER] [--out FILE] [--answers]\n"
    "Lets an agent answer questions about the files of FOLDER (default: the current one) and shows what its calls "
    "cost.\n"
    "  --out FILE   where the records go, replaced at each run (default: agent_calls.jsonl)\n"
    "  --answers    show the answers as well\n";

struct Options {
  fs::path folder = ".";
  fs::path out = "agent_calls.jsonl";
  bool answers = false;
  bool help = false;
};

int refuse(const std::string& reason) {
  std::cerr << "agent_over_files: " << reason << '\n';
  return 2;
}

std::optional<Options> parse(const std::vector<std::string>& arguments) {
  Options options;
  bool has_folder = false;
  for (std::size_t place = 0; place < arguments.size(); ++place) {
    const std::string& argument = arguments[place];
    if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument == "--answers")
      options.answers = true;
    else if (argument == "--out" && place + 1 < arguments.size())
      options.out = arguments[++place];
    else if (argument.starts_with("--") || has_folder)
      return std::nullopt;
    else
      options.folder = argument, has_folder = true;
  }
  return options;
}

/// The sink appends; a run starts anew. Only a file of records is replaced, so that a slip of the hand costs nothing.
bool make_room(const fs::path& out) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(out, error))) return true;
  if (!fs::is_regular_file(fs::symlink_status(out, error))) return false;
  std::string beginning(5, '\0');
  std::ifstream{out}.read(beginning.data(), 5);
  return (fs::file_size(out, error) == 0 || beginning == R"({"v":)") && fs::remove(out, error);
}

void print_head(std::ostream& out, const Folder& folder, const fs::path& path, std::size_t turns) {
  out << "An agent answered " << counted(turns, "question") << " about " << printable(path.string()) << " ("
      << counted(folder.files().size(), "file") << ", " << counted(folder.bytes(), "byte") << ").\n"
      << "Its tools ran on these files; what the models said was replayed, no network.\n";
  if (folder.left_out() > 0)
    out << "Left out: " << counted(folder.left_out(), "file") << " (it takes 500, of 1 MiB each and 32 MiB in all).\n";
  out << '\n';
}

void print_next(std::ostream& out, const fs::path& file, std::uint64_t lines) {
  const std::string name = printable(file.string());
  out << "WRITTEN\n  " << name << ": " << counted(lines, "line") << ", one a record; replaced at each run\n\n"
      << "WHAT TO LOOK AT NEXT\n"
      << "  head -n 2 " << name << "  # two records; docs/format.md explains them\n"
      << "  grep '\"outcome\":\"error\"' " << name << "  # what failed\n"
      << "  $(./dev tools) report " << name << " --by model  # or by name, server, turn, hour ...\n"
      << "  ./dev demo FOLDER --answers  # another folder, and what was found there\n"
      << "  examples/agent_over_files/agent.hpp: how the calls are tracked\n";
}

int run(const Options& options) {
  std::error_code error;
  if (!fs::is_directory(options.folder, error))
    return refuse("there is no folder " + printable(options.folder.string()) + '.');
  if (!make_room(options.out))
    return refuse(printable(options.out.string()) +
                  " holds something else than records; name another file with --out.");
  const Folder folder{options.folder};

  ts::MemorySink by_call, by_turn{{.by = ts::Dimension::turn}};
  ts::JsonlSink file{options.out.string()};
  if (file.error())
    return refuse("cannot write " + printable(options.out.string()) + ": " + file.error().message() + '.');
  Sinks sinks{by_call, by_turn, file};
  Tracker tracker{sinks};

  Agent agent{tracker, folder};
  std::vector<Answer> answers;
  for (const Question& question : questions_about(folder)) answers.push_back(agent.answer(question));
  agent.settle();

  const ts::Stats calls = by_call.snapshot(), turns = by_turn.snapshot();
  const Report report{std::cout, calls, turns, answers};
  print_head(std::cout, folder, options.folder, answers.size());
  report.print_tools();
  report.print_models();
  report.print_turns();
  if (options.answers) report.print_answers();
  report.print_totals();
  report.print_not_priced(tracker.prices().text());
  report.print_health(tracker.health());
  print_next(std::cout, options.out, sinks.health<2>().delivered);
  return tracker.health().dropped_in_all() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace agent

int main(int count, char** arguments) {
  const auto options = agent::parse({arguments + 1, arguments + count});
  if (!options) return std::cerr << agent::usage, 2;
  if (options->help) return std::cout << agent::usage, 0;
  return agent::run(*options);
}
