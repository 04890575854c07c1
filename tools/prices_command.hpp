// SPDX-License-Identifier: MIT
// `tallyscope prices`
#pragma once

#include "price_argument.hpp"
#include "prices_check.hpp"
#include "prices_diff.hpp"
#include "prices_find.hpp"
#include "prices_show.hpp"
#include "printed.hpp"
#include "report_arguments.hpp"
#include "usage_command.hpp"

#include <tallyscope/clock.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace tallyscope_program {

/// `tallyscope prices`, as it was typed.
struct PricesArguments {
  std::string prices{}, file{}, other{}, provider{}, model{}, at{}, tier{}, region{};
  std::int64_t input = 0;
  bool json = false;
  std::string_view verb{};
};

inline void add_prices_show(CLI::App& prices, PricesArguments& arguments) {
  CLI::App& show = *prices.add_subcommand("show", "Every rule of a price list, as a table");
  add_prices_option(show, arguments.prices);
  show.add_option("--provider", arguments.provider, "only rules of this provider");
  show.add_flag("--json", arguments.json, "print one JSON object");
  show.callback([&] { arguments.verb = "show"; });
}

inline void add_prices_find(CLI::App& prices, PricesArguments& arguments) {
  CLI::App& find = *prices.add_subcommand("find", "Which rule prices a call of a model, and what it charges");
  find.add_option("MODEL", arguments.model, "the model, as its provider names it")->required();
  find.add_option("--provider", arguments.provider, "who serves it: openai, azure, aws.bedrock ...");
  find.add_option("--at", arguments.at, "when the call begins, such as 2026-08-20T02:00:00Z (default: now)");
  find.add_option("--input", arguments.input, "how many input tokens it has, for prices that depend on it")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000'000}));
  find.add_option("--tier", arguments.tier,
                  "the service tier: batch, flex, priority, fast ... (default: the standard)");
  find.add_option("--region", arguments.region, "where it is served, such as us or eu-west-1");
  add_prices_option(find, arguments.prices);
  find.add_flag("--json", arguments.json, "print one JSON object");
  find.footer(
      "Ends with status 1 where no price is known.\n"
      "Examples:\n"
      "  tallyscope prices find gpt-5.6-sol --input 300000 --tier batch\n"
      "  tallyscope prices find deepseek-v4-pro --at 2026-09-01T02:00:00Z --prices prices.json");
  find.callback([&] { arguments.verb = "find"; });
}

inline void add_prices_diff(CLI::App& prices, PricesArguments& arguments) {
  CLI::App& diff = *prices.add_subcommand("diff", "Where two price lists disagree, at one time");
  diff.add_option("A", arguments.file, "a price list, or the word builtin")->required();
  diff.add_option("B", arguments.other, "another one, or the word builtin")->required();
  diff.add_option("--at", arguments.at, "the prices in force at a time such as 2026-08-20T02:00:00Z (default: now)");
  diff.add_flag("--json", arguments.json, "print one JSON object");
  diff.footer(
      "Each list is compared with what is known beside it, as --prices uses it.\n"
      "Example:\n"
      "  tallyscope prices diff builtin prices.json --at 2026-09-23T00:00:00Z");
  diff.callback([&] { arguments.verb = "diff"; });
}

inline void add_prices_check(CLI::App& prices, PricesArguments& arguments) {
  CLI::App& check = *prices.add_subcommand("check", "Loads a price list, and says what it found and what is odd");
  check.add_option("FILE", arguments.file, "LiteLLM's JSON, genai-prices' data.json or models.dev's api.json")
      ->required();
  check.add_flag("--json", arguments.json, "print one JSON object");
  check.footer("Ends with status 1 where a model with a price was left out, with 2 where the file is no list.");
  check.callback([&] { arguments.verb = "check"; });
}

inline CLI::App& add_prices_command(CLI::App& app, PricesArguments& arguments) {
  CLI::App& prices = *app.add_subcommand("prices", "Shows, asks, compares and checks price lists");
  prices.require_subcommand(1);
  add_prices_show(prices, arguments);
  add_prices_find(prices, arguments);
  add_prices_diff(prices, arguments);
  add_prices_check(prices, arguments);
  prices.footer(
      "Examples:\n"
      "  tallyscope prices show --provider anthropic\n"
      "  tallyscope prices find gpt-4.1 --tier batch\n"
      "  tallyscope prices diff builtin prices.json\n"
      "  tallyscope prices check prices.json");
  return prices;
}

inline int run_prices_show(const PricesArguments& arguments) {
  const ts::PriceBook book = prices_of(arguments.prices);
  print(arguments.json ? prices_show_json(book, arguments.provider) : prices_show_text(book, arguments.provider));
  return 0;
}

inline int run_prices_find(const PricesArguments& arguments) {
  const ts::PriceBook book = prices_of(arguments.prices);
  const PriceQuestion question{
      arguments.model, arguments.provider, moment_of(arguments.at, whole_second(ts::SystemClock{}.utc())),
      arguments.input, arguments.tier,     arguments.region};
  const PriceAnswer answer{question, book};
  if (arguments.json) {
    print(prices_find_json(answer, question, book));
    return answer.found() ? 0 : 1;
  }
  if (!answer.found())
    return tell({"no price is known for " + shown(question.model, 100) + " in " + shown(book.text())});
  print(prices_find_text(answer, question, book));
  return 0;
}

/// A file may be called builtin too: ./builtin.
inline ts::PriceBook compared_book(const std::string& name) {
  if (name == "builtin") return {};
  ts::PriceFile file = ts::read_price_file(name);
  if (!file.result.loaded()) throw Problem{file.result.error};
  return file.book;
}

inline int run_prices_diff(const PricesArguments& arguments) {
  const ts::PriceBook a = compared_book(arguments.file), b = compared_book(arguments.other);
  const PricesCompared compared{a, b, moment_of(arguments.at, whole_second(ts::SystemClock{}.utc()))};
  print(arguments.json ? prices_diff_json(compared) : prices_diff_text(compared));
  return 0;
}

inline int run_prices_check(const PricesArguments& arguments) {
  const ts::PriceFile file = ts::read_price_file(arguments.file);
  if (!file.result.loaded()) throw Problem{file.result.error};
  ts::PriceBook listed = ts::PriceBook::empty(file.book.name(), file.book.version());
  ts::load_price_file(listed, arguments.file);  // without what is known beside the list
  const Oddities oddities{listed, ts::SystemClock{}.utc()};
  print(arguments.json ? prices_check_json(file, oddities) : prices_check_text(file, oddities));
  return has_bad_prices(file.result) ? 1 : 0;
}

inline int run_prices(const PricesArguments& arguments) {
  if (arguments.verb == "show") return run_prices_show(arguments);
  if (arguments.verb == "find") return run_prices_find(arguments);
  if (arguments.verb == "diff") return run_prices_diff(arguments);
  return run_prices_check(arguments);
}

}  // namespace tallyscope_program
