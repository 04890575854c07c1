// SPDX-License-Identifier: MIT
#include "../../providers/described.hpp"
#include "../target.hpp"

#include <tallyscope/providers/stream.hpp>

#include <cstddef>
#include <random>
#include <string>

// The first byte chooses where the rest is cut into pieces. A rest that begins with "frames\n" is lines of a type, a
// space and a payload, each of which becomes a frame of AWS's event stream, since nobody makes up its checksums.
namespace {

namespace ts = tallyscope;

std::string number(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

std::string with_checksum(const std::string& bytes) { return bytes + number(ts::detail::crc32(bytes)); }

std::string text_header(std::string_view name, std::string_view text) {
  return static_cast<char>(name.size()) + std::string{name} + '\7' + number(text.size()).substr(2) + std::string{text};
}

std::string frame(std::string_view line) {
  const std::string_view type = line.substr(0, line.find(' '));
  const std::string_view payload = line.substr(type.size() == line.size() ? line.size() : type.size() + 1);
  const bool failed = type.ends_with("Exception");
  const std::string headers = text_header(":message-type", failed ? "exception" : "event") +
                              text_header(failed ? ":exception-type" : ":event-type", type);
  const std::string prelude = with_checksum(number(headers.size() + payload.size() + 16) + number(headers.size()));
  return with_checksum(prelude + headers + std::string{payload});
}

std::string bytes_of(std::string_view body) {
  constexpr std::string_view frames = "frames\n";
  if (!body.starts_with(frames)) return std::string{body};
  body.remove_prefix(frames.size());
  std::string bytes;
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    bytes += frame(line.substr(0, 60'000));  // what the two bytes of a header's size can say
    body.remove_prefix(line.size() < body.size() ? line.size() + 1 : body.size());
  }
  return bytes;
}

bool is_sound(std::string_view text) {
  for (std::size_t size = 0; !text.empty(); text.remove_prefix(size))
    if ((size = ts::detail::character_size(text)) == 0) return false;
  return true;
}

/// What a reader says, and the answer, of `bytes` in pieces of at most `most`.
std::string read(std::string_view bytes, std::size_t most, unsigned seed) {
  std::minstd_rand random{seed};
  ts::StreamReader reader{{}, {.most_event_bytes = 4096}};
  std::string text;
  const auto listen = [&](std::string_view piece) {
    fuzz::require(is_sound(piece), "a piece of the answer is sound UTF-8");
    text += piece;
  };
  while (!bytes.empty()) {
    const std::size_t size = most == 0 ? bytes.size() : 1 + random() % most;
    const std::string piece{bytes.substr(0, size)};  // gone afterwards, so that nobody comes back to it
    reader.feed(piece, listen);
    bytes.remove_prefix(piece.size());
  }
  const std::string said = streams::described(reader.finish(listen));
  fuzz::require(said == streams::described(reader.reading()), "the last reading is that of the end");
  return said + '\n' + text;
}

void read_stream(std::string_view input) {
  if (input.empty()) return;
  const auto seed = static_cast<unsigned char>(input.front());
  const std::string bytes = bytes_of(input.substr(1));
  const std::string whole = read(bytes, 0, 0);
  fuzz::require(read(bytes, 1, 0) == whole, "a stream says the same byte by byte");
  fuzz::require(read(bytes, 1 + seed % 64, 1 + seed) == whole, "a stream says the same in any pieces");
}

const fuzz::Target target{"stream", read_stream};

}  // namespace
