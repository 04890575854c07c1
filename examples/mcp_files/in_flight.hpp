// SPDX-License-Identifier: MIT
// The requests that are not answered yet, so that they can be cancelled.
#pragma once

#include "json_rpc.hpp"

#include <map>
#include <mutex>
#include <stop_token>

namespace mcp_files {

/// Any thread may call any member at any time.
class InFlight {
 public:
  bool has(const json& id) const {
    const std::lock_guard lock{mutex_};
    return requests_.contains(id);
  }

  /// For an id that is not in flight.
  std::stop_token begin(const json& id) {
    const std::lock_guard lock{mutex_};
    return requests_[id].get_token();
  }

  /// True if it is to be answered: nobody has cancelled it, and from now on nobody can.
  bool end(const json& id) {
    const std::lock_guard lock{mutex_};
    const auto place = requests_.find(id);
    const bool wanted = place != requests_.end() && !place->second.stop_requested();
    if (place != requests_.end()) requests_.erase(place);
    return wanted;
  }

  /// An id that is not in flight is none of our business: its answer may be on its way.
  void cancel(const json& id) {
    const std::lock_guard lock{mutex_};
    const auto place = requests_.find(id);
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
  std::map<json, std::stop_source> requests_;
};

}  // namespace mcp_files
