// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/base64.hpp>
#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/detail/text_scanner.hpp>
#include <tallyscope/estimators/detail/known_patterns.hpp>
#include <tallyscope/estimators/detail/tokenizer_json.hpp>
#include <tallyscope/estimators/detail/vocabulary_source.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

// Readers of the files that vocabularies are published as. Each returns a sentence that says why there is none, or an
// empty one, and throws what the standard library's containers throw. What is read is checked: no file, however broken,
// does more harm than a sentence.
namespace tallyscope::inline v0 {

namespace detail {

/// A number in decimal digits that stands for a token.
inline bool read_token_number(std::string_view digits, std::uint32_t& number) noexcept {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} && end == digits.data() + digits.size() && number < token_limit;
}

/// Puts a token at its number.
inline std::string put_token(VocabularySource& source, std::uint32_t number, std::string bytes) {
  if (source.tokens.size() <= number) source.tokens.resize(number + 1);
  if (bytes.empty()) return "token " + std::to_string(number) + " has no bytes";
  if (!source.tokens[number].empty()) return "there are two tokens with the number " + std::to_string(number);
  source.tokens[number] = std::move(bytes);
  return {};
}

/// Puts what padded base64 stands for in the place of what `bytes` holds.
inline bool read_token_bytes(std::string_view text, std::string& bytes) {
  bytes.clear();
  return text.size() % 4 == 0 && decode_base64(text, [&](std::string_view piece) { bytes.append(piece); });
}

/// The words of a line, one after the other.
inline std::string_view next_word(std::string_view& line) noexcept {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size() < line.size() ? word.size() + 1 : line.size());
  return word;
}
inline std::string_view next_line(std::string_view& text) noexcept {
  std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() < text.size() ? line.size() + 1 : text.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// "! first-number base64 base64 ...", a line for each run of numbers.
inline std::string read_rank_lines(std::string_view text, VocabularySource& source) {
  std::string bytes;
  while (!text.empty()) {
    std::string_view line = next_line(text);
    if (line.empty()) continue;
    const std::string_view mark = next_word(line), first = next_word(line);
    std::uint32_t number = 0;
    if (mark != "!" || !read_token_number(first, number))
      return "a line of bpe_ranks does not begin with `!` and a number";
    for (; !line.empty(); ++number) {
      if (!read_token_bytes(next_word(line), bytes)) return "a token of bpe_ranks is no base64";
      if (number >= token_limit) return "bpe_ranks has a number beyond " + std::to_string(token_limit - 1);
      if (std::string problem = put_token(source, number, bytes); !problem.empty()) return problem;
    }
  }
  return {};
}

}  // namespace detail

/// OpenAI's `.tiktoken`: a line "base64 number" for each token. It names neither the pattern nor special tokens:
/// `source` keeps those it has.
inline std::string read_tiktoken(std::string_view text, VocabularySource& source) {
  std::string bytes;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    std::string_view line = detail::next_line(text);
    if (line.empty()) continue;
    const std::string place = "line " + std::to_string(line_number) + ": ";
    const std::string_view token = detail::next_word(line);
    std::uint32_t number = 0;
    if (!detail::read_token_bytes(token, bytes)) return place + "the token is no base64";
    if (!detail::read_token_number(line, number)) return place + "a number below 262,144 was expected behind the token";
    if (std::string problem = detail::put_token(source, number, bytes); !problem.empty()) return place + problem;
  }
  return source.tokens.empty() ? "there is no token in it" : std::string{};
}

/// The JSON that npm's `tiktoken` has for each encoding: its pattern, special tokens and all others.
inline std::string read_tiktoken_json(std::string_view json, VocabularySource& source) {
  detail::JsonScan scan{json};
  detail::JsonString key, value;
  bool has_pattern = false;
  if (scan.begin_object())
    while (scan.next_member(key)) {
      if (key.raw() == "pat_str" && scan.string(value)) {
        const std::string pattern = detail::text_of(value);
        if (!detail::find_pattern(pattern, source.pattern)) return "its pattern is not known here: " + pattern;
        has_pattern = true;
      } else if (key.raw() == "bpe_ranks" && scan.string(value)) {
        if (std::string problem = detail::read_rank_lines(detail::text_of(value), source); !problem.empty())
          return problem;
      } else if (key.raw() == "special_tokens" && scan.begin_object()) {
        std::int64_t number = 0;
        while (scan.next_member(value))
          if (scan.integer(number) && number >= 0 && number < detail::no_token)
            source.specials.push_back({detail::text_of(value), static_cast<std::uint32_t>(number)});
          else
            scan.skip();
      } else {
        scan.skip();
      }
    }
  if (!scan.at_end()) return detail::json_problem(scan);
  if (!has_pattern) return "it has no pattern (pat_str)";
  return source.tokens.empty() ? "it has no tokens (bpe_ranks)" : std::string{};
}

/// Hugging Face's `tokenizer.json`, of byte-level BPE. What its counts would not be exact for is refused: other models
/// than BPE, patterns that are not known here, normalizers but NFC, merges in another order than that of the tokens.
inline std::string read_tokenizer_json(std::string_view json, VocabularySource& source) {
  return detail::TokenizerJson{json, source}.read();
}

}  // namespace tallyscope::inline v0
