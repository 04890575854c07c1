// SPDX-License-Identifier: MIT
#include <tallyscope/providers/hint.hpp>

#include "catch.hpp"

namespace {

namespace ts = tallyscope;
using ts::Shape;
using ts::detail::hinted_shape;
using ts::detail::provider_name;

}  // namespace

TEST_CASE("a provider is known by any usual spelling of its name", "[hint]") {
  for (const auto* const name : {"xai", "x-ai", "x_ai", "X.AI", "xAI"}) CHECK(provider_name(name) == "x_ai");
  for (const auto* const name : {"aws-bedrock", "aws.bedrock", "bedrock", "Amazon Bedrock"})
    CHECK(provider_name(name) == "aws.bedrock");
  for (const auto* const name : {"google", "gemini", "gcp.gemini"}) CHECK(provider_name(name) == "gcp.gemini");
  for (const auto* const name : {"vertex", "vertex_ai", "gcp.vertex_ai", "google-vertex"})
    CHECK(provider_name(name) == "gcp.vertex_ai");
  CHECK(provider_name("azure") == "azure.ai.openai");
  CHECK(provider_name("mistral") == "mistral_ai");
}

TEST_CASE("an unknown provider keeps its name", "[hint]") {
  CHECK(provider_name("acme-ai") == "acme-ai");
  CHECK(provider_name("openai2") == "openai2");
  CHECK(provider_name("open") == "open");
  CHECK(provider_name("").empty());
}

TEST_CASE("an interface tells more of a shape than a provider does", "[hint]") {
  CHECK(hinted_shape({.provider = "google"}) == Shape::gemini);
  CHECK(hinted_shape({.provider = "google", .api = "chat.completions"}) == Shape::openai);
  CHECK(hinted_shape({.provider = "bedrock", .api = "InvokeModel"}) == Shape::anthropic);
  CHECK(hinted_shape({.provider = "groq"}) == Shape::openai);
  CHECK(hinted_shape({.provider = "acme"}) == Shape::unknown);
  CHECK(hinted_shape({}) == Shape::unknown);
}
