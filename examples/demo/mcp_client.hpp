// SPDX-License-Identifier: MIT
// The least that a client of an MCP server over stdio needs: it starts the server, shakes hands, lists the tools and
// calls several at once.
#pragma once

#include "llm_client/json.hpp"
#include "llm_client/prompt.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demo {

using llm::json;

/// What a tool came back with.
struct ToolResult {
  std::string text{};
  bool failed = false;
  bool is_unknown = false;  // the server has no such tool: the text is the error's
};

/// A server in a process of its own. For one thread; `works()` says whether the server answers.
class McpClient {
 public:
  /// `name` tells the tools of several servers apart; `command` is the program and its arguments.
  McpClient(std::string name, const std::vector<std::string>& command) : name_{std::move(name)} {
    if (start(command)) shake_hands();
  }
  McpClient(const McpClient&) = delete;
  McpClient& operator=(const McpClient&) = delete;
  ~McpClient() { stop(); }

  const std::string& name() const noexcept { return name_; }
  bool works() const noexcept { return works_; }
  /// As the server describes them; their names are the server's own.
  const std::vector<llm::Tool>& tools() const noexcept { return tools_; }

  /// Sends all calls, then takes the answers as they come. A call that gets none has failed.
  std::vector<ToolResult> call(const std::string& turn, const std::vector<llm::ToolCall>& calls) {
    std::map<std::int64_t, std::size_t> places;
    for (std::size_t place = 0; place < calls.size(); ++place)
      places[send("tools/call", {{"name", calls[place].name},
                                 {"arguments", llm::parsed(calls[place].arguments)},
                                 {"_meta", {{"tallyscope/turn", turn}}}})] = place;
    std::vector<ToolResult> results(calls.size(), {"the server did not answer", true, false});
    while (!places.empty() && works_) {
      const json answer = receive();
      const auto found = places.find(id_of(answer));
      if (found == places.end()) continue;
      results[found->second] = result_of(answer);
      places.erase(found);
    }
    return results;
  }

  /// Ends the server by closing its input, as the protocol has it; 0 if it left in order. Happens at destruction too.
  int stop() {
    if (to_server_ >= 0) ::close(std::exchange(to_server_, -1));
    int status = 0;
    if (process_ > 0 && ::waitpid(std::exchange(process_, -1), &status, 0) < 0) status = -1;
    if (from_server_ != nullptr) std::fclose(std::exchange(from_server_, nullptr));
    works_ = false;
    return status;
  }

 private:
  bool start(const std::vector<std::string>& command) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0) return false;
    if (::pipe2(out, O_CLOEXEC) != 0) return ::close(in[0]), ::close(in[1]), false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    works_ = ::posix_spawn(&process_, words[0], &actions, nullptr, words.data(), environ) == 0;
    if (!works_) process_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    to_server_ = in[1];
    from_server_ = ::fdopen(out[0], "r");
    return works_;
  }

  void shake_hands() {
    ask("initialize", {{"protocolVersion", "2025-06-18"},
                       {"capabilities", json::object()},
                       {"clientInfo", {{"name", "demo"}, {"version", "1"}}}});
    write({{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
    const json answer = ask("tools/list", json::object());
    for (const json& tool : llm::at(llm::at(answer, "result"), "tools"))
      tools_.push_back({std::string{llm::text_at(tool, "name")}, std::string{llm::text_at(tool, "description")},
                        llm::written(llm::at(tool, "inputSchema"))});
  }

  json ask(const char* method, json parameters) {
    const std::int64_t id = send(method, std::move(parameters));
    json answer;
    do answer = receive();
    while (works_ && id_of(answer) != id);
    return answer;
  }

  std::int64_t send(const char* method, json parameters) {
    const std::int64_t id = ++last_id_;
    write({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(parameters)}});
    return id;
  }

  void write(const json& message) {
    const std::string line = llm::written(message) + '\n';
    for (std::string_view rest = line; works_ && !rest.empty();) {
      const ssize_t size = ::write(to_server_, rest.data(), rest.size());
      if (size > 0)
        rest.remove_prefix(static_cast<std::size_t>(size));
      else if (size == 0 || errno != EINTR)
        works_ = false;
    }
  }

  json receive() {
    std::string line;
    char piece[65536];
    while (line.empty() || line.back() != '\n') {
      if (std::fgets(piece, sizeof piece, from_server_) == nullptr) return works_ = false, json{};
      line += piece;
    }
    return llm::parsed(line);
  }

  static std::int64_t id_of(const json& answer) {
    const json& id = llm::at(answer, "id");
    return id.is_number_integer() ? id.get<std::int64_t>() : 0;
  }

  static ToolResult result_of(const json& answer) {
    const json& result = llm::at(answer, "result");
    if (result.is_null()) return {std::string{llm::text_at(llm::at(answer, "error"), "message")}, true, true};
    ToolResult found{.failed = llm::at(result, "isError") == true};
    for (const json& content : llm::at(result, "content")) found.text += llm::text_at(content, "text");
    return found;
  }

  std::string name_;
  std::vector<llm::Tool> tools_;
  bool works_ = false;
  int to_server_ = -1;
  std::FILE* from_server_ = nullptr;
  pid_t process_ = -1;
  std::int64_t last_id_ = 0;
};

}  // namespace demo
