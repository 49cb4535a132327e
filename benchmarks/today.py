"""From the password to Today: against the imports that it needs, and as it feels when they came while typing."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import ROOT
from benchmarks.figures import Figure, pairs, say

LIMIT, STALL_LIMIT_MS = 1.5, 50


def measure(folder: Path, quick: bool) -> Iterator[Figure]:
    place = _demo(folder, 60 if quick else 400)
    count = 3 if quick else 9
    say("password to Today")
    _child("cold", place)  # compiles what was never imported
    first = _child("cold", place)
    (folder / "modules.json").write_text(json.dumps(first["modules"]))
    argon: list[float] = []

    def ours() -> float:
        told = _child("cold", place)
        argon.append(told["argon"])
        return float(told["entered"] - told["argon"])

    took = pairs(ours, lambda: float(_child("imports", folder / "modules.json")["took"]), count)
    seconds = statistics.median(argon)
    note = f"the password there at once; without the {seconds:.0f} ms of Argon2"
    yield took.figure("password to Today painted", LIMIT, "the imports it needs", note)
    ready = [_child("ready", place) for _ in range(count)]
    for words, key in (("password to the window painted", "bench"), ("password to Today painted", "entered")):
        values = [told[key] for told in ready]
        yield Figure(words, statistics.median(values), note=f"imports came while typing; Argon2 alone {seconds:.0f} ms")
    stall = statistics.median(told["stall"] for told in ready)
    yield Figure("longest stall of the window from password to Today", stall, limit=STALL_LIMIT_MS)
    typing = statistics.median(told["typing"] for told in ready)
    yield Figure("longest stall of the window while typing the password", typing, limit=STALL_LIMIT_MS)


def _child(what: str, place: Path) -> Any:
    command = [sys.executable, "-c", f"from benchmarks.entering import {what}; {what}()", str(place)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)


def _demo(folder: Path, clients: int) -> Path:
    """A demo book of a manager's usual size."""
    from benchmarks.driver import PASSWORD
    from fieldcrm.core import demo

    place = folder / f"demo-{clients}"
    if not demo.is_demo(place):
        say(f"making a demo book of {clients} clients")
        demo.make(place, clients=clients, password=PASSWORD).close()
    return place
