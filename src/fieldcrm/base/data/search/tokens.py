"""What the index stores for a record and what it looks up for a typed line; pure, the same on both dialects.

Tokens: single characters and pairs of characters as they are; `^` before what a name begins with (the
whole name, its pinyin, its initials, surname plus initials), pinyin and initials from each later
syllable without it; `#` before a number written backwards, so that its last digits are a prefix.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from zlib import crc32

from fieldcrm.base.data.search import pinyin

_MARKS = re.compile(r"[^\w\U00020000-\U0003ffff\ue000-\uf8ff]|_")
_COMMON = re.compile(r"[\u4e00-\u9fff]+").fullmatch  # characters that are compared as they stand
_ASCII_RUN = re.compile(r"[0-9a-z]+")
_COMPANY_TAIL = re.compile(r"(?:集团|股份|有限|责任|公司)+$")
_LONGEST = 12
_NUMBER_FROM = 3


def clean(text: str) -> str:
    """Text as it is compared: NFKC, lower case, `ü` as `v`, without blanks and marks."""
    return text if _COMMON(text) else _MARKS.sub("", _fold(text))


def _fold(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("ü", "v").replace("Ü", "v")
    return text.casefold()


@cache
def kind_token(kind: str) -> str:
    """One private character for a record kind, so that it takes one posting and no prefixes."""
    return chr(0xF0000 + crc32(kind.encode()) % 0xFFFD)


def _pairs(cleaned: str) -> list[str]:
    pairs = [a + b for a, b in pairwise(cleaned)]
    return [pair for pair in pairs if not pair.isascii()] if _ASCII_RUN.search(cleaned) else pairs


@lru_cache(maxsize=50_000)
def _name(name: str) -> tuple[str, str]:
    """A name as it is compared, and its tokens."""
    key = clean(name)
    return key, _tokens_of(name, key) if key else ""


def name_tokens(name: str) -> str:
    """Tokens of one name of a person or an organisation, blank-separated."""
    return _name(name)[1]


def _tokens_of(name: str, key: str) -> str:
    tokens = ["^" + key, *_pairs(key)]
    tokens += key if not _ASCII_RUN.search(key) else [char for char in key if not char.isascii()]
    core = len(_COMPANY_TAIL.sub("", key)) or len(key)
    spoken = key if _ASCII_RUN.fullmatch(key) is None else _MARKS.sub(" ", _fold(name.replace("'", "")))
    for way in pinyin.syllables(spoken.strip()):
        sounds = "".join(way)
        tokens.append("^" + sounds)
        if (count := len(way)) == 1:
            continue
        first = "".join([sound[0] for sound in way])
        tokens.append("^" + first)
        tokens.append("^" + way[0] + first[1:])
        at = 0
        for start in range(1, min(count, core)):
            at += len(way[start - 1])
            tokens.append(sounds[at : at + _LONGEST])
            if count - start > 1:
                tokens.append(first[start : start + _LONGEST])
    return " ".join(tokens)


def number_token(number: str) -> str:
    """A phone, identity, policy or plate number, backwards."""
    return "#" + (number.lower() if number.isascii() and number.isalnum() else clean(number))[::-1]


@lru_cache(maxsize=5_000)
def _words(text: str) -> tuple[str, str]:
    """Other text (an address, a tag) as it is compared, and its tokens: pairs, and runs of letters and digits."""
    key = clean(text)
    runs = [run[:_LONGEST] for run in _ASCII_RUN.findall(key)]
    return key, " ".join([*_pairs(key), *runs, *(key if len(key) == 1 else ())])


def of_record(kind: str, names: Iterable[str], numbers: Iterable[str], words: Iterable[str]) -> tuple[str, str]:
    """All tokens of a record, blank-separated; and the text that long hits are checked against.

    The text is names a line each, a tab, other text a line each.
    """
    spoken, others = list(map(_name, names)), list(map(_words, words))
    tokens = [kind_token(kind), *[found for _, found in spoken if found]]
    tokens += [number_token(number) for number in numbers if number]
    tokens += [found for _, found in others if found]
    text = "\n".join([key for key, _ in spoken]) + "\t" + "\n".join([key for key, _ in others])
    return " ".join(tokens), text


# Looking up


@dataclass(frozen=True)
class Term:
    """One token to be looked up, whole or as a prefix."""

    token: str
    prefix: bool = False


@dataclass(frozen=True)
class All:
    """Every part must be there."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Any:
    """One part must be there."""

    parts: tuple[Expression, ...]


Expression = Term | All | Any


@dataclass(frozen=True)
class Word:
    """One typed word, cleaned."""

    text: str

    @property
    def is_han(self) -> bool:
        return not self.text.isascii()

    @property
    def is_number(self) -> bool:
        return not self.is_han and len(self.text) >= _NUMBER_FROM and any(char.isdigit() for char in self.text)

    def whole(self) -> Expression:
        return Term("^" + self.text)

    def start(self) -> Expression:
        return Term("^" + self.text, prefix=True)

    def number(self) -> Expression:
        return Term(number_token(self.text), prefix=True)

    def inside(self) -> Expression | None:
        """Anywhere but at the start of a name; a longer run of characters still has to be checked in the text."""
        text = self.text
        if not self.is_han:
            return Term(text[:_LONGEST], prefix=True) if len(text) > 1 else None
        if len(text) == 1:
            return Term(text)
        parts: list[Expression] = [Term(pair) for pair in dict.fromkeys(_pairs(text))]
        for run in _ASCII_RUN.finditer(text):
            if run.start():  # one at the front may be the end of a longer one
                parts.append(Any((Term("^" + run[0], prefix=True), Term(run[0][:_LONGEST], prefix=True))))
        return parts[0] if len(parts) == 1 else All(tuple(parts[:12]))

    @property
    def is_checked(self) -> bool:
        """Whether hits have to be checked against the text: pairs of characters may be scattered over it."""
        return self.is_han and len(self.text) > 2

    def somewhere(self) -> Expression:
        parts = [self.start()]
        if self.is_number:
            parts.insert(0, self.number())
        if (inside := self.inside()) is not None:
            parts.append(inside)
        return parts[0] if len(parts) == 1 else Any(tuple(parts))


@dataclass(frozen=True)
class Stage:
    """One look-up of a search; earlier stages rank before later ones.

    `contains` must stand in the text of a hit as they are; `matched` says what it was found by.
    """

    expression: Expression
    matched: str
    contains: tuple[str, ...] = ()


def words_of(line: str) -> list[Word]:
    """The words of a typed line; a phone grouped by blanks or hyphens stays one number."""
    pieces = unicodedata.normalize("NFKC", line).split()
    if len(pieces) > 1 and all(piece.replace("-", "").isdecimal() for piece in pieces):
        pieces = ["".join(pieces)]
    return [Word(text) for piece in pieces[:8] if (text := clean(piece))]


def stages(words: list[Word]) -> list[Stage]:
    """What to look up for some words, best first."""
    if not words:
        return []
    if len(words) == 1:
        return _stages_of_one(words[0])
    found: list[Stage] = []
    if len({word.is_han for word in words}) == 1 and not any(word.is_number for word in words):
        joined = Word("".join(word.text for word in words))
        matched = "name" if joined.is_han else "pinyin"
        found = [Stage(joined.whole(), matched), Stage(joined.start(), matched)]
    contains = tuple(word.text for word in words if word.is_checked)
    everywhere = [word.somewhere() for word in words]
    for at, word in enumerate(words):
        if not word.is_number:
            front = All((*everywhere[:at], word.start(), *everywhere[at + 1 :]))
            found.append(Stage(front, "words", contains))
            break
    return [*found, Stage(All(tuple(everywhere)), "words", contains)]


def _stages_of_one(word: Word) -> list[Stage]:
    matched = "name" if word.is_han else "pinyin"
    found = [Stage(word.whole(), matched), Stage(word.start(), matched)]
    if word.is_number:
        found.insert(0, Stage(word.number(), "number"))
    if (inside := word.inside()) is not None:
        contains = (word.text,) if word.is_checked else ()
        found.append(Stage(inside, "words" if word.is_han else "pinyin", contains))
    return found
