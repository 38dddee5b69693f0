#!/usr/bin/python3
"""`./dev bench`: sallyport against direct and against two chained haproxies, in one interleaved run.

How to read what it prints, and the traps it avoids: docs/performance.md.
"""
import argparse
import hashlib
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import private_network
import report
import rows as row_table
import systems
import targets
from processes import Failure
from results import Results

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIRST_BASE = 3000


def main():
    options = parse()
    settings = private_network.enter()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-bench."))
    try:
        return run(options, settings, systems.Tools(ROOT, options.build, folder, settings["descriptors"]))
    finally:
        if options.keep:
            print(f"logs: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def parse():
    names = [row.name for row in row_table.ALL]
    kinds = [system.name for system in systems.ALL]
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures; prints medians, ratios and targets.",
                                     epilog=f"rows: {' '.join(names)}")
    parser.add_argument("--strict", action="store_true", help="leave with 1 when a target falls short or a row fails")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="keep every figure")
    parser.add_argument("--quick", action="store_true", help="2 rounds, shorter, fewer idle connections")
    parser.add_argument("--rounds", type=int, metavar="N", help="default 5")
    parser.add_argument("--only", metavar="ROW,...", help="these rows alone (a prefix will do: bulk)")
    parser.add_argument("--systems", metavar="NAME,...", default=",".join(kinds), help=f"of {', '.join(kinds)}")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", help=argparse.SUPPRESS)
    parser.add_argument("--keep", action="store_true", help="keep the programs' logs and say where")
    options = parser.parse_args()

    wanted = options.only.split(",") if options.only else names
    options.rows = [row for row in row_table.ALL if any(row.name.startswith(prefix) for prefix in wanted)]
    options.systems = [system for system in systems.ALL if system.name in options.systems.split(",")]
    options.build = options.build.resolve()
    if not options.rows or not options.systems:
        parser.error("nothing to measure: no such row or system")
    if options.rounds is None:
        options.rounds = 2 if options.quick else 5
    return options


def run(options, settings, tools):
    about = {"machine": report.machine(), "versions": report.versions(tools), "network namespace": settings,
             "run": {"rounds": options.rounds, "quick": options.quick,
                     "long link": f"userspace, {row_table.LONG_LINK['one_way_ms']} ms each way"}}
    report.print_header(about)
    results = Results()
    upstreams = systems.Upstreams(tools.bulk, tools.folder)
    running, broken = start_all(options, tools)
    context = row_table.Run(tools, upstreams.server, options.quick)
    speeds = measure_rounds(options, context, running, broken, results)

    report.print_tables(options.rows, results)
    report.print_failures(results)
    verdicts = [target.judge(results) for target in targets.all_targets()]
    report.print_targets(verdicts)
    print(f"machine speed between rows (a fixed sum of work, median = 1): {min(speeds):.2f} to {max(speeds):.2f}")
    if options.json:
        options.json.write_text(json.dumps(report.as_json(about, options.rows, results, verdicts), indent=1) + "\n")
    short = any(verdict["verdict"] == "FAIL" for verdict in verdicts) or results.failures
    return 1 if options.strict and short else 0


def start_all(options, tools):
    """One instance of each system lives through the whole run; idle ones cost nothing."""
    running, broken = {}, {}
    for index, kind in enumerate(options.systems):
        try:
            running[kind.name] = kind(tools, FIRST_BASE + 10 * index).start()
        except Failure as failure:
            broken[kind.name] = str(failure)
    return running, broken


def measure_rounds(options, context, running, broken, results):
    speeds = []
    for number in range(options.rounds):
        for index, row in enumerate(options.rows):
            if number >= row.rounds:
                continue
            kinds = [kind for kind in options.systems if kind.name in row.systems]
            if not kinds:
                continue
            turn = (number + index) % len(kinds)
            for kind in kinds[turn:] + kinds[:turn]:
                measure_one(row, kind, context, running, broken, results, f"round {number + 1}/{options.rounds}")
            speeds.append(machine_speed())
    middle = sorted(speeds)[len(speeds) // 2]
    return [speed / middle for speed in speeds]


def measure_one(row, kind, context, running, broken, results, place):
    if kind.name in broken:
        results.fail(row.name, kind.name, broken[kind.name])
        return
    try:
        figures = row.function(context, kind if row.fresh else running[kind.name])
        results.add(row.name, kind.name, figures)
        shown = " ".join(f"{key}={value:.4g}" for key, value in figures.items())
    except (Failure, OSError, ValueError) as failure:
        results.fail(row.name, kind.name, str(failure) or type(failure).__name__)
        shown = f"FAILED: {failure}"
    print(f"{place} {row.name} {kind.name}: {shown}", file=sys.stderr, flush=True)


def machine_speed():
    """How much of a fixed work fits into 50 ms: a machine that others share changes its speed."""
    block, done, end = bytes(65536), 0, time.perf_counter() + 0.05
    while time.perf_counter() < end:
        hashlib.sha256(block).digest()
        done += 1
    return done


if __name__ == "__main__":
    sys.exit(main())
