// SPDX-License-Identifier: MIT
// What exact counting costs beside other tokenizers, in the same run: `tokenizer_bench FOLDER MODULES
// [NAME=COMMAND]...`, where FOLDER has what corpora.mjs wrote, MODULES is the node_modules folder with npm's tiktoken,
// and each COMMAND starts a peer (peer.hpp). Ends with 1 if they do not all count the same tokens. The environment may
// have ROUNDS, and TEXTS: what is in the names of the corpora that are wanted, and PEERS: the names of those that are.
#include "load.hpp"
#include "speed.hpp"
#include "streams.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

int rounds() {
  const char* const wanted = std::getenv("ROUNDS");
  return wanted != nullptr ? std::max(1, std::atoi(wanted)) : 5;
}

void explain() {
  std::printf(
      "Processor time of one thread, MB = 1,000,000 bytes, medians. Ours: cold, by a new tokenizer; warm, by one that\n"
      "has seen the text; short, pieces of 4 KB by a new tokenizer each; encode, the tokens themselves. Peers, warm:\n"
      "native, encode_ordinary with its list; buffer, the same as bytes; wasm, encode_ordinary; gpt-tokenizer,\n"
      "countTokens.\n\n");
}

std::vector<bench::NamedPeer> start_peers(char** words, int count) {
  std::vector<bench::NamedPeer> peers;
  for (int i = 0; i < count; ++i) {
    const std::string word = words[i], name = word.substr(0, word.find('='));
    if (const char* const wanted = std::getenv("PEERS"); wanted && !std::strstr(wanted, name.c_str())) continue;
    bench::Peer peer{word.substr(std::min(name.size() + 1, word.size()))};
    std::printf("%s: %s\n", name.c_str(),
                peer.version().empty() ? "cannot be started, left out" : peer.version().c_str());
    if (!peer.version().empty()) peers.push_back({name, std::move(peer)});
  }
  return peers;
}

void measure_corpora(const std::string& folder, const std::vector<bench::Tokenized>& vocabularies,
                     std::vector<bench::NamedPeer>& peers, bench::Agreement& agreement) {
  std::vector<bench::Text> texts = bench::texts_of(folder + "/corpora");
  if (const char* const wanted = std::getenv("TEXTS"))
    std::erase_if(texts, [&](const bench::Text& text) { return text.name.find(wanted) == std::string::npos; });
  if (texts.empty()) return void(std::printf("There is no such corpus.\n"));
  bench::Speed speed{texts, vocabularies, agreement};
  speed.add_ours("cold", bench::ours::cold);
  speed.add_ours("warm", bench::ours::warm);
  speed.add_ours("short", bench::ours::short_texts);
  speed.add_ours("encode", bench::ours::encode);
  for (bench::NamedPeer& peer : peers) speed.add_peer(peer);
  speed.add_ratio("cold", "native", 10);
  speed.add_ratio("warm", "native", 15);
  speed.add_ratio("warm", "wasm", 45);
  speed.add_ratio("warm", "gpt-tokenizer", 0);
  speed.run(rounds());
  speed.print();
}

void measure_worst_cases(const std::string& folder, const std::vector<bench::Tokenized>& vocabularies,
                         std::vector<bench::NamedPeer>& peers, bench::Agreement& agreement) {
  const std::vector<bench::Text> texts = bench::texts_of(folder + "/worst");
  bench::Speed speed{texts, vocabularies, agreement};
  speed.add_ours("cold", bench::ours::cold);
  for (bench::NamedPeer& peer : peers)
    if (peer.name == "native") speed.add_peer(peer);
  speed.add_ratio("cold", "native", 0);
  speed.run(rounds());
  speed.print();
  for (const bench::Tokenized& by : vocabularies)
    for (const bench::Text& text : texts)
      if (const double is = speed.speed(by, text, "cold"); is < 20)
        std::printf("  %s: %s is counted at %.1f MB/s, must be >= 20: MISSED\n", by.encoding.c_str(), text.name.c_str(),
                    is);
}

void measure_streams(const std::string& folder, const std::vector<bench::Tokenized>& vocabularies,
                     bench::Agreement& agreement) {
  const std::vector<bench::Text> texts = bench::texts_of(folder + "/corpora");
  const std::vector<bench::Text> worst = bench::texts_of(folder + "/worst");
  bench::Streams streams{agreement};
  for (const bench::Tokenized& by : vocabularies) {
    for (const char* const name : {"english_licences", "code_js", "chinese"})
      streams.add_natural(by, bench::text_named(texts, name));
    for (const char* const name : {"one_letter", "spaces", "random_letters"})
      streams.add_worst(by, bench::text_named(worst, name));
  }
  streams.run(rounds());
  streams.print();
}

void measure_loading(const std::string& program, const std::string& folder, const bench::Tokenized& by,
                     const tallyscope::VocabularyFile& file) {
  const std::string image = folder + "/" + by.encoding + ".vocab", text = folder + "/corpora/english_licences.txt";
  std::printf("\nloading %s\n", by.encoding.c_str());
  bench::load::time_to_first_count(image);
  bench::load::image_size(file);
  bench::load::allocations_of_a_thread(*by.vocabulary, bench::bytes_of(text));
  bench::load::cache_size();
  // By a process of its own, which has nothing else in its memory.
  const int status = std::system(("'" + program + "' --memory '" + image + "' '" + text + "'").c_str());
  if (status != 0) std::printf("  its memory could not be measured\n");
}

}  // namespace

int main(int count, char** words) {
  if (count == 4 && words[1] == std::string_view{"--memory"}) return bench::load::memory(words[2], words[3]);
  if (count < 3) return 2;
  std::signal(SIGPIPE, SIG_IGN);  // a peer that ends is told of
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::string folder = words[1], modules = words[2];
  const auto cl100k = bench::vocabulary_of(modules, folder, "cl100k_base");
  const auto o200k = bench::vocabulary_of(modules, folder, "o200k_base");
  const std::vector<bench::Tokenized> vocabularies = {{"cl100k_base", &cl100k.vocabulary()},
                                                      {"o200k_base", &o200k.vocabulary()}};
  explain();
  std::vector<bench::NamedPeer> peers = start_peers(words + 3, count - 3);
  bench::Agreement agreement;
  measure_corpora(folder, vocabularies, peers, agreement);
  measure_worst_cases(folder, vocabularies, peers, agreement);
  measure_streams(folder, vocabularies, agreement);
  measure_loading(words[0], folder, vocabularies[0], cl100k);
  measure_loading(words[0], folder, vocabularies[1], o200k);
  std::printf("\ncounts that differ: %d\n", agreement.differences());
  return agreement.differences() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
