// SPDX-License-Identifier: MIT
#pragma once

#include "shown_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tallyscope_program {

/// Columns of text, names to the left and numbers to the right. Cells are shown as they are given.
class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::right;
  };

  explicit TextTable(std::vector<Column> columns) : columns_{std::move(columns)} {}

  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// A line across, between the rows before and those that follow.
  void line() { lines_.push_back(rows_.size()); }

  std::string text() const {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      std::size_t width = columns_of(columns_[column].title);
      for (const auto& cells : rows_) width = std::max(width, columns_of(cells[column]));
      widths.push_back(width);
    }
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    std::string all = line_of(titles, widths);
    for (std::size_t place = 0; place < rows_.size(); ++place) {
      if (std::find(lines_.begin(), lines_.end(), place) != lines_.end()) all += ruler(widths);
      all += line_of(rows_[place], widths);
    }
    return all;
  }

 private:
  static std::string ruler(const std::vector<std::size_t>& widths) {
    std::size_t width = widths.empty() ? 0 : 2 * (widths.size() - 1);
    for (const std::size_t each : widths) width += each;
    return std::string(width, '-') + "\n";
  }

  std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const {
    std::string line;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const std::string space(widths[column] - columns_of(cells[column]), ' ');
      if (column > 0) line += "  ";
      line += columns_[column].align == Align::left ? cells[column] + space : space + cells[column];
    }
    while (line.ends_with(' ')) line.pop_back();
    return line + "\n";
  }

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> lines_;
};

}  // namespace tallyscope_program
