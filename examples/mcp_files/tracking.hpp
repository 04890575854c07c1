// SPDX-License-Identifier: MIT
// What a host decides once: records go to a file, and are added up in memory for the questions about usage.
#pragma once

#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/tee.hpp>

namespace mcp_files {

namespace ts = tallyscope;

using Sinks = ts::Tee<ts::MemorySink, ts::JsonlSink>;
using Tracker = ts::Tracker<Sinks>;
using Turn = ts::TurnScope<Tracker>;
using Call = ts::TrackScope<Tracker>;

}  // namespace mcp_files
