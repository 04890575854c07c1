// SPDX-License-Identifier: MIT
// What a host decides once: where its records go. The rest of the program says Tracker, Turn and Call; with a NullSink
// here, all of the tracking would be gone from it.
#pragma once

#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/tee.hpp>

namespace agent {

namespace ts = tallyscope;

using Sinks = ts::Tee<ts::MemorySink, ts::MemorySink, ts::JsonlSink>;  // by what was called, by turn, to a file
using Tracker = ts::Tracker<Sinks>;
using Turn = ts::TurnScope<Tracker>;
using Call = ts::TrackScope<Tracker>;

}  // namespace agent
