// SPDX-License-Identifier: MIT
// Random rules, adjustments and usages, priced once more by numbers without limits and straight from the contract.
#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace ts = tallyscope;
using State = ts::CostState;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// A whole number of any size, least significant word first: an independent way to the same amounts.
class BigNumber {
 public:
  explicit BigNumber(std::uint64_t value)
      : words_{static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)} {}

  BigNumber operator*(const BigNumber& other) const {
    BigNumber product{0};
    product.words_.assign(words_.size() + other.words_.size(), 0);
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j < other.words_.size(); ++j) {
        carry += std::uint64_t{words_[i]} * other.words_[j] + product.words_[i + j];
        product.words_[i + j] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
      }
      product.words_[i + other.words_.size()] = static_cast<std::uint32_t>(carry);
    }
    return product;
  }

  /// Quotient rounded half to even, bit by bit; what is beyond int64 comes back as 2^64 - 1.
  std::uint64_t divided_half_even(const BigNumber& divisor) const {
    BigNumber rest{0};
    std::uint64_t quotient = 0;
    bool beyond = false;
    for (std::size_t bit = words_.size() * 32; bit-- > 0;) {
      rest.double_and_add(words_[bit / 32] >> (bit % 32) & 1);
      beyond = beyond || quotient >> 63;
      quotient <<= 1;
      if (rest.compare(divisor) >= 0) {
        rest.subtract(divisor);
        quotient |= 1;
      }
    }
    rest.double_and_add(0);
    const int half = rest.compare(divisor);
    if (half > 0 || (half == 0 && quotient % 2 != 0)) ++quotient;
    return beyond || quotient > static_cast<std::uint64_t>(most) ? ~std::uint64_t{0} : quotient;
  }

 private:
  std::uint32_t word(std::size_t place) const { return place < words_.size() ? words_[place] : 0; }

  void double_and_add(std::uint32_t bit) {
    for (std::uint32_t& word : words_) {
      const std::uint32_t next = word >> 31;
      word = word << 1 | bit;
      bit = next;
    }
    if (bit != 0) words_.push_back(bit);
  }

  int compare(const BigNumber& other) const {
    for (std::size_t place = std::max(words_.size(), other.words_.size()); place-- > 0;)
      if (word(place) != other.word(place)) return word(place) < other.word(place) ? -1 : 1;
    return 0;
  }

  void subtract(const BigNumber& other) {
    std::int64_t borrow = 0;
    for (std::size_t place = 0; place < words_.size(); ++place) {
      const std::int64_t difference = std::int64_t{words_[place]} - other.word(place) + borrow;
      words_[place] = static_cast<std::uint32_t>(difference);
      borrow = difference < 0 ? -1 : 0;
    }
  }

  std::vector<std::uint32_t> words_;
};

/// A multiplier as two factors a side, so that nothing is reduced or cut on the way.
struct Factors {
  ts::Fraction one{}, other{};
};

struct Expected {
  State state = State::priced;
  std::map<ts::PriceClass, std::int64_t> quantities{};
  std::uint64_t amount = 0;  // 2^64 - 1: beyond int64
};

/// The contract of a cost, line by line, with numbers of any size.
class Oracle {
 public:
  Oracle(const ts::PriceRule& rule, const ts::Usage& usage, const Factors& adjusted, bool without_tier)
      : rule_{rule}, usage_{usage}, adjusted_{adjusted}, without_tier_{without_tier} {
    input();
    output();
    line(ts::PriceClass::web_search, count(usage.web_searches));
    line(ts::PriceClass::file_search, count(usage.file_searches));
    line(ts::PriceClass::search_unit, count(usage.search_units));
    line(ts::PriceClass::page, count(usage.pages));
    line(ts::PriceClass::audio_millisecond, count(usage.audio_milliseconds));
    if (rule.request) line(ts::PriceClass::request, usage.requests.has_value() ? count(usage.requests) : 1);
    if (rule.other_charges) open();
    const bool in = usage.input_tokens.has_value(), out = usage.output_tokens.has_value();
    const bool by_other = count(usage.search_units) + count(usage.pages) + count(usage.audio_milliseconds) > 0;
    if (!(in && out) && !(!in && !out && by_other)) open();
  }

  Expected expected() const { return expected_; }

 private:
  __extension__ using Wide = unsigned __int128;

  static std::uint64_t count(ts::Count count) { return static_cast<std::uint64_t>(count.value_or(0)); }
  bool has(ts::PriceClass kind) const {
    return (rule_.*ts::price_rule_rates[static_cast<std::size_t>(kind)]).has_value();
  }
  void open() { expected_.state = State::incomplete; }

  void input() {
    const std::uint64_t audio = count(usage_.cache_read_audio), image = count(usage_.cache_read_image);
    const bool cache_stated = usage_.cache_read.has_value();
    const Wide read = cache_stated ? Wide{count(usage_.cache_read)} : Wide{audio} + image;
    const Wide parts = read + count(usage_.cache_write) + count(usage_.cache_write_5m) + count(usage_.cache_write_1h) +
                       count(usage_.input_audio) + count(usage_.input_image) + count(usage_.input_video);
    if (!fits(parts, usage_.input_tokens)) return;
    if (Wide{audio} + image > read)
      open();
    else
      cache(static_cast<std::uint64_t>(read), audio, image);
    line(ts::PriceClass::cache_write, count(usage_.cache_write));
    line(ts::PriceClass::cache_write_5m, count(usage_.cache_write_5m));
    line(ts::PriceClass::cache_write_1h, count(usage_.cache_write_1h));
    line(ts::PriceClass::input_audio, count(usage_.input_audio));
    std::uint64_t rest =
        usage_.input_tokens.has_value() ? count(usage_.input_tokens) - static_cast<std::uint64_t>(parts) : 0;
    rest += left(ts::PriceClass::input_image, count(usage_.input_image));
    rest += left(ts::PriceClass::input_video, count(usage_.input_video));
    line(ts::PriceClass::input, rest);
  }

  void cache(std::uint64_t read, std::uint64_t audio, std::uint64_t image) {
    std::uint64_t text = read - audio - image;
    line(ts::PriceClass::cache_read_audio, audio);
    if (image > 0 && !has(ts::PriceClass::cache_read_image) && has(ts::PriceClass::input_image))
      open();
    else
      text += left(ts::PriceClass::cache_read_image, image);
    line(ts::PriceClass::cache_read, text);
  }

  void output() {
    const Wide parts = Wide{count(usage_.reasoning)} + count(usage_.output_audio) + count(usage_.output_image);
    if (!fits(parts, usage_.output_tokens)) return;
    std::uint64_t rest =
        usage_.output_tokens.has_value() ? count(usage_.output_tokens) - static_cast<std::uint64_t>(parts) : 0;
    rest += left(ts::PriceClass::reasoning, count(usage_.reasoning));
    rest += left(ts::PriceClass::output_image, count(usage_.output_image));
    line(ts::PriceClass::output_audio, count(usage_.output_audio));
    line(ts::PriceClass::output, rest);
  }

  /// Are the parts to be priced? They are where no total is known that they exceed.
  bool fits(Wide parts, ts::Count total) {
    const bool exceed = parts > count(total);
    if (parts > 0 && exceed) open();
    return !(total.has_value() && exceed);
  }

  /// What is left for the total's line of a part that may have a rate of its own.
  std::uint64_t left(ts::PriceClass kind, std::uint64_t quantity) {
    if (!has(kind)) return quantity;
    line(kind, quantity);
    return 0;
  }

  static bool is_by_token(ts::PriceClass kind) {
    const std::string_view name = ts::price_class_names[static_cast<std::size_t>(kind)];
    return name != "web_search" && name != "request" && name != "file_search" && name != "search_unit" &&
           name != "page" && name != "audio_millisecond";
  }

  void line(ts::PriceClass kind, std::uint64_t quantity) {
    if (quantity == 0) return;
    if (!has(kind) || (without_tier_ && is_by_token(kind))) return open();
    const ts::Rate& rate = *(rule_.*ts::price_rule_rates[static_cast<std::size_t>(kind)]);
    const Factors adjusted = is_by_token(kind) ? adjusted_ : Factors{};
    const auto big = [](std::int64_t value) { return BigNumber{static_cast<std::uint64_t>(value)}; };
    const BigNumber above = BigNumber{quantity} * big(rate.amount.picodollars()) * big(rule_.multiplier.numerator) *
                            big(adjusted.one.numerator) * big(adjusted.other.numerator);
    const BigNumber below = big(rate.per) * big(rule_.multiplier.denominator) * big(adjusted.one.denominator) *
                            big(adjusted.other.denominator);
    const std::uint64_t amount = above.divided_half_even(below);
    constexpr auto limit = static_cast<std::uint64_t>(most);
    const bool beyond = expected_.amount > limit || amount > limit || expected_.amount + amount > limit;
    expected_.amount = beyond ? ~std::uint64_t{0} : expected_.amount + amount;
    expected_.quantities[kind] = static_cast<std::int64_t>(quantity);
  }

  const ts::PriceRule& rule_;
  const ts::Usage& usage_;
  Factors adjusted_;
  bool without_tier_;
  Expected expected_;
};

class Random {
 public:
  explicit Random(unsigned seed) : numbers_{seed} {}

  bool once_in(unsigned times) { return numbers_() % times == 0; }
  ts::Fraction fraction() { return {1 + number(7), 1 + number(7)}; }
  /// Of any size up to `bits` bits.
  std::int64_t number(unsigned bits) { return static_cast<std::int64_t>(numbers_() >> (64 - 1 - numbers_() % bits)); }

  ts::PriceRule rule() {
    ts::PriceRule rule{.model = "acme-1"};
    const std::int64_t pers[] = {1, 3, 7, 1'000, 1'000'000, 999'983};
    for (const auto rate : ts::price_rule_rates) {
      if (once_in(6)) continue;
      const bool usual = once_in(2);
      const std::int64_t amount = usual ? number(20) * 1'000'000 : number(36);
      rule.*rate = ts::Rate{ts::Money::from_picodollars(amount), usual ? 1'000'000 : pers[numbers_() % 6]};
    }
    if (once_in(3)) rule.multiplier = {1 + number(10), 1 + number(10)};
    rule.other_charges = once_in(10);
    return rule;
  }

  ts::Usage usage() {
    ts::Usage usage;
    const bool huge = once_in(8);
    for (const ts::UsageField& field : ts::usage_fields)
      if (!once_in(3)) usage.*field.count = number(huge ? 63 : 24);
    if (!once_in(4)) usage.cache_read = total({usage.cache_read_audio, usage.cache_read_image, number(20)});
    if (!once_in(4))
      usage.input_tokens = total({usage.cache_read, usage.cache_write, usage.cache_write_5m, usage.cache_write_1h,
                                  usage.input_audio, usage.input_image, usage.input_video, number(20)});
    if (!once_in(4)) usage.output_tokens = total({usage.reasoning, usage.output_audio, usage.output_image, number(20)});
    return usage;
  }

 private:
  static ts::Count total(std::initializer_list<ts::Count> counts) {
    ts::Count sum;
    for (const ts::Count count : counts) sum += count;
    return sum;
  }

  std::mt19937_64 numbers_;
};

}  // namespace

TEST_CASE("the independent arithmetic of the next test is right", "[price_book]") {
  CHECK((BigNumber{5} * BigNumber{1}).divided_half_even(BigNumber{2}) == 2);
  CHECK((BigNumber{7} * BigNumber{1}).divided_half_even(BigNumber{2}) == 4);
  CHECK((BigNumber{~std::uint64_t{0}} * BigNumber{6}).divided_half_even(BigNumber{~std::uint64_t{0}} * BigNumber{4}) ==
        2);
  CHECK((BigNumber{1u << 31} * BigNumber{1u << 31} * BigNumber{2}).divided_half_even(BigNumber{1}) ==
        ~std::uint64_t{0});
}

namespace {

/// What one call is priced by, and what that comes to.
struct Drawn {
  ts::PriceBook book = ts::PriceBook::empty("random", "1");
  ts::PriceRule rule{};
  std::string_view tier{}, region{};
  std::optional<ts::Fraction> of_tier{}, of_region{};

  explicit Drawn(Random& random) : rule{random.rule()} {
    if (book.add(rule)) return;
    if (!random.once_in(3)) of_tier = adjust({.service_tier = "flex", .multiplier = random.fraction()});
    if (!random.once_in(3)) of_region = adjust({.region = "eu", .multiplier = random.fraction()});
    if (random.once_in(2)) tier = "Flex";
    if (random.once_in(2)) region = "EU";
  }

  bool taken() const { return book.rates().size() == 1; }
  bool without_tier() const { return !tier.empty() && !of_tier; }
  Factors adjusted() const {
    return {tier.empty() ? ts::Fraction{} : of_tier.value_or(ts::Fraction{}),
            region.empty() ? ts::Fraction{} : of_region.value_or(ts::Fraction{})};
  }

 private:
  ts::Fraction adjust(const ts::PriceAdjustment& adjustment) {
    REQUIRE_FALSE(book.add(adjustment));
    return adjustment.multiplier;
  }
};

bool same_lines(const ts::CostLines& lines, const Expected& expected) {
  if (lines.size() != expected.quantities.size()) return false;
  return std::all_of(lines.begin(), lines.end(), [&](const ts::CostLine& line) {
    const auto found = expected.quantities.find(line.kind);
    return found != expected.quantities.end() && found->second == line.quantity;
  });
}

bool is_sum(const ts::CostLines& lines) {
  ts::Money sum;
  for (const ts::CostLine& line : lines) sum += line.amount;
  return sum == lines.cost.known;
}

bool same(const ts::Cost& a, const ts::Cost& b) {
  return a.state == b.state && a.amount == b.amount && a.known == b.known && a.saturated == b.saturated;
}

}  // namespace

TEST_CASE("any usage at any rates, tier and region comes to what arithmetic without limits says", "[price_book]") {
  Random random{20260923};
  int priced = 0, without_tier = 0;
  for (int round = 0; round < 10'000; ++round) {
    Drawn drawn{random};
    if (!drawn.taken()) continue;
    if (drawn.without_tier()) ++without_tier;
    for (int call = 0; call < 5; ++call) {
      const ts::Usage usage = random.usage();
      const ts::Call asked{.provider = "acme", .model = "acme-1"};
      const ts::Response response{.service_tier = drawn.tier, .region = drawn.region};
      const ts::Record record{.call = asked, .response = response, .usage = usage};
      const ts::Cost cost = drawn.book.price(record);
      const ts::CostLines lines = drawn.book.lines(record);
      if (cost.state == State::no_usage) continue;
      const Expected expected = Oracle{drawn.rule, usage, drawn.adjusted(), drawn.without_tier()}.expected();
      const bool beyond = expected.amount > static_cast<std::uint64_t>(most);
      const bool right = cost.state == expected.state && cost.saturated == beyond &&
                         cost.known.picodollars() == (beyond ? most : static_cast<std::int64_t>(expected.amount)) &&
                         cost.amount == (cost.state == State::priced ? cost.known : ts::Money{});
      if (!right) FAIL("round " << round << ", call " << call << ": " << cost.known.exact());
      if (!same(cost, lines.cost) || !same_lines(lines, expected) || !is_sum(lines))
        FAIL("lines of round " << round << ", call " << call);
      if (cost.state == State::priced) ++priced;
    }
  }
  CHECK(priced > 1000);
  CHECK(without_tier > 1000);
}
