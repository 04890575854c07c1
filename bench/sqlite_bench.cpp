// SPDX-License-Identifier: MIT
// What SqliteSink costs beside what anybody would write by hand: a prepared INSERT into a plain table of 24 columns
// with the same durability and the same batches. Ratios are medians over rounds of this one run. Files are made in the
// folder that the first argument names (default: a new one below /var/tmp), which should be on a disk.

#include "measure.hpp"

#include <tallyscope/sqlite_sink.hpp>

#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace ts = tallyscope;

namespace {

constexpr int rounds = 31;
constexpr int batched_rows = 20'000;
constexpr int single_rows = 20;  // a round: the speed of a disk changes from one moment to the next
constexpr int single_rounds = 151;

/// A service's records: few models and tools, some users, a session of 100 calls, a turn of 5.
struct Service {
  std::vector<std::string> users, names, servers, sessions, turns, requests;

  Service() {
    for (int user = 0; user < 200; ++user)
      users.push_back("5f4dcc3b5aa765d61d8327deb882c" + std::to_string(user + 100));
    for (int name = 0; name < 20; ++name) names.push_back("search_issues_" + std::to_string(name));
    for (int row = 0; row < batched_rows; ++row) {
      if (row % 100 == 0) sessions.push_back("session-8f3e2a" + std::to_string(row));
      if (row % 5 == 0) turns.push_back("turn-01HV7M3" + std::to_string(row));
      requests.push_back("req_011CQ7xyzabc" + std::to_string(row));
    }
  }

  /// The record of a row, shown to `use`.
  template <class Use>
  void record(int row, const Use& use) const {
    static constexpr std::string_view models[] = {"gpt-4.1", "gpt-4.1-mini", "claude-sonnet-4-5", "gemini-2.5-flash"};
    const auto at = static_cast<std::size_t>(row);
    const ts::Caller caller{.tenant = "acme",
                            .application = "support-bot",
                            .user = users[at / 100 % 200],
                            .user_key = "2026-a",
                            .session = sessions[at / 100],
                            .turn = turns[at / 5]};
    const std::string_view model = models[at / 10 % 4];
    const ts::Call call{.provider = "openai", .model = model, .name = names[at % 20]};
    const ts::Response response{.model = model, .service_tier = "default", .request_id = requests[at]};
    ts::Record record{.caller = caller, .call = call, .response = response};
    record.finality = ts::Finality::final;
    record.input_source = record.output_source = ts::Source::reported;
    record.id = {0x8f3e2a915bd7c604u, static_cast<std::uint64_t>(row)};
    record.start_utc = 1'790'000'000'000'000'000 + std::int64_t{row} * 20'000'000;
    record.duration_ns = 840'000'000 + row * 1'000;
    record.sequence = row % 5;
    record.usage = {.input_tokens = 1000 + row % 977, .output_tokens = 200 + row % 313, .cache_read = row % 512};
    record.cost = {.state = ts::CostState::priced,
                   .amount = ts::Money::from_picodollars(4'000'000'000 + row * 1'000),
                   .price_book = "builtin 2026-03"};
    use(record);
  }
};

/// The loop by hand.
class Bare {
 public:
  Bare(const std::string& path, bool unique_id, const char* synchronous) {
    ::sqlite3_open(path.c_str(), &connection_);
    run("PRAGMA journal_mode = WAL");
    run(std::string{"PRAGMA synchronous = "} + synchronous);
    run(std::string{"CREATE TABLE calls(id BLOB"} + (unique_id ? " PRIMARY KEY" : "") +
        ", time INTEGER, duration_ns INTEGER, tenant TEXT, application TEXT, user TEXT, user_key TEXT, session TEXT, "
        "turn TEXT, sequence INTEGER, operation TEXT, name TEXT, provider TEXT, request_model TEXT, response_model "
        "TEXT, service_tier TEXT, request_id TEXT, outcome TEXT, input_tokens INTEGER, output_tokens INTEGER, "
        "cache_read_tokens INTEGER, cost_picodollars INTEGER, cost_state TEXT, price_book TEXT)");
    const char* insert = "INSERT INTO calls VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    ::sqlite3_prepare_v3(connection_, insert, -1, SQLITE_PREPARE_PERSISTENT, &insert_, nullptr);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  ~Bare() {
    ::sqlite3_finalize(insert_);
    ::sqlite3_close(connection_);
  }

  void run(const std::string& sql) { ::sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr); }

  void write(const ts::Record& record) {
    place_ = 0;
    ::sqlite3_bind_blob(insert_, ++place_, &record.id, 16, SQLITE_STATIC);
    for (const std::int64_t value : {record.start_utc, record.duration_ns}) bind(value);
    const ts::Caller& caller = record.caller;
    for (const auto text :
         {caller.tenant, caller.application, caller.user, caller.user_key, caller.session, caller.turn})
      bind(text);
    bind(record.sequence.value_or(0));
    const ts::Call& call = record.call;
    for (const auto text : {call.operation.text(), call.name, call.provider, call.model, record.response.model,
                            record.response.service_tier, record.response.request_id})
      bind(text);
    bind(ts::outcome_names[static_cast<std::size_t>(record.outcome)]);
    for (const auto count : {record.usage.input_tokens, record.usage.output_tokens, record.usage.cache_read})
      bind(count.value_or(0));
    bind(record.cost.amount.picodollars());
    bind(ts::cost_state_names[static_cast<std::size_t>(record.cost.state)]);
    bind(record.cost.price_book);
    ::sqlite3_step(insert_);
    ::sqlite3_reset(insert_);
  }

 private:
  void bind(std::int64_t value) { ::sqlite3_bind_int64(insert_, ++place_, value); }
  void bind(std::string_view text) {
    ::sqlite3_bind_text(insert_, ++place_, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }

  sqlite3* connection_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  int place_ = 0;
};

class Bench {
 public:
  explicit Bench(std::filesystem::path folder) : folder_{std::move(folder)} {}

  double bare(int rows, int batch, bool unique_id, const char* synchronous) const {
    const std::string path = fresh_file();
    Bare loop{path, unique_id, synchronous};
    return bench::timed(rows, [&](int row) {
      if (batch > 1 && row % batch == 0) loop.run("BEGIN");
      service_.record(row, [&](const ts::Record& record) { loop.write(record); });
      if (batch > 1 && row % batch == batch - 1) loop.run("COMMIT");
    });
  }

  double sink(int rows, const ts::SqliteOptions& options) const {
    ts::SqliteSink sink{fresh_file(), options};
    return written(
        rows, [&](const ts::Record& record) { sink.write(record); }, sink);
  }
  /// What the sink is made of, told to leave the roll-ups out.
  double sink_without_rollups(int rows, const ts::SqliteOptions& options) const {
    ts::detail::SqliteQueue queue{fresh_file(), options, false};
    queue.open();
    return written(
        rows, [&](const ts::Record& record) { queue.write(ts::StoredRecord{record}); }, queue);
  }

  void print_size(const char* name) const {
    const auto size = static_cast<double>(std::filesystem::file_size(folder_ / "bench.db"));
    std::printf("%s: %.0f bytes a row\n", name, size / batched_rows);
  }

 private:
  template <class Write, class Sink>
  double written(int rows, const Write& write, Sink& sink) const {
    return bench::timed(rows, [&](int row) {
      service_.record(row, write);
      if (row == rows - 1) sink.flush();
    });
  }

  std::string fresh_file() const {
    for (const char* ending : {"", "-wal", "-shm"})
      std::filesystem::remove(folder_ / (std::string{"bench.db"} + ending));
    return (folder_ / "bench.db").string();
  }

  std::filesystem::path folder_;
  Service service_;
};

std::filesystem::path own_folder() {
  const std::filesystem::path folder = "/var/tmp/tallyscope_bench_" + std::to_string(::getpid());
  std::filesystem::create_directory(folder);
  return folder;
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? std::filesystem::path{argv[1]} : own_folder();
  const Bench runs{folder};
  const std::string bare = "bare loop, batch 1000, WAL NORMAL", single = "bare loop, one commit a record, WAL FULL";
  const ts::SqliteOptions batched{.batch_age_ms = 60'000};
  const ts::SqliteOptions durable{.batch = 1, .durability = ts::Durability::full};

  bench::Table table;
  table.add(bare, "the yardstick", [&] { return runs.bare(batched_rows, 1'000, false, "NORMAL"); });
  table.add("the same, id as primary key", "", [&] { return runs.bare(batched_rows, 1'000, true, "NORMAL"); });
  table.add("SqliteSink without roll-ups", "<= 1.15", [&] { return runs.sink_without_rollups(batched_rows, batched); });
  table.add("SqliteSink with exact roll-ups", "<= 1.3", [&] { return runs.sink(batched_rows, batched); });
  table.run(rounds);
  table.print(bare);
  std::printf("\n");

  const Service service;
  Bare loop{(folder / "loop.db").string(), false, "FULL"};
  ts::SqliteSink sink{(folder / "sink.db").string(), durable};
  int looped = 0, sunk = 0;
  bench::Table commits;
  commits.add(single, "the yardstick", [&] {
    return bench::timed(single_rows,
                        [&](int) { service.record(looped++, [&](const ts::Record& record) { loop.write(record); }); });
  });
  commits.add("SqliteSink, batch 1, full, with exact roll-ups", "<= 1.2", [&] {
    return bench::timed(single_rows,
                        [&](int) { service.record(sunk++, [&](const ts::Record& record) { sink.write(record); }); });
  });
  commits.run(single_rounds);
  commits.print(single);
  std::printf("\n");

  static_cast<void>(runs.bare(batched_rows, 1'000, false, "NORMAL"));
  runs.print_size("bare loop");
  static_cast<void>(runs.sink(batched_rows, batched));
  runs.print_size("SqliteSink with roll-ups");
  if (argc <= 1) std::filesystem::remove_all(folder);
  return 0;
}
