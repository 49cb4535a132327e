"""Where a list is: header under titles, columns by the forms' words, totals and notes left out. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from fieldcrm.base.forms import Field, Form, Kind, get, titles
from fieldcrm.base.i18n import N_
from fieldcrm.base.sheets.reader import Cell, Sheet, Workbook, as_text
from fieldcrm.base.text import half_width

KINDS = ("policy", "client")  # a word that both forms know means the policy's field
_LOOK_ROWS = 60  # the header stands within these rows
_MOST_DEPTH = 3
_TOTAL = re.compile(
    r"(?:本页|本单|本月|累计|以上)?(?:合计|总计|小计|共计|总和|total|grandtotal|subtotal|sum)(?:[:：(（].*)?",
    re.IGNORECASE,
)
_UNIT = re.compile(r"单位\s*[:(]?\s*(?:人民币)?\s*万元?\b")
_YUAN = re.compile(r"\((?:人民币)?元\)")
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表说明|制表|审核|复核|打印|填表|经办|负责人|单位负责人|日期|第\d+页|共\d+页|note|prepared|page)"
    r"[^,]{0,8}?[:：\d\s]|第\s*\d+\s*页|共\s*\d+\s*页|※",
    re.IGNORECASE,
)
_GROUP_ENDS = re.compile(r"(?:基本)?(?:信息|资料|情况|部分)$")
_OTHERS = re.compile(
    r"被保|受益|业务员|客户经理|代理人|理财|经办|推荐|介绍|紧急|配偶|子女|家属|销售|服务人|专员|专管|员工|insured|benefic|agent|sales",
    re.IGNORECASE,
)  # a name or phone below such a title is not the client's
REASON, ROW = N_("Why it was left out"), N_("Row in the list")  # columns of a workbook of failed rows
_ADDED = frozenset({"Why it was left out", "未导入原因"})  # it may come from a colleague with the other language
IDENTITY = ("policy.number", "client.name", "client.id_number", "client.credit_code")


@dataclass(frozen=True)
class Target:
    """What a column means: a field of a form, or of a list inside it."""

    kind: str
    field: Field
    child: Field | None = None

    @property
    def key(self) -> str:
        """`policy.number`, `client.phones.number`."""
        return ".".join([self.kind, self.field.name, *([self.child.name] if self.child else [])])

    @property
    def leaf(self) -> Field:
        return self.child or self.field

    @property
    def label(self) -> str:
        return self.leaf.label if self.child is None else f"{self.field.label} · {self.child.label}"


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the sheet that has a title or values; `target` is None when nobody knows it.

    `unit` is the yuan of one unit of an amount (10,000 under 万元); `why` tells how an unknown column came
    about: "" unknown, "double" the field has a column already, "left" a person said to leave it.
    """

    index: int
    title: str
    target: Target | None
    unit: int = 1
    why: str = ""


@dataclass
class Table:
    """A list in a sheet: rows of the header, and the data rows (numbers from 0) with what was left out."""

    sheet: Sheet
    header: range
    columns: tuple[ColumnMatch, ...]
    rows: list[int] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)  # row, "total" | "note" | "header"
    ends: int | None = None  # the header of another list, with other columns, further down
    added: int | None = None  # the first column that a workbook of failed rows has added to the list

    @property
    def matched(self) -> tuple[ColumnMatch, ...]:
        return tuple(c for c in self.columns if c.target is not None)

    @property
    def unknown(self) -> tuple[ColumnMatch, ...]:
        return tuple(c for c in self.columns if c.target is None)

    def has(self, key: str) -> bool:
        return any(c.target is not None and c.target.key == key for c in self.columns)

    @property
    def signature(self) -> str:
        """The same for lists with the same titles in the same order; a remembered mapping hangs on it."""
        words = "\x1f".join(titles.key(c.title) for c in self.columns)
        return hashlib.sha256(words.encode()).hexdigest()[:32]


@cache
def known() -> dict[str, Target]:
    """Every title known, by `titles.key`."""
    found: dict[str, Target] = {}
    for kind in KINDS:
        for word, path in titles.of(kind).items():
            if len(path) == 1 and path[0].kind is not Kind.RECORD:
                found.setdefault(word, Target(kind, path[0]))
    for kind in KINDS:
        for word, path in titles.of(kind).items():
            if len(path) == 2:
                found.setdefault(word, Target(kind, path[0], path[1]))
    return found


def targets() -> list[Target]:
    """All that a column can be mapped to, in the forms' order."""
    return list(_targets().values())


@cache
def _targets() -> dict[str, Target]:
    found: dict[str, Target] = {}
    for kind in KINDS:
        form: Form = get(kind)
        for item in form.fields:
            if item.kind is Kind.LIST and item.form is not None:
                made = [Target(kind, item, child) for child in item.form.fields]
            else:
                made = [] if item.kind is Kind.RECORD else [Target(kind, item)]
            found.update({target.key: target for target in made})
    return found


def tables(workbook: Workbook, mapping: Mapping[str, str | None] | None = None) -> list[Table]:
    """The lists of a workbook, one a sheet; hidden sheets count only when nothing else is there.

    `mapping` overrides what a title (as it stands in the sheet) means: a target's key, or None to leave it.
    """
    for group in ([s for s in workbook.sheets if not s.hidden], [s for s in workbook.sheets if s.hidden == "hidden"]):
        found = [table for sheet in group if (table := find(sheet, mapping)) is not None]
        if found:
            return found
    return []


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
        return None
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
    _sort_rows(table)
    return table


def _score(columns: Sequence[ColumnMatch]) -> int:
    keys = {c.target.key for c in columns if c.target is not None}
    return len(keys) if len(keys) >= 2 and keys & set(IDENTITY) else 0


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
        return (_targets()[key], "") if key is not None else (None, "left")
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


def _sort_rows(table: Table) -> None:
    at = {c.target.key: c.index for c in reversed(table.columns) if c.target is not None}
    look = _Look(
        [at[key] for key in IDENTITY if key in at],
        (at["policy.number"], at["client.name"]) if {"policy.number", "client.name"} <= set(at) else None,
        [c.index for c in table.matched],
        [texts for row in table.header if (texts := _texts(table.sheet.rows[row]))],
        {texts[0] for row in table.sheet.rows[: table.header.start] if len(texts := _texts(row)) == 1},
    )
    for number in range(table.header.stop, len(table.sheet.rows)):
        row = table.sheet.rows[number]
        if not any(row):  # 0.0 and False are no rows either
            continue
        why = _no_data(row, look)
        if why is None and (same := _is_header(row, table)) is not None:
            why = "header"
            if not same and table.ends is None:
                table.ends = number
        if why is None:
            table.rows.append(number)
        elif why:
            table.left_out.append((number, why))


@dataclass(frozen=True)
class _Look:
    """What tells a data row of a list from the others: columns that name, the two that every row fills, all known
    columns; the texts of the header's rows and of the lines above it."""

    identity: list[int]
    needed: tuple[int, int] | None
    matched: list[int]
    head: list[list[str]]
    above: set[str]


def _no_data(row: list[Cell], look: _Look) -> str | None:
    """Why a row is no data row; None when it is one, "" when it is blank."""
    first = next((cell for cell in row if cell != "" and not (isinstance(cell, str) and cell.isspace())), None)
    if first is None:
        return ""
    if look.needed is not None and _is_data(row, *look.needed):
        return None
    if isinstance(first, str):
        if _is_total(first):
            return "total"
        if (look.head and first.strip() == look.head[0][0]) and _texts(row) in look.head:
            return "header"
        if _NOTE.match(half_width(first.strip())) and len(_texts(row)) <= 4:
            return "note"
    texts = _texts(row)
    wide = len(look.matched) >= 4
    if any(i < len(row) and row[i] != "" and not _is_total(row[i]) for i in look.identity):
        return "header" if wide and len(texts) == 1 and _is_heading(row, texts[0], look) else None
    if any(_is_total(cell) for cell in row):
        return "total"
    if not any(i < len(row) and row[i] != "" for i in look.matched):
        return "note" if any(not text.isdigit() for text in texts) else ""
    return "note" if wide and len(texts) <= 2 and len(texts[0]) > 3 else None


def _is_heading(row: list[Cell], text: str, look: _Look) -> bool:
    """Whether the only text of a row is a heading: it stands above the list too, or where a number belongs."""
    if text in look.above:
        return True
    number = look.needed[0] if look.needed is not None else len(row)
    return number < len(row) and row[number] != "" and not any(map(str.isdigit, text))


def _is_header(row: list[Cell], table: Table) -> bool | None:
    """Whether a row is a header in other words: with the columns of the list (True), with others (False); None: no."""
    texts = {i: cell for i, cell in enumerate(row) if cell != ""}
    if len(texts) < 3 or not all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in texts.values()):
        return None
    meant = {i: target.key for i, cell in texts.items() if (target := known().get(titles.key(str(cell)))) is not None}
    if len(meant) < 3 or 2 * len(meant) < len(texts) or not set(meant.values()) & set(IDENTITY):
        return None
    own = {c.index: c.target.key for c in table.matched if c.target is not None}
    return all(own.get(i) == key for i, key in meant.items())


def _is_data(row: list[Cell], number: int, name: int) -> bool:
    """A row with a policy number and a name is data, whatever else its first words look like."""
    if number >= len(row) or name >= len(row) or not row[name]:
        return False
    cell = row[number]
    return not isinstance(cell, str) or (any(map(str.isdigit, cell)) and _NOTE.match(cell) is None)


def _texts(row: list[Cell]) -> list[str]:
    return [text for cell in row if cell != "" and (text := as_text(cell))]


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) < 30 and _TOTAL.fullmatch("".join(cell.split())) is not None


def samples(table: Table, column: ColumnMatch, most: int = 3) -> Iterator[str]:
    """A few values of a column, for a person who maps it."""
    seen = 0
    for number in table.rows:
        row = table.sheet.rows[number]
        if column.index < len(row) and (text := as_text(row[column.index])):
            yield text
            seen += 1
            if seen == most:
                return
