"""The body of a package: compressed JSON, made and read in small pieces, so that no single call stops the window."""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterator
from typing import Any

_DEPTH = 6  # body, chains, chain, operations, operation, edits: below that whole edits at once
_PIECE = 256 * 1024
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
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
        yield _encode(value)
        return
    before = "{" if isinstance(value, dict) else "["
    for item in value:
        if isinstance(value, dict):
            yield f"{before}{_encode(item)}:"
            item = value[item]
        else:
            yield before
        yield from _pieces(item, depth - 1)
        before = ","
    yield "}" if isinstance(value, dict) else "]"


def unpack(packed: bytes, most: int) -> Any:
    """What `pack` packed; ValueError when it is damaged, or larger than `most` bytes once inflated."""
    text = _inflated(packed, most)
    try:
        value, end = _value(text, 0, _DEPTH)
        if end == len(text):
            return value
    except (ValueError, IndexError, StopIteration):
        pass
    return json.loads(text)  # spelled otherwise than `pack` does, or damaged


def _inflated(packed: bytes, most: int) -> str:
    unpacker, decoder = zlib.decompressobj(), codecs.getincrementaldecoder("utf-8")()
    texts: list[str] = []
    left = packed
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(left, _PIECE)
            left = unpacker.unconsumed_tail
            most -= len(piece)
            if most < 0 or (not piece and not left and not unpacker.eof):
                raise ValueError("too large or cut short")
            texts.append(decoder.decode(piece))
        texts.append(decoder.decode(b"", True))
    except zlib.error as error:
        raise ValueError("not deflated") from error
    return "".join(texts)


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at `at`, and where it ends; containers are walked down to `depth`."""
    if not depth or text[at] not in "[{" or text[at + 1] in "]}":
        value: tuple[Any, int] = _scan(text, at)
        return value
    return _members(text, at, depth) if text[at] == "{" else _items(text, at, depth)


def _items(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while text[at] != "]":
        if text[at] != ("," if found else "["):
            raise ValueError(at)
        item, at = _value(text, at + 1, depth - 1)
        found.append(item)
    return found, at + 1


def _members(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while text[at] != "}":
        if text[at] != ("," if found else "{"):
            raise ValueError(at)
        key, at = _scan(text, at + 1)
        if text[at] != ":" or not isinstance(key, str):
            raise ValueError(at)
        found[key], at = _value(text, at + 1, depth - 1)
    return found, at + 1
