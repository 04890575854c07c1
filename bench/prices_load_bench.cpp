// SPDX-License-Identifier: MIT
// What it costs to load a price list of LiteLLM's size into a book, against parsing the same bytes into a tree. With a
// file as its argument that list is loaded; else one is made up: 1,701 models with what such a list says of each.
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
#include <tallyscope/prices/genai_prices.hpp>
#include <tallyscope/prices/litellm.hpp>

#include "measure.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace ts = tallyscope;

namespace {

constexpr int rounds = 15, models = 1'701;

std::string made_up_list() {
  std::string list = "{";
  for (int model = 0; model < models; ++model) {
    const std::string number = std::to_string(model);
    list += (model == 0 ? "" : ",") + std::string{"\n    \"maker-"} + std::to_string(model % 60) + "/model-" + number +
            "-2025-08-07\": {\n        \"max_tokens\": 16384,\n        \"max_input_tokens\": 272000,\n"
            "        \"max_output_tokens\": 16384,\n        \"input_cost_per_token\": 1.25e-06,\n"
            "        \"output_cost_per_token\": 1e-05,\n        \"cache_read_input_token_cost\": 1.25e-07,\n" +
            (model % 20 == 0 ? "        \"input_cost_per_token_batches\": 6.25e-07,\n"
                               "        \"output_cost_per_token_batches\": 5e-06,\n"
                               "        \"input_cost_per_token_above_200k_tokens\": 2.5e-06,\n"
                             : "") +
            "        \"litellm_provider\": \"maker-" + std::to_string(model % 60) +
            "\",\n        \"mode\": \"chat\",\n        \"supports_function_calling\": true,\n"
            "        \"supports_prompt_caching\": true,\n        \"supports_vision\": true,\n"
            "        \"source\": \"https://example.org/models/" +
            number + "\"\n    }";
  }
  return list + "\n}";
}

std::string content_of(const char* path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

ts::LoadResult load(const std::string& list) {
  ts::PriceBook book = ts::PriceBook::empty("list", "1");
  return list.starts_with('[') ? ts::load_genai_prices(book, list) : ts::load_litellm(book, list);
}

}  // namespace

int main(int count, char** words) {
  const std::string list = count > 1 ? content_of(words[1]) : made_up_list();
  const ts::LoadResult result = load(list);
  if (!result.loaded()) return std::printf("%s\n", result.error.c_str()), 1;
  std::printf("%zu bytes, %zu models, %zu rules\n", list.size(), result.models, result.rules);
  bench::Table table;
  table.add("nlohmann::json, parsed", "yardstick",
            [&] { return bench::timed(1, [&](int) { bench::keep(nlohmann::json::parse(list).size()); }); });
  table.add("the list, loaded into a book", "<= 30 ms",
            [&] { return bench::timed(1, [&](int) { bench::keep(load(list).rules); }); });
  table.run(rounds);
  table.print("nlohmann::json, parsed");
  std::printf("%.1f ms\n", table.nanoseconds("the list, loaded into a book") / 1e6);
}
