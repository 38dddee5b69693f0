"""Prints what ctest's JUnit report counts, as "N passed, N failed", and leaves with the right status.

Usage: test_summary.py REPORT CTEST_STATUS
A test that could not be started counts as failed, one that skipped itself as neither. No test at all is
a failure: a filter that matches nothing must not look like success.
"""
import sys
import xml.etree.ElementTree as ElementTree


def main(report, ctest_status):
    try:
        cases = ElementTree.parse(report).getroot().findall("testcase")
    except (OSError, ElementTree.ParseError) as error:
        print(f"ctest left no report: {error}", file=sys.stderr)
        cases = []
    names = {"passed": [], "failed": [], "skipped": []}
    for case in cases:
        names[outcome(case)].append(case.get("name"))
    for name in names["skipped"]:
        print(f"skipped: {name}")
    for name in names["failed"]:
        print(f"FAILED: {name}")
    if not cases:
        print("no test ran", file=sys.stderr)
    print(f"{len(names['passed'])} passed, {len(names['failed'])} failed")
    return 0 if ctest_status == 0 and names["passed"] and not names["failed"] else 1


def outcome(case):
    """ctest writes status run | fail | notrun | disabled; a skip is a <skipped> child that says so."""
    if case.get("status") == "run":
        return "passed"
    skipped = case.find("skipped")
    if skipped is not None and "SKIP_" in (skipped.get("message") or ""):
        return "skipped"
    if case.get("status") == "disabled":
        return "skipped"
    return "failed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
