// SPDX-License-Identifier: MIT
// One HTTP request whose response is handed on as it comes.
// Needs: <httplib.h> -lcpp-httplib libcpp-httplib-dev
// Needs: <openssl/ssl.h> libssl-dev
#pragma once

// Debian's library is built with it, and without it here its types would have another layout.
#ifndef CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_OPENSSL_SUPPORT
#endif
#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace llm {

struct HttpRequest {
  std::string base_url;  // "https://host", perhaps with a port and the beginning of a path
  std::string path;
  std::string query{};  // with its question mark
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};  // JSON
};

struct HttpEnd {
  enum class How { complete, stopped, timeout, broken, connection_timeout, unreachable };
  How how = How::complete;
  int status = 0;             // 0: no response
  std::string retry_after{};  // as the header says it

  /// Did the other end take the request up, as far as is known? Nobody bills for one that was refused.
  bool was_taken() const noexcept {
    const bool was_connected = how != How::connection_timeout && how != How::unreachable;
    return status == 200 || (status == 0 && was_connected);
  }
};

/// "https://host/gateway" is the host "https://host" and the path "/gateway".
inline std::pair<std::string, std::string> split_url(const std::string& url) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return {url.substr(0, slash), slash == std::string::npos ? "" : url.substr(slash)};
}

inline HttpEnd::How how_it_ended(httplib::Error error, int status, bool waited_in_vain) {
  using How = HttpEnd::How;
  if (error == httplib::Error::Success) return How::complete;
  if (error == httplib::Error::Canceled) return How::stopped;
  if (error == httplib::Error::ConnectionTimeout) return How::connection_timeout;
  // The library calls it an error of reading both when nothing comes and when the connection is gone.
  if (error == httplib::Error::Read && waited_in_vain) return How::timeout;
  return status != 0 || error == httplib::Error::Read ? How::broken : How::unreachable;
}

inline httplib::Request message_of(const HttpRequest& request, const std::string& path) {
  httplib::Request message;
  message.method = "POST";
  message.path = path + request.path + request.query;
  message.set_header("Content-Type", "application/json");
  for (const auto& [name, value] : request.headers) message.set_header(name, value);
  message.body = request.body;
  return message;
}

/// Posts the request and calls `receive(status, bytes)` for each piece of the response until it returns false. What
/// fails is said by what is returned; only a base URL that is none throws, and what `receive` throws comes out.
/// `timeout` is that to connect, and between two pieces. A host of it ignores SIGPIPE, which a connection that the
/// other end has closed would raise.
inline HttpEnd post(const HttpRequest& request, std::chrono::milliseconds timeout,
                    const std::function<bool(int, std::string_view)>& receive) {
  using Clock = std::chrono::steady_clock;
  const auto [host, path] = split_url(request.base_url);
  httplib::Client client{host};
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_tcp_nodelay(true);

  HttpEnd end;
  auto last_piece = Clock::now();
  httplib::Request message = message_of(request, path);
  message.response_handler = [&](const httplib::Response& response) {
    last_piece = Clock::now();
    end.status = response.status;
    end.retry_after = response.get_header_value("retry-after");
    return true;
  };
  message.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    last_piece = Clock::now();
    return receive(end.status, {data, size});
  };
  const httplib::Error error = client.send(message).error();
  end.how = how_it_ended(error, end.status, Clock::now() - last_piece >= timeout * 9 / 10);
  return end;
}

}  // namespace llm
