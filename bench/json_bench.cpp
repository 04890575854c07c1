// SPDX-License-Identifier: MIT
// Needs: <simdjson.h> -lsimdjson libsimdjson-dev
// What it costs to read the model, the tier and the token counts out of the body of a chat completion, beside
// simdjson's on-demand reader doing the same job on the same bytes: by the reader itself, which also looks for errors,
// tool calls, searches, refusals and the provider's own price, and by a bare walk, which is what the format alone
// costs. simdjson looks only at what it passes; here all of the document is checked. Its document is padded in advance
// and its parser kept, which is free for it.

#include "measure.hpp"

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/providers/openai.hpp>

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string_view>

namespace {

namespace detail = tallyscope::detail;
namespace openai = tallyscope::openai;
using detail::JsonScan;
using detail::JsonString;

struct Answer {
  std::string_view model{}, service_tier{};
  std::int64_t input = 0, output = 0, total = 0, cached = 0, reasoning = 0;

  bool operator==(const Answer&) const = default;
};

// The walk by JsonScan.

void read_detail(JsonScan& scan, std::string_view wanted, std::int64_t& to) {
  JsonString key;
  if (!scan.begin_object()) return void(scan.skip());
  while (scan.next_member(key)) {
    if (key.raw() != wanted || !scan.integer(to)) scan.skip();
  }
}

void read_usage(JsonScan& scan, Answer& answer) {
  JsonString key;
  if (!scan.begin_object()) return void(scan.skip());
  while (scan.next_member(key)) {
    if (key.raw() == "prompt_tokens")
      scan.integer(answer.input);
    else if (key.raw() == "completion_tokens")
      scan.integer(answer.output);
    else if (key.raw() == "total_tokens")
      scan.integer(answer.total);
    else if (key.raw() == "prompt_tokens_details")
      read_detail(scan, "cached_tokens", answer.cached);
    else if (key.raw() == "completion_tokens_details")
      read_detail(scan, "reasoning_tokens", answer.reasoning);
    else
      scan.skip();
  }
}

Answer by_scan(std::string_view body) {
  Answer answer;
  JsonScan scan{body};
  JsonString key, text;
  if (scan.begin_object())
    while (scan.next_member(key)) {
      if (key.raw() == "model" && scan.string(text))
        answer.model = text.raw();
      else if (key.raw() == "service_tier" && scan.string(text))
        answer.service_tier = text.raw();
      else if (key.raw() == "usage")
        read_usage(scan, answer);
      else
        scan.skip();
    }
  return scan.at_end() ? answer : Answer{};
}

/// Does the reader say the same?
bool agrees(const tallyscope::Reading& reading, const Answer& answer) {
  const tallyscope::Usage& counts = reading.counts;
  return reading.finality == tallyscope::Finality::final && reading.served_model == answer.model &&
         reading.served_tier == answer.service_tier && counts.input_tokens == answer.input &&
         counts.output_tokens == answer.output && counts.cache_read == answer.cached &&
         counts.reasoning == answer.reasoning;
}

// The same by simdjson.

using simdjson::ondemand::object;

void read_detail(object members, std::string_view wanted, std::int64_t& to) {
  for (auto member : members)
    if (member.unescaped_key() == wanted) to = member.value().get_int64();
}

void read_usage(object members, Answer& answer) {
  for (auto member : members) {
    const std::string_view key = member.unescaped_key();
    if (key == "prompt_tokens")
      answer.input = member.value().get_int64();
    else if (key == "completion_tokens")
      answer.output = member.value().get_int64();
    else if (key == "total_tokens")
      answer.total = member.value().get_int64();
    else if (key == "prompt_tokens_details")
      read_detail(member.value(), "cached_tokens", answer.cached);
    else if (key == "completion_tokens_details")
      read_detail(member.value(), "reasoning_tokens", answer.reasoning);
  }
}

Answer by_simdjson(simdjson::ondemand::parser& parser, const simdjson::padded_string& body) {
  Answer answer;
  simdjson::ondemand::document document = parser.iterate(body);
  for (auto member : document.get_object()) {
    const std::string_view key = member.unescaped_key();
    if (key == "model")
      answer.model = member.value().get_string();
    else if (key == "service_tier")
      answer.service_tier = member.value().get_string();
    else if (key == "usage")
      read_usage(member.value(), answer);
  }
  return answer;
}

// Documents.

// As models write: paragraphs, lists, quotations, and languages other than English.
constexpr std::string_view paragraphs[] = {
    "The second call was cheaper because the first one had left its prompt in the cache: 1,204 tokens were read from "
    "it, and only 88 were new. What was asked twice is billed twice, unless the provider says otherwise.\\n\\n",
    "- **Input**: $0.0012, of which most was cached\\n- **Output**: $0.0021, the larger part, as usual\\n\\n",
    "Ask for \\\"usage\\\" in the last event of a stream\xE2\x80\x94otherwise nobody\xE2\x80\x99s count is "
    "certain.\\n\\n",
    "Die Gr\xC3\xB6\xC3\x9F"
    "e des Speichers \xC3\xA4ndert daran nichts; \xE4\xBE\xA1\xE6\xA0\xBC\xE4\xB8\x8D\xE5\x8F\x98.\\n"};

std::string content(std::size_t size) {
  std::string text;
  for (std::size_t turn = 0; text.size() < size; ++turn) text += paragraphs[turn * 7 % 11 % std::size(paragraphs)];
  return text;
}

/// A logprob a token, as the API gives them.
std::string logprobs(std::size_t size) {
  std::mt19937 random{5};
  std::string text = "{\"content\":[";
  while (text.size() < size) {
    std::string word(1 + random() % 8, ' '), bytes;
    for (char& letter : word) {
      letter = static_cast<char>('a' + random() % 26);
      if (!bytes.empty()) bytes += ',';
      bytes += std::to_string(int{letter});
    }
    if (text.back() == '}') text += ',';
    text += "{\"token\":\"";
    text += word;
    text += "\",\"logprob\":-0.";
    text += std::to_string(1'000 + random() % 99'999'999);
    text += ",\"bytes\":[";
    text += bytes;
    text += "],\"top_logprobs\":[]}";
  }
  return text + "],\"refusal\":null}";
}

std::string body(std::string_view text, std::string_view probabilities) {
  std::string all =
      "{\"id\":\"chatcmpl-9fKx1\",\"object\":\"chat.completion\",\"created\":1741570283,\"model\":\"gpt-4.1-2025-04-"
      "14\","
      "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
  all += text;
  all += "\",\"refusal\":null,\"annotations\":[]},\"logprobs\":";
  all += probabilities;
  all +=
      ",\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1117,\"completion_tokens\":46,\"total_tokens\":1163,"
      "\"prompt_tokens_details\":{\"cached_tokens\":1024,\"audio_tokens\":0},\"completion_tokens_details\":{"
      "\"reasoning_tokens\":12,\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}},"
      "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_fc9f1d7035\"}";
  return all;
}

/// Four spaces a level, one member or element a line.
std::string pretty(std::string_view compact) {
  std::string text;
  std::size_t level = 0;
  const auto line = [&] { text += '\n' + std::string(level * 4, ' '); };
  bool quoted = false;
  for (std::size_t place = 0; place < compact.size(); ++place) {
    const char c = compact[place];
    if (quoted) {
      text += c;
      if (c == '\\') text += compact[++place];
      quoted = c != '"';
      continue;
    }
    quoted = c == '"';
    if (c == ']' || c == '}') --level, line();
    text += c;
    if (c == '[' || c == '{') ++level, line();
    if (c == ',') line();
    if (c == ':') text += ' ';
  }
  return text;
}

constexpr std::size_t mebibyte = 1 << 20;

struct Sample {
  const char* name;
  std::string body;
};

}  // namespace

int main() {
  const Sample samples[] = {{"4 KiB", body(content(3'300), "null")},
                            {"1 MiB, one long text", body(content(mebibyte), "null")},
                            {"1 MiB, many small members", body(content(200), logprobs(mebibyte))},
                            {"1 MiB, pretty-printed", pretty(body(content(200), logprobs(mebibyte * 2 / 7)))}};
  bench::Table table;
  simdjson::ondemand::parser parser;
  std::vector<simdjson::padded_string> padded;
  for (const Sample& sample : samples) padded.emplace_back(sample.body);
  for (std::size_t i = 0; i < std::size(samples); ++i) {
    const Sample& sample = samples[i];
    const Answer other = by_simdjson(parser, padded[i]);
    if (!(by_scan(sample.body) == other) || !agrees(openai::usage(sample.body), other) || other.reasoning != 12 ||
        other.service_tier != "default") {
      std::printf("%s: the readers do not agree\n", sample.name);
      return EXIT_FAILURE;
    }
    const int times = sample.body.size() > mebibyte / 2 ? 1 : 200;
    const auto add = [&](const char* what, const auto& read) {
      table.add(std::string{sample.name} + what, "",
                [read, times] { return bench::timed(times, [&](int) { bench::keep(read()); }); });
    };
    add(": reader", [&sample] { return openai::usage(sample.body); });
    add(": walk", [&sample] { return by_scan(sample.body); });
    add(": simdjson", [&parser, &bytes = padded[i]] { return by_simdjson(parser, bytes); });
  }
  table.run(101);
  std::printf("%-28s %10s %12s %12s %12s %8s %8s   %s\n", "document", "bytes", "reader ns", "walk ns", "simdjson ns",
              "reader x", "walk x", "must");
  for (const Sample& sample : samples) {
    const std::string reader = std::string{sample.name} + ": reader", walk = std::string{sample.name} + ": walk";
    const std::string other = std::string{sample.name} + ": simdjson";
    std::printf("%-28s %10zu %12.0f %12.0f %12.0f %8.2f %8.2f   reader <= 2\n", sample.name, sample.body.size(),
                table.nanoseconds(reader), table.nanoseconds(walk), table.nanoseconds(other),
                table.ratio(reader, other), table.ratio(walk, other));
  }
  std::printf("simdjson's implementation: %s\n", simdjson::get_active_implementation()->name().c_str());
  return EXIT_SUCCESS;
}
