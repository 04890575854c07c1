// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/estimators/detail/byte_letters.hpp>
#include <tallyscope/estimators/detail/known_patterns.hpp>
#include <tallyscope/estimators/detail/merge_pairs.hpp>
#include <tallyscope/estimators/detail/nfc_json.hpp>
#include <tallyscope/estimators/detail/token_slots.hpp>
#include <tallyscope/estimators/detail/vocabulary_image.hpp>
#include <tallyscope/estimators/detail/vocabulary_source.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tallyscope::inline v0::detail {

inline std::string text_of(const JsonString& string) {
  std::string text(string.raw().size(), '\0');
  text.resize(static_cast<std::size_t>(string.write(text.data()) - text.data()));
  return text;
}

inline std::string json_problem(const JsonScan& scan) {
  return "it is no JSON of the expected form: " + std::string{name_of(scan.failure().error)} + " at byte " +
         std::to_string(scan.failure().place);
}

/// Reads one tokenizer.json.
class TokenizerJson {
 public:
  TokenizerJson(std::string_view json, VocabularySource& source) noexcept : scan_{json}, source_{source} {}

  std::string read() {
    source_.whole_pieces = source_.nfc = false;
    JsonString key;
    if (scan_.begin_object())
      while (problem_.empty() && scan_.next_member(key)) {
        if (key.raw() == "added_tokens")
          read_added();
        else if (key.raw() == "normalizer")
          read_normalizer_member();
        else if (key.raw() == "pre_tokenizer")
          read_pre_tokenizer();
        else if (key.raw() == "model")
          read_model();
        else
          scan_.skip();
      }
    if (problem_.empty() && !scan_.at_end()) problem_ = json_problem(scan_);
    if (problem_.empty() && type_ != "BPE") problem_ = "its model is not of the type BPE";
    if (problem_.empty() && !byte_level_) problem_ = "it is not byte-level: the pre-tokenizer ByteLevel is not in it";
    if (problem_.empty() && !find_pattern(patterns_, source_.pattern))
      problem_ = "its pattern is not known here: " + patterns_;
    if (source_.nfc && normalized_specials_)
      refuse("it looks for added tokens in texts that are normalized, which is not done here");
    if (problem_.empty()) place_tokens();
    return problem_;
  }

 private:
  void refuse(std::string why) {
    if (problem_.empty()) problem_ = std::move(why);
  }

  void read_added() {
    if (!scan_.begin_array()) return void(scan_.skip());
    while (scan_.next_element()) {
      JsonString key, content;
      std::int64_t number = -1;
      std::string text;
      bool is_normalized = false;
      if (!scan_.begin_object()) return void(scan_.skip());
      while (scan_.next_member(key)) {
        if (key.raw() == "content" && scan_.string(content))
          text = text_of(content);
        else if (key.raw() == "normalized" && scan_.type() == JsonType::boolean)
          scan_.boolean(is_normalized);
        else if (key.raw() != "id" || !scan_.integer(number))
          scan_.skip();
      }
      if (number < 0 || number >= no_token || text.empty()) return refuse("an added token has no text or no number");
      source_.specials.push_back({std::move(text), static_cast<std::uint32_t>(number)});
      normalized_specials_ = normalized_specials_ || is_normalized;
    }
  }

  void read_normalizer_member() {
    if (!read_normalizer(scan_, source_.nfc)) refuse("it changes texts in another way than NFC (normalizer)");
  }

  void read_pre_tokenizer() {
    JsonString key, value;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (scan_.next_member(key)) {
      if (key.raw() == "pretokenizers" && scan_.begin_array())
        while (scan_.next_element()) read_pre_tokenizer();
      else if (key.raw() == "type" && scan_.string(value))
        byte_level_ = byte_level_ || value.raw() == "ByteLevel";
      else if (key.raw() == "pattern" && scan_.begin_object())
        read_pattern();
      else if (is_one_of(key.raw(), {"add_prefix_space", "use_regex", "invert"}) && scan_.type() == JsonType::boolean)
        refuse_true(key.raw());
      else if (key.raw() == "behavior" && scan_.string(value))
        refuse_behavior(value.raw());
      else
        scan_.skip();
    }
  }

  static bool is_one_of(std::string_view text, std::initializer_list<std::string_view> texts) noexcept {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  }

  void refuse_true(std::string_view member) {
    const std::string name{member};
    bool is_true = false;
    if (scan_.boolean(is_true) && is_true) refuse("its `" + name + "` is true, which is not done here");
  }

  void refuse_behavior(std::string_view behavior) {
    if (behavior != "Isolated") refuse("it does not keep what its pattern finds (behavior), which is not done here");
  }

  /// A member that changes what tokens are, unless it says nothing.
  void refuse_unless_nothing(std::string_view member) {
    const std::string name{member};
    JsonString text;
    std::string_view number;
    const bool nothing = scan_.type() == JsonType::string   ? scan_.string(text) && text.raw().empty()
                         : scan_.type() == JsonType::number ? scan_.number(number) && number == "0.0"
                                                            : scan_.null();
    if (!nothing) refuse("its `" + name + "` is set, which is not done here");
  }

  void read_pattern() {
    JsonString kind, pattern;
    while (scan_.next_member(kind))
      if (kind.raw() == "Regex" && scan_.string(pattern))
        patterns_ += (patterns_.empty() ? "" : "\n") + text_of(pattern);
      else
        scan_.skip();
  }

  void read_model() {
    JsonString key, value;
    if (!scan_.begin_object()) return void(scan_.skip());
    while (problem_.empty() && scan_.next_member(key)) {
      if (key.raw() == "type" && scan_.string(value))
        type_ = text_of(value);
      else if (key.raw() == "ignore_merges" && scan_.type() == JsonType::boolean)
        scan_.boolean(source_.whole_pieces);
      else if (is_one_of(key.raw(), {"byte_fallback", "fuse_unk"}) && scan_.type() == JsonType::boolean)
        refuse_true(key.raw());
      else if (is_one_of(key.raw(), {"dropout", "continuing_subword_prefix", "end_of_word_suffix"}))
        refuse_unless_nothing(key.raw());
      else if (key.raw() == "vocab" && scan_.begin_object())
        read_vocabulary();
      else if (key.raw() == "merges" && scan_.begin_array())
        read_merges();
      else
        scan_.skip();
    }
  }

  void read_vocabulary() {
    JsonString letters;
    std::int64_t number = 0;
    while (scan_.next_member(letters)) {
      if (!scan_.integer(number) || number < 0 || number >= token_limit)
        return refuse("a token has no number below 262,144");
      numbers_.insert_or_assign(text_of(letters), static_cast<std::uint32_t>(number));
    }
  }

  /// "left right", or [left, right]. Their results must come in the order of their numbers.
  void read_merges() {
    JsonString part;
    std::uint32_t last = 0;
    while (scan_.next_element()) {
      std::string left, right;
      if (scan_.string(part)) {
        left = text_of(part);
        const std::size_t space = std::min(left.find(' '), left.size());
        right = left.substr(std::min(space + 1, left.size()));
        left.resize(space);
      } else if (scan_.begin_array()) {
        for (std::string* side = &left; scan_.next_element(); side = &right)
          if (scan_.string(part)) *side += text_of(part);
      }
      const auto found = numbers_.find(left + right);
      if (found == numbers_.end()) return refuse("a merge makes no token");
      if (found->second < last) return refuse("its merges are not in the order of the tokens they make");
      last = found->second;
      merges_.insert(left + ' ' + right);
    }
  }

  /// What our encoder merges must be what the file merges: the last two parts of each token stand in its list.
  void check_merges() {
    std::vector<std::string> letters(source_.tokens.size());
    for (const auto& [text, number] : numbers_)
      if (number < letters.size() && !source_.tokens[number].empty()) letters[number] = text;
    TokenNumbers numbers;
    for (std::uint32_t number = 0; number < source_.tokens.size(); ++number)
      if (!source_.tokens[number].empty()) numbers.emplace(source_.tokens[number], number);
    for (const MergePair& pair : merge_pairs(source_.tokens, numbers))
      if (merges_.count(letters[pair.left] + ' ' + letters[pair.right]) == 0)
        return refuse("its merges do not make token " + std::to_string(pair.whole) + " as its bytes would");
  }

  /// Those that are no bytes must be added tokens.
  void place_tokens() {
    std::string bytes;
    std::unordered_set<std::uint32_t> added;
    for (const VocabularySource::Special& special : source_.specials) added.insert(special.token);
    for (const auto& [letters, number] : numbers_) {
      if (added.count(number) != 0) continue;
      if (!decode_letters(letters, bytes)) return refuse("token " + std::to_string(number) + " is not of bytes");
      if (source_.tokens.size() <= number) source_.tokens.resize(number + 1);
      if (!source_.tokens[number].empty()) return refuse("two tokens have the number " + std::to_string(number));
      source_.tokens[number] = bytes;
    }
    if (source_.tokens.empty()) return refuse("it has no tokens");
    check_merges();
  }

  JsonScan scan_;
  VocabularySource& source_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::unordered_set<std::string> merges_;
  std::string patterns_, type_, problem_;
  bool byte_level_ = false, normalized_specials_ = false;
};

}  // namespace tallyscope::inline v0::detail
