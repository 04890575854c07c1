// SPDX-License-Identifier: MIT
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "sinks/temporary_folder.hpp"
#include "tools/program.hpp"

using Json = nlohmann::json;

namespace {

Run prices(std::vector<std::string> words) {
  words.insert(words.begin(), "prices");
  return run(words);
}
Json prices_json(std::vector<std::string> words) {
  words.push_back("--json");
  return Json::parse(prices(std::move(words)).out);
}
std::string fixture(const char* name) {
  return std::string{TALLYSCOPE_SOURCE_DIR "/tests/prices/fixtures/"} + name + ".json";
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the rules of a book are shown with when they apply", "[prices]") {
  const Run shown = prices({"show", "--provider", "deepseek"});
  INFO(shown.out << shown.err);
  CHECK(shown.status == 0);
  CHECK(has(shown.out, "Prices: builtin 2026-09-23; dollars per 1,000,000 tokens"));
  CHECK(has(shown.out, "deepseek  deepseek-v4-pro    from 2026-08-17, 01:00-04:00 UTC   1.32    3.96       0.044"));
  CHECK_FALSE(has(shown.out, "claude"));
  const Run all = prices({"show"});
  CHECK(has(all.out, "claude-sonnet-4-6"));
  CHECK(has(all.out, "input > 200,000"));
  CHECK(has(all.out, "In proportion to the standard price"));
}

TEST_CASE("the rules of a file are shown as an object too", "[prices]") {
  const Json json = prices_json({"show", "--prices", fixture("litellm"), "--provider", "openai"});
  CHECK(json["price_book"].get<std::string>().starts_with("litellm.json "));
  REQUIRE(json["rules"].size() == 5);
  bool flex = false;
  for (const Json& rule : json["rules"]) {
    CHECK(rule["provider"] == "openai");
    CHECK(rule["source"] == "litellm.json");
    if (rule.value("service_tier", "") != "flex") continue;
    if (rule.contains("input_above")) {
      CHECK(rule["input_above"] == 272'000);
      CHECK_FALSE(rule["rates"].contains("input"));
    } else {
      flex = true;
      CHECK(rule["rates"]["input"] == Json{{"usd", "1.25"}, {"per", 1'000'000}});
      CHECK(rule["rates"]["web_search"] == Json{{"usd", "10"}, {"per", 1'000}});
    }
  }
  CHECK(flex);
  CHECK(json["adjustments"].back()["multiplier"] == "11/10");
}

TEST_CASE("the rule that prices a model is found, and what it charges", "[prices]") {
  const Run found = prices({"find", "gpt-4o-2024-08-06", "--tier", "batch", "--at", "2026-09-23T00:00:00Z"});
  INFO(found.out << found.err);
  CHECK(found.status == 0);
  CHECK(has(found.out, "gpt-4o-2024-08-06, prices: builtin 2026-09-23 at 2026-09-23T00:00:00Z\n"));
  CHECK(has(found.out, "rule: openai, as gpt-4o\n"));
  CHECK(has(found.out, "input                  2.5           1.25\n"));
  CHECK(has(found.out, "web_search    10 per 1,000   10 per 1,000\n"));
}

TEST_CASE("a price is found for the input, the time and the region that a call has", "[prices]") {
  const Json large = prices_json({"find", "claude-sonnet-4-5", "--input", "200001"});
  CHECK(large["rule"]["input_above"] == 200'000);
  CHECK(large["charged"]["input"]["usd"] == "6");
  CHECK(prices_json({"find", "claude-sonnet-4-5", "--input", "200000"})["charged"]["input"]["usd"] == "3");
  const auto at = [](const char* time) {
    return prices_json({"find", "deepseek-v4-flash", "--at", time})["charged"]["output"]["usd"];
  };
  CHECK(at("2026-09-01T00:59:59Z") == "0.66");
  CHECK(at("2026-09-01T01:00:00Z") == "1.32");
  CHECK(prices_json({"find", "claude-sonnet-5", "--region", "us"})["charged"]["output"]["usd"] == "11");
}

TEST_CASE("a model without a price ends with a status that says so", "[prices]") {
  const Run unknown = prices({"find", "no-such-model"});
  CHECK(unknown.status == 1);
  check_refused(unknown, "no price is known for no-such-model in builtin 2026-09-23");
  const Run json = prices({"find", "no-such-model", "--json"});
  CHECK(json.status == 1);
  CHECK(Json::parse(json.out)["found"] == false);
}

TEST_CASE("a model that is free is found", "[prices]") {
  const Run free = prices({"find", "a-gift-for-you", "--provider", "acme", "--prices", fixture("genai_prices")});
  CHECK(free.status == 0);
  CHECK(has(free.out, "rule: acme, by its pattern *gift*"));
  CHECK(has(free.out, "free, whatever is used"));
  CHECK(prices_json({"find", "llama3", "--provider", "ollama"})["free"] == true);
}

TEST_CASE("where two books disagree is told, with both prices", "[prices]") {
  const TemporaryFolder folder;
  const auto list = [](const char* output, const char* more) {
    return std::string{R"({"a": {"models": {"m": {"cost": {"input": 1, "output": )"} + output + "}}" + more + "}}}";
  };
  std::ofstream{folder.file("a.json")} << list("2", "");
  std::ofstream{folder.file("b.json")} << list("3", R"(, "n": {"cost": {"input": 1, "output": 1}})");
  const Run diff = prices({"diff", folder.file("a.json"), folder.file("b.json"), "--at", "2026-09-23T00:00:00Z"});
  INFO(diff.out << diff.err);
  CHECK(diff.status == 0);
  CHECK(has(diff.out, "A: a.json "));
  CHECK(has(diff.out, "at 2026-09-23T00:00:00Z\n"));
  CHECK(has(diff.out, "a         m      output        2        3\n"));
  CHECK(has(diff.out, "a         n      any price  none  has one\n"));
  CHECK(has(diff.out, "1 prices differ, 0 models or tiers are only in A, 1 only in B\n"));
  const Json json = prices_json({"diff", folder.file("b.json"), folder.file("a.json")});
  REQUIRE(json["differences"].size() == 2);
  CHECK(json["differences"][0]["a"]["usd"] == "3");
  CHECK(has(prices({"diff", "builtin", "builtin"}).out, "They agree.\n"));
  check_refused(prices({"diff", "builtin", "/nowhere.json"}), "cannot read /nowhere.json");
}

TEST_CASE("a price list is checked: what was found, left out and odd", "[prices]") {
  const Run checked = prices({"check", fixture("litellm")});
  INFO(checked.out << checked.err);
  CHECK(checked.status == 1);
  CHECK(has(checked.out, ": LiteLLM's model_prices_and_context_window.json\n"));
  CHECK(has(checked.out, "4 models in "));
  CHECK(has(checked.out, "1 models left out\n"));
  CHECK(has(checked.out, "broken: input_cost_per_token is -1: a price is not negative\n"));
}

TEST_CASE("what is odd about a price list is told, though it may be right", "[prices]") {
  const TemporaryFolder folder;
  std::ofstream{folder.file("odd.json")} << R"({
    "nano": {"litellm_provider": "openai", "input_cost_per_token": 5e-08, "output_cost_per_token": 4e-07,
             "input_cost_per_token_priority": 2.5e-06},
    "warm": {"litellm_provider": "openai", "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-07,
             "cache_read_input_token_cost": 2e-06},
    "gift": {"litellm_provider": "openai", "input_cost_per_token": 0, "output_cost_per_token": 0}})";
  const Run checked = prices({"check", folder.file("odd.json")});
  INFO(checked.out << checked.err);
  CHECK(checked.status == 0);
  CHECK(has(checked.out,
            "1: a tier costs more than ten times as much\n      first: nano (openai), tier priority: input "
            "2.5, else 0.05\n"));
  CHECK(has(checked.out, "1: a tier has no price for tokens that have one else\n"));
  CHECK(has(checked.out, "1: cached input is dearer than input\n      first: warm (openai): 2 > 1\n"));
  CHECK(has(checked.out, "1: output is cheaper than input\n"));
  CHECK(has(checked.out, "1: a model is free\n      first: gift (openai)"));
  const Json json = prices_json({"check", folder.file("odd.json")});
  CHECK(json["models"] == 3);
  CHECK(json["oddities"].size() == 5);
}

TEST_CASE("names from a price list cannot reach a terminal", "[prices]") {
  const TemporaryFolder folder;
  std::ofstream{folder.file("bad.json")} << R"({
    "\u001b[2Jred\u202e": {"litellm_provider": "x\u0007", "input_cost_per_token": 1e-06},
    "\u001b[31mworse": {"litellm_provider": "x", "input_cost_per_token": -1}})";
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"check", folder.file("bad.json")}, {"show", "--prices", folder.file("bad.json")}, {"find", "\x1B[2J"}}) {
    const Run run = prices(words);
    CHECK_FALSE(has(run.out + run.err, "\x1B"));
    CHECK_FALSE(has(run.out + run.err, "\x07"));
    CHECK_FALSE(has(run.out + run.err, "\xE2\x80\xAE"));
  }
}

TEST_CASE("a file that is no price list is refused in one sentence", "[prices]") {
  check_refused(prices({"check", "/nowhere.json"}), "cannot read /nowhere.json: No such file or directory");
  check_refused(prices({"show", "--prices", "/nowhere.json"}), "cannot read /nowhere.json");
  const TemporaryFolder folder;
  std::ofstream{folder.file("cut.json")} << R"({"m": {"litellm_provider": )";
  check_refused(prices({"check", folder.file("cut.json")}), "line 1, column 28: the price list is no JSON");
}

TEST_CASE("what is typed wrongly is said in one sentence", "[prices]") {
  check_refused(prices({}), "tallyscope prices --help");
  check_refused(prices({"find"}), "MODEL is required");
  check_refused(prices({"find", "m", "--at", "noon"}), "--at noon is no time such as");
  check_refused(prices({"find", "m", "--input", "-5"}), "--input");
  CHECK(has(prices({"find", "--help"}).out, "Examples:"));
}
