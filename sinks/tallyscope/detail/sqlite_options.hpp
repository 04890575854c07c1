// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>

namespace tallyscope::inline v0 {

/// What survives a loss of power. A process that ends in any way loses nothing that a transaction has brought to the
/// file.
enum class Durability : std::uint8_t {
  off,     ///< the file may be damaged: for data that can be made again
  normal,  ///< the file stays sound; the last transactions may be lost
  full,    ///< every transaction: each waits for the disk
};

struct SqliteOptions {
  std::size_t batch = 1'000;            ///< records a transaction; 1: each write() puts its record into the file itself
  std::int64_t batch_age_ms = 250;      ///< a record waits so long for others
  int busy_timeout_ms = 5'000;          ///< a transaction waits so long for other processes
  std::size_t pending_limit = 100'000;  ///< so many records wait at most, about 800 bytes each
  Durability durability = Durability::normal;
};

}  // namespace tallyscope::inline v0
