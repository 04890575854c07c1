// SPDX-License-Identifier: MIT
// An agent answers questions about a folder. It asks models of several providers over HTTP, in whose place a server on
// this machine answers, and uses the tools of two MCP servers, which really work on the files. All that they call is
// tracked: the models here, the tools by their servers.
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#include "agent.hpp"
#include "counted.hpp"
#include "played_models.hpp"
#include "script.hpp"
#include "survey.hpp"

#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {
namespace {

constexpr std::string_view usage =
    "Usage: demo [FOLDER] [--out FOLDER]\n"
    "Lets an agent answer questions about the files of FOLDER (default: the current one) and records what its calls "
    "cost.\n"
    "  --out FOLDER   where the records go, replaced at each run (default: tallyscope_demo)\n";

struct Options {
  fs::path folder = ".";
  fs::path out = "tallyscope_demo";
  bool help = false;
};

std::optional<Options> parse(const std::vector<std::string>& arguments) {
  Options options;
  bool has_folder = false;
  for (std::size_t place = 0; place < arguments.size(); ++place) {
    const std::string& argument = arguments[place];
    if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument == "--out" && place + 1 < arguments.size())
      options.out = arguments[++place];
    else if (argument.starts_with("--") || has_folder)
      return std::nullopt;
    else
      options.folder = argument, has_folder = true;
  }
  return options;
}

int refuse(const std::string& reason) {
  std::cerr << "demo: " << reason << '\n';
  return 2;
}

constexpr std::string_view model_file = "model_calls.jsonl", tool_file = "tool_calls.jsonl",
                           counted_file = "counted.json";

/// The sinks append; a run starts anew.
bool make_room(const fs::path& out) {
  std::error_code error;
  fs::create_directories(out, error);
  for (const std::string_view name : {model_file, tool_file, counted_file}) fs::remove(out / name, error);
  return fs::is_directory(out, error) && !fs::exists(out / model_file, error) && !fs::exists(out / tool_file, error);
}

std::map<std::string, llm::Provider, std::less<>> all_at(const std::string& url) {
  std::map<std::string, llm::Provider, std::less<>> providers;
  for (const char* const name : {"openai", "anthropic", "google", "mistral", "in-house"})
    providers[name] = {url, "the key of the demo"};
  return providers;
}

/// The folder below that gets a server of its own.
std::string second_folder(const Survey& survey) {
  if (survey.by_folder.count("docs") > 0) return "docs";
  return survey.by_folder.empty() ? std::string{} : survey.by_folder.begin()->first;
}

std::unique_ptr<McpClient> serve(const fs::path& folder, const std::string& name, const fs::path& records) {
  return std::make_unique<McpClient>(name, std::vector<std::string>{TALLYSCOPE_MCP_FILES, folder.string(), "--name",
                                                                    name, "--records", records.string()});
}

/// How the questions of one kind went.
struct Answers {
  std::string kind, first_question;
  int asked = 0, answered = 0;
};

std::vector<Answers> by_kind(const std::vector<Question>& questions, const std::vector<ts::Outcome>& outcomes) {
  std::vector<Answers> kinds;
  for (std::size_t place = 0; place < questions.size(); ++place) {
    if (kinds.empty() || kinds.back().kind != questions[place].kind)
      kinds.push_back({questions[place].kind, questions[place].text});
    ++kinds.back().asked;
    if (outcomes[place] == ts::Outcome::success) ++kinds.back().answered;
  }
  return kinds;
}

void print_answers(const std::vector<Answers>& kinds) {
  const auto print = [](std::string turns, std::string answered, std::string_view question) {
    turns.resize(22, ' ');
    answered.insert(0, std::max<std::size_t>(answered.size(), 8) - answered.size(), ' ');
    std::cout << "  " << turns << answered << "  " << question << '\n';
  };
  print("TURNS", "ANSWERED", "THE FIRST QUESTION");
  for (const Answers& kind : kinds) {
    const std::string asked = std::to_string(kind.asked);
    print(kind.kind + (kind.asked > 1 ? "-1 to -" + asked : "-1"), std::to_string(kind.answered) + " of " + asked,
          cut(printable(kind.first_question), 44));
  }
  std::cout << "  What is asked in trouble has no answer: a file that is not there, a way out of the\n"
               "  folder, a tool that nobody has, a stream that breaks or is stopped, a full budget.\n";
}

void print_head(const Folder& folder, const fs::path& path, std::size_t questions) {
  std::cout << "An agent answers " << counted(questions, "question") << " about " << printable(path.string()) << " ("
            << counted(folder.files().size(), "file") << ", " << counted(folder.bytes(), "byte") << ").\n"
            << "Its tools are those of MCP servers and really run on these files; what the models\n"
               "say is replayed over HTTP on this machine, no network.\n";
  if (folder.left_out() > 0)
    std::cout << "Not asked about: " << counted(folder.left_out(), "file") << " (500 are enough, of 1 MiB at most).\n";
  std::cout << '\n';
}

int run(const Options& options) {
  std::error_code error;
  if (!fs::is_directory(options.folder, error))
    return refuse("there is no folder " + printable(options.folder.string()) + '.');
  if (!make_room(options.out)) return refuse("cannot write in " + printable(options.out.string()) + '.');

  const Folder folder{options.folder};
  const Survey survey = demo::survey(folder);
  const std::string second = second_folder(survey);
  const std::vector<Question> questions = Script{survey, !second.empty()}.questions();

  std::vector<std::unique_ptr<McpClient>> servers;
  servers.push_back(serve(options.folder, "files", options.out / tool_file));
  if (!second.empty()) servers.push_back(serve(options.folder / second, second_server, options.out / tool_file));
  std::vector<McpClient*> working;
  for (const auto& server : servers) {
    if (!server->works()) return refuse("the MCP server " + server->name() + " does not start.");
    working.push_back(server.get());
  }

  PlayedModels models{TALLYSCOPE_RECORDED};
  const llm::ReplayServer provider{[&](const llm::Request& request) { return models(request); }};
  const llm::LlmClient client{all_at(provider.url()), {.wait = [](std::chrono::milliseconds) {}}};

  ts::JsonlSink sink{(options.out / model_file).string()};
  if (sink.error()) return refuse("cannot write " + printable((options.out / model_file).string()) + '.');
  Tracker tracker{sink};
  Counted count;
  Agent agent{tracker, client, working, [&](const auto&... call) { count.tool_call(call...); }};

  print_head(folder, options.folder, questions.size());
  std::vector<ts::Outcome> outcomes;
  for (const Question& question : questions) {
    models.play(question);
    outcomes.push_back(agent.answer(question));
  }
  print_answers(by_kind(questions, outcomes));
  for (McpClient* server : working)
    if (server->stop() != 0) return refuse("the MCP server " + server->name() + " did not end in order.");
  std::ofstream{options.out / counted_file} << count.with(models).dump(2) << '\n';
  return tracker.health().dropped_in_all() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace demo

int main(int argument_count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // a server that has gone is seen when it is written to
  const auto options = demo::parse({arguments + 1, arguments + argument_count});
  if (!options) return std::cerr << demo::usage, 2;
  if (options->help) return std::cout << demo::usage, 0;
  return demo::run(*options);
}
