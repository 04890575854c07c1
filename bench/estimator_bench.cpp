// SPDX-License-Identifier: MIT
// What estimating costs a byte, beside copying the text and beside adding up its bytes.
#include <tallyscope/estimators/byte_class.hpp>
#include <tallyscope/estimators/char_ratio.hpp>

#include "measure.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

namespace {

namespace ts = tallyscope;

std::string repeated(std::string_view text, std::size_t size) {
  std::string all;
  while (all.size() < size) all += text;
  all.resize(size);
  return all;
}

struct Sample {
  std::string name;
  std::string text;
};

template <class Estimator>
std::int64_t tokens_of(std::string_view text) {
  Estimator meter = Estimator{}.for_model("gpt-4o");
  meter.feed(text);
  return meter.tokens().tokens.value_or(0);
}

std::uint64_t byte_sum(std::string_view text) {
  return std::accumulate(text.begin(), text.end(), std::uint64_t{0},
                         [](std::uint64_t sum, char byte) { return sum + static_cast<unsigned char>(byte); });
}

}  // namespace

int main() {
  constexpr std::size_t mebibyte = 1 << 20;
  const Sample samples[] = {
      {"English", repeated("The answer is on page 12, and it isn't what you expected of a letter. ", mebibyte)},
      {"code", repeated("for (int i = 0; i < size; ++i) {\n  totalCount += values[i];\n}\n", mebibyte)},
      {"Russian", repeated("Быстрая лиса прыгает через ленивую собаку. ", mebibyte)},
      {"Chinese", repeated("敏捷的棕色狐狸跳过了懒狗。", mebibyte)},
      {"20 bytes", repeated("The answer is twelve", 20)},
  };
  bench::Table table;
  std::vector<char> copy(mebibyte);
  for (const Sample& sample : samples) {
    const int times = sample.text.size() > 1'000 ? 1 : 10'000;
    const auto add = [&](const char* what, auto work) {
      table.add(sample.name + what, "", [&text = sample.text, work, times] {
        return bench::timed(times, [&](int) { bench::keep(work(text)); });
      });
    };
    add(": byte_class", tokens_of<ts::ByteClass>);
    add(": char_ratio", tokens_of<ts::CharRatio>);
    add(": byte sum", byte_sum);
    add(": memcpy", [&copy](std::string_view text) {
      std::memcpy(copy.data(), text.data(), text.size());
      return copy[text.size() / 2];
    });
  }
  table.run(101);
  std::printf("%-10s %16s %16s %16s %16s   %s\n", "text", "byte_class GB/s", "char_ratio GB/s", "byte sum GB/s",
              "memcpy GB/s", "must");
  for (const Sample& sample : samples) {
    const auto speed = [&](const char* what) {
      return static_cast<double>(sample.text.size()) / table.nanoseconds(sample.name + what);
    };
    std::printf("%-10s %16.2f %16.2f %16.2f %16.2f   %s\n", sample.name.c_str(), speed(": byte_class"),
                speed(": char_ratio"), speed(": byte sum"), speed(": memcpy"),
                sample.text.size() > 1'000 ? "byte_class >= 3 with -march=native" : "");
  }
  return EXIT_SUCCESS;
}
