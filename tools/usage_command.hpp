// SPDX-License-Identifier: MIT
// `tallyscope usage`
#pragma once

#include "price_argument.hpp"
#include "printed.hpp"
#include "read_input.hpp"
#include "report_arguments.hpp"
#include "usage_answer.hpp"
#include "usage_text.hpp"

#include <tallyscope/clock.hpp>
#include <tallyscope/detail/date_text.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace tallyscope_program {

/// `tallyscope usage`, as it was typed.
struct UsageArguments {
  std::string file{};
  std::string provider{}, api{}, model{}, at{}, prices{};
  bool json = false;
};

inline CLI::App& add_usage_command(CLI::App& app, UsageArguments& arguments) {
  CLI::App& usage = *app.add_subcommand(
      "usage",
      "Reads one response of a provider, or one raw stream: counts, itemised cost, and what is odd about them");
  usage.add_option("FILE", arguments.file, "the response's body, or - for the standard input")->required();
  usage.add_option("--provider", arguments.provider,
                   "who served it: openai, anthropic, google, aws-bedrock, xai, openrouter ... (default: what its "
                   "shape tells)");
  usage.add_option("--api", arguments.api, "which interface: chat, responses, messages, converse, embeddings ...");
  usage.add_option("--model", arguments.model, "the model that was asked for, for responses that do not name it");
  usage.add_option("--at", arguments.at, "when the call began, such as 2026-08-20T02:00:00Z (default: now)");
  add_prices_option(usage, arguments.prices);
  usage.add_flag("--json", arguments.json, "print one JSON object");
  usage.footer(
      "Nothing is estimated: what the provider does not state is unknown.\n"
      "Examples:\n"
      "  tallyscope usage response.json\n"
      "  curl -sN ... | tallyscope usage --provider xai --json -");
  return usage;
}

/// Where nobody said when, nobody needs the nanoseconds.
constexpr std::int64_t whole_second(std::int64_t utc) noexcept { return utc - utc % 1'000'000'000; }

inline std::int64_t moment_of(const std::string& text, std::int64_t now) {
  if (text.empty()) return now;
  if (const auto instant = ts::detail::parse_instant(text)) return *instant;
  throw Problem{"--at " + shown(text) + " is no time such as 2026-08-20T02:00:00Z"};
}

inline int run_usage(const UsageArguments& arguments) {
  const UsageQuestion question{arguments.provider, arguments.api, arguments.model,
                               moment_of(arguments.at, whole_second(ts::SystemClock{}.utc()))};
  const ts::PriceBook book = prices_of(arguments.prices);
  const UsageAnswer answer{question, read_input(arguments.file), book};
  print(arguments.json ? usage_json(answer) : usage_text(answer));
  return 0;
}

}  // namespace tallyscope_program
