"""Which rows below the header of a list are data, and which totals, notes or headers once more. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldcrm.base.forms import titles
from fieldcrm.base.sheets.reader import Cell, as_text
from fieldcrm.base.text import half_width
from fieldcrm.core.imports.table import IDENTITY, Table, known

_TOTAL = re.compile(
    r"(?:本页|本单|本月|累计|以上)?(?:合计|总计|小计|共计|总和|平均|件均|件数|笔数|户数|人数|total|grandtotal|subtotal|sum)"
    r"(?:金额|保费|本金)?(?:[:：(（].*)?|共?\d+[件笔户人]",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表说明|制表|审核|复核|打印|填表|经办|负责人|单位负责人|日期|第\d+页|共\d+页|note|prepared|page)"
    r"[^,]{0,8}?[:：\d\s]|第\s*\d+\s*页|共\s*\d+\s*页|※",
    re.IGNORECASE,
)


def sort_rows(table: Table) -> None:
    at = {c.target.key: c.index for c in reversed(table.columns) if c.target is not None}
    look = _Look(
        [at[key] for key in IDENTITY if key in at],
        (at["policy.number"], at["client.name"]) if {"policy.number", "client.name"} <= set(at) else None,
        [c.index for c in table.matched],
        [texts for row in table.header if (texts := texts_of(table.sheet.rows[row]))],
        {texts[0] for row in table.sheet.rows[: table.header.start] if len(texts := texts_of(row)) == 1},
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
        if (look.head and first.strip() == look.head[0][0]) and texts_of(row) in look.head:
            return "header"
        if _NOTE.match(half_width(first.strip())) and len(texts_of(row)) <= 4:
            return "note"
    texts = texts_of(row)
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


def texts_of(row: list[Cell]) -> list[str]:
    return [text for cell in row if cell != "" and (text := as_text(cell))]


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) < 30 and _TOTAL.fullmatch("".join(cell.split())) is not None
