// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/text.hpp>
#include <tallyscope/estimators/detail/calibration.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0 {

/// A count that nine of ten texts like those learned from have.
struct TokenRange {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

/// Another estimator, corrected by what the provider reported for earlier texts of the same model and kind. Borrows the
/// Calibration, which must outlive it and its meters.
///   Calibration calibration;
///   Tracker tracker{sink, PriceBook{}, Calibrated{calibration, ByteClass{}}};
/// The tracker shows it the records of its calls, once each. After a restart show `calibration.learn(record)` those
/// that the sinks wrote, or give back what was saved. Until 8 calls were learned the estimate is that of the other one.
/// A corrected estimate names its factor as its method, "calibrated*1.1054", and its relative_error is the mean one
/// observed with these corrections; what a provider adds to a text, such as the frame of a message, is learned as if it
/// were the text's.
template <Estimator E>
class Calibrated {
 public:
  Calibrated() noexcept(noexcept(E{})) = default;
  explicit Calibrated(Calibration& calibration, E estimator = E{})
      : estimator_{std::move(estimator)}, calibration_{&calibration} {}

  /// A meter for one text of `model`.
  Calibrated for_model(std::string_view model) const {
    Calibrated meter{estimator_.for_model(model), calibration_};
    if (calibration_ != nullptr) meter.model_ = Calibration::hash_of(model);
    return meter;
  }

  void feed(std::string_view text) {
    estimator_.feed(text);
    characters_ += static_cast<std::int64_t>(detail::count_code_points(text));
  }

  Estimate tokens() const {
    const Estimate estimate = estimator_.tokens();
    if (estimate.exact) return estimate;
    const detail::Correction correction = correction_of(estimate);
    if (!correction.known) return estimate;
    const auto& step = detail::correction_steps.of(static_cast<double>(correction.factor));
    const std::int64_t tokens = corrected(estimate.tokens, step.factor());
    return {.tokens = tokens > 0 ? tokens : 1,  // there is a text
            .method = step.method(),
            .relative_error = correction.mean_error};
  }

  /// The interval around tokens(). Without a correction it is that of twice the stated error; of an estimate whose
  /// error is not known, from 0 to twice of it.
  TokenRange range() const {
    const Estimate estimate = estimator_.tokens();
    const detail::Correction correction = correction_of(estimate);
    const double stated = estimate.exact                ? 0
                          : estimate.relative_error > 0 ? 2.0 * static_cast<double>(estimate.relative_error)
                                                        : 1.0;
    const double off = correction.known ? static_cast<double>(correction.interval_error) : stated;
    const Count middle = tokens().tokens;
    return {corrected(middle, off < 1 ? 1 - off : 0), corrected(middle, 1 + off)};
  }

  /// Learns from the record of a call, as a tracker gives it.
  void learn(const Record& record) const noexcept {
    if (calibration_ != nullptr) calibration_->learn(record);
  }

  /// Learns from a text that is not at hand, of no kind. `estimated` is what the other estimator said, uncorrected.
  void learn(std::string_view model, std::int64_t estimated, std::int64_t reported) const noexcept {
    if (calibration_ != nullptr) calibration_->learn(model, 0, static_cast<double>(estimated), reported);
  }

 private:
  Calibrated(E estimator, Calibration* calibration) : estimator_{std::move(estimator)}, calibration_{calibration} {}

  detail::Correction correction_of(const Estimate& estimate) const noexcept {
    const double raw = static_cast<double>(estimate.tokens.value_or(0));
    if (calibration_ == nullptr || !(raw > 0)) return {};
    return calibration_->correction(model_, Calibration::kind_of(characters_, raw));
  }

  static std::int64_t corrected(Count tokens, double factor) noexcept {
    constexpr double most = 9e18;
    const double product = static_cast<double>(tokens.value_or(0)) * factor + 0.5;
    return static_cast<std::int64_t>(product < most ? product : most);
  }

  E estimator_{};
  Calibration* calibration_ = nullptr;
  std::uint64_t model_ = 0;
  std::int64_t characters_ = 0;
};

template <Estimator E>
Calibrated(Calibration&, E) -> Calibrated<E>;

}  // namespace tallyscope::inline v0
