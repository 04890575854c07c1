// SPDX-License-Identifier: MIT
// `tallyscope count`
#pragma once

#include "count_files.hpp"
#include "count_messages.hpp"
#include "printed.hpp"
#include "text_table.hpp"
#include "token_counting.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tallyscope_program {

/// `tallyscope count`, as it was typed.
struct CountArguments {
  std::vector<std::string> files{};
  std::string encoding{}, model{};
  bool messages = false, estimate = false, json = false;
};

inline CLI::App& add_count_command(CLI::App& app, CountArguments& arguments) {
  CLI::App& count = *app.add_subcommand("count", "Counts the tokens of texts, as a model does");
  count.add_option("FILE", arguments.files, "texts, or - for the standard input")->required();
  CLI::Option* const encoding =
      count.add_option("--encoding", arguments.encoding, "o200k_base, cl100k_base, llama3 ... (default: o200k_base)");
  count.add_option("--model", arguments.model, "the model whose encoding to take, such as gpt-4.1")->excludes(encoding);
  count.add_flag("--messages", arguments.messages,
                 "each file is the JSON of a chat: a list of messages, or a request that has one, of one model");
  count.add_flag("--estimate", arguments.estimate, "estimate, without any vocabulary")->excludes(encoding);
  count.add_flag("--json", arguments.json, "print one JSON object for each file, a line each");
  count.footer(
      "Exact with an installed vocabulary (tallyscope vocab); a model without a public one is estimated, and that is "
      "said.\n"
      "Examples:\n"
      "  tallyscope count --model gpt-4.1 prompt.txt\n"
      "  tallyscope count --messages --json request.json\n"
      "  cat *.md | tallyscope count -");
  return count;
}

/// How to count for a model, if one is named, else by the encoding that is.
inline TokenCounting counting_for(const CountArguments& arguments, const std::string& model) {
  if (arguments.estimate) return TokenCounting::estimated(model);
  if (!model.empty()) {
    const std::optional<ts::Encoding> encoding = ts::encoding_of_model(model);
    return encoding ? TokenCounting::exact(*encoding) : TokenCounting::estimated(model);
  }
  const std::string name = arguments.encoding.empty() ? "o200k_base" : arguments.encoding;
  const std::optional<ts::Encoding> encoding = ts::encoding_named(name);
  if (!encoding)
    throw Problem{shown(name) + " is no encoding: r50k_base, p50k_base, p50k_edit, cl100k_base, o200k_base, " +
                  "o200k_harmony, llama3, qwen3 and deepseek_v3 are"};
  return TokenCounting::exact(*encoding);
}

/// "8 % off on the average" of the texts that the estimator was measured with, where it was.
inline std::string error_text(const TokenCounting& counting) {
  const float error = counting.estimator().tokens().relative_error;
  if (error == 0) return "how far it is off for this model is not known";
  return "about " + std::to_string(static_cast<int>(error * 100 + 0.5f)) + " % off on the average";
}

/// Tells how the tokens were counted, and what may be wrong about it.
inline std::string how_text(const TokenCounting& counting, bool messages) {
  const std::string texts = counting.is_exact() ? "Exact: " + counting.name()
                                                : "Estimated by " + counting.name() + ": " + error_text(counting);
  return texts + (messages ? "; what stands around the messages by OpenAI's published formula, an estimate.\n" : ".\n");
}

/// A float in the digits that it is written with.
inline double rounded(float value) { return static_cast<double>(static_cast<int>(value * 1000 + 0.5f)) / 1000; }

inline std::string count_json(const FileCount& count, const TokenCounting& counting, bool messages) {
  const bool exact = counting.is_exact();
  nlohmann::ordered_json line{{"file", count.file}, {"bytes", count.bytes}, {"tokens", count.tokens}};
  line["encoding"] = exact ? nlohmann::ordered_json(counting.name()) : nlohmann::ordered_json(nullptr);
  line["exact"] = exact && !messages;
  if (!exact) {
    line["estimator"] = counting.name();
    const float error = counting.estimator().tokens().relative_error;
    line["relative_error"] = error == 0 ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(rounded(error));
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

inline std::string count_text(const std::vector<FileCount>& counts, const TokenCounting& counting, bool messages) {
  TextTable table{{{"tokens"}, {"bytes"}, {"file", TextTable::Align::left}}};
  FileCount all;
  std::size_t rows = 0;
  for (const FileCount& count : counts) {
    if (!count.problem.empty()) continue;
    table.row({std::to_string(count.tokens), std::to_string(count.bytes), shown(count.file)});
    all.tokens += count.tokens;
    all.bytes += count.bytes;
    ++rows;
  }
  if (rows > 1) {
    table.line();
    table.row({std::to_string(all.tokens), std::to_string(all.bytes), "in all"});
  }
  return rows == 0 ? std::string{} : table.text() + how_text(counting, messages);
}

inline int run_count(const CountArguments& arguments) {
  if (std::count(arguments.files.begin(), arguments.files.end(), "-") > 1)
    throw Problem{"the standard input can be counted once: - stands there twice"};
  const bool names_none = arguments.model.empty() && arguments.encoding.empty();
  const ChatFiles chats{arguments.messages ? arguments.files : std::vector<std::string>{}};
  const std::string model = names_none ? chats.model() : arguments.model;
  const TokenCounting counting = counting_for(arguments, model);
  const std::vector<FileCount> counts =
      arguments.messages ? chats.count(model, counting) : count_files(arguments.files, counting);
  std::string text;
  std::vector<std::string> problems;
  for (const FileCount& count : counts) {
    if (!count.problem.empty()) problems.push_back(count.problem);
    if (arguments.json && count.problem.empty()) text += count_json(count, counting, arguments.messages);
  }
  print(arguments.json ? text : count_text(counts, counting, arguments.messages));
  return tell(problems);
}

}  // namespace tallyscope_program
