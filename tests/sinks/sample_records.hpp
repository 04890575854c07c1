// SPDX-License-Identifier: MIT
// Records to try sinks with: hostile, extreme and random ones.
#pragma once

#include <tallyscope/record.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace samples {

/// Texts as an attacker or a broken program would choose them.
inline const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{
      "",
      "\"",
      "\\",
      "\\\"},{\"v\":1",
      std::string{"a\0b", 3},
      "line\nbreak\r\n\t\b\f",
      "\x1b[31mred\x1b[0m",
      "\x7f",
      "\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0",
      "{\"v\":1,\"kind\":\"call\"}",
      "=cmd|' /C calc'!A0",
      "<script>alert(1)</script>",
      "'; DROP TABLE calls; --",
      "../../etc/passwd",
      "%s%s%n{}{0}",
      "\xc3\xa9t\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x92\xb8",
      "\xe2\x80\xae\xe2\x80\xa8\xef\xbb\xbf",
      "\xff\xfe",
      "\xc0\xaf",
      "\xed\xa0\x80",
      "\xf4\x90\x80\x80",
      "cut off \xe6\x97",
      "\x80\x81\x82",
      "exactly sixteen.",
      "seventeen letters",
      "0123456789abcde\"",
      "\"0123456789abcdef",
      "0123456\n",
  };
  return texts;
}

/// Random texts of random bytes, or taken from the hostile ones.
class RandomTexts {
 public:
  explicit RandomTexts(std::uint64_t seed) : random{seed} {}

  std::uint64_t below(std::uint64_t limit) { return random() % limit; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  std::string text(std::size_t most) {
    if (one_in(4)) return {};
    if (one_in(4)) return hostile_texts()[below(hostile_texts().size())].substr(0, most);
    std::string bytes(below(most + 1), ' ');
    const bool plain = one_in(2);
    for (char& byte : bytes) byte = static_cast<char>(plain ? 0x20 + below(0x5F) : below(0x100));
    return bytes;
  }

  std::mt19937_64 random;
};

/// Owns what a Record borrows.
struct Sample {
  tallyscope::Caller caller{};
  tallyscope::Call call{.operation = ""};
  tallyscope::Response response{};
  std::vector<tallyscope::Part> parts{};
  std::vector<tallyscope::Label> labels{};
  std::vector<std::string> texts{};
  std::optional<tallyscope::Record> record{};

  Sample() { texts.reserve(64); }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }

  /// The record, with the members that are kept here; the rest is the caller's to fill.
  tallyscope::Record& make() {
    record.emplace(tallyscope::Record{.caller = caller, .call = call, .response = response});
    record->parts = {parts.data(), parts.size()};
    record->labels = {labels.data(), labels.size()};
    return *record;
  }
};

inline tallyscope::Count random_count(RandomTexts& random) {
  if (random.one_in(3)) return {};
  if (random.one_in(8)) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(random.random() >> (1 + random.below(63)));
}

inline tallyscope::Usage random_usage(RandomTexts& random) {
  tallyscope::Usage usage;
  if (random.one_in(4)) return usage;
  for (const auto& field : tallyscope::usage_fields) usage.*field.count = random_count(random);
  return usage;
}

inline tallyscope::Money random_money(RandomTexts& random) {
  return tallyscope::Money::from_picodollars(static_cast<std::int64_t>(random.random()) >> random.below(63));
}

inline void fill_texts(Sample& sample, RandomTexts& random, std::size_t most) {
  auto& [tenant, application, user, user_key, session, turn] = sample.caller;
  for (auto* text : {&tenant, &application, &user, &user_key, &session, &turn}) *text = sample.keep(random.text(most));
  tallyscope::Call& call = sample.call;
  call.operation = sample.keep(random.text(most));
  for (auto* text : {&call.provider, &call.model, &call.name, &call.server, &call.endpoint, &call.region})
    *text = sample.keep(random.text(most));
  auto& [model, tier, region, request] = sample.response;
  for (auto* text : {&model, &tier, &region, &request}) *text = sample.keep(random.text(most));
}

inline void fill_rows(Sample& sample, RandomTexts& random, std::size_t most) {
  static constexpr std::string_view keys[] = {"team", "\"", "a\nb", "", "v", "\xc3\xa9", "\x7f", "team "};
  if (random.one_in(2))
    for (std::uint64_t left = random.below(tallyscope::part_limit + 1); left > 0; --left)
      sample.parts.push_back({sample.keep(random.text(most)), random_usage(random)});
  if (random.one_in(2))
    for (std::uint64_t left = random.below(tallyscope::label_limit + 1); left > 0; --left)
      sample.labels.push_back({keys[random.below(8)], sample.keep(random.text(most))});
}

/// A record in which everything is left to chance; its texts are at most 40 bytes, so that none is cut.
inline void fill_randomly(Sample& sample, RandomTexts& random) {
  using namespace tallyscope;
  constexpr std::size_t most = 40;
  fill_texts(sample, random, most);
  fill_rows(sample, random, most);
  Record& record = sample.make();
  record.kind = static_cast<Kind>(random.below(4));
  record.outcome = static_cast<Outcome>(random.below(outcome_count));
  record.finality = static_cast<Finality>(random.below(3));
  record.input_source = static_cast<Source>(random.below(4));
  record.output_source = static_cast<Source>(random.below(4));
  for (std::size_t code = 0; code < 8; ++code)
    if (random.one_in(6)) record.diagnostics.set(static_cast<Diagnostic>(code));
  if (!random.one_in(10)) record.id = {random.random() | 1, random.random()};
  if (random.one_in(4)) record.of = {random.random() | 1, random.random()};
  record.start_utc = static_cast<std::int64_t>(random.random());
  record.duration_ns = static_cast<std::int64_t>(random.random() >> (1 + random.below(60)));
  record.first_token_ns = random_count(random);
  record.sequence = random_count(random);
  record.error_type = sample.keep(random.text(most));
  record.usage = random_usage(random);
  record.metered = {random_count(random),           random_count(random),
                    random_count(random),           random_count(random),
                    sample.keep(random.text(most)), static_cast<float>(random.below(1000)) / 1000.0f};
  record.cost = {.state = static_cast<CostState>(random.below(cost_state_count)),
                 .estimated = random.one_in(2),
                 .saturated = random.one_in(9),
                 .amount = random_money(random),
                 .known = random_money(random),
                 .price_book = sample.keep(random.text(most))};
  if (random.one_in(3)) record.provider_cost = random_money(random);
}

/// As much as a record can hold: the largest counts, 768 bytes of texts, 8 labels and 8 parts.
inline void fill_to_the_brim(Sample& sample) {
  using namespace tallyscope;
  const std::string_view word = sample.keep(std::string(48, '"'));
  const std::string_view key = sample.keep("01234567");
  const std::string_view value = sample.keep(std::string(label_value_limit, '\x01'));
  sample.caller = {word, word, word, word, word, word};
  sample.call = {word, word, word, word, word, word, word};
  sample.response = {word, word, word, word};
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  Usage usage;
  for (const auto& field : usage_fields) usage.*field.count = most;
  sample.parts.assign(part_limit, {"m", usage});
  for (std::size_t place = 0; place < label_limit; ++place) sample.labels.push_back({key.substr(place), value});
  Record& record = sample.make();
  record.id = record.of = {~std::uint64_t{0}, ~std::uint64_t{0}};
  record.start_utc = record.duration_ns = most;
  record.first_token_ns = record.sequence = most;
  record.error_type = "e";
  record.usage = usage;
  record.metered = {most, most, most, most, "estimator", 1e9f};
  record.cost = {.state = CostState::priced,
                 .estimated = true,
                 .saturated = true,
                 .amount = Money::from_picodollars(most),
                 .known = Money::from_picodollars(most),
                 .price_book = "book"};
  record.provider_cost = Money::from_picodollars(-most);
}

}  // namespace samples
