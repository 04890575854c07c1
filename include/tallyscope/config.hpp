// SPDX-License-Identifier: MIT
#pragma once

/// The version of these headers; the build's own version is checked against it by a test.
#define TALLYSCOPE_VERSION_MAJOR 0
#define TALLYSCOPE_VERSION_MINOR 1
#define TALLYSCOPE_VERSION_PATCH 0

/// Everything lives in `tallyscope::v0`, an inline namespace: code says `tallyscope::Tracker`, while two versions of
/// the headers in one process stay two sets of symbols. No macro of the host changes a type or a layout.
namespace tallyscope::inline v0 {}
