"""From the start of the process to the first painted page, against a bare window that imports the same Qt modules."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import ROOT
from benchmarks.figures import Figure, pairs, say

LIMIT = 1.5
OURS = "from benchmarks.first_paint import ours; ours()"
BARE = "from benchmarks.first_paint import bare; bare()"


def measure(folder: Path, quick: bool) -> Iterator[Figure]:
    count = 5 if quick else 15
    known, fresh = folder / "start-known", folder / "start-fresh"
    for place in (known, fresh):
        place.mkdir(exist_ok=True)
    (known / "vault-1.json").write_text("{}")
    for words, place in (("unlock page", known), ("first-start page", fresh)):
        say(words)
        modules = child(OURS, str(place))["qt"]
        child(BARE, *modules)  # the first of each also compiles its modules
        told: dict[str, list[Any]] = {OURS: [], BARE: []}
        for turn in range(count):
            for program in (OURS, BARE)[:: 1 if turn % 2 else -1]:
                told[program].append(child(program, *([str(place)] if program is OURS else modules)))
        for clock, name in (("wall", "wall clock"), ("cpu", "processor time")):
            mine, theirs = ([one[clock] for one in told[program]] for program in (OURS, BARE))
            took = pairs(iter(mine).__next__, iter(theirs).__next__, count)
            yield took.figure(f"start to {words} painted, {name}", LIMIT, "bare window")


def child(program: str, *arguments: str) -> Any:
    """Run a process that tells of its first paint in JSON; wall ms counts from before the process was made."""
    began = time.time()
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    told = json.loads(done.stdout)
    told["wall"] = (told["at"] - began) * 1000
    return told
