// SPDX-License-Identifier: MIT
// Counts what operator new does.
#include "allocations.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

bench::Allocations counted;

void* noted(void* memory, std::size_t size) {
  if (memory == nullptr) throw std::bad_alloc{};
  ++counted.made;
  counted.bytes += static_cast<long>(size);
  return memory;
}

}  // namespace

bench::Allocations bench::allocations() noexcept { return counted; }

void* operator new(std::size_t size) { return noted(std::malloc(size), size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto to = static_cast<std::size_t>(alignment);
  return noted(std::aligned_alloc(to, (size + to - 1) / to * to), size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
