// SPDX-License-Identifier: MIT
// Runs the program as a person does.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "sinks/temporary_folder.hpp"

struct Run {
  int status = -1;
  std::string out, err;
};

inline std::string shell_quoted(const std::string& word) {
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? std::string{"'\\''"} : std::string(1, letter);
  return text + "'";
}

/// Runs the program with these words.
inline Run run(const std::vector<std::string>& words) {
  const TemporaryFolder folder;
  std::string command = TALLYSCOPE_PROGRAM;
  for (const std::string& word : words) command += " " + shell_quoted(word);
  command += " >" + shell_quoted(folder.file("out")) + " 2>" + shell_quoted(folder.file("err")) + " </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(folder.file("out")), content_of(folder.file("err"))};
}

/// One sentence, one line, an exit code that says so, and nothing reported.
inline void check_refused(const Run& run, std::string_view part) {
  INFO(run.err << run.out);
  CHECK(run.status != 0);
  CHECK(run.out.empty());
  CHECK(run.err.starts_with("tallyscope: "));
  CHECK(run.err.find('\n') == run.err.size() - 1);
  CHECK(run.err.find(part) != std::string::npos);
}
