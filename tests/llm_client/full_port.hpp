// SPDX-License-Identifier: MIT
// A port on this machine at which connections wait in vain to be taken up.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

/// Listens and never accepts; its queue is full, so that whoever else connects gets no answer at all.
class FullPort {
 public:
  FullPort() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    const int listener = open_socket();
    if (::bind(listener, address, size) != 0 || ::listen(listener, 0) != 0 ||
        ::getsockname(listener, address, &size) != 0)
      throw std::runtime_error{"no port is free on 127.0.0.1"};
    for (int caller = 0; caller < 4; ++caller) static_cast<void>(::connect(open_socket(), address, size));
  }
  FullPort(const FullPort&) = delete;
  FullPort& operator=(const FullPort&) = delete;
  ~FullPort() {
    for (const int socket : sockets_) ::close(socket);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  int open_socket() {
    sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    return sockets_.back();
  }

  sockaddr_in address_{};
  std::vector<int> sockets_;
};
