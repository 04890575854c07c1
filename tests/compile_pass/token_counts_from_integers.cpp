// SPDX-License-Identifier: MIT
// A count takes every integer type without a cast and without a warning, and leaves out what is not known.
#include <tallyscope/usage.hpp>

#include <cstddef>
#include <cstdint>

namespace ts = tallyscope;

void report(const ts::Usage&);

template <class Integer>
void accepted(Integer tokens) {
  report({.input_tokens = tokens, .output_tokens = 250});
  report({.cache_read = tokens});
}

template <class... Integers>
void all_accepted(Integers... tokens) {
  (accepted(tokens), ...);
}
template void all_accepted(signed char, short, int, long, long long);
template void all_accepted(unsigned char, unsigned short, unsigned, unsigned long, unsigned long long);
template void all_accepted(std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::intmax_t, std::ptrdiff_t);
template void all_accepted(std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, std::uintmax_t, std::size_t);
template void all_accepted(char, wchar_t, char8_t, char16_t, char32_t);

static_assert(ts::Count{250u}.value_or(0) == 250);
static_assert(ts::Count{-1}.refused());
static_assert(!ts::Usage{}.input_tokens.has_value());
