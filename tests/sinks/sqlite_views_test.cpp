// SPDX-License-Identifier: MIT
// What the views of a database say, held against the totals that the records themselves give.
#include <tallyscope/sqlite_sink.hpp>
#include <tallyscope/totals.hpp>

#include "catch.hpp"
#include "sample_records.hpp"
#include "sqlite_query.hpp"
#include "temporary_folder.hpp"

#include <map>

namespace {

namespace ts = tallyscope;

constexpr std::int64_t day = 86'400'000'000'000;
constexpr std::int64_t start = 1'790'000'000'000'000'000;

std::int64_t below(samples::RandomTexts& random, std::uint64_t limit) {
  return static_cast<std::int64_t>(random.below(limit));
}

ts::Count few(samples::RandomTexts& random) {
  return random.one_in(3) ? ts::Count{} : ts::Count{random.below(100'000)};
}

ts::Cost cost(samples::RandomTexts& random) {
  ts::Cost cost;
  cost.state = static_cast<ts::CostState>(random.below(ts::cost_state_count));
  cost.estimated = random.one_in(3);
  cost.amount = ts::Money::from_picodollars(below(random, 2'000'000'000'000'000'000));
  cost.known = cost.whole()                              ? cost.amount
               : cost.state == ts::CostState::incomplete ? ts::Money::from_picodollars(below(random, 900))
                                                         : ts::Money{};
  return cost;
}

/// A record as services make them, of any kind, of one of a few models, names, users ...
void fill_modestly(samples::Sample& sample, samples::RandomTexts& random, std::uint64_t number) {
  static constexpr std::string_view few_texts[] = {"", "a", "b'; DROP TABLE calls; --", "c\nd", "\xc3\xa9"};
  const auto text = [&] { return few_texts[random.below(5)]; };
  sample.caller = {.tenant = text(), .user = text(), .session = text(), .turn = text()};
  sample.call = {
      .operation = ts::Operation::chat, .provider = text(), .model = text(), .name = text(), .server = text()};
  ts::Record& record = sample.make();
  record.kind = static_cast<ts::Kind>(random.below(4));
  record.outcome = static_cast<ts::Outcome>(random.below(ts::outcome_count));
  record.id = {9, number};
  record.start_utc = start + below(random, 3 * day);
  record.duration_ns = random.one_in(5) ? 0 : below(random, 5'000'000'000);
  record.first_token_ns = few(random);
  for (const ts::UsageField& field : ts::usage_fields) record.usage.*field.count = few(random);
  record.metered = {few(random), few(random), few(random), few(random), "characters", 0.2f};
  record.cost = cost(random);
  if (random.one_in(3)) record.provider_cost = ts::Money::from_picodollars(below(random, 1'000'000));
}

const std::vector<std::string>& totals_columns() {
  static const std::vector<std::string> columns{"calls",
                                                "failures",
                                                "input_tokens",
                                                "output_tokens",
                                                "reported_input_tokens",
                                                "reported_output_tokens",
                                                "cache_read_tokens",
                                                "cache_write_tokens",
                                                "reasoning_tokens",
                                                "cost_usd",
                                                "estimated_cost_usd",
                                                "known_cost_usd",
                                                "provider_cost_usd",
                                                "unpriced",
                                                "incomplete",
                                                "no_usage",
                                                "late_reports",
                                                "turns",
                                                "turns_succeeded"};
  return columns;
}

std::vector<std::string> shown(const ts::Totals& totals) {
  using ts::Usage;
  const auto text = [](std::uint64_t count) { return std::to_string(count); };
  const std::uint64_t cache_writes = totals.reported(&Usage::cache_write) + totals.reported(&Usage::cache_write_5m) +
                                     totals.reported(&Usage::cache_write_1h);
  return {text(totals.calls()),
          text(totals.failures()),
          text(totals.used_input()),
          text(totals.used_output()),
          text(totals.reported_input()),
          text(totals.reported_output()),
          text(totals.reported(&Usage::cache_read)),
          text(cache_writes),
          text(totals.reported(&Usage::reasoning)),
          totals.cost().exact(),
          totals.estimated_cost().exact(),
          totals.known_cost().exact(),
          totals.provider_cost().exact(),
          text(totals.unpriced()),
          text(totals.cost_state(ts::CostState::incomplete)),
          text(totals.cost_state(ts::CostState::no_usage)),
          text(totals.late_reports()),
          text(totals.turns()),
          text(totals.turns_succeeded())};
}

/// The rows of a view by their keys.
std::map<std::string, std::vector<std::string>> view(const std::string& path, const std::string& name,
                                                     const std::string& key) {
  std::string columns;
  for (const std::string& column : totals_columns()) columns += ", " + column;
  std::map<std::string, std::vector<std::string>> rows;
  for (auto& row : query(path, "SELECT " + key + columns + " FROM " + name)) {
    const std::string first = row.front();
    row.erase(row.begin());
    CHECK(rows.emplace(first, row).second);
  }
  return rows;
}

std::map<std::string, std::vector<std::string>> shown(const std::map<std::string, ts::Totals>& totals) {
  std::map<std::string, std::vector<std::string>> rows;
  for (const auto& [key, sums] : totals) rows[key] = shown(sums);
  return rows;
}

std::string or_null(std::string_view text) { return text.empty() ? "NULL" : std::string{text}; }

}  // namespace

TEST_CASE("the sums of the views are the totals of the records", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  std::map<std::string, ts::Totals> by_name, by_model, by_server, by_user, by_turn, by_day;
  {
    ts::SqliteSink sink{path, {.batch = 70}};
    samples::RandomTexts random{5};
    for (std::uint64_t number = 0; number < 3'000; ++number) {
      samples::Sample sample;
      fill_modestly(sample, random, number);
      ts::Record& record = *sample.record;
      const ts::Superseded replaced{few(random), few(random),
                                    random.one_in(2) ? std::optional{cost(random)} : std::nullopt};
      if (record.kind == ts::Kind::late_usage && random.one_in(2)) record.superseded = &replaced;
      REQUIRE_FALSE(sink.write(record));
      const ts::Call& call = record.call;
      by_name["chat/" + or_null(call.name)].add(record);
      by_model[or_null(call.provider) + "/" + or_null(call.model)].add(record);
      by_server[or_null(call.server)].add(record);
      by_user[or_null(record.caller.user)].add(record);
      by_turn[or_null(record.caller.session) + "/" + or_null(record.caller.turn)].add(record);
      by_day[answer(":memory:", "SELECT date(" + std::to_string(record.start_utc / 1'000'000'000) + ", 'unixepoch')")]
          .add(record);
    }
  }
  CHECK(view(path, "usage_by_name", "operation || '/' || ifnull(name, 'NULL')") == shown(by_name));
  CHECK(view(path, "usage_by_model", "ifnull(provider, 'NULL') || '/' || ifnull(model, 'NULL')") == shown(by_model));
  CHECK(view(path, "usage_by_server", "ifnull(server, 'NULL')") == shown(by_server));
  CHECK(view(path, "usage_by_user", "ifnull(user, 'NULL')") == shown(by_user));
  CHECK(view(path, "usage_by_turn", "ifnull(session, 'NULL') || '/' || ifnull(turn, 'NULL')") == shown(by_turn));
  CHECK(view(path, "usage_by_day", "day") == shown(by_day));
}

TEST_CASE("the roll-ups are what the rows give, also after records were written again", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  for (int time = 0; time < 2; ++time) {
    ts::SqliteSink sink{path, {.batch = 100 + static_cast<std::size_t>(time)}};
    samples::RandomTexts random{6};
    for (std::uint64_t number = 0; number < 1'000; ++number) {
      samples::Sample sample;
      // Some are new the second time, between those that are not, and some come twice at once.
      fill_modestly(sample, random, time == 1 && number % 7 == 0 ? 2'000 + number / 14 : number);
      REQUIRE_FALSE(sink.write(*sample.record));
    }
  }
  CHECK(number(path, "SELECT count(*) FROM calls") == 1'072);
  std::string columns = ts::detail::rollup_key_names(), sums;
  for (const ts::detail::RollupColumn& column : ts::detail::rollup_columns) {
    const std::string name{column.name};
    const char* const function = column.kind == ts::detail::RollupKind::least      ? "min("
                                 : column.kind == ts::detail::RollupKind::greatest ? "max("
                                                                                   : "sum(";
    if (column.kind == ts::detail::RollupKind::money)
      sums += ", sum(" + name + "_microdollars) * 1000000 + sum(" + name + "_rest)";
    else
      sums += std::string{", "} + function + name + ")";
  }
  const std::string group = " GROUP BY " + columns + " ORDER BY " + columns;
  const Rows stored = query(path, "SELECT " + columns + sums + " FROM rollups" + group);
  CHECK(stored.size() > 100);
  CHECK(stored == query(path, "SELECT " + columns + sums + " FROM record_sums WHERE NOT is_decision" + group));
}

TEST_CASE("amounts are exact beyond what 64 bits hold, and so is a picodollar beside them", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  const ts::Call call{.model = "m"};
  const ts::Caller caller{.user = "u"};
  ts::MoneySum expected;
  {
    ts::SqliteSink sink{path, {.batch = 10}};
    for (std::uint64_t number = 0; number < 25; ++number) {
      const ts::Money amount =
          ts::Money::from_picodollars(9'000'000'000'000'000'001 + static_cast<std::int64_t>(number));
      expected += amount;
      REQUIRE_FALSE(sink.write({.caller = caller,
                                .call = call,
                                .id = {1, number},
                                .cost = {.state = ts::CostState::priced, .amount = amount}}));
    }
  }
  CHECK(expected.exact() == "225000000.000000000325");
  CHECK(answer(path, "SELECT cost_usd FROM usage_by_model") == expected.exact());
  CHECK(answer(path, "SELECT cost_usd FROM usage_by_user") == expected.exact());
}

TEST_CASE("amounts are written as the library writes them", "[sqlite_sink]") {
  const std::int64_t million = 1'000'000;
  for (const std::int64_t amount :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, million, -million, million * million,
        -million * million - 1, million + 999'999, 10 * million * million, std::int64_t{999'999}})
    for (const std::int64_t borrowed : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}}) {
      const std::string micro = "(" + std::to_string(amount / million + borrowed) + ")";
      const std::string rest = "(" + std::to_string(amount % million - borrowed * million) + ")";
      const std::int64_t left = amount % million - borrowed * million;
      if (left <= -million || left >= million) continue;
      CHECK(answer(":memory:", "SELECT " + ts::detail::sqlite_dollars(micro, rest)) ==
            ts::Money::from_picodollars(amount).exact());
    }
}

TEST_CASE("counts that no call can have do not make a view fail", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  {
    ts::SqliteSink sink{path, {.batch = 2}};
    for (std::uint64_t number = 0; number < 5; ++number)
      REQUIRE_FALSE(
          sink.write({.id = {1, number}, .usage = {.input_tokens = std::numeric_limits<std::int64_t>::max()}}));
  }
  for (const char* name : {"model", "name", "server", "user", "turn", "day"}) {
    INFO(name);
    CHECK(number(path, std::string{"SELECT calls FROM usage_by_"} + name) == 5);
    CHECK(number(path, std::string{"SELECT reported_input_tokens > 9e18 FROM usage_by_"} + name) == 1);
  }
}

TEST_CASE("calls_view shows words, texts and exact values under the names of format 1", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  const ts::Caller caller{"acme", "support-bot", "5f4d", "2026-a", "s-81", "t-3"};
  const ts::Call call{.provider = "openai", .model = "gpt-4.1"};
  const ts::Label labels[] = {{"team", "search"}, {"quote\"", "a\nb"}};
  const ts::Part parts[] = {{"m", {.input_tokens = 3}}, {"", {}}};
  ts::Record record{.caller = caller, .call = call};
  record.id = {0x00c0ffee00c0ffee, 7};
  record.start_utc = 1'772'357'400'000'250'000;
  record.outcome = ts::Outcome::rate_limited;
  record.usage = {.input_tokens = 1000, .cache_read = 200};
  record.input_source = ts::Source::reported;
  record.metered.relative_error = 0.15f;
  record.diagnostics.set(ts::Diagnostic::total_mismatch);
  record.cost = {.state = ts::CostState::priced, .amount = *ts::Money::parse("0.00114"), .price_book = "builtin"};
  record.labels = {labels, 2};
  record.parts = {parts, 2};
  CHECK_FALSE(ts::SqliteSink{path}.write(record));
  const auto shows = [&](const std::string& column) { return answer(path, "SELECT " + column + " FROM calls_view"); };
  CHECK(shows("id") == "00c0ffee00c0ffee0000000000000007");
  CHECK(shows("kind") == "call");
  CHECK(shows("of") == "NULL");
  CHECK(shows("time") == "2026-03-01T09:30:00.000250000Z");
  CHECK(shows("tenant") == "acme");
  CHECK(shows("session") == "s-81");
  CHECK(shows("operation") == "chat");
  CHECK(shows("outcome") == "rate_limited");
  CHECK(shows("input_source") == "reported");
  CHECK(shows("output_source") == "NULL");
  CHECK(shows("estimator_error") == "0.15");
  CHECK(shows("cost_usd") == "0.00114");
  CHECK(shows("known_cost_usd") == "NULL");
  CHECK(shows("cost_state") == "priced");
  CHECK(shows("diagnostics") == "[\"total_mismatch\"]");
  CHECK(shows("labels") == R"({"team":"search","quote\"":"a\nb"})");
  CHECK(shows("parts") == R"([{"model":"m","input_tokens":3},{"model":""}])");
}

TEST_CASE("times before 1970 are shown and counted as what they are", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  CHECK_FALSE(ts::SqliteSink{path}.write({.id = {1, 1}, .start_utc = -1}));
  CHECK(answer(path, "SELECT time FROM calls_view") == "1969-12-31T23:59:59.999999999Z");
  CHECK(answer(path, "SELECT day FROM usage_by_day") == "1969-12-31");
  CHECK(answer(path, "SELECT time FROM rollups_view") == "1969-12-31T23:45:00Z");
}

TEST_CASE("every query of docs/sqlite.md runs", "[sqlite_sink]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("calls.db");
  { const ts::SqliteSink made{path}; }
  int queries = 0;
  std::optional<std::string> block;
  for (const std::string& line : lines_of(TALLYSCOPE_SOURCE_DIR "/docs/sqlite.md")) {
    if (block && line == "```") {
      if (const std::size_t copy = block->find("copy_of_calls.db"); copy != block->npos)
        block->replace(copy, 16, folder.file("copy.db"));
      INFO(*block);
      CHECK_NOTHROW(query(path, *block));
      ++queries;
      block.reset();
    }
    if (block) block->append(line).append("\n");
    if (line == "```sql") block.emplace();
  }
  CHECK(queries >= 8);
}
