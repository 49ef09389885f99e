#pragma once

#include <QTest>

/// How long tests wait for what has to come. A wait ends with what it waits for, so a long limit costs
/// nothing; a short one measures how busy the machine is. To be included by every test of the window.

namespace hearth::test {

constexpr int kPatience = 60'000; ///< ms

} // namespace hearth::test

// Qt's own limit for these is five seconds.
#undef QTRY_VERIFY
#undef QTRY_VERIFY2
#undef QTRY_COMPARE
#define QTRY_VERIFY(statement) QTRY_VERIFY_WITH_TIMEOUT((statement), ::hearth::test::kPatience)
#define QTRY_VERIFY2(statement, description)                                                                 \
    QTRY_VERIFY2_WITH_TIMEOUT((statement), (description), ::hearth::test::kPatience)
#define QTRY_COMPARE(actual, expected)                                                                       \
    QTRY_COMPARE_WITH_TIMEOUT((actual), (expected), ::hearth::test::kPatience)
