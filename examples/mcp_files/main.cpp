// SPDX-License-Identifier: MIT
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
// An MCP server over stdio that serves a folder, and leaves a record of every call of a tool and of a prompt.
#include "server.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace mcp_files {
namespace {

constexpr std::string_view usage =
    "Usage: mcp_files FOLDER [--records FILE.jsonl] [--name SERVER_NAME] [--idle MILLISECONDS]\n"
    "An MCP server on stdin and stdout that lets its client look at the files of FOLDER.\n"
    "  --records FILE       appends a line for each call (default: none)\n"
    "  --name SERVER_NAME   of the server in the records (default: files)\n"
    "  --idle MILLISECONDS  ends a turn that the client has not named (default: 30000)\n";

struct Options {
  std::string folder{};
  std::string records = "/dev/null";
  ServerOptions server{};
};

std::optional<std::chrono::milliseconds> parse_milliseconds(const std::string& text) {
  const bool digits = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return std::nullopt;
  return std::chrono::milliseconds{std::stoi(text)};
}

std::optional<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t place = 0; place < arguments.size(); ++place) {
    const std::string& argument = arguments[place];
    const bool is_option = argument.starts_with("--");
    if (!is_option && options.folder.empty()) {
      options.folder = argument;
      continue;
    }
    if (!is_option || ++place == arguments.size()) return std::nullopt;
    const std::string& value = arguments[place];
    const auto idle = parse_milliseconds(value);
    if (argument == "--records")
      options.records = value;
    else if (argument == "--name")
      options.server.name = value;
    else if (argument == "--idle" && idle)
      options.server.turn_idle = *idle;
    else
      return std::nullopt;
  }
  return options.folder.empty() ? std::nullopt : std::optional{options};
}

/// Signals that end the program, as a file that poll(2) can wait for. Made before any thread, so that all inherit it.
int open_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/// Reads and answers until there is no more to come, or nobody to answer to, or the system wants us to end.
class Loop {
 public:
  Loop(Server& server, Input& input, Output& output, const Bell& bell, int signals)
      : server_{server}, input_{input}, output_{output}, bell_{bell}, signals_{signals} {}

  void run() {
    while (!output_.gone()) {
      const bool has_more = take_lines();
      if (input_.ended() && !has_more && server_.is_idle()) return;
      if (wait(has_more)) break;
    }
    server_.cancel_all();
  }

 private:
  /// While the workers keep up; true if lines are left.
  bool take_lines() {
    for (;;) {
      server_.turns().end_if_idle();
      if (!server_.has_room()) return true;
      const std::optional<Line> line = input_.next();
      if (!line) return false;
      server_.receive(*line);
    }
  }

  /// True if it is time to go.
  bool wait(bool has_more) {
    const auto idle = server_.turns().wait();
    const bool reads = !has_more && !input_.ended();
    pollfd files[] = {{reads ? input_.file() : -1, POLLIN, 0},
                      {signals_, POLLIN, 0},
                      {bell_.file(), POLLIN, 0},
                      {output_.file(), 0, 0}};
    if (::poll(files, 4, idle ? static_cast<int>(idle->count()) : -1) < 0) return errno != EINTR;
    bell_.silence();
    if (files[0].revents != 0) input_.read_some();
    if ((files[3].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) output_.mark_gone();
    return files[1].revents != 0;
  }

  Server& server_;
  Input& input_;
  Output& output_;
  const Bell& bell_;
  const int signals_;
};

int refuse(const std::string& reason) {
  std::cerr << "mcp_files: " << reason << '\n';
  return 2;
}

int serve(const Options& options, const Folder& folder, ts::JsonlSink& file) {
  const int signals = open_signals();
  ts::MemorySink memory;
  Sinks sinks{memory, file};
  Tracker tracker{sinks};
  Output output{STDOUT_FILENO, signals};
  Input input{STDIN_FILENO};
  const Bell bell;
  {
    Server server{folder, tracker, memory, output, bell, options.server};
    Loop{server, input, output, bell, signals}.run();
  }
  static_cast<void>(tracker.flush());
  return tracker.health().dropped_in_all() == 0 ? 0 : 1;
}

int run(const Options& options) {
  const Folder folder{options.folder.c_str()};
  if (folder.error() != 0)
    return refuse("cannot serve the folder \"" + options.folder + "\": " + std::strerror(folder.error()) + '.');
  ts::JsonlSink file{options.records};
  if (file.error()) return refuse("cannot write \"" + options.records + "\": " + file.error().message() + '.');
  return serve(options, folder, file);
}

}  // namespace
}  // namespace mcp_files

int main(int count, char** arguments) {
  const auto options = mcp_files::parse_options({arguments + 1, arguments + count});
  if (!options) return std::cerr << mcp_files::usage, 2;
  return mcp_files::run(*options);
}
