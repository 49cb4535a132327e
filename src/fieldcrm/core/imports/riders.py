"""One policy on several rows: its main product makes the policy, its riders (附加险) are joined to it. Pure.

The tables know one product a policy. So amounts of all rows are added up, and each rider stands with what is its own
as a line of the policy's remark, in the words of the list whatever the language of the window.

Rows of one list are added up. Where riders and main product come in lists of their own, nobody knows whether an amount
of the policy includes theirs: it is left as it is, and the rider's line says that its own was not added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fieldcrm.base.errors import InvalidField
from fieldcrm.base.forms import Field, Kind, get, parse, show
from fieldcrm.base.text import half_width

if TYPE_CHECKING:
    from fieldcrm.core.imports.listrows import ListRow

PARTS = ("premium_fen", "commission_fen")  # what each row has for itself
STATED = ("principal_fen", "cash_value_fen", "expected_maturity_benefit_fen", "deposit_value_fen")
"""Added up as well, unless every row says the same: then the list repeats the policy's own."""
AMOUNTS = PARTS + STATED
_SHARED = ("insured_name", "insurer", "outlet", "channel", "remark")  # of the policy: a rider's row may fill them in
_ITS_OWN = ("matures_on", "renews_on", "sum_assured_fen")
MARKS = {
    **dict.fromkeys(("主险", "主约", "主合同", "基本险", "主"), True),
    **dict.fromkeys(("附加险", "附约", "附加合同", "附加", "附"), False),
}
"""Words of a column that tells the main row from its riders."""
_WHOLE = re.compile(r"总|保单|合计")  # 总保费: stands on every row and is the policy's
RIDER, BESIDE = "附加险：", "同保单险种："
ASIDE = "（未另加）"  # behind an amount of a rider's line: the policy's may include it, or not
Aside = frozenset[tuple[str, str]]
"""Product and amount that was not added to the policy's."""
_LINE = re.compile(rf"^(?:{RIDER}|{BESIDE})([^；\n]+)(.*)$", re.MULTILINE)


@dataclass(slots=True)
class Part:
    """One product of a policy: what its rows say; `mark`: a column calls it the main one (True) or a rider."""

    product: str | None
    values: dict[str, Any]
    rows: list[ListRow] = field(default_factory=list)
    mark: bool | None = None

    @property
    def rider(self) -> bool:
        return is_rider(self.product) if self.mark is None else not self.mark


def is_rider(product: str | None) -> bool:
    """Riders are called so in their names, by rule of the supervisor: 附加住院医疗保险."""
    return product is not None and ("附加" in product or "rider" in product.casefold())


def mark(cells: Iterable[Any]) -> bool | None:
    """Whether a cell of a row says that it is the main product's (True) or a rider's; None: none does."""
    return next((MARKS[text] for cell in cells if isinstance(cell, str) and (text := cell.strip()) in MARKS), None)


def is_whole(title: str) -> bool:
    """Whether an amount under this title is the whole policy's, on each of its rows."""
    return _WHOLE.search(title) is not None


def is_beside(title: str) -> bool:
    """Whether a column holds riders beside their policy (附加险保费), not the mark of a rider's row (是否附加险)."""
    return is_rider(title) and re.search("是否|标志|标识|标记|类型", title) is None


def parts_of(rows: Sequence[ListRow], marks: Sequence[bool | None]) -> tuple[list[Part], list[tuple[ListRow, ListRow]]]:
    """The products of one policy's rows, and the rows that say of a product what an earlier one contradicts."""
    found: dict[str, Part] = {}
    clashes: list[tuple[ListRow, ListRow]] = []
    named = [(row, said) for row, said in zip(rows, marks, strict=True) if row.policy.get("product_name")]
    for row, said in named:
        product = row.policy["product_name"]
        part = found.setdefault(_key(product), Part(product, {}, [], said))
        part.mark = said if part.mark is None else part.mark
        if not _fold(part, row):
            clashes.append((row, part.rows[0]))
    bare = [row for row in rows if not row.policy.get("product_name")]
    if bare:
        part = main_of(list(found.values())) if found else found.setdefault("", Part(None, {}))
        clashes += [(row, part.rows[0]) for row in bare if not _fold(part, row)]
    return list(found.values()), clashes


def _fold(part: Part, row: ListRow) -> bool:
    """Take a row into its product; not where it says otherwise."""
    given = {name: value for name, value in row.policy.items() if value is not None}
    if any(part.values.get(name, value) != value for name, value in given.items() if name != "product_name"):
        return False
    part.values = {**given, **part.values}
    part.rows.append(row)
    return True


def main_of(parts: Sequence[Part]) -> Part:
    """The one that is marked so; else of those that are no riders the one with the largest premium, whatever the
    order of the rows."""

    def rank(part: Part) -> tuple[Any, ...]:
        values = part.values
        return (
            part.mark is not True, part.rider, -(values.get("premium_fen") or 0),
            -(values.get("sum_assured_fen") or 0), part.product or "",
        )  # fmt: skip

    return min(parts, key=rank)


def joined(
    parts: Sequence[Part], main: Part, old: Mapping[str, Any] | None, whole: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], list[Part]]:
    """The policy's values from all its products, beside the book's (`old`); and the riders that the remark has no
    room for. `whole`: amounts that are the policy's own on each row (`is_whole`)."""
    riders = sorted((part for part in parts if part is not main), key=lambda part: part.product or "")
    words, lines = split(old.get("remark") if old is not None else None)
    if old is not None and only_riders(parts, old):
        return _beside(sorted(parts, key=lambda part: part.product or ""), old, words, lines, whole)
    values = dict(main.values)
    for name in _SHARED:
        if name not in values and (said := next((p.values[name] for p in riders if name in p.values), None)):
            values[name] = said
    before = _before_its_main(parts, main, old)
    aside = frozenset((_key(p.product), name) for p in before for name in p.values if name in AMOUNTS and not riders)
    riders += before
    told, left = _told(riders, values, whole, values.get("remark") or words, lines if not riders else {}, aside)
    riders = [part for part in riders if part not in left]
    for name in AMOUNTS:
        values.update(_total(name, main, riders, whole, old, lines, aside))
    return values | told, left


def only_riders(parts: Sequence[Part], old: Mapping[str, Any] | None) -> bool:
    """Whether the list has the riders alone of a policy whose main product the book has."""
    product = old.get("product_name") if old is not None else None
    return bool(
        product
        and not is_rider(product)
        and all(part.rider and part.product and _key(part.product) != _key(product) for part in parts)
    )


def _before_its_main(parts: Sequence[Part], main: Part, old: Mapping[str, Any] | None) -> list[Part]:
    """The rider that the book has in place of the policy's main product, which comes only now."""
    product = old.get("product_name") if old is not None else None
    if old is None or not is_rider(product) or not main.product or main.rider:
        return []
    if _key(product) in {_key(part.product) for part in parts}:
        return []
    return [Part(product, {name: old[name] for name in (*_ITS_OWN, *AMOUNTS) if old.get(name)})]


def _beside(
    riders: list[Part], old: Mapping[str, Any], words: str, lines: dict[str, str], whole: frozenset[str]
) -> tuple[dict[str, Any], list[Part]]:
    """The policy stays as it is; riders that the book does not have are added, others brought up to date.

    An amount is added only to a sum: where a line of the book tells one that is in it.
    """
    sums = {name for name in AMOUNTS if any(_tells(line, name) for line in lines.values())}
    aside = frozenset(
        (_key(p.product), name)
        for p in riders
        for name in AMOUNTS
        if name in p.values and name not in whole
        and not (_tells(lines.get(_key(p.product), ""), name) or (name in sums and not _has(lines, p, name)))
    )  # fmt: skip
    values: dict[str, Any] = {"number": old["number"]}
    values |= {name: max(said) for name in whole if (said := [p.values[name] for p in riders if name in p.values])}
    told, left = _told(riders, {**old, **values}, whole, words, lines, aside)
    for name in AMOUNTS:
        more = [(p.values[name] - amount(lines.get(_key(p.product), ""), name)) for p in riders
                if p not in left and name in p.values and name not in whole
                and (_key(p.product), name) not in aside]  # fmt: skip
        if any(more):
            values[name] = (old.get(name) or 0) + sum(more)
    return values | told, left


def _has(lines: Mapping[str, str], part: Part, name: str) -> bool:
    """Whether the book has the part's line with this amount, added or not."""
    return _said(lines.get(_key(part.product), ""), name) is not None


def not_added(part: Part, remark: str | None) -> bool:
    """Whether an amount of a part stands in the remark without being in the policy's."""
    return ASIDE in split(remark)[1].get(_key(part.product), "")


def _total(
    name: str, main: Part, riders: Sequence[Part], whole: frozenset[str], old: Mapping[str, Any] | None,
    lines: Mapping[str, str], aside: Aside,
) -> dict[str, int]:  # fmt: skip
    """An amount of the whole policy; nothing when no row says it, or the book has it already with its riders."""
    own = main.values.get(name)
    said = [part.values[name] for part in (main, *riders)
            if name in part.values and (_key(part.product), name) not in aside]  # fmt: skip
    if not said:
        return {}
    if name in whole or _repeated(name, [main, *riders]):
        return {name: own if own is not None else max(said)}
    if (
        not riders
        and old is not None
        and lines
        and own == (old.get(name) or 0) - sum(amount(t, name) for t in lines.values())
    ):
        return {name: old[name]}  # the list has the main row alone
    return {name: sum(said)}


def _repeated(name: str, parts: Sequence[Part]) -> bool:
    return name in STATED and len(parts) > 1 and len({part.values.get(name) for part in parts}) == 1


def _told(
    riders: Sequence[Part],
    main: Mapping[str, Any],
    whole: frozenset[str],
    words: str,
    lines: Mapping[str, str],
    aside: Aside,
) -> tuple[dict[str, Any], list[Part]]:
    """The remark with a line for each rider, and the riders it has no room for; long ones are told by their premium."""
    if not riders and not lines:
        return {}, []
    most = get("policy")["remark"].max_length or 2000
    kept = dict(lines)
    for short in (False, True):
        left: list[Part] = []
        kept = dict(lines)
        for part in riders:
            kept[_key(part.product)] = _line(part, main, whole, short, aside)
            if len(_text(words, kept)) > most:
                left.append(part)
                del kept[_key(part.product)]
        if not left:
            break
    return {"remark": _text(words, kept)}, left


def _text(words: str, lines: Mapping[str, str]) -> str:
    return "\n".join([*([words] if words else []), *(lines[key] for key in sorted(lines))])


def _line(part: Part, main: Mapping[str, Any], whole: frozenset[str], short: bool, aside: Aside) -> str:
    form = get("policy")
    told = [_plain(part.product or "")]
    for item in form.fields:
        value = part.values.get(item.name)
        if value in (None, 0) or item.name in ("number", "product_name") or (short and item.name != "premium_fen"):
            continue
        own = item.name in AMOUNTS and item.name not in whole
        if (own and not (item.name in STATED and value == main.get(item.name))) or value != main.get(item.name):
            mark = ASIDE if (_key(part.product), item.name) in aside else ""
            told.append(f"{item.zh} {_plain(_words(item, value))}{mark}")
    return (RIDER if part.rider else BESIDE) + "；".join(told)


def _words(item: Field, value: Any) -> str:
    choice = item.choice(value) if item.kind is Kind.CHOICE else None
    return choice.zh if choice is not None else show(item, value)


def _plain(text: str) -> str:
    return " ".join(text.replace("；", "，").split())


def split(remark: str | None) -> tuple[str, dict[str, str]]:
    """The words of a remark that are no rider's, and the lines of riders by product."""
    if not remark or "：" not in remark:
        return remark or "", {}
    lines = {_key(found[1]): found[0] for found in _LINE.finditer(remark)}
    return "\n".join(line for line in remark.split("\n") if _LINE.match(line) is None), lines


def as_one(lead: ListRow, rows: list[ListRow], values: dict[str, Any]) -> ListRow:
    """The rows of one policy as one: what a row of them lacks, the next one gives."""
    client: dict[str, Any] = {}
    children: dict[tuple[str, str], list[dict[str, Any]]] = {}
    derived: dict[str, Any] = {}
    for row in [lead, *(row for row in rows if row is not lead)]:
        client = {**row.client, **{name: value for name, value in client.items() if value is not None}}
        derived = derived or row.derived
        for key, more in row.children.items():
            children.setdefault(key, []).extend(more)
    return replace(lead, policy=values, client=client, children=children, derived=derived)


def same_words(one: str | None, other: str | None) -> bool:
    """Whether two remarks differ in the lines of riders alone."""
    return split(one)[0] == split(other)[0]


def amount(line: str, name: str) -> int:
    """An amount of a rider's line that is in the policy's, in fen; 0 when it does not tell one."""
    said = _said(line, name)
    return 0 if said is None or said[1] else said[0]


def _tells(line: str, name: str) -> bool:
    said = _said(line, name)
    return said is not None and not said[1]


def _said(line: str, name: str) -> tuple[int, bool] | None:
    """An amount that a rider's line tells, and whether it was not added; None when it tells none."""
    item = get("policy")[name]
    found = re.search(rf"；{re.escape(item.zh)} ([^；]+?)({ASIDE})?(?:；|$)", line)
    try:
        return (parse(item, found[1]) or 0, found[2] is not None) if found is not None else None
    except InvalidField:
        return None


def _key(product: str | None) -> str:
    return "".join(half_width(_plain(product or "")).split()).casefold()
