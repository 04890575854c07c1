// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/identity.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// A CallInfo without what it leaves out. Most call sites say three things of twelve, and the compiler sees which: they
/// write down those three, which makes the site half as large and spares looking at the rest at run time.
struct SaidCall {
  /// The texts that few calls say, each with its bit in `said`.
  enum Text : std::size_t { tenant, application, session, turn, server, endpoint, region, count };
  static constexpr std::uint32_t of_caller = (1u << server) - 1;

  struct View {  // a std::string_view that is not initialised
    const char* data;
    std::size_t size;
  };

  /// Is it seen, where this is inlined, that there is no user and what the operation is? Without optimisation, never.
  [[gnu::always_inline]] static bool fits(const CallInfo& info) noexcept {
    const bool fit = info.user.empty() && info.operation.is_constant();
    return __builtin_constant_p(fit) && fit;
  }

  /// Of what fits.
  [[gnu::always_inline]] explicit SaidCall(const CallInfo& info) noexcept
      : provider{info.provider}, model{info.model}, name{info.name}, operation{info.operation.place()} {
    std::size_t next = 0;
    sizes = provider.size() | model.size() | name.size();
    const auto say = [&](Text text, std::string_view view) __attribute__((always_inline)) {
      const bool left_out = view.empty();
      if (__builtin_constant_p(left_out) && left_out) return;
      texts[next++] = {view.data(), view.size()};
      sizes |= view.size();
      said |= 1u << text;
    };
    say(tenant, info.tenant);
    say(application, info.application);
    say(session, info.session);
    say(turn, info.turn);
    say(server, info.server);
    say(endpoint, info.endpoint);
    say(region, info.region);
  }

  /// Visits what is said of the rest: `visit(text, view)`.
  template <class Visit>
  [[gnu::always_inline]] void for_each_text(const Visit& visit) const noexcept {
    const View* view = texts;
    for (std::uint32_t left = said; left != 0; left &= left - 1, ++view)
      visit(static_cast<Text>(std::countr_zero(left)), std::string_view{view->data, view->size});
  }

  /// What it was made of.
  CallInfo info() const noexcept {
    CallInfo info{.operation = Operation::at(operation), .provider = provider, .model = model, .name = name};
    std::string_view* const places[count] = {&info.tenant, &info.application, &info.session, &info.turn,
                                             &info.server, &info.endpoint,    &info.region};
    for_each_text([&](Text text, std::string_view view) { *places[text] = view; });
    return info;
  }

  std::string_view provider, model, name;
  std::size_t sizes;  // all bits of all sizes
  std::uint32_t said = 0;
  std::uint8_t operation;
  View texts[count];
};

}  // namespace tallyscope::inline v0::detail
