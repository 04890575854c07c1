// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/anthropic.hpp>
#include <tallyscope/providers/bedrock.hpp>
#include <tallyscope/providers/cohere.hpp>
#include <tallyscope/providers/detail/recognise.hpp>
#include <tallyscope/providers/gemini.hpp>
#include <tallyscope/providers/hint.hpp>
#include <tallyscope/providers/ollama.hpp>
#include <tallyscope/providers/openai.hpp>

#include <string_view>

namespace tallyscope::inline v0 {

/// The shape of a body, or of one event of a stream. What the document itself does not tell, the hint does.
inline Shape shape_of(std::string_view json, const Hint& hint = {}) noexcept {
  const Shape expected = detail::hinted_shape(hint);
  const Shape shape = detail::ShapeSearch{json}.shape();
  return shape == Shape::unknown ? expected : shape;
}

/// What the body of a provider's response says, whoever the provider is: it is the shape that counts, and the shape is
/// recognised. Whatever the bytes are, nothing is thrown or allocated; a body of no known shape has no usage.
inline Reading usage(std::string_view body, const Hint& hint = {}) noexcept {
  switch (shape_of(body, hint)) {
    case Shape::anthropic:
      return anthropic::usage(body);
    case Shape::gemini:
      return gemini::usage(body);
    case Shape::bedrock:
      return bedrock::usage(body);
    case Shape::cohere:
      return cohere::usage(body);
    case Shape::ollama:
      return ollama::usage(body);
    default:
      return openai::usage(body, detail::provider_name(hint.provider));
  }
}

}  // namespace tallyscope::inline v0
