// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0 {

/// A text of at most `Limit` bytes that owns them: sound UTF-8, cut between characters. Allocates nothing, and a copy
/// moves only the bytes in use.
template <std::size_t Limit>
class ShortText {
  static_assert(Limit <= 65'535, "a ShortText is for names: give it a limit of at most 65,535 bytes");

 public:
  ShortText() noexcept {}  // the bytes stay as they are
  template <class Text>
  requires(std::convertible_to<const Text&, std::string_view>) ShortText(const Text& text)
  noexcept {
    Diagnostics ignored;
    assign(text, ignored);
  }
  ShortText(const ShortText& other) noexcept { *this = other; }
  ShortText& operator=(const ShortText& other) noexcept {
    if (other.size_ != 0 && this != &other) std::memcpy(bytes_, other.bytes_, other.size_);
    size_ = other.size_;
    return *this;
  }

  /// Takes `text`, and says so where it had to be cut or repaired.
  void assign(std::string_view text, Diagnostics& diagnostics) noexcept {
    const bool fits = text.size() <= Limit && (text.empty() || detail::copy_ascii(bytes_, text.data(), text.size()));
    size_ = static_cast<std::uint16_t>(fits ? text.size() : detail::copy_repaired(bytes_, text, Limit, diagnostics));
  }

  operator std::string_view() const noexcept { return view(); }
  std::string_view view() const noexcept { return {static_cast<const char*>(bytes_), size_}; }
  bool empty() const noexcept { return size_ == 0; }

  template <class Text>
  requires(std::convertible_to<const Text&, std::string_view>) friend bool operator==(const ShortText& a,
                                                                                      const Text& b) noexcept {
    return a.view() == std::string_view{b};
  }

 private:
  std::uint16_t size_ = 0;
  char bytes_[Limit];
};

}  // namespace tallyscope::inline v0
