// Included before all else in the tests of this folder: how long QTRY_... waits. Qt's five seconds
// are short for a busy machine that also runs under a sanitizer. Nothing waits longer than it must.
#pragma once

#include <QtTest/qtestcase.h>

#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(expr) QTRY_VERIFY_WITH_TIMEOUT((expr), 30'000)
#define QTRY_COMPARE(expr, expected) QTRY_COMPARE_WITH_TIMEOUT((expr), expected, 30'000)
