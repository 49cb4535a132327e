"""Values of form fields: read from what people type and lists contain, shown as they are written, checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fieldcrm.base import clock
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms import amounts, days, identity
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.base.forms.problems import (
    NOT_A_CHOICE,
    NOT_A_RECORD,
    NOT_YES_NO,
    NOT_YET,
    REQUIRED,
    TOO_LARGE,
    TOO_LONG,
    TOO_SMALL,
    invalid,
)
from fieldcrm.base.i18n import is_chinese
from fieldcrm.base.text import half_width, mask_id, mask_phone, money

# What stands in an empty cell of a list; never the value of a field that is not free text.
_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "空", "null", "none", "n/a", "#n/a", "nan"})
_FREE = frozenset({Kind.TEXT, Kind.LONG_TEXT})
_YES = frozenset({"是", "有", "对", "已", "y", "yes", "true", "t", "1", "√", "✓", "✔", "☑", "v"})
_NO = frozenset({"否", "没有", "不", "不是", "未", "错", "n", "no", "false", "f", "0", "×", "✗", "✘", "☐", "x"})
_BETWEEN = re.compile(r"[,，、;；|\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ID = re.compile(r"[0-9a-f]{32}")


def parse(field: Field, raw: Any) -> Any:
    """The value of a field from text or a spreadsheet cell (number, date, bool); None when empty.

    An amount given as a number is in yuan, as lists contain it; the value is in fen.

    Raises InvalidField with one sentence. A list field has no text form and raises TypeError.
    """
    if raw is None:
        return None
    if isinstance(raw, str):
        bare = raw.strip()
        if not bare:
            return None
        # "无" answers a yes/no question and may be a choice; everywhere else but in free text it is an empty cell
        if len(bare) <= 4 and bare.casefold() in _NOTHING and field.kind not in _FREE:
            if field.kind is Kind.YES_NO:
                return False if bare == "无" else None
            return field.code_of(bare) if field.kind is Kind.CHOICE else None
    return _READERS[field.kind](field, raw)


def show(field: Field, value: Any, masked: bool = True) -> str:
    """A value as it is written in a form or a cell, in the language of the moment; empty text for None.

    Dates and amounts are exact (2026-11-20, 120,000); `parse` reads back what is shown unmasked. Instants
    are shown to the minute.
    """
    if value is None:
        return ""
    if masked and field.masked:
        return hide(field, value)
    return _SHOWS.get(field.kind, _show_plain)(field, value)


def hide(field: Field, value: Any) -> str:
    """A phone or document number with its middle hidden, whatever the field; empty text for None."""
    if not value:
        return ""
    return mask_phone(value) if field.kind is Kind.PHONE else mask_id(value)


def clean(form: Form, values: Mapping[str, Any], partial: bool = False) -> dict[str, Any]:
    """The values of a form, each of its field's type, checked; text is read as by `parse`.

    Every field of the form is in the answer, or with `partial` only those given (an edit of some fields).
    Fields whose `when` does not hold become None. Read-only fields pass unchecked, as the program sets
    them. An amount given as an int is in fen. Unknown names raise KeyError. Raises InvalidFields; a
    problem in the second row of a list field is named "steps.1.what".
    """
    for name in values:
        if name not in form:
            raise KeyError(f"{form.kind}.{name}")
    answer: dict[str, Any] = {}
    problems: list[InvalidField] = []
    for field in form.fields:
        if partial and field.name not in values:
            continue
        given = values.get(field.name, None if partial else field.default)
        try:
            answer[field.name] = given if field.readonly else _checked(field, given)
        except InvalidFields as several:
            problems.extend(several.problems)
        except InvalidField as problem:
            problems.append(problem)
    hidden = {f.name for f in form.fields if any(n in answer and answer[n] != v for n, v in f.when)}
    for field in form.fields:
        if field.name in hidden and (field.name in values or not partial):
            answer[field.name] = None
        elif field.name in answer and field.required and not field.readonly and answer[field.name] in (None, "", []):
            problems.append(invalid(field, REQUIRED))
    kept = [p for p in problems if p.field.split(".")[0] not in hidden]
    if kept:
        order = {f.name: i for i, f in enumerate(form.fields)}
        raise InvalidFields(sorted(kept, key=lambda p: order[p.field.split(".")[0]]))
    return answer


def _checked(field: Field, given: Any) -> Any:
    if field.kind is Kind.LIST:
        return _rows(field, given or ())
    # a number in a record is fen already, while in a spreadsheet cell it is yuan
    is_fen = field.kind is Kind.MONEY and isinstance(given, int) and not isinstance(given, bool)
    value = given if is_fen else parse(field, given)
    if isinstance(value, str) and field.max_length is not None and len(value) > field.max_length:
        raise invalid(field, TOO_LONG, length=len(value), limit=field.max_length)
    if field.past and isinstance(value, date) and value > clock.today():
        raise invalid(field, NOT_YET)
    if value is None or (field.minimum is None and field.maximum is None):
        return value
    number = Decimal(value) if field.kind in (Kind.PERCENT, Kind.DECIMAL) else value
    if not isinstance(number, int | Decimal):
        return value
    if field.minimum is not None and number < field.minimum:
        raise invalid(field, TOO_SMALL, limit=_limit(field, field.minimum))
    if field.maximum is not None and number > field.maximum:
        raise invalid(field, TOO_LARGE, limit=_limit(field, field.maximum))
    return value


def _limit(field: Field, limit: int) -> str:
    return money(limit) if field.kind is Kind.MONEY else str(limit)


def _rows(field: Field, rows: Any) -> list[dict[str, Any]]:
    """Rows of a list field, cleaned by the child form; `id` of a row that exists passes."""
    if field.form is None:
        raise TypeError(field.name)
    answer: list[dict[str, Any]] = []
    problems: list[InvalidField] = []
    for number, row in enumerate(rows):
        rest = {name: value for name, value in row.items() if name != "id"}
        try:
            cleaned = clean(field.form, rest)
        except InvalidFields as several:
            problems += [InvalidField(f"{field.name}.{number}.{p.field}", p.code, **p.values) for p in several.problems]
        else:
            answer.append({"id": row["id"], **cleaned} if row.get("id") else cleaned)
    if problems:
        raise InvalidFields(problems)
    return answer


# Readers: one a kind, (field, raw that is not empty) -> value


def _read_text(field: Field, raw: Any) -> str | None:
    return " ".join(_words(raw).split()) or None


def _read_long_text(field: Field, raw: Any) -> str | None:
    lines = [line.rstrip() for line in _words(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n") or None


def _words(raw: Any) -> str:
    if isinstance(raw, str):
        text = raw
    elif isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        text = str(int(raw))
    elif isinstance(raw, datetime | date):
        text = str(raw).removesuffix(" 00:00:00")
    else:
        text = str(raw)
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub("", unicodedata.normalize("NFC", text))


def _read_choice(field: Field, raw: Any) -> str:
    text = _words(raw).strip()
    code = field.code_of(text) or field.code_of(" ".join(half_width(text).split()))
    if code is None:
        raise invalid(field, NOT_A_CHOICE, text=text[:20], choices=_listed([c.label for c in field.choices]))
    return code


def _read_choices(field: Field, raw: Any) -> list[str] | None:
    parts = raw if isinstance(raw, list | tuple) else _BETWEEN.split(_words(raw))
    found = {_read_choice(field, part) for part in parts if str(part).strip()}
    return [c.code for c in field.choices if c.code in found] or None


def _read_tags(field: Field, raw: Any) -> list[str] | None:
    parts = raw if isinstance(raw, list | tuple) else [raw]
    tags = (" ".join(tag.split()) for part in parts for tag in _BETWEEN.split(_words(part)))
    return list(dict.fromkeys(tag for tag in tags if tag)) or None


def _read_yes_no(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _words(raw).strip().casefold()
    code = field.code_of(text)
    if code == "yes" or (code is None and text in _YES):
        return True
    if code == "no" or (code is None and text in _NO):
        return False
    raise invalid(field, NOT_YES_NO, text=text[:20])


def _read_record(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or not _ID.fullmatch(raw):
        raise invalid(field, NOT_A_RECORD)
    return raw


def _read_list(field: Field, raw: Any) -> Any:
    raise TypeError(f"{field.name} is a list")


_READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _read_text,
    Kind.LONG_TEXT: _read_long_text,
    Kind.CHOICE: _read_choice,
    Kind.CHOICES: _read_choices,
    Kind.YES_NO: _read_yes_no,
    Kind.DATE: days.read_date,
    Kind.INSTANT: days.read_instant,
    Kind.TIME: days.read_time,
    Kind.INTEGER: amounts.read_integer,
    Kind.MONEY: amounts.read_money,
    Kind.PERCENT: amounts.read_percent,
    Kind.DECIMAL: amounts.read_decimal,
    Kind.PHONE: identity.read_phone,
    Kind.ID_NUMBER: identity.read_id_number,
    Kind.CREDIT_CODE: identity.read_credit_code,
    Kind.NUMBER: identity.read_number,
    Kind.TAGS: _read_tags,
    Kind.RECORD: _read_record,
    Kind.LIST: _read_list,
}


# Shows: one a kind, (field, value that is not None) -> text


def _show_plain(field: Field, value: Any) -> str:
    return str(value)


def _show_choice(field: Field, value: Any) -> str:
    choice = field.choice(value)
    return choice.label if choice else str(value)  # a code of a newer form stays readable


def _show_yes_no(field: Field, value: Any) -> str:
    if choice := field.choice("yes" if value else "no"):
        return choice.label
    if is_chinese():
        return "是" if value else "否"
    return "Yes" if value else "No"


def _show_date(field: Field, value: Any) -> str:
    return str(value.isoformat())


def _show_instant(field: Field, value: Any) -> str:
    return f"{clock.local(value):%Y-%m-%d %H:%M}"


def _show_list(field: Field, value: Any) -> str:
    if field.form is None or not value:
        return ""
    first = next((f for f in field.form.fields if f.required), field.form.fields[0])
    return _listed([show(first, row.get(first.name)) for row in value])


def _listed(words: list[str]) -> str:
    return ("、" if is_chinese() else ", ").join(words)


_SHOWS: dict[Kind, Callable[[Field, Any], str]] = {
    Kind.CHOICE: _show_choice,
    Kind.CHOICES: lambda field, value: _listed([_show_choice(field, code) for code in value]),
    Kind.TAGS: lambda field, value: _listed(list(value)),
    Kind.YES_NO: _show_yes_no,
    Kind.DATE: _show_date,
    Kind.INSTANT: _show_instant,
    Kind.MONEY: lambda field, value: money(value),
    Kind.INTEGER: _show_plain,
    Kind.LIST: _show_list,
}
