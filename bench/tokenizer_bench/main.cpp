// SPDX-License-Identifier: MIT
// What exact counting costs beside other tokenizers, in the same run: `tokenizer_bench FOLDER MODULES
// [NAME=COMMAND]...`, where FOLDER has what corpora.mjs wrote, MODULES is the node_modules folder with npm's tiktoken,
// and each COMMAND starts a peer (peer.hpp). Ends with 1 if they do not all count the same tokens.
#include "speed.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

std::vector<bench::NamedPeer> start_peers(char** words, int count) {
  std::vector<bench::NamedPeer> peers;
  for (int i = 0; i < count; ++i) {
    const std::string word = words[i], name = word.substr(0, word.find('='));
    bench::Peer peer{word.substr(std::min(name.size() + 1, word.size()))};
    std::printf("%s: %s\n", name.c_str(),
                peer.version().empty() ? "cannot be started, left out" : peer.version().c_str());
    if (!peer.version().empty()) peers.push_back({name, std::move(peer)});
  }
  return peers;
}

void measure_corpora(const std::string& folder, const std::vector<bench::Tokenized>& vocabularies,
                     std::vector<bench::NamedPeer>& peers, bench::Agreement& agreement) {
  const std::vector<bench::Text> texts = bench::texts_of(folder + "/corpora");
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
  speed.run(5);
  speed.print();
}

void measure_worst_cases(const std::string& folder, const std::vector<bench::Tokenized>& vocabularies,
                         std::vector<bench::NamedPeer>& peers, bench::Agreement& agreement) {
  const std::vector<bench::Text> texts = bench::texts_of(folder + "/worst");
  bench::Speed speed{texts, vocabularies, agreement};
  speed.add_ours("cold", bench::ours::cold);
  for (bench::NamedPeer& peer : peers)
    if (peer.name == "native") speed.add_peer(peer);
  speed.run(5);
  speed.print();
  for (const bench::Tokenized& by : vocabularies)
    for (const bench::Text& text : texts)
      if (const double is = speed.speed(by, text, "cold"); is < 20)
        std::printf("  %s: %s is counted at %.1f MB/s, must be >= 20: MISSED\n", by.encoding.c_str(), text.name.c_str(),
                    is);
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return 2;
  std::signal(SIGPIPE, SIG_IGN);  // a peer that ends is told of
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::string folder = words[1], modules = words[2];
  const auto cl100k = bench::vocabulary_of(modules, folder, "cl100k_base");
  const auto o200k = bench::vocabulary_of(modules, folder, "o200k_base");
  const std::vector<bench::Tokenized> vocabularies = {{"cl100k_base", &cl100k.vocabulary()},
                                                      {"o200k_base", &o200k.vocabulary()}};
  std::vector<bench::NamedPeer> peers = start_peers(words + 3, count - 3);
  bench::Agreement agreement;
  measure_corpora(folder, vocabularies, peers, agreement);
  measure_worst_cases(folder, vocabularies, peers, agreement);
  return agreement.differences() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
