"""clang-tidy over the project's sources, several at a time.

Configures build/lint with clang (so that every flag in the compile commands is one that clang-tidy knows),
generates moc's output, then runs clang-tidy on each source. A file that was clean before, with the same
text, compile command, checks and headers of the project, is skipped: what was clean is remembered for all
clones of a user, beside what ccache keeps. Prints findings as they come; leaves with 1 when there are any.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "lint"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "sallyport"
CLEAN = CACHE / "lint-clean"  # a digest a line
REMEMBERED = 20_000
PARTS = ("shared", "relay", "agent-cli", "agent-gui", "examples", "bench", "tests")
# The static analyzer takes three quarters of the time; looking less deep, it takes a tenth of that. Tests go
# without it.
SHALLOW = ["--extra-arg=-Xclang", "--extra-arg=-analyzer-config", "--extra-arg=-Xclang", "--extra-arg=mode=shallow"]
WITHOUT_ANALYZER = ("tests",)


def main():
    parser = argparse.ArgumentParser(prog="./dev lint")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--changed", action="store_true", help="only sources that differ from the main branch")
    parser.add_argument("--all", action="store_true", help="also sources that were clean when last looked at")
    parser.add_argument("--deep", action="store_true", help="the static analyzer at its full depth (slow)")
    options = parser.parse_args()

    configure(options.jobs)
    commands = compile_commands()
    if options.changed:
        changed = changed_files()
        commands = {path: entry for path, entry in commands.items() if path in changed}
    clean = set() if options.all else remembered()
    sources = Sources(b"deep" if options.deep else b"")
    digests = {path: sources.digest(path, command) for path, command in commands.items()}
    todo = [path for path in commands if digests[path] not in clean]
    print(f"{len(todo)} of {len(commands)} sources to look at", flush=True)

    CACHE.mkdir(parents=True, exist_ok=True)
    with CLEAN.open("a") as file:  # at once, so that an interrupted run goes on where it was
        findings = run_all(todo, options, lambda path: print(digests[path], file=file, flush=True))
    print(f"clang-tidy: {findings} of {len(todo)} sources with findings")
    return 1 if findings else 0


def remembered():
    if not CLEAN.exists():
        return set()
    lines = CLEAN.read_text().split()
    if len(lines) > 2 * REMEMBERED:
        lines = lines[-REMEMBERED:]
        CLEAN.write_text("\n".join(lines) + "\n")
    return set(lines)


def configure(jobs):
    run_quietly(["cmake", "-S", str(ROOT), "-B", str(BUILD), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                 "-DCMAKE_CXX_COMPILER=clang++", "-DCMAKE_C_COMPILER=clang", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"])
    # The autogen targets would first build every library that their origins link, which moc has no need of.
    # QML modules have nothing to be linted, and their moc wants what the QML compiler writes.
    generators = [["cmake", "-E", "cmake_autogen", str(info), "Debug"] for info in BUILD.rglob("AutogenInfo.json")
                  if "qml" not in info.relative_to(BUILD).parts]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run_quietly, generators))


def run_quietly(command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        sys.exit(result.stdout)


def compile_commands():
    """Path relative to the root -> its compile command, for the project's own sources."""
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    commands = {}
    for entry in entries:
        path = pathlib.Path(entry["file"]).resolve()
        if path.is_file() and path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PARTS:
            commands[str(path.relative_to(ROOT))] = entry["command"]
    return commands


def changed_files():
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT)]
    bases = (subprocess.run([*git, "merge-base", "HEAD", main], capture_output=True, text=True).stdout.strip()
             for main in ("origin/main", "main"))  # a worktree may know the one alone
    base = next(filter(None, bases), "")
    names = set()
    for arguments in (["diff", "--name-only", base or "HEAD"], ["ls-files", "--others", "--exclude-standard"]):
        names.update(subprocess.run([*git, *arguments], capture_output=True, text=True).stdout.split("\n"))
    return names


class Sources:
    """Digests of sources together with the project's headers that they include, near and far."""

    INCLUDE = re.compile(rb'^\s*#\s*include\s+["<]([^">]+)[">]', re.MULTILINE)

    def __init__(self, options):
        self.salt = (ROOT / ".clang-tidy").read_bytes() + options + version()
        self.headers, self.texts = {}, {}
        for part in PARTS:
            for header in (ROOT / part).rglob("*.h"):
                self.headers.setdefault(header.name, []).append(header)

    def text(self, path):
        if path not in self.texts:
            data = path.read_bytes()
            self.texts[path] = data, [name.decode() for name in self.INCLUDE.findall(data)]
        return self.texts[path]

    # Every header of that name counts whose path ends as the include says: more than needed, never less.
    def included(self, name):
        parts = [part for part in pathlib.PurePosixPath(name).parts if part not in ("..", ".")]
        return [path for path in self.headers.get(parts[-1], ()) if path.parts[-len(parts):] == tuple(parts)]

    def digest(self, source, command):
        state = hashlib.sha256(self.salt)
        state.update(command.replace(str(ROOT), "").encode())
        seen, todo = set(), [ROOT / source]
        while todo:
            path = todo.pop()
            if path in seen:
                continue
            seen.add(path)
            for name in self.text(path)[1]:
                todo.extend(self.included(name))
        for path in sorted(seen):
            state.update(str(path.relative_to(ROOT)).encode() + self.text(path)[0])
        return state.hexdigest()


def version():
    return subprocess.run(["clang-tidy", "--version"], capture_output=True).stdout


def run_all(paths, options, on_clean):
    findings = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, output, clean in pool.map(lambda path: tidy(path, options.deep), paths):
            if clean:
                on_clean(path)
            else:
                findings += 1
                print(f"--- {path}\n{output}", flush=True)
    return findings


def tidy(path, deep):
    # clang's own warnings count too: sources must compile without any under both compilers.
    checks = "clang-diagnostic-*"
    if path.split("/")[0] in WITHOUT_ANALYZER:
        checks += ",-clang-analyzer-*"
    command = ["clang-tidy", "--quiet", "-p", str(BUILD), f"--checks={checks}", *([] if deep else SHALLOW)]
    result = subprocess.run([*command, str(ROOT / path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line for line in result.stdout.splitlines() if not re.match(r"\d+ warnings? generated", line)]
    return path, "\n".join(lines), result.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
