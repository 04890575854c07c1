// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>

namespace tallyscope::inline v0::detail {

/// Reads a normalizer of a tokenizer.json: null, NFC, or a row of these. False if it is another one; `nfc` becomes true
/// where it is NFC.
inline bool read_normalizer(JsonScan& scan, bool& nfc) {
  if (scan.null()) return true;
  JsonString key, type;
  bool is_row = false, is_nfc = false, known = true;
  if (!scan.begin_object()) return scan.skip(), false;
  while (scan.next_member(key))
    if (key.raw() == "type" && scan.string(type)) {
      is_row = type.raw() == "Sequence";
      is_nfc = type.raw() == "NFC";
    } else if (key.raw() == "normalizers" && scan.begin_array()) {
      while (scan.next_element()) known = read_normalizer(scan, nfc) && known;
    } else {
      scan.skip();
    }
  nfc = nfc || is_nfc;
  return known && (is_row || is_nfc);
}

}  // namespace tallyscope::inline v0::detail
