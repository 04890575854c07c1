// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/prepared_call.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/track_scope.hpp>

#include "catch.hpp"

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ts = tallyscope;

TEST_CASE("a prepared call holds copies of its texts, cut and repaired", "[prepared_call]") {
  std::string name = "search", model(200, 'm'), server = "\xFF";
  const ts::PreparedCall prepared{
      {.operation = ts::Operation::execute_tool, .model = model, .name = name, .server = server}};
  for (std::string* text : {&name, &model, &server}) text->assign(text->size(), '#');
  CHECK(prepared.call().operation == ts::Operation::execute_tool);
  CHECK(prepared.call().name == "search");
  CHECK(prepared.call().model == std::string(ts::name_limit, 'm'));
  CHECK(prepared.call().server == "\xEF\xBF\xBD");
}

TEST_CASE("a prepared call has the hashes of the same call made of texts", "[prepared_call]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  for (const ts::CallInfo& info :
       {ts::CallInfo{.operation = ts::Operation::execute_tool, .name = "search"},
        ts::CallInfo{.provider = "openai", .model = "gpt-4.1", .name = "a name"}, ts::CallInfo{},
        ts::CallInfo{.operation = ts::Operation{"execute_tool"}, .name = "search"},
        ts::CallInfo{
            .operation = ts::Operation{"of the host's own"}, .model = "\xC3\xA9", .name = std::string_view{}}}) {
    sink.clear();
    const auto prepared = tracker.prepare(info);
    { ts::TrackScope call{tracker, info}; }
    { ts::TrackScope call{tracker, prepared}; }
    const auto records = sink.records();
    REQUIRE(records.size() == 2);
    CHECK(records[0]->call.identity_hash == records[1]->call.identity_hash);
    CHECK(records[0]->call.price_hash == records[1]->call.price_hash);
    CHECK(records[1]->call.identity_hash == prepared.call().identity_hash);
    CHECK(records[0]->call.operation == records[1]->call.operation);
    CHECK(records[0]->call.provider == records[1]->call.provider);
    CHECK(records[0]->call.model == records[1]->call.model);
    CHECK(records[0]->call.name == records[1]->call.name);
  }
}

namespace {

int differences(const ts::Record& a, const ts::Record& b) {
  int count = a.call.operation != b.call.operation || a.diagnostics != b.diagnostics ? 1 : 0;
  for (const auto text : {&ts::Call::provider, &ts::Call::model, &ts::Call::name, &ts::Call::server,
                          &ts::Call::endpoint, &ts::Call::region})
    count += a.call.*text != b.call.*text;
  for (const auto text :
       {&ts::Caller::tenant, &ts::Caller::application, &ts::Caller::user, &ts::Caller::session, &ts::Caller::turn})
    count += a.caller.*text != b.caller.*text;
  for (const auto hash : {&ts::Call::identity_hash, &ts::Call::price_hash, &ts::Call::server_hash})
    count += a.call.*hash != b.call.*hash;
  return count;
}

/// The record of the scope that `open` makes, beside that of a prepared call of the same texts, which goes another way.
template <class Open>
void check_as_prepared(const Open& open, const ts::CallInfo& info) {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  open(tracker);
  const auto prepared = tracker.prepare(info);
  { ts::TrackScope call{tracker, prepared}; }
  const auto records = sink.records();
  REQUIRE(differences(*records[0].view(), *records[1].view()) == 0);
}

using Tracker = ts::Tracker<ts::RecordingSink>;

}  // namespace

TEST_CASE("texts written at the call site are recorded as prepared ones are, whatever their size and bytes",
          "[prepared_call]") {
  std::mt19937 random{7};
  std::string texts[10];
  const std::string &tenant = texts[0], &application = texts[1], &session = texts[2], &turn = texts[3],
                    &provider = texts[4], &model = texts[5], &name = texts[6], &server = texts[7], &endpoint = texts[8],
                    &region = texts[9];
  for (int round = 0; round < 500; ++round) {
    for (std::string& text : texts) {
      text.assign(random() % 3 == 0 ? 0 : random() % 40, 'x');
      if (random() % 50 == 0) text.assign(random() % 300, 'y');
      for (char& letter : text) letter = static_cast<char>('a' + random() % 26);
      if (random() % 40 == 0) text += "\xC3\xA9\xFF";
    }
    check_as_prepared(
        [&](Tracker& tracker) {
          ts::TrackScope{tracker,
                         {.tenant = tenant,
                          .application = application,
                          .session = session,
                          .turn = turn,
                          .operation = ts::Operation::rerank,
                          .provider = provider,
                          .model = model,
                          .name = name,
                          .server = server,
                          .endpoint = endpoint,
                          .region = region}};
        },
        {.tenant = tenant,
         .application = application,
         .session = session,
         .turn = turn,
         .operation = ts::Operation::rerank,
         .provider = provider,
         .model = model,
         .name = name,
         .server = server,
         .endpoint = endpoint,
         .region = region});
  }
}

TEST_CASE("what a call site leaves out does not move what it says to another place", "[prepared_call]") {
  check_as_prepared([](Tracker& tracker) { ts::TrackScope{tracker}; }, {});
  check_as_prepared(
      [](Tracker& tracker) {
        ts::TrackScope{tracker, {.turn = "t", .model = "gpt-4.1", .name = "n"}};
      },
      {.turn = "t", .model = "gpt-4.1", .name = "n"});
  check_as_prepared(
      [](Tracker& tracker) {
        ts::TrackScope{tracker, {.tenant = "acme", .region = "eu"}};
      },
      {.tenant = "acme", .region = "eu"});
  check_as_prepared(
      [](Tracker& tracker) {
        ts::TrackScope{tracker, {.application = "app", .endpoint = "/v1"}};
      },
      {.application = "app", .endpoint = "/v1"});
  check_as_prepared(
      [](Tracker& tracker) {
        ts::TrackScope{tracker, {.session = "s", .operation = ts::Operation::execute_tool, .server = "jira"}};
      },
      {.session = "s", .operation = ts::Operation::execute_tool, .server = "jira"});
  check_as_prepared(
      [](Tracker& tracker) {
        ts::TrackScope{tracker, {.user = ts::RawUser{"ann"}, .name = "n"}};
      },
      {.user = ts::RawUser{"ann"}, .name = "n"});
  check_as_prepared(
      [](Tracker& tracker) {
        ts::TrackScope{tracker, {.operation = "of our own", .model = "m"}};
      },
      {.operation = "of our own", .model = "m"});
  check_as_prepared(
      [](Tracker& tracker) {
        ts::TrackScope{tracker, {.turn = "\xFF", .server = "\xC3\xA9"}};
      },
      {.turn = "\xFF", .server = "\xC3\xA9"});
}

TEST_CASE("calls that leave out a name, a model or both are as many as their operations", "[prepared_call]") {
  std::set<std::uint64_t> hashes;
  for (const ts::Operation& operation : ts::detail::operations)
    for (const std::string_view model : {"", "gpt-4.1"})
      for (const std::string_view name : {"", "a", "b"}) {
        const ts::PreparedCall call{{.operation = operation, .model = model, .name = name}};
        hashes.insert(call.call().identity_hash);
      }
  CHECK(hashes.size() == 9 * 2 * 3);
  CHECK_FALSE(hashes.contains(0));
}

TEST_CASE("a name, a model and a provider that change places are another call", "[prepared_call]") {
  const auto hashes = [](std::string_view provider, std::string_view model, std::string_view name) {
    const ts::PreparedCall call{{.provider = provider, .model = model, .name = name}};
    return std::pair{call.call().identity_hash, call.call().price_hash};
  };
  CHECK(hashes("a", "b", "c").first != hashes("a", "c", "b").first);
  CHECK(hashes("a", "b", "").second != hashes("b", "a", "").second);
  CHECK(hashes("", "b", "").second != hashes("b", "", "").second);
  CHECK(hashes("", "b", "").first != hashes("", "", "b").first);
}

TEST_CASE("a prepared caller is the caller of every call", "[prepared_call]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  const auto prepared = tracker.prepare({.tenant = "acme", .user = ts::RawUser{"u"}, .name = "search"});
  for (int call = 0; call < 3; ++call) ts::TrackScope{tracker, prepared};
  for (const ts::StoredRecord& record : sink.records()) {
    CHECK(record->caller.tenant == "acme");
    CHECK(record->caller.user == "u");
    CHECK(record->caller.session.empty());
  }
}

TEST_CASE("what was cut in preparing is said by every record", "[prepared_call]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  const auto prepared = tracker.prepare({.name = std::string(200, 'n')});
  for (int call = 0; call < 2; ++call) ts::TrackScope{tracker, prepared};
  for (const ts::StoredRecord& record : sink.records()) CHECK(record->diagnostics.has(ts::Diagnostic::text_cut));
}

TEST_CASE("a scope of a prepared call moves, says and labels like any other", "[prepared_call]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  const auto prepared = tracker.prepare({.tenant = "acme", .model = "gpt-4.1", .name = "summary"});
  {
    ts::TrackScope call{tracker, prepared};
    call.label("key", "value");
    call.report({.input_tokens = 1'000, .output_tokens = 500});
    ts::TrackScope moved{std::move(call)};
    moved.outcome(ts::Outcome::timeout, "late");
  }
  REQUIRE(sink.size() == 1);
  const auto stored = sink.records()[0];
  const auto record = stored.view();
  CHECK(record->caller.tenant == "acme");
  CHECK(record->call.name == "summary");
  CHECK(record->labels[0].value == "value");
  CHECK(record->error_type == "late");
  CHECK(record->cost.amount.usd() == "$0.006000");
}

TEST_CASE("a prepared call moves with its texts, and the one moved from stands for an unnamed call",
          "[prepared_call]") {
  ts::PreparedCall first{{.name = "search"}};
  const ts::Call* const call = &first.call();
  ts::PreparedCall second{std::move(first)};
  CHECK(&second.call() == call);
  CHECK(second.call().name == "search");
  CHECK(first.call().name.empty());
  CHECK(first.owned() == nullptr);
  ts::PreparedCall third{{.name = "other"}};
  third = std::move(second);
  CHECK(third.call().name == "search");
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  { ts::TrackScope unnamed{tracker, first}; }
  REQUIRE(sink.size() == 1);
  CHECK(sink.records()[0]->call.name.empty());
}

TEST_CASE("many threads use one prepared call", "[prepared_call]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  const auto prepared = tracker.prepare({.operation = ts::Operation::execute_tool, .name = "search"});
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int call = 0; call < 5'000; ++call) ts::TrackScope{tracker, prepared};
      });
  }
  const ts::Stats stats = sink.snapshot();
  REQUIRE(stats.rows.size() == 1);
  CHECK(stats.rows[0].totals.calls() == 20'000);
}
