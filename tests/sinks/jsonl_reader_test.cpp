// SPDX-License-Identifier: MIT
#include <tallyscope/detail/json_line.hpp>
#include <tallyscope/jsonl_reader.hpp>
#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/stored_record.hpp>

#include "catch.hpp"
#include "sample_records.hpp"
#include "temporary_folder.hpp"

#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace ts = tallyscope;
namespace detail = tallyscope::detail;

std::string line_of(const ts::Record& record) {
  std::vector<char> room(detail::json_line_room);
  return {room.data(), detail::write_json_line(room.data(), record)};
}

/// A file with a content, and what reading it gives.
class File {
 public:
  explicit File(std::string_view content = {}) { write(content); }

  void write(std::string_view content) {
    std::ofstream file{path, std::ios::binary};
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
  }

  /// The records as lines again.
  std::vector<std::string> read() {
    std::vector<std::string> lines;
    result = ts::JsonlReader{path}.for_each([&](const ts::Record& record) { lines.push_back(line_of(record)); });
    CHECK(result.records == lines.size());
    return lines;
  }

  TemporaryFolder folder{};
  std::string path = folder.file("calls.jsonl");
  ts::ReadResult result{};
};

/// A record that is told from others by its number.
std::string numbered(std::uint64_t number) {
  const ts::Call call{.provider = "openai", .model = "gpt-4.1"};
  return line_of({.call = call, .id = {1, number}, .usage = {.input_tokens = number, .output_tokens = 2}});
}

std::string without_newline(std::string line) {
  line.pop_back();
  return line;
}

/// A line that has what every line has, and `more` members.
std::string line_with(const std::string& more) {
  return "{\"v\":1,\"kind\":\"call\",\"time\":\"2026-03-01T09:30:00.000250000Z\",\"outcome\":\"success\"" + more +
         "}\n";
}

ts::StoredRecord only_record(std::string_view content) {
  File file{content};
  ts::StoredRecord stored;
  const ts::ReadResult result =
      ts::JsonlReader{file.path}.for_each([&](const ts::Record& record) { stored = ts::StoredRecord{record}; });
  INFO(content);
  CHECK(result.records == 1);
  CHECK(result.skipped == 0);
  return stored;
}

/// Is the line refused as a record and counted?
bool refused(const std::string& line) {
  File file{line};
  return file.read().empty() && file.result.skipped == 1 && file.result.problem.empty() && !file.result.torn_tail;
}

bool same(const ts::Cost& a, const ts::Cost& b) {
  return a.state == b.state && a.estimated == b.estimated && a.amount == b.amount && a.known == b.known &&
         a.price_book == b.price_book;
}

}  // namespace

TEST_CASE("what a sink has written is read back", "[jsonl_reader]") {
  TemporaryFolder folder;
  ts::JsonlSink sink{folder.file("calls.jsonl")};
  const ts::Caller caller{.tenant = "acme", .session = "s-1"};
  const ts::Call call{.provider = "openai", .model = "gpt-4.1", .region = "eu"};
  const ts::Label label{"team", "search"};
  REQUIRE_FALSE(sink.write({.caller = caller,
                            .call = call,
                            .id = {7, 8},
                            .start_utc = 1'772'357'400'000'250'000,
                            .duration_ns = 5,
                            .usage = {.input_tokens = 1000, .output_tokens = 500},
                            .labels = {&label, 1}}));
  int records = 0;
  const ts::ReadResult result = ts::JsonlReader{folder.file("calls.jsonl")}.for_each([&](const ts::Record& record) {
    ++records;
    CHECK(record.id == ts::RecordId{7, 8});
    CHECK(record.kind == ts::Kind::call);
    CHECK(record.caller.tenant == "acme");
    CHECK(record.caller.session == "s-1");
    CHECK(record.call.operation == ts::Operation::chat);
    CHECK(record.call.operation.is_constant());
    CHECK(record.call.model == "gpt-4.1");
    CHECK(record.call.region == "eu");
    CHECK(record.start_utc == 1'772'357'400'000'250'000);
    CHECK(record.duration_ns == 5);
    CHECK(record.usage == ts::Usage{.input_tokens = 1000, .output_tokens = 500});
    REQUIRE(record.labels.size() == 1);
    CHECK(record.labels[0].value == "search");
  });
  CHECK(records == 1);
  CHECK(result.records == 1);
  CHECK(result.skipped == 0);
  CHECK_FALSE(result.torn_tail);
  CHECK(result.problem.empty());
}

TEST_CASE("five thousand random records with hostile texts are written again as they were", "[jsonl_reader]") {
  samples::RandomTexts random{20260302};
  detail::JsonRecordReader reader;
  std::vector<char> room(detail::json_line_room);
  for (int round = 0; round < 5'000; ++round) {
    samples::Sample sample;
    samples::fill_randomly(sample, random);
    ts::Superseded superseded{samples::random_count(random), samples::random_count(random), {}};
    if (random.one_in(2)) superseded.cost = sample.record->cost;
    if (superseded.cost) superseded.cost->state = static_cast<ts::CostState>(random.below(ts::cost_state_count));
    if (random.one_in(3)) sample.record->superseded = &superseded;
    const std::string line = line_of(*sample.record);
    INFO(line);
    // Exactly as large as the line, so that AddressSanitizer sees a byte beyond it.
    const std::vector<char> bytes(line.begin(), line.end());
    REQUIRE(reader.read({bytes.data(), bytes.size()}) == detail::JsonLineState::record);
    CHECK(reader.end() == line.size() - 1);
    REQUIRE(line_of(reader.record()) == line);
  }
}

TEST_CASE("a record filled to the brim is written again as it was", "[jsonl_reader]") {
  samples::Sample sample;
  samples::fill_to_the_brim(sample);
  const std::string line = line_of(*sample.record);
  File file{line};
  CHECK(file.read() == std::vector<std::string>{line});
}

TEST_CASE("every field of a record comes back as it was", "[jsonl_reader]") {
  samples::RandomTexts random{5};
  const auto word = [&](samples::Sample& sample) {
    return sample.keep("w" + std::to_string(random.below(1000)) + "\n\"\\\xc2\x85 \xc3\xa9\xf0\x9f\x92\xb8");
  };
  for (int round = 0; round < 500; ++round) {
    samples::Sample sample;
    samples::fill_randomly(sample, random);
    auto& [tenant, application, user, user_key, session, turn] = sample.caller;
    for (auto* text : {&tenant, &application, &user, &user_key, &session, &turn}) *text = word(sample);
    ts::Call& call = sample.call;
    for (auto* text : {&call.provider, &call.model, &call.name, &call.server, &call.endpoint, &call.region})
      *text = word(sample);
    sample.response = {word(sample), word(sample), {}, word(sample)};
    call.operation = word(sample);
    ts::Record& record = *sample.record;
    for (ts::Part& part : sample.parts) part.model = word(sample);
    sample.labels = {{"a", word(sample)}, {"b", word(sample)}};
    record.labels = {sample.labels.data(), sample.labels.size()};
    record.error_type = record.metered.estimator = record.cost.price_book = word(sample);
    if (record.cost.whole()) record.cost.known = record.cost.amount;
    if (!record.cost.whole()) record.cost.amount = {};
    if (!record.cost.whole() && record.cost.state != ts::CostState::incomplete) record.cost.known = {};
    if (record.cost.state == ts::CostState::not_applicable) record.usage.requests = 1;  // so that finality is written

    const ts::StoredRecord stored = only_record(line_of(record));
    const ts::RecordView view = stored.view();
    const ts::Record& read = *view;
    CHECK(read.kind == record.kind);
    CHECK(read.outcome == record.outcome);
    CHECK(read.finality == record.finality);
    CHECK(read.input_source == record.input_source);
    CHECK(read.output_source == record.output_source);
    CHECK(read.diagnostics == record.diagnostics);
    CHECK(read.id == record.id);
    CHECK(read.of == record.of);
    CHECK(read.start_utc == record.start_utc);
    CHECK(read.duration_ns == record.duration_ns);
    CHECK(read.first_token_ns == record.first_token_ns);
    CHECK(read.sequence == record.sequence);
    CHECK(read.error_type == record.error_type);
    CHECK(read.usage == record.usage);
    CHECK(read.metered.characters_in == record.metered.characters_in);
    CHECK(read.metered.characters_out == record.metered.characters_out);
    CHECK(read.metered.input_tokens == record.metered.input_tokens);
    CHECK(read.metered.output_tokens == record.metered.output_tokens);
    CHECK(read.metered.estimator == record.metered.estimator);
    CHECK(read.metered.relative_error == record.metered.relative_error);
    CHECK(same(read.cost, record.cost));
    CHECK(read.provider_cost == record.provider_cost);
    CHECK(read.superseded == nullptr);
    CHECK(read.caller.tenant == tenant);
    CHECK(read.caller.application == application);
    CHECK(read.caller.user == user);
    CHECK(read.caller.user_key == user_key);
    CHECK(read.caller.session == session);
    CHECK(read.caller.turn == turn);
    CHECK(read.call.operation == call.operation);
    CHECK(read.call.provider == call.provider);
    CHECK(read.call.model == call.model);
    CHECK(read.call.name == call.name);
    CHECK(read.call.server == call.server);
    CHECK(read.call.endpoint == call.endpoint);
    CHECK(read.call.region == call.region);
    CHECK(read.call.identity_hash == 0);
    CHECK(read.response.model == sample.response.model);
    CHECK(read.response.service_tier == sample.response.service_tier);
    CHECK(read.response.request_id == sample.response.request_id);
    REQUIRE(read.parts.size() == sample.parts.size());
    for (std::size_t place = 0; place < read.parts.size(); ++place) {
      CHECK(read.parts[place].model == sample.parts[place].model);
      CHECK(read.parts[place].usage == sample.parts[place].usage);
    }
    REQUIRE(read.labels.size() == 2);
    CHECK(read.labels[0].value == sample.labels[0].value);
    CHECK(read.labels[1].key == "b");
  }
}

TEST_CASE("what a late record replaces comes back", "[jsonl_reader]") {
  ts::Superseded superseded{.input_tokens = 10, .output_tokens = {}, .cost = {}};
  const auto read = [&] {
    return only_record(line_of({.kind = ts::Kind::late_usage, .of = {1, 1}, .superseded = &superseded}));
  };
  {
    const ts::StoredRecord stored = read();
    const ts::RecordView view = stored.view();
    REQUIRE(view->superseded != nullptr);
    CHECK(view->superseded->input_tokens == ts::Count{10});
    CHECK_FALSE(view->superseded->output_tokens.has_value());
    CHECK_FALSE(view->superseded->cost);
  }
  for (std::size_t state = 0; state < ts::cost_state_count; ++state) {
    ts::Cost cost{.state = static_cast<ts::CostState>(state), .estimated = true};
    if (cost.whole()) cost.amount = cost.known = ts::Money::from_picodollars(5);
    if (cost.state == ts::CostState::incomplete) cost.known = ts::Money::from_picodollars(7);
    superseded.cost = cost;
    const ts::StoredRecord stored = read();
    const ts::RecordView view = stored.view();
    REQUIRE(view->superseded != nullptr);
    REQUIRE(view->superseded->cost);
    CHECK(same(*view->superseded->cost, cost));
  }
}

TEST_CASE("empty lines are nothing, also with the returns of other systems", "[jsonl_reader]") {
  File file{"\n\n" + without_newline(numbered(1)) + "\r\n \t\r\n\r\n" + numbered(2) + "\n  "};
  CHECK(file.read() == std::vector<std::string>{numbered(1), numbered(2)});
  CHECK(file.result.skipped == 0);
  CHECK_FALSE(file.result.torn_tail);
}

TEST_CASE("an empty file holds no records and is no problem", "[jsonl_reader]") {
  File file;
  CHECK(file.read().empty());
  CHECK(file.result.skipped == 0);
  CHECK(file.result.problem.empty());
}

TEST_CASE("a line that is none is skipped and counted", "[jsonl_reader]") {
  for (const std::string garbage :
       {"garbage", "{", "}", "null", "[1,2]", "{\"v\":1", "{\"v\":1,}", "\xff\xfe",
        "{\"v\":", "{\"v\":1,\"kind\":\"call\"}", "{}", "{\"v\":0}", "\"text\"", "\x01\x02"}) {
    File file{numbered(1) + garbage + "\n" + std::string(100, '\0') + "\n" + numbered(2)};
    INFO(garbage);
    CHECK(file.read() == std::vector<std::string>{numbered(1), numbered(2)});
    CHECK(file.result.skipped == 2);
    CHECK_FALSE(file.result.torn_tail);
    CHECK(file.result.problem.empty());
  }
}

TEST_CASE("wherever a file of three records is cut off, none is invented and none is read twice", "[jsonl_reader]") {
  const std::vector<std::string> lines{numbered(1), numbered(2), numbered(3)};
  const std::string whole = lines[0] + lines[1] + lines[2];
  File file;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    file.write(whole.substr(0, size));
    // Complete are the lines that lack no more than their newline.
    std::size_t complete = 0, end = 0;
    while (complete < 3 && end + lines[complete].size() <= size + 1) end += lines[complete++].size();
    const bool torn = size > end;
    INFO(size);
    REQUIRE(file.read() == std::vector<std::string>(lines.begin(), lines.begin() + static_cast<long>(complete)));
    REQUIRE(file.result.skipped == (torn ? 1 : 0));
    REQUIRE(file.result.torn_tail == torn);
  }
}

TEST_CASE("a record that is glued to a torn one is read", "[jsonl_reader]") {
  const std::string torn = numbered(1), next = numbered(2);
  File file;
  for (std::size_t size = 0; size + 1 < torn.size(); ++size) {
    file.write(torn.substr(0, size) + next + numbered(3));
    INFO(size);
    REQUIRE(file.read() == std::vector<std::string>{next, numbered(3)});
    REQUIRE(file.result.skipped == (size == 0 ? 0 : 1));
    REQUIRE_FALSE(file.result.torn_tail);
  }
}

TEST_CASE("torn parts glued to torn parts and zeros in between hide no record", "[jsonl_reader]") {
  const std::string half = numbered(9).substr(0, 60);
  File file{half + half + std::string(4096, '\0') + half + numbered(1) + half + half};
  CHECK(file.read() == std::vector<std::string>{numbered(1)});
  CHECK(file.result.skipped == 2);
  CHECK(file.result.torn_tail);
}

TEST_CASE("two records without a newline between them are two", "[jsonl_reader]") {
  File file{without_newline(numbered(1)) + numbered(2) + without_newline(numbered(3))};
  CHECK(file.read() == std::vector<std::string>{numbered(1), numbered(2), numbered(3)});
  CHECK(file.result.skipped == 0);
  file.write(without_newline(numbered(1)) + "x\n" + without_newline(numbered(2)) + numbered(3).substr(0, 30));
  CHECK(file.read().empty());
  CHECK(file.result.skipped == 2);
}

TEST_CASE("what stands inside of a record is not taken for one", "[jsonl_reader]") {
  const std::string inner = without_newline(line_with(""));
  File file{line_with(",\"later\":" + inner) + line_with(",\"later\":[" + inner + "," + inner + "]")};
  CHECK(file.read().size() == 2);
  CHECK(file.result.skipped == 0);
  file.write("{\"v\":1,\"later\":" + inner + "\n");
  CHECK(file.read().size() == 1);  // as it looks when the rest of the outer one was lost
  file.write("{\"v\":1,\"later\":" + inner + "]}\n");
  CHECK(file.read().empty());
}

TEST_CASE("keys that nobody knows yet are ignored, whatever their value", "[jsonl_reader]") {
  const std::string plain = line_of(*only_record(line_with("")).view());
  for (const char* value : {"null", "true", "false", "-1.5e-300", "\"\\ud83d\\ude00\\u0000\"", "[]", "{}",
                            "[[{\"a\":[null]}],{\"v\":2}]", "1e999", "{\"input_tokens\":5}"}) {
    CHECK(line_of(*only_record(line_with(",\"unheard_of\":" + std::string{value})).view()) == plain);
    CHECK(line_of(*only_record("{\"unheard_of\":" + std::string{value} + "," + line_with("").substr(1)).view()) ==
          plain);
  }
  CHECK(line_of(*only_record(line_with(",\"diagnostics\":[\"unheard_of\"]")).view()) == plain);
  CHECK(only_record(line_with(",\"parts\":[{\"model\":\"m\",\"unheard_of\":[1],\"requests\":2}]"))->parts.size() == 1);
}

TEST_CASE("the order of the keys and white space between them mean nothing", "[jsonl_reader]") {
  const std::string line =
      " { \"output_tokens\" : 2 , \"outcome\":\"timeout\",\"\\u006bind\":\"call\",\"input_tokens\":1,"
      "\"time\":\"1970-01-01T00:00:00.000000007Z\",\"v\":1 } \n";
  const ts::StoredRecord stored = only_record(line);
  CHECK(stored->usage == ts::Usage{.input_tokens = 1, .output_tokens = 2});
  CHECK(stored->outcome == ts::Outcome::timeout);
  CHECK(stored->start_utc == 7);
  CHECK(stored->call.operation.text().empty());
}

TEST_CASE("a line that lacks what every record has is skipped", "[jsonl_reader]") {
  CHECK_FALSE(refused(line_with("")));
  for (const std::string member :
       {"\"v\":1,", "\"kind\":\"call\",", "\"time\":\"2026-03-01T09:30:00.000250000Z\",", ",\"outcome\":\"success\""}) {
    std::string line = line_with("");
    CHECK(refused(line.erase(line.find(member), member.size())));
  }
}

TEST_CASE("a value that is not what its key stands for makes the line a skipped one", "[jsonl_reader]") {
  const char* const members[] = {
      "\"input_tokens\":-1",
      "\"input_tokens\":1.5",
      "\"input_tokens\":9223372036854775808",
      "\"input_tokens\":\"1\"",
      "\"input_tokens\":null",
      "\"duration_ns\":-1",
      "\"name\":1",
      "\"tenant\":[\"a\"]",
      "\"id\":\"12\"",
      "\"id\":\"0000000000000001000000000000000G\"",
      "\"id\":\"0000000000000001000000000000000A\"",
      "\"of\":7",
      "\"finality\":\"perhaps\"",
      "\"input_source\":3",
      "\"cost_state\":\"cheap\"",
      "\"cost_state\":\"priced\"",
      "\"cost_state\":\"incomplete\"",
      "\"cost_state\":\"incomplete\",\"cost_usd\":\"1\"",
      "\"cost_usd\":\"1\"",
      "\"cost_usd\":1,\"cost_state\":\"priced\"",
      "\"cost_usd\":\"1e3\",\"cost_state\":\"priced\"",
      "\"cost_usd\":\"0.0000000000001\",\"cost_state\":\"priced\"",
      "\"provider_cost_usd\":\"99999999999999\"",
      "\"cost_estimated\":1",
      "\"replaced_cost_usd\":\"1\"",
      "\"replaced_cost_state\":\"free\"",
      "\"estimator_error\":-1",
      "\"estimator_error\":1e10",
      "\"time\":\"2026-02-29T09:30:00.000250000Z\"",
      "\"time\":\"2026-03-01T24:30:00.000250000Z\"",
      "\"time\":\"2026-03-01T09:30:00Z\"",
      "\"time\":\"1600-03-01T09:30:00.000250000Z\"",
      "\"parts\":{}",
      "\"parts\":[1]",
      "\"parts\":[{\"model\":1}]",
      "\"parts\":[{},{},{},{},{},{},{},{},{}]",
      "\"diagnostics\":\"text_cut\"",
      "\"diagnostics\":[1]",
      "\"labels\":[]",
      "\"labels\":{\"a\":1}",
      "\"outcome\":\"good\"",
      "\"kind\":\"phone\"",
      "\"v\":\"1\"",
  };
  for (const char* member : members) {
    INFO(member);
    CHECK(refused(line_with(std::string{","} + member)));
  }
}

TEST_CASE("every moment that a record can hold is read", "[jsonl_reader]") {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(), most = -(least + 1);
  for (const std::int64_t utc : {least, least + 1, std::int64_t{-1}, std::int64_t{0}, most - 1, most})
    CHECK(only_record(line_of({.start_utc = utc}))->start_utc == utc);
}

TEST_CASE("counts are exact up to the largest", "[jsonl_reader]") {
  CHECK(only_record(line_with(",\"input_tokens\":9223372036854775807"))->usage.input_tokens ==
        ts::Count{std::numeric_limits<std::int64_t>::max()});
  CHECK(only_record(line_with(",\"input_tokens\":9007199254740993"))->usage.input_tokens ==
        ts::Count{9'007'199'254'740'993});
  CHECK(only_record(line_with(",\"input_tokens\":1e3"))->usage.input_tokens == ts::Count{1000});
}

TEST_CASE("amounts are exact, and one that is saturated says so", "[jsonl_reader]") {
  const ts::StoredRecord stored =
      only_record(line_with(",\"cost_usd\":\"0.100000000001\",\"cost_state\":\"priced\",\"cost_estimated\":true"));
  CHECK(stored->cost.amount == ts::Money::from_picodollars(100'000'000'001));
  CHECK(stored->cost.known == stored->cost.amount);
  CHECK(stored->cost.estimated);
  CHECK_FALSE(stored->cost.saturated);
  CHECK(only_record(line_with(",\"known_cost_usd\":\"9223372.036854775807\",\"cost_state\":\"incomplete\""))
            ->cost.saturated);
}

TEST_CASE("texts are cut to what a record holds, and the record says so", "[jsonl_reader]") {
  const std::string text(300, 'a');
  const ts::StoredRecord stored = only_record(line_with(",\"name\":\"" + text + "\",\"server\":\"" + text + "\""));
  CHECK(stored->call.name.size() == ts::name_limit);
  CHECK(stored->call.server.size() == ts::long_text_limit);
  CHECK(stored->diagnostics.has(ts::Diagnostic::text_cut));
}

TEST_CASE("each label is there once, and no more than a record can have", "[jsonl_reader]") {
  const ts::StoredRecord twice = only_record(line_with(",\"labels\":{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\"}"));
  const ts::RecordView view = twice.view();
  REQUIRE(view->labels.size() == 2);
  CHECK(view->labels[0].value == "3");
  std::string many;
  for (int key = 0; key < 9; ++key) many += (key == 0 ? "\"" : ",\"") + std::to_string(key) + "\":\"x\"";
  const ts::StoredRecord stored = only_record(line_with(",\"labels\":{" + many + "}"));
  CHECK(stored->labels.size() == ts::label_limit);
  CHECK(stored->diagnostics.has(ts::Diagnostic::label_dropped));
}

TEST_CASE("at a line of a later version reading stops, and says where and what to do", "[jsonl_reader]") {
  File file{numbered(1) + "\ngarbage\n" + numbered(2) + "{\"v\":2,\"kind\":[\"call\"]}\n" + numbered(3)};
  CHECK(file.read() == std::vector<std::string>{numbered(1), numbered(2)});
  CHECK(file.result.skipped == 1);
  CHECK(file.result.problem ==
        file.path + ", line 5: written in format version 2, and this reads version 1: use a newer tallyscope");
  file.write("{\"v\":2,\"kind\":\n" + numbered(1));  // torn, so that it may have been anything
  CHECK(file.read().size() == 1);
  CHECK(file.result.problem.empty());
}

TEST_CASE("a line of any length costs no more memory, and what comes after it is read", "[jsonl_reader]") {
  const std::size_t most = detail::LineFile::most_line;
  for (const std::size_t size : {most - 1, most, most + 1, most + 200'000, 3 * most, 5 * most + 7}) {
    const std::string text(size - line_with(",\"later\":\"\"").size() + 1, 'x');
    const std::string line = line_with(",\"later\":\"" + text + "\"");
    REQUIRE(line.size() == size + 1);
    File file{numbered(1) + line + numbered(2)};
    const bool read = size <= most;
    CHECK(file.read().size() == (read ? 3 : 2));
    CHECK(file.result.skipped == (read ? 0 : 1));
    CHECK_FALSE(file.result.torn_tail);
    file.write(numbered(1) + std::string(size, '\0') + numbered(2) + "{" + text);
    CHECK(file.read().size() == 2);
    CHECK(file.result.skipped == 2);
    CHECK(file.result.torn_tail);
  }
}

TEST_CASE("a file that cannot be read is a sentence with its path and the reason", "[jsonl_reader]") {
  TemporaryFolder folder;
  const auto problem = [](const std::string& path) {
    const ts::ReadResult result = ts::JsonlReader{path}.for_each([](const ts::Record&) { FAIL("a record"); });
    CHECK(result.records == 0);
    CHECK(result.skipped == 0);
    return result.problem;
  };
  CHECK(problem(folder.file("none")) == "cannot read \"" + folder.file("none") + "\": No such file or directory");
  CHECK(problem(folder.path()) == "cannot read \"" + folder.path() + "\": Is a directory");
  CHECK(problem("/none/\x1b[31m\n\xe2\x80\xae\xff\\") ==
        "cannot read \"/none/\\x1b[31m\\x0a\\xe2\\x80\\xae\\xff\\\\\": No such file or directory");
  if (::geteuid() == 0) return;
  const std::string locked = folder.file("locked");
  std::ofstream{locked} << numbered(1);
  ::chmod(locked.c_str(), 0);
  CHECK(problem(locked) == "cannot read \"" + locked + "\": Permission denied");
}

TEST_CASE("reading changes nothing and can be repeated", "[jsonl_reader]") {
  File file{numbered(1) + numbered(2).substr(0, 40)};
  const std::string before = content_of(file.path);
  ::chmod(file.path.c_str(), 0400);
  const ts::JsonlReader reader{file.path};
  for (int time = 0; time < 3; ++time) {
    const ts::ReadResult result = reader.for_each([](const ts::Record&) {});
    CHECK(result.records == 1);
    CHECK(result.torn_tail);
  }
  CHECK(content_of(file.path) == before);
}

TEST_CASE("what the visitor throws arrives, and no file stays open", "[jsonl_reader]") {
  File file{numbered(1)};
  for (int time = 0; time < 5'000; ++time)
    CHECK_THROWS_AS(ts::JsonlReader{file.path}.for_each([](const ts::Record&) { throw std::runtime_error{"no"}; }),
                    std::runtime_error);
}

TEST_CASE("a file of many pieces is read whole", "[jsonl_reader]") {
  std::string content;
  std::vector<std::string> lines;
  while (content.size() < 600'000) content += lines.emplace_back(numbered(lines.size()));
  File file{content};
  CHECK(file.read() == lines);
}

TEST_CASE("whatever becomes of the bytes of a file, reading it ends without harm", "[jsonl_reader]") {
  samples::RandomTexts random{20260303};
  std::string whole;
  for (int record = 0; record < 8; ++record) {
    samples::Sample sample;
    samples::fill_randomly(sample, random);
    whole += line_of(*sample.record);
  }
  File file;
  for (int round = 0; round < 3'000; ++round) {
    std::string bytes = whole;
    for (std::uint64_t flips = 1 + random.below(20); flips > 0; --flips) {
      char& byte = bytes[random.below(bytes.size())];
      byte = random.one_in(2) ? "{}[]\":,\\u1v\n0-e."[random.below(17)] : static_cast<char>(random.below(256));
    }
    if (random.one_in(3)) bytes.erase(random.below(bytes.size()), random.below(300));
    file.write(bytes);
    ts::ReadResult result = ts::JsonlReader{file.path}.for_each([](const ts::Record& record) { line_of(record); });
    CHECK(result.records <= 20);
  }
}
