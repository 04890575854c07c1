// SPDX-License-Identifier: MIT
#include "floors.hpp"

#include "catch.hpp"

#include <unistd.h>

namespace {

namespace fs = std::filesystem;

/// A source tree of its own, sound until a test adds something to it.
class SmallTree {
 public:
  SmallTree() : root_{fs::temp_directory_path() / ("tallyscope_floors_" + std::to_string(::getpid()))} {
    fs::remove_all(root_);
    header("include", "config.hpp", "#include <cstdint>\n#include <sys/types.h>\n");
    header("include", "usage.hpp", "#include <tallyscope/config.hpp>\n");
    header("include", "record.hpp", "#include <tallyscope/usage.hpp>\n");
    header("include", "tracker.hpp", "#include <tallyscope/detail/ring.hpp>\n");
    header("include", "detail/ring.hpp", "#include <tallyscope/record.hpp>\n");
    header("sinks", "some_sink.hpp", "#include <tallyscope/record.hpp>\n#include <sqlite3.h>\n");
  }
  SmallTree(const SmallTree&) = delete;
  SmallTree& operator=(const SmallTree&) = delete;
  ~SmallTree() { fs::remove_all(root_); }

  void header(const std::string& root, const std::string& name, const std::string& includes) {
    write(root + "/tallyscope/" + name, "// SPDX-License-Identifier: MIT\n#pragma once\n" + includes);
    if (name.find("detail/") == std::string::npos) write("tests/" + fs::path{name}.stem().string() + "_test.cpp", "");
  }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream{root_ / name} << text;
  }

  std::string complaints() const {
    std::string all;
    for (const auto& line : house::Tree{root_}.complaints()) all += line + "\n";
    return all;
  }

 private:
  fs::path root_;
};

}  // namespace

TEST_CASE("the headers keep to their floors", "[house]") {
  const auto complaints = house::Tree{TALLYSCOPE_SOURCE_DIR}.complaints();
  for (const auto& complaint : complaints) FAIL_CHECK(complaint);
  CHECK(complaints.empty());
}

TEST_CASE("a sound tree gives no cause for complaint", "[house]") { CHECK(SmallTree{}.complaints() == ""); }

TEST_CASE("each breach of the floors is told in a sentence", "[house]") {
  SmallTree tree;
  struct Breach {
    std::string root, name, includes, told;
  };
  const auto breach = GENERATE(values<Breach>({
      {"include", "usage.hpp", "#include <tallyscope/record.hpp>\n",
       "usage.hpp includes record.hpp, which stands above it."},
      {"include", "usage.hpp", "#include <tallyscope/detail/ring.hpp>\n",
       "usage.hpp includes record.hpp, which stands above it."},
      {"include", "usage.hpp", "#include <tallyscope/usage.hpp>\n", "usage.hpp includes itself in a circle."},
      {"include", "usage.hpp", "#include <tallyscope/gone.hpp>\n",
       "includes <tallyscope/gone.hpp>, which does not exist."},
      {"include", "usage.hpp", "#include <curl/curl.h>\n", "usage.hpp includes <curl/curl.h>, but the core"},
      {"include", "usage.hpp", "#include \"config.hpp\"\n", "usage.hpp includes \"config.hpp\" in quotes"},
      {"include", "tracker.hpp", "#include <tallyscope/some_sink.hpp>\n", "includes the sink header some_sink.hpp."},
      {"include", "novelty.hpp", "", "novelty.hpp has no floor; give it one"},
      {"sinks", "other_sink.hpp", "#include <tallyscope/some_sink.hpp>\n",
       "other_sink.hpp includes another sink, some_sink.hpp;"},
      {"sinks", "some_sink.hpp", "#include <tallyscope/tracker.hpp>\n",
       "some_sink.hpp includes tracker.hpp, which stands above it."},
      {"sinks", "usage.hpp", "", "usage.hpp is in include/ and in sinks/"},
  }));
  tree.header(breach.root, breach.name, breach.includes);
  CHECK_THAT(tree.complaints(), Catch::Matchers::ContainsSubstring(breach.told));
}

TEST_CASE("a header without licence, guard or test is told", "[house]") {
  SmallTree tree;
  tree.write("include/tallyscope/prices/bare.hpp", "int x;\n");
  using Catch::Matchers::ContainsSubstring;
  const auto complaints = tree.complaints();
  CHECK_THAT(complaints, ContainsSubstring("prices/bare.hpp does not start with the line"));
  CHECK_THAT(complaints, ContainsSubstring("prices/bare.hpp lacks `#pragma once`"));
  CHECK_THAT(complaints, ContainsSubstring("prices/bare.hpp has no test; write bare_test.cpp"));
}

TEST_CASE("a sink may include what several sinks share", "[house]") {
  SmallTree tree;
  tree.header("sinks", "some_reader.hpp", "#include <tallyscope/detail/lines.hpp>\n");
  tree.header("sinks", "detail/lines.hpp", "#include <tallyscope/record.hpp>\n");
  tree.header("sinks", "some_sink.hpp", "#include <tallyscope/some_reader.hpp>\n");
  CHECK(tree.complaints() == "");
}
