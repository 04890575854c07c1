// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_record_reader.hpp>
#include <tallyscope/detail/line_file.hpp>
#include <tallyscope/detail/shown_text.hpp>
#include <tallyscope/read_result.hpp>
#include <tallyscope/record.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0 {

namespace detail {

inline bool begins_record(std::string_view text) noexcept {
  constexpr std::string_view begin = "{\"v\":";
  return text.size() > begin.size() && text.starts_with(begin) && text[begin.size()] >= '0' &&
         text[begin.size()] <= '9';
}

/// `text` from the first place on where a record may begin; empty if there is none.
inline std::string_view from_next_record(std::string_view text) noexcept {
  while (!text.empty() && !begins_record(text)) {
    const std::size_t place = text.find("{\"v\":", 1);
    text.remove_prefix(place < text.size() ? place : text.size());
  }
  return text;
}

inline std::string_view without_space(std::string_view text) noexcept {
  const std::size_t place = text.find_first_not_of(" \t\r");
  return text.substr(place < text.size() ? place : text.size());
}

/// Gives the records of a line to `visit`: the one that it is, or those that stand in it behind something torn. Returns
/// the state of the last.
template <class Visit>
JsonLineState visit_line(const FileLine& line, JsonRecordReader& reader, ReadResult& result, Visit& visit) {
  bool lost = line.cut;
  JsonLineState state = line.cut ? JsonLineState::torn : JsonLineState::record;
  std::string_view rest = line.cut ? from_next_record(line.text) : without_space(line.text);
  while (!rest.empty()) {
    state = reader.read(rest);
    const std::string_view after = without_space(rest.substr(reader.end()));
    if (!after.empty() && !begins_record(after)) state = JsonLineState::torn;
    if (state == JsonLineState::newer) break;
    if (state == JsonLineState::record)
      ++result.records, visit(std::as_const(reader).record());
    else
      lost = true;
    rest = state == JsonLineState::torn ? from_next_record(rest.substr(1)) : after;
  }
  if (lost) ++result.skipped;
  return state;
}

}  // namespace detail

/// Reads the records that a JsonlSink has written (docs/format.md), in their order.
///
///   const ReadResult result = JsonlReader{"calls.jsonl"}.for_each([&](const Record& record) { ... });
///
/// Takes files of any size in some two megabytes of memory, and never changes them. What a crash or a full disk has cut
/// off is skipped and counted, also in the middle of a line, and so are lines beyond 1 MiB and those that say what no
/// sink writes: a key that every record has is missing, a value is not what its key stands for. A record is read when
/// it is complete, with or without a newline behind it. At a line of a later format it stops and says so.
///
/// Nothing is thrown but std::bad_alloc and what `visit` throws, nothing is printed. Also while somebody writes to the
/// file, any number of threads may read it, each with its own `visit`. For POSIX systems.
class JsonlReader {
 public:
  explicit JsonlReader(std::string path) noexcept : path_{std::move(path)} {}

  /// Calls `visit(const Record&)` for each record. Its texts are valid only during the call; its hashes are 0, and the
  /// region of a call is its caller's word, whoever said it.
  template <class Visit>
  ReadResult for_each(Visit&& visit) const;

 private:
  std::string named(std::uint64_t line) const { return detail::shown(path_) + ", line " + std::to_string(line); }
  static std::string newer(std::int64_t version) {
    return ": written in format version " + std::to_string(version) +
           ", and this reads version 1: use a newer tallyscope";
  }

  std::string path_;
};

template <class Visit>
ReadResult JsonlReader::for_each(Visit&& visit) const {
  using detail::JsonLineState;
  ReadResult result;
  detail::LineFile file{path_.c_str()};
  detail::JsonRecordReader reader;
  detail::FileLine line;
  for (std::uint64_t number = 1; file.next(line); ++number) {
    const JsonLineState state = detail::visit_line(line, reader, result, visit);
    result.torn_tail = !line.ended && state == JsonLineState::torn;
    if (state != JsonLineState::newer) continue;
    result.problem = named(number) + newer(reader.version());
    return result;
  }
  if (file.error()) result.problem = "cannot read \"" + detail::shown(path_) + "\": " + file.error().message();
  return result;
}

}  // namespace tallyscope::inline v0
