// SPDX-License-Identifier: MIT
#include <tallyscope/stored_record.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace ts = tallyscope;

namespace {

/// A record and everything that it borrows, random in every field.
class Made {
 public:
  /// `text_size` is the most that a text may have; no `text` at all is as likely as any.
  Made(std::uint64_t seed, std::size_t text_size, bool hostile = false)
      : random_{seed}, text_size_{text_size}, hostile_{hostile} {
    caller_ = {text(), text(), text(), text(), text(), text()};
    call_ = {ts::Operation{random_() % 2 ? std::string_view{"execute_tool"} : text()},
             text(),
             text(),
             text(),
             text(),
             text(),
             text(),
             random_()};
    response_ = {text(), text(), text(), text()};
    superseded_ = {count(), count(), cost()};
    for (ts::Part& part : parts_) part = {text(), usage()};
    for (ts::Label& label : labels_) label = {text(), text()};
  }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;

  ts::Record record() {
    ts::Record record{.caller = caller_, .call = call_, .response = response_};
    record.kind = static_cast<ts::Kind>(random_() % 4);
    record.outcome = static_cast<ts::Outcome>(random_() % ts::outcome_count);
    record.finality = static_cast<ts::Finality>(random_() % 3);
    record.input_source = static_cast<ts::Source>(random_() % 4);
    record.output_source = static_cast<ts::Source>(random_() % 4);
    for (unsigned code = 2; code < 8; ++code)  // text_cut and text_repaired are for the copy to set
      if (random_() % 2) record.diagnostics.set(static_cast<ts::Diagnostic>(code));
    record.id = {random_(), random_()};
    record.of = {random_(), random_()};
    record.start_utc = static_cast<std::int64_t>(random_());
    record.duration_ns = static_cast<std::int64_t>(random_());
    record.first_token_ns = count();
    record.sequence = count();
    record.error_type = text();
    record.usage = usage();
    record.metered = {count(), count(), count(), count(), text(), static_cast<float>(random_() % 1000) / 1000.0f};
    record.cost = cost();
    if (random_() % 2) record.provider_cost = money();
    if (random_() % 2) record.superseded = &superseded_;
    record.parts = {parts_, random_() % (ts::part_limit + 1)};
    record.labels = {labels_, random_() % (ts::label_limit + 1)};
    return record;
  }

 private:
  std::string_view text() {
    std::string& text = texts_.emplace_back(random_() % (text_size_ + 1), ' ');
    for (char& c : text) c = static_cast<char>(hostile_ ? random_() : 'a' + random_() % 26);
    return text;
  }
  ts::Count count() { return static_cast<std::int64_t>(random_()) >> random_() % 64; }
  ts::Money money() { return ts::Money::from_picodollars(static_cast<std::int64_t>(random_())); }
  ts::Cost cost() {
    return {.state = static_cast<ts::CostState>(random_() % ts::cost_state_count),
            .estimated = random_() % 2 == 0,
            .saturated = random_() % 2 == 0,
            .amount = money(),
            .known = money(),
            .price_book = text()};
  }
  ts::Usage usage() {
    ts::Usage usage;
    for (const ts::UsageField& field : ts::usage_fields) usage.*field.count = count();
    return usage;
  }

  std::mt19937_64 random_;
  std::size_t text_size_;
  bool hostile_;
  std::deque<std::string> texts_;
  ts::Caller caller_;
  ts::Call call_;
  ts::Response response_;
  ts::Superseded superseded_;
  ts::Part parts_[ts::part_limit];
  ts::Label labels_[ts::label_limit];
};

/// Every text of a record, in the order in which it is kept.
std::vector<std::string_view> texts_of(const ts::Record& record) {
  std::vector<std::string_view> texts;
  for (const ts::Part& part : record.parts) texts.push_back(part.model);
  const ts::Caller& caller = record.caller;
  const ts::Call& call = record.call;
  const ts::Response& response = record.response;
  texts.insert(texts.end(), {caller.tenant,
                             caller.application,
                             caller.user,
                             caller.user_key,
                             caller.session,
                             caller.turn,
                             call.operation.text(),
                             call.provider,
                             call.model,
                             call.name,
                             call.server,
                             call.endpoint,
                             call.region,
                             response.model,
                             response.service_tier,
                             response.region,
                             response.request_id,
                             record.error_type,
                             record.metered.estimator,
                             record.cost.price_book});
  if (record.superseded && record.superseded->cost) texts.push_back(record.superseded->cost->price_book);
  for (const ts::Label& label : record.labels) texts.insert(texts.end(), {label.key, label.value});
  return texts;
}

auto numbers_of(const ts::Cost& cost) {
  return std::tuple{cost.state, cost.estimated, cost.saturated, cost.amount, cost.known};
}

bool same_superseded(const ts::Superseded* a, const ts::Superseded* b) {
  if (!a || !b) return !a && !b;
  return a->input_tokens == b->input_tokens && a->output_tokens == b->output_tokens &&
         a->cost.has_value() == b->cost.has_value() && (!a->cost || numbers_of(*a->cost) == numbers_of(*b->cost));
}

/// The first thing but a text in which two records differ, or nothing.
std::string_view difference(const ts::Record& a, const ts::Record& b) {
  if (a.kind != b.kind) return "kind";
  if (a.outcome != b.outcome) return "outcome";
  if (a.finality != b.finality) return "finality";
  if (a.input_source != b.input_source) return "input_source";
  if (a.output_source != b.output_source) return "output_source";
  if (a.id != b.id) return "id";
  if (a.of != b.of) return "of";
  if (a.start_utc != b.start_utc) return "start_utc";
  if (a.duration_ns != b.duration_ns) return "duration_ns";
  if (a.first_token_ns != b.first_token_ns) return "first_token_ns";
  if (a.sequence != b.sequence) return "sequence";
  if (a.usage != b.usage) return "usage";
  if (a.metered.characters_in != b.metered.characters_in) return "characters_in";
  if (a.metered.characters_out != b.metered.characters_out) return "characters_out";
  if (a.metered.input_tokens != b.metered.input_tokens) return "estimated input_tokens";
  if (a.metered.output_tokens != b.metered.output_tokens) return "estimated output_tokens";
  if (a.metered.relative_error < b.metered.relative_error || a.metered.relative_error > b.metered.relative_error)
    return "relative_error";
  if (numbers_of(a.cost) != numbers_of(b.cost)) return "cost";
  if (a.provider_cost != b.provider_cost) return "provider_cost";
  if (!same_superseded(a.superseded, b.superseded)) return "superseded";
  if (a.call.identity_hash != b.call.identity_hash) return "identity_hash";
  if (a.parts.size() != b.parts.size()) return "the number of parts";
  for (std::size_t place = 0; place < a.parts.size(); ++place)
    if (a.parts[place].usage != b.parts[place].usage) return "the usage of a part";
  if (a.labels.size() != b.labels.size()) return "the number of labels";
  return {};
}

std::string_view full_difference(const ts::Record& a, const ts::Record& b) {
  if (const std::string_view found = difference(a, b); !found.empty()) return found;
  if (!(a.diagnostics == b.diagnostics)) return "diagnostics";
  return texts_of(a) == texts_of(b) ? "" : "texts";
}

std::size_t sum_of_sizes(const std::vector<std::string_view>& texts) {
  std::size_t sum = 0;
  for (const std::string_view text : texts) sum += text.size();
  return sum;
}

}  // namespace

TEST_CASE("a record comes back as it was stored, in every field", "[stored_record]") {
  for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
    Made made{seed, 30};
    const ts::Record record = made.record();
    const ts::StoredRecord stored{record};
    const auto view = stored.view();
    const std::string_view found = full_difference(record, *view);
    if (!found.empty()) FAIL("seed " << seed << ": " << found);
  }
}

TEST_CASE("what is stored no longer needs what it was made of", "[stored_record]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    auto made = std::make_unique<Made>(seed, 30);
    const ts::StoredRecord stored{made->record()};
    made.reset();
    Made again{seed, 30};
    const ts::Record expected = again.record();
    const auto view = stored.view();
    const std::string_view found = full_difference(expected, *view);
    if (!found.empty()) FAIL("seed " << seed << ": " << found);
  }
}

TEST_CASE("copying the bytes in use copies the record", "[stored_record]") {
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    Made made{seed, 60};
    const ts::Record record = made.record();
    const ts::StoredRecord stored{record};
    if (stored.size_in_use() > sizeof stored) FAIL("seed " << seed);
    for (const int around : {0x00, 0xFF}) {  // what else the place held makes no difference
      ts::StoredRecord copy;
      std::memset(static_cast<void*>(&copy), around, sizeof copy);
      std::memcpy(static_cast<void*>(&copy), &stored, stored.size_in_use());
      const auto view = copy.view();
      const auto original = stored.view();
      const std::string_view found = full_difference(*original, *view);
      if (!found.empty()) FAIL("seed " << seed << ": " << found);
      if (copy.size_in_use() != stored.size_in_use()) FAIL("seed " << seed);
    }
  }
}

TEST_CASE("storing a stored record again changes nothing", "[stored_record]") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Made made{seed, seed % 2 ? std::size_t{30} : std::size_t{400}};
    const ts::StoredRecord once{made.record()};
    const auto view = once.view();
    const ts::StoredRecord twice{*view};
    const auto again = twice.view();
    const std::string_view found = full_difference(*view, *again);
    if (!found.empty()) FAIL("seed " << seed << ": " << found);
  }
}

TEST_CASE("an ordinary record takes a fraction of the room", "[stored_record]") {
  const ts::Call call{.operation = ts::Operation::execute_tool, .model = "gpt-4.1", .name = "search_issues"};
  const ts::StoredRecord stored{ts::Record{.call = call}};
  const ts::StoredRecord empty;
  CHECK(stored.size_in_use() ==
        empty.size_in_use() + call.operation.text().size() + call.model.size() + call.name.size());
  CHECK(stored.size_in_use() < 1'024);
  CHECK(std::is_trivially_copyable_v<ts::StoredRecord>);
}

TEST_CASE("an empty stored record is an empty record", "[stored_record]") {
  const ts::StoredRecord stored;
  const auto view = stored.view();
  CHECK(full_difference(ts::Record{}, *view).empty());
  for (const std::string_view text : texts_of(*view)) CHECK(text.empty());
}

TEST_CASE("a known operation is a constant again when it comes back", "[stored_record]") {
  const std::string text = "execute_tool";
  const ts::Call call{.operation = std::string_view{text}};
  const ts::StoredRecord stored{ts::Record{.call = call}};
  CHECK(stored->call.operation.is_constant());
  CHECK(stored->call.operation == ts::Operation::execute_tool);
  CHECK_FALSE(stored->call.operation.is_model_call());
}

TEST_CASE("texts of 1,536 bytes in all are kept whole, whatever else the record has", "[stored_record]") {
  std::mt19937_64 random{22};
  for (int round = 0; round < 500; ++round) {
    // Two texts at most take it all: the first and the last that are kept.
    const std::string all(1'536, 'x');
    const std::size_t first = random() % 1'537;
    ts::Part parts[ts::part_limit];
    parts[0].model = std::string_view{all}.substr(0, first);
    const ts::Label label{.key = "", .value = std::string_view{all}.substr(first)};
    ts::Record record{};
    record.parts = {parts, 1 + random() % ts::part_limit};
    record.labels = {&label, 1};
    const ts::StoredRecord stored{record};
    const auto view = stored.view();
    const std::string_view found = full_difference(record, *view);
    if (!found.empty()) FAIL("round " << round << ": " << found);
  }
}

TEST_CASE("texts that are too large are cut, the numbers stay and the record says so", "[stored_record]") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Made made{seed, 2'000};
    const ts::Record record = made.record();
    const ts::StoredRecord stored{record};
    const auto view = stored.view();
    const std::string_view found = difference(record, *view);
    if (!found.empty()) FAIL("seed " << seed << ": " << found);

    const auto before = texts_of(record), after = texts_of(*view);
    if (before.size() != after.size()) FAIL("seed " << seed);
    bool cut = false;
    for (std::size_t place = 0; place < after.size(); ++place) {
      if (!before[place].starts_with(after[place])) FAIL("seed " << seed << ", text " << place);
      cut = cut || before[place].size() != after[place].size();
    }
    if (view->diagnostics.has(ts::Diagnostic::text_cut) != cut) FAIL("seed " << seed);
    if (cut && sum_of_sizes(after) < 1'536) FAIL("seed " << seed << ": cut at " << sum_of_sizes(after) << " bytes");
    if (stored.size_in_use() > sizeof stored) FAIL("seed " << seed);
  }
}

TEST_CASE("a mebibyte is cut between characters", "[stored_record]") {
  std::string text;
  while (text.size() < std::size_t{1} << 20) text += "\xE2\x82\xAC";
  const ts::Call call{.name = text, .server = text};
  const ts::StoredRecord stored{ts::Record{.call = call}};
  const auto view = stored.view();
  CHECK(view->call.name.size() % 3 == 0);
  CHECK(view->call.name.size() >= 1'530);
  CHECK(text.starts_with(view->call.name));
  CHECK(view->call.server.empty());
  CHECK(view->diagnostics.has(ts::Diagnostic::text_cut));
}

TEST_CASE("hostile bytes that fit are kept as they are, and cut ones stay within the room", "[stored_record]") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Made made{seed, seed % 2 ? std::size_t{20} : std::size_t{3'000}, true};
    const ts::Record record = made.record();
    const ts::StoredRecord stored{record};
    const auto view = stored.view();
    const std::string_view found = seed % 2 ? full_difference(record, *view) : difference(record, *view);
    if (!found.empty()) FAIL("seed " << seed << ": " << found);
    const auto* begin = reinterpret_cast<const char*>(&stored);
    const std::string_view operation = view->call.operation.text();  // a constant when it is a known one
    for (const std::string_view text : texts_of(*view))
      if (!text.empty() && text.data() != operation.data() &&
          (text.data() < begin || text.data() + text.size() > begin + stored.size_in_use()))
        FAIL("seed " << seed << ": a text outside of the bytes in use");
  }
}

TEST_CASE("labels beyond the eighth are dropped, and the record says so", "[stored_record]") {
  std::vector<ts::Label> labels(9, ts::Label{"key", "value"});
  ts::Record record{};
  record.labels = {labels.data(), 8};
  CHECK(ts::StoredRecord { record } -> labels.size() == 8);
  CHECK_FALSE(ts::StoredRecord { record } -> diagnostics.any());
  record.labels = {labels.data(), 9};
  CHECK(ts::StoredRecord { record } -> labels.size() == 8);
  CHECK(ts::StoredRecord { record } -> diagnostics.has(ts::Diagnostic::label_dropped));
}

TEST_CASE("parts beyond the eighth are dropped", "[stored_record]") {
  const std::vector<ts::Part> parts(100, ts::Part{.model = "m", .usage = {.input_tokens = 1}});
  ts::Record record{};
  record.parts = {parts.data(), parts.size()};
  CHECK(ts::StoredRecord { record } -> parts.size() == ts::part_limit);
}

TEST_CASE("a view stays right while other records are stored beside it", "[stored_record]") {
  std::vector<ts::StoredRecord> history;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Made made{seed, 30};
    history.emplace_back(made.record());  // moves all earlier ones now and then
  }
  for (std::uint64_t seed = 0; seed < history.size(); ++seed) {
    Made made{seed, 30};
    const ts::Record expected = made.record();
    const auto view = history[seed].view();
    const std::string_view found = full_difference(expected, *view);
    if (!found.empty()) FAIL("record " << seed << ": " << found);
  }
}
