// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <atomic>
#include <utility>

namespace tallyscope::inline v0::detail {

/// Prices that may be replaced while others read them. Those before stay in memory as long as this does, since a thread
/// may still be pricing by them.
template <class Prices>
class PricesInForce {
 public:
  explicit PricesInForce(Prices prices) : newest_{new Node{std::move(prices), nullptr}} {}
  PricesInForce(const PricesInForce&) = delete;
  PricesInForce& operator=(const PricesInForce&) = delete;
  ~PricesInForce() {
    for (const Node* node = newest_.load(std::memory_order_acquire); node != nullptr;)
      delete std::exchange(node, node->before);
  }

  /// Allocates.
  void replace(Prices prices) {
    Node* const node = new Node{std::move(prices), newest_.load(std::memory_order_relaxed)};
    while (!newest_.compare_exchange_weak(node->before, node, std::memory_order_acq_rel)) {
    }
  }

  [[gnu::always_inline]] const Prices& get() const noexcept { return newest_.load(std::memory_order_acquire)->prices; }

 private:
  struct Node {
    Prices prices;
    Node* before;
  };

  std::atomic<Node*> newest_;
};

}  // namespace tallyscope::inline v0::detail
