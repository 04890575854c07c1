// SPDX-License-Identifier: MIT
#pragma once

/// The core: everything to track calls with. The standard library only. Sinks come beside it, one header each:
/// <tallyscope/memory_sink.hpp>, <tallyscope/jsonl_sink.hpp> ...
#include <tallyscope/track_scope.hpp>
