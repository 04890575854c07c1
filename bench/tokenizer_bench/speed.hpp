// SPDX-License-Identifier: MIT
#pragma once

#include "ours.hpp"
#include "peer.hpp"
#include "texts.hpp"

#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace bench {

struct Tokenized {
  std::string encoding;
  const tallyscope::Vocabulary* vocabulary;
};

struct NamedPeer {
  std::string name;
  Peer peer;
};

/// Do all that count a text find the same number of tokens?
class Agreement {
 public:
  void check(const std::string& what, const std::string& who, std::uint64_t tokens) {
    const auto first = first_.try_emplace(what, who, tokens).first->second;
    if (first.tokens == tokens || ++differences_ > 20) return;
    std::printf("DIFFERENCE: %s has %llu tokens by %s and %llu by %s\n", what.c_str(),
                static_cast<unsigned long long>(first.tokens), first.who.c_str(),
                static_cast<unsigned long long>(tokens), who.c_str());
  }
  int differences() const noexcept { return differences_; }

 private:
  struct Said {
    Said(std::string name, std::uint64_t count) : who{std::move(name)}, tokens{count} {}
    std::string who;
    std::uint64_t tokens;
  };
  std::map<std::string, Said> first_;
  int differences_ = 0;
};

/// Every way of counting for every text and encoding, in rounds.
class Speed {
 public:
  Speed(const std::vector<Text>& texts, const std::vector<Tokenized>& vocabularies, Agreement& agreement)
      : texts_{texts}, vocabularies_{vocabularies}, agreement_{agreement} {}

  void add_ours(const std::string& name, ours::Round (*pass)(const tallyscope::Vocabulary&, std::string_view)) {
    add(name, [this, name, pass](const Tokenized& by, const Text& text) {
      const ours::Round round = pass(*by.vocabulary, text.bytes);
      if (round.tokens > 0) agreement_.check(by.encoding + " " + text.name, name, round.tokens);
      return round.nanoseconds;
    });
  }
  void add_peer(NamedPeer& peer) {
    add(peer.name, [this, &peer](const Tokenized& by, const Text& text) {
      const PeerRound round = peer.peer.run(by.encoding, text.path);
      if (round.nanoseconds <= 0) fail(peer.name + " has no answer for " + text.path);
      agreement_.check(by.encoding + " " + text.name, peer.name, round.tokens);
      return round.nanoseconds;
    });
  }
  /// How often as fast as `slow` is `fast`? Nothing is shown if one of them is not there.
  void add_ratio(std::string fast, std::string slow, double limit) {
    ratios_.push_back({std::move(fast), std::move(slow), limit});
  }

  void run(int rounds) {
    // Text by text, so that all ways meet it while the machine is as it is.
    for (const Tokenized& by : vocabularies_)
      for (const Text& text : texts_) {
        table_.add(key(by.encoding, text.name, "clock"), "", [this] {
          const double is = cycles_a_nanosecond();
          slowest_ = std::min(slowest_, is);
          fastest_ = std::max(fastest_, is);
          return is;
        });
        for (const Way& way : ways_)
          table_.add(key(by.encoding, text.name, way.name), "", [&way, &by, &text] { return way.pass(by, text); });
      }
    table_.run(rounds);
  }

  /// MB/s of one way for one text.
  double speed(const Tokenized& by, const Text& text, const std::string& way) const {
    return 1e3 * static_cast<double>(text.bytes.size()) / table_.nanoseconds(key(by.encoding, text.name, way));
  }

  /// A row for each text, and the geometric means.
  void print() const {
    std::printf("\nclock while measuring: about %.1f to %.1f GHz\n", slowest_, fastest_);
    for (const Tokenized& by : vocabularies_) {
      print_head(by.encoding);
      for (const Text& text : texts_) print_row(by, text);
      print_means(by);
    }
  }

 private:
  using Pass = std::function<double(const Tokenized&, const Text&)>;
  struct Way {
    std::string name;
    Pass pass;
  };
  struct Ratio {
    std::string fast, slow;
    double limit;
  };

  static std::string key(const std::string& encoding, const std::string& text, const std::string& way) {
    return encoding + " " + text + ": " + way;
  }
  [[noreturn]] static void fail(const std::string& why) {
    std::printf("%s\n", why.c_str());
    std::exit(EXIT_FAILURE);
  }
  void add(std::string name, Pass pass) { ways_.push_back({std::move(name), std::move(pass)}); }

  bool has(const std::string& name) const {
    return std::any_of(ways_.begin(), ways_.end(), [&](const Way& way) { return way.name == name; });
  }
  std::vector<Ratio> shown_ratios() const {
    std::vector<Ratio> shown;
    for (const Ratio& ratio : ratios_)
      if (has(ratio.fast) && has(ratio.slow)) shown.push_back(ratio);
    return shown;
  }
  double ratio(const Tokenized& by, const Text& text, const Ratio& of) const {
    return table_.ratio(key(by.encoding, text.name, of.slow), key(by.encoding, text.name, of.fast));
  }

  void print_head(const std::string& encoding) const {
    std::printf("\n%-20s %9s", (encoding + ", MB/s").c_str(), "bytes");
    for (const Way& way : ways_) std::printf(" %*s", width(way.name), way.name.c_str());
    for (const Ratio& one : shown_ratios()) std::printf("  %s/%s", one.fast.c_str(), one.slow.c_str());
    std::printf("\n");
  }
  void print_row(const Tokenized& by, const Text& text) const {
    std::printf("%-20s %9zu", text.name.c_str(), text.bytes.size());
    for (const Way& way : ways_) std::printf(" %*.1f", width(way.name), speed(by, text, way.name));
    for (const Ratio& one : shown_ratios())
      std::printf("  %*.1f", width(one.fast) + 1 + static_cast<int>(one.slow.size()), ratio(by, text, one));
    std::printf("\n");
  }
  void print_means(const Tokenized& by) const {
    std::printf("%-20s %9s", "geometric mean", "");
    for (const Way& way : ways_)
      std::printf(" %*.1f", width(way.name), mean([&](const Text& text) { return speed(by, text, way.name); }));
    for (const Ratio& one : shown_ratios())
      std::printf("  %*.1f", width(one.fast) + 1 + static_cast<int>(one.slow.size()),
                  mean([&](const Text& text) { return ratio(by, text, one); }));
    std::printf("\n");
    for (const Ratio& one : shown_ratios()) {
      const double is = mean([&](const Text& text) { return ratio(by, text, one); });
      if (one.limit > 0)
        std::printf("  %s: %s is %.1f x %s, must be >= %g: %s\n", by.encoding.c_str(), one.fast.c_str(), is,
                    one.slow.c_str(), one.limit, is >= one.limit ? "yes" : "MISSED");
    }
  }
  template <class Value>
  double mean(Value&& value) const {
    double logarithms = 0;
    for (const Text& text : texts_) logarithms += std::log(value(text));
    return std::exp(logarithms / static_cast<double>(texts_.size()));
  }
  static int width(const std::string& name) { return std::max(7, static_cast<int>(name.size())); }

  const std::vector<Text>& texts_;
  const std::vector<Tokenized>& vocabularies_;
  Agreement& agreement_;
  std::vector<Way> ways_;
  std::vector<Ratio> ratios_;
  Table table_;
  double slowest_ = 100, fastest_ = 0;
};

}  // namespace bench
