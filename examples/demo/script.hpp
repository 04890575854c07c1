// SPDX-License-Identifier: MIT
// What the user asks, and what the models will want to see before they answer.
#pragma once

#include "survey.hpp"

#include "llm_client/json.hpp"
#include "llm_client/models.hpp"
#include "llm_client/prompt.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demo {

/// How the last answer of a turn comes.
enum class Course {
  usual,
  streamed,
  user_stops_stream,
  stream_breaks,
  rate_limited_at_first,
  overloaded_at_first,
  over_budget
};

/// A turn: in each round the model wants some tools at once; then it answers.
struct Question {
  std::string kind;
  std::string turn;  // the id: its kind and a number, no word of the question
  std::string text;
  llm::Model model;
  std::vector<std::vector<llm::ToolCall>> rounds{};
  Course course = Course::usual;
};

// As a model names them: the server's name, then the tool's.
inline llm::ToolCall tool_call(std::string_view server, std::string_view tool, const llm::json& arguments) {
  return {{}, std::string{server} + "__" + std::string{tool}, llm::written(arguments)};
}
inline constexpr const char* second_server = "subfolder";  // not the folder's name, which would get into the records
inline llm::ToolCall read_file(const std::string& path) {
  return tool_call("files", "read_file", {{"path", path}, {"count", 120}});  // lines
}
inline llm::ToolCall search(const std::string& text, const std::string& folder) {
  return tool_call("files", "search", {{"text", text}, {"folder", folder}, {"most", 20}});
}

/// In no price list: what it costs, nobody knows.
inline constexpr llm::Model in_house{"in-house", "house-7b", llm::Shape::openai};

/// So many that are spread evenly over the choices; all, if there are no more.
template <class Choice>
std::vector<Choice> spread(const std::vector<Choice>& choices, std::size_t wanted) {
  std::vector<Choice> chosen;
  const std::size_t count = std::min(wanted, choices.size());
  for (std::size_t place = 0; place < count; ++place)
    chosen.push_back(choices[(2 * place + 1) * choices.size() / (2 * count)]);
  return chosen;
}

/// Writes the questions about one survey.
class Script {
 public:
  Script(const Survey& survey, bool has_second_server) : survey_{survey}, has_second_server_{has_second_server} {}

  std::vector<Question> questions() {
    ask_for_overview();
    ask_for_definitions();
    ask_for_summaries();
    ask_for_uses();
    ask_what_goes_wrong();
    if (has_second_server_) ask_second_server();
    ask_for_usage();
    return std::move(questions_);
  }

 private:
  static constexpr std::array<llm::Model, 4> models{llm::gpt_4_1, llm::sonnet, llm::flash, llm::mistral_large};

  /// The models take turns.
  llm::Model next_model() { return models[next_model_++ % models.size()]; }

  void ask(const std::string& kind, std::string text, llm::Model model, std::vector<std::vector<llm::ToolCall>> rounds,
           Course course = Course::usual) {
    const std::string turn = kind + '-' + std::to_string(++asked_[kind]);
    questions_.push_back({kind, turn, std::move(text), model, std::move(rounds), course});
  }

  static std::vector<llm::ToolCall> read_all(const std::vector<std::string>& files) {
    std::vector<llm::ToolCall> round;
    for (const std::string& file : files) round.push_back(read_file(file));
    return round;
  }

  static std::string folder_of(const std::string& file) {
    const std::size_t slash = file.find('/');
    return slash == file.npos ? "." : file.substr(0, slash);
  }

  void ask_for_overview() {
    ask("overview", "What is in this folder?", next_model(),
        {{tool_call("files", "list_files", llm::json::object())},
         {tool_call("files", "largest_files", {{"count", 10}})},
         read_all(spread(survey_.texts, 8))});
    ask("overview", "Which files are largest?", next_model(), {{tool_call("files", "largest_files", {{"count", 20}})}},
        Course::streamed);
  }

  void ask_for_definitions() {
    for (const Definition& definition : spread(survey_.defined, 12))
      ask("definition", "Where is " + definition.name + '?', next_model(),
          {{search(definition.name, folder_of(definition.file))}, {read_file(definition.file)}});
  }

  void ask_for_summaries() {
    constexpr Course courses[] = {Course::streamed, Course::rate_limited_at_first, Course::usual,
                                  Course::overloaded_at_first};
    std::size_t place = 0;
    for (const auto& [folder, files] : survey_.by_folder) {
      if (place == 10) break;
      ask("summary", "Summarise the folder " + folder, next_model(),
          {{tool_call("files", "list_files", {{"folder", folder}})}, read_all(spread(files, 12))},
          courses[place++ % std::size(courses)]);
    }
    for (const std::string& file : spread(survey_.texts, 2))
      ask("review", "Review " + file, in_house, {{read_file(file)}});
  }

  /// A word is looked for in several folders at once.
  void ask_for_uses() {
    std::vector<std::string> folders;
    for (const auto& below : survey_.by_folder) folders.push_back(below.first);
    if (folders.empty()) folders.push_back(".");
    const std::size_t count = std::min<std::size_t>(survey_.mentioned.size(), 16);
    for (std::size_t place = 0; place < count; ++place) {
      std::vector<llm::ToolCall> round;
      for (const std::string& folder : spread(folders, 8)) round.push_back(search(survey_.mentioned[place], folder));
      ask("mention", "Where is " + survey_.mentioned[place] + " used?", next_model(), {round}, Course::streamed);
    }
  }

  void ask_what_goes_wrong() {
    ask("trouble", "What did the old notes say?", next_model(), {{read_file("notes-of-last-year.txt")}});
    ask("trouble", "And the ones next door?", next_model(), {{read_file("../notes.txt"), read_file("/etc/passwd")}});
    ask("trouble", "Send the notes by mail", next_model(), {{tool_call("files", "send_mail", {{"to", "ada"}})}});
    if (!survey_.opaque.empty())
      ask("trouble", "What is in " + survey_.opaque.front() + '?', next_model(), {{read_file(survey_.opaque.front())}});
    ask("trouble", "Tell me all about it", llm::gpt_4_1, {read_all(spread(survey_.texts, 2))},
        Course::user_stops_stream);
    ask("trouble", "Go on", llm::sonnet, {read_all(spread(survey_.texts, 3))}, Course::stream_breaks);
    ask("trouble", "Review all, line by line", llm::sonnet, {read_all(spread(survey_.texts, 4))}, Course::over_budget);
  }

  void ask_second_server() {
    ask("below", "What is in the folder below?", next_model(),
        {{tool_call(second_server, "list_files", llm::json::object())},
         {tool_call(second_server, "largest_files", {{"count", 5}})}});
    for (const std::string& word : spread(survey_.mentioned, 3))
      ask("below", "Does the folder below mention " + word + '?', next_model(),
          {{tool_call(second_server, "search", {{"text", word}, {"most", 20}})}});
  }

  void ask_for_usage() {
    ask("usage", "Which tools did we use most?", next_model(),
        {{tool_call("files", "usage_stats", {{"limit", 3}}),
          tool_call("files", "usage_catalog", {{"query", "file"}})}});
  }

  const Survey& survey_;
  bool has_second_server_;
  std::vector<Question> questions_;
  std::map<std::string, int> asked_;
  std::size_t next_model_ = 0;
};

}  // namespace demo
