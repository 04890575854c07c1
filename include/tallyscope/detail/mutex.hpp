// SPDX-License-Identifier: MIT
#pragma once

/// std::mutex and std::lock_guard. In libstdc++ up to GCC 14, <atomic> brings them along; <mutex> itself would add a
/// tenth to what including the core costs.
#include <atomic>
#if !defined(_GLIBCXX_RELEASE) || _GLIBCXX_RELEASE > 14
#include <mutex>
#endif
