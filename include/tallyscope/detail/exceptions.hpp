// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <exception>
#if defined(__GLIBCXX__) || defined(_LIBCPP_VERSION)
#include <cxxabi.h>
#endif

namespace tallyscope::inline v0::detail {

#if defined(__GLIBCXX__) || defined(_LIBCPP_VERSION)

/// The beginning of the Itanium C++ ABI's per-thread exception state (section 2.2.2 of its exception handling).
struct ExceptionState {
  void* caught;
  unsigned int uncaught;
};

// __cxa_get_globals answers the same address for the whole life of a thread; asking it each time costs 4 to 7 ns.
inline thread_local constinit const ExceptionState* exception_state = nullptr;

[[gnu::cold, gnu::noinline]] inline void find_exception_state() noexcept {
  exception_state = reinterpret_cast<const ExceptionState*>(abi::__cxa_get_globals());
}

/// std::uncaught_exceptions() in two loads.
[[gnu::always_inline]] inline int uncaught_exceptions() noexcept {
  if (exception_state == nullptr) [[unlikely]]
    find_exception_state();
  return static_cast<int>(exception_state->uncaught);
}

#else

inline int uncaught_exceptions() noexcept { return std::uncaught_exceptions(); }

#endif

}  // namespace tallyscope::inline v0::detail
