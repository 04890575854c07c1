// expect: this clock is not a tallyscope::Clock
// SPDX-License-Identifier: MIT
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tallyscope.hpp>

struct WithoutUtc {
  std::int64_t steady() const { return 0; }
};

tallyscope::RecordingSink sink;
tallyscope::Tracker tracker{sink, tallyscope::PriceBook{}, tallyscope::CharRatio{}, WithoutUtc{}};
