// SPDX-License-Identifier: MIT
// Needs: <nlohmann/json.hpp> nlohmann-json3-dev
#include "../target.hpp"

#include <tallyscope/detail/json_scan.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <string>

namespace {

namespace detail = tallyscope::detail;
using detail::JsonScan;
using detail::JsonString;
using detail::JsonType;

/// What the other reader refuses and this one does not, by design.
struct Leniency {
  bool surrogate_alone = false;
  bool large_exponent = false;
};

void check_string(const JsonString& string, Leniency& leniency) {
  std::string text(string.raw().size(), '?');
  const auto size = static_cast<std::size_t>(string.write(text.data()) - text.data());
  fuzz::require(size <= text.size(), "a text is no longer than it is written");
  text.resize(size);
  fuzz::require(string.escaped() || text == string.raw(), "a text without an escape is as it is written");
  fuzz::require(string.escaped() == (string.raw().find('\\') != std::string_view::npos), "an escape is not overlooked");
  for (std::size_t place = 0; place < size;) {
    const std::size_t character = detail::character_size(std::string_view{text}.substr(place));
    fuzz::require(character > 0, "a text is sound UTF-8");
    place += character;
  }
  if (text.find("\xEF\xBF\xBD") != std::string::npos) leniency.surrogate_alone = true;
}

void check_number(JsonScan& scan, Leniency& leniency) {
  JsonScan other = scan;
  std::int64_t integer = 0, expected = 0;
  std::string_view text;
  const bool whole = other.integer(integer);
  if (!scan.number(text)) return fuzz::require(!whole, "an integer is a number");
  fuzz::require(!whole || other.taken() == scan.taken(), "an integer is all of a number");
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), expected);
  if (parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size())
    fuzz::require(whole && integer == expected, "a number without fraction and exponent that fits is that integer");
  const double near = detail::JsonNumber{text}.approximate();
  fuzz::require(near == near, "a number is a number");
  if (text.size() > 300 || text.find_first_of("eE") != std::string_view::npos) leniency.large_exponent = true;
}

/// Reads a value member by member.
void walk(JsonScan& scan, Leniency& leniency) {
  JsonString text;
  bool truth = false;
  switch (scan.type()) {
    case JsonType::object:
      if (!scan.begin_object()) return;
      while (scan.next_member(text)) {
        check_string(text, leniency);
        walk(scan, leniency);
      }
      return;
    case JsonType::array:
      if (!scan.begin_array()) return;
      while (scan.next_element()) walk(scan, leniency);
      return;
    case JsonType::string:
      if (scan.string(text)) check_string(text, leniency);
      return;
    case JsonType::number:
      return check_number(scan, leniency);
    case JsonType::boolean:
      scan.boolean(truth);
      return;
    case JsonType::null:
      scan.null();
      return;
    default:
      scan.skip();
  }
}

void read_json(std::string_view input) {
  Leniency leniency;
  JsonScan skipping{input}, walking{input};
  const bool skipped = skipping.skip();
  walk(walking, leniency);
  fuzz::require(skipped != skipping.failed(), "what is not skipped has failed");
  fuzz::require(skipping.failed() == walking.failed(), "a document is refused whether it is read or skipped");
  fuzz::require(skipping.failure() == walking.failure(), "the reason for it and its place are the same");
  fuzz::require(skipping.taken() == walking.taken(), "a document ends at one place");
  fuzz::require(skipping.taken() <= input.size(), "nothing is taken beyond the end");
  fuzz::require(skipping.failure().error != detail::JsonError::unexpected_end || skipping.taken() == input.size(),
                "an unexpected end is at the end");
  const bool accepted = skipping.at_end();
  fuzz::require(accepted == walking.at_end(), "a document is accepted whether it is read or skipped");
  if (!accepted || leniency.surrogate_alone || leniency.large_exponent) return;
  fuzz::require(nlohmann::json::accept(input), "another reader accepts what is accepted here");
}

const fuzz::Target target{"json", read_json};

}  // namespace
