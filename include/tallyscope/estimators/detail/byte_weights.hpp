// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/byte_features.hpp>

namespace tallyscope::inline v0 {

/// How many tokens each count of a text is worth, and how far off that is. In the order of detail::ByteFeature;
/// tools/fit_byte_class.py finds them for any vocabulary.
struct ByteWeights {
  float of[detail::byte_feature_count]{};
  float relative_error = 0;  ///< 0 where it is not known
};

/// For o200k_base: GPT-4o, GPT-4.1, GPT-5, o1, o3, o4 and gpt-oss.
inline constexpr ByteWeights o200k_weights{{
                                               0.6063f,   // word starts
                                               0.0000f,   // letters
                                               0.0000f,   // capitals behind small letters
                                               0.0881f,   // capitals behind capitals
                                               0.1908f,   // digits
                                               1.1407f,   // runs of digits
                                               0.2736f,   // punctuation
                                               0.5555f,   // runs of punctuation
                                               0.3464f,   // whitespace
                                               -0.2948f,  // whitespace behind whitespace
                                               0.2944f,   // newlines
                                               0.5457f,   // runs of newlines
                                               0.3147f,   // letters behind eight others
                                               1.0055f,   // C2-CD
                                               0.3417f,   // CE-CF
                                               0.2099f,   // D0-D5
                                               0.3086f,   // D6-DF
                                               0.3185f,   // E0-E1
                                               0.6394f,   // E2, F0-FF
                                               0.6515f,   // E3
                                               0.7385f,   // E4-E9
                                               0.5946f,   // EA-EF
                                           },
                                           0.08f};

/// For cl100k_base: GPT-4, GPT-3.5 and the embeddings of those days.
inline constexpr ByteWeights cl100k_weights{{
                                                0.4405f,   // word starts
                                                0.0251f,   // letters
                                                0.0000f,   // capitals behind small letters
                                                0.0564f,   // capitals behind capitals
                                                0.1708f,   // digits
                                                1.1331f,   // runs of digits
                                                0.2493f,   // punctuation
                                                0.6557f,   // runs of punctuation
                                                0.4517f,   // whitespace
                                                -0.4061f,  // whitespace behind whitespace
                                                0.0000f,   // newlines
                                                0.3613f,   // runs of newlines
                                                0.3441f,   // letters behind eight others
                                                2.1451f,   // C2-CD
                                                0.9710f,   // CE-CF
                                                0.3919f,   // D0-D5
                                                0.7747f,   // D6-DF
                                                1.1376f,   // E0-E1
                                                0.5983f,   // E2, F0-FF
                                                1.0077f,   // E3
                                                0.9965f,   // E4-E9
                                                1.0147f,   // EA-EF
                                            },
                                            0.09f};

}  // namespace tallyscope::inline v0
