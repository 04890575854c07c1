// SPDX-License-Identifier: MIT
// What it counts with installed vocabularies is tested beside these (vocab_test.cpp).
#include "program.hpp"

#include <fstream>

namespace {

class TextFiles {
 public:
  TextFiles() { ::setenv("XDG_DATA_HOME", folder_.file("data").c_str(), 1); }
  ~TextFiles() { ::unsetenv("XDG_DATA_HOME"); }

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream{folder_.file(name), std::ios::binary} << content;
    return folder_.file(name);
  }
  std::string folder() const { return folder_.file("."); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a missing vocabulary is one sentence with the command that mends it", "[count]") {
  const TextFiles files;
  const std::string text = files.file("a.txt", "text");
  check_refused(run({"count", text}), "`tallyscope vocab install o200k_base` installs it");
  check_refused(run({"count", "--model", "gpt-4", text}), "`tallyscope vocab install cl100k_base` installs it");
  check_refused(run({"count", "--encoding", "llama3", text}), "`tallyscope vocab build tokenizer.json --name llama3`");
  check_refused(run({"count", "--encoding", "o300k", text}), "o300k is no encoding");
  check_refused(run({"count", "--encoding", "p50k_edit", text}), "`tallyscope vocab install p50k_base` installs it");
  check_refused(run({"count", "--encoding", "qwen3", text}), "`tallyscope vocab build tokenizer.json --name qwen3`");
  check_refused(run({"count", "--encoding", "qwen3", "--estimate", text}), "--encoding");
}

TEST_CASE("a model without a public vocabulary is estimated, and that is said", "[count]") {
  const TextFiles files;
  const std::string text = files.file("a.txt", std::string(35, 'a'));
  const Run counted = run({"count", "--model", "claude-opus-4-5", text});
  CHECK(counted.err == "");
  CHECK(counted.out.find("     35  " + text + "\n") != std::string::npos);
  CHECK(counted.out.ends_with("Estimated by byte_class: how far it is off for this model is not known.\n"));
  CHECK(run({"count", "--estimate", "--model", "gpt-4.1", text}).out.find(" % off on the average.\n") !=
        std::string::npos);
  const std::string json = run({"count", "--estimate", "--json", text}).out;
  CHECK(json.starts_with(R"({"file":")" + text + R"(","bytes":35,"tokens":)"));
  CHECK(json.ends_with(R"("encoding":null,"exact":false,"estimator":"byte_class","relative_error":null})"
                       "\n"));
}

TEST_CASE("several files are counted in their order, with their sum, and one that cannot be read is told of",
          "[count]") {
  const TextFiles files;
  std::vector<std::string> words{"count", "--estimate"};
  for (int number = 1; number <= 20; ++number)
    words.push_back(
        files.file(std::to_string(number) + ".txt", std::string(static_cast<std::size_t>(number) * 7, 'x')));
  words.push_back(files.folder());
  words.push_back("nowhere.txt");
  const Run counted = run(words);
  CHECK(counted.status == 1);
  std::size_t place = 0;
  for (int number = 1; number <= 20; ++number) {
    const std::size_t row = counted.out.find("/" + std::to_string(number) + ".txt\n", place);
    REQUIRE(row != std::string::npos);
    place = row;
  }
  CHECK(counted.out.find("   1470  in all\n") != std::string::npos);
  CHECK(counted.err.find("is a folder: name files") != std::string::npos);
  CHECK(counted.err.find("nowhere.txt cannot be read: No such file or directory") != std::string::npos);
}

TEST_CASE("a chat is counted with what stands around its messages", "[count]") {
  const TextFiles files;
  const std::string chat = R"([{"role": "user", "content": "Hello, how are you?"},
    {"role": "assistant", "content": [{"type": "text", "text": "Hi"}], "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}])";
  const std::string list = files.file("list.json", chat);
  const std::string request = files.file("request.json", R"({"model": "gpt-4o", "messages": )" + chat + "}");
  const Run counted = run({"count", "--messages", "--estimate", list, request});
  INFO(counted.out << counted.err);
  CHECK(counted.status == 0);
  const std::string one = run({"count", "--messages", "--estimate", "--json", list}).out;
  const std::string empty = run({"count", "--messages", "--estimate", "--json", files.file("e.json", "[]")}).out;
  CHECK(empty.find("\"tokens\":3,") != std::string::npos);
  CHECK(one.find("\"tokens\":3,") == std::string::npos);
  CHECK(counted.out.find("by OpenAI's published formula, an estimate.\n") != std::string::npos);
  CHECK(run({"count", "--messages", "--estimate", "--json", list}).out.find("\"exact\":false") != std::string::npos);
}

TEST_CASE("what is no chat, or has more than texts, is told of", "[count]") {
  const TextFiles files;
  const auto refused = [&](const std::string& json, std::string_view why) {
    const Run counted = run({"count", "--messages", "--estimate", files.file("x.json", json)});
    INFO(json << counted.err);
    CHECK(counted.status == 1);
    CHECK(counted.err.find(why) != std::string::npos);
  };
  refused("{\"messages\"", "it is no JSON");
  refused("{}", "neither a list of messages nor");
  refused("[1]", "a message in it is no object");
  refused(R"([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}])", "no texts");
  refused("[{}]", "has no role");
  refused(R"([{"role": "user", "content": 5}])", "neither a text nor a list");
  refused(R"([{"role": "user", "function_call": {}}])", "it has `function_call`");
  refused(R"({"system": "x", "messages": []})", "it has `system`");
  refused(R"({"messages": [], "tools": [{"name": "f"}]})", "a tool in it has no `function`");
}

TEST_CASE("a chat is counted for the model that it names", "[count]") {
  const TextFiles files;
  const std::string old = files.file("old.json", R"({"model": "gpt-4", "messages": []})");
  const std::string claude = files.file("claude.json", R"({"model": "claude-opus-4-5", "messages": []})");
  check_refused(run({"count", "--messages", old}), "the vocabulary cl100k_base is not installed");
  CHECK(run({"count", "--messages", claude}).out.find("Estimated by byte_class") != std::string::npos);
  check_refused(run({"count", "--messages", old, claude}),
                "the chats are of several models, gpt-4 and claude-opus-4-5");
}
