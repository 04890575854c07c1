// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/decimal.hpp>
#include <tallyscope/providers/detail/json_source.hpp>
#include <tallyscope/reading.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

constexpr char lower_case(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Are these the same but for the case of ASCII letters?
constexpr bool same_name(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t place = 0; place < a.size(); ++place)
    if (lower_case(a[place]) != lower_case(b[place])) return false;
  return true;
}

/// How a call ended whose HTTP status is this; nothing for a status that is no failure.
constexpr std::optional<Outcome> outcome_of_status(int status) noexcept {
  if (status < 400) return std::nullopt;
  if (status == 429) return Outcome::rate_limited;
  if (status == 408 || status == 504 || status == 524) return Outcome::timeout;
  if (status == 499) return Outcome::cancelled;
  return Outcome::error;
}

struct OutcomeWord {
  std::string_view word;
  Outcome outcome;
};

/// The words of providers for an ending that is not just an error, as they document them.
inline constexpr OutcomeWord outcome_words[] = {
    {"rate_limit_error", Outcome::rate_limited},
    {"rate_limit_exceeded", Outcome::rate_limited},
    {"rate_limit", Outcome::rate_limited},
    {"rate_limited", Outcome::rate_limited},
    {"too_many_requests", Outcome::rate_limited},
    {"resource_exhausted", Outcome::rate_limited},
    {"ThrottlingException", Outcome::rate_limited},
    {"TooManyRequestsException", Outcome::rate_limited},
    {"timeout", Outcome::timeout},
    {"timeout_error", Outcome::timeout},
    {"request_timeout", Outcome::timeout},
    {"deadline_exceeded", Outcome::timeout},
    {"ModelTimeoutException", Outcome::timeout},
    {"expired", Outcome::timeout},
    {"cancelled", Outcome::cancelled},
    {"canceled", Outcome::cancelled},
    {"user_cancel", Outcome::cancelled},
    {"content_filter", Outcome::policy_blocked},
    {"content_filtered", Outcome::policy_blocked},
    {"content_policy_violation", Outcome::policy_blocked},
    {"ResponsibleAIPolicyViolation", Outcome::policy_blocked},
    {"moderation_blocked", Outcome::policy_blocked},
    {"guardrail_intervened", Outcome::policy_blocked},
    {"refusal", Outcome::policy_blocked},
    {"error_toxic", Outcome::policy_blocked},
    {"safety", Outcome::policy_blocked},
    {"image_safety", Outcome::policy_blocked},
    {"recitation", Outcome::policy_blocked},
    {"image_recitation", Outcome::policy_blocked},
    {"blocklist", Outcome::policy_blocked},
    {"prohibited_content", Outcome::policy_blocked},
    {"image_prohibited_content", Outcome::policy_blocked},
    {"spii", Outcome::policy_blocked},
    {"model_armor", Outcome::policy_blocked},
    {"jailbreak", Outcome::policy_blocked},
    {"sensitive", Outcome::policy_blocked},
    {"error", Outcome::error},
    {"error_limit", Outcome::error},
    {"network_error", Outcome::error},
    {"insufficient_system_resource", Outcome::error},
    {"failed", Outcome::error},
    {"malformed_function_call", Outcome::error},
    {"unexpected_tool_call", Outcome::error},
    {"malformed_model_output", Outcome::error},
    {"malformed_tool_use", Outcome::error},
};

constexpr std::optional<Outcome> outcome_of_word(std::string_view word) noexcept {
  const auto known = std::find_if(std::begin(outcome_words), std::end(outcome_words),
                                  [&](const OutcomeWord& each) { return same_name(each.word, word); });
  if (known == std::end(outcome_words)) return std::nullopt;
  return known->outcome;
}

/// Is this how most answers end? The words for it are not looked for among those above.
constexpr bool is_usual_ending(std::string_view word) noexcept {
  return word == "stop" || word == "end_turn" || word == "completed" || word == "tool_calls" || word == "STOP";
}

/// Is this a word, such as an error type is? What is not may be anything, and would make a row of its own each time.
constexpr bool is_plain_word(std::string_view text) noexcept {
  const auto belongs = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), belongs);
}

constexpr bool is_all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// The name itself of an error that is written with a namespace before a # or an address behind a colon.
constexpr std::string_view bare_error_name(std::string_view name) noexcept {
  name = name.substr(0, name.find(':'));
  return name.substr(name.find('#') + 1);  // none: npos + 1 is 0
}

/// How a call ended, if that is known, and the provider's own word for it.
struct Ending {
  std::optional<Outcome> outcome{};
  JsonWord word{};

  /// The first failure counts.
  void fail(Outcome with, std::string_view its_word) noexcept {
    if (outcome && *outcome != Outcome::success) return;
    outcome = with;
    word = is_plain_word(its_word) ? JsonWord{its_word} : JsonWord{};
  }
  /// A reason to stop. One that is no failure is a success.
  void stop(std::string_view reason) noexcept {
    if (reason.empty()) return;
    const auto known = is_usual_ending(reason) ? std::nullopt : outcome_of_word(reason);
    if (known) return fail(*known, reason);
    if (!outcome) outcome = Outcome::success;
  }
  void merge(const Ending& later) noexcept {
    if (later.failed()) return fail(*later.outcome, later.word);
    if (!outcome) outcome = later.outcome;
  }
  bool failed() const noexcept { return outcome && *outcome != Outcome::success; }
  void give(Reading& reading) const noexcept {
    reading.outcome = outcome;
    reading.error_type = word.view();
  }
};

/// What a provider says went wrong: an object, or only a text.
class ProviderError {
 public:
  ProviderError() noexcept {}  // one that the compiler makes zeroes all bytes first

  /// Takes the value of a member `error`.
  void take(JsonSource& source) noexcept {
    if (source.type() == JsonType::string) {
      present_ = true;
      return;
    }
    source.members([&](MemberName key) { take_member(key, source); });
  }

  /// Takes a member of an error object, or one that stands in its place.
  void take_member(MemberName key, JsonSource& source) noexcept {
    present_ = true;
    if (key == "code") take_code(source);
    if (key == "type" || key == "__type" || key == "error_type") type_ = source.word();
    if (key == "status") status_ = source.word();
    if (key == "error" && source.type() == JsonType::object) take(source);
  }

  void set_type(const JsonWord& type) noexcept {
    present_ = true;
    type_ = type;
  }

  bool present() const noexcept { return present_; }

  void give(Ending& ending) const noexcept {
    if (present_) ending.fail(outcome(), word());
  }

 private:
  void take_code(JsonSource& source) noexcept {
    if (source.type() == JsonType::number)
      number_ = source.count().value_or(0);
    else
      code_ = source.word();
  }

  Outcome outcome() const noexcept {
    for (const std::string_view known : {code_.view(), status_.view(), bare_error_name(type_)})
      if (const auto outcome = outcome_of_word(known)) return *outcome;
    const std::int64_t status = is_all_digits(code_) && code_.view().size() == 3 ? digits_of_code() : number_;
    return status < 600 ? outcome_of_status(static_cast<int>(status)).value_or(Outcome::error) : Outcome::error;
  }
  std::int64_t digits_of_code() const noexcept {
    const auto digit = [&](std::size_t place) { return code_.view()[place] - '0'; };
    return digit(0) * 100 + digit(1) * 10 + digit(2);
  }

  /// The most exact word that there is. A number says less than any.
  JsonWord word() const noexcept {
    for (const std::string_view word : {code_.view(), status_.view(), bare_error_name(type_)})
      if (is_plain_word(word) && !is_all_digits(word)) return word;
    if (!code_.empty() || number_ == 0) return code_;
    char digits[decimal_room];
    const char* const end = write_decimal(digits, static_cast<std::uint64_t>(number_));
    return std::string_view{digits, static_cast<std::size_t>(end - digits)};
  }

  bool present_ = false;
  JsonWord code_{};
  JsonWord status_{};
  JsonWord type_{};
  std::int64_t number_ = 0;
};

}  // namespace tallyscope::inline v0::detail
