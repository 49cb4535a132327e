"""Where a list is: header under titles, columns by the forms' words, totals and notes left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fieldcrm.base.forms import Kind, titles
from fieldcrm.base.sheets.reader import Sheet, Workbook, as_text
from fieldcrm.base.text import half_width
from fieldcrm.core.imports.datarows import sort_rows, texts_of
from fieldcrm.core.imports.table import IDENTITY, ColumnMatch, Table, Target, by_key, known

_LOOK_ROWS = 60  # the header stands within these rows
_MOST_DEPTH = 3
_UNIT = re.compile(r"单位\s*[:(]?\s*(?:人民币)?\s*万元?\b")
_YUAN = re.compile(r"\((?:人民币)?元\)")
_GROUP_ENDS = re.compile(r"(?:基本)?(?:信息|资料|情况|部分)$")
_OTHERS = re.compile(
    r"被保|受益|业务员|客户经理|代理人|理财|经办|推荐|介绍|紧急|配偶|子女|家属|销售|服务人|专员|专管|员工|insured|benefic|agent|sales",
    re.IGNORECASE,
)  # a name or phone below such a title is not the client's
_ADDED = frozenset({"Why it was left out", "未导入原因"})  # it may come from a colleague with the other language


def tables(workbook: Workbook, mapping: Mapping[str, str | None] | None = None) -> list[Table]:
    """The lists of a workbook, one a sheet; hidden sheets count only when nothing else is there.

    `mapping` overrides what a title (as it stands in the sheet) means: a target's key, or None to leave it.
    """
    for group in ([s for s in workbook.sheets if not s.hidden], [s for s in workbook.sheets if s.hidden == "hidden"]):
        found = [table for sheet in group if (table := find(sheet, mapping)) is not None]
        if found:
            return found
    return []


def passed_over(workbook: Workbook, taken: Sequence[Table]) -> list[str]:
    """The names of hidden sheets that hold a list, too, when those in sight are taken."""
    if any(table.sheet.hidden for table in taken):
        return []
    return [sheet.name for sheet in workbook.sheets if sheet.hidden == "hidden" and find(sheet) is not None]


def guessed(workbook: Workbook, mapping: Mapping[str, str | None] | None = None) -> list[Table]:
    """Where lists may be whose titles nobody knows, for a person to say what the columns mean."""
    found = []
    for sheet in workbook.sheets:
        filled = _Filled(sheet)
        top = None if sheet.hidden else _likely_header(filled)
        if top is not None:
            columns = _with_values(sheet, _columns(filled, top, 1, mapping), top + 1)
            rows = [number for number in range(top + 1, len(sheet.rows)) if texts_of(sheet.rows[number])]
            found.append(Table(sheet, range(top, top + 1), columns, rows))
    return found


def _likely_header(filled: _Filled) -> int | None:
    """The first row of words, each another one, that is about as wide as the rows below it."""
    rows = [texts_of(row) for row in filled.sheet.rows[:_LOOK_ROWS]]
    wide = sorted(len(texts) for texts in rows if len(texts) > 1)
    for top, texts in enumerate(rows[:-1]):
        if len(texts) > 1 and len(texts) * 3 >= wide[len(wide) // 2] * 2 and len(set(texts)) == len(texts):
            cells = [cell for cell in filled.sheet.rows[top] if cell != ""]
            if all(isinstance(cell, str) and not cell[:1].isdigit() for cell in cells):
                return top
    return None


def find(sheet: Sheet, mapping: Mapping[str, str | None] | None = None) -> Table | None:
    """The list of a sheet: the row, or rows, whose titles are known best; None when there is none."""
    filled = _Filled(sheet)
    best: tuple[int, int, int] | None = None
    for top in range(min(_LOOK_ROWS, len(sheet.rows))):
        for depth in range(1, _MOST_DEPTH + 1):
            if depth > 1 and not filled.may_be_header(top + depth - 1):
                break
            score = _score(_columns(filled, top, depth, mapping))
            best = max(best, (score, -depth, -top)) if best else (score, -depth, -top)
    if best is None or not best[0]:
        said = _likely_header(filled) if mapping else None
        if said is None or not set(IDENTITY) & _keys(_columns(filled, said, 1, mapping)):
            return None
        best = (1, -1, -said)  # a person said what its titles mean
    depth, top = -best[1], -best[2]
    while depth < _MOST_DEPTH and filled.is_group_row(top - 1):
        top, depth = top - 1, depth + 1
    for start, _, bottom, _ in sheet.merges:  # titles merged with the row below them
        if top <= start < top + depth <= bottom < top + _MOST_DEPTH:
            depth = bottom - top + 1
    columns = _columns(filled, top, depth, mapping)
    added = next((c.index for c in columns if c.title in _ADDED), None)
    own = columns if added is None else [c for c in columns if c.index < added]
    table = Table(sheet, range(top, top + depth), _with_values(sheet, own, top + depth), added=added)
    _fill_down(sheet, top + depth)
    sort_rows(table)
    return table


def _score(columns: Sequence[ColumnMatch]) -> int:
    keys = _keys(columns)
    return len(keys) if len(keys) >= 2 and keys & set(IDENTITY) else 0


def _keys(columns: Sequence[ColumnMatch]) -> set[str]:
    return {c.target.key for c in columns if c.target is not None}


class _Filled:
    """Texts of the first rows with merged titles repeated over their cells."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._over: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in sheet.merges:
            if top < _LOOK_ROWS + _MOST_DEPTH:
                for row in range(top, min(bottom, _LOOK_ROWS + _MOST_DEPTH) + 1):
                    for column in range(left, min(right, 511) + 1):
                        self._over[row, column] = (top, left)
        self.width = max((len(row) for row in sheet.rows[: _LOOK_ROWS + _MOST_DEPTH]), default=0)

    def text(self, row: int, column: int) -> str:
        at = self._over.get((row, column), (row, column))
        cells = self.sheet.rows[at[0]] if at[0] < len(self.sheet.rows) else []
        return " ".join(as_text(cells[at[1]]).split()) if at[1] < len(cells) else ""

    def is_group_row(self, row: int) -> bool:
        """A row above the titles that groups them ("被保险人" over "姓名" and "证件号码"), and is no heading of all."""
        if row < 0 or len({t for c in range(self.width) if (t := self.text(row, c))}) < 2:
            return False
        return any(
            top <= row <= bottom and (bottom > row or (top == row and right > left and right - left < self.width - 2))
            for top, left, bottom, right in self.sheet.merges
        )

    def may_be_header(self, row: int) -> bool:
        """A further header row holds words only, at least one of them known."""
        if row >= len(self.sheet.rows):
            return False
        texts = [c for c in self.sheet.rows[row] if c != ""]
        if not texts and any(top < row <= bottom for top, _, bottom, _ in self.sheet.merges):
            return True
        return (
            bool(texts)
            and all(isinstance(t, str) and not any(map(str.isdigit, t)) for t in texts)
            and any(titles.key(t) in known() for t in texts if isinstance(t, str))
        )


def _columns(
    filled: _Filled, top: int, depth: int, mapping: Mapping[str, str | None] | None
) -> tuple[ColumnMatch, ...]:
    found: list[ColumnMatch] = []
    taken: set[str] = set()
    whole = any(
        _UNIT.search(half_width(filled.text(r, c))) for r in range(max(0, top - 6), top) for c in range(filled.width)
    )
    for column in range(filled.width):
        parts = list(dict.fromkeys(t for row in range(top, top + depth) if (t := filled.text(row, column))))
        title = " ".join(parts)
        target, why = _meaning(parts, mapping or {})
        if target is not None and target.key in taken and target.key != "client.phones.number":
            target, why = None, "double"
        if target is not None:
            taken.add(target.key)
        found.append(ColumnMatch(column, title, target, _unit(title, target, whole), why))
    return tuple(found)


def _unit(title: str, target: Target | None, whole: bool) -> int:
    """Yuan of one unit: by the title itself, else by "单位：万元" above the list."""
    if target is None or target.leaf.kind is not Kind.MONEY:
        return 1
    own = titles.unit(title)
    return 10_000 if own == 1 and whole and not _YUAN.search(half_width(title)) else own


def _meaning(parts: list[str], mapping: Mapping[str, str | None]) -> tuple[Target | None, str]:
    """Joined words say most ("被保险人" over "姓名"), then the lowest title, then the ones above it.

    Below the title of somebody who is not the client only the joined words count.
    """
    title = " ".join(parts)
    if title in mapping:
        key = mapping[title]
        return (by_key()[key], "") if key is not None else (None, "left")
    bare = [_GROUP_ENDS.sub("", part) or part for part in parts[:-1]] + parts[-1:]
    alone = [] if any(_OTHERS.search(part) for part in parts[:-1]) else reversed(parts)
    for words in dict.fromkeys(["".join(parts), "".join(bare), *alone]):
        if target := known().get(titles.key(words)):
            return target, ""
    return None, ""


def _with_values(sheet: Sheet, columns: Sequence[ColumnMatch], first: int) -> tuple[ColumnMatch, ...]:
    """Columns without a title stay only when they hold something."""
    bare = {c.index for c in columns if not c.title}
    if not bare:
        return tuple(columns)
    used = {i for row in sheet.rows[first:] for i in bare if i < len(row) and row[i] != ""}
    return tuple(c for c in columns if c.title or c.index in used)


def _fill_down(sheet: Sheet, first: int) -> None:
    """A cell merged over several data rows holds for each of them."""
    for top, left, bottom, _ in sheet.merges:
        if top < first or bottom <= top or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        value = sheet.rows[top][left]
        for row in sheet.rows[top + 1 : bottom + 1]:
            if left < len(row) and row[left] == "":
                row[left] = value
