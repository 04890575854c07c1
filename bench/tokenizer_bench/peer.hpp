// SPDX-License-Identifier: MIT
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace bench {

/// What a peer says of one round.
struct PeerRound {
  double nanoseconds = 0;
  std::uint64_t tokens = 0;
};

/// A process that tokenizes when it is told to. It prints "ready" and a line about itself, then answers each line
/// "ENCODING FILE" with "NANOSECONDS TOKENS"; what it prints on its error output is shown.
class Peer {
 public:
  explicit Peer(std::string command) {
    int questions[2], answers[2];
    if (::pipe2(questions, O_CLOEXEC) != 0 || ::pipe2(answers, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, questions[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, answers[1], STDOUT_FILENO);
    char shell[] = "/bin/sh", option[] = "-c";
    char* words[] = {shell, option, command.data(), nullptr};
    if (::posix_spawn(&process_, shell, &actions, nullptr, words, environ) != 0) process_ = -1;
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(questions[0]);
    ::close(answers[1]);
    to_ = ::fdopen(questions[1], "w");
    from_ = ::fdopen(answers[0], "r");
    const std::string line = answer();
    if (line.starts_with("ready ")) version_ = line.substr(6);
  }
  Peer(Peer&& other) noexcept
      : process_{std::exchange(other.process_, -1)},
        to_{std::exchange(other.to_, nullptr)},
        from_{std::exchange(other.from_, nullptr)},
        version_{std::move(other.version_)} {}
  Peer& operator=(Peer&&) = delete;
  ~Peer() {
    if (to_ != nullptr) std::fclose(to_);  // it ends when its input does
    if (from_ != nullptr) std::fclose(from_);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
  }

  /// What it says it is; empty if it could not be started.
  const std::string& version() const noexcept { return version_; }

  /// Of the whole file, once; no tokens if the peer has no answer.
  PeerRound run(const std::string& encoding, const std::string& file) {
    PeerRound round;
    if (std::fprintf(to_, "%s %s\n", encoding.c_str(), file.c_str()) < 0 || std::fflush(to_) != 0) return round;
    unsigned long long tokens = 0;
    if (std::sscanf(answer().c_str(), "%lf %llu", &round.nanoseconds, &tokens) == 2) round.tokens = tokens;
    return round;
  }

 private:
  std::string answer() {
    char line[256];
    std::string text = from_ != nullptr && std::fgets(line, sizeof line, from_) != nullptr ? line : "";
    if (text.ends_with('\n')) text.pop_back();
    return text;
  }

  pid_t process_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
  std::string version_;
};

}  // namespace bench
