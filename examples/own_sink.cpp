// SPDX-License-Identifier: MIT
// A sink of your own is two functions. This one keeps the dearest call; it may be called from many threads at once, and
// copies what it keeps, since a record's texts are valid only during write().
#include <tallyscope/tallyscope.hpp>

#include <iostream>
#include <mutex>
#include <string>
#include <system_error>

namespace ts = tallyscope;

namespace {

class DearestCall {
 public:
  std::error_code write(const ts::Record& record) {
    const std::lock_guard lock{mutex_};
    if (record.kind != ts::Kind::call || !record.cost.whole() || record.cost.amount <= amount_) return {};
    amount_ = record.cost.amount;
    model_ = record.call.model;
    return {};
  }
  std::error_code flush() { return {}; }

  void print() const {
    const std::lock_guard lock{mutex_};
    std::cout << "the dearest call: " << model_ << " for " << amount_.usd() << '\n';
  }

 private:
  mutable std::mutex mutex_;
  ts::Money amount_;
  std::string model_;
};

}  // namespace

int main() {
  DearestCall dearest;
  ts::Tracker tracker{dearest};
  for (const char* model : {"gpt-4.1-mini", "claude-sonnet-4-5", "gemini-2.5-flash"}) {
    ts::TrackScope call{tracker, {.model = model}};
    call.report({.input_tokens = 1000, .output_tokens = 500});
  }
  dearest.print();
}
