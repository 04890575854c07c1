// SPDX-License-Identifier: MIT
#include <tallyscope/error.hpp>

#include "catch.hpp"

#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <system_error>

namespace ts = tallyscope;

namespace {

constexpr ts::Error every_error[] = {ts::Error::unknown_name, ts::Error::unknown_id, ts::Error::sink_threw,
                                     ts::Error::full};

std::error_code fails_with(ts::Error error) { return error; }

}  // namespace

TEST_CASE("an error becomes a std::error_code by itself and is told apart from every other", "[error]") {
  for (const ts::Error error : every_error) {
    const std::error_code code = fails_with(error);
    CHECK(code);  // 0 is success, so none of them may be
    CHECK(std::string{code.category().name()} == "tallyscope");
    CHECK_FALSE(code == std::error_code(code.value(), std::generic_category()));
    CHECK_FALSE(code == std::error_code(code.value(), std::system_category()));
    for (const ts::Error other : every_error) CHECK((code == other) == (error == other));
  }
}

TEST_CASE("each error says in its own sentence what is wrong and what to do", "[error]") {
  std::set<std::string> messages;
  for (const ts::Error error : every_error) {
    const std::string message = fails_with(error).message();
    CHECK(message.find("; ") != std::string::npos);
    messages.insert(message);
  }
  CHECK(messages.size() == std::size(every_error));
}

TEST_CASE("a number that is no error of ours still has a message", "[error]") {
  for (const int value : {0, -1, 99, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()})
    CHECK(std::error_code(value, fails_with(ts::Error::full).category()).message() == "unknown tallyscope error");
}

TEST_CASE("no error of ours is mistaken for one of the operating system's", "[error]") {
  for (const ts::Error error : every_error) {
    CHECK_FALSE(fails_with(error) == std::errc::not_enough_memory);
    CHECK_FALSE(fails_with(error) == std::errc::operation_not_permitted);  // its value is 1 too
  }
}
