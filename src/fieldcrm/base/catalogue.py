"""Reads gettext .po files and compiles them to .mo; standard library only, as set-up runs it first.

The .po files merge by union (`.gitattributes`), so an entry may come twice, lose the blank line
before it, or share its translation with the entry above: reading puts all that right.
"""

from __future__ import annotations

import ast
import os
import struct
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fieldcrm.base import resources

CONTEXT_GLUE = "\x04"


@dataclass
class Entry:
    """One message: `forms` holds the translation, or one per plural form; `fuzzy` ones are not compiled."""

    msgid: str
    plural: str | None = None
    context: str | None = None
    forms: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid

    @property
    def translated(self) -> bool:
        return bool(self.forms) and all(self.forms.values())


def read(text: str) -> dict[tuple[str | None, str], Entry]:
    """The entries of a .po file by (context, msgid); the header under (None, ""). The first translation wins."""
    entries: dict[tuple[str | None, str], Entry] = {}
    for entry in _waiting_resolved(_Reader().feed(text)):
        known = entries.setdefault(entry.key, entry)
        if known is not entry:
            known.plural = known.plural or entry.plural
            if not known.translated or (known.fuzzy and not entry.fuzzy):
                known.forms, known.fuzzy = entry.forms or known.forms, entry.fuzzy
    return entries


def _waiting_resolved(entries: list[Entry]) -> Iterable[Entry]:
    """Entries without any msgstr line take the one that follows: union merging folds equal lines into one."""
    forms: dict[int, str] = {}
    for entry in reversed(entries):
        if entry.forms:
            forms = entry.forms
        elif entry.plural is None and set(forms) == {0}:
            entry.forms = dict(forms)
    return entries


class _Reader:
    """Line by line; a keyword begins a part, a line in quotes goes on with it."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._parts: dict[str, str] = {}
        self._last = ""
        self._fuzzy = False

    def feed(self, text: str) -> list[Entry]:
        for number, line in enumerate(text.splitlines(), 1):
            try:
                self._line(line.strip())
            except (SyntaxError, ValueError) as problem:
                raise ValueError(f"line {number}: {line!r}") from problem
        self._close()
        return self._entries

    def _line(self, line: str) -> None:
        if line.startswith('"'):
            self._parts[self._last] += ast.literal_eval(line)
        elif line.startswith("#"):
            if line.startswith("#,") and "fuzzy" in line:
                self._close()
                self._fuzzy = True
        elif line:
            keyword, _, rest = line.partition(" ")
            if keyword == "msgctxt" or (keyword == "msgid" and set(self._parts) - {"msgctxt"}):
                self._close()
            self._last = keyword
            if keyword in self._parts:  # two translations of one message: the first stays
                self._last = "dropped"
            elif not keyword.startswith("msg"):
                raise ValueError(keyword)
            self._parts[self._last] = ast.literal_eval(rest)

    def _close(self) -> None:
        parts = self._parts
        if "msgid" in parts:
            forms = {0: parts["msgstr"]} if "msgstr" in parts else {}
            for keyword, value in parts.items():
                if keyword.startswith("msgstr["):
                    forms[int(keyword[7:-1])] = value
            entry = Entry(parts["msgid"], parts.get("msgid_plural"), parts.get("msgctxt"), forms, self._fuzzy)
            self._entries.append(entry)
        if parts:
            self._fuzzy = False
        self._parts, self._last = {}, ""


def write(entries: Iterable[Entry]) -> str:
    """The text of a .po file: header first, then sorted by msgid, without places in the source."""
    blocks = []
    for entry in sorted(entries, key=lambda e: (e.msgid, e.context or "")):
        lines = ["#, fuzzy"] if entry.fuzzy else []
        if entry.context is not None:
            lines += _spell("msgctxt", entry.context)
        lines += _spell("msgid", entry.msgid)
        if entry.plural is None:
            lines += _spell("msgstr", entry.forms.get(0, ""))
        else:
            lines += _spell("msgid_plural", entry.plural)
            for number in sorted(entry.forms or {0: ""}):
                lines += _spell(f"msgstr[{number}]", entry.forms.get(number, ""))
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _spell(keyword: str, text: str) -> list[str]:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    pieces = escaped.split("\n")
    lines = [piece + "\\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] or len(pieces) == 1 else [])
    if len(lines) == 1:
        return [f'{keyword} "{lines[0]}"']
    return [f'{keyword} ""', *(f'"{line}"' for line in lines)]


def compiled(entries: Iterable[Entry]) -> bytes:
    """The bytes of a .mo file (GNU format, little endian, sorted, without a hash table)."""
    messages: dict[bytes, bytes] = {}
    for entry in entries:
        if not entry.translated or entry.fuzzy:
            continue
        name = entry.msgid if entry.plural is None else f"{entry.msgid}\0{entry.plural}"
        name = name if entry.context is None else f"{entry.context}{CONTEXT_GLUE}{name}"
        messages[name.encode()] = "\0".join(entry.forms[n] for n in sorted(entry.forms)).encode()
    keys = sorted(messages)
    ids = b"".join(key + b"\0" for key in keys)
    texts = b"".join(messages[key] + b"\0" for key in keys)
    start = 28 + 16 * len(keys)
    id_table, text_table = [], []
    id_at, text_at = start, start + len(ids)
    for key in keys:
        id_table += [len(key), id_at]
        text_table += [len(messages[key]), text_at]
        id_at += len(key) + 1
        text_at += len(messages[key]) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + struct.pack(f"<{4 * len(keys)}I", *id_table, *text_table) + ids + texts


def compile_all() -> list[Path]:
    """Compile every catalogue whose .mo is missing or older than its .po; gives the files written."""
    written = []
    for source in sorted(resources.folder("locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns <= source.stat().st_mtime_ns:
            _replace(target, compiled(read(source.read_text("utf-8")).values()))
            written.append(target)
    return written


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".mo-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(target)
