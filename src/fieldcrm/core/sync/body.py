"""The body of a package: compressed JSON, made and read in small pieces, so that no single call stops the window."""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterator
from typing import Any

from fieldcrm.base.canonical import compact

LARGEST = 512 * 1024 * 1024  # bytes of a body once inflated
_DEPTH = 6  # body, chains, chain, operations, operation, edits: below that whole edits at once
_PIECE = 256 * 1024
_MANY = 200  # edits made in one call
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # the C scanner: a value and where it ends


def pack(body: Any) -> bytes:
    """The JSON of `body`, deflated."""
    squeeze = zlib.compressobj(1)
    packed: list[bytes] = []
    held: list[str] = []
    size = 0
    for text in _pieces(body, _DEPTH):
        held.append(text)
        size += len(text)
        if size >= _PIECE:
            packed.append(squeeze.compress("".join(held).encode()))
            held, size = [], 0
    packed += [squeeze.compress("".join(held).encode()), squeeze.flush()]
    return b"".join(packed)


def _pieces(value: Any, depth: int) -> Iterator[str]:
    if not depth or not value or not isinstance(value, list | dict):
        yield compact(value)
        return
    if depth == 1 and isinstance(value, list):
        for at in range(0, len(value), _MANY):
            yield f"{',' if at else '['}{','.join(map(compact, value[at : at + _MANY]))}"
        yield "]"
        return
    before = "{" if isinstance(value, dict) else "["
    for item in value:
        if isinstance(value, dict):
            yield f"{before}{compact(item)}:"
            item = value[item]
        else:
            yield before
        yield from _pieces(item, depth - 1)
        before = ","
    yield "}" if isinstance(value, dict) else "]"


def unpack(packed: bytes, most: int) -> Any:
    """What `pack` packed; ValueError when it is damaged, or larger than `most` bytes once inflated."""
    try:
        reader = _Reader(_texts(packed, most))
        value = reader.value(_DEPTH)
        if reader.ended:
            return value
    except ValueError:
        pass
    return json.loads("".join(_texts(packed, most)))  # spelled otherwise than `pack` does, or damaged


def _texts(packed: bytes, most: int) -> Iterator[str]:
    unpacker, decoder = zlib.decompressobj(), codecs.getincrementaldecoder("utf-8")()
    left, at = b"", 0
    try:
        while not unpacker.eof:
            if not left:
                left, at = packed[at : at + _PIECE], at + _PIECE
            ended = not left
            piece = unpacker.decompress(left, _PIECE)
            left = unpacker.unconsumed_tail
            most -= len(piece)
            if most < 0 or (ended and not piece and not unpacker.eof):
                raise ValueError("too large or cut short")
            yield decoder.decode(piece)
        yield decoder.decode(b"", True)
    except zlib.error as error:
        raise ValueError("not deflated") from error


class _Reader:
    """Values out of a text that comes in pieces; ValueError where it is not spelled as `pack` does."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text, self._at = "", 0

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._text) and not self._more()

    def value(self, depth: int) -> Any:
        """The next value; containers are walked down to `depth`."""
        if not depth or self._char() not in "[{" or self._char(1) in "]}":
            return self._whole()
        return self._members(depth) if self._char() == "{" else self._items(depth)

    def _more(self) -> bool:
        """Read on, at least as much again as is left; False at the end."""
        fresh: list[str] = []
        size, left = 0, self._text[self._at :]
        for piece in self._pieces:
            fresh.append(piece)
            size += len(piece)
            if size > len(left):
                break
        if size:
            self._text, self._at = left + "".join(fresh), 0
        return size > 0

    def _char(self, ahead: int = 0) -> str:
        while self._at + ahead >= len(self._text):
            if not self._more():
                raise ValueError("cut short")
        return self._text[self._at + ahead]

    def _whole(self) -> Any:
        while True:
            try:
                value, end = _scan(self._text, self._at)
                if end < len(self._text) or not self._more():  # a number may go on
                    self._at = end
                    return value
            except (StopIteration, ValueError):
                if not self._more():
                    raise ValueError("damaged") from None

    def _items(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while (char := self._char()) != "]":
            if char != ("," if found else "["):
                raise ValueError("neither list nor end")
            self._at += 1
            found.append(self.value(depth - 1))
        self._at += 1
        return found

    def _members(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (char := self._char()) != "}":
            if char != ("," if found else "{"):
                raise ValueError("neither object nor end")
            self._at += 1
            key = self._whole()
            if self._char() != ":" or not isinstance(key, str):
                raise ValueError("no key")
            self._at += 1
            found[key] = self.value(depth - 1)
        self._at += 1
        return found
