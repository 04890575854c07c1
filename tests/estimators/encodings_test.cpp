// SPDX-License-Identifier: MIT
#include <tallyscope/estimators/encodings.hpp>

#include "catch.hpp"

#include <string>

namespace ts = tallyscope;
using ts::Encoding;

namespace {

struct Known {
  std::string_view model, encoding;
};

/// tiktoken 0.14.0 (2026-08-17), tiktoken/model.py: its table of models. Its gpt2 is r50k_base by another name.
constexpr Known tiktoken_models[] = {
    {"o1", "o200k_base"},
    {"o3", "o200k_base"},
    {"o4-mini", "o200k_base"},
    {"gpt-5", "o200k_base"},
    {"gpt-4.1", "o200k_base"},
    {"gpt-4o", "o200k_base"},
    {"gpt-4", "cl100k_base"},
    {"gpt-3.5-turbo", "cl100k_base"},
    {"gpt-3.5", "cl100k_base"},
    {"gpt-35-turbo", "cl100k_base"},
    {"davinci-002", "cl100k_base"},
    {"babbage-002", "cl100k_base"},
    {"text-embedding-ada-002", "cl100k_base"},
    {"text-embedding-3-small", "cl100k_base"},
    {"text-embedding-3-large", "cl100k_base"},
    {"text-davinci-003", "p50k_base"},
    {"text-davinci-002", "p50k_base"},
    {"text-davinci-001", "r50k_base"},
    {"text-curie-001", "r50k_base"},
    {"text-babbage-001", "r50k_base"},
    {"text-ada-001", "r50k_base"},
    {"davinci", "r50k_base"},
    {"curie", "r50k_base"},
    {"babbage", "r50k_base"},
    {"ada", "r50k_base"},
    {"code-davinci-002", "p50k_base"},
    {"code-davinci-001", "p50k_base"},
    {"code-cushman-002", "p50k_base"},
    {"code-cushman-001", "p50k_base"},
    {"davinci-codex", "p50k_base"},
    {"cushman-codex", "p50k_base"},
    {"text-davinci-edit-001", "p50k_edit"},
    {"code-davinci-edit-001", "p50k_edit"},
    {"text-similarity-davinci-001", "r50k_base"},
    {"text-similarity-curie-001", "r50k_base"},
    {"text-similarity-babbage-001", "r50k_base"},
    {"text-similarity-ada-001", "r50k_base"},
    {"text-search-davinci-doc-001", "r50k_base"},
    {"text-search-curie-doc-001", "r50k_base"},
    {"text-search-babbage-doc-001", "r50k_base"},
    {"text-search-ada-doc-001", "r50k_base"},
    {"code-search-babbage-code-001", "r50k_base"},
    {"code-search-ada-code-001", "r50k_base"},
    {"gpt2", "gpt2"},
    {"gpt-2", "gpt2"},
};

/// The same file: its table of beginnings, each with an end that such models have.
constexpr Known tiktoken_beginnings[] = {
    {"o1-2024-12-17", "o200k_base"},
    {"o1-preview", "o200k_base"},
    {"o3-mini-2025-01-31", "o200k_base"},
    {"o4-mini-2025-04-16", "o200k_base"},
    {"gpt-5-mini", "o200k_base"},
    {"gpt-5.1", "o200k_base"},
    {"gpt-5.4-nano-2026-03-17", "o200k_base"},
    {"gpt-4.5-preview", "o200k_base"},
    {"gpt-4.1-mini-2025-04-14", "o200k_base"},
    {"chatgpt-4o-latest", "o200k_base"},
    {"gpt-4o-2024-05-13", "o200k_base"},
    {"gpt-4-0314", "cl100k_base"},
    {"gpt-4-32k", "cl100k_base"},
    {"gpt-4-turbo-2024-04-09", "cl100k_base"},
    {"gpt-3.5-turbo-0301", "cl100k_base"},
    {"gpt-35-turbo-16k", "cl100k_base"},
    {"gpt-oss-120b", "o200k_harmony"},
    {"ft:gpt-4o", "o200k_base"},
    {"ft:gpt-4o-2024-08-06:acme::x1", "o200k_base"},
    {"ft:gpt-4-0613:acme:name:x1", "cl100k_base"},
    {"ft:gpt-3.5-turbo-0125:acme::x1", "cl100k_base"},
    {"ft:davinci-002:acme::x1", "cl100k_base"},
    {"ft:babbage-002:acme::x1", "cl100k_base"},
};

void check_all(const auto& known) {
  for (const auto& [model, encoding] : known) {
    INFO(model);
    const auto found = ts::encoding_of_model(model);
    CHECK(found.has_value());
    CHECK(found == ts::encoding_named(encoding));
  }
}

}  // namespace

TEST_CASE("an encoding has a name, and the name an encoding", "[encodings]") {
  for (const auto encoding :
       {Encoding::r50k_base, Encoding::p50k_base, Encoding::p50k_edit, Encoding::cl100k_base, Encoding::o200k_base,
        Encoding::o200k_harmony, Encoding::llama3, Encoding::qwen3, Encoding::deepseek_v3}) {
    CHECK_FALSE(ts::name_of(encoding).empty());
    CHECK(ts::encoding_named(ts::name_of(encoding)) == encoding);
  }
  CHECK(ts::name_of(Encoding::o200k_base) == "o200k_base");
  CHECK(ts::name_of(Encoding::deepseek_v3) == "deepseek_v3");
  CHECK(ts::encoding_named("gpt2") == Encoding::r50k_base);
}

TEST_CASE("what is no encoding has no name, and what is no name no encoding", "[encodings]") {
  CHECK(ts::name_of(static_cast<Encoding>(200)).empty());
  for (const std::string_view name : {"", "o200k", "o200k_base ", "O200K_BASE", "gpt-4o"})
    CHECK_FALSE(ts::encoding_named(name));
}

TEST_CASE("OpenAI's models have the encodings that tiktoken gives them", "[encodings]") {
  check_all(tiktoken_models);
  check_all(tiktoken_beginnings);
}

TEST_CASE("open models have the encodings that they are published with", "[encodings]") {
  constexpr Known published[] = {
      {"meta-llama/Meta-Llama-3-8B-Instruct", "llama3"},
      {"meta-llama/Llama-3.1-405B", "llama3"},
      {"llama-3.3-70b-versatile", "llama3"},
      {"llama3.2:3b", "llama3"},
      {"us.meta.llama3-3-70b-instruct-v1:0", "llama3"},
      {"accounts/fireworks/models/llama-v3p1-8b-instruct", "llama3"},
      {"Qwen/Qwen2-7B", "qwen3"},
      {"Qwen/Qwen2.5-Coder-32B-Instruct", "qwen3"},
      {"Qwen/Qwen3-235B-A22B-Instruct-2507", "qwen3"},
      {"qwen3:8b", "qwen3"},
      {"qwen.qwen3-32b-v1:0", "qwen3"},
      {"deepseek-ai/DeepSeek-V3", "deepseek_v3"},
      {"deepseek-ai/DeepSeek-V3-0324", "deepseek_v3"},
      {"deepseek-ai/DeepSeek-V3.1", "deepseek_v3"},
      {"deepseek-ai/DeepSeek-R1-0528", "deepseek_v3"},
      {"us.deepseek.r1-v1:0", "deepseek_v3"},
      {"openai/gpt-oss-20b", "o200k_harmony"},
      {"gpt-oss:120b", "o200k_harmony"},
      {"openai.gpt-oss-120b-1:0", "o200k_harmony"},
  };
  check_all(published);
}

TEST_CASE("a distilled model has the encoding of the one that learned", "[encodings]") {
  CHECK(ts::encoding_of_model("deepseek-r1-distill-llama-70b") == Encoding::llama3);
  CHECK(ts::encoding_of_model("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B") == Encoding::qwen3);
  CHECK_FALSE(ts::encoding_of_model("deepseek-r1:8b"));  // one of them: the name does not say which
}

TEST_CASE("a provider before a model, and capitals, change nothing", "[encodings]") {
  for (const std::string_view model : {"gpt-4o", "openai/gpt-4o", "openai:gpt-4o", "openrouter/openai/gpt-4o",
                                       "azure/gpt-4o-2024-11-20", "GPT-4o", "azure:gpt-4o", "openai/ft:gpt-4o:acme::x"})
    CHECK(ts::encoding_of_model(model) == Encoding::o200k_base);
  CHECK(ts::encoding_of_model("azure/gpt-35-turbo-16k") == Encoding::cl100k_base);
}

TEST_CASE("a fine-tuned model has the encoding of its base", "[encodings]") {
  CHECK(ts::encoding_of_model("ft:gpt-4.1-mini-2025-04-14:acme::x1") == Encoding::o200k_base);
  CHECK(ts::encoding_of_model("ft:gpt-35-turbo:acme") == Encoding::cl100k_base);
  CHECK(ts::encoding_of_model("davinci:ft-acme-2023-01-01-00-00-00") == Encoding::r50k_base);
  CHECK_FALSE(ts::encoding_of_model("ft:claude-3-haiku:gpt-4o::x1"));
}

TEST_CASE("the longest name that is known decides", "[encodings]") {
  CHECK(ts::encoding_of_model("gpt-4-turbo") == Encoding::cl100k_base);
  CHECK(ts::encoding_of_model("gpt-4o-mini") == Encoding::o200k_base);
  CHECK(ts::encoding_of_model("gpt-4.1-nano") == Encoding::o200k_base);
  CHECK(ts::encoding_of_model("davinci") == Encoding::r50k_base);
  CHECK(ts::encoding_of_model("davinci-002") == Encoding::cl100k_base);
}

TEST_CASE("what is not known is not guessed", "[encodings]") {
  for (const std::string_view model : {"",
                                       "gpt",
                                       "gpt-",
                                       "gpt-6",
                                       "gpt-50",
                                       "gpt-4omega",
                                       "gpt-4.2",
                                       "gpt-4a",
                                       "notgpt-4o",
                                       "my-gpt-4o",
                                       "o2",
                                       "o10",
                                       "o1x",
                                       "ada-lovelace",
                                       "davinci-003",
                                       "text-embedding-4",
                                       "claude-sonnet-4-5",
                                       "gemini-2.5-pro",
                                       "mistral-large-latest",
                                       "llama-2-70b",
                                       "llama-4-scout",
                                       "llama-30b",
                                       "qwen3.5-27b",
                                       "qwen3-max",
                                       "qwen-max",
                                       "deepseek-chat",
                                       "deepseek-v30",
                                       "ft:",
                                       "ft:acme",
                                       "openai/",
                                       "/",
                                       ":",
                                       "us.",
                                       "gpt-4o "})
    CHECK_FALSE(ts::encoding_of_model(model));
}

TEST_CASE("a model's name may be any bytes", "[encodings]") {
  CHECK_FALSE(ts::encoding_of_model(std::string(1'000'000, '/')));
  CHECK_FALSE(ts::encoding_of_model(std::string_view{"\xFF\x00gpt-4o", 8}));
  std::string regions;
  for (int time = 0; time < 100'000; ++time) regions += "us.";
  CHECK_FALSE(ts::encoding_of_model(regions));
  CHECK(ts::encoding_of_model(regions + "gpt-4o") == Encoding::o200k_base);
}

TEST_CASE("encodings are known to the compiler", "[encodings]") {
  static_assert(ts::encoding_of_model("openai/gpt-4o-mini") == Encoding::o200k_base);
  static_assert(!ts::encoding_of_model("claude-opus-4-1"));
  static_assert(ts::encoding_named("llama3") == Encoding::llama3);
  static_assert(noexcept(ts::encoding_of_model("")));
  SUCCEED();
}
