// SPDX-License-Identifier: MIT
// The recorded responses of the example, and the shapes that they have.
#pragma once

#include "../../examples/llm_client/models.hpp"
#include "../../examples/llm_client/recorded_files.hpp"

#include <string>

namespace recorded {

struct Provider {
  const char* name;
  llm::Shape shape;
};

inline constexpr Provider providers[] = {{"openai", llm::Shape::openai},
                                         {"anthropic", llm::Shape::anthropic},
                                         {"google", llm::Shape::gemini},
                                         {"mistral", llm::Shape::mistral}};

inline std::string text(const std::string& file) {
  return llm::text_of_file(TALLYSCOPE_SOURCE_DIR "/examples/llm_client/recorded/" + file);
}
inline llm::json body(const std::string& file) { return llm::parsed(text(file)); }

}  // namespace recorded
