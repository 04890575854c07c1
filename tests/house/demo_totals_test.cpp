// SPDX-License-Identifier: MIT
// What the demo prints must be what an independent count over its file of records finds. Nothing of the library is used
// here: lines, decimals and sums are read and made anew.
#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "sinks/temporary_folder.hpp"

#if defined(TALLYSCOPE_DEMO)

namespace {

__extension__ using int128 = __int128;

// Within a JSON string every quotation mark has a backslash before it, so a key cannot be mistaken for a text.
std::string value_of(const std::string& line, const std::string& key) {
  const auto at = line.find("\"" + key + "\":");
  if (at == std::string::npos) return {};
  std::string rest = line.substr(at + key.size() + 3);
  if (rest[0] != '"') return rest.substr(0, rest.find_first_of(",}]"));
  rest.erase(0, 1);
  return rest.substr(0, rest.find('"'));  // no value that is asked for has an escape in it
}

bool has(const std::string& line, const std::string& key) { return !value_of(line, key).empty(); }

std::int64_t number_of(const std::string& line, const std::string& key) {
  return has(line, key) ? std::stoll(value_of(line, key)) : 0;
}

int128 picodollars(const std::string& dollars) {
  int128 amount = 0;
  int places = -1;
  for (const char c : dollars) {
    if (c == '.') {
      places = 0;
      continue;
    }
    REQUIRE((c >= '0' && c <= '9'));
    amount = amount * 10 + (c - '0');
    if (places >= 0) ++places;
  }
  REQUIRE(places <= 12);
  for (places = std::max(places, 0); places < 12; ++places) amount *= 10;
  return amount;
}

/// Rounded half to even to so many digits behind the point.
std::string dollars(int128 amount, int places) {
  std::int64_t unit = 1, scale = 1;
  for (int digit = places; digit < 12; ++digit) unit *= 10;
  for (int digit = 0; digit < places; ++digit) scale *= 10;
  auto whole = static_cast<std::int64_t>(amount / unit);
  const auto rest = static_cast<std::int64_t>(amount % unit);
  if (rest > unit - rest || (rest == unit - rest && rest != 0 && whole % 2 == 1)) ++whole;
  const std::string digits = std::to_string(whole % scale);
  std::string text{'$'};
  text.append(std::to_string(whole / scale)).append(1, '.');
  return text.append(static_cast<std::size_t>(places) - digits.size(), '0').append(digits);
}

/// The sums over some of the records, as docs/format.md tells readers to make them.
struct Sums {
  std::int64_t calls = 0, failed = 0, in = 0, out = 0, cached = 0, reported = 0, unpriced = 0, priced = 0, no_usage = 0;
  int128 cost = 0, estimated_cost = 0;

  void add_cost(const std::string& line, int sign) {
    const bool estimated =
        value_of(line, "input_source") == "estimated" || value_of(line, "output_source") == "estimated";
    const std::string state = value_of(line, "cost_state");
    if (has(line, "cost_usd")) (estimated ? estimated_cost : cost) += sign * picodollars(value_of(line, "cost_usd"));
    priced += sign * (state == "priced" || state == "free");
    unpriced += sign * (state == "unpriced");
    no_usage += sign * (state == "no_usage");
  }
  void add_call(const std::string& line) {
    ++calls;
    failed += value_of(line, "outcome") != "success";
    in += number_of(line, has(line, "input_tokens") ? "input_tokens" : "estimated_input_tokens");
    out += number_of(line, has(line, "output_tokens") ? "output_tokens" : "estimated_output_tokens");
    cached += number_of(line, "cache_read_tokens");
    reported += number_of(line, "input_tokens") + number_of(line, "output_tokens");
    add_cost(line, 1);
  }
  /// Reported tokens take the place of estimated ones.
  void add_late(const std::string& late, const std::string& call) {
    if (!has(call, "input_tokens")) in -= number_of(call, "estimated_input_tokens");
    if (!has(call, "output_tokens")) out -= number_of(call, "estimated_output_tokens");
    in += number_of(late, "input_tokens");
    out += number_of(late, "output_tokens");
    cached += number_of(late, "cache_read_tokens");
    reported += number_of(late, "input_tokens") + number_of(late, "output_tokens");
    if (!has(call, "input_tokens") || !has(call, "output_tokens")) add_cost(call, -1);
    add_cost(late, 1);
  }

  std::string money() const {
    if (priced == 0) return unpriced > 0 ? "unknown" : "-";
    std::string text{estimated_cost != 0 ? "~" : ""};
    return text.append(dollars(cost + estimated_cost, 6)).append(unpriced > 0 ? "+?" : "");
  }
};

struct Turn {
  std::string outcome;
  Sums sums;
};

struct Count {
  std::map<std::string, Sums> tools, models, turns;
  Sums all, of_models;
  std::map<std::string, std::int64_t> outcomes;
  std::vector<std::pair<std::string, std::string>> turn_outcomes;  // in the order of their ends
  std::size_t records = 0;

  explicit Count(const std::vector<std::string>& lines) {
    std::map<std::string, std::string> calls;
    for (const std::string& line : lines) {
      ++records;
      const std::string kind = value_of(line, "kind");
      if (kind == "turn") turn_outcomes.emplace_back(value_of(line, "turn"), value_of(line, "outcome"));
      if (kind == "call") {
        ++outcomes[value_of(line, "outcome")];
        calls[value_of(line, "id")] = line;
        for (Sums* sums : sums_of(line)) sums->add_call(line);
      }
      if (kind == "late_usage") {
        REQUIRE(calls.count(value_of(line, "of")) == 1);
        const std::string& call = calls[value_of(line, "of")];
        for (Sums* sums : sums_of(call)) sums->add_late(line, call);
      }
    }
  }

  std::vector<Sums*> sums_of(const std::string& call) {
    std::vector<Sums*> sums{&all, &turns[value_of(call, "turn")]};
    if (value_of(call, "operation") == "execute_tool") sums.push_back(&tools[value_of(call, "name")]);
    if (!has(call, "request_model")) return sums;
    sums.insert(sums.end(), {&models[value_of(call, "request_model")], &of_models});
    return sums;
  }
};

using Row = std::vector<std::string>;

/// The rows of the table with this title: what stands between two spaces or more, without the commas in numbers.
std::vector<Row> table(const std::string& text, const std::string& title) {
  std::vector<Row> rows;
  std::istringstream lines{text.substr(text.find("  " + title + ' '))};
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line) && line.compare(0, 2, "  ") == 0;) {
    Row row;
    for (std::size_t at = line.find_first_not_of(' '); at != std::string::npos;) {
      const std::size_t end = line.find("  ", at);
      row.push_back(line.substr(at, end - at));
      row.back().erase(std::remove(row.back().begin(), row.back().end(), ','), row.back().end());
      at = end == std::string::npos ? end : line.find_first_not_of(' ', end);
    }
    if (row.size() > 1) rows.push_back(row);
  }
  return rows;
}

/// The first line that begins so, without its beginning and without commas in numbers.
std::string line_of(const std::string& text, const std::string& beginning) {
  const auto at = text.find('\n' + beginning);
  if (at == std::string::npos) return {};
  std::string line = text.substr(at + 1 + beginning.size());
  line.erase(line.find('\n'));
  for (std::size_t comma = line.find(','); comma != std::string::npos; comma = line.find(',', comma + 1))
    if (comma + 1 < line.size() && line[comma + 1] != ' ') line.erase(comma--, 1);
  return line;
}

struct Run {
  int status = -1;
  std::string said;
};

Run run(const std::string& arguments) {
  Run run;
  const std::string command = std::string{"'"} + TALLYSCOPE_DEMO + "' " + arguments + " 2>&1";
  std::FILE* const output = ::popen(command.c_str(), "r");
  REQUIRE(output != nullptr);
  char buffer[4096];
  for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, output)) > 0;) run.said.append(buffer, size);
  const int status = ::pclose(output);
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

Run run_over(const std::string& folder, const std::string& file) {
  return run("'" + folder + "' --out '" + file + "'");
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream{path, std::ios::binary} << content;
}

/// Runs the demo and holds what it prints against its records.
void check_totals_over(const std::string& folder, const std::string& file) {
  const Run demo = run_over(folder, file);
  INFO(demo.said);
  REQUIRE(demo.status == 0);
  const Count count{lines_of(file)};

  const auto tools = table(demo.said, "TOOL");
  CHECK(tools.size() == count.tools.size());
  for (const Row& row : tools) {
    REQUIRE((row.size() == 6 && count.tools.count(row[0]) == 1));
    const Sums& sums = count.tools.at(row[0]);
    CHECK(row[1] == std::to_string(sums.calls));
    CHECK(row[2] == std::to_string(sums.failed));
    CHECK(row[3] == std::string{'~'}.append(std::to_string(sums.in + sums.out)));
  }

  const auto models = table(demo.said, "MODEL");
  CHECK(models.size() == count.models.size());
  for (const Row& row : models) {
    REQUIRE((row.size() == 8 && count.models.count(row[0]) == 1));
    const Sums& sums = count.models.at(row[0]);
    CHECK(row[1] == std::to_string(sums.calls));
    CHECK(row[2] == std::to_string(sums.failed));
    CHECK(row[3] == std::to_string(sums.in));
    CHECK(row[4] == std::to_string(sums.out));
    CHECK(row[5] == std::to_string(sums.cached));
    CHECK(row[7] == sums.money());
  }

  const auto turns = table(demo.said, "TURN");
  REQUIRE(turns.size() == count.turn_outcomes.size());
  for (std::size_t place = 0; place < turns.size(); ++place) {
    const Row& row = turns[place];
    const auto& [id, outcome] = count.turn_outcomes[place];
    REQUIRE(row.size() == 6);
    CHECK(row[1] == std::to_string(count.turns.at(id).calls));
    CHECK(row[2] == std::to_string(count.turns.at(id).in + count.turns.at(id).out));
    CHECK(row[4] == count.turns.at(id).money());
    CHECK(row[5] == outcome);
  }

  const Sums& of_models = count.of_models;
  const auto whole = [](const std::string& text, const std::string& key) {
    return text.compare(0, key.size(), key) == 0;
  };
  CHECK(whole(line_of(demo.said, "  calls     "), std::to_string(count.all.calls) + ": " +
                                                      std::to_string(of_models.calls) + " of models, " +
                                                      std::to_string(count.all.calls - of_models.calls) +
                                                      " of tools, in " + std::to_string(turns.size()) + " turns, "));
  CHECK(line_of(demo.said, "  tokens    ") ==
        std::to_string(of_models.in) + " into models, " + std::to_string(of_models.out) + " out of them; " +
            std::to_string(of_models.in + of_models.out - of_models.reported) + " of these are estimated");

  const std::string cost = line_of(demo.said, "  cost      "), estimated = line_of(demo.said, "            $");
  const auto exact = [](const std::string& line) {
    const auto at = line.find("(exactly ") + 9;
    return picodollars(line.substr(at, line.find(" USD)") - at));
  };
  CHECK(exact(cost) == count.all.cost);
  CHECK(whole(cost, dollars(count.all.cost, 2) + " (exactly "));
  CHECK(exact(estimated) == count.all.estimated_cost);
  const std::string unknown = line_of(demo.said, "            and ");
  if (count.all.unpriced == 0)
    CHECK(unknown.empty());
  else
    CHECK(whole(unknown, std::to_string(count.all.unpriced) + " call"));

  std::istringstream outcomes{line_of(demo.said, "  outcomes  ")};
  std::size_t named = 0;
  for (std::string number, name; outcomes >> number >> name; ++named) {
    if (name.back() == ',') name.pop_back();
    REQUIRE(count.outcomes.count(name) == 1);
    CHECK(number == std::to_string(count.outcomes.at(name)));
  }
  CHECK(named == count.outcomes.size());

  const std::string records = std::to_string(count.records);
  CHECK(line_of(demo.said, "HEALTH\n  ") == records + " records = " + records + " delivered + 0 dropped + 0 pending");
}

}  // namespace

TEST_CASE("what the demo prints over this source tree is what a count over its file finds", "[house][demo]") {
  const TemporaryFolder folder;
  const std::string file = folder.file("calls.jsonl");
  check_totals_over(TALLYSCOPE_SOURCE_DIR, file);

  const std::string records = content_of(file);
  for (const char* outcome : {"success", "error", "cancelled", "rate_limited", "policy_blocked"})
    CHECK(records.find(std::string{R"("outcome":")"} + outcome + '"') != std::string::npos);
  for (const char* kind : {"call", "turn", "late_usage"})
    CHECK(records.find(std::string{R"("kind":")"} + kind + '"') != std::string::npos);
  for (const char* state : {"priced", "unpriced", "no_usage", "not_applicable"})
    CHECK(records.find(std::string{R"("cost_state":")"} + state + '"') != std::string::npos);
  CHECK(records.find(R"("error_type":"not_found")") != std::string::npos);
}

TEST_CASE("neither a name nor a word of a file gets into the records of the demo", "[house][demo]") {
  const TemporaryFolder folder, place;
  write_file(folder.file("zebra.cpp"), "struct Giraffe {\n  int ostrich;\n};\nGiraffe one, two;\n");
  write_file(folder.file("walrus.bin"), std::string("hippo\0campus", 12));
  const std::string file = place.file("calls.jsonl");
  check_totals_over(folder.path(), file);
  const std::string records = content_of(file);
  for (const char* word : {"zebra", "Giraffe", "ostrich", "walrus", "hippo", "tallyscope_"})
    CHECK(records.find(word) == std::string::npos);
  CHECK(records.find(R"("error_type":"binary")") != std::string::npos);
}

TEST_CASE("the demo over an empty folder counts as well, and a second run replaces the first", "[house][demo]") {
  const TemporaryFolder folder, place;
  const std::string file = place.file("calls.jsonl");
  check_totals_over(folder.path(), file);
  const std::size_t lines = lines_of(file).size();
  check_totals_over(folder.path(), file);
  CHECK(lines_of(file).size() == lines);
}

TEST_CASE("the demo refuses what it cannot use in one sentence", "[house][demo]") {
  const TemporaryFolder place;
  const Run missing = run_over(place.file("nowhere"), place.file("calls.jsonl"));
  CHECK(missing.status == 2);
  CHECK(missing.said == "agent_over_files: there is no folder " + place.file("nowhere") + ".\n");
  write_file(place.file("letter.txt"), "Dear Ada,\n");
  const Run other = run_over(place.path(), place.file("letter.txt"));
  CHECK(other.status == 2);
  CHECK(content_of(place.file("letter.txt")) == "Dear Ada,\n");
  CHECK(run("--no-such-option").status == 2);
}

#else

TEST_CASE("what the demo prints is what a count over its file finds", "[house][demo]") {
  SKIP("the examples were not built");
}

#endif
