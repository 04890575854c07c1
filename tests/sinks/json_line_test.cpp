// SPDX-License-Identifier: MIT
#include <tallyscope/detail/json_line.hpp>

#include "catch.hpp"
#include "sample_records.hpp"

#include <clocale>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>

#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#define TALLYSCOPE_HAVE_NLOHMANN
#endif

namespace {

namespace ts = tallyscope;
namespace detail = tallyscope::detail;

std::string line_of(const ts::Record& record) {
  // On the heap and of exactly the promised size, so that AddressSanitizer sees a byte beyond it.
  std::vector<char> room(detail::json_line_room);
  return {room.data(), detail::write_json_line(room.data(), record)};
}

std::string line_with_name(std::string_view name) {
  const ts::Call call{.operation = "", .name = name};
  return line_of({.call = call});
}

/// What stands for `name` in a line.
std::string escaped(std::string_view name) {
  const std::string line = line_with_name(name);
  const std::string begin = "\"name\":\"";
  const std::size_t from = line.find(begin) + begin.size();
  return line.substr(from, line.find("\",\"outcome\"") - from);
}

bool has(const std::string& line, std::string_view piece) { return line.find(piece) != std::string::npos; }

}  // namespace

TEST_CASE("a record without anything is a line of what is always there", "[json_line]") {
  CHECK(line_of({.call = ts::no_call}) ==
        "{\"v\":1,\"kind\":\"call\",\"time\":\"1970-01-01T00:00:00.000000000Z\",\"duration_ns\":0,\"outcome\":"
        "\"success\","
        "\"cost_state\":\"not_applicable\"}\n");
}

TEST_CASE("the example of the format's document is what the writer writes", "[json_line]") {
  const ts::Caller caller{"acme", "support-bot", "5f4dcc3b5aa765d61d8327deb882cf99", "2026-a", "s-81", "t-3"};
  const ts::Call call{.provider = "openai", .model = "gpt-4.1-mini"};
  const ts::Response response{.model = "gpt-4.1-mini-2025-04-14", .request_id = "req_1"};
  const ts::Label label{"team", "search"};
  ts::Record record{.caller = caller, .call = call, .response = response, .finality = ts::Finality::final};
  record.id = {0x00c0ffee00c0ffee, 7};
  record.start_utc = 1'772'357'400'000'250'000;
  record.duration_ns = 1'840'000'000;
  record.first_token_ns = 310'000'000;
  record.sequence = 0;
  record.usage = {.input_tokens = 1000, .output_tokens = 500, .cache_read = 200};
  record.input_source = record.output_source = ts::Source::reported;
  record.cost = {.state = ts::CostState::priced, .amount = ts::Money::from_picodollars(1'140'000'000)};
  record.cost.price_book = "builtin 2026-03";
  record.labels = {&label, 1};
  const std::string line = line_of(record);
  std::ifstream file{TALLYSCOPE_SOURCE_DIR "/docs/format.md"};
  std::ostringstream document;
  document << file.rdbuf();
  INFO(line);
  CHECK(has(document.str(), "```json\n" + line + "```\n"));
}

TEST_CASE("the keys of a full line stand in the order of the format", "[json_line]") {
  const detail::FullestRecord fullest;
  const std::string line = line_of(fullest.record());
  std::size_t place = 0;
  for (const char* key : {"v",
                          "id",
                          "kind",
                          "of",
                          "time",
                          "duration_ns",
                          "first_token_ns",
                          "tenant",
                          "application",
                          "user",
                          "user_key",
                          "session",
                          "turn",
                          "sequence",
                          "operation",
                          "name",
                          "server",
                          "provider",
                          "request_model",
                          "response_model",
                          "endpoint",
                          "service_tier",
                          "region",
                          "request_id",
                          "outcome",
                          "error_type",
                          "finality",
                          "input_tokens",
                          "output_tokens",
                          "cache_read_tokens",
                          "cache_write_tokens",
                          "cache_write_5m_tokens",
                          "cache_write_1h_tokens",
                          "input_audio_tokens",
                          "reasoning_tokens",
                          "output_audio_tokens",
                          "web_searches",
                          "requests",
                          "tool_calls",
                          "characters_in",
                          "characters_out",
                          "estimated_input_tokens",
                          "estimated_output_tokens",
                          "estimator",
                          "estimator_error",
                          "input_source",
                          "output_source",
                          "known_cost_usd",
                          "cost_state",
                          "provider_cost_usd",
                          "price_book",
                          "parts",
                          "diagnostics",
                          "labels"}) {
    const std::size_t found = line.find("\"" + std::string{key} + "\":", place);
    INFO(key);
    REQUIRE(found != std::string::npos);
    place = found;
  }
}

TEST_CASE("what a line must not hold is escaped", "[json_line]") {
  CHECK(escaped("a\"b\\c/") == "a\\\"b\\\\c/");
  CHECK(escaped("\b\f\n\r\t") == "\\b\\f\\n\\r\\t");
  CHECK(escaped(std::string_view{"\0\x1b\x1f", 3}) == "\\u0000\\u001b\\u001f");
  CHECK(escaped("\x7f") == "\\u007f");
  CHECK(escaped("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0") == "\\u0080\\u009b\\u009f\xc2\xa0");
  CHECK(escaped("\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x92\xb8") == "\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x92\xb8");
  CHECK(escaped("a\xff\xe6\x97z") == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST_CASE("a byte to escape is found at every place of a text of every size", "[json_line]") {
  const std::pair<char, std::string> bytes[] = {{'"', "\\\""},           {'\\', "\\\\"},    {'\x1f', "\\u001f"},
                                                {'\x7f', "\\u007f"},     {'\0', "\\u0000"}, {'\x80', "\xEF\xBF\xBD"},
                                                {'\xff', "\xEF\xBF\xBD"}};
  for (std::size_t size = 1; size <= 70; ++size)
    for (std::size_t place = 0; place < size; ++place)
      for (const auto& [byte, expected] : bytes)
        for (const char rest : {' ', '~', '!', '#', '['}) {
          std::string text(size, rest);
          text[place] = byte;
          std::string wanted(size, rest);
          wanted.replace(place, 1, expected);
          if (escaped(text) != wanted) FAIL("size " << size << ", place " << place << ", byte " << int{byte});
        }
  for (std::size_t size = 1; size <= 70; ++size) CHECK(escaped(std::string(size, '~')) == std::string(size, '~'));
}

TEST_CASE("an amount is the exact decimal that Money prints", "[json_line]") {
  samples::RandomTexts random{11};
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> amounts{0, 1, -1, 10, 999'999'999'999, 1'000'000'000'000, -1'500'000'000'000, most, -most};
  for (int round = 0; round < 5'000; ++round)
    amounts.push_back(static_cast<std::int64_t>(random.random()) >> random.below(63));
  for (const std::int64_t amount : amounts) {
    const ts::Money money = ts::Money::from_picodollars(amount);
    char text[detail::money_room];
    REQUIRE(std::string(text, detail::write_money(text, money)) == money.exact());
  }
}

TEST_CASE("a cost is written where it is whole, and the known part where it is not", "[json_line]") {
  const auto line = [](ts::CostState state) {
    const ts::Money amount = ts::Money::from_picodollars(5'000'000'000), known = ts::Money::from_picodollars(2);
    return line_of({.cost = {.state = state, .amount = amount, .known = known}});
  };
  CHECK(has(line(ts::CostState::priced), ",\"cost_usd\":\"0.005\",\"cost_state\":\"priced\""));
  CHECK(has(line(ts::CostState::free), ",\"cost_usd\":\"0.005\",\"cost_state\":\"free\""));
  CHECK(has(line(ts::CostState::incomplete), ",\"known_cost_usd\":\"0.000000000002\",\"cost_state\":\"incomplete\""));
  for (const ts::CostState state : {ts::CostState::unpriced, ts::CostState::no_usage, ts::CostState::not_applicable})
    CHECK_FALSE(has(line(state), "cost_usd"));
}

TEST_CASE("finality is written where a model is called or a count is reported", "[json_line]") {
  CHECK_FALSE(has(line_of({}), "finality"));
  CHECK(has(line_of({.cost = {.state = ts::CostState::no_usage}}), "\"finality\":\"missing\""));
  CHECK(has(line_of({.finality = ts::Finality::partial, .usage = {.requests = 0}}), "\"finality\":\"partial\""));
}

TEST_CASE("the end of a turn has no cost state, a call and late usage always have one", "[json_line]") {
  CHECK_FALSE(has(line_of({.kind = ts::Kind::turn}), "cost_state"));
  CHECK_FALSE(has(line_of({.kind = ts::Kind::decision}), "cost_state"));
  CHECK(has(line_of({.kind = ts::Kind::call}), "cost_state"));
  const std::string late = line_of({.kind = ts::Kind::late_usage, .of = {1, 255}});
  CHECK(has(late, "\"kind\":\"late_usage\",\"of\":\"000000000000000100000000000000ff\""));
  CHECK(has(late, "cost_state"));
}

TEST_CASE("the region is the provider's word, else the host's", "[json_line]") {
  const ts::Call call{.region = "eu"};
  const ts::Response response{.region = "eu-west-1"};
  CHECK(has(line_of({.call = call}), "\"region\":\"eu\""));
  CHECK(has(line_of({.call = call, .response = response}), "\"region\":\"eu-west-1\""));
}

TEST_CASE("an estimator's error is a number to six digits, and absent when it says nothing", "[json_line]") {
  const auto line = [](float error) { return line_of({.metered = {.relative_error = error}}); };
  CHECK(has(line(0.15f), ",\"estimator_error\":0.15,"));
  CHECK(has(line(1), ",\"estimator_error\":1,"));
  CHECK(has(line(0.0625f), ",\"estimator_error\":0.0625,"));
  CHECK(has(line(std::numeric_limits<float>::infinity()), ",\"estimator_error\":1000000000,"));
  for (const float error : {0.0f, -0.5f, 1e-9f, std::numeric_limits<float>::quiet_NaN()})
    CHECK_FALSE(has(line(error), "estimator_error"));
}

TEST_CASE("each label key is written once, with its last value", "[json_line]") {
  const ts::Label labels[] = {{"team", "a"}, {"stage", "test"}, {"team", "b"}, {"", ""}};
  CHECK(has(line_of({.labels = {labels, 4}}), ",\"labels\":{\"team\":\"b\",\"stage\":\"test\",\"\":\"\"}}\n"));
}

TEST_CASE("a text beyond its limit is cut between two characters, and the line says so", "[json_line]") {
  CHECK(escaped(std::string(127, 'a') + "\xc3\xa9") == std::string(127, 'a'));
  CHECK(escaped(std::string(128, 'a')) == std::string(128, 'a'));
  CHECK_FALSE(has(line_with_name(std::string(128, 'a')), "text_cut"));
  CHECK(has(line_with_name(std::string(129, 'a')), ",\"diagnostics\":[\"text_cut\"]"));
  const std::string long_value(129, 'v');
  const ts::Label label{"k", long_value};
  const std::string line = line_of({.labels = {&label, 1}});
  CHECK(has(line, ",\"diagnostics\":[\"text_cut\"],\"labels\":{\"k\":\"" + std::string(128, 'v') + "\"}"));
}

TEST_CASE("labels beyond the eighth are left out, and the line says so", "[json_line]") {
  std::vector<std::string> keys;
  std::vector<ts::Label> labels;
  for (int key = 0; key < 9; ++key) keys.push_back(std::to_string(key));
  for (const std::string& key : keys) labels.push_back({key, "x"});
  const std::string line = line_of({.labels = {labels.data(), labels.size()}});
  CHECK(has(line, ",\"diagnostics\":[\"label_dropped\"],\"labels\":{\"0\""));
  CHECK(has(line, "\"7\":\"x\"}}"));
}

TEST_CASE("a value that is none of an enumeration leaves its key out", "[json_line]") {
  CHECK_FALSE(has(line_of({.outcome = static_cast<ts::Outcome>(200)}), "outcome"));
}

TEST_CASE("the host's locale changes nothing", "[json_line]") {
  samples::Sample sample;
  samples::fill_to_the_brim(sample);
  const std::string before = line_of(*sample.record);
  const std::string old = std::setlocale(LC_ALL, nullptr);
  for (const char* name : {"de_DE.UTF-8", "tr_TR.UTF-8", "C.UTF-8"}) {
    std::setlocale(LC_ALL, name);
    CHECK(line_of(*sample.record) == before);
  }
  std::setlocale(LC_ALL, old.c_str());
}

#if defined(TALLYSCOPE_HAVE_NLOHMANN)

namespace {

using Json = nlohmann::json;

/// UTF-8 by decoding and looking at the values: another way than the library's.
std::string repaired(std::string_view text) {
  std::string good;
  for (std::size_t place = 0; place < text.size();) {
    const auto byte = [&](std::size_t at) {
      return place + at < text.size() ? static_cast<unsigned char>(text[place + at]) : 0u;
    };
    const std::size_t size = byte(0) < 0x80       ? 1
                             : byte(0) >> 5 == 6  ? 2
                             : byte(0) >> 4 == 14 ? 3
                             : byte(0) >> 3 == 30 ? 4
                                                  : 0;
    std::uint32_t value = size < 2 ? byte(0) : byte(0) & (0x7Fu >> size);
    bool valid = size > 0;
    for (std::size_t at = 1; at < size; ++at) {
      valid = valid && byte(at) >> 6 == 2;
      value = value << 6 | (byte(at) & 0x3F);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    valid = valid && value >= least[size] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    good += valid ? std::string{text.substr(place, size)} : "\xEF\xBF\xBD";
    place += valid ? size : 1;
  }
  return good;
}

void expect(Json& json, const char* key, std::string_view text) {
  if (!text.empty()) json[key] = repaired(text);
}
void expect(Json& json, const char* key, ts::Count count) {
  if (count.has_value()) json[key] = count.value_or(0);
}
void expect_usage(Json& json, const ts::Usage& usage) {
  for (const auto& field : ts::usage_fields) expect(json, std::string{field.key}.c_str(), usage.*field.count);
}
void expect_id(Json& json, const char* key, ts::RecordId id) {
  const auto digits = id.hex();
  if (id) json[key] = std::string(digits.data(), digits.size());
}

void expect_who_and_what(Json& json, const ts::Record& record) {
  const auto& [tenant, application, user, user_key, session, turn] = record.caller;
  expect(json, "tenant", tenant), expect(json, "application", application), expect(json, "user", user);
  expect(json, "user_key", user_key), expect(json, "session", session), expect(json, "turn", turn);
  const ts::Call& call = record.call;
  expect(json, "operation", call.operation.text()), expect(json, "name", call.name);
  expect(json, "server", call.server), expect(json, "provider", call.provider);
  expect(json, "request_model", call.model), expect(json, "endpoint", call.endpoint);
  const auto& [model, tier, region, request_id] = record.response;
  expect(json, "response_model", model), expect(json, "service_tier", tier), expect(json, "request_id", request_id);
  expect(json, "region", region.empty() ? call.region : region);
  expect(json, "error_type", record.error_type);
}

void expect_counts(Json& json, const ts::Record& record) {
  json["duration_ns"] = record.duration_ns;
  expect(json, "first_token_ns", record.first_token_ns), expect(json, "sequence", record.sequence);
  expect_usage(json, record.usage);
  const ts::Metered& metered = record.metered;
  expect(json, "characters_in", metered.characters_in), expect(json, "characters_out", metered.characters_out);
  expect(json, "estimated_input_tokens", metered.input_tokens);
  expect(json, "estimated_output_tokens", metered.output_tokens), expect(json, "estimator", metered.estimator);
}

void expect_words(Json& json, const ts::Record& record) {
  const auto word = [](auto names, auto value) { return std::string{names[static_cast<std::size_t>(value)]}; };
  json["kind"] = word(ts::kind_names, record.kind);
  json["outcome"] = word(ts::outcome_names, record.outcome);
  const bool counted = record.usage != ts::Usage{} || record.cost.state != ts::CostState::not_applicable;
  if (counted) json["finality"] = word(ts::finality_names, record.finality);
  if (record.input_source != ts::Source::none) json["input_source"] = word(ts::source_names, record.input_source);
  if (record.output_source != ts::Source::none) json["output_source"] = word(ts::source_names, record.output_source);
}

void expect_cost(Json& json, const ts::Record& record) {
  const ts::Cost& cost = record.cost;
  if (cost.whole()) json["cost_usd"] = cost.amount.exact();
  if (cost.state == ts::CostState::incomplete) json["known_cost_usd"] = cost.known.exact();
  const bool always = record.kind == ts::Kind::call || record.kind == ts::Kind::late_usage;
  if (always || cost.state != ts::CostState::not_applicable)
    json["cost_state"] = std::string{ts::cost_state_names[static_cast<std::size_t>(cost.state)]};
  if (cost.estimated) json["cost_estimated"] = true;
  if (record.provider_cost) json["provider_cost_usd"] = record.provider_cost->exact();
  expect(json, "price_book", cost.price_book);
}

void expect_replaced(Json& json, const ts::Superseded& replaced) {
  expect(json, "replaced_input_tokens", replaced.input_tokens);
  expect(json, "replaced_output_tokens", replaced.output_tokens);
  if (!replaced.cost) return;
  const ts::Cost& cost = *replaced.cost;
  if (cost.whole()) json["replaced_cost_usd"] = cost.amount.exact();
  if (cost.state == ts::CostState::incomplete) json["replaced_known_cost_usd"] = cost.known.exact();
  json["replaced_cost_state"] = std::string{ts::cost_state_names[static_cast<std::size_t>(cost.state)]};
  if (cost.estimated) json["replaced_cost_estimated"] = true;
}

void expect_rows(Json& json, const ts::Record& record) {
  for (const ts::Part& part : record.parts) {
    Json object{{"model", repaired(part.model)}};
    expect_usage(object, part.usage);
    json["parts"].push_back(object);
  }
  for (std::size_t code = 0; code < std::size(ts::diagnostic_names); ++code)
    if (record.diagnostics.has(static_cast<ts::Diagnostic>(code)))
      json["diagnostics"].push_back(std::string{ts::diagnostic_names[code]});
  for (const ts::Label& label : record.labels) json["labels"][repaired(label.key)] = repaired(label.value);
}

/// The whole record as JSON, made without the library's writer.
Json expected(const ts::Record& record) {
  Json json{{"v", 1}};
  expect_id(json, "id", record.id), expect_id(json, "of", record.of);
  expect_who_and_what(json, record);
  expect_words(json, record);
  expect_counts(json, record);
  expect_cost(json, record);
  if (record.superseded != nullptr) expect_replaced(json, *record.superseded);
  expect_rows(json, record);
  return json;
}

}  // namespace

TEST_CASE("five thousand random records with hostile texts are read back field by field", "[json_line]") {
  samples::RandomTexts random{20260301};
  for (int round = 0; round < 5'000; ++round) {
    samples::Sample sample;
    samples::fill_randomly(sample, random);
    ts::Superseded superseded{samples::random_count(random), samples::random_count(random), sample.record->cost};
    if (random.one_in(3)) superseded.cost.reset();
    if (random.one_in(3)) sample.record->superseded = &superseded;
    const ts::Record& record = *sample.record;
    const std::string line = line_of(record);
    INFO(line);
    REQUIRE(line.size() <= detail::json_line_room);
    REQUIRE(line.find('\n') == line.size() - 1);
    Json json = Json::parse(line, nullptr, false);
    REQUIRE_FALSE(json.is_discarded());
    const double error = json.contains("estimator_error") ? json["estimator_error"].get<double>() : 0;
    REQUIRE(std::abs(error - static_cast<double>(record.metered.relative_error)) <= 1e-6);
    char time[detail::civil_time_size];
    detail::write_civil_time(time, record.start_utc);
    REQUIRE(json["time"] == std::string(time, sizeof time));
    json.erase("estimator_error"), json.erase("time");
    REQUIRE(json == expected(record));
  }
}

TEST_CASE("texts of any size never leave the room of a line, and what is written stays valid JSON", "[json_line]") {
  for (const std::string& piece : samples::hostile_texts()) {
    if (piece.empty()) continue;
    std::string text;
    while (text.size() < 5'000) text += piece;
    samples::Sample sample;
    sample.caller = {text, text, text, text, text, text};
    sample.call = {std::string_view{text}, text, text, text, text, text, text};
    sample.response = {text, text, text, text};
    sample.parts.assign(20, {text, {}});
    sample.labels.assign(20, {text, text});
    ts::Record& record = sample.make();
    record.error_type = record.metered.estimator = record.cost.price_book = text;
    const std::string line = line_of(record);
    REQUIRE(line.size() <= detail::json_line_room);
    const Json json = Json::parse(line, nullptr, false);
    REQUIRE(json.is_object());
    CHECK(json["parts"].size() == ts::part_limit);
    CHECK(json["diagnostics"][0] == "text_cut");
  }
}

TEST_CASE("a record filled to the brim is written whole", "[json_line]") {
  samples::Sample sample;
  samples::fill_to_the_brim(sample);
  Json json = Json::parse(line_of(*sample.record));
  json.erase("time"), json.erase("estimator_error");
  CHECK(json == expected(*sample.record));
}

TEST_CASE("what could be taken for the start of a record occurs only there", "[json_line]") {
  const ts::Label label{"v", "1"};
  const ts::Call call{.name = "{\"v\":1,"};
  const std::string line = line_of({.call = call, .labels = {&label, 1}});
  CHECK(line.find("{\"v\":1", 1) == std::string::npos);
}

#endif
