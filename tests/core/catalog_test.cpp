// SPDX-License-Identifier: MIT
#include <tallyscope/catalog.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include "catch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ts = tallyscope;

namespace {

ts::Catalog three_tools() {
  ts::Catalog catalog;
  catalog.add({.name = "search", .tags = {"Web", "read"}, .short_description = "Finds pages"});
  catalog.add({.name = "fetch", .tags = {"web"}, .full_description = "Gets one PAGE by its address"});
  catalog.add({.name = "delete", .tags = {"write"}});
  return catalog;
}

void call(ts::Tracker<ts::MemorySink>& tracker, ts::Operation operation, std::string_view name, int times) {
  for (int time = 0; time < times; ++time) ts::TrackScope scope{tracker, {.operation = operation, .name = name}};
}

}  // namespace

TEST_CASE("known tools that nobody used have rows without calls", "[catalog]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  call(tracker, ts::Operation::execute_tool, "search", 4);
  const ts::Stats stats = three_tools().stats(sink.snapshot());
  CHECK(stats.row_count == 3);
  CHECK(stats.unused == 2);
  CHECK(stats.total.calls() == 4);
  CHECK(stats.rows[0][ts::Dimension::name] == "search");
  CHECK(stats.rows[1][ts::Dimension::name] == "delete");
  CHECK(stats.rows[2].totals == ts::Totals{});
  CHECK(stats.first(1).unused == 2);
}

TEST_CASE("a prompt does not count as the known tool of its name", "[catalog]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  call(tracker, ts::Operation::get_prompt, "search", 1);
  const ts::Stats stats = three_tools().stats(sink.snapshot());
  CHECK(stats.row_count == 4);
  CHECK(stats.of_type("tool").unused == 3);
  CHECK(stats.of_type("prompt").total.calls() == 1);
}

TEST_CASE("what is used but unknown to the catalog keeps its row", "[catalog]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  call(tracker, ts::Operation::execute_tool, "unheard of", 1);
  CHECK(three_tools().stats(sink.snapshot()).row_count == 4);
}

TEST_CASE("an entry of the same operation and name replaces the one before", "[catalog]") {
  ts::Catalog catalog = three_tools();
  catalog.add({.name = "search", .short_description = "new"});
  catalog.add({.operation = "get_prompt", .name = "search"});
  REQUIRE(catalog.entries().size() == 4);
  CHECK(catalog.entries()[0].short_description == "new");
}

TEST_CASE("a search looks for all tags, and for a text in names, tags and descriptions", "[catalog]") {
  const ts::Catalog catalog = three_tools();
  const auto names = [&](const ts::CatalogQuery& query) {
    std::string all;
    for (const ts::CatalogMatch& match : catalog.search(query).matches) all += match.entry.name + " ";
    return all;
  };
  CHECK(names({}) == "delete fetch search ");
  CHECK(names({.tags = {"WEB"}}) == "fetch search ");
  CHECK(names({.tags = {"web", "read"}}) == "search ");
  CHECK(names({.text = "page"}) == "fetch search ");
  CHECK(names({.text = "WRITE"}) == "delete ");
  CHECK(names({.type = "prompt"}).empty());
  CHECK(names({.text = "nothing like it"}).empty());
}

TEST_CASE("a search tells the use, the most used first, and counts what its limit cuts off", "[catalog]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  call(tracker, ts::Operation::execute_tool, "fetch", 3);
  call(tracker, ts::Operation::execute_tool, "delete", 1);
  const ts::Stats used = sink.snapshot();
  const ts::CatalogMatches found = three_tools().search({.limit = 1}, &used);
  CHECK(found.tracked == 3);
  CHECK(found.matched == 3);
  CHECK(found.calls == 4);
  CHECK(found.all_tags == std::vector<std::string>{"read", "web", "write"});
  REQUIRE(found.matches.size() == 1);
  CHECK(found.matches[0].entry.name == "fetch");
  CHECK(found.matches[0].totals.calls() == 3);
}
