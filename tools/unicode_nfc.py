#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/tallyscope/estimators/detail/nfc_table.hpp from the canonical decompositions of Unicode 16.0.

    python3 -m venv build/nfc && build/nfc/bin/pip install unicodedata2==16.0.0
    build/nfc/bin/python tools/unicode_nfc.py > include/tallyscope/estimators/detail/nfc_table.hpp

No build runs this: the table is pinned, as that of the classes of characters is (unicode_classes.py).
"""
import unicodedata2 as unicode

BLOCK = 64
LIMIT = 0x110000
HANGUL_SYLLABLES = range(0xAC00, 0xAC00 + 11172)
# The vowels and finals that a syllable may take up.
HANGUL_SECONDS = [*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]
TAKEN_UP, CHANGED = 1, 2

HEAD = """// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// Written by tools/unicode_nfc.py from the Unicode Character Database, version 16.0.0, by way of the Python package
// unicodedata2 (Copyright 1991-2024 Unicode, Inc., Unicode License v3: https://www.unicode.org/license.txt).
namespace tallyscope::inline v0::detail {
"""


def decomposition(code):
    """The one or two characters that it is canonically equivalent to, or none. Hangul is computed elsewhere."""
    text = unicode.decomposition(chr(code))
    return [] if not text or text.startswith("<") else [int(part, 16) for part in text.split()]


def is_changed(code):
    return not 0xD800 <= code <= 0xDFFF and unicode.normalize("NFC", chr(code)) != chr(code)


def first_part(code):
    parts = decomposition(code)
    return first_part(parts[0]) if parts else code


def rows():
    """(code, first, second or 0) of each decomposition; and those of them, by their parts, that are composed."""
    apart = [(code, *(decomposition(code) + [0])[:2]) for code in range(LIMIT) if decomposition(code)]
    assert all(len(decomposition(code)) <= 2 and not decomposition(second) for code, _, second in apart)
    together = [place for place, (code, _, second) in enumerate(apart) if second and not is_changed(code)]
    return apart, sorted(together, key=lambda place: apart[place][1:])


def properties(apart, together):
    """Of each code: its combining class, and whether a character before it may take it up, or it is never left."""
    seconds = {apart[place][2] for place in together} | set(HANGUL_SECONDS)
    found = [(0, 0)] * LIMIT
    for code in range(LIMIT):
        if code in HANGUL_SYLLABLES:
            continue
        flags = TAKEN_UP * (first_part(code) in seconds) + CHANGED * is_changed(code)
        # What falls apart into marks alone has no class of its own, and must not pass for a beginning.
        if not unicode.combining(chr(code)) and unicode.combining(chr(first_part(code))):
            flags |= TAKEN_UP
        found[code] = (unicode.combining(chr(code)), flags)
    return found


def numbers(name, kind, values, width):
    print(f"inline constexpr {kind} {name}[] = {{")
    for at in range(0, len(values), width):
        print("    " + ", ".join(map(str, values[at : at + width])) + ",")
    print("};")


def write():
    apart, together = rows()
    kinds, blocks = {(0, 0): 0}, {}
    digits = [kinds.setdefault(entry, len(kinds)) for entry in properties(apart, together)]
    end = (max(code for code in range(LIMIT) if digits[code]) // BLOCK + 1) * BLOCK
    places = [blocks.setdefault(tuple(digits[at : at + BLOCK]), len(blocks)) for at in range(0, end, BLOCK)]
    assert len(kinds) <= 256 and len(blocks) <= 256 and len(apart) < 65536
    print(HEAD)
    print("// What there is of combining classes and flags; the first is that of most characters.")
    print("// clang-format off")
    print("struct NormalKind {")
    print("  std::uint8_t order;  // its canonical combining class")
    print("  std::uint8_t flags;")
    print("};")
    print(f"inline constexpr std::uint8_t may_be_taken_up = {TAKEN_UP}, is_changed = {CHANGED};")
    print("inline constexpr NormalKind normal_kinds[] = {")
    for at in range(0, len(kinds), 12):
        print("    " + ", ".join("{%d, %d}" % kind for kind in list(kinds)[at : at + 12]) + ",")
    print("};\n")
    print(f"// The number of its kind for each code of a block of {BLOCK}.")
    numbers("normal_kind_numbers", "std::uint8_t", [number for block in blocks for number in block], 64)
    print("\n// Which of these blocks the codes have; all beyond them are of the first kind.")
    numbers("normal_blocks", "std::uint8_t", places, 64)
    print(f"inline constexpr std::uint32_t normal_end = 0x{end:X};\n")
    print("// What a character falls apart into, once; `second` may be 0. By their codes.")
    print("struct Decomposition {\n  std::uint32_t code, first, second;\n};")
    print("inline constexpr Decomposition decompositions[] = {")
    for at in range(0, len(apart), 8):
        row = ("{0x%X, 0x%X, 0x%X}" % entry for entry in apart[at : at + 8])
        print("    " + ", ".join(row) + ",")
    print("};\n")
    print("// Those of them that are put together again, by their two parts.")
    numbers("compositions", "std::uint16_t", together, 32)
    print("// clang-format on\n")
    print("}  // namespace tallyscope::inline v0::detail")


if __name__ == "__main__":
    assert unicode.unidata_version == "16.0.0"
    write()
