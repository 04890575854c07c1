// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/guarded.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <tuple>

namespace tallyscope::inline v0 {

namespace detail {

/// One sink of a Tee, and what became of the records that it was given.
template <class S>
class TeeBranch {
 public:
  TeeBranch(S& sink) noexcept : sink_{sink} {}

  std::error_code write(const Record& record) noexcept {
    const std::error_code error = guarded_write(sink_, record);
    auto& count = error ? dropped_[static_cast<std::size_t>(drop_reason(error))] : delivered_;
    count.fetch_add(1, std::memory_order_relaxed);
    return error;
  }
  std::error_code flush() noexcept { return guarded_flush(sink_); }

  Health health() const noexcept {
    Health health;
    health.delivered = delivered_.load(std::memory_order_relaxed);
    for (std::size_t reason = 0; reason < drop_reason_count; ++reason)
      health.dropped[reason] = dropped_[reason].load(std::memory_order_relaxed);
    health.recorded = health.delivered + health.dropped_in_all();
    return health;
  }

 private:
  S& sink_;
  std::atomic<std::uint64_t> delivered_{0};
  std::array<std::atomic<std::uint64_t>, drop_reason_count> dropped_{};
};

}  // namespace detail

/// Gives each record to several sinks: `Tee tee{memory, file}`. Every sink gets every record, whatever the others
/// answer or throw; the answer is the first error.
///
/// Borrows its sinks: declare them first. Any thread may call any member at any time. `health<0>()` counts what became
/// of the records of the first sink, as its answers said. A Tee has no health() of its own, so that a Tracker counts a
/// record as dropped when any of the sinks did not take it.
template <class... Sinks>
class Tee {
  static_assert(sizeof...(Sinks) > 0, "a Tee needs at least one sink");
  static_assert((Sink<Sinks> && ...),
                "each branch of a Tee is a sink: std::error_code write(const Record&) and std::error_code flush()");

 public:
  explicit Tee(Sinks&... sinks) noexcept : branches_{sinks...} {}
  Tee(const Tee&) = delete;
  Tee& operator=(const Tee&) = delete;

  std::error_code write(const Record& record) noexcept {
    return each([&](auto& branch) { return branch.write(record); });
  }
  std::error_code flush() noexcept {
    return each([](auto& branch) { return branch.flush(); });
  }

  template <std::size_t Branch>
  Health health() const noexcept {
    static_assert(Branch < sizeof...(Sinks), "the Tee has no such branch: they count from 0");
    return std::get<Branch>(branches_).health();
  }

 private:
  template <class Action>
  std::error_code each(Action action) noexcept {
    std::error_code first;
    const auto keep = [&](std::error_code error) {
      if (!first) first = error;
    };
    std::apply([&](auto&... branch) { (keep(action(branch)), ...); }, branches_);
    return first;
  }

  std::tuple<detail::TeeBranch<Sinks>...> branches_;
};

}  // namespace tallyscope::inline v0
