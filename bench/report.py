"""The run as tables and as JSON."""
import os
import pathlib
import platform
import re
import subprocess

TITLES = {"direct": "direct", "haproxy": "haproxy -> haproxy", "plain": "sallyport, plaintext link",
          "tls": "sallyport, TLS link", "nginx": "nginx", "uncaptured": "sallyport, no capture",
          "captured": "sallyport, capture on"}


def machine():
    cpus = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return {"system": first_line(["sh", "-c", ". /etc/os-release && echo $PRETTY_NAME"]),
            "kernel": platform.release(), "cpus": f"{os.cpu_count()} x {cpus[0] if cpus else platform.machine()}",
            "memory": f"{int(memory[1]) // 1024} MiB" if memory else "unknown"}


def versions(tools):
    commands = {"sallyport": [tools.bin / "sallyport-relay", "version", "--short"], "haproxy": ["haproxy", "-v"],
                "nginx": ["nginx", "-v"], "wrk": ["wrk", "-v"], "openssl": ["openssl", "version"]}
    found = {name: re.search(r"\d+\.\d[\w.+~-]*", first_line(command)) for name, command in commands.items()}
    commit = first_line(["git", "-c", "safe.directory=*", "-C", tools.root, "describe", "--always", "--dirty"])
    return {"commit": commit, **{name: match[0] if match else "not there" for name, match in found.items()}}


def first_line(command):
    try:
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return "not there"
    lines = (result.stdout + result.stderr).strip().splitlines()
    return lines[0] if lines else "unknown"


def print_header(about):
    for title, values in about.items():
        print(f"{title}: " + ", ".join(f"{name} {value}" for name, value in values.items()))
    print()


def print_tables(rows, results):
    for row in rows:
        measured = results.rounds.get(row.name)
        if not measured:
            continue
        base = next((system for system in ("haproxy", "direct", "nginx", "uncaptured") if system in row.systems), None)
        print(f"{row.name}: {row.what}" + (f" (x: ratio to {TITLES[base]})" if base else ""))
        print("  " + " " * 28 + "".join(f"{heading:>26}" for heading, _ in row.figures.values()) + f"{'rounds':>9}")
        for system in row.systems:
            if system in measured:
                print_line(row, system, results, base)
        print()


def print_line(row, system, results, base):
    cells = []
    for key, (_, digits) in row.figures.items():
        value = results.median(row.name, system, key)
        if value is None:
            cells.append(f"{'-':>18}{'':8}")
            continue
        ratio = results.ratio(row.name, system, key, base) if base and key != "idle" else None
        cells.append(f"{value:>18,.{digits}f}" + (f"{ratio:>7.2f}x" if ratio is not None else " " * 8))
    good = sum(1 for figures in results.rounds[row.name][system] if figures)
    total = len(results.rounds[row.name][system])
    print(f"  {TITLES[system]:<28}" + "".join(cells) + f"{good:>9}" + ("" if good == total else f"  {total - good} FAILED"))


def print_failures(results):
    by_reason = {}
    for failure in results.failures:
        by_reason.setdefault((failure["system"], failure["reason"]), []).append(failure["row"])
    for (system, reason), names in by_reason.items():
        print(f"FAILED on {system}: {', '.join(dict.fromkeys(names))}: {reason}")
    if results.failures:
        print()


def print_targets(verdicts):
    print("targets")
    for verdict in verdicts:
        figure = f"{verdict['figure']:>14}"
        print(f"  {verdict['verdict']:<13}{figure}   {verdict['target']}")
    count = {name: sum(verdict["verdict"] == name for verdict in verdicts) for name in ("PASS", "FAIL", "not measured")}
    print(f"{count['PASS']} hold, {count['FAIL']} fall short, {count['not measured']} not measured")


def as_json(about, rows, results, verdicts):
    table = {}
    for row in rows:
        for system, rounds in results.rounds.get(row.name, {}).items():
            table.setdefault(row.name, {})[system] = {
                "rounds": rounds,
                "median": {key: results.median(row.name, system, key) for key in row.figures},
                "ratio_to_haproxy": {key: results.ratio(row.name, system, key, "haproxy") for key in row.figures},
            }
    return {**about, "rows": table, "failures": results.failures, "targets": verdicts}
