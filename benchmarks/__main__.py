"""Runs the groups, each in a process of its own, and prints the table; `--write` puts it into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path

from benchmarks import ROOT
from benchmarks.figures import Figure

GROUPS = ("start", "today", "search", "lists", "imports", "packages", "paper")
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- table: written by `python3 run.py benchmark --write` -->", "<!-- end of table -->"


def main(words: list[str]) -> int:
    """0: every limit met; 1: one missed; 3: a group broke off."""
    parser = argparse.ArgumentParser(prog="run.py benchmark", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"groups: {', '.join(GROUPS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="smaller data and fewer pairs; the table says so")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    parser.add_argument("--keep", metavar="DIR", help="keep the test data here and use what is there")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in GROUPS]:
        parser.error(f"no group {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    if asked.child:
        for figure in import_module(f"benchmarks.{asked.names[0]}").measure(Path(asked.keep), asked.quick):
            figure.send()
        return 0
    names = asked.names or list(GROUPS)
    if asked.keep:
        Path(asked.keep).mkdir(parents=True, exist_ok=True)
        return run(names, Path(asked.keep), asked.quick, asked.write)
    with tempfile.TemporaryDirectory(prefix="fieldcrm-benchmark-") as folder:
        return run(names, Path(folder), asked.quick, asked.write)


def run(names: list[str], folder: Path, quick: bool, write: bool) -> int:
    found: list[Figure] = []
    broken: list[str] = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks", "--child", name, "--keep", str(folder)]
        began = time.monotonic()
        done = subprocess.run(
            [*command, "--quick"] if quick else command,
            cwd=ROOT,
            env=_environment() | {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*.debug=false;qt.qpa.*=false"},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        found += [Figure(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode:
            broken.append(name)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    command_line = " ".join(["python3 run.py benchmark", *(names if len(names) < len(GROUPS) else [])])
    table = drawn(found, command_line + (" --quick" if quick else ""))
    print(table)
    if write:
        put(table)
    for name in broken:
        print(f"The group {name} broke off; its figures are missing.", file=sys.stderr)
    return 3 if broken else int(any(figure.met is False for figure in found))


def _environment() -> dict[str, str]:
    """As a person starts it: compiled modules are kept, as pip leaves them."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def drawn(found: list[Figure], command: str) -> str:
    """The table in Markdown, with date, machine and command above it."""
    lines = [
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {machine()}, `{command}`",
        "",
        "| figure | measured | against | ratio | limit | met |",
        "| --- | ---: | --- | ---: | ---: | :-: |",
    ]
    for f in found:
        against = "" if f.against is None else f"{ms(f.against)} {f.beside}"
        limit = "" if not f.limit else f"≤ {f.limit:g}×" if f.against is not None else f"≤ {ms(f.limit)}"
        ratio = "" if f.ratio is None else f"{f.ratio:.2f}×"
        name = f.name + (f" ({f.note})" if f.note else "")
        lines.append(f"| {name} | {ms(f.measured)} | {against} | {ratio} | {limit} | {_MET[f.met]} |")
    return "\n".join(lines)


_MET = {True: "yes", False: "**no**", None: ""}


def ms(value: float) -> str:
    """Three figures of a time in ms, as ms or s."""
    if value >= 10_000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 100 else f"{value:.1f} ms" if value >= 1 else f"{value:.2f} ms"


def machine() -> str:
    """Cores, memory, system, Python and Qt: what a reader needs to judge the figures; no names."""
    from PySide6 import __version__ as qt

    cores = f"{os.cpu_count()} cores"
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    return f"{cores}{memory}, {system()}, Python {platform.python_version()}, PySide6 {qt}"


def system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return f"{platform.system()} {platform.release()}"


def put(table: str) -> None:
    """Replace the table between its two marks."""
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN, 1)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END, 1)[1]}", "utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
