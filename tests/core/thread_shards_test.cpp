// SPDX-License-Identifier: MIT
#include <tallyscope/detail/thread_shards.hpp>

#include "catch.hpp"

#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace {

std::atomic<int> alive{0};

struct Shard : tallyscope::detail::ShardBase {
  Shard() { ++alive; }
  ~Shard() { --alive; }
  std::atomic<int> count{0};
};
using Shards = tallyscope::detail::ThreadShards<Shard>;

void count_once(Shards& shards) {
  std::atomic<int>& count = shards.local()->count;
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

struct Sum {
  int shards = 0, count = 0;
};
Sum sum_of(const Shards& shards) {
  Sum sum;
  shards.for_each([&](const Shard& shard) {
    ++sum.shards;
    sum.count += shard.count.load(std::memory_order_acquire);
  });
  return sum;
}

}  // namespace

TEST_CASE("a thread gets the same shard every time, and another object another", "[thread_shards]") {
  Shards one, two;
  CHECK(one.local() == one.local());
  CHECK(one.local() != two.local());
  CHECK(one.salt() != two.salt());
  CHECK(sum_of(one).shards == 1);
}

TEST_CASE("threads at once have shards of their own", "[thread_shards]") {
  Shards shards;
  {
    std::latch all{4};
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        count_once(shards);
        all.arrive_and_wait();
        for (int round = 0; round < 1'000; ++round) count_once(shards);
      });
  }
  CHECK(sum_of(shards).shards == 4);
  CHECK(sum_of(shards).count == 4'004);
}

TEST_CASE("a thread that comes takes over the shard of one that went, with its counts", "[thread_shards]") {
  Shards shards;
  for (int thread = 0; thread < 500; ++thread) std::jthread{[&] { count_once(shards); }}.join();
  CHECK(sum_of(shards).shards == 1);
  CHECK(sum_of(shards).count == 500);
}

TEST_CASE("shards go when both their object and their thread have gone", "[thread_shards]") {
  const int before = alive;
  {
    Shards shards;
    std::jthread{[&] { count_once(shards); }}.join();
    CHECK(alive == before + 1);
  }
  CHECK(alive == before);
  std::jthread{[&] {
    auto shards = std::make_unique<Shards>();
    count_once(*shards);
    shards.reset();
    Shards another;  // looking for a shard drops those of objects that are gone
    count_once(another);
  }}.join();
  CHECK(alive == before);
}

TEST_CASE("a thread that outlives many objects does not keep their shards", "[thread_shards]") {
  const int before = alive;
  for (int round = 0; round < 100; ++round) {
    Shards shards;
    count_once(shards);
    CHECK(alive <= before + 2);
  }
}

TEST_CASE("a shard may be asked for when the thread's own clean-up has run", "[thread_shards]") {
  struct Late {
    Shards* shards = nullptr;
    ~Late() {
      if (shards == nullptr) return;
      count_once(*shards);
      count_once(*shards);
    }
  };
  Shards shards;
  std::jthread{[&] {
    static thread_local Late late;  // made before the clean-up, so destroyed after it
    late.shards = &shards;
    count_once(shards);
  }}.join();
  CHECK(sum_of(shards).count == 3);
  std::jthread{[&] { count_once(shards); }}.join();
  CHECK(sum_of(shards).count == 4);
}

TEST_CASE("objects and threads that come and go at once leave nothing behind", "[thread_shards]") {
  const int before = alive;
  int wrong = 0;
  for (int round = 0; round < 100; ++round) {
    std::optional<Shards> shards{std::in_place};
    std::latch counted{3}, gone{1};
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 3; ++thread)
      threads.emplace_back([&] {
        count_once(*shards);
        counted.count_down();
        gone.wait();
      });
    counted.wait();
    if (sum_of(*shards).count != 3) ++wrong;
    gone.count_down();  // threads end while the object goes
    shards.reset();
  }
  CHECK(wrong == 0);
  CHECK(alive == before);
}
