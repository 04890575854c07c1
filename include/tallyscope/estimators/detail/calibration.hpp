// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>
#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/estimators/detail/calibration_cell.hpp>
#include <tallyscope/estimators/detail/calibration_method.hpp>
#include <tallyscope/record.hpp>
#include <tallyscope/short_text.hpp>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0 {

/// What was learned of one model and kind of text: all there is to keep over a restart.
struct CalibrationState {
  ShortText<128> model{};
  std::uint8_t kind = 0;  ///< 0 for all texts of the model, else as Calibration::kind_of says
  detail::LearnedRatio learned{};
};

/// What estimates have to be multiplied with, learned from what providers reported. Holds 64 models with 6 kinds of
/// text each; calls of further models are not learned and counted in `left_out()`. About 40 KB; allocates nothing.
/// Safe to use from many threads at once: a meter asks without a lock; learning takes one for some hundred nanoseconds.
class Calibration {
 public:
  static constexpr std::size_t model_limit = 64;
  static constexpr std::size_t kinds = 6;

  /// Kinds of text are told apart by their characters a token as estimated: 1 is the densest, as Chinese, then other
  /// scripts, data, code, and 6 prose. 0 where the characters are not known.
  static constexpr std::uint8_t kind_of(std::int64_t characters, double estimated) noexcept {
    if (characters <= 0 || !(estimated > 0)) return 0;
    const double density = static_cast<double>(characters) / estimated;
    std::uint8_t kind = 1;
    for (const double bound : {1.5, 2.2, 2.9, 3.5, 4.2}) kind = static_cast<std::uint8_t>(kind + (density >= bound));
    return kind;
  }

  /// Learns from a text for which `estimated` tokens were estimated, uncorrected, and `reported` were counted. Short
  /// texts weigh less. What is 0, or more than 8 times off, is no error of an estimate and is left out.
  void learn(std::string_view model, std::uint8_t kind, double estimated, std::int64_t reported) noexcept {
    if (!(estimated > 0) || reported <= 0 || kind > kinds) return;
    const double log_ratio = std::log(static_cast<double>(reported) / estimated);
    if (!(std::abs(log_ratio) <= detail::LearnedRatio::furthest)) return;
    const std::lock_guard lock{mutex_};
    Model* const known = find_or_make(model);
    if (known == nullptr) return;
    const double heavy = estimated / (estimated + 64);
    known->learn(0, log_ratio, heavy);
    if (kind != 0) known->learn(kind, log_ratio, heavy);
  }

  /// Learns from what a sink was given or wrote: each direction that has both a reported and an estimated count, unless
  /// something was counted that is no text, such as audio. Show it each record once. A record of two texts says how its
  /// output was estimated: where that was corrected, the input teaches nothing.
  void learn(const Record& record) noexcept {
    if (record.kind != Kind::call || record.finality != Finality::final) return;
    const Usage& usage = record.usage;
    const Metered& metered = record.metered;
    const auto is_there = [](Count count) { return count.value_or(0) > 0; };
    const bool tells_of_input = !is_there(metered.input_tokens) || !is_there(metered.output_tokens) ||
                                detail::CorrectionSteps::factor_of(metered.estimator) == 1;
    if (tells_of_input && !is_there(usage.input_audio) && !is_there(usage.input_image) && !is_there(usage.input_video))
      learn(record, metered.characters_in, metered.input_tokens, usage.input_tokens.value_or(0));
    if (!is_there(usage.output_audio) && !is_there(usage.output_image))  // what was thought was not seen
      learn(record, metered.characters_out, metered.output_tokens,
            usage.output_tokens.value_or(0) - usage.reasoning.value_or(0));
  }

  /// For texts of a kind, else for all of the model; not known until 8 calls were learned.
  detail::Correction correction(std::uint64_t model_hash, std::uint8_t kind) const noexcept {
    const Model* const known = find(model_hash);
    if (known == nullptr) return {};
    const detail::Correction own = known->cells[kind <= kinds ? kind : 0].correction();
    return own.known ? own : known->cells[0].correction();
  }
  static std::uint64_t hash_of(std::string_view model) noexcept {
    return detail::hash(detail::hash_seed(), model) | 1;  // 0 is a free place
  }

  /// Calls that were not learned because 64 other models were there before.
  std::uint64_t left_out() const noexcept { return left_out_.load(std::memory_order_relaxed); }

  /// Shows each thing learned to `take(const CalibrationState&)`, which must not come back here.
  template <class Take>
  void save(Take take) const {
    const std::lock_guard lock{mutex_};
    for (const Model& model : models_)
      for (std::uint8_t kind = 0; kind <= kinds; ++kind)
        if (model.cells[kind].learned.observations != 0)
          take(CalibrationState{model.name, kind, model.cells[kind].learned});
  }

  /// Takes back what save() gave, in the place of what was learned there. False if it is none, or there is no room.
  bool restore(const CalibrationState& state) noexcept {
    if (state.kind > kinds || !state.learned.sound()) return false;
    const std::lock_guard lock{mutex_};
    Model* const model = find_or_make(state.model);
    if (model == nullptr) return false;
    model->cells[state.kind].learned = state.learned;
    model->cells[state.kind].publish();
    return true;
  }

 private:
  struct Model {
    std::atomic<std::uint64_t> hash{0};
    ShortText<128> name{};
    detail::CalibrationCell cells[kinds + 1];

    void learn(std::uint8_t kind, double log_ratio, double heavy) noexcept {
      cells[kind].learned.learn(log_ratio, heavy);
      cells[kind].publish();
    }
  };

  void learn(const Record& record, Count characters, Count estimated, std::int64_t reported) noexcept {
    const double factor = detail::CorrectionSteps::factor_of(record.metered.estimator);
    const double raw = static_cast<double>(estimated.value_or(0)) / factor;
    learn(record.call.model, kind_of(characters.value_or(0), raw), raw, reported);
  }

  /// The place of the model, or the free one where it would be.
  std::size_t place_of(std::uint64_t hash) const noexcept {
    for (std::size_t tried = 0; tried < model_limit; ++tried) {
      const std::size_t place = (hash / 2 + tried) % model_limit;
      const std::uint64_t there = models_[place].hash.load(std::memory_order_acquire);
      if (there == hash || there == 0) return place;
    }
    return model_limit;
  }
  const Model* find(std::uint64_t hash) const noexcept {
    const std::size_t place = place_of(hash);
    return place < model_limit ? &models_[place] : nullptr;
  }
  Model* find_or_make(std::string_view name) noexcept {
    const std::uint64_t hash = hash_of(name);
    const std::size_t place = place_of(hash);
    if (place == model_limit) return left_out_.fetch_add(1, std::memory_order_relaxed), nullptr;
    Model& model = models_[place];
    if (model.hash.load(std::memory_order_relaxed) == 0) {
      model.name = name;
      model.hash.store(hash, std::memory_order_release);
    }
    return &model;
  }

  mutable std::mutex mutex_;
  std::atomic<std::uint64_t> left_out_{0};
  Model models_[model_limit];
};

}  // namespace tallyscope::inline v0
