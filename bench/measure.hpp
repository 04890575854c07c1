// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

/// Measures cases against a yardstick that runs in the same process: every round runs all cases once, one after the
/// other, so that a change of the machine's speed meets all of them. What counts is the median of the ratios.
namespace bench {

template <class T>
inline void keep(T&& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

struct Case {
  std::string name;
  std::string limit;                    // what must hold, as the table prints it
  std::function<double()> nanoseconds;  // of one operation, over one round
  std::vector<double> results{};
};

/// Nanoseconds an iteration.
template <class Body>
double timed(int iterations, Body&& body) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < iterations; ++i) body(i);
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / iterations;
}

class Table {
 public:
  Case& add(std::string name, std::string limit, std::function<double()> nanoseconds) {
    cases_.push_back({std::move(name), std::move(limit), std::move(nanoseconds)});
    return cases_.back();
  }

  void run(int rounds) {
    for (int round = 0; round < rounds + 1; ++round)
      for (Case& one : cases_) {
        const double result = one.nanoseconds();
        if (round > 0) one.results.push_back(result);  // the first round warms up
      }
  }

  /// The median over the rounds of `name` / `yardstick`.
  double ratio(const std::string& name, const std::string& yardstick) const {
    std::vector<double> ratios;
    const Case &a = find(name), &b = find(yardstick);
    for (std::size_t round = 0; round < a.results.size(); ++round)
      ratios.push_back(a.results[round] / b.results[round]);
    return median(ratios);
  }
  double nanoseconds(const std::string& name) const { return median(find(name).results); }

  void print(const std::string& yardstick) const {
    std::printf("%-58s %10s %10s   %s\n", "case", "median ns", "x yardstick", "must");
    for (const Case& one : cases_)
      std::printf("%-58s %10.1f %10.2f   %s\n", one.name.c_str(), median(one.results), ratio(one.name, yardstick),
                  one.limit.c_str());
  }

 private:
  const Case& find(const std::string& name) const {
    return *std::find_if(cases_.begin(), cases_.end(), [&](const Case& one) { return one.name == name; });
  }

  std::vector<Case> cases_;
};

}  // namespace bench
