// SPDX-License-Identifier: MIT
// Looks over the folder and thinks up what to ask about it.
#pragma once

#include "folder.hpp"
#include "models.hpp"
#include "text.hpp"
#include "tools.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace agent {

/// How the last model call of a turn goes.
enum class Course {
  usual,
  streamed,
  user_stops_stream,
  usage_comes_late,
  rate_limited_at_first,
  over_budget,
};

struct ToolUse {
  Tool tool;
  std::string argument{};  // empty: the file that the tool before has found
};

struct Question {
  std::string text;
  Model model;
  std::vector<ToolUse> tools;
  Course course = Course::usual;
};

/// What there is to ask about.
struct Survey {
  std::vector<std::string> texts;      // files
  std::vector<std::string> opaque;     // files that are not text, or cannot be read
  std::vector<std::string> defined;    // names that one line defines
  std::vector<std::string> mentioned;  // words, the most frequent first
};

inline Survey survey(const Folder& folder) {
  constexpr std::size_t most_counted = 8 << 20;  // bytes whose words are counted
  Survey survey;
  std::vector<std::string> in_order;
  std::unordered_map<std::string, std::size_t> words, definitions;
  std::size_t counted = 0;
  for (const File& file : folder.files()) try {
      const std::string text = folder.text(file.name);
      survey.texts.push_back(file.name);
      for_each_line(text, [&](std::size_t, std::string_view line) {
        const std::string name{defined_name(line)};
        if (!name.empty() && ++definitions[name] == 1) in_order.push_back(name);
      });
      if ((counted += text.size()) > most_counted) continue;
      for_each_word(text, [&](std::string_view word) {
        if (word.size() >= 5 && word.size() <= 16) ++words[std::string{word}];
      });
    } catch (const FileError&) {
      survey.opaque.push_back(file.name);
    }
  for (const std::string& name : in_order)
    if (definitions[name] == 1 && words[name] > 1) survey.defined.push_back(name);
  // Names that are defined here say more than words that every text has.
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& [word, count] : words)
    if (survey.defined.empty() || definitions.contains(word)) ranked.emplace_back(count, word);
  std::sort(ranked.rbegin(), ranked.rend());
  for (const auto& [count, word] : ranked) survey.mentioned.push_back(word);
  return survey;
}

/// The place-th of so many that are spread evenly over the choices.
inline const std::string& spread(const std::vector<std::string>& choices, std::size_t place, std::size_t of) {
  return choices[std::min(choices.size() - 1, (2 * place + 1) * choices.size() / (2 * of))];
}

inline std::string base_name(const std::string& file) { return file.substr(file.rfind('/') + 1); }

inline std::vector<Question> questions_about(const Folder& folder) {
  const Survey survey = agent::survey(folder);
  const auto& [texts, opaque, defined, mentioned] = survey;
  std::vector<Question> questions;
  const auto ask = [&](std::string text, const Model& model, std::vector<ToolUse> tools,
                       Course course = Course::usual) {
    questions.push_back({std::move(text), model, std::move(tools), course});
  };

  ask("What is in this folder?", gpt_4_1_mini, {{Tool::list_files}});
  const Model models[] = {sonnet, gpt_4_1, flash, gpt_4_1_mini};
  for (std::size_t place = 0; place < std::min<std::size_t>(4, defined.size()); ++place) {
    const std::string& name = spread(defined, place, 4);
    ask("Where is " + name + '?', models[place], {{Tool::search, name}, {Tool::read_file}});
  }
  if (!texts.empty()) {
    const std::string &first = spread(texts, 0, 3), &second = spread(texts, 1, 3), &third = spread(texts, 2, 3);
    ask("Summarise " + base_name(first), gpt_4_1, {{Tool::read_file, first}}, Course::streamed);
    ask("Summarise " + base_name(second), sonnet, {{Tool::read_file, second}}, Course::rate_limited_at_first);
    ask("Review " + base_name(third), in_house, {{Tool::read_file, third}});
  }
  ask("Which files are largest?", flash, {{Tool::largest_files}});
  for (std::size_t place = 0; place < std::min<std::size_t>(2, mentioned.size()); ++place)
    ask("Count lines with " + mentioned[place], models[3 - 2 * place], {{Tool::count_lines, mentioned[place]}});
  ask("What did the old notes say?", sonnet, {{Tool::read_file, "notes-of-last-year.txt"}});
  if (!opaque.empty()) ask("What is in " + base_name(opaque[0]) + '?', gpt_4_1_mini, {{Tool::read_file, opaque[0]}});
  if (texts.size() > 1)
    ask("Compare first and last file", gpt_4_1, {{Tool::read_file, texts.front()}, {Tool::read_file, texts.back()}},
        Course::user_stops_stream);
  if (mentioned.size() > 2)
    ask("Where is " + mentioned[2] + " used?", gpt_4_1, {{Tool::search, mentioned[2]}}, Course::usage_comes_late);
  ask("Review all, line by line", sonnet, {{Tool::list_files}}, Course::over_budget);
  return questions;
}

}  // namespace agent
