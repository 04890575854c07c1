// expect: this estimator is not a tallyscope::Estimator
// SPDX-License-Identifier: MIT
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tallyscope.hpp>

struct WithoutForModel {
  void feed(std::string_view) {}
  tallyscope::Estimate tokens() const { return {}; }
};

tallyscope::RecordingSink sink;
tallyscope::Tracker tracker{sink, tallyscope::PriceBook{}, WithoutForModel{}};
