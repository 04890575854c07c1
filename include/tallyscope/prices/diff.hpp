// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/clock.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// Where two books disagree about a model. The texts are those of the rule that named the model, and live as long as
/// its book.
struct PriceDifference {
  std::string_view provider{};
  std::string_view model{};          ///< as the rule has it, wildcards too
  std::string_view service_tier{};   ///< empty: the standard one
  bool large_input = false;          ///< of calls beyond every threshold; else of small ones
  std::optional<PriceClass> kind{};  ///< none: only one of the books has a price for the model, or at the tier, at all
  std::optional<Rate> a{};           ///< as charged; none: not in this book
  std::optional<Rate> b{};
  bool in_a = true;
  bool in_b = true;
};

namespace detail {

constexpr bool same_rate(const std::optional<Rate>& a, const std::optional<Rate>& b) noexcept {
  if (!a || !b) return !a && !b;
  return int128{a->amount.picodollars()} * b->per == int128{b->amount.picodollars()} * a->per;
}

/// A name that a pattern stands for: as short as can be.
class SampleName {
 public:
  explicit SampleName(std::string_view model) noexcept {
    for (const char byte : model)
      if (byte != '*' && size_ < plain_name_limit) bytes_[size_++] = byte == '#' ? '0' : byte;
  }
  std::string_view text() const noexcept { return {bytes_, size_}; }

 private:
  std::size_t size_ = 0;
  char bytes_[plain_name_limit];
};

/// Compares two books at one time, text by text.
template <class Visit>
class PriceComparison {
 public:
  PriceComparison(const PriceBook& a, const PriceBook& b, std::int64_t at, Visit& visit)
      : a_{a}, b_{b}, at_{at}, visit_{visit} {}

  void run() {
    for (const PriceBook* book : {&a_, &b_}) {
      for (const PriceRule& rule : book->rates()) add_tier(rule.service_tier);
      for (const PriceAdjustment& adjustment : book->adjustments()) add_tier(adjustment.service_tier);
    }
    for (const PriceBook* book : {&a_, &b_})
      for (const PriceRule& rule : book->rates())
        if (is_new(rule)) compare(rule);
  }

 private:
  using Charged = std::optional<PriceRule>;

  void add_tier(std::string_view tier) {
    if (is_standard_tier(tier) || tier == "*") return;
    const PlainName plain{tier};
    const std::string_view one = one_tier_name(plain.text());
    for (const std::string_view& known : tiers_)
      if (known == one) return;
    tiers_.add(texts_.keep(one));
  }

  bool is_new(const PriceRule& rule) {
    const PlainName provider{rule.provider}, model{rule.model};
    const std::uint16_t owner = providers_.number_of(PlainName{one_provider_name(provider.text())});
    seen_.make_room();
    if (seen_.find(owner, model) != NameIndex::none) return false;
    seen_.place(owner, model) = 1;
    return true;
  }

  void compare(const PriceRule& rule) {
    if (!compare(rule, {})) return;
    for (const std::string_view& tier : tiers_) compare(rule, tier);
  }

  /// True where both have a price at the tier.
  bool compare(const PriceRule& rule, std::string_view tier) {
    const Charged small_a = charged(a_, rule, tier, 0), small_b = charged(b_, rule, tier, 0);
    const bool in_a = has_price(small_a), in_b = has_price(small_b);
    if (in_a != in_b) tell(rule, tier, in_a, in_b);
    if (!in_a || !in_b) return false;
    constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
    const Charged large_a = charged(a_, rule, tier, large), large_b = charged(b_, rule, tier, large);
    for (std::size_t kind = 0; kind < price_class_count; ++kind) {
      const auto rate = price_rule_rates[kind];
      tell(rule, tier, kind, false, (*small_a).*rate, (*small_b).*rate);
      if (!large_a || !large_b) continue;
      const bool tiered =
          !same_rate((*small_a).*rate, (*large_a).*rate) || !same_rate((*small_b).*rate, (*large_b).*rate);
      if (tiered) tell(rule, tier, kind, true, (*large_a).*rate, (*large_b).*rate);
    }
    return true;
  }

  Charged charged(const PriceBook& book, const PriceRule& rule, std::string_view tier, std::int64_t input) const {
    const SampleName sample{rule.model};
    return book.charged_for(rule.provider, sample.text(),
                            {.start_utc = at_, .input_tokens = input, .service_tier = tier});
  }

  /// Of what is billed by the token, or of anything where nothing is: a tier without a price still has its searches.
  static bool has_price(const Charged& rule) noexcept {
    return rule &&
           (rule->input || rule->output || rule->cache_read || rule->request || rule->page || rule->search_unit ||
            rule->audio_millisecond || rule->input_audio || rule->output_audio || rule->output_image);
  }

  void tell(const PriceRule& rule, std::string_view tier, bool in_a, bool in_b) {
    visit_(PriceDifference{
        .provider = rule.provider, .model = rule.model, .service_tier = tier, .in_a = in_a, .in_b = in_b});
  }
  void tell(const PriceRule& rule, std::string_view tier, std::size_t kind, bool large_input,
            const std::optional<Rate>& a, const std::optional<Rate>& b) {
    if (same_rate(a, b)) return;
    visit_(PriceDifference{.provider = rule.provider,
                           .model = rule.model,
                           .service_tier = tier,
                           .large_input = large_input,
                           .kind = static_cast<PriceClass>(kind),
                           .a = a,
                           .b = b,
                           .in_a = a.has_value(),
                           .in_b = b.has_value()});
  }

  const PriceBook& a_;
  const PriceBook& b_;
  std::int64_t at_;
  Visit& visit_;
  KeptTexts texts_;
  GrowingArray<std::string_view> tiers_;
  NumberedNames providers_{0};
  NameIndex seen_;
};

}  // namespace detail

/// Hands every difference between what two books charge at a time (nanoseconds since 1970) to `visit`: for each model
/// that a rule of either names, at each tier that either knows, of each class, for small inputs and, where a threshold
/// makes them another price, for large ones. A model is looked up as a call of it would be, so that a name in the one
/// book is compared with a pattern in the other. Throws std::bad_alloc and what `visit` throws.
template <class Visit>
void diff_prices(const PriceBook& a, const PriceBook& b, std::int64_t at, Visit&& visit) {
  detail::PriceComparison<std::remove_reference_t<Visit>>{a, b, at, visit}.run();
}

/// The same for now.
template <class Visit>
void diff_prices(const PriceBook& a, const PriceBook& b, Visit&& visit) {
  diff_prices(a, b, SystemClock{}.utc(), visit);
}

}  // namespace tallyscope::inline v0
