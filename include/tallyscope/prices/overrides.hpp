// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/override_text.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern "C" char** environ;  // as POSIX has it: to be declared by who uses it

namespace tallyscope::inline v0 {

/// A book with what the environment says in it, and a sentence for every variable that was left out: what is wrong with
/// it and what to write instead. The sentences are for people; they hold no control characters.
struct EnvironmentPrices {
  PriceBook book;
  std::vector<std::string> problems{};
};

/// Reads the variables TALLYSCOPE_PRICE__MODEL and TALLYSCOPE_PRICE__PROVIDER__MODEL into a copy of `base`. To be
/// called by a host that wants it; nothing here does.
///
///   TALLYSCOPE_PRICE__GPT_4_1=2.00/8.00           dollars per million tokens, input/output
///   TALLYSCOPE_PRICE__GPT_4_1=2.00/8.00/0.50      with cached input; without it a cached token has no price
///   TALLYSCOPE_PRICE__MY_MODEL=0.001/1k           one rate for all tokens, per thousand; /1M: per million
///   TALLYSCOPE_PRICE__AZURE__GPT_4_1=free         of one provider; known to cost nothing
///   TALLYSCOPE_PRICE__OPENAI_GPT_4_1=2.00/8.00    the same with one underscore, where `base` has such a model
///
/// Names are compared as a book compares them: case ignored, each of `-._/:` and space as `_`. A name that is a model
/// of `base` stands for it, for the other name that the built-in prices have for it and for its dated snapshots, at the
/// provider that has it; any other is a model of its own. What is left out, each with its problem: a text that is no
/// price, two variables for one model (both), and a name that models of several providers bear while none is named. All
/// others count.
///
/// Costs name the book as "builtin 2026-09-23 + environment", unless no variable counts. `environment` is a row of
/// texts NAME=VALUE that ends with a null pointer. While it is read no other thread may change the environment.
EnvironmentPrices prices_from_environment(const PriceBook& base = {}, const char* const* environment = ::environ);

namespace detail {

/// A text from outside as a part of a sentence.
inline std::string told_text(std::string_view text) {
  constexpr std::size_t limit = 120;
  std::string told{text.substr(0, limit)};
  for (char& byte : told)
    if (byte < ' ' || byte > '~' || byte == '"') byte = '?';
  return text.size() > limit ? told + "..." : told;
}

/// What a variable stands for.
struct PriceVariable {
  std::string_view name{};
  std::string provider{};
  std::string model{};
  std::string other_name{};  // of the model, where the book lists it by two
  PriceRule rates{};
};

/// The provider of a model, or two of several.
struct ModelOwners {
  std::string_view model{};  // as the book writes it
  std::string_view one{};
  std::string_view other{};
  bool found = false;

  bool several() const noexcept { return !other.empty(); }

  void add(const PriceRule& rule) noexcept {
    if (!found || rule.provider.empty()) one = rule.provider;  // a rule of any provider stands for all
    if (!share_provider(one, rule.provider)) other = rule.provider;
    if (one.empty()) other = {};
    model = rule.model;
    found = true;
  }
};

inline ModelOwners owners_of(const PriceBook& book, std::string_view provider, std::string_view plain) noexcept {
  ModelOwners owners;
  for (const PriceRule& rule : book.rates())
    if (reads_as(rule.model, plain) && share_provider(provider, rule.provider)) owners.add(rule);
  return owners;
}

inline std::string_view other_listed_name(const PriceBook& book, std::string_view plain) {
  const std::string_view other = builtin::other_name([&](std::string_view name) { return reads_as(name, plain); });
  const PlainName other_plain{other};
  for (const PriceRule& rule : book.rates())
    if (rule.source == builtin_prices_source && reads_as(rule.model, other_plain.text())) return other;
  return {};
}

/// Reads variables one by one, and at the end puts those that are right into a book.
class EnvironmentReader {
 public:
  explicit EnvironmentReader(const PriceBook& base) : base_{base} {}

  void read(std::string_view text) {
    constexpr std::string_view begin = "TALLYSCOPE_PRICE_";
    const std::size_t end = text.find('=');
    if (!text.starts_with(begin) || end == std::string_view::npos) return;
    PriceVariable variable{.name = text.substr(0, end)};
    const std::string_view model = variable.name.substr(begin.size());
    if (model.size() < 2 || model[0] != '_')
      return problem(variable, " names no model; write TALLYSCOPE_PRICE__MODEL, with two underscores");
    if (model.size() > plain_name_limit) return problem(variable, " is too long for the name of a model");
    const std::string_view value = text.substr(end + 1), wrong = read_override(value, variable.rates);
    if (!wrong.empty()) return problem(variable, ": \"" + told_text(value) + "\"" + std::string{wrong});
    if (find_model(variable, PlainName{model.substr(1)}.text())) variables_.push_back(std::move(variable));
  }

  EnvironmentPrices result() && {
    leave_out_doubles();
    // What is said of less goes behind what is said of more, and so before it in the book.
    std::stable_sort(variables_.begin(), variables_.end(), [](const PriceVariable& a, const PriceVariable& b) {
      if (a.provider.empty() != b.provider.empty()) return a.provider.empty();
      if (is_dated(a) != is_dated(b)) return is_dated(b);
      return a.model.size() < b.model.size();
    });
    PriceBook book = base_;
    for (const PriceVariable& variable : variables_) set(book, variable);
    if (book.rates().size() > base_.rates().size()) book = book.named(base_.name(), version());
    return {book, std::move(problems_)};
  }

 private:
  void problem(const PriceVariable& variable, const std::string& what) {
    problems_.push_back(told_text(variable.name) + what + ".");
  }

  /// A name is that of a model if the book has such a model, else those of a provider and a model with two underscores
  /// between them, else with one if the book has them. False after a problem.
  bool find_model(PriceVariable& variable, std::string_view plain) {
    const std::size_t end = plain.find("__");
    const bool has_provider = end != std::string_view::npos && end > 0 && end + 2 < plain.size();
    ModelOwners owners = owners_of(base_, {}, plain);
    if (!owners.found && has_provider) return set_model(variable, plain.substr(0, end), plain.substr(end + 2)), true;
    if (!owners.found) owners = owners_of(base_, {}, without_date(plain));
    if (!owners.found && find_provider(variable, plain)) return true;
    set_model(variable, owners.one, plain);
    if (owners.several()) problem(variable, advice(owners));
    return !owners.several();
  }

  /// The model as the book writes it, if it has it.
  void set_model(PriceVariable& variable, std::string_view provider, std::string_view plain) {
    const ModelOwners owners = owners_of(base_, provider, plain);
    variable.provider = provider;
    variable.model = owners.found ? owners.model : plain;
    variable.other_name = other_listed_name(base_, PlainName{variable.model}.text());
  }

  /// Is it a provider of the book, an underscore, and a model of that provider or a snapshot of one?
  bool find_provider(PriceVariable& variable, std::string_view plain) {
    for (std::size_t end = plain.find('_'); end != std::string_view::npos; end = plain.find('_', end + 1)) {
      const std::string_view provider = plain.substr(0, end), model = plain.substr(end + 1);
      for (const std::string_view name : {model, without_date(model)})
        if (!provider.empty() && !owners_of(base_, provider, name).one.empty())
          return set_model(variable, provider, model), true;
    }
    return false;
  }

  static std::string advice(const ModelOwners& owners) {
    return " means a model that " + told_text(owners.one) + " and " + told_text(owners.other) +
           " both have; name the provider, as in TALLYSCOPE_PRICE__" + upper(owners.one) + "__MODEL";
  }
  static std::string upper(std::string_view provider) {
    std::string name = told_text(PlainName{provider}.text());
    for (char& byte : name)
      if (byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - 'a' + 'A');
    return name;
  }

  static bool is_dated(const PriceVariable& variable) noexcept {
    return !without_date(PlainName{variable.model}.text()).empty();
  }

  bool same_model(const PriceVariable& a, const PriceVariable& b) const {
    return a.provider.empty() == b.provider.empty() && share_provider(a.provider, b.provider) &&
           (reads_as(a.model, PlainName{b.model}.text()) || reads_as(a.model, PlainName{b.other_name}.text()));
  }

  /// Two variables of one model: there is no telling which is meant.
  void leave_out_doubles() {
    std::vector<char> doubled(variables_.size(), 0);
    for (std::size_t later = 1; later < variables_.size(); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier)
        if (same_model(variables_[earlier], variables_[later])) {
          if (!doubled[later]) problem(variables_[later], " and " + told_text(variables_[earlier].name) + doubles);
          doubled[earlier] = doubled[later] = 1;
        }
    std::size_t place = 0;
    std::erase_if(variables_, [&](const PriceVariable&) { return doubled[place++] != 0; });
  }

  void set(PriceBook& book, const PriceVariable& variable) {
    PriceRule rule = variable.rates;
    rule.provider = variable.provider;
    rule.model = variable.model;
    rule.source = variable.name;
    if (const std::error_code error = book.set_rate(rule)) problem(variable, ": " + error.message());
  }

  std::string version() const {
    const std::string version{base_.version()};
    return version.empty() ? "+ environment" : version + " + environment";
  }

  static constexpr const char* doubles = " set the price of one model, and neither counts; keep one of them";

  const PriceBook& base_;
  std::vector<PriceVariable> variables_;
  std::vector<std::string> problems_;
};

}  // namespace detail

inline EnvironmentPrices prices_from_environment(const PriceBook& base, const char* const* environment) {
  detail::EnvironmentReader reader{base};
  for (; environment != nullptr && *environment != nullptr; ++environment) reader.read(*environment);
  return std::move(reader).result();
}

}  // namespace tallyscope::inline v0
