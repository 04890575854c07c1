// expect: these prices are not a tallyscope::Pricing
// SPDX-License-Identifier: MIT
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tallyscope.hpp>

struct MayThrow {
  tallyscope::Cost price(const tallyscope::Record&) const { return {}; }
};

tallyscope::RecordingSink sink;
tallyscope::Tracker tracker{sink, MayThrow{}};
