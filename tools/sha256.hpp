// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"

#include <openssl/evp.h>

#include <array>
#include <string>
#include <string_view>

namespace tallyscope_program {

using Sha256 = std::array<unsigned char, 32>;

inline Sha256 sha256_of(std::string_view bytes) {
  Sha256 hash{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1 || size != hash.size())
    throw Problem{"the SHA-256 of a file could not be computed"};
  return hash;
}

inline std::string hex_of(const unsigned char* bytes, std::size_t size) {
  std::string text;
  for (std::size_t place = 0; place < size; ++place) {
    text += "0123456789abcdef"[bytes[place] >> 4];
    text += "0123456789abcdef"[bytes[place] & 15];
  }
  return text;
}

}  // namespace tallyscope_program
