"""Makes the pictures of docs/images anew, each by a run of sallyport-gui-demo without a screen.

    screenshots.py PROGRAM FOLDER [--only TEXT] [--jobs N]

A picture is called PAGE[-SCENE or what is shown]-THEME[-2x][-de].png. The demonstration's clock stands,
so that a picture changes only when the window does (and with the fonts of the machine).
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

SECONDS = 60  # a picture takes about two
MAX_BYTES = 6 * 1024 * 1024  # of all pictures together

SAMPLES = pathlib.Path(__file__).resolve().parent / "samples"
JSON_ROW = "press GET /api/products?page=2*"
POST_ROW = "press POST /api/cart*"

NAME = "type Name=quiet-harbour"  # instead of one by chance

# name, page, options of the demonstration
LIVELY = ["tunnels", "publish", "traffic", "accounts", "settings", "log", "diagnose", "about"]
DETAILS = {
    "traffic-summary": [JSON_ROW],
    "traffic-headers": [JSON_ROW, "press Headers"],
    "traffic-body": [JSON_ROW, "press Body"],
    "traffic-raw": [POST_ROW, "press Raw"],
    "traffic-timing": [JSON_ROW, "press Timing"],
    "traffic-messages": ["press GET /socket*", "press Messages"],
    "traffic-failed": ["press POST /api/checkout*"],
    "traffic-replay": [JSON_ROW, "press Send again"],
    "traffic-edit": [POST_ROW, "press Edit and send again…"],
    "traffic-export": ["press Export…", "type File=/home/ada/traffic.har"],
    "traffic-filter-nothing": ["type Search (Ctrl+F)=lighthouse"],
    "tunnels-qr": ["press Show as QR code"],
    "tunnels-menu": ["press More"],
    "tunnels-remove": ["press More", "press Remove…"],
    "publish-filled": ["type Service=5173", "press Name", "type Name=my-site", "press Password",
                       "type User=friend", "type Password=harbour"],
    "publish-taken": ["type Service=3000", "press Name", "type Name=taken"],
    "publish-import": [NAME, "press Import…"],
    "publish-import-loaded": [NAME, "press Import…", f"import {SAMPLES / 'ngrok.yml'}"],
    "accounts-rename": ["press Rename…"],
    "accounts-remove": ["press Remove…"],
}
WELCOME = {
    "welcome": [],
    "welcome-by-hand": ["press Host and token"],
    "welcome-wrong-line": ["type The line that your relay printed=sallyport:/nowhere"],
}


def picture(name, page, *, scene="lively", theme="light", scale=1, language="", size="1080x720", do=(), more=()):
    if page == "publish" and not do:
        do = [NAME]
    suffix = ("-2x" if scale == 2 else "") + (f"-{language}" if language else "")
    arguments = ["--still", "--scene", scene, "--page", page, "--theme", theme, "--size", size, *more]
    if language:
        arguments += ["--language", language]
    for step in do:
        arguments += ["--do", step]
    return f"{name}-{theme}{suffix}.png", scale, arguments


def matrix():
    for theme in ("light", "dark"):
        for page in LIVELY:
            yield picture(page, page, theme=theme)
        for name in ("welcome",):
            yield picture(name, "tunnels", scene="empty", theme=theme)
        for name in ("traffic-body", "traffic-replay", "tunnels-qr", "publish-filled", "publish-import-loaded"):
            yield picture(name, name.split("-")[0], theme=theme, do=DETAILS[name])
    for name, steps in DETAILS.items():
        if name not in ("traffic-body", "traffic-replay", "tunnels-qr", "publish-filled", "publish-import-loaded"):
            yield picture(name, name.split("-")[0], do=steps)
    for name in ("welcome-by-hand", "welcome-wrong-line"):
        yield picture(name, "tunnels", scene="empty", do=WELCOME[name])
    yield from states()
    yield from scales_and_languages()


def states():
    yield picture("tunnels-fresh", "tunnels", scene="fresh")
    yield picture("traffic-fresh", "traffic", scene="fresh")
    yield picture("publish-fresh", "publish", scene="fresh", theme="dark")
    yield picture("tunnels-connecting", "tunnels", scene="connecting")
    yield picture("tunnels-problem", "tunnels", scene="problem")
    yield picture("tunnels-problem", "tunnels", scene="problem", theme="dark")
    yield picture("accounts-refused", "accounts", scene="refused")
    yield picture("diagnose-refused", "diagnose", scene="refused")
    yield picture("log-problem", "log", scene="problem", theme="dark")
    for page in ("tunnels", "traffic", "accounts"):
        yield picture(f"{page}-long-names", page, scene="long-names")
    for page in ("tunnels", "traffic"):
        yield picture(f"{page}-many", page, scene="many")


def scales_and_languages():
    for page in ("tunnels", "publish", "traffic"):
        yield picture(page, page, scale=2, size="900x600")
    yield picture("welcome", "tunnels", scene="empty", scale=2, size="900x600")
    for page in ("tunnels", "publish", "traffic", "accounts", "settings", "diagnose"):
        yield picture(page, page, language="de", more=["--size", "900x640"])
    yield picture("welcome", "tunnels", scene="empty", language="de")
    for page in ("tunnels", "publish", "traffic", "settings"):
        yield picture(f"{page}-small", page, size="720x520")
    yield picture("tunnels-smallest", "tunnels", scene="long-names", language="de", size="480x420", theme="dark")
    for page in ("tunnels", "publish"):
        yield picture(f"{page}-mirrored", page, more=["--mirrored"])
    yield picture("traffic-mirrored", "traffic", theme="dark", more=["--mirrored"], do=[JSON_ROW])


def make(program, folder, entry):
    name, scale, arguments = entry
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale), "TZ": "UTC",
                                "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as home:
        environment |= {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_RUNTIME_DIR": home}
        command = [program, *arguments, "--grab", str(folder / name)]
        try:
            run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return name, f"no picture within {SECONDS} s"
    return name, run.stderr.strip() if run.returncode != 0 or run.stderr else ""


def made_here(folder):
    """The pictures but those of whole desktops, which were taken by hand (docs/desktop.md)."""
    return [file for file in folder.glob("*.png") if not file.name.startswith("desktop-")]


def write_gallery(folder, names):
    """README.md beside the pictures, which code hosts show with the folder."""
    lines = ["# Pictures of the desktop app", "",
             "Made by `./dev screenshots` from `sallyport-gui-demo`, the app on an agent that only plays its part.",
             "A name says the page, what is shown on it, the theme, then `-2x` for 200 % and `-de` for German.",
             "Those of whole desktops (`desktop-…`) were taken by hand and stand in [desktop.md](../desktop.md)."]
    page = ""
    for name in sorted(names):
        if name.split("-")[0] != page:
            page = name.split("-")[0]
            lines += ["", f"## {page.capitalize()}", ""]
        lines.append(f"![{name.removesuffix('.png').replace('-', ', ')}]({name})")
    (folder / "README.md").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description="Makes the pictures of docs/images anew.")
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default="", help="only names that hold this text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    entries = [entry for entry in matrix() if options.only in entry[0]]
    assert len({entry[0] for entry in entries}) == len(entries), "two pictures have one name"
    if not options.only:
        for old in made_here(options.folder):
            old.unlink()
        write_gallery(options.folder, [entry[0] for entry in entries])
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, said in pool.map(lambda entry: make(options.program, options.folder, entry), entries):
            failed += bool(said)
            if said:
                print(f"{name}: {said}", file=sys.stderr)
    weight = sum(file.stat().st_size for file in made_here(options.folder))
    print(f"{len(entries) - failed} of {len(entries)} pictures, {weight / 1024:.0f} KiB in {options.folder}")
    if weight > MAX_BYTES:
        print(f"the pictures weigh more than {MAX_BYTES // 1024} KiB", file=sys.stderr)
    return 1 if failed or weight > MAX_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
