// SPDX-License-Identifier: MIT
#include <tallyscope/providers/ollama.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

namespace {

namespace ts = tallyscope;
using streams::described;

}  // namespace

TEST_CASE("a native answer has its counts at the top", "[ollama]") {
  const ts::Reading reading = ts::ollama::usage(bodies::ollama_chat);
  CHECK(described(reading) == "input 17 output 50 of llama3 final success");
  CHECK(reading.served_by == "ollama");
}

TEST_CASE("a prompt that was still in memory has no count", "[ollama]") {
  CHECK(described(ts::ollama::usage(R"({"model":"m","response":"hi","done":true,"eval_count":3})")) ==
        "output 3 of m final success");
}

TEST_CASE("an embedding has no end to wait for", "[ollama]") {
  CHECK(described(ts::ollama::usage(R"({"model":"m","embeddings":[[0.5]],"prompt_eval_count":8})")) ==
        "input 8 output 0 of m final success");
}

TEST_CASE("an answer that is not done is not final", "[ollama]") {
  CHECK(described(ts::ollama::usage(R"({"model":"m","message":{"content":"a"},"done":false})")) ==
        "of m missing pending");
  CHECK(described(ts::ollama::usage(R"({"model":"m","done":false,"eval_count":1})")) ==
        "output 1 of m partial pending usage_not_final");
}

TEST_CASE("an error is a sentence, which no record keeps", "[ollama]") {
  CHECK(described(ts::ollama::usage(R"({"error":"model 'x' not found"})")) == "missing error");
}

TEST_CASE("of a body that is cut no count is taken, since it may be cut too", "[ollama]") {
  CHECK(described(ts::ollama::usage(R"({"model":"m","done":true,"eval_count":12)")) == "of m missing body_malformed");
}
