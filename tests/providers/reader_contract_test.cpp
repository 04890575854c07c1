// SPDX-License-Identifier: MIT
// What holds of every reader, whatever the bytes are.
#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/providers/any.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace ts = tallyscope;
namespace detail = ts::detail;
using streams::described;
using ts::Diagnostic;

ts::Reading openai(std::string_view body) { return ts::openai::usage(body); }
ts::Reading any(std::string_view body) { return ts::usage(body); }

template <class Events>
ts::Reading event(std::string_view json) {
  Events events;
  events.take("", json, {});
  return events.reading(true);
}

using Read = ts::Reading (*)(std::string_view);
constexpr Read readers[] = {openai,
                            ts::anthropic::usage,
                            ts::gemini::usage,
                            ts::bedrock::usage,
                            ts::cohere::usage,
                            ts::ollama::usage,
                            any,
                            event<ts::openai::Events>,
                            event<ts::anthropic::Events>,
                            event<ts::gemini::Events>,
                            event<ts::bedrock::Events>,
                            event<ts::cohere::Events>,
                            event<ts::ollama::Events>};

bool is_json(std::string_view text) {
  detail::JsonScan scan{text};
  return scan.skip() && scan.at_end();
}

bool is_sound(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = detail::character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::int64_t sum_of(std::initializer_list<ts::Count> counts) {
  ts::Count sum = 0;
  for (const ts::Count count : counts) sum += count;
  return sum.value_or(0);
}

bool parts_fit(const ts::Usage& usage) {
  const auto fit = [](ts::Count total, std::int64_t parts) { return !total.has_value() || parts <= total.value_or(0); };
  return fit(usage.input_tokens,
             sum_of({usage.cache_read, usage.cache_write, usage.cache_write_5m, usage.cache_write_1h, usage.input_audio,
                     usage.input_image, usage.input_video})) &&
         fit(usage.output_tokens, sum_of({usage.reasoning, usage.output_audio, usage.output_image}));
}

/// What is wrong with what a reader made of `body`; empty if nothing is.
std::string wrong_with(Read read, std::string_view body) {
  const std::vector<char> exact(body.begin(), body.end());  // so that AddressSanitizer sees a byte beyond it
  const ts::Reading reading = read({exact.data(), exact.size()});
  const auto has = [&](Diagnostic code) { return reading.diagnostics.has(code); };
  if (described(reading) != described(read(body))) return "it is not the same twice";
  if (reading.finality == ts::Finality::final && !is_json(body)) return "what is no JSON is final";
  if (!is_json(body) && !has(Diagnostic::body_malformed)) return "what is no JSON is not said to be";
  if (reading.finality == ts::Finality::partial && !has(Diagnostic::usage_not_final)) return "partial is not said";
  if (!parts_fit(reading.counts) && !has(Diagnostic::parts_exceed_total)) return "parts exceed their total unsaid";
  if (reading.counts.has_refused() && !has(Diagnostic::count_refused)) return "a count is refused unsaid";
  if (reading.provider_cost && reading.provider_cost->picodollars() < 0) return "a cost is below zero";
  if (reading.part_count > ts::part_limit) return "there are too many parts";
  for (const std::string_view text :
       {reading.served_model.view(), reading.served_tier.view(), reading.request_id.view(), reading.error_type.view()})
    if (!is_sound(text)) return "a text is no UTF-8";
  return {};
}

/// The same for all readers; `body` is shown where it fails.
void check_all(std::string_view body) {
  for (const Read read : readers)
    if (const std::string wrong = wrong_with(read, body); !wrong.empty()) FAIL_CHECK(wrong << ": " << body);
}

/// Where each value of a document begins and ends.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

void find_values(detail::JsonScan& scan, std::vector<Place>& places) {
  scan.type();
  const std::size_t begin = scan.taken();
  detail::JsonScan whole = scan;
  whole.skip();
  places.push_back({begin, whole.taken()});
  detail::JsonString key;
  if (scan.begin_object())
    while (scan.next_member(key)) find_values(scan, places);
  else if (scan.begin_array())
    while (scan.next_element()) find_values(scan, places);
  else
    scan.skip();
}

std::vector<Place> values_of(std::string_view document) {
  std::vector<Place> places;
  detail::JsonScan scan{document};
  find_values(scan, places);
  return places;
}

}  // namespace

TEST_CASE("a reader makes sense of every body as it is", "[reader_contract]") {
  for (const std::string_view body : bodies::all) {
    check_all(body);
    CHECK(ts::usage(body).finality == ts::Finality::final);
  }
}

TEST_CASE("a body that is cut anywhere is never final", "[reader_contract]") {
  for (const std::string_view body : bodies::all)
    for (std::size_t size = 0; size < body.size(); ++size) check_all(body.substr(0, size));
}

TEST_CASE("a cut body never has a count that the whole has not", "[reader_contract]") {
  for (const std::string_view body : bodies::all) {
    const ts::Usage whole = ts::usage(body).counts;
    for (std::size_t size = 0; size < body.size(); ++size) {
      const ts::Usage cut = ts::usage(body.substr(0, size)).counts;
      for (const auto count : {&ts::Usage::input_tokens, &ts::Usage::output_tokens, &ts::Usage::cache_read})
        if ((cut.*count).has_value() && cut.*count != whole.*count) FAIL_CHECK(body.substr(0, size));
    }
  }
}

TEST_CASE("a member of another type, or a number beyond all bounds, is borne", "[reader_contract]") {
  for (const std::string_view body : bodies::all)
    for (const Place& place : values_of(body))
      for (const char* const other :
           {"null", "true", "-1", "0", "1.5", "1e999", "9223372036854775807", "9223372036854775808",
            "123456789012345678901234567890", "\"\"", "\"\\ud800\"", "\"x\"", "[]", "{}", "[[1],{}]",
            R"({"usage":{"input_tokens":1},"type":"text","text":["x"]})", "nul", ""}) {
        std::string changed{body};
        changed.replace(place.begin, place.end - place.begin, other);
        check_all(changed);
      }
}

TEST_CASE("bytes that chance has changed are borne", "[reader_contract]") {
  std::mt19937 random{20260311};
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random);
  };
  for (int turn = 0; turn < 4'000; ++turn) {
    std::string changed{bodies::all[below(std::size(bodies::all))]};
    for (std::size_t times = below(4) + 1; times-- > 0;) {
      const std::size_t place = below(changed.size());
      if (below(3) == 0)
        changed.erase(place, below(20));
      else if (below(2) == 0)
        changed.insert(place, changed.substr(below(changed.size()), below(30)));
      else
        changed[place] = static_cast<char>(below(256));
      if (changed.empty()) changed = "{";
    }
    check_all(changed);
  }
}

TEST_CASE("a document that is nested without end is refused, wherever it is nested", "[reader_contract]") {
  std::string open(100'000, '[');
  check_all(open);
  check_all(R"({"usage":)" + open);
  for (const char* const nest : {R"({"error":)", R"({"message":)", R"({"response":)", R"({"choices":[{"message":)",
                                 R"({"output":)", R"({"content":[)", R"({"delta":)"}) {
    std::string nested;
    for (int depth = 0; depth < 20'000; ++depth) nested += nest;
    check_all(nested);
  }
}

TEST_CASE("a text of many megabytes is passed over", "[reader_contract]") {
  const std::string body = R"({"choices":[{"message":{"content":")" + std::string(8 << 20, 'x') + R"("}}],"model":")" +
                           std::string(1 << 20, 'm') + R"(","usage":{"prompt_tokens":3,"completion_tokens":4}})";
  const ts::Reading reading = ts::usage(body);
  CHECK(described(reading.counts) == "input 3 output 4 ");
  CHECK(reading.served_model.view() == std::string(128, 'm'));
}
