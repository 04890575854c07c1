// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_record.hpp>
#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// The texts of a file by their numbers, read when they are first asked for.
class SqliteTexts {
 public:
  int prepare(sqlite3* connection) noexcept {
    return find_.prepare(connection, "SELECT text FROM names WHERE id = ?1");
  }

  /// Empty, and not found(), if there is none of that number. Valid until start_row() of a later row.
  std::string_view text(std::int64_t id) {
    const auto known = texts_.find(id);
    return known != texts_.end() ? std::string_view{known->second} : read(id);
  }
  bool found() const noexcept { return found_; }
  void start_row() {
    found_ = true;
    if (texts_.size() > limit) texts_.clear();
  }

 private:
  static constexpr std::size_t limit = 65'536;

  std::string_view read(std::int64_t id) {
    find_.bind(1, id);
    const bool found = find_.step() == SQLITE_ROW;
    const std::string_view text = found ? texts_.emplace(id, find_.bytes(0)).first->second : std::string_view{};
    find_.reset();
    found_ = found_ && found;
    return text;
  }

  SqliteStatement find_;
  std::unordered_map<std::int64_t, std::string> texts_;
  bool found_ = true;
};

/// Takes the columns of a row one after the other, in the order of each_column.
class SqliteCells {
 public:
  SqliteCells(const SqliteStatement& row, SqliteTexts& texts) noexcept : row_{row}, texts_{texts} {}

  /// Was every value one that a record can have?
  bool sound() const noexcept { return sound_ && texts_.found(); }

  RecordId id() noexcept {
    const std::string_view bytes = row_.bytes(column_++);
    RecordId id;
    if (bytes.size() != 16) {
      sound_ = sound_ && bytes.empty();
      return id;
    }
    for (std::size_t byte = 0; byte < 16; ++byte) {
      std::uint64_t& half = byte < 8 ? id.process : id.number;
      half = half << 8 | static_cast<unsigned char>(bytes[byte]);
    }
    return id;
  }
  bool present() const noexcept { return row_.type(column_) != SQLITE_NULL; }
  std::int64_t integer() noexcept { return row_.integer(column_++); }
  bool flag() noexcept { return integer() != 0; }
  Count count() noexcept {
    const bool there = present();
    const std::int64_t value = integer();
    sound_ = sound_ && value >= 0;
    return there && value >= 0 ? Count{value} : Count{};
  }
  Money money() noexcept { return Money::from_picodollars(integer()); }
  float real() noexcept { return static_cast<float>(row_.real(column_++)); }
  std::string_view text() noexcept { return row_.bytes(column_++); }
  std::string_view name() {
    const std::int64_t id = integer();
    return id == 0 ? std::string_view{} : texts_.text(id);
  }
  template <class Enum, std::size_t Size>
  Enum code(const std::string_view (&)[Size]) noexcept {
    const std::int64_t value = integer();
    sound_ = sound_ && value >= 0 && value < static_cast<std::int64_t>(Size);
    return static_cast<Enum>(value);
  }

 private:
  const SqliteStatement& row_;
  SqliteTexts& texts_;
  int column_ = 0;
  bool sound_ = true;
};

/// A row of `calls` as the record it was. Texts are views of the row and of the SqliteTexts.
class SqliteRow {
 public:
  SqliteRow() noexcept = default;
  SqliteRow(const SqliteRow&) = delete;
  SqliteRow& operator=(const SqliteRow&) = delete;

  /// False if something in the row cannot be read.
  bool read(const SqliteStatement& row, SqliteTexts& texts) {
    SqliteCells cells{row, texts};
    parts_size_ = labels_size_ = 0;
    read_head(cells);
    read_caller(cells);
    read_call(cells);
    read_end(cells);
    for (const UsageField& field : usage_fields) record_.usage.*field.count = cells.count();
    read_metered(cells);
    read_cost(cells);
    read_replaced(cells);
    record_.diagnostics = diagnostics_in(cells.name());
    return cells.sound();
  }

  void add_part(const Part& part) noexcept {
    if (parts_size_ < part_limit) parts_[parts_size_++] = part;
  }
  void add_label(const Label& label) noexcept {
    if (labels_size_ < label_limit) labels_[labels_size_++] = label;
  }

  const Record& record() noexcept {
    record_.parts = {parts_, parts_size_};
    record_.labels = {labels_, labels_size_};
    return record_;
  }

 private:
  void read_head(SqliteCells& cells) noexcept {
    record_.id = cells.id();
    record_.kind = cells.code<Kind>(kind_names);
    record_.of = cells.id();
    record_.start_utc = cells.integer();
    record_.duration_ns = cells.integer();
    record_.first_token_ns = cells.count();
  }
  void read_caller(SqliteCells& cells) {
    caller_.tenant = cells.name();
    caller_.application = cells.name();
    caller_.user = cells.name();
    caller_.user_key = cells.name();
    caller_.session = cells.text();
    caller_.turn = cells.text();
    record_.sequence = cells.count();
  }
  void read_call(SqliteCells& cells) {
    call_.operation = Operation{cells.name()}.interned();
    call_.name = cells.name();
    call_.server = cells.name();
    call_.provider = cells.name();
    call_.model = cells.name();
    response_.model = cells.name();
    call_.endpoint = cells.name();
    response_.service_tier = cells.name();
    call_.region = cells.name();
    response_.request_id = cells.text();
  }
  void read_end(SqliteCells& cells) {
    record_.outcome = cells.code<Outcome>(outcome_names);
    record_.error_type = cells.name();
    record_.finality = cells.code<Finality>(finality_names);
  }
  void read_metered(SqliteCells& cells) {
    record_.metered.characters_in = cells.count();
    record_.metered.characters_out = cells.count();
    record_.metered.input_tokens = cells.count();
    record_.metered.output_tokens = cells.count();
    record_.metered.estimator = cells.name();
    record_.metered.relative_error = cells.real();
    record_.input_source = cells.code<Source>(source_names);
    record_.output_source = cells.code<Source>(source_names);
  }
  void read_cost(SqliteCells& cells) {
    Cost& cost = record_.cost;
    cost.amount = cells.money();
    cost.known = cells.money();
    cost.state = cells.code<CostState>(cost_state_names);
    complete(cost);
    cost.estimated = cells.flag();
    const bool stated = cells.present();
    const Money provider_cost = cells.money();
    record_.provider_cost = stated ? std::optional{provider_cost} : std::nullopt;
    cost.price_book = cells.name();
  }
  void read_replaced(SqliteCells& cells) noexcept {
    superseded_.input_tokens = cells.count();
    superseded_.output_tokens = cells.count();
    Cost cost;
    cost.amount = cells.money();
    cost.known = cells.money();
    const bool stated = cells.present();
    cost.state = cells.code<CostState>(cost_state_names);
    complete(cost);
    cost.estimated = cells.flag();
    superseded_.cost = stated ? std::optional{cost} : std::nullopt;
    const bool any = stated || superseded_.input_tokens.has_value() || superseded_.output_tokens.has_value();
    record_.superseded = any ? &superseded_ : nullptr;
  }

  static void complete(Cost& cost) noexcept {
    if (cost.whole()) cost.known = cost.amount;
    cost.saturated = cost.amount.saturated() || cost.known.saturated();
  }
  static Diagnostics diagnostics_in(std::string_view names) noexcept {
    Diagnostics found;
    for (std::size_t place = 0; place < diagnostic_count && !names.empty(); ++place) {
      const std::size_t start = names.find(diagnostic_names[place]);
      const std::size_t end = start + diagnostic_names[place].size();
      if (start != names.npos && start > 0 && names[start - 1] == '"' && end < names.size() && names[end] == '"')
        found.set(static_cast<Diagnostic>(place));
    }
    return found;
  }

  Caller caller_{};
  Call call_{.operation = ""};
  Response response_{};
  Superseded superseded_{};
  Part parts_[part_limit]{};
  Label labels_[label_limit]{};
  std::size_t parts_size_ = 0;
  std::size_t labels_size_ = 0;
  Record record_{.caller = caller_, .call = call_, .response = response_};
};

}  // namespace tallyscope::inline v0::detail
