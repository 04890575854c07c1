// SPDX-License-Identifier: MIT
#include <tallyscope/detail/record_ids.hpp>

#include "catch.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace ts = tallyscope;
using ts::detail::next_record_id;

namespace {

using Ids = std::vector<ts::RecordId>;

Ids draw(std::size_t count) {
  Ids ids(count);
  for (ts::RecordId& id : ids) id = next_record_id();
  return ids;
}

Ids operator+(Ids left, const Ids& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

bool unique(Ids ids) {
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) == ids.end();
}

std::string hex(ts::RecordId id) {
  const auto text = id.hex();
  return {text.begin(), text.end()};
}

/// Runs `make_ids` in a forked child; the ids come back through a pipe.
template <class MakeIds>
Ids in_child(MakeIds make_ids) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const Ids ids = make_ids();
    const char* bytes = reinterpret_cast<const char*>(ids.data());
    std::size_t left = ids.size() * sizeof(ts::RecordId);
    while (left > 0) {
      const ssize_t written = ::write(ends[1], bytes, left);
      if (written <= 0) ::_exit(1);
      bytes += written;
      left -= static_cast<std::size_t>(written);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string received;
  char piece[4096];
  for (ssize_t size; (size = ::read(ends[0], piece, sizeof piece)) > 0;)
    received.append(piece, static_cast<std::size_t>(size));
  ::close(ends[0]);
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  Ids ids(received.size() / sizeof(ts::RecordId));
  std::copy(received.begin(), received.end(), reinterpret_cast<char*>(ids.data()));
  return ids;
}

}  // namespace

TEST_CASE("no two ids of eight threads are the same, and all are of one process", "[record_ids]") {
  constexpr std::size_t per_thread = 50'000;
  std::vector<Ids> drawn(8);
  {
    std::vector<std::jthread> threads;
    for (Ids& mine : drawn) threads.emplace_back([&mine] { mine = draw(per_thread); });
  }
  Ids all = draw(per_thread);
  const std::uint64_t process = all.front().process;
  for (const Ids& ids : drawn) all = all + ids;
  CHECK(all.size() == 9 * per_thread);
  CHECK(unique(all));
  CHECK(std::all_of(all.begin(), all.end(), [&](ts::RecordId id) { return id.process == process; }));
  CHECK(std::all_of(all.begin(), all.end(), [](ts::RecordId id) { return static_cast<bool>(id); }));
}

TEST_CASE("threads that end and begin anew do not hand out numbers again", "[record_ids]") {
  Ids all;
  for (int round = 0; round < 100; ++round) {
    Ids mine;
    std::jthread{[&mine] { mine = draw(10); }}.join();
    all = all + mine;
  }
  CHECK(unique(all));
}

TEST_CASE("within a thread later ids sort after earlier ones", "[record_ids]") {
  const Ids ids = draw(20'000);
  CHECK(std::is_sorted(ids.begin(), ids.end()));
}

TEST_CASE("a forked child draws ids that its parent and its siblings never draw", "[record_ids]") {
  const Ids before = draw(10);
  const auto make = [] { return draw(10'000); };
  const Ids first = in_child(make), second = in_child(make);
  const Ids after = draw(10'000);
  CHECK(first.size() == 10'000);
  CHECK(second.size() == 10'000);
  CHECK(first.front().process != before.front().process);
  CHECK(second.front().process != before.front().process);
  CHECK(first.front().process != second.front().process);
  CHECK(after.front().process == before.front().process);  // the parent stays who it was
  CHECK(unique(before + first + second + after));
}

TEST_CASE("a grandchild is told apart from its parent and its grandparent", "[record_ids]") {
  const Ids own = draw(100);
  const Ids younger = in_child([] {
    const Ids child = draw(100);
    return child + in_child([] { return draw(100); });
  });
  REQUIRE(younger.size() == 200);
  CHECK(younger.front().process != younger.back().process);
  CHECK(unique(own + younger));
}

TEST_CASE("a child that forks before its parent drew an id shares nothing with it either", "[record_ids]") {
  // In a child, as if no id had been drawn yet: the word is zero again, as at the start of a program.
  const Ids ids = in_child([] {
    ts::detail::process_word = 0;
    const Ids grandchild = in_child([] { return draw(50); });
    return grandchild + draw(50);
  });
  REQUIRE(ids.size() == 100);
  CHECK(ids.front().process != ids.back().process);
  CHECK(unique(ids));
}

TEST_CASE("the hex form of an id is 32 digits of its own", "[record_ids]") {
  std::vector<std::string> texts;
  for (const ts::RecordId id : draw(10'000)) texts.push_back(hex(id));
  for (const std::string& text : texts)
    if (text.size() != 32 || text.find_first_not_of("0123456789abcdef") != std::string::npos) FAIL(text);
  std::sort(texts.begin(), texts.end());
  CHECK(std::adjacent_find(texts.begin(), texts.end()) == texts.end());
}
