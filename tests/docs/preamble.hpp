// SPDX-License-Identifier: MIT
// What the fragments in the documents may use without declaring it.
#pragma once

#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/tee.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ts = tallyscope;
