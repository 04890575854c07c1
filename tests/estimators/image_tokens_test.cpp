// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/image_tokens.hpp>

#include "catch.hpp"

#include <limits>

namespace ts = tallyscope;
using ts::ImageDetail;
using ts::ImageSize;

namespace {

constexpr ts::TileRule gpt_4o{85, 170};
constexpr ts::PatchRule patches{};
constexpr std::uint32_t largest = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t sides[] = {1, 27, 28, 384, 385, 512, 513, 768, 1568, 2048, 2049, 8000, 1'000'000, largest};

std::uint64_t high(ImageSize size) { return ts::tile_tokens(gpt_4o, size, ImageDetail::high); }

/// Calls `check` with images of many shapes, each also lying down.
void for_each_size(const auto& check) {
  for (const std::uint32_t width : sides)
    for (const std::uint32_t height : sides) {
      INFO(width << " x " << height);
      check(ImageSize{width, height});
    }
}

}  // namespace

TEST_CASE("tiles: the examples of OpenAI's page", "[image_tokens]") {
  CHECK(high({1024, 1024}) == 765);
  CHECK(high({2048, 4096}) == 1105);
  CHECK(ts::tile_tokens(gpt_4o, {4096, 8192}, ImageDetail::low) == 85);
}

TEST_CASE("tiles: as bills have them, where the page is silent", "[image_tokens]") {
  CHECK(high({128, 64}) == 255);     // not made larger: one tile
  CHECK(high({2049, 513}) == 1445);  // 2048 x 512.75, and so 513: a second row
  CHECK(high({2050, 513}) == 765);   // 2048 x 512.50, and so 512
}

TEST_CASE("tiles: at most 4 x 2 of them, whatever the size", "[image_tokens]") {
  for_each_size([](ImageSize size) {
    CHECK(high(size) >= 255);
    CHECK(high(size) <= 85 + 8 * 170);
    CHECK(ts::tile_tokens(gpt_4o, size, ImageDetail::low) == 85);
  });
}

TEST_CASE("patches: the examples of OpenAI's page", "[image_tokens]") {
  CHECK(ts::patch_tokens(patches, {1024, 1024}) == 1024);
  CHECK(ts::patch_tokens(patches, {1800, 2400}) == 1452);
  CHECK(ts::patch_tokens({.longest_side = 0}, {1800, 2400}) == 1452);
}

TEST_CASE("patches: bills of models with other budgets", "[image_tokens]") {
  // Measured by others ("Image input token cost by resolution", a data set by JOHNISKING, read 2026-11-22): 1.2 a
  // patch, rounded up.
  constexpr ts::PatchRule small{.budget = 2500, .longest_side = 0, .hundredths = 120};
  CHECK(ts::patch_tokens(small, {256, 256}) == 77);
  CHECK(ts::patch_tokens(small, {512, 512}) == 308);
  CHECK(ts::patch_tokens(small, {1920, 1080}) == 2448);
  CHECK(ts::patch_tokens(small, {1080, 1920}) == 2448);
  CHECK(ts::patch_tokens(small, {2560, 1440}) == 2931);
  CHECK(ts::patch_tokens(small, {4032, 3024}) == 2942);
  constexpr ts::PatchRule large{.budget = 10'000, .longest_side = 6000, .hundredths = 120};
  CHECK(ts::patch_tokens(large, {3840, 2160}) == 9792);
  CHECK(ts::patch_tokens(large, {4032, 3024}) == 11'868);
}

TEST_CASE("patches: never above the budget, and at least one", "[image_tokens]") {
  constexpr ts::PatchRule rules[] = {{}, {.longest_side = 0}, {.budget = 1, .longest_side = 0}};
  for (const auto& rule : rules)
    for_each_size([&](ImageSize size) {
      CHECK(ts::patch_tokens(rule, size) >= 1);
      CHECK(ts::patch_tokens(rule, size) <= rule.budget);
    });
}

TEST_CASE("patches: a rule of any numbers is worked out without overflow", "[image_tokens]") {
  for_each_size([](ImageSize size) {
    const ts::PatchRule rule{.budget = largest, .longest_side = size.height, .hundredths = largest};
    CHECK(ts::patch_tokens(rule, size) <= (std::uint64_t{largest} * largest + 99) / 100);
    CHECK(ts::patch_tokens({.budget = 0}, size) == 0);
  });
}

TEST_CASE("OpenAI's models have their published figures", "[image_tokens]") {
  constexpr ImageSize square{1024, 1024};
  CHECK(ts::openai_image_tokens("gpt-4o", square) == 765);
  CHECK(ts::openai_image_tokens("openai/gpt-4o-2024-08-06", square) == 765);
  CHECK(ts::openai_image_tokens("gpt-4.1-2025-04-14", square, ImageDetail::low) == 85);
  CHECK(ts::openai_image_tokens("gpt-4.5-preview", square) == 765);
  CHECK(ts::openai_image_tokens("gpt-4o-mini", square) == 2833 + 4 * 5667);
  CHECK(ts::openai_image_tokens("gpt-5", square) == 70 + 4 * 140);
  CHECK(ts::openai_image_tokens("o1", square) == 75 + 4 * 150);
  CHECK(ts::openai_image_tokens("o3-2025-04-16", square) == 75 + 4 * 150);
  CHECK(ts::openai_image_tokens("computer-use-preview", square) == 65 + 4 * 129);
  CHECK(ts::openai_image_tokens("gpt-4.1-mini", square) == 1659);           // 1658.88
  CHECK(ts::openai_image_tokens("gpt-5-nano-2025-08-07", square) == 2520);  // 2519.04
  CHECK(ts::openai_image_tokens("o4-mini", square) == 1762);                // 1761.28
  CHECK(ts::openai_image_tokens("gpt-5-mini", {1800, 2400}) == 2353);       // 1,452 x 1.62 = 2352.24
}

TEST_CASE("a model or a detail without a published figure has none", "[image_tokens]") {
  constexpr ImageSize square{1024, 1024};
  for (const std::string_view model : {"", "gpt-4", "gpt-5.1", "gpt-5.4", "gpt-5-codex", "o3-mini", "claude-opus-4-1"})
    CHECK_FALSE(ts::openai_image_tokens(model, square));
  CHECK_FALSE(ts::openai_image_tokens("gpt-5-mini", square, ImageDetail::low));
}

TEST_CASE("Claude: the table of Anthropic's page", "[image_tokens]") {
  struct Row {
    ImageSize size, standard_size;
    std::uint64_t standard;
    ImageSize high_size;
    std::uint64_t high;
  };
  // For 2000 x 1500 the page says 1269 x 952, and its own program 1270 x 952; the tokens are the same.
  constexpr Row rows[] = {
      {{200, 200}, {200, 200}, 64, {200, 200}, 64},           {{1000, 1000}, {1000, 1000}, 1296, {1000, 1000}, 1296},
      {{1092, 1092}, {1092, 1092}, 1521, {1092, 1092}, 1521}, {{1920, 1080}, {1456, 819}, 1560, {1920, 1080}, 2691},
      {{2000, 1500}, {1270, 952}, 1564, {2000, 1500}, 3888},  {{3840, 2160}, {1456, 819}, 1560, {2576, 1449}, 4784},
      {{1075, 1520}, {924, 1307}, 1551, {1075, 1520}, 2145},
  };
  for (const Row& row : rows) {
    INFO(row.size.width << " x " << row.size.height);
    CHECK(ts::claude_size(ts::claude_standard, row.size) == row.standard_size);
    CHECK(ts::claude_image_tokens(ts::claude_standard, row.size) == row.standard);
    CHECK(ts::claude_size(ts::claude_high_resolution, row.size) == row.high_size);
    CHECK(ts::claude_image_tokens(ts::claude_high_resolution, row.size) == row.high);
  }
}

TEST_CASE("Claude: every size is made to fit, and never larger", "[image_tokens]") {
  for (const auto& tier : {ts::claude_standard, ts::claude_high_resolution})
    for_each_size([&](ImageSize size) {
      const ImageSize fitted = ts::claude_size(tier, size);
      CHECK(fitted.width <= std::min(size.width, tier.longest_side));
      CHECK(fitted.height <= std::min(size.height, tier.longest_side));
      CHECK(ts::claude_image_tokens(tier, size) >= 1);
      CHECK(ts::claude_image_tokens(tier, size) <= tier.most_tokens);
      CHECK(ts::claude_image_tokens(tier, size) == ts::claude_image_tokens(tier, {size.height, size.width}));
    });
}

TEST_CASE("Claude, before: the examples of Anthropic's older page", "[image_tokens]") {
  CHECK(ts::claude_tokens_by_area({200, 200}) == 54);
  CHECK(ts::claude_tokens_by_area({1000, 1000}) == 1334);
  CHECK(ts::claude_tokens_by_area({1092, 1092}) == 1590);
  for_each_size([](ImageSize size) { CHECK(ts::claude_tokens_by_area(size) <= 1600); });
}

TEST_CASE("Gemini 2: 258 a tile, as Google's page has it", "[image_tokens]") {
  CHECK(ts::gemini_image_tokens({1, 1}) == 258);
  CHECK(ts::gemini_image_tokens({384, 384}) == 258);
  CHECK(ts::gemini_image_tokens({960, 540}) == 6 * 258);
  CHECK(ts::gemini_image_tokens({540, 960}) == 6 * 258);
  CHECK(ts::gemini_image_tokens({385, 385}) == 4 * 258);
  CHECK(ts::gemini_image_tokens({largest, 1}) == std::uint64_t{258} * largest);
}

TEST_CASE("Gemini 3: a number for each resolution", "[image_tokens]") {
  using enum ts::GeminiResolution;
  CHECK(ts::gemini_3_image_tokens(low) == 280);
  CHECK(ts::gemini_3_image_tokens(medium) == 560);
  CHECK(ts::gemini_3_image_tokens() == 1120);
  CHECK(ts::gemini_3_image_tokens(ultra_high) == 2240);
  CHECK(ts::gemini_3_image_tokens(static_cast<ts::GeminiResolution>(9)) == 2240);
}

TEST_CASE("what has no pixels has no tokens", "[image_tokens]") {
  for (const ImageSize none : {ImageSize{}, ImageSize{0, 5}, ImageSize{5, 0}}) {
    CHECK(high(none) == 0);
    CHECK(ts::tile_tokens(gpt_4o, none, ImageDetail::low) == 0);
    CHECK(ts::patch_tokens(patches, none) == 0);
    CHECK(ts::claude_image_tokens(ts::claude_standard, none) == 0);
    CHECK(ts::claude_tokens_by_area(none) == 0);
    CHECK(ts::gemini_image_tokens(none) == 0);
  }
}

TEST_CASE("a larger image of the same shape has no fewer tokens", "[image_tokens]") {
  for (std::uint32_t side = 1; side < 8000; ++side) {
    REQUIRE(high({side, side}) <= high({side + 1, side + 1}));
    REQUIRE(ts::claude_image_tokens(ts::claude_standard, {side, side}) <=
            ts::claude_image_tokens(ts::claude_standard, {side + 1, side + 1}));
    REQUIRE(ts::claude_tokens_by_area({side, side}) <= ts::claude_tokens_by_area({side + 1, side + 1}));
  }
}

TEST_CASE("tokens of images are known to the compiler", "[image_tokens]") {
  static_assert(ts::openai_image_tokens("gpt-4o", {1024, 1024}) == 765);
  static_assert(ts::claude_image_tokens(ts::claude_standard, {1075, 1520}) == 1551);
  static_assert(ts::patch_tokens(ts::PatchRule{}, {1800, 2400}) == 1452);
  SUCCEED();
}
