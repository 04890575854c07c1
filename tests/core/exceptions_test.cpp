// SPDX-License-Identifier: MIT
#include <tallyscope/detail/exceptions.hpp>

#include "catch.hpp"

#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using tallyscope::detail::uncaught_exceptions;

struct Seen {
  int ours = -1, standard = -1;
  void look() {
    ours = uncaught_exceptions();
    standard = std::uncaught_exceptions();
  }
};

struct LookAtEnd {
  Seen& seen;
  ~LookAtEnd() { seen.look(); }
};

/// Throws within destructors that run during unwinding, `depth` deep, and looks at the bottom.
struct Nested {
  std::vector<Seen>& seen;
  int depth;
  ~Nested() {
    seen.emplace_back().look();
    if (depth == 0) return;
    try {
      const Nested deeper{seen, depth - 1};
      throw depth;
    } catch (int) {
    }
    seen.emplace_back().look();
  }
};

}  // namespace

TEST_CASE("without an exception none is uncaught", "[exceptions]") {
  CHECK(uncaught_exceptions() == 0);
  Seen seen;
  { const LookAtEnd look{seen}; }
  CHECK(seen.ours == 0);
}

TEST_CASE("an exception in flight is counted, a caught one is not", "[exceptions]") {
  Seen during, caught;
  try {
    const LookAtEnd look{during};
    throw std::runtime_error{"no"};
  } catch (const std::exception&) {
    caught.look();
  }
  CHECK(during.ours == 1);
  CHECK(caught.ours == 0);
  CHECK(uncaught_exceptions() == 0);
}

TEST_CASE("exceptions within exceptions are counted as the standard library does", "[exceptions]") {
  std::vector<Seen> seen;
  try {
    const Nested nested{seen, 5};
    throw 0;
  } catch (int) {
  }
  REQUIRE(seen.size() == 11);
  CHECK(seen[5].ours == 6);
  for (const Seen& each : seen) CHECK(each.ours == each.standard);
}

TEST_CASE("an exception that is rethrown is in flight again", "[exceptions]") {
  Seen seen;
  const auto rethrow = [&] {
    try {
      throw 1;
    } catch (int) {
      const LookAtEnd look{seen};
      throw;
    }
  };
  CHECK_THROWS(rethrow());
  CHECK(seen.ours == 1);
  CHECK(seen.ours == seen.standard);
  const std::exception_ptr kept = std::make_exception_ptr(1);
  const auto throw_kept = [&] {
    const LookAtEnd look{seen};
    std::rethrow_exception(kept);
  };
  CHECK_THROWS(throw_kept());
  CHECK(seen.ours == 1);
}

TEST_CASE("each thread counts its own exceptions", "[exceptions]") {
  Seen elsewhere, here;
  struct AskElsewhere {
    Seen& elsewhere;
    Seen& here;
    ~AskElsewhere() {
      here.look();
      std::jthread{[this] { elsewhere.look(); }}.join();
    }
  };
  try {
    const AskElsewhere ask{elsewhere, here};
    throw 1;
  } catch (int) {
  }
  CHECK(here.ours == 1);
  CHECK(elsewhere.ours == 0);
}
