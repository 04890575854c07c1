// SPDX-License-Identifier: MIT
#include <tallyscope/detail/hash.hpp>

#include "catch.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ts = tallyscope;
using ts::detail::hash;

namespace {

constexpr std::uint64_t seed = 0x9E3779B97F4A7C15u;

std::size_t collisions(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  const auto end = std::unique(hashes.begin(), hashes.end());
  return static_cast<std::size_t>(hashes.end() - end);
}

}  // namespace

TEST_CASE("a hash depends on the bytes of a text alone, wherever it stands", "[hash]") {
  std::mt19937_64 random{12};
  std::vector<char> room(64);
  for (std::size_t length = 0; length <= 40; ++length) {
    std::string text(length, ' ');
    for (char& c : text) c = static_cast<char>(random());
    const std::uint64_t expected = hash(seed, text);
    for (std::size_t offset = 0; offset < 16; ++offset)
      for (const char around : {'\0', '\xFF'}) {  // a byte too many would show
        std::fill(room.begin(), room.end(), around);
        std::copy(text.begin(), text.end(), room.begin() + static_cast<std::ptrdiff_t>(offset));
        if (hash(seed, {room.data() + offset, length}) != expected) FAIL(length << " bytes at " << offset);
      }
  }
}

TEST_CASE("every bit of every byte of a text matters, at every length up to 40", "[hash]") {
  std::mt19937_64 random{13};
  for (std::size_t length = 0; length <= 40; ++length) {
    std::string text(length, ' ');
    for (char& c : text) c = static_cast<char>(random());
    std::vector<std::uint64_t> hashes{hash(seed, text)};
    for (std::size_t place = 0; place < length; ++place)
      for (int other = 1; other < 256; ++other) {
        std::string changed = text;
        changed[place] = static_cast<char>(changed[place] ^ other);
        hashes.push_back(hash(seed, changed));
      }
    INFO(length);
    CHECK(collisions(hashes) == 0);
  }
}

TEST_CASE("texts of zeros differ by their length", "[hash]") {
  std::vector<std::uint64_t> hashes;
  for (std::size_t length = 0; length <= 1'000; ++length) hashes.push_back(hash(seed, std::string(length, '\0')));
  CHECK(collisions(hashes) == 0);
}

TEST_CASE("chained texts differ by where one ends and the next begins", "[hash]") {
  const auto chain = [](std::string_view a, std::string_view b) { return hash(hash(seed, a), b); };
  CHECK(chain("ab", "c") != chain("a", "bc"));
  CHECK(chain("abc", "") != chain("", "abc"));
  CHECK(chain("a", "b") != chain("b", "a"));
  CHECK(chain("a", "") != hash(seed, "a"));

  const std::string text = "execute_tool search_issues gpt-4.1-mini";
  std::vector<std::uint64_t> hashes;
  for (std::size_t first = 0; first <= text.size(); ++first)
    for (std::size_t second = first; second <= text.size(); ++second)
      hashes.push_back(hash(hash(hash(seed, {text.data(), first}), {text.data() + first, second - first}),
                            {text.data() + second, text.size() - second}));
  CHECK(collisions(hashes) == 0);
}

TEST_CASE("no two of 200,000 names as tools have them collide", "[hash]") {
  const std::string_view verbs[] = {"search", "get", "list", "create", "delete", "update", "read", "write"};
  std::vector<std::uint64_t> hashes, tables;
  for (const std::string_view verb : verbs)
    for (int number = 0; number < 25'000; ++number) {
      const std::uint64_t value = hash(seed, std::string{verb} + "_" + std::to_string(number));
      hashes.push_back(value);
      tables.push_back(value);
    }
  CHECK(collisions(hashes) == 0);

  // In a table of 2^18 places by the low or the high bits, as many places are taken as by chance: (1 - 1/e^0.763) of
  // them.
  for (const int shift : {0, 46}) {
    std::set<std::uint64_t> places;
    for (const std::uint64_t value : tables) places.insert(value >> shift & 0x3FFFF);
    const double share = static_cast<double>(places.size()) / 262'144.0;
    CHECK(share > 0.530);
    CHECK(share < 0.537);
  }
}

TEST_CASE("one changed bit changes half of the hash", "[hash]") {
  std::mt19937_64 random{14};
  for (const std::size_t length : {1u, 3u, 4u, 7u, 8u, 9u, 16u, 17u, 40u}) {
    double changed = 0;
    constexpr int rounds = 2'000;
    for (int round = 0; round < rounds; ++round) {
      std::string text(length, ' ');
      for (char& c : text) c = static_cast<char>(random());
      const std::uint64_t before = hash(seed, text);
      const std::size_t bit = random() % (8 * length);
      text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
      changed += __builtin_popcountll(before ^ hash(seed, text));
    }
    INFO(length << " bytes");
    CHECK(changed / rounds > 30);
    CHECK(changed / rounds < 34);
  }
}

TEST_CASE("another seed gives other hashes", "[hash]") {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t other = 1; other <= 10'000; ++other) hashes.push_back(hash(other, "search_issues"));
  CHECK(collisions(hashes) == 0);
}

TEST_CASE("the seed of a process is drawn once, whichever thread asks first", "[hash]") {
  std::atomic<std::uint64_t> cell{0};
  std::vector<std::uint64_t> drawn(8);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t& mine : drawn) threads.emplace_back([&] { mine = ts::detail::draw_once(cell); });
  }
  for (const std::uint64_t word : drawn) CHECK(word == cell.load());
  CHECK(cell.load() != 0);
  CHECK(ts::detail::hash_seed() == ts::detail::hash_seed());
  CHECK(ts::detail::hash_seed() != 0);
}

TEST_CASE("random words of the operating system do not repeat and are never zero", "[hash]") {
  std::vector<std::uint64_t> words;
  for (int round = 0; round < 10'000; ++round) words.push_back(ts::detail::random_word());
  CHECK(collisions(words) == 0);
  CHECK(std::count(words.begin(), words.end(), 0u) == 0);
}

TEST_CASE("folding multiplies as the schoolbook does", "[hash]") {
  std::mt19937_64 random{15};
  for (int round = 0; round < 100'000; ++round) {
    const std::uint64_t a = random(), b = random(), low_mask = 0xFFFFFFFFu;
    const std::uint64_t ll = (a & low_mask) * (b & low_mask), lh = (a & low_mask) * (b >> 32);
    const std::uint64_t hl = (a >> 32) * (b & low_mask), hh = (a >> 32) * (b >> 32);
    const std::uint64_t middle = (ll >> 32) + (lh & low_mask) + (hl & low_mask);
    const std::uint64_t low = middle << 32 | (ll & low_mask);
    const std::uint64_t high = hh + (lh >> 32) + (hl >> 32) + (middle >> 32);
    if (ts::detail::fold(a, b) != (low ^ high)) FAIL(a << " x " << b);
  }
}
