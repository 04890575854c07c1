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
  enum class How { complete, stopped, timeout, broken, unreachable };
  How how = How::complete;
  int status = 0;             // 0: no response
  std::string retry_after{};  // as the header says it

  /// Did the other end take the request up, as far as is known? Nobody bills for one that was refused.
  bool was_taken() const noexcept { return status == 200 || (status == 0 && how != How::unreachable); }
};

/// "https://host/gateway" is the host "https://host" and the path "/gateway".
inline std::pair<std::string, std::string> split_url(const std::string& url) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return {url.substr(0, slash), slash == std::string::npos ? "" : url.substr(slash)};
}

/// Posts the request and calls `receive(status, bytes)` for each piece of the response until it returns false. What
/// fails is said by what is returned; only a base URL that is none throws. `timeout` is that between two pieces.
inline HttpEnd post(const HttpRequest& request, std::chrono::milliseconds timeout,
                    const std::function<bool(int, std::string_view)>& receive) {
  using Clock = std::chrono::steady_clock;
  const auto [host, beginning] = split_url(request.base_url);
  httplib::Client client{host};
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_tcp_nodelay(true);

  HttpEnd end;
  auto last_piece = Clock::now();
  httplib::Request message;
  message.method = "POST";
  message.path = beginning + request.path + request.query;
  message.set_header("Content-Type", "application/json");
  for (const auto& [name, value] : request.headers) message.set_header(name, value);
  message.body = request.body;
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
  using How = HttpEnd::How;
  const bool waited_in_vain = Clock::now() - last_piece >= timeout * 9 / 10;
  if (error == httplib::Error::Success)
    end.how = How::complete;
  else if (error == httplib::Error::Canceled)
    end.how = How::stopped;
  else if (error == httplib::Error::ConnectionTimeout || (error == httplib::Error::Read && waited_in_vain))
    end.how = How::timeout;
  else
    end.how = end.status != 0 || error == httplib::Error::Read ? How::broken : How::unreachable;
  return end;
}

}  // namespace llm
