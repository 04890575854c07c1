// SPDX-License-Identifier: MIT
#include "program.hpp"

#include <fstream>

namespace {

/// Where the program installs to while this lives.
class DataFolder {
 public:
  DataFolder() { ::setenv("XDG_DATA_HOME", folder_.file("data").c_str(), 1); }
  ~DataFolder() { ::unsetenv("XDG_DATA_HOME"); }

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream{folder_.file(name), std::ios::binary} << content;
    return folder_.file(name);
  }
  std::string image(const std::string& name) const {
    return folder_.file("data") + "/tallyscope/vocabularies/" + name + ".vocab";
  }

 private:
  TemporaryFolder folder_;
};

/// Every byte as itself, and some tokens more, as a tokenizer.json.
std::string small_tokenizer(const std::string& more = R"(, "ab": 256, "Ġab": 257)") {
  std::string vocabulary, letters;
  int number = 0, other = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    const bool own = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    const int code = own ? byte : other++;
    letters.clear();
    if (code == '"' || code == '\\') letters += '\\';
    if (code < 0x80)
      letters += static_cast<char>(code);
    else
      (letters += static_cast<char>(0xC0 | code >> 6)) += static_cast<char>(0x80 | (code & 0x3F));
    vocabulary += (number == 0 ? "\"" : ", \"") + letters + "\": " + std::to_string(number);
    ++number;
  }
  return R"({"added_tokens": [{"id": 300, "content": "<end>"}], "normalizer": null, "pre_tokenizer": {"type": "Sequence",
"pretokenizers": [{"type": "Split", "pattern": {"Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"}},
{"type": "ByteLevel", "add_prefix_space": false}]}, "model": {"type": "BPE", "ignore_merges": true, "vocab": {)" +
         vocabulary + more + R"(}, "merges": ["a b", "Ġ ab"]}})";
}

}  // namespace

TEST_CASE("a vocabulary that is built is listed, sound, and counts", "[vocab]") {
  const DataFolder data;
  const std::string source = data.file("tokenizer.json", small_tokenizer());
  const Run none = run({"vocab", "list"});
  CHECK(none.status == 0);
  CHECK(none.out.find("o200k_base: not installed; `tallyscope vocab install o200k_base`\n") != std::string::npos);
  const Run built = run({"vocab", "build", source, "--name", "llama3"});
  CHECK(built.err == "");
  CHECK(built.out == data.image("llama3") + "\n");
  CHECK(run({"vocab", "list"}).out.starts_with("llama3: 258 tokens and 1 special ones, "));
  const Run checked = run({"vocab", "check", data.image("llama3")});
  CHECK(checked.status == 0);
  CHECK(checked.out.ends_with(", sound\n"));
  const std::string text = data.file("text.txt", "ab ab abc");
  CHECK(run({"count", "--model", "llama-3.1-8b-instruct", "--json", text}).out ==
        R"({"file":")" + text + R"(","bytes":9,"tokens":4,"encoding":"llama3","exact":true})" + "\n");
}

TEST_CASE("a changed image is told of, beside sound ones", "[vocab]") {
  const DataFolder data;
  const std::string source = data.file("tokenizer.json", small_tokenizer());
  run({"vocab", "build", source, "--name", "llama3"});
  std::string image = content_of(data.image("llama3"));
  image[image.size() / 2] = static_cast<char>(image[image.size() / 2] + 1);
  const std::string changed = data.file("changed.vocab", image);
  const Run checked = run({"vocab", "check", changed, data.image("llama3")});
  CHECK(checked.status == 1);
  CHECK(checked.err == "tallyscope: " + changed +
                           ": the bytes of the vocabulary image are not those it was made with; " +
                           "copy or make it anew\n");
  CHECK(checked.out.ends_with(", sound\n"));
}

TEST_CASE("what is no vocabulary, or not the published one, is not installed", "[vocab]") {
  const DataFolder data;
  check_refused(run({"vocab", "install", "o300k_base"}), "no published vocabulary is called o300k_base");
  const std::string other = data.file("other.tiktoken", "IQ== 0\nIg== 1\n");
  check_refused(run({"vocab", "install", "cl100k_base", "--from", other}), "is not cl100k_base as OpenAI published it");
  check_refused(run({"vocab", "build", other, "--name", "mine"}), "does not say which pattern it has");
  check_refused(run({"vocab", "build", data.file("x.json", "{\"model\": 1"), "--name", "mine"}), "no JSON");
  check_refused(run({"vocab", "build", data.file("s.json", small_tokenizer()), "--name", "../evil"}), "the name of a");
  check_refused(run({"vocab", "build", data.file("s.json", small_tokenizer()), "--name", "x", "--out", "/proc/x/y"}),
                "/proc/x/y cannot be written: ");
  check_refused(run({"vocab", "build", "nowhere.json", "--name", "mine"}), "nowhere.json cannot be read");
  CHECK_FALSE(std::ifstream{data.image("cl100k_base")}.good());
}
