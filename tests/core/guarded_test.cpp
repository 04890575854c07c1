// SPDX-License-Identifier: MIT
#include <tallyscope/detail/guarded.hpp>

#include "catch.hpp"

#include <cerrno>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace ts = tallyscope;
using ts::detail::drop_reason;
using ts::detail::guarded;

namespace {

/// Does in write() and flush() what it is told.
template <class Action>
struct SinkThat {
  Action action;
  std::error_code write(const ts::Record&) { return action(); }
  std::error_code flush() { return action(); }
};
template <class Action>
SinkThat(Action) -> SinkThat<Action>;

std::string heard_from(auto action) {
  std::string heard = "nothing";
  CHECK(guarded(action, [&](std::string_view message) { heard = message; }) == ts::Error::sink_threw);
  return heard;
}

}  // namespace

TEST_CASE("what is returned is the answer, and nobody is told", "[guarded]") {
  int told = 0;
  const auto heard = [&](std::string_view) { ++told; };
  CHECK_FALSE(guarded([]() -> std::error_code { return {}; }, heard));
  CHECK(guarded([] { return std::make_error_code(std::errc::no_space_on_device); }, heard) ==
        std::errc::no_space_on_device);
  CHECK(told == 0);
}

TEST_CASE("an exception becomes an answer, and its text is heard", "[guarded]") {
  CHECK(heard_from([]() -> std::error_code { throw std::runtime_error{"disk on fire"}; }) == "disk on fire");
  CHECK(heard_from([]() -> std::error_code { throw std::bad_alloc{}; }) == std::bad_alloc{}.what());
  CHECK(heard_from([]() -> std::error_code { throw std::logic_error{""}; }).empty());
}

TEST_CASE("what is thrown without being an exception is caught as well", "[guarded]") {
  const std::string anything = heard_from([]() -> std::error_code { throw 42; });
  CHECK(anything.find("not a std::exception") != std::string::npos);
  CHECK(heard_from([]() -> std::error_code { throw "a literal"; }) == anything);
  CHECK(heard_from([]() -> std::error_code { throw nullptr; }) == anything);
}

TEST_CASE("a listener that throws in its turn does not reach the host", "[guarded]") {
  const auto bad_listener = [](std::string_view) { throw std::runtime_error{"the log is on fire too"}; };
  CHECK(guarded([]() -> std::error_code { throw std::runtime_error{"disk on fire"}; }, bad_listener) ==
        ts::Error::sink_threw);
  CHECK(guarded([]() -> std::error_code { throw 42; }, bad_listener) == ts::Error::sink_threw);
}

TEST_CASE("an exception within an exception is still caught", "[guarded]") {
  try {
    throw std::runtime_error{"the host's own"};
  } catch (const std::runtime_error& own) {
    CHECK(heard_from([]() -> std::error_code { throw std::runtime_error{"the sink's"}; }) == "the sink's");
    CHECK(std::string{own.what()} == "the host's own");
  }
}

TEST_CASE("a sink is written to and flushed under the same guard", "[guarded]") {
  SinkThat throwing{[]() -> std::error_code { throw 1; }};
  CHECK(ts::detail::guarded_write(throwing, ts::Record{}) == ts::Error::sink_threw);
  CHECK(ts::detail::guarded_flush(throwing) == ts::Error::sink_threw);
  SinkThat failing{[] { return std::make_error_code(std::errc::io_error); }};
  CHECK(ts::detail::guarded_write(failing, ts::Record{}) == std::errc::io_error);
  CHECK(ts::detail::guarded_flush(failing) == std::errc::io_error);
  SinkThat fine{[]() -> std::error_code { return {}; }};
  CHECK_FALSE(ts::detail::guarded_write(fine, ts::Record{}));
  CHECK_FALSE(ts::detail::guarded_flush(fine));
}

TEST_CASE("the guard promises not to throw", "[guarded]") {
  SinkThat throwing{[]() -> std::error_code { throw 1; }};
  CHECK(noexcept(ts::detail::guarded_write(throwing, ts::Record{})));
  CHECK(noexcept(ts::detail::guarded_flush(throwing)));
}

TEST_CASE("an answer says why its record was dropped", "[guarded]") {
  CHECK(drop_reason(ts::Error::sink_threw) == ts::DropReason::sink_threw);
  CHECK(drop_reason(ts::Error::full) == ts::DropReason::queue_full);
  CHECK(drop_reason(std::make_error_code(std::errc::not_enough_memory)) == ts::DropReason::out_of_memory);
  CHECK(drop_reason({ENOMEM, std::system_category()}) == ts::DropReason::out_of_memory);
  CHECK(drop_reason(std::make_error_code(std::errc::no_space_on_device)) == ts::DropReason::sink_error);
  CHECK(drop_reason(ts::Error::unknown_name) == ts::DropReason::sink_error);
  CHECK(drop_reason({3, std::generic_category()}) ==
        ts::DropReason::sink_error);  // the number of sink_threw, not its error
}
