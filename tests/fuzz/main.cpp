// SPDX-License-Identifier: MIT
// A target is one file, targets/NAME.cpp, with a `const fuzz::Target target{"NAME", function};` and nothing to edit.
// Inputs to begin with lie in seeds/NAME/; a line `// Seeds: tests/some/folder` near the top of the file names more of
// them. An input that was found to fail becomes a seed once it is repaired. seeds/NAME.dict is a dictionary, if there.
// Run by `./dev fuzz [SECONDS] [NAME]`, or as `build/fuzz/tests/fuzz/fuzz NAME [libFuzzer's options]`.

#include "target.hpp"

#include <cstddef>
#include <cstdint>

namespace {

const fuzz::Target* chosen = nullptr;

const fuzz::Target* find(std::string_view name) {
  const fuzz::Target* target = fuzz::Target::first();
  while (target != nullptr && target->name != name) target = target->next;
  return target;
}

}  // namespace

// The first argument is the target's name; libFuzzer gets the others.
extern "C" int LLVMFuzzerInitialize(int* argument_count, char*** arguments) {
  if (*argument_count > 1) chosen = find((*arguments)[1]);
  if (chosen == nullptr) {
    std::fprintf(stderr, "Name a target:");
    for (auto* target = fuzz::Target::first(); target != nullptr; target = target->next)
      std::fprintf(stderr, " %.*s", static_cast<int>(target->name.size()), target->name.data());
    std::fprintf(stderr, "\n");
    std::exit(2);
  }
  (*arguments)[1] = (*arguments)[0];
  ++*arguments;
  --*argument_count;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
