// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/prices/detail/kept_texts.hpp>
#include <tallyscope/prices/detail/load_rate.hpp>
#include <tallyscope/prices/detail/own_rates.hpp>
#include <tallyscope/prices/load_result.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tallyscope::inline v0::detail {

/// A text from a list as a part of a sentence.
inline std::string told(std::string_view text, std::size_t most = 80) {
  std::string told{text.substr(0, most)};
  for (char& byte : told)
    if (byte < ' ' || byte > '~') byte = '?';
  return text.size() > most ? told + "..." : told;
}

/// "line 12, column 8", both from 1; the column counts bytes.
inline std::string told_place(std::string_view document, std::size_t place) {
  const std::string_view before = document.substr(0, place);
  std::size_t line = 1, line_begin = 0;
  for (std::size_t at = before.find('\n'); at != std::string_view::npos; at = before.find('\n', at + 1)) {
    ++line;
    line_begin = at + 1;
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - line_begin + 1);
}

inline constexpr std::string_view no_price_stated = "no price is stated";
inline constexpr std::string_view no_provider_stated = "no provider is stated";
inline constexpr std::string_view name_too_long = "the name has more than 160 bytes";
inline constexpr std::string_view name_is_pattern = "a * or # in a name would stand for other characters";

/// Why one model is left out, and which bytes of the list say so.
struct ModelFault {
  std::string_view reason{};
  std::string_view member{};
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What the loading of a list goes through: the document, a copy of the book that is added to, and what there is to
/// tell.
class ListLoad {
 public:
  ListLoad(std::string_view document, const PriceBook& book, const LoadOptions& options, std::string_view format)
      : document_{document}, options_{options}, book_{book} {
    result_.format = format;
    if (document.size() > options.most_bytes)
      fail("the price list has " + std::to_string(document.size()) + " bytes, and no more than " +
           std::to_string(options.most_bytes) + " are read");
  }

  bool failed() const noexcept { return !result_.error.empty(); }
  JsonScan scan() const noexcept { return JsonScan{document_}; }

  void fail(std::string sentence) {
    if (!failed()) result_.error = std::move(sentence);
  }
  void fail_at(std::size_t place, std::string_view what) {
    if (!failed()) fail(told_place(document_, place) + ": " + std::string{what});
  }
  /// Where the document is no JSON, or goes on behind its end.
  void check(JsonScan& scan) {
    if (scan.at_end()) return;
    if (!scan.failed()) return fail_at(scan.taken(), "the price list goes on behind its end; fetch it anew");
    std::string what{name_of(scan.failure().error)};
    for (char& letter : what)
      if (letter == '_') letter = ' ';
    fail_at(scan.taken(), "the price list is no JSON from here on (" + what + "); fetch it anew");
  }

  /// A text that lives as long as this.
  std::string_view text(const JsonString& string) {
    if (!string.escaped()) return string.raw();
    std::string plain(string.raw().size(), '\0');
    plain.resize(static_cast<std::size_t>(string.write(plain.data()) - plain.data()));
    return texts_.keep(plain);
  }
  std::string_view keep(std::string_view text) { return texts_.keep(text); }

  void leave_out(std::string_view model, const ModelFault& fault) { remark(result_.left_out, model, fault); }
  void leave_unsaid(std::string_view model, const ModelFault& fault) { remark(result_.unsaid, model, fault); }

  void add(PriceRule rule) {
    if (failed()) return;
    if (result_.rules + result_.adjustments >= options_.most_rules)
      return fail("the price list makes more than " + std::to_string(options_.most_rules) + " rules");
    if (rule.source.empty()) rule.source = source();
    rule.as_of = options_.as_of;
    if (const std::error_code error = book_.add(rule))
      return fail("the price of " + told(rule.model) + " cannot be kept: " + error.message());
    ++result_.rules;
  }
  void add(PriceAdjustment adjustment) {
    if (failed()) return;
    adjustment.source = source();
    adjustment.as_of = options_.as_of;
    if (const std::error_code error = book_.add(adjustment))
      return fail("the multiplier of " + told(adjustment.model) + " cannot be kept: " + error.message());
    ++result_.adjustments;
  }
  void count_model() noexcept { ++result_.models; }

  std::string_view source() const noexcept { return options_.source.empty() ? result_.format : options_.source; }

  /// Gives `book` what was loaded, if all went well.
  LoadResult finish(PriceBook& book) && {
    if (!failed() && result_.models == 0)
      fail("there is no price in it: it is not " + std::string{result_.format} +
           (result_.left_out.empty() ? "" : "; " + result_.left_out.front().first));
    if (!failed()) book = book_;
    return std::move(result_);
  }

 private:
  void remark(std::vector<LoadRemark>& remarks, std::string_view model, const ModelFault& fault) {
    for (LoadRemark& known : remarks)
      if (known.reason == fault.reason) return void(++known.models);
    std::string first = told_place(document_, fault.begin) + ": " + told(model) + ": ";
    if (!fault.member.empty()) first += told(fault.member) + " is " + told(value(fault), 40) + ": ";
    remarks.push_back({fault.reason, 1, first + std::string{fault.reason}});
  }
  std::string_view value(const ModelFault& fault) const noexcept {
    return document_.substr(fault.begin, fault.end - fault.begin);
  }

  std::string_view document_;
  const LoadOptions& options_;
  PriceBook book_;
  KeptTexts texts_;
  LoadResult result_;
};

/// Takes the price that comes next. Nothing where there is none, null too; with a `fault` where it is none.
inline std::optional<Rate> take_rate(JsonScan& scan, PriceUnit unit, std::string_view member, ModelFault& fault) {
  if (scan.type() == JsonType::null) return scan.skip(), std::nullopt;
  const std::size_t begin = scan.taken();
  const std::string_view number = take_number(scan);
  Rate rate;
  const std::string_view wrong = number.empty() ? no_number : rate_of(number, unit, rate);
  if (wrong.empty()) return rate;
  if (fault.reason.empty()) fault = {wrong, member, begin, scan.taken()};
  return std::nullopt;
}

/// Does `load`, which fills a ListLoad; nothing is thrown.
template <class Load>
LoadResult load_list(PriceBook& book, std::string_view document, const LoadOptions& options, std::string_view format,
                     Load&& load) noexcept {
  LoadResult result;
  const std::error_code error = without_throwing([&] {
    ListLoad list{document, book, options, format};
    if (!list.failed()) load(list);
    result = std::move(list).finish(book);
    return std::error_code{};
  });
  if (error) result.error = "out of memory";  // short enough to need none
  return result;
}

}  // namespace tallyscope::inline v0::detail
