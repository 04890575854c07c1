// SPDX-License-Identifier: MIT
// Reads the headers of a source tree and says where they break the order of the floors.
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace house {

namespace fs = std::filesystem;

/// Where a header or a folder stands: a header includes only what stands on its own floor or below, and no circle.
/// Folders end with a slash. A header of the core that is neither here nor in such a folder is an error.
inline const std::vector<std::vector<std::string_view>> floors{
    {"config.hpp"},
    {"usage.hpp", "money.hpp", "identity.hpp", "clock.hpp", "diagnostic.hpp", "error.hpp", "short_text.hpp"},
    {"record.hpp", "reading.hpp", "stored_record.hpp"},
    {"concepts.hpp", "health.hpp", "prepared_call.hpp"},
    {"null_sink.hpp", "estimators/", "prices/", "providers/", "totals.hpp", "stats.hpp", "stats_builder.hpp",
     "catalog.hpp", "request_estimate.hpp"},
    {"limits/", "privacy/", "results/"},
    {"tracker.hpp"},
    {"turn_scope.hpp"},
    {"track_scope.hpp"},
    {"admit.hpp", "tracked_stream.hpp"},
    {"tallyscope.hpp"},
    {"ext/"},
};
/// Sinks stand just below the tracker.
inline constexpr std::string_view first_floor_above_sinks = "tracker.hpp";

struct Header {
  std::string name;   // as it is included, without "tallyscope/"
  bool sink = false;  // below sinks/
  std::string text;
  std::vector<std::string> ours;    // names of our headers it includes
  std::vector<std::string> others;  // what else it includes, with its brackets or quotes
};

inline std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

inline bool in_detail(const std::string& name) { return name.find("detail/") != std::string::npos; }

inline bool is_reader(const std::string& name) { return name.ends_with("_reader.hpp"); }

/// A header that is a sink or belongs to one, as against what several sinks share.
inline bool is_sink(const Header& header) { return header.sink && !in_detail(header.name) && !is_reader(header.name); }

/// The floor of a header of the core; -1 if it has none, as in detail/.
inline int floor_of(std::string_view name) {
  for (std::size_t i = 0; i < floors.size(); ++i)
    for (auto entry : floors[i])
      if (entry.ends_with('/') ? name.starts_with(entry) : name == entry) return static_cast<int>(i);
  return -1;
}

inline bool is_system_include(const std::string& include) {
  static const std::set<std::string> posix{
      "unistd.h", "fcntl.h",  "pthread.h", "poll.h", "signal.h",  "time.h",    "errno.h",     "sched.h",    "netdb.h",
      "cxxabi.h", "endian.h", "syslog.h",  "io.h",   "process.h", "windows.h", "immintrin.h", "arm_neon.h", "dlfcn.h"};
  if (!include.starts_with('<')) return false;
  const auto name = include.substr(1, include.size() - 2);
  if (name.find_first_of("./") == std::string::npos) return true;  // as the standard library's are named
  return posix.contains(name) || name.starts_with("sys/") || name.starts_with("netinet/") || name.starts_with("arpa/");
}

inline Header read_header(const fs::path& root, const fs::path& path, bool sink) {
  static const std::regex include{R"(^[ \t]*#[ \t]*include[ \t]*(<[^>]*>|"[^"]*"))"};
  Header header{fs::relative(path, root).generic_string(), sink, read(path), {}, {}};
  std::istringstream lines{header.text};
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (!std::regex_search(line, match, include)) continue;
    const std::string what = match[1];
    if (what.starts_with("<tallyscope/"))
      header.ours.push_back(what.substr(12, what.size() - 13));
    else
      header.others.push_back(what);
  }
  return header;
}

inline std::vector<fs::path> files_below(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.is_regular_file() && entry.path().extension() == extension) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// All headers of the tree at `root`, and what is wrong with them: `complaints()` is empty for a sound tree.
class Tree {
 public:
  explicit Tree(fs::path root) : root_{std::move(root)} {
    read_all("include", false);
    read_all("sinks", true);
    for (const auto& [name, header] : headers_) reached_[name] = reach(name);
  }

  [[nodiscard]] std::vector<std::string> complaints() {
    for (const auto& [name, header] : headers_) {
      check_form(header);
      check_includes(header);
      check_floor(header);
      if (is_sink(header)) check_sink(header);
      check_test(header);
    }
    return complaints_;
  }

 private:
  void read_all(const char* folder, bool sink) {
    const auto root = root_ / folder / "tallyscope";
    for (const auto& path : files_below(root, ".hpp")) {
      auto header = read_header(root, path, sink);
      const auto name = header.name;
      if (!headers_.emplace(name, std::move(header)).second)
        complain(name, "is in include/ and in sinks/; installed, one would replace the other");
    }
  }

  void complain(const std::string& name, const std::string& what) { complaints_.push_back(name + " " + what + "."); }

  /// Everything that `name` includes, directly or not; itself too if it is on a circle.
  std::set<std::string> reach(const std::string& name) const {
    std::set<std::string> seen;
    std::vector<std::string> open{name};
    while (!open.empty()) {
      const auto current = open.back();
      open.pop_back();
      const auto found = headers_.find(current);
      if (found == headers_.end()) continue;
      for (const auto& next : found->second.ours)
        if (seen.insert(next).second) open.push_back(next);
    }
    return seen;
  }

  void check_form(const Header& header) {
    if (!header.text.starts_with("// SPDX-License-Identifier: MIT\n"))
      complain(header.name, "does not start with the line `// SPDX-License-Identifier: MIT`");
    if (header.text.find("\n#pragma once\n") == std::string::npos) complain(header.name, "lacks `#pragma once`");
  }

  void check_includes(const Header& header) {
    for (const auto& name : header.ours)
      if (!headers_.contains(name)) complain(header.name, "includes <tallyscope/" + name + ">, which does not exist");
    if (reached_[header.name].contains(header.name)) complain(header.name, "includes itself in a circle");
    for (const auto& other : header.others) {
      if (other.starts_with('"'))
        complain(header.name, "includes " + other + " in quotes; write <tallyscope/...>");
      else if (!header.sink && !header.name.starts_with("ext/") && !is_system_include(other))
        complain(header.name, "includes " + other + ", but the core needs nothing beside the standard library");
    }
  }

  void check_floor(const Header& header) {
    const auto own = header.sink ? floor_of(first_floor_above_sinks) - 1 : floor_of(header.name);
    const bool free_of_floor = in_detail(header.name) && own < 0;
    if (own < 0 && !free_of_floor)
      complain(header.name, "has no floor; give it one in the table of tests/house/floors.hpp");
    for (const auto& name : reached_[header.name]) {
      const auto other = headers_.find(name);
      if (other == headers_.end()) continue;
      if (!header.sink && other->second.sink)
        complain(header.name, "is in the core and includes the sink header " + name);
      else if (own >= 0 && floor_of(name) > own)
        complain(header.name, "includes " + name + ", which stands above it");
    }
  }

  void check_sink(const Header& header) {
    for (const auto& name : reached_[header.name]) {
      const auto other = headers_.find(name);
      if (name != header.name && other != headers_.end() && is_sink(other->second))
        complain(header.name,
                 "includes another sink, " + name + "; take a sink that is wrapped as a template argument");
    }
  }

  void check_test(const Header& header) {
    if (in_detail(header.name) || header.name == "tallyscope.hpp" || header.name == "config.hpp") return;
    if (tests_.empty())
      for (const auto& path : files_below(root_ / "tests", ".cpp")) tests_.insert(path.stem().string());
    const auto wanted = fs::path{header.name}.stem().string() + "_test";
    if (!tests_.contains(wanted)) complain(header.name, "has no test; write " + wanted + ".cpp below tests/");
  }

  fs::path root_;
  std::map<std::string, Header> headers_;
  std::map<std::string, std::set<std::string>> reached_;
  std::set<std::string> tests_;
  std::vector<std::string> complaints_;
};

}  // namespace house
