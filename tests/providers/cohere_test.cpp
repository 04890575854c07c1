// SPDX-License-Identifier: MIT
#include <tallyscope/providers/cohere.hpp>

#include "bodies.hpp"
#include "catch.hpp"
#include "described.hpp"

namespace {

namespace ts = tallyscope;
using streams::described;

}  // namespace

TEST_CASE("the counts are what is billed, and what was used stands beside them", "[cohere]") {
  const ts::Reading reading = ts::cohere::usage(bodies::cohere_chat);
  CHECK(described(reading) == "input 400 output 60 used 2000 120 final success");
  CHECK(reading.request_id == "c1");
  CHECK(reading.served_by == "cohere");
}

TEST_CASE("where nothing is said of a bill, what was used counts", "[cohere]") {
  CHECK(described(ts::cohere::usage(R"({"usage":{"tokens":{"input_tokens":7,"output_tokens":8}}})")) ==
        "input 7 output 8 final success");
}

TEST_CASE("a reranker bills searches, an embedding tokens of texts and of images", "[cohere]") {
  CHECK(described(ts::cohere::usage(bodies::rerank)) == "search_units 1 final success");
  CHECK(described(ts::cohere::usage(R"({"id":"e","embeddings":{"float":[[0.1]]},"meta":{"billed_units":
      {"input_tokens":6,"image_tokens":258}}})")) == "input 264 output 0 input_image 258 final success");
}

TEST_CASE("an answer says why it ended", "[cohere]") {
  const auto ended = [](const char* reason) {
    return described(ts::cohere::usage(std::string{R"({"finish_reason":")"} + reason +
                                       R"(","usage":{"billed_units":{"input_tokens":1,"output_tokens":2}}})"));
  };
  CHECK(ended("MAX_TOKENS") == "input 1 output 2 final success");
  CHECK(ended("ERROR_TOXIC") == "input 1 output 2 final policy_blocked ERROR_TOXIC");
  CHECK(ended("TIMEOUT") == "input 1 output 2 final timeout TIMEOUT");
  CHECK(ended("USER_CANCEL") == "input 1 output 2 final cancelled USER_CANCEL");
  CHECK(ended("ERROR") == "input 1 output 2 final error ERROR");
}
