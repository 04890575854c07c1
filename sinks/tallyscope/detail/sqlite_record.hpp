// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_record.hpp>
#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_names.hpp>
#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// Big-endian, so that the ids of one process lie in a file in the order in which they were made.
inline void write_id(unsigned char* out, RecordId id) noexcept {
  for (int byte = 0; byte < 8; ++byte) {
    out[byte] = static_cast<unsigned char>(id.process >> (56 - 8 * byte));
    out[8 + byte] = static_cast<unsigned char>(id.number >> (56 - 8 * byte));
  }
}

inline bool is_ascii(std::string_view text) noexcept {
  std::uint64_t bits = 0;
  std::size_t place = 0;
  for (; place + 8 <= text.size(); place += 8) bits |= load8(text.data() + place);
  for (; place < text.size(); ++place) bits |= static_cast<std::uint64_t>(text[place] & 0x80);
  return (bits & high_bits) == 0;
}

/// `["text_cut","label_dropped"]`
inline std::string diagnostics_text(Diagnostics diagnostics) {
  std::string text;
  for (std::size_t place = 0; place < diagnostic_count; ++place)
    if (diagnostics.has(static_cast<Diagnostic>(place)))
      text.append(text.empty() ? "[\"" : ",\"").append(diagnostic_names[place]).append("\"");
  return text + "]";
}

/// Binds records to the parameters of a statement, column by column. What is bound stays bound, so only what differs
/// from the record before is bound anew.
class SqliteBinder {
 public:
  SqliteBinder(SqliteStatement& statement, SqliteNames& names) noexcept : statement_{statement}, names_{names} {}

  /// Forgets the record before.
  void start() noexcept {
    for (Bound& bound : bound_) bound = {};
  }

  /// The texts that go into the row as they are, are borrowed until the statement has run.
  void bind(const Record& record) {
    place_ = 0, scratch_used_ = 0, cut_ = false;
    each_column(*this, record);
  }

  /// What is bound to a column: 0 for NULL.
  std::int64_t value(std::size_t column) const noexcept { return bound_[column].value; }

  void id(std::string_view, RecordId id) noexcept {
    const int place = ++place_;
    if (!id) return null(place);
    unsigned char* const bytes = ids_[place == 1 ? 0 : 1];
    write_id(bytes, id);
    statement_.bind_bytes(place, bytes, 16);
    bound_[place - 1] = {other, 0, {}};
  }
  template <class Enum>
  void code(std::string_view column, Enum value, bool present = true) noexcept {
    integer(column, static_cast<std::int64_t>(value), present);
  }
  void integer(std::string_view, std::int64_t value, bool present = true) noexcept {
    const int place = ++place_;
    present ? number(place, value) : null(place);
  }
  void count(std::string_view column, Count count) noexcept { integer(column, count.value_or(0), count.has_value()); }
  void money(std::string_view column, Money money, bool present) noexcept {
    integer(column, money.picodollars(), present);
  }
  void real(std::string_view, float value) noexcept {
    const int place = ++place_;
    if (!is_ratio(value)) return null(place);
    statement_.bind(place, static_cast<double>(value));
    bound_[place - 1] = {other, 0, {}};
  }
  void text(std::string_view, std::string_view text) {
    const int place = ++place_;
    if (text.empty()) return null(place);
    statement_.bind(place, text.size() <= name_limit && is_ascii(text) ? text : repaired(text, name_limit));
    bound_[place - 1] = {other, 0, {}};
  }
  void name(std::string_view, std::string_view text, std::size_t limit = name_limit) {
    const int place = ++place_;
    if (text.empty()) return null(place);
    cut_ = cut_ || text.size() > limit;
    const Bound& bound = bound_[place - 1];
    if (bound.state != a_number || bound.text != text) name_anew(place, text, limit);
  }
  void diagnostics(std::string_view column, Diagnostics diagnostics) {
    if (cut_) diagnostics.set(Diagnostic::text_cut);
    diagnostics.set(lost_labels_);
    if (!diagnostics.any()) return name(column, {});
    diagnostics_ = diagnostics_text(diagnostics);
    name(column, diagnostics_, diagnostics_.size());
    bound_[place_ - 1].text = {};  // the next record writes over it
  }

  /// What the record's labels have lost, to be told with its diagnostics: before bind().
  void labels_lost(Diagnostics lost) noexcept { lost_labels_ = lost; }

 private:
  enum State : std::uint8_t { unknown, nothing, a_number, other };
  struct Bound {
    State state = unknown;
    std::int64_t value = 0;
    std::string_view text{};  // whose number it is
  };

  void null(int place) noexcept {
    Bound& bound = bound_[place - 1];
    if (bound.state == nothing) return;
    statement_.bind_null(place);
    bound = {nothing, 0, {}};
  }
  void number(int place, std::int64_t value) noexcept {
    Bound& bound = bound_[place - 1];
    if (bound.state == a_number && bound.value == value) return;
    statement_.bind(place, value);
    bound = {a_number, value, {}};
  }
  [[gnu::noinline]] void name_anew(int place, std::string_view text, std::size_t limit) {
    number(place, names_.id(text.size() <= limit ? text : repaired(text, limit)));
    bound_[place - 1].text = text;
  }
  [[gnu::cold, gnu::noinline]] std::string_view repaired(std::string_view text, std::size_t limit) {
    Diagnostics found;
    char* const out = scratch_ + scratch_used_;
    const std::size_t size = copy_repaired(out, text, limit, found);
    scratch_used_ += size;
    cut_ = cut_ || found.has(Diagnostic::text_cut);
    return {out, size};
  }

  static constexpr std::size_t texts = 32;  // more than there are columns of texts

  SqliteStatement& statement_;
  SqliteNames& names_;
  int place_ = 0;
  bool cut_ = false;
  std::size_t scratch_used_ = 0;
  Diagnostics lost_labels_{};
  Bound bound_[SqliteColumns::limit]{};
  unsigned char ids_[2][16]{};
  char scratch_[texts * long_text_limit];
  std::string diagnostics_{};
};

}  // namespace tallyscope::inline v0::detail
