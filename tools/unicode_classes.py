#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/tallyscope/estimators/detail/char_class_table.hpp from the general categories of Unicode 16.0.

    python3 tools/unicode_classes.py DerivedGeneralCategory.txt > include/tallyscope/estimators/detail/char_class_table.hpp

The data: https://www.unicode.org/Public/16.0.0/ucd/extracted/DerivedGeneralCategory.txt, or lines of the shorter form
"0041..005A Lu". No build runs this: the table is pinned, as the vocabularies that it goes with are.
"""
import re
import sys

# In the order of CharClass.
CLASSES = {"Lu": 1, "Lt": 1, "Ll": 2, "Lm": 3, "Lo": 3, "M": 4, "N": 5, "Z": 6, "P": 7, "S": 8}
# White_Space of PropList.txt: the separators, and these controls.
SPACES = [*range(0x09, 0x0E), 0x85]
BLOCK = 128
# The variation selectors: marks far behind everything else.
FAR_MARKS = range(0xE0100, 0xE01F0)

HEAD = """// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// Written by tools/unicode_classes.py from the general categories of the Unicode Character Database, version 16.0.0
// (Copyright 1991-2024 Unicode, Inc., Unicode License v3: https://www.unicode.org/license.txt).
namespace tallyscope::inline v0::detail {
"""


def read(path):
    classes = [0] * 0x110000
    for line in open(path, encoding="utf-8"):
        found = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;?\s*([A-Z][a-z])\b", line)
        if not found:
            continue
        first, last, category = found.groups()
        for code in range(int(first, 16), int(last or first, 16) + 1):
            classes[code] = CLASSES.get(category, CLASSES.get(category[0], 0))
    for code in SPACES:
        classes[code] = CLASSES["Z"]
    return classes


def near_end(classes):
    """The first code from which on all but the far marks are of no class."""
    far = [code for code in range(0xE0000, 0x110000) if classes[code]]
    assert far == list(FAR_MARKS) and all(classes[code] == CLASSES["M"] for code in far)
    last = max(code for code in range(0xE0000) if classes[code])
    return (last // BLOCK + 1) * BLOCK


def write(classes):
    end = near_end(classes)
    blocks = {}
    places = [blocks.setdefault(tuple(classes[at : at + BLOCK]), len(blocks)) for at in range(0, end, BLOCK)]
    assert places[0] == 0 and len(blocks) <= 256
    print(HEAD)
    print("// A digit, the number of its CharClass, for each code of a block; the first block is ASCII.")
    print("// clang-format off")
    print("inline constexpr char char_class_digits[] =")
    rows = ['    "' + "".join(map(str, block)) + '"' for block in blocks]
    print("\n".join(rows) + ";\n")
    print(f"// Where the block of each {BLOCK} codes stands among them.")
    print("inline constexpr std::uint8_t char_class_blocks[] = {")
    for at in range(0, len(places), 24):
        print("    " + ", ".join(map(str, places[at : at + 24])) + ",")
    print("};\n// clang-format on\n")
    print(f"inline constexpr std::uint32_t char_class_end = 0x{end:X};")
    print("// From there on all are of no class but these marks.")
    print(f"inline constexpr std::uint32_t far_marks = 0x{FAR_MARKS.start:X}, far_marks_end = 0x{FAR_MARKS.stop:X};\n")
    print("}  // namespace tallyscope::inline v0::detail")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(read(sys.argv[1]))
