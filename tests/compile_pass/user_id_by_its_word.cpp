// SPDX-License-Identifier: MIT
// A user id enters as a RawUser, which says so, or as a Pseudonym; or there is none.
#include <tallyscope/identity.hpp>

#include <string>

namespace ts = tallyscope;

void begin(const ts::CallInfo&);
void begin(const ts::TurnInfo&);

void accepted(const std::string& id, const ts::Pseudonym& pseudonym) {
  begin({.user = {}, .model = "gpt-4.1"});
  begin({.user = ts::RawUser{"alice@example.org"}, .model = "gpt-4.1"});
  begin({.user = ts::RawUser{id}, .model = "gpt-4.1"});
  begin({.user = ts::RawUser{std::string_view{id}}, .model = "gpt-4.1"});
  begin({.user = pseudonym, .model = "gpt-4.1"});
  begin(ts::TurnInfo{.user = ts::RawUser{id}});
  begin(ts::TurnInfo{.user = pseudonym});
}

static_assert(ts::UserId{ts::RawUser{"alice"}}.raw() == "alice");
