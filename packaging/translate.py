"""Brings resources/locale up to date with the sentences in src, or (--check) says what is not in step.

Standard library only. Sentences are the constant arguments of `_`, `N_`, `gettext`, `ngettext`, `pgettext`.
"""

from __future__ import annotations

import ast
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TREE / "src"))

from fieldcrm.base import catalogue, resources  # noqa: E402
from fieldcrm.base.catalogue import Entry  # noqa: E402

_MARKS = {"_", "N_", "gettext", "ngettext", "pgettext"}


@dataclass(frozen=True)
class Problem:
    """Something to put right: where (a file and line, or a catalogue) and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def found_in(source: str, where: str, problems: list[Problem]) -> Iterator[Entry]:
    """The sentences of one source file."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = f"{where}:{node.lineno}"
        if name == "define" and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
            problems.append(Problem(place, "the sentence of an error code is not marked with N_"))
        if name not in _MARKS:
            continue
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if not words or (name in ("ngettext", "pgettext") and len(words) < 2):
            if node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                problems.append(Problem(place, f"{name}() needs a constant sentence; fill it in afterwards"))
        elif name == "ngettext":
            yield Entry(words[0], plural=words[1])
        elif name == "pgettext":
            yield Entry(words[1], context=words[0])
        elif words[0]:
            yield Entry(words[0])


def sentences(tree: Path, problems: list[Problem]) -> dict[tuple[str | None, str], Entry]:
    """Every sentence below `tree`, once."""
    found: dict[tuple[str | None, str], Entry] = {}
    for path in sorted(tree.rglob("*.py")):
        for entry in found_in(path.read_text("utf-8"), path.relative_to(tree).as_posix(), problems):
            known = found.setdefault(entry.key, entry)
            known.plural = known.plural or entry.plural
    return found


def placeholders(sentence: str) -> set[str]:
    """The names of the {fields} in a sentence; raises ValueError for a brace on its own."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None}


def compare(
    wanted: dict[tuple[str | None, str], Entry], have: dict[tuple[str | None, str], Entry], where: str
) -> Iterator[Problem]:
    """What keeps a catalogue from being complete."""
    for key, entry in have.items():
        if key[1] and key not in wanted:
            yield Problem(where, f"unused: {entry.msgid!r}")
    for key, entry in wanted.items():
        known = have.get(key)
        if known is None or not known.translated:
            yield Problem(where, f"not translated: {entry.msgid!r}")
        elif known.fuzzy:
            yield Problem(where, f"fuzzy: {entry.msgid!r}")
        else:
            yield from _fields(known, where)


def _fields(entry: Entry, where: str) -> Iterator[Problem]:
    for said in entry.forms.values():
        try:
            equal = placeholders(said) == placeholders(entry.plural or entry.msgid)
        except ValueError:
            equal = said.count("{") == entry.msgid.count("{")
        if not equal:
            yield Problem(where, f"other {{fields}} than the sentence: {entry.msgid!r} → {said!r}")


def updated(wanted: Iterable[Entry], have: dict[tuple[str | None, str], Entry]) -> list[Entry]:
    """The catalogue's next state: the header, then every wanted sentence with what is known of it."""
    entries = [have[None, ""]] if (None, "") in have else []
    for entry in wanted:
        known = have.get(entry.key)
        forms = known.forms if known else {}
        if (entry.plural is None) != (known is None or known.plural is None) and 0 in forms:
            forms = {0: forms[0]}
        entries.append(Entry(entry.msgid, entry.plural, entry.context, forms, known.fuzzy if known else False))
    return entries


def main(words: list[str]) -> int:
    """Update or, with --check, only look; 1 when something is to be put right."""
    problems: list[Problem] = []
    wanted = sentences(TREE / "src", problems)
    for path in sorted(resources.folder("locale").glob("*/LC_MESSAGES/*.po")):
        text = path.read_text("utf-8")
        have = catalogue.read(text)
        if "--check" not in words:
            path.write_text(catalogue.write(updated(wanted.values(), have)), "utf-8", newline="\n")
            have = catalogue.read(path.read_text("utf-8"))
        problems += compare(wanted, have, path.parts[-3])
        if f"\n{text}".count("\nmsgid ") != len(have) and "--check" in words:
            problems.append(Problem(path.parts[-3], "sentences stand twice, as merging leaves them: run translate"))
    catalogue.compile_all()
    for problem in problems:
        print(problem)
    print(f"{len(wanted)} sentences, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
