// SPDX-License-Identifier: MIT
// The rules by which providers count the tokens of an image that is sent to a model, as they publish them. All is whole
// numbers: no side is lost to a rounded fraction. An image without width or height has no tokens.
#pragma once

#include <tallyscope/estimators/detail/message_model_name.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// In pixels.
struct ImageSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  constexpr bool empty() const noexcept { return width == 0 || height == 0; }
  friend constexpr bool operator==(ImageSize, ImageSize) noexcept = default;
};

/// OpenAI's "detail"; what a model makes of "auto" is its own.
enum class ImageDetail : std::uint8_t { low, high };

/// OpenAI's rule of tiles: `base` tokens, and with high detail `tile` more for each square of 512 pixels.
struct TileRule {
  std::uint32_t base = 0;
  std::uint32_t tile = 0;
};

/// OpenAI's rule of patches: squares of 32 pixels, at most `budget`, times `hundredths` / 100.
struct PatchRule {
  std::uint32_t budget = 1536;
  std::uint32_t longest_side = 2048;  ///< in pixels; 0 for any
  std::uint32_t hundredths = 100;
};

namespace detail::images {

constexpr std::uint64_t divided_up(std::uint64_t amount, std::uint64_t by) noexcept {
  return amount / by + (amount % by != 0 ? 1 : 0);
}

/// side x to / from, to the nearest pixel and at least one.
constexpr std::uint32_t scaled(std::uint32_t side, std::uint32_t to, std::uint32_t from) noexcept {
  const std::uint64_t pixels = (std::uint64_t{side} * to + from / 2) / from;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(pixels, 1));
}

/// With the longer side first.
constexpr ImageSize lying(ImageSize size) noexcept {
  return {std::max(size.width, size.height), std::min(size.width, size.height)};
}

/// Made smaller until the longer side, which is the width, has at most so many pixels.
constexpr ImageSize within_width(ImageSize size, std::uint32_t longest) noexcept {
  if (size.width <= longest) return size;
  return {longest, scaled(size.height, longest, size.width)};
}

constexpr std::uint64_t squares(ImageSize size, std::uint32_t side) noexcept {
  return divided_up(size.width, side) * divided_up(size.height, side);
}

/// The largest number whose square is at most `square`.
constexpr std::uint64_t root(std::uint64_t square) noexcept {
  std::uint64_t least = 0, beyond = std::uint64_t{1} << 32;
  while (least + 1 < beyond) {
    const std::uint64_t middle = (least + beyond) / 2;
    (middle * middle <= square ? least : beyond) = middle;
  }
  return least;
}

/// How many patches an image of such a shape, lying, has when it is made to fit the budget: as many columns and rows as
/// the budget has room for, and then the one of them that is the more cut down is whole.
constexpr std::uint64_t fitted_patches(ImageSize size, std::uint32_t budget) noexcept {
  const std::uint64_t width = size.width, height = size.height;
  const std::uint64_t columns = std::max<std::uint64_t>(root(budget * width / height), 1);
  const std::uint64_t rows = std::max<std::uint64_t>(root(budget * height / width), 1);
  const auto others = [](std::uint64_t patches, std::uint64_t other, std::uint64_t own) {
    return divided_up((patches * 32 * other + own / 2) / own, 32);
  };
  const std::uint64_t patches = columns * height <= rows * width
                                    ? columns * std::max<std::uint64_t>(others(columns, height, width), 1)
                                    : rows * std::max<std::uint64_t>(others(rows, width, height), 1);
  return std::min<std::uint64_t>(patches, budget);
}

}  // namespace detail::images

/// Scaled down to fit a square of 2,048 pixels, then until the shorter side has at most 768; then squares of 512.
/// OpenAI, "Images and vision", Calculating costs (copies from before and after gpt-5.6, read 2026-11-22). Two things
/// are not said there, and taken as bills have it (community.openai.com, topics 1262691 and 1281361, 2025): an image is
/// never made larger, and the sides are rounded to the nearest pixel.
constexpr std::uint64_t tile_tokens(const TileRule& rule, ImageSize size, ImageDetail level) noexcept {
  if (size.empty()) return 0;
  if (level == ImageDetail::low) return rule.base;
  ImageSize fitted = detail::images::within_width(detail::images::lying(size), 2048);
  if (fitted.height > 768) fitted = {detail::images::scaled(fitted.width, 768, fitted.height), 768};
  return rule.base + rule.tile * detail::images::squares(fitted, 512);
}

/// Scaled down to the longest side, then until the budget covers it, and the product rounded up. OpenAI, "Images and
/// vision", Patch-based image tokenization (a copy that knows gpt-5.6, read 2026-11-22). How the sides are rounded is
/// not said there: to the nearest pixel here, so that a row of patches more or less is possible.
constexpr std::uint64_t patch_tokens(const PatchRule& rule, ImageSize size) noexcept {
  if (size.empty()) return 0;
  ImageSize fitted = detail::images::lying(size);
  if (rule.longest_side != 0) fitted = detail::images::within_width(fitted, rule.longest_side);
  std::uint64_t patches = detail::images::squares(fitted, 32);
  if (patches > rule.budget) patches = detail::images::fitted_patches(fitted, rule.budget);
  return detail::images::divided_up(patches * rule.hundredths, 100);
}

namespace detail::images {

struct ModelTiles {
  std::string_view name;
  Reach reach;
  TileRule rule;
};

struct ModelPatches {
  std::string_view name;
  Reach reach;
  PatchRule rule;
};

// The tables of that page (both copies; the figures that are in both are the same). The patch models of the table
// have 1,536 patches and 2,048 pixels with high detail; gpt-5.2, 5.4 and later have no factor there and are left out.
inline constexpr ModelTiles model_tiles[] = {
    {"gpt-5", Reach::dated, {70, 140}},
    {"gpt-5-chat-latest", Reach::dated, {70, 140}},
    {"gpt-4o", Reach::dated, {85, 170}},
    {"gpt-4.1", Reach::dated, {85, 170}},
    {"gpt-4.5", Reach::dated, {85, 170}},
    {"gpt-4.5-preview", Reach::dated, {85, 170}},
    {"gpt-4o-mini", Reach::dated, {2833, 5667}},
    {"o1", Reach::dated, {75, 150}},
    {"o1-pro", Reach::dated, {75, 150}},
    {"o3", Reach::dated, {75, 150}},
    {"computer-use-preview", Reach::dated, {65, 129}},
};
inline constexpr ModelPatches model_patches[] = {
    {"gpt-5.4-mini", Reach::dated, {.hundredths = 162}}, {"gpt-5.4-nano", Reach::dated, {.hundredths = 246}},
    {"gpt-5-mini", Reach::dated, {.hundredths = 162}},   {"gpt-5-nano", Reach::dated, {.hundredths = 246}},
    {"gpt-4.1-mini", Reach::dated, {.hundredths = 162}}, {"gpt-4.1-nano", Reach::dated, {.hundredths = 246}},
    {"o4-mini", Reach::dated, {.hundredths = 172}},
};

}  // namespace detail::images

/// What OpenAI says that an image has for one of its models, however the model's name is written (encoding_of_model);
/// nothing for models without a published figure. Of a model with patches the figure is that of high detail: what it
/// makes of low is not published.
constexpr std::optional<std::uint64_t> openai_image_tokens(std::string_view model, ImageSize size,
                                                           ImageDetail level = ImageDetail::high) noexcept {
  if (const auto tiles = detail::entry_of(detail::images::model_tiles, model))
    return tile_tokens(tiles->rule, size, level);
  const auto patches = detail::entry_of(detail::images::model_patches, model);
  if (!patches || level == ImageDetail::low) return std::nullopt;
  return patch_tokens(patches->rule, size);
}

/// How large Claude sees an image.
struct ClaudeTier {
  std::uint32_t longest_side = 1568;  ///< in pixels
  std::uint32_t most_tokens = 1568;
};

/// Claude 4.7 and later; all others.
inline constexpr ClaudeTier claude_high_resolution{.longest_side = 2576, .most_tokens = 4784};
inline constexpr ClaudeTier claude_standard{};

namespace detail::images {

/// one x to / from, to the nearest whole number, and a half to the even one.
constexpr std::uint64_t rounded_to_even(std::uint64_t one, std::uint64_t to, std::uint64_t from) noexcept {
  const std::uint64_t whole = one * to / from, rest = one * to % from;
  const bool up = rest > from - rest || (rest == from - rest && whole % 2 == 1);
  return whole + (up ? 1 : 0);
}

constexpr bool fits(const ClaudeTier& tier, ImageSize size) noexcept {
  const std::uint64_t longest = divided_up(std::max(size.width, size.height), 28) * 28;
  return longest <= tier.longest_side && squares(size, 28) <= tier.most_tokens;
}

}  // namespace detail::images

/// The size that Claude makes of an image: the largest of the same shape with both limits kept. Anthropic, "Vision" and
/// "Vision coordinates" (a copy of 2026-07-30): the longer side is searched for in whole pixels, the shorter one goes
/// to the nearest pixel, a half to the even one.
constexpr ImageSize claude_size(const ClaudeTier& tier, ImageSize size) noexcept {
  if (size.empty() || detail::images::fits(tier, size)) return size;
  const ImageSize whole = detail::images::lying(size);
  const auto with_width = [&](std::uint32_t width) {
    const std::uint64_t height = detail::images::rounded_to_even(width, whole.height, whole.width);
    return ImageSize{width, static_cast<std::uint32_t>(std::max<std::uint64_t>(height, 1))};
  };
  std::uint32_t least = 1, beyond = whole.width;
  while (least + 1 < beyond) {
    const std::uint32_t middle = least + (beyond - least) / 2;
    (detail::images::fits(tier, with_width(middle)) ? least : beyond) = middle;
  }
  const ImageSize fitted = with_width(least);
  return size.width < size.height ? ImageSize{fitted.height, fitted.width} : fitted;
}

/// A token for each patch of 28 pixels that covers what Claude makes of the image. The same pages.
constexpr std::uint64_t claude_image_tokens(const ClaudeTier& tier, ImageSize size) noexcept {
  return size.empty() ? 0 : detail::images::squares(claude_size(tier, size), 28);
}

/// What Anthropic gave before that as an approximation for all its models: width x height / 750, of an image whose
/// longer side has at most 1,568 pixels, and no more than about 1,600 (docs.anthropic.com, "Vision", a copy that ends
/// with Claude 4).
constexpr std::uint64_t claude_tokens_by_area(ImageSize size) noexcept {
  const ImageSize fitted = detail::images::within_width(detail::images::lying(size), 1568);
  const std::uint64_t area = std::uint64_t{fitted.width} * fitted.height;
  return size.empty() ? 0 : std::min<std::uint64_t>(detail::images::divided_up(area, 750), 1600);
}

/// Gemini 2: 258 for an image of at most 384 x 384 pixels, else 258 for each tile, whose side is two thirds of the
/// image's shorter one. Google, "Image understanding", Token calculation (read 2026-11-22), which calls it a rough
/// rule; of Gemini 2.5 Google's page "Media resolution" says "256 + Pan & Scan (~2048)" instead.
constexpr std::uint64_t gemini_image_tokens(ImageSize size) noexcept {
  if (size.empty()) return 0;
  const ImageSize whole = detail::images::lying(size);
  if (whole.width <= 384) return 258;
  const auto side = static_cast<std::uint32_t>(std::max<std::uint64_t>(std::uint64_t{whole.height} * 2 / 3, 1));
  return 258 * detail::images::squares(whole, side);
}

/// Gemini 3's "media_resolution"; where none is said, it is high.
enum class GeminiResolution : std::uint8_t { low, medium, high, ultra_high };

/// Gemini 3, whatever the size of the image: about so many. Google, "Media resolution", Token counts (read 2026-11-22).
constexpr std::uint64_t gemini_3_image_tokens(GeminiResolution resolution = GeminiResolution::high) noexcept {
  constexpr std::uint64_t tokens[] = {280, 560, 1120, 2240};
  const auto place = static_cast<std::size_t>(resolution);
  return tokens[std::min<std::size_t>(place, 3)];
}

}  // namespace tallyscope::inline v0
