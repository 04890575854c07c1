// SPDX-License-Identifier: MIT
// `tallyscope report`
#pragma once

#include "printed.hpp"
#include "record_files.hpp"
#include "report_arguments.hpp"
#include "report_json.hpp"
#include "report_text.hpp"

namespace tallyscope_program {

/// Also where a file could not be read, what could be is reported; then the problems, and a status that says so.
inline int run_report(const ReportArguments& arguments) {
  Report report{query_of(arguments)};
  if (report.needs_calls_first())
    read_files(arguments.files, [&](const ts::Record& record) { report.note_call(record); });
  const FilesRead files = read_files(arguments.files, [&](const ts::Record& record) { report.add(record); });
  if (files.records > 0 || files.problems.empty())
    print(arguments.json ? report_json(report, files) : report_text(report, files));
  return tell(files.problems);
}

}  // namespace tallyscope_program
