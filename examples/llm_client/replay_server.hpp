// SPDX-License-Identifier: MIT
// A server on this machine that answers in the place of the providers.
#pragma once

#include "http.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <queue>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace llm {

struct Request {
  std::string path;  // with its query
  std::string body;
  httplib::Headers headers{};
};

/// What the server sends.
struct Recorded {
  int status = 200;
  std::string body{};
  std::string type = "application/json";  // or text/event-stream: then the body goes out in small pieces
  std::vector<std::pair<std::string, std::string>> headers{};
  std::size_t breaks_off_after = std::string::npos;  // bytes of a stream: then the connection is closed
  std::chrono::milliseconds delay{0};                // before it answers
  bool stays_open = false;                           // after a stream's last byte, until the client leaves
};

inline Recorded stream_of(std::string events) { return {.body = std::move(events), .type = "text/event-stream"}; }

/// Listens on 127.0.0.1 at a port that was free, from the constructor to the destructor. The handler is called on
/// threads of the server, several at once.
class ReplayServer {
 public:
  using Handler = std::function<Recorded(const Request&)>;

  explicit ReplayServer(Handler handler) : handler_{std::move(handler)} {
    server_.new_task_queue = [] { return new httplib::ThreadPool(4); };
    server_.set_tcp_nodelay(true);
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      send(answer({request.target, request.body, request.headers}), response);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ < 0) throw std::runtime_error{"no port is free on 127.0.0.1"};
    listener_ = std::thread{[this] { server_.listen_after_bind(); }};
    // Before it runs it cannot be stopped.
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  ReplayServer(const ReplayServer&) = delete;
  ReplayServer& operator=(const ReplayServer&) = delete;
  ~ReplayServer() {
    server_.stop();
    listener_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// The next request to a path that begins so gets this instead; said several times, one request after the other.
  void next(const std::string& path, Recorded recorded) {
    const std::lock_guard lock{mutex_};
    next_[path].push(std::move(recorded));
  }

 private:
  static constexpr std::size_t piece_size = 61;  // so that pieces end anywhere in an event

  Recorded answer(const Request& request) {
    if (auto planned = take_planned(request.path)) return std::move(*planned);
    return handler_(request);
  }

  std::optional<Recorded> take_planned(std::string_view path) {
    const std::lock_guard lock{mutex_};
    for (auto& [beginning, planned] : next_) {
      if (planned.empty() || !path.starts_with(beginning)) continue;
      Recorded recorded = std::move(planned.front());
      planned.pop();
      return recorded;
    }
    return std::nullopt;
  }

  static void send(Recorded recorded, httplib::Response& response) {
    std::this_thread::sleep_for(recorded.delay);
    response.status = recorded.status;
    for (const auto& [name, value] : recorded.headers) response.set_header(name, value);
    if (recorded.type != "text/event-stream") return response.set_content(recorded.body, recorded.type);
    const std::string type = recorded.type;
    response.set_chunked_content_provider(
        type, [recorded = std::move(recorded), sent = std::size_t{0}](std::size_t, httplib::DataSink& sink) mutable {
          return send_piece(recorded, sent, sink);
        });
  }

  /// False closes the connection.
  static bool send_piece(const Recorded& recorded, std::size_t& sent, httplib::DataSink& sink) {
    const std::size_t end = std::min(recorded.body.size(), recorded.breaks_off_after);
    const std::size_t size = std::min(piece_size, end - sent);
    if (size > 0) return sink.write(recorded.body.data() + std::exchange(sent, sent + size), size);
    if (sent < recorded.body.size()) return false;
    if (!recorded.stays_open) return sink.done(), true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
    return sink.is_writable();
  }

  Handler handler_;
  std::mutex mutex_;
  std::map<std::string, std::queue<Recorded>> next_;
  httplib::Server server_;
  int port_ = -1;
  std::thread listener_;
};

}  // namespace llm
