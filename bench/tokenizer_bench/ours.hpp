// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/tokenizer.hpp>

#include "../measure.hpp"

#include <time.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bench {

/// Nanoseconds that this thread has been on a processor. Where others use the machine too, waiting for it is no one's
/// cost, and a long pass waits more often than a short one.
inline double processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <class Work>
double spent(Work&& work) {
  const double start = processor_time();
  work();
  return processor_time() - start;
}

/// About how many cycles a nanosecond has now: by operations that wait for each other and take one each.
inline double cycles_a_nanosecond() {
  constexpr int steps = 200'000;
  std::uint64_t value = 1;
  const double nanoseconds = spent([&] {
    for (int i = 0; i < steps; ++i) {
      value += value;
      asm volatile("" : "+r"(value));
      value ^= 1;
      asm volatile("" : "+r"(value));
    }
  });
  return 2.0 * steps / nanoseconds;
}

}  // namespace bench

/// What is measured of our tokenizer: each function tells the nanoseconds of one pass over a text, and its tokens. The
/// caches of the processor are warm in all of them.
namespace bench::ours {

struct Round {
  double nanoseconds = 0;
  std::uint64_t tokens = 0;
};

/// The median of three passes.
template <class Pass>
Round measured(Pass&& pass) {
  Round round;
  std::vector<double> times;
  for (int i = 0; i < 3; ++i) times.push_back(spent([&] { round.tokens = pass(); }));
  round.nanoseconds = median(times);
  return round;
}

/// By a tokenizer that has seen nothing yet; making it is a part of the pass.
inline Round cold(const tallyscope::Vocabulary& vocabulary, std::string_view text) {
  const auto pass = [&] { return tallyscope::Tokenizer{vocabulary}.count(text); };
  keep(pass());
  return measured(pass);
}

/// By one that has seen the text.
inline Round warm(const tallyscope::Vocabulary& vocabulary, std::string_view text) {
  tallyscope::Tokenizer tokenizer{vocabulary};
  for (std::size_t seen = 0; seen < 300'000; seen += text.size()) keep(tokenizer.count(text));
  keep(tokenizer.count(text));
  return measured([&] { return tokenizer.count(text); });
}

/// As short texts, each by a tokenizer of its own, which never gets to the size from which on there is a cache of
/// pieces. What the text is cut through may have other tokens, so they are not told.
inline Round short_texts(const tallyscope::Vocabulary& vocabulary, std::string_view text) {
  constexpr std::size_t short_size = 4'096;
  const auto pass = [&] {
    std::uint64_t tokens = 0;
    for (std::size_t place = 0; place < text.size(); place += short_size)
      tokens += tallyscope::Tokenizer{vocabulary}.count(text.substr(place, short_size));
    return tokens;
  };
  keep(pass());
  return {measured(pass).nanoseconds, 0};
}

/// The tokens themselves, into memory that is there.
inline Round encode(const tallyscope::Vocabulary& vocabulary, std::string_view text) {
  tallyscope::Tokenizer tokenizer{vocabulary};
  std::vector<std::uint32_t> tokens;
  const auto pass = [&] {
    tokens.clear();
    tokenizer.encode(text, tokens);
    return tokens.size();
  };
  keep(pass());
  return measured(pass);
}

}  // namespace bench::ours
