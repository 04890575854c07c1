// SPDX-License-Identifier: MIT
// Holds our NFC against another one. Reads from the standard input, until it ends: a text and what the other one makes
// of it, each as its size (four bytes, little endian) and so many bytes of UTF-8. Prints how many texts were compared,
// and the first that differ; ends with 1 if any did.
#include <tallyscope/estimators/detail/nfc.hpp>

#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>

namespace detail = tallyscope::detail;

namespace {

bool read_text(std::string& text) {
  std::uint32_t size = 0;
  if (std::fread(&size, sizeof size, 1, stdin) != 1) return false;
  text.resize(size);
  return std::fread(text.data(), 1, size, stdin) == size;
}

std::string in_pieces(std::string_view text, std::mt19937& random) {
  detail::NfcStream stream;
  std::string out;
  for (std::size_t place = 0, next = 0; place < text.size(); place = next) {
    for (auto left = 1 + random() % 4; left > 0 && next < text.size(); --left) detail::next_code(text, next);
    stream.append(out, text.substr(place, next - place));
  }
  detail::append_nfc(out, stream.waiting());
  return out;
}

void print_bytes(const char* what, std::string_view text) {
  std::printf(" %s ", what);
  for (const char byte : text.substr(0, 100)) std::printf("%02x", static_cast<unsigned char>(byte));
}

}  // namespace

int main() {
  std::string text, expected, room;
  std::mt19937 random{7};
  unsigned long texts = 0, differences = 0;
  for (; read_text(text); ++texts) {
    if (!read_text(expected)) return 2;
    const std::string_view whole = detail::in_nfc(text, room);
    const std::string pieces = in_pieces(text, random);
    if ((whole == expected && pieces == expected) || ++differences > 10) continue;
    print_bytes("of", text);
    print_bytes("expected", expected);
    print_bytes("whole", whole);
    print_bytes("in pieces", pieces);
    std::printf("\n");
  }
  std::printf("%lu texts: %lu differences\n", texts, differences);
  return differences == 0 && texts != 0 ? 0 : 1;
}
