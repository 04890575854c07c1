// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/stats.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0 {

/// A tool, prompt or resource that a server offers, whether anybody has called it or not.
struct CatalogEntry {
  std::string operation{"execute_tool"};  ///< as in Operation
  std::string name{};
  std::vector<std::string> tags{};  ///< compared with ASCII letters in lower case
  std::string short_description{};
  std::string full_description{};
  std::string schema_version{};

  std::string type() const { return std::string{Operation{operation}.type()}; }
};

/// What a catalog is searched for. What is empty does not restrict.
struct CatalogQuery {
  std::string_view type{};          ///< tool, prompt, resource or an operation
  std::vector<std::string> tags{};  ///< all of them
  std::string_view text{};          ///< in the name, a tag or a description, whatever the case
  std::size_t limit = 0;            ///< 0: all
};

/// One entry that was found, with its use.
struct CatalogMatch {
  CatalogEntry entry{};
  Totals totals{};  ///< nothing where nobody used it, or no Stats was given
};

struct CatalogMatches {
  std::size_t tracked = 0;              ///< entries in the catalog
  std::size_t matched = 0;              ///< before the limit
  std::uint64_t calls = 0;              ///< of all that matched
  std::vector<std::string> all_tags{};  ///< of the whole catalog, in order
  std::vector<CatalogMatch> matches{};  ///< most calls first, then the latest call, then by name
};

/// The tools, prompts and resources that are known: so that those nobody uses show up too. For one thread, or for many
/// that only read.
class Catalog {
 public:
  /// Adds an entry, or replaces the one of the same operation and name.
  void add(CatalogEntry entry) {
    for (std::string& tag : entry.tags) tag = lower(tag);
    CatalogEntry* const same = find(entry.operation, entry.name);
    if (same != nullptr)
      *same = std::move(entry);
    else
      entries_.push_back(std::move(entry));
  }

  const std::vector<CatalogEntry>& entries() const noexcept { return entries_; }

  /// The same sums by operation and name, with a row for each entry that has no calls.
  Stats stats(const Stats& used) const {
    Stats all = used.by({Dimension::operation, Dimension::name});
    for (const CatalogEntry& entry : entries_) {
      const auto is_it = [&](const StatsRow& row) { return is_row_of(row, entry); };
      if (std::any_of(all.rows.begin(), all.rows.end(), is_it)) continue;
      StatsRow& row = all.rows.emplace_back();
      row.key[static_cast<std::size_t>(Dimension::operation)] = entry.operation;
      row.key[static_cast<std::size_t>(Dimension::name)] = entry.name;
    }
    all.sort();
    return all;
  }

  /// The entries that a query finds, with their use if it is given.
  CatalogMatches search(const CatalogQuery& query, const Stats* used = nullptr) const {
    CatalogMatches found{.tracked = entries_.size(), .all_tags = all_tags()};
    const Stats by_name = used != nullptr ? used->by({Dimension::operation, Dimension::name}) : Stats{};
    for (const CatalogEntry& entry : entries_)
      if (matches(entry, query)) found.matches.push_back({entry, totals_of(by_name, entry)});
    found.matched = found.matches.size();
    for (const CatalogMatch& match : found.matches) found.calls += match.totals.calls();
    std::sort(found.matches.begin(), found.matches.end(), comes_first);
    if (query.limit != 0 && query.limit < found.matches.size()) found.matches.resize(query.limit);
    return found;
  }

 private:
  static std::string lower(std::string_view text) {
    std::string small{text};
    for (char& letter : small)
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return small;
  }

  CatalogEntry* find(std::string_view operation, std::string_view name) noexcept {
    for (CatalogEntry& entry : entries_)
      if (entry.operation == operation && entry.name == name) return &entry;
    return nullptr;
  }

  static bool is_row_of(const StatsRow& row, const CatalogEntry& entry) noexcept {
    return !row.other && row[Dimension::operation] == entry.operation && row[Dimension::name] == entry.name;
  }

  static Totals totals_of(const Stats& stats, const CatalogEntry& entry) noexcept {
    for (const StatsRow& row : stats.rows)
      if (is_row_of(row, entry)) return row.totals;
    return {};
  }

  static bool matches(const CatalogEntry& entry, const CatalogQuery& query) {
    if (!query.type.empty() && entry.type() != query.type) return false;
    const auto has_tag = [&](const std::string& tag) {
      return std::find(entry.tags.begin(), entry.tags.end(), lower(tag)) != entry.tags.end();
    };
    if (!std::all_of(query.tags.begin(), query.tags.end(), has_tag)) return false;
    const std::string wanted = lower(query.text);
    const auto has_text = [&](const std::string& text) { return lower(text).find(wanted) != std::string::npos; };
    return has_text(entry.name) || has_text(entry.short_description) || has_text(entry.full_description) ||
           std::any_of(entry.tags.begin(), entry.tags.end(), has_text);
  }

  static bool comes_first(const CatalogMatch& a, const CatalogMatch& b) {
    if (a.totals.calls() != b.totals.calls()) return a.totals.calls() > b.totals.calls();
    if (a.totals.last_start() != b.totals.last_start()) return a.totals.last_start() > b.totals.last_start();
    return a.entry.name != b.entry.name ? a.entry.name < b.entry.name : a.entry.operation < b.entry.operation;
  }

  std::vector<std::string> all_tags() const {
    std::vector<std::string> tags;
    for (const CatalogEntry& entry : entries_) tags.insert(tags.end(), entry.tags.begin(), entry.tags.end());
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
  }

  std::vector<CatalogEntry> entries_;
};

}  // namespace tallyscope::inline v0
