// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_record.hpp>
#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_names.hpp>
#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
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

/// The labels of a record as a row has them.
inline KeptLabels labels_to_store(const Record& record) noexcept {
  return record.labels.empty() ? KeptLabels{} : keep_labels(record.labels, static_cast<std::size_t>(-1));
}

/// What goes into the columns of one row of `calls`. Texts are those of the record, or of the SqliteCollector.
struct SqliteValues {
  SqliteColumnSet present = 0;  // bit by column
  std::int64_t numbers[SqliteColumns::limit];
  std::string_view texts[SqliteColumns::limit];  // of columns of type text
  unsigned char ids[2][16];                      // of the columns id and of

  bool has(std::size_t column) const noexcept { return (present >> column & 1) != 0; }
  /// 0 for NULL.
  std::int64_t number(std::size_t column) const noexcept { return has(column) ? numbers[column] : 0; }
};

/// Finds the values of records, within a transaction.
class SqliteCollector {
 public:
  explicit SqliteCollector(SqliteNames& names) noexcept : names_{names} {}

  /// Forgets the records before, and the texts that were kept for them.
  void start() noexcept {
    for (Last& last : last_) last = {};
    repaired_.clear();
  }

  void collect(const Record& record, SqliteValues& values) {
    values_ = &values;
    column_ = 0;
    present_ = 0;
    cut_ = false;
    lost_ = record.labels.empty() ? Diagnostics{} : labels_to_store(record).lost;
    each_column(*this, record);
    values.present = present_;
  }

  void id(std::string_view, RecordId id) noexcept {
    const std::size_t column = column_++;
    if (!id) return;
    write_id(values_->ids[column == 0 ? 0 : 1], id);
    present_ |= column_bit(column);
  }
  [[gnu::always_inline]] void integer(std::string_view, std::int64_t value, bool present = true) noexcept {
    values_->numbers[column_] = value;
    present_ |= column_bit(column_++, present);
  }
  void count(std::string_view column, Count count) noexcept { integer(column, count.value_or(0), count.has_value()); }
  void money(std::string_view column, Money money, bool present) noexcept {
    integer(column, money.picodollars(), present);
  }
  /// Kept as its bits until it is bound.
  void real(std::string_view column, float value) noexcept {
    integer(column, is_ratio(value) ? bits_of(value) : 0, is_ratio(value));
  }
  void text(std::string_view, std::string_view text) {
    const std::size_t column = column_++;
    if (text.empty()) return;
    values_->texts[column] = text.size() <= name_limit && is_ascii(text) ? text : repaired(text, name_limit);
    present_ |= column_bit(column);
  }
  void name(std::string_view, std::string_view text, std::size_t limit = name_limit) {
    const std::size_t column = column_++;
    if (text.empty()) return;
    cut_ = cut_ || text.size() > limit;
    Last& last = last_[column];
    if (last.text != text) last = {text, names_.id(text.size() <= limit ? text : repaired(text, limit))};
    values_->numbers[column] = last.id;
    present_ |= column_bit(column);
  }
  void diagnostics(std::string_view column, Diagnostics diagnostics) {
    if (cut_) diagnostics.set(Diagnostic::text_cut);
    diagnostics.set(lost_);
    if (!diagnostics.any()) return name(column, {});
    const std::string text = diagnostics_text(diagnostics);
    name(column, text, text.size());
    last_[column_ - 1] = {};
  }

 private:
  struct Last {
    std::string_view text{};
    std::int64_t id = 0;
  };

  static std::int64_t bits_of(float value) noexcept {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
  }
  [[gnu::cold, gnu::noinline]] std::string_view repaired(std::string_view text, std::size_t limit) {
    std::string& copy = repaired_.emplace_back(limit, '\0');
    Diagnostics found;
    copy.resize(copy_repaired(copy.data(), text, limit, found));
    cut_ = cut_ || found.has(Diagnostic::text_cut);
    return copy;
  }

  SqliteNames& names_;
  SqliteValues* values_ = nullptr;
  std::size_t column_ = 0;
  SqliteColumnSet present_ = 0;
  bool cut_ = false;
  Diagnostics lost_{};
  Last last_[SqliteColumns::limit]{};
  std::deque<std::string> repaired_{};
};

}  // namespace tallyscope::inline v0::detail
