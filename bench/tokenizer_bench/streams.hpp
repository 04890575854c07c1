// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/token_stream.hpp>

#include "speed.hpp"

#include <cstdio>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Texts that grow, as a model's answer does.
namespace bench {

class Streams {
 public:
  explicit Streams(Agreement& agreement) : agreement_{agreement} {}

  /// Nanoseconds for each four bytes of natural text: of answers of 4 KB, each a stream of its own; of the whole text
  /// in a new stream; of the same once more; and where the tokens are asked for after each.
  void add_natural(const Tokenized& by, const Text& text) {
    const std::string name = by.encoding + " " + text.name;
    const auto add = [&](const char* what, double limit, auto pass) {
      add_row(name + what, limit, [&by, &text, pass] {
        const double steps = static_cast<double>(text.bytes.size()) / 4;
        return spent([&] { pass(by, std::string_view{text.bytes}); }) / steps;
      });
    };
    add(", 4 KB each", 200, [](const Tokenized& with, std::string_view bytes) {
      for (std::size_t place = 0; place < bytes.size(); place += 4'096) {
        tallyscope::TokenStream stream{*with.vocabulary};
        append(stream, bytes.substr(place, 4'096), 4);
      }
    });
    add(", a new stream", 200, [this, name](const Tokenized& with, std::string_view bytes) {
      tallyscope::TokenStream stream{*with.vocabulary};
      append(stream, bytes, 4);
      agreement_.check(name, "stream", stream.count());
    });
    auto& again = streams_.emplace_back(*by.vocabulary);
    add(", again", 200, [&again](const Tokenized&, std::string_view bytes) {
      again.reset();
      append(again, bytes, 4);
    });
    add(", counted each time", 0, [](const Tokenized& with, std::string_view bytes) {
      tallyscope::TokenStream stream{*with.vocabulary};
      for (std::size_t place = 0; place < bytes.size(); place += 4) {
        stream.append(bytes.substr(place, 4));
        keep(stream.count());
      }
    });
  }

  /// Milliseconds for a text that comes byte by byte.
  void add_worst(const Tokenized& by, const Text& text) {
    const std::string name = by.encoding + " " + text.name;
    add_row(name + ", bytes, ms", 50, [this, name, &by, &text] {
      const double nanoseconds = spent([&] {
        tallyscope::TokenStream stream{*by.vocabulary};
        append(stream, text.bytes, 1);
        agreement_.check(name, "stream", stream.count());
      });
      return nanoseconds / 1e6;
    });
  }

  void run(int rounds) { table_.run(rounds); }

  void print() const {
    std::printf("\n%-52s %10s   %s\n", "streams: one append of four bytes", "median ns", "must be");
    for (const Row& row : rows_) {
      const double is = table_.nanoseconds(row.name);
      std::printf("%-52s %10.1f", row.name.c_str(), is);
      if (row.limit > 0) std::printf("   <= %g%s", row.limit, is <= row.limit ? "" : ": MISSED");
      std::printf("\n");
    }
  }

 private:
  struct Row {
    std::string name;
    double limit;  // 0: none
  };

  void add_row(const std::string& name, double limit, std::function<double()> pass) {
    rows_.push_back({name, limit});
    table_.add(name, "", std::move(pass));
  }
  static void append(tallyscope::TokenStream& stream, std::string_view bytes, std::size_t step) {
    for (std::size_t place = 0; place < bytes.size(); place += step) stream.append(bytes.substr(place, step));
  }

  Agreement& agreement_;
  std::deque<tallyscope::TokenStream> streams_;
  std::vector<Row> rows_;
  Table table_;
};

}  // namespace bench
