// SPDX-License-Identifier: MIT
// Prints what the sinks have added up. All numbers come from their snapshots; nothing is counted here.
#pragma once

#include "agent.hpp"
#include "table.hpp"
#include "text.hpp"
#include "tracking.hpp"

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace agent {

/// "850 ns", "12 us", "1.3 ms"
inline std::string duration(std::uint64_t nanoseconds) {
  constexpr std::string_view units[] = {" ns", " us", " ms", " s"};
  std::uint64_t whole = nanoseconds, tenths = 0;
  std::size_t unit = 0;
  for (; whole >= 1000 && unit < 3; ++unit) {
    tenths = whole % 1000 / 100;
    whole /= 1000;
  }
  const bool is_short = unit > 0 && whole < 10;
  return std::to_string(whole) + (is_short ? '.' + std::to_string(tenths) : "") + std::string{units[unit]};
}

/// What is known of the money: "$0.012000", "~$0.000400" with an estimate in it, "unknown" without a price, "-" where
/// there is nothing to price. "+?" says that some of the calls have no known price.
inline std::string money(const ts::Totals& totals) {
  const bool has_unknown = totals.unpriced() + totals.cost_state(ts::CostState::incomplete) > 0;
  if (totals.cost_state(ts::CostState::priced) + totals.cost_state(ts::CostState::free) == 0)
    return has_unknown ? "unknown" : "-";
  const ts::MoneySum sum = totals.cost() + totals.estimated_cost();
  return (totals.estimated_cost() == ts::MoneySum{} ? "" : "~") + sum.usd(6) + (has_unknown ? "+?" : "");
}

/// "40 success, 1 error"
inline std::string outcomes(const ts::Totals& totals) {
  std::string list;
  for (std::size_t place = 0; place < ts::outcome_count; ++place)
    if (const std::uint64_t calls = totals.outcome(static_cast<ts::Outcome>(place)); calls > 0)
      list += (list.empty() ? "" : ", ") + with_commas(calls) + ' ' + std::string{ts::outcome_names[place]};
  return list;
}

class Report {
 public:
  Report(std::ostream& out, const ts::Stats& by_call, const ts::Stats& by_turn, const std::vector<Answer>& answers)
      : out_{out},
        by_call_{by_call},
        by_model_{by_call.by(ts::Dimension::model)},
        by_turn_{by_turn},
        answers_{answers} {}

  void print_tools() const {
    Table table{{"TOOL", "calls", "failed", "tokens", "median", "p95"}};
    for (const ts::StatsRow& row : by_call_.by({ts::Dimension::operation, ts::Dimension::name}).rows) {
      if (row[ts::Dimension::operation] != ts::Operation::execute_tool.text()) continue;
      const ts::Totals& totals = row.totals;
      table.add({row[ts::Dimension::name], with_commas(totals.calls()), with_commas(totals.failures()),
                 '~' + with_commas(totals.used_tokens()), duration(totals.duration_quantile(0.5)),
                 duration(totals.duration_quantile(0.95))});
    }
    table.print(out_);
    out_ << "  ~ estimated from the texts: nobody reports the tokens of a tool\n\n";
  }

  void print_models() const {
    Table table{{"MODEL", "calls", "failed", "in", "out", "cached", "median", "cost"}};
    for_each_model([&](const std::string& model, const ts::Totals& totals) {
      table.add({model, with_commas(totals.calls()), with_commas(totals.failures()), with_commas(totals.used_input()),
                 with_commas(totals.used_output()), with_commas(totals.reported(&ts::Usage::cache_read)),
                 duration(totals.duration_quantile(0.5)), money(totals)});
    });
    table.print(out_);
    out_ << "  in: the cached ones included; ~ has an estimate in it; median: no network\n\n";
  }

  void print_turns() const {
    Table table{{"TURN", "calls", "tokens", "time", "cost", "outcome"}};
    for (const Answer& answer : answers_) {
      const ts::Totals totals = by_turn_.totals_of(ts::Dimension::turn, answer.turn);
      table.add({printable(answer.question), with_commas(totals.calls()), with_commas(totals.used_tokens()),
                 duration(totals.duration_sum()), money(totals),
                 std::string{ts::outcome_names[static_cast<std::size_t>(answer.outcome)]}});
    }
    table.print(out_);
    out_ << "  tokens: of models, and of tools by estimate; time: of all its calls together\n\n";
  }

  void print_answers() const {
    out_ << "ANSWERS\n";
    for (const Answer& answer : answers_)
      out_ << "  " << printable(answer.question) << "\n    " << printable(answer.text) << '\n';
    out_ << '\n';
  }

  void print_totals() const {
    const ts::Totals& total = by_call_.total;
    ts::Totals models;
    for_each_model([&](const std::string&, const ts::Totals& totals) { models += totals; });
    out_ << "TOTAL\n  calls     " << with_commas(total.calls()) << ": " << with_commas(models.calls()) << " of models, "
         << with_commas(total.calls() - models.calls()) << " of tools, in " << counted(total.turns(), "turn") << ", "
         << with_commas(total.turns_succeeded()) << " of them a success\n"
         << "  outcomes  " << outcomes(total) << "\n  tokens    " << with_commas(models.used_input())
         << " into models, " << with_commas(models.used_output()) << " out of them; "
         << with_commas(models.used_tokens() - models.reported_input() - models.reported_output())
         << " of these are estimated\n";
    print_cost("  cost      ", total.cost(), "on reported counts");
    print_cost("            ", total.estimated_cost(), "more on estimated counts");
    if (total.unpriced() > 0)
      out_ << "            and " << counted(total.unpriced(), "call") << " whose price is unknown\n";
    out_ << '\n';
  }

  void print_not_priced(std::string_view price_book) const {
    out_ << "NOT PRICED, AND WHY\n";
    for_each_model([&](const std::string& model, const ts::Totals& totals) {
      const std::uint64_t unused = totals.cost_state(ts::CostState::no_usage);
      if (totals.unpriced() > 0)
        out_ << "  " << model << ": " << counted(totals.unpriced(), "call") << "; the model is not in the price book ("
             << price_book << ")\n";
      if (unused > 0)
        out_ << "  " << model << ": " << counted(unused, "call") << " without tokens ("
             << with_commas(totals.outcome(ts::Outcome::rate_limited)) << " rate_limited, "
             << with_commas(totals.outcome(ts::Outcome::policy_blocked)) << " policy_blocked)\n";
    });
    out_ << '\n';
  }

  void print_health(const ts::Health& health) const {
    out_ << "HEALTH\n  " << counted(health.recorded, "record") << " = " << with_commas(health.delivered)
         << " delivered + " << with_commas(health.dropped_in_all()) << " dropped + " << with_commas(health.pending)
         << " pending\n  (" << counted(by_call_.total.calls(), "call") << ", "
         << counted(by_call_.total.turns(), "turn") << ", " << counted(by_call_.total.late_reports(), "late report")
         << " of usage)\n\n";
  }

 private:
  template <class Visit>
  void for_each_model(const Visit& visit) const {
    for (const ts::StatsRow& row : by_model_.rows)
      if (const std::string& model = row[ts::Dimension::model]; !model.empty()) visit(model, row.totals);
  }

  void print_cost(std::string_view indent, ts::MoneySum sum, std::string_view what) const {
    out_ << indent << sum.usd(2) << " (exactly " << sum.exact() << " USD) " << what << '\n';
  }

  std::ostream& out_;
  const ts::Stats& by_call_;
  const ts::Stats by_model_;
  const ts::Stats& by_turn_;
  const std::vector<Answer>& answers_;
};

}  // namespace agent
