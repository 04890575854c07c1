// SPDX-License-Identifier: MIT
// Looks over the folder, so that there is something to ask about it. Nothing here knows of tracking.
#pragma once

#include "folder.hpp"
#include "text.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace demo {

struct Definition {
  std::string name;
  std::string file;
};

/// What there is to ask about.
struct Survey {
  std::vector<std::string> texts{};                             // files
  std::vector<std::string> opaque{};                            // files that are not text, or cannot be read
  std::map<std::string, std::vector<std::string>> by_folder{};  // text files, by the folder right below
  std::vector<Definition> defined{};                            // names that one line defines and others mention
  std::vector<std::string> mentioned{};                         // the most frequent of these first
};

/// Counts words, and the lines that define names.
class WordCount {
 public:
  void add(const std::string& file, const std::string& text) {
    for_each_line(text, [&](std::size_t, std::string_view line) {
      const std::string name{defined_name(line)};
      if (!name.empty() && ++definitions_[name] == 1) in_order_.push_back({name, file});
    });
    for_each_word(text, [&](std::string_view word) {
      if (word.size() >= 5 && word.size() <= 16) ++words_[std::string{word}];
    });
  }

  void put_into(Survey& survey) const {
    for (const Definition& definition : in_order_)
      if (definitions_.at(definition.name) == 1 && mentions_of(definition.name) > 1)
        survey.defined.push_back(definition);
    // Names that are defined here say more than words that every text has.
    std::vector<std::pair<std::size_t, std::string>> ranked;
    for (const auto& counted : words_)
      if (survey.defined.empty() || definitions_.count(counted.first) > 0)
        ranked.emplace_back(counted.second, counted.first);
    std::sort(ranked.rbegin(), ranked.rend());
    for (auto& word : ranked) survey.mentioned.push_back(std::move(word.second));
  }

 private:
  std::size_t mentions_of(const std::string& name) const {
    const auto found = words_.find(name);
    return found == words_.end() ? 0 : found->second;
  }

  std::vector<Definition> in_order_;
  std::unordered_map<std::string, std::size_t> words_, definitions_;
};

inline Survey survey(const Folder& folder) {
  Survey survey;
  WordCount words;
  for (const File& file : folder.files()) try {
      words.add(file.name, folder.text(file.name));
      survey.texts.push_back(file.name);
      if (const std::size_t slash = file.name.find('/'); slash != file.name.npos)
        survey.by_folder[file.name.substr(0, slash)].push_back(file.name);
    } catch (const FileError&) {
      survey.opaque.push_back(file.name);
    }
  words.put_into(survey);
  return survey;
}

}  // namespace demo
