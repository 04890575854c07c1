// SPDX-License-Identifier: MIT
// Aligned columns of text: the first one to the left and cut where the line would get too long, the others to the
// right.
#pragma once

#include "text.hpp"

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agent {

class Table {
 public:
  static constexpr std::size_t line_width = 80;

  explicit Table(std::vector<std::string> titles) : rows_{std::move(titles)} {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const noexcept { return rows_.size() == 1; }

  void print(std::ostream& out) const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_)
      for (std::size_t column = 0; column < row.size(); ++column)
        widths[column] = std::max(widths[column], width(row[column]));
    std::size_t others = 0;
    for (std::size_t column = 1; column < widths.size(); ++column) others += gap.size() + widths[column];
    widths[0] = std::min(widths[0], std::max<std::size_t>(line_width - std::min(others, line_width - 10), 10) - 2);
    for (const auto& row : rows_) print_row(out, row, widths);
  }

 private:
  static constexpr std::string_view gap = "  ", indent = "  ";

  static std::size_t width(std::string_view text) noexcept {  // in characters of UTF-8
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  }

  static std::string fitted(std::string text, std::size_t most) {
    if (width(text) <= most) return text;
    while (width(text) > most - 2) text = cut(text, text.size() - 1);
    return text + "..";
  }

  static void print_row(std::ostream& out, const std::vector<std::string>& row,
                        const std::vector<std::size_t>& widths) {
    const std::string first = fitted(row[0], widths[0]);
    out << indent << first << std::string(widths[0] - width(first), ' ');
    for (std::size_t column = 1; column < row.size(); ++column)
      out << gap << std::string(widths[column] - width(row[column]), ' ') << row[column];
    out << '\n';
  }

  std::vector<std::vector<std::string>> rows_;
};

}  // namespace agent
