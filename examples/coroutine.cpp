// SPDX-License-Identifier: MIT
// A scope in a coroutine lives in its frame: it waits with it, goes on in whichever thread resumes it, and is recorded
// when the coroutine ends or is destroyed. A destroyed one counts as it said it would before it waited.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <coroutine>
#include <exception>
#include <iostream>
#include <thread>
#include <utility>

namespace ts = tallyscope;

namespace {

/// The least that is a coroutine: starts at once, goes on when it is resumed, dies with its handle.
class Task {
 public:
  struct promise_type {
    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_{handle} {}
  Task(Task&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
  ~Task() {
    if (handle_) handle_.destroy();
  }
  void resume() { handle_.resume(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

Task ask(ts::Tracker<ts::MemorySink>& tracker) {
  ts::TrackScope call{tracker, {.model = "gpt-4.1-mini"}};
  call.outcome(ts::Outcome::cancelled);  // so it counts if nobody comes back
  co_await std::suspend_always{};        // until the response is there
  call.report({.input_tokens = 300, .output_tokens = 40});
  call.outcome(ts::Outcome::success);
}

}  // namespace

int main() {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  {
    Task answered = ask(tracker), forgotten = ask(tracker);
    std::jthread{[&] { answered.resume(); }}.join();
  }
  const ts::Totals total = sink.snapshot().total;
  std::cout << total.outcome(ts::Outcome::success) << " answered in another thread, "
            << total.outcome(ts::Outcome::cancelled) << " cancelled, " << total.used_tokens() << " tokens\n";
}
