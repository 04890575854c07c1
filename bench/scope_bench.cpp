// SPDX-License-Identifier: MIT
// What a scope costs, beside what it cannot do without (two readings of the clock) and beside what people use instead:
// a mutex and a map, and prometheus-cpp doing the same job. Ratios are medians over rounds of this one run.

#include "measure.hpp"

#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_map>

#if defined(TALLYSCOPE_BENCH_PROMETHEUS)
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#endif

namespace ts = tallyscope;
using Clock = std::chrono::steady_clock;

static std::atomic<long> allocations{0};
void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

constexpr int iterations = 10'000;
constexpr int rounds = 151;

void two_clocks(int) {
  bench::keep(Clock::now());
  bench::keep(Clock::now());
}

/// What a host would write by hand: exact, and one lock for all threads.
struct NaiveStats {
  std::uint64_t calls = 0, errors = 0, input = 0, output = 0, nanoseconds = 0, least = ~0ull, greatest = 0;
  double cost = 0;
};
struct Naive {
  std::mutex lock;
  std::unordered_map<std::string, NaiveStats> rows;

  void record(const std::string& name, std::uint64_t input, std::uint64_t output, Clock::time_point start) {
    const auto spent = static_cast<std::uint64_t>((Clock::now() - start).count());
    const std::lock_guard guard{lock};
    NaiveStats& row = rows[name];
    ++row.calls;
    row.input += input;
    row.output += output;
    row.nanoseconds += spent;
    row.least = std::min(row.least, spent);
    row.greatest = std::max(row.greatest, spent);
    row.cost += static_cast<double>(input) * 2e-6 + static_cast<double>(output) * 8e-6;
  }
};

#if defined(TALLYSCOPE_BENCH_PROMETHEUS)
struct Prometheus {
  prometheus::Registry registry;
  prometheus::Counter* counters[7];
  prometheus::Histogram* duration;

  Prometheus() {
    auto& family = prometheus::BuildCounter().Name("calls").Register(registry);
    for (int i = 0; i < 7; ++i) counters[i] = &family.Add({{"what", std::to_string(i)}, {"name", "search"}});
    prometheus::Histogram::BucketBoundaries bounds;
    for (double bound = 1e-6; bound < 100; bound *= 2) bounds.push_back(bound);
    duration = &prometheus::BuildHistogram().Name("seconds").Register(registry).Add({{"name", "search"}}, bounds);
  }
  void record(double input, double output, Clock::time_point start) {
    const std::chrono::duration<double> spent = Clock::now() - start;
    counters[0]->Increment();
    counters[1]->Increment(input);
    counters[2]->Increment(output);
    counters[3]->Increment(input * 2e-6 + output * 8e-6);
    counters[4]->Increment(spent.count());
    counters[5]->Increment();
    counters[6]->Increment();
    duration->Observe(spent.count());
  }
};
#endif

/// The mean over two threads that run the body at the same time.
template <class Body>
double on_two_threads(Body body) {
  std::atomic<int> ready{0};
  double results[2];
  std::thread threads[2];
  for (int t = 0; t < 2; ++t)
    threads[t] = std::thread{[&, t] {
      body(0);
      for (ready.fetch_add(1); ready.load() < 2;) std::this_thread::yield();
      results[t] = bench::timed(iterations, body);
    }};
  for (auto& thread : threads) thread.join();
  return (results[0] + results[1]) / 2;
}

[[gnu::noinline]] std::uint64_t real_call(std::uint64_t value) {
  asm volatile("" : "+r"(value));
  return value * 3;
}

// A host's function with a scope and without one: what switching off costs is the difference of the two.
[[gnu::noinline]] std::uint64_t bare_function(std::uint64_t value) { return real_call(value) + 1; }
template <class Tracker, class Identity>
[[gnu::noinline]] std::uint64_t scoped_function(Tracker& tracker, const Identity& identity, std::uint64_t value) {
  ts::TrackScope call{tracker, identity};
  return real_call(value) + 1;
}

}  // namespace

int main() {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  const auto model_call = tracker.prepare({.provider = "openai", .model = "gpt-4.1", .name = "answer"});
  const auto tool_call =
      tracker.prepare({.operation = ts::Operation::execute_tool, .name = "search", .server = "jira"});
  const auto prepared = [&](int i) {
    ts::TrackScope call{tracker, model_call};
    call.report({.input_tokens = 1000 + i % 7, .output_tokens = 500});
  };
  const auto prepared_tool = [&](int) { ts::TrackScope call{tracker, tool_call}; };
  const auto strings = [&](int i) {
    ts::TrackScope call{tracker, {.turn = "turn-0123456789", .model = "gpt-4.1", .name = "answer"}};
    call.report({.input_tokens = 1000 + i % 7, .output_tokens = 500});
  };
  ts::TurnScope turn{tracker, {.session = "session-1"}};
  const auto in_turn = [&](int i) {
    ts::TrackScope call{turn, model_call};
    call.report({.input_tokens = 1000 + i % 7, .output_tokens = 500});
  };
  ts::MemorySink unused;
  ts::Tracker switched_off{unused};
  switched_off.enable(false);
  using Off = ts::Tracker<ts::NullSink>;
  Off off;
  Naive naive;
  std::uint64_t value = 1;

  bench::Table table;
  const auto single = [&](const char* name, const char* limit, auto body) {
    table.add(name, limit, [body]() mutable { return bench::timed(iterations, body); });
  };
  single("2CLK: two bare steady_clock::now", "the yardstick", two_clocks);
  single("prepared, model call with usage, priced", "<= 1.25", prepared);
  single("prepared, tool call", "<= 1.25", prepared_tool);
  single("strings (model, name, turn), priced", "<= 1.6", strings);
  single("prepared in a TurnScope, priced", "", in_turn);
  single("naive: mutex + unordered_map<string>", "prepared faster", [&](int i) {
    const auto start = Clock::now();
    naive.record("execute_tool/search/gpt-4.1", 1000 + static_cast<unsigned>(i % 7), 500, start);
  });
#if defined(TALLYSCOPE_BENCH_PROMETHEUS)
  Prometheus metrics;
  single("prometheus-cpp: 7 Increment + 1 Observe", "prepared <= 0.6 of it", [&](int i) {
    const auto start = Clock::now();
    metrics.record(1000 + i % 7, 500, start);
  });
#endif
  single("a bare function that makes a call", "", [&](int) { value = bare_function(value); });
  single("run-time off, in such a function", "<= +1 ns g++, +3 ns clang",
         [&](int) { value = scoped_function(switched_off, model_call, value); });
  single("Tracker<NullSink>, in such a function", "+0",
         [&](int) { value = scoped_function(off, ts::CallInfo{.model = "gpt-4.1"}, value); });
  single("a scope's two looks for an exception in flight", "<= 3 ns", [&](int) {
    bench::keep(ts::detail::uncaught_exceptions());
    bench::keep(ts::detail::uncaught_exceptions());
  });
  table.add("2CLK on 2 threads", "", [&] { return on_two_threads(two_clocks); });
  table.add("prepared on 2 threads", "", [&] { return on_two_threads(prepared); });
  table.add("naive on 2 threads", "", [&] {
    return on_two_threads([&](int i) {
      const auto start = Clock::now();
      naive.record("execute_tool/search/gpt-4.1", 1000 + static_cast<unsigned>(i % 7), 500, start);
    });
  });
  table.run(rounds);
  table.print("2CLK: two bare steady_clock::now");

  const std::string scope = "prepared, model call with usage, priced", clocks = "2CLK: two bare steady_clock::now";
  const double alone = table.ratio(scope, clocks);
  const double together = table.ratio("prepared on 2 threads", "2CLK on 2 threads");
  std::printf("\n2 threads: %.2f x 2CLK on 2 threads, %.2f of the single-thread ratio (must <= 1.3)\n", together,
              together / alone);
  std::printf("prepared / naive: %.2f (must < 1); on 2 threads %.2f\n",
              table.ratio(scope, "naive: mutex + unordered_map<string>"),
              table.ratio("prepared on 2 threads", "naive on 2 threads"));
#if defined(TALLYSCOPE_BENCH_PROMETHEUS)
  std::printf("prepared / prometheus-cpp: %.2f (must <= 0.6)\n",
              table.ratio(scope, "prometheus-cpp: 7 Increment + 1 Observe"));
#endif
  std::printf(
      "run-time off: %+.1f ns over the bare call\n",
      table.nanoseconds("run-time off, in such a function") - table.nanoseconds("a bare function that makes a call"));

  const long before = allocations.load();
  for (int i = 0; i < iterations; ++i) prepared(i), strings(i), in_turn(i);
  std::printf("heap allocations in %d scopes: %ld (must be 0)\n", 3 * iterations, allocations.load() - before);
  return 0;
}
