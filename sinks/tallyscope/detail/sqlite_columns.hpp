// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/record.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What a row of `calls` holds of a record: docs/sqlite.md says what each column means and when it is NULL.
namespace tallyscope::inline v0::detail {

constexpr bool states_usage(const Usage& usage) noexcept {
  return usage.input_tokens.has_value() || usage.output_tokens.has_value() || usage.has_details();
}

/// Enumerators are stored as their places, so these must stay as they are.
constexpr std::int64_t place_of(auto enumerator) noexcept { return static_cast<std::int64_t>(enumerator); }
static_assert(place_of(Kind::decision) == 3 && place_of(Outcome::pending) == 6 && place_of(Finality::final) == 2 &&
              place_of(Source::partial) == 3 && place_of(CostState::no_usage) == 5);

template <class Out>
constexpr void caller_columns(Out& out, const Record& record) {
  const Caller& caller = record.caller;
  out.name("tenant", caller.tenant);
  out.name("application", caller.application);
  out.name("user", caller.user);
  out.name("user_key", caller.user_key);
  out.text("session", caller.session);
  out.text("turn", caller.turn);
  out.count("sequence", record.sequence);
}

template <class Out>
constexpr void call_columns(Out& out, const Call& call, const Response& response) {
  out.name("operation", call.operation.text());
  out.name("name", call.name);
  out.name("server", call.server, long_text_limit);
  out.name("provider", call.provider);
  out.name("request_model", call.model);
  out.name("response_model", response.model);
  out.name("endpoint", call.endpoint, long_text_limit);
  out.name("service_tier", response.service_tier);
  out.name("region", response.region.empty() ? call.region : response.region);
  out.text("request_id", response.request_id);
}

template <class Out>
constexpr void metered_columns(Out& out, const Record& record) {
  const Metered& metered = record.metered;
  out.count("characters_in", metered.characters_in);
  out.count("characters_out", metered.characters_out);
  out.count("estimated_input_tokens", metered.input_tokens);
  out.count("estimated_output_tokens", metered.output_tokens);
  out.name("estimator", metered.estimator);
  out.real("estimator_error", metered.relative_error);
  out.integer("input_source", place_of(record.input_source), record.input_source != Source::none);
  out.integer("output_source", place_of(record.output_source), record.output_source != Source::none);
}

template <class Out>
constexpr void cost_columns(Out& out, const Record& record) {
  const Cost& cost = record.cost;
  const bool has_cost = record.kind == Kind::call || record.kind == Kind::late_usage;
  out.money("cost_picodollars", cost.amount, cost.whole());
  out.money("known_cost_picodollars", cost.known,
            !cost.whole() && (cost.state == CostState::incomplete || cost.known != Money{}));
  out.integer("cost_state", place_of(cost.state), has_cost || cost.state != CostState::not_applicable);
  out.integer("cost_estimated", 1, cost.estimated);
  out.money("provider_cost_picodollars", record.provider_cost.value_or(Money{}), record.provider_cost.has_value());
  out.name("price_book", cost.price_book);
}

template <class Out>
constexpr void replaced_columns(Out& out, const Superseded& replaced) {
  const Cost cost = replaced.cost.value_or(Cost{});
  out.count("replaced_input_tokens", replaced.input_tokens);
  out.count("replaced_output_tokens", replaced.output_tokens);
  out.money("replaced_cost_picodollars", cost.amount, cost.whole());
  out.money("replaced_known_cost_picodollars", cost.known, replaced.cost.has_value() && !cost.whole());
  out.integer("replaced_cost_state", place_of(cost.state), replaced.cost.has_value());
  out.integer("replaced_cost_estimated", 1, cost.estimated);
}

/// Shows `out` every column after `number`, in their order, with its value for the record. A value is absent (NULL)
/// where the last argument says so, and for an empty text.
template <class Out>
constexpr void each_column(Out& out, const Record& record) {
  out.id("id", record.id);
  out.integer("kind", place_of(record.kind));
  out.id("of", record.of);
  out.integer("time", record.start_utc);
  out.integer("duration_ns", record.duration_ns);
  out.count("first_token_ns", record.first_token_ns);
  caller_columns(out, record);
  call_columns(out, record.call, record.response);
  out.integer("outcome", place_of(record.outcome));
  out.name("error_type", record.error_type, long_text_limit);
  out.integer("finality", place_of(record.finality),
              record.cost.state != CostState::not_applicable || states_usage(record.usage));
  for (const UsageField& field : usage_fields) out.count(field.key, record.usage.*field.count);
  metered_columns(out, record);
  cost_columns(out, record);
  replaced_columns(out, record.superseded != nullptr ? *record.superseded : Superseded{});
  // The last one: it also tells what became of the texts before.
  out.diagnostics("diagnostics", record.diagnostics);
}

/// Columns as bits, by their places.
__extension__ using SqliteColumnSet = unsigned __int128;

constexpr SqliteColumnSet column_bit(std::size_t place, bool there = true) noexcept {
  return static_cast<SqliteColumnSet>(there) << place;
}
/// The first of a set that is not empty.
constexpr std::size_t first_column(SqliteColumnSet set) noexcept {
  const auto low = static_cast<std::uint64_t>(set);
  return static_cast<std::size_t>(low != 0 ? std::countr_zero(low)
                                           : 64 + std::countr_zero(static_cast<std::uint64_t>(set >> 64)));
}
constexpr int column_count(SqliteColumnSet set) noexcept {
  return std::popcount(static_cast<std::uint64_t>(set)) + std::popcount(static_cast<std::uint64_t>(set >> 64));
}

enum class SqliteType : std::uint8_t { integer, real, text, name, id };

struct SqliteColumn {
  std::string_view name;
  SqliteType type;
};

/// The columns that each_column shows.
class SqliteColumns {
 public:
  static constexpr std::size_t limit = 96;

  constexpr SqliteColumns() noexcept {
    const Record none{};
    each_column(*this, none);
  }
  constexpr void id(std::string_view column, RecordId) noexcept { add(column, SqliteType::id); }
  constexpr void integer(std::string_view column, std::int64_t, bool = true) noexcept {
    add(column, SqliteType::integer);
  }
  constexpr void count(std::string_view column, Count) noexcept { add(column, SqliteType::integer); }
  constexpr void money(std::string_view column, Money, bool) noexcept { add(column, SqliteType::integer); }
  constexpr void real(std::string_view column, float) noexcept { add(column, SqliteType::real); }
  constexpr void text(std::string_view column, std::string_view) noexcept { add(column, SqliteType::text); }
  constexpr void name(std::string_view column, std::string_view, std::size_t = 0) noexcept {
    add(column, SqliteType::name);
  }
  constexpr void diagnostics(std::string_view column, Diagnostics) noexcept { add(column, SqliteType::name); }

  constexpr const SqliteColumn* begin() const noexcept { return columns_; }
  constexpr const SqliteColumn* end() const noexcept { return columns_ + size_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr const SqliteColumn& operator[](std::size_t place) const noexcept { return columns_[place]; }
  /// The place of a column, from 0; size() if there is none of that name.
  constexpr std::size_t place(std::string_view name) const noexcept {
    std::size_t place = 0;
    while (place < size_ && columns_[place].name != name) ++place;
    return place;
  }

 private:
  constexpr void add(std::string_view name, SqliteType type) noexcept { columns_[size_++] = {name, type}; }

  SqliteColumn columns_[limit]{};
  std::size_t size_ = 0;
};

inline constexpr SqliteColumns sqlite_columns{};

/// "a,b,c": what `show` makes of each column, with commas between.
template <class Show>
std::string sqlite_list(const Show& show) {
  std::string list;
  for (const SqliteColumn& column : sqlite_columns) {
    if (!list.empty()) list += ',';
    list += show(column);
  }
  return list;
}

inline std::string sqlite_column_names() {
  return sqlite_list([](const SqliteColumn& column) { return column.name; });
}

}  // namespace tallyscope::inline v0::detail
