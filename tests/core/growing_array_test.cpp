// SPDX-License-Identifier: MIT
#include <tallyscope/detail/growing_array.hpp>

#include "catch.hpp"

#include <vector>

namespace detail = tallyscope::detail;

TEST_CASE("a growing array holds what was added, in that order", "[growing_array]") {
  detail::GrowingArray<int> numbers;
  CHECK(numbers.empty());
  CHECK(numbers.begin() == numbers.end());
  std::vector<int> expected;
  for (int number = 0; number < 100; ++number) {
    numbers.add(number);
    expected.push_back(number);
    CHECK(numbers.back() == number);
    CHECK(std::vector<int>(numbers.begin(), numbers.end()) == expected);
  }
  numbers[3] = -3;
  CHECK(numbers.data()[3] == -3);
}

TEST_CASE("a growing array of a size begins with that many zeros", "[growing_array]") {
  detail::GrowingArray<int> numbers{3};
  CHECK(std::vector<int>(numbers.begin(), numbers.end()) == std::vector<int>{0, 0, 0});
  numbers.add(1);
  CHECK(std::vector<int>(numbers.begin(), numbers.end()) == std::vector<int>{0, 0, 0, 1});
}

TEST_CASE("a growing array that has made room adds without moving", "[growing_array]") {
  detail::GrowingArray<int> numbers{8};
  numbers.make_room();
  const int* const before = numbers.data();
  numbers.add(1);
  CHECK(numbers.data() == before);
}

TEST_CASE("two growing arrays swap all that they hold", "[growing_array]") {
  detail::GrowingArray<int> some{2}, none;
  some.swap(none);
  CHECK(some.empty());
  CHECK(none.size() == 2);
  some.add(7);
  CHECK(some.back() == 7);
}
