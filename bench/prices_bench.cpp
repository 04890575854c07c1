// SPDX-License-Identifier: MIT
// What it costs to find a model in a large price book, to price a call by it and to make one, against a look into a
// std::unordered_map that has the same names.
#include <tallyscope/prices/price_book.hpp>

#include "measure.hpp"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

namespace {
std::atomic<long> allocations{0};
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace ts = tallyscope;

namespace {

constexpr int iterations = 20'000, rounds = 15;
constexpr int provider_count = 150, names_per_provider = 28, pattern_count = 400;

struct Name {
  std::string provider;
  std::string model;
};

std::string model_name(int number) {
  const char* const families[] = {"claude-sonnet-4", "gpt-5-mini",  "gemini-2.5-flash",  "llama-3.3-70b-instruct",
                                  "deepseek-v3",     "qwen3-coder", "mistral-large-2512"};
  return std::string{families[number % 7]} + "-" + std::to_string(number / 7);
}
std::string provider_name(int number) { return "provider-" + std::to_string(number); }

/// 4,200 rules for names, of which three providers have each, and 400 for patterns; and some for tiers of input.
ts::PriceBook large_book() {
  ts::PriceBook book = ts::PriceBook::empty("large", "1");
  const auto add = [&](const std::string& provider, const std::string& model, ts::Count threshold) {
    ts::PriceRule rule{.provider = provider, .model = model, .input_threshold = threshold};
    rule.input = ts::per_million("1.25");
    rule.output = ts::per_million("10");
    rule.cache_read = ts::per_million("0.125");
    static_cast<void>(book.add(rule));
  };
  for (int provider = 0; provider < provider_count; ++provider)
    for (int place = 0; place < names_per_provider; ++place)
      add(provider_name(provider), model_name((provider * names_per_provider / 3 + place) % 1400), {});
  for (int number = 0; number < pattern_count; ++number)
    add(provider_name(number % 20), "family-" + std::to_string(number) + (number % 3 ? "-pro-*" : "*-image"), {});
  for (int number = 0; number < 400; ++number) add(provider_name(number % 150), model_name(number), 200'000);
  return book;
}

std::vector<Name> names_of(const ts::PriceBook& book, std::size_t count, const std::string& ending) {
  std::vector<Name> names;
  for (std::size_t place = 0; names.size() < count; place = (place + 7) % book.rates().size())
    if (const ts::PriceRule& rule = book.rates()[place]; rule.model.find('*') == std::string_view::npos)
      names.push_back({std::string{rule.provider}, std::string{rule.model} + ending});
  return names;
}

std::vector<Name> pattern_names(std::size_t count) {
  std::vector<Name> names;
  for (std::size_t number = 0; number < count; ++number)
    names.push_back(
        {provider_name(static_cast<int>(number % 20)), "family-" + std::to_string(number % pattern_count) +
                                                           (number % pattern_count % 3 ? "-pro-2026" : "-fast-image")});
  return names;
}

std::vector<Name> changed(std::vector<Name> names, auto change) {
  for (Name& name : names) change(name);
  return names;
}

}  // namespace

int main() {
  const ts::PriceBook book = large_book();
  constexpr std::size_t many = 4'096;  // far more than a thread remembers
  const std::vector<Name> exact = names_of(book, many, ""), dated = names_of(book, many, "-2026-01-31"),
                          unknown = names_of(book, many, "-unheard-of"), patterns = pattern_names(many),
                          prefixed = changed(exact,
                                             [](Name&name) {
                                               name = {"", name.provider + "/" + name.model};
                                             }),
                          nameless = changed(exact, [](Name&name) { name.provider.clear(); });
  std::unordered_map<std::string, int> map;
  for (const Name& name : exact) map.emplace(name.model, 1);
  const std::string yardstick = "the yardstick: unordered_map<string>::find";

  bench::Table table;
  const auto single = [&](const std::string& name, const char* limit, auto body) {
    table.add(name, limit, [body]() mutable { return bench::timed(iterations, body); });
  };
  single(yardstick, "", [&](int i) { bench::keep(map.find(exact[static_cast<std::size_t>(i) % many].model)->second); });
  const auto find = [&](const std::string& name, const std::vector<Name>& names) {
    single("find, not seen before: " + name, "<= 150 ns", [&](int i) {
      const Name& asked = names[static_cast<std::size_t>(i) % many];
      bench::keep(book.find(asked.provider, asked.model, {}));
    });
  };
  find("a name", exact);
  find("a name with a date", dated);
  find("a name behind its provider", prefixed);
  find("a name of several providers, none named", nameless);
  find("a pattern", patterns);
  find("nothing", unknown);
  single("find, seen before by this thread", "<= 15 ns",
         [&](int) { bench::keep(book.find(exact[5].provider, exact[5].model, {})); });

  const ts::Call call{.provider = exact[5].provider, .model = exact[5].model, .price_hash = 77};
  const ts::Part parts[] = {{"", {.input_tokens = 1000, .output_tokens = 10}},
                            {"", {.input_tokens = 20, .output_tokens = 10}}};
  const ts::Record plain{.call = call, .usage = {.input_tokens = 1000, .output_tokens = 500}};
  const ts::Record cached{.call = call,
                          .usage = {.input_tokens = 1000, .output_tokens = 500, .cache_read = 600, .reasoning = 100}};
  const ts::Response flex{.service_tier = "flex"}, usual{.service_tier = "default"};
  const ts::Record standard{.call = call, .response = usual, .usage = cached.usage};
  const ts::Record at_tier{.call = call, .response = flex, .usage = cached.usage};
  const ts::Record in_parts{.call = call, .parts = {parts, 2}};
  single("quick_price", "", [&](int i) { bench::keep(book.quick_price(call, 1000 + i % 7, 500, 0)); });
  const auto price = [&](const std::string& name, const ts::Record& record) {
    single("price: " + name, "", [&](int) { bench::keep(book.price(record)); });
  };
  price("two totals", plain);
  price("with cached and reasoning tokens", cached);
  price("the same at a tier that is called default", standard);
  price("the same at a tier without a price", at_tier);
  price("two parts", in_parts);
  single("lines: with cached and reasoning tokens", "", [&](int) { bench::keep(book.lines(cached)); });
  table.run(rounds);
  table.print(yardstick);

  const double made = bench::timed(5, [](int) { bench::keep(large_book()); });
  std::printf("\na book of %zu rules is made in %.1f ms\n", book.rates().size(), made / 1e6);
  const long before = allocations.load();
  for (const auto* names : {&exact, &dated, &unknown, &patterns, &prefixed, &nameless})
    for (const Name& name : *names) bench::keep(book.find(name.provider, name.model, {}));
  bench::keep(book.lines(in_parts));
  std::printf("heap allocations in %zu finds and a bill: %ld (must be 0)\n", 6 * many, allocations.load() - before);
  return 0;
}
