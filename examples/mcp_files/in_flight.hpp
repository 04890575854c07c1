// SPDX-License-Identifier: MIT
// The requests that are not answered yet, so that they can be cancelled.
#pragma once

#include "json_rpc.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace mcp_files {

/// Any thread may call any member at any time.
class InFlight {
 public:
  /// Nothing if a request of this id is in flight already.
  std::optional<std::stop_token> begin(const json& id) {
    const std::lock_guard lock{mutex_};
    const auto [place, is_new] = requests_.try_emplace(id.dump());
    if (!is_new) return std::nullopt;
    return place->second.get_token();
  }

  /// True if it is to be answered: nobody has cancelled it, and from now on nobody can.
  bool end(const json& id) {
    const std::lock_guard lock{mutex_};
    const auto place = requests_.find(id.dump());
    const bool wanted = place != requests_.end() && !place->second.stop_requested();
    if (place != requests_.end()) requests_.erase(place);
    return wanted;
  }

  /// An id that is not in flight is none of our business: its answer may be on its way.
  void cancel(const json& id) {
    const std::lock_guard lock{mutex_};
    const auto place = requests_.find(id.dump());
    if (place != requests_.end()) place->second.request_stop();
  }

  void cancel_all() {
    const std::lock_guard lock{mutex_};
    for (auto& [id, request] : requests_) request.request_stop();
  }

  bool empty() const {
    const std::lock_guard lock{mutex_};
    return requests_.empty();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::stop_source> requests_;
};

}  // namespace mcp_files
