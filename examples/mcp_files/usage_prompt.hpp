// SPDX-License-Identifier: MIT
// The prompt `usage`: what the counts say, in words for a model to talk about.
#pragma once

#include "text.hpp"
#include "usage.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcp_files {

inline std::string counted(std::uint64_t number, const std::string& what) {
  return std::to_string(number) + ' ' + what + (number == 1 ? "" : "s");
}

/// One line without control characters, of bounded length: it comes from outside and goes into a prompt.
inline std::string as_label(std::string_view text) {
  std::string label{cut(text, 60)};
  for (char& c : label)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return label;
}

inline std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

/// A section of the prompt: the five most used of a type, and the unused.
inline std::string section(const ts::Stats& stats, const std::string& heading) {
  std::string most;
  std::vector<std::string> unused;
  std::size_t place = 0;
  for (const ts::StatsRow& row : stats.rows) {
    const std::string name = row.other ? "(others)" : row[ts::Dimension::name];
    const ts::Totals& totals = row.totals;
    if (totals.calls() == 0)
      unused.push_back(name);
    else if (++place <= 5)
      most += std::to_string(place) + ". " + name + " - **" + counted(totals.calls(), "call") + "**, " +
              std::to_string(totals.failures()) + " not successful, " + std::to_string(totals.average_tokens()) +
              " tokens each\n";
  }
  if (stats.rows.empty()) return "## " + heading + "\n\nNo data\n\n";
  return "## " + heading + "\n\nMost used:\n\n" + (most.empty() ? "(None used yet)\n" : most) +
         "\nUnused: " + (unused.empty() ? "(All have been used)" : joined(unused)) + "\n\n";
}

inline std::string recommendations() {
  return "## Recommendations\n\n"
         "- Say what the most used have in common, and whether fewer or smaller calls would have done.\n"
         "- Look at those that often fail or return many tokens first.\n"
         "- Judge whether the unused are worth the room that their descriptions take.\n\n";
}

/// The text of the prompt; throws ToolFailure for arguments that it cannot use.
inline std::string usage_prompt(const UsageAnswers& usage, const Arguments& arguments) {
  struct Type {
    const char *type, *heading, *one;
  };
  constexpr Type types[] = {
      {"tool", "Tools", "tool"}, {"prompt", "Prompts", "prompt"}, {"resource", "Resources", "resource"}};
  const std::string wanted = arguments.text("type", "all"), period = as_label(arguments.text("period", "all time"));
  const ts::Stats all = usage.stats(wanted);
  std::string summary, sections;
  for (const Type& type : types) {
    if (wanted != "all" && wanted != type.type) continue;
    const ts::Stats of_type = all.of_type(type.type);
    summary += (summary.empty() ? "" : ", ") + counted(of_type.row_count, type.one) + " (" +
               counted(of_type.total.calls(), "call") + ')';
    sections += section(of_type, type.heading);
  }
  const std::string total = counted(all.total.calls(), "call") + " in all, " +
                            counted(all.total.used_tokens(), "token") + " as far as is known, partly estimated.";
  const bool recommend = arguments.text("include_recommendations", "yes") != "no";
  return "# How this server was used\n\n" + summary + "\n\n" + total + "\n\n" + sections +
         (recommend ? recommendations() : "") + "_Period: " + period + " (counted since the server started)_\n";
}

}  // namespace mcp_files
