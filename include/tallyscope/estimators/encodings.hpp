// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/message_model_name.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// The vocabularies that models are published with. Two of them may cut ordinary text into the same tokens and differ
/// in their special tokens alone, as o200k_base and o200k_harmony do.
enum class Encoding : std::uint8_t {
  r50k_base,  ///< also called gpt2
  p50k_base,
  p50k_edit,
  cl100k_base,
  o200k_base,
  o200k_harmony,
  llama3,       ///< Llama 3 to 3.3
  qwen3,        ///< Qwen 2, 2.5 and 3
  deepseek_v3,  ///< DeepSeek V3 to V3.2 and R1
};

namespace detail {

inline constexpr std::array<std::string_view, 9> encoding_names{"r50k_base",   "p50k_base",  "p50k_edit",
                                                                "cl100k_base", "o200k_base", "o200k_harmony",
                                                                "llama3",      "qwen3",      "deepseek_v3"};

}  // namespace detail

/// "o200k_base"; empty for a value that is none of the enumerators.
constexpr std::string_view name_of(Encoding encoding) noexcept {
  const auto place = static_cast<std::size_t>(encoding);
  return place < detail::encoding_names.size() ? detail::encoding_names[place] : std::string_view{};
}

/// The encoding that `name_of` names so, or "gpt2"; as it is written.
constexpr std::optional<Encoding> encoding_named(std::string_view name) noexcept {
  for (std::size_t place = 0; place < detail::encoding_names.size(); ++place)
    if (detail::encoding_names[place] == name) return static_cast<Encoding>(place);
  if (name == "gpt2") return Encoding::r50k_base;
  return std::nullopt;
}

namespace detail {

struct ModelEncoding {
  std::string_view name;
  Reach reach;
  std::optional<Encoding> encoding;  // nothing: of the family, but its vocabulary is not published
};

// OpenAI's models are those of tiktoken 0.14.0 (tiktoken/model.py, 2026-08-17). What differs from it: a name ends at a
// separator, so that "gpt-4o" is no beginning of "gpt-4omega"; models with "-" behind them are known without it too
// ("gpt-4.5"); and a fine-tuned model has the encoding of its base, where tiktoken takes "ft:gpt-4.1" for a gpt-4.
inline constexpr ModelEncoding model_encodings[] = {
    {"gpt-5", Reach::versions, Encoding::o200k_base},
    {"gpt-4.5", Reach::family, Encoding::o200k_base},
    {"gpt-4.1", Reach::family, Encoding::o200k_base},
    {"gpt-4o", Reach::family, Encoding::o200k_base},
    {"chatgpt-4o", Reach::family, Encoding::o200k_base},
    {"o1", Reach::family, Encoding::o200k_base},
    {"o3", Reach::family, Encoding::o200k_base},
    {"o4-mini", Reach::family, Encoding::o200k_base},
    {"gpt-oss", Reach::family, Encoding::o200k_harmony},
    {"gpt-4", Reach::family, Encoding::cl100k_base},
    {"gpt-3.5", Reach::dated, Encoding::cl100k_base},
    {"gpt-3.5-turbo", Reach::family, Encoding::cl100k_base},
    {"gpt-35-turbo", Reach::family, Encoding::cl100k_base},  // as Azure writes it
    {"davinci-002", Reach::dated, Encoding::cl100k_base},
    {"babbage-002", Reach::dated, Encoding::cl100k_base},
    {"text-embedding-ada-002", Reach::dated, Encoding::cl100k_base},
    {"text-embedding-3-small", Reach::dated, Encoding::cl100k_base},
    {"text-embedding-3-large", Reach::dated, Encoding::cl100k_base},
    {"text-davinci-003", Reach::dated, Encoding::p50k_base},
    {"text-davinci-002", Reach::dated, Encoding::p50k_base},
    {"code-davinci-002", Reach::dated, Encoding::p50k_base},
    {"code-davinci-001", Reach::dated, Encoding::p50k_base},
    {"code-cushman-002", Reach::dated, Encoding::p50k_base},
    {"code-cushman-001", Reach::dated, Encoding::p50k_base},
    {"davinci-codex", Reach::dated, Encoding::p50k_base},
    {"cushman-codex", Reach::dated, Encoding::p50k_base},
    {"text-davinci-edit-001", Reach::dated, Encoding::p50k_edit},
    {"code-davinci-edit-001", Reach::dated, Encoding::p50k_edit},
    {"text-davinci-001", Reach::dated, Encoding::r50k_base},
    {"text-curie-001", Reach::dated, Encoding::r50k_base},
    {"text-babbage-001", Reach::dated, Encoding::r50k_base},
    {"text-ada-001", Reach::dated, Encoding::r50k_base},
    {"davinci", Reach::dated, Encoding::r50k_base},
    {"curie", Reach::dated, Encoding::r50k_base},
    {"babbage", Reach::dated, Encoding::r50k_base},
    {"ada", Reach::dated, Encoding::r50k_base},
    {"text-similarity-davinci-001", Reach::dated, Encoding::r50k_base},
    {"text-similarity-curie-001", Reach::dated, Encoding::r50k_base},
    {"text-similarity-babbage-001", Reach::dated, Encoding::r50k_base},
    {"text-similarity-ada-001", Reach::dated, Encoding::r50k_base},
    {"text-search-davinci-doc-001", Reach::dated, Encoding::r50k_base},
    {"text-search-curie-doc-001", Reach::dated, Encoding::r50k_base},
    {"text-search-babbage-doc-001", Reach::dated, Encoding::r50k_base},
    {"text-search-ada-doc-001", Reach::dated, Encoding::r50k_base},
    {"code-search-babbage-code-001", Reach::dated, Encoding::r50k_base},
    {"code-search-ada-code-001", Reach::dated, Encoding::r50k_base},
    {"gpt2", Reach::dated, Encoding::r50k_base},
    {"gpt-2", Reach::dated, Encoding::r50k_base},

    // Meta's model cards of Llama 3 (2024-04-18), 3.1, 3.2 and 3.3 (2024-12-06): one vocabulary of 128,256 tokens. The
    // spellings are those of Meta, Ollama, Bedrock and Fireworks.
    {"llama-3", Reach::family, Encoding::llama3},
    {"llama-3.1", Reach::family, Encoding::llama3},
    {"llama-3.2", Reach::family, Encoding::llama3},
    {"llama-3.3", Reach::family, Encoding::llama3},
    {"meta-llama-3", Reach::family, Encoding::llama3},
    {"meta-llama-3.1", Reach::family, Encoding::llama3},
    {"llama3", Reach::family, Encoding::llama3},
    {"llama3.1", Reach::family, Encoding::llama3},
    {"llama3.2", Reach::family, Encoding::llama3},
    {"llama3.3", Reach::family, Encoding::llama3},
    {"llama-v3", Reach::family, Encoding::llama3},
    {"llama-v3p1", Reach::family, Encoding::llama3},
    {"llama-v3p2", Reach::family, Encoding::llama3},
    {"llama-v3p3", Reach::family, Encoding::llama3},

    // The technical reports of Qwen2 (arXiv 2407.10671), Qwen2.5 (2412.15115) and Qwen3 (2505.09388): one vocabulary of
    // 151,643 ordinary tokens. Qwen 3.5 has another one. The weights of the "max" models are not published.
    {"qwen2", Reach::family, Encoding::qwen3},
    {"qwen2.5", Reach::family, Encoding::qwen3},
    {"qwen3", Reach::family, Encoding::qwen3},
    {"qwen-2", Reach::family, Encoding::qwen3},
    {"qwen-2.5", Reach::family, Encoding::qwen3},
    {"qwen-3", Reach::family, Encoding::qwen3},
    {"qwen2.5-max", Reach::family, std::nullopt},
    {"qwen3-max", Reach::family, std::nullopt},

    // The reports of DeepSeek-V3 (arXiv 2412.19437) and R1 (2501.12948). A distilled R1 has the vocabulary of the model
    // that learned; "deepseek-r1:8b" is such a one too, so nothing but a date may follow here.
    {"deepseek-v3", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-v3-base", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-v3.1", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-v3.1-base", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-v3.1-terminus", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-v3.2", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-v3.2-exp", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-r1", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-r1-zero", Reach::dated, Encoding::deepseek_v3},
    {"deepseek.v3-v1:0", Reach::dated, Encoding::deepseek_v3},  // Bedrock
    {"deepseek.r1-v1:0", Reach::dated, Encoding::deepseek_v3},
    {"deepseek-r1-distill-llama", Reach::family, Encoding::llama3},
    {"deepseek-r1-distill-qwen", Reach::family, Encoding::qwen3},
};

}  // namespace detail

/// The encoding of a model: by the longest beginning of its name that is known and ends at a separator, in capitals or
/// not, with a provider before it or not ("openai/gpt-4o", "us.meta.llama3-3-70b-instruct-v1:0"), dated or not. A
/// fine-tuned model ("ft:gpt-4o-2024-08-06:acme::x1") has that of its base. Nothing for models whose encoding is not
/// published, such as Claude and Gemini, and for aliases that move on, such as deepseek-chat. Allocates nothing.
constexpr std::optional<Encoding> encoding_of_model(std::string_view model) noexcept {
  const auto entry = detail::entry_of(detail::model_encodings, model);
  return entry ? entry->encoding : std::nullopt;
}

}  // namespace tallyscope::inline v0
