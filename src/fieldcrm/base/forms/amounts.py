"""Amounts, shares and plain numbers as people type them; exact, through Decimal, never a float's error."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from fieldcrm.base.forms.model import Field
from fieldcrm.base.forms.problems import (
    BROKEN_NUMBER,
    NOT_A_NUMBER,
    NOT_AN_AMOUNT,
    NOT_WHOLE,
    PART_OF_FEN,
    TOO_LARGE,
    invalid,
)
from fieldcrm.base.text import half_width

SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_LARGEST_FEN = 10**15  # ten million million yuan: beyond it somebody pasted a number that is no amount
_SCALE = {"": 1, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_AMOUNT = re.compile(
    r"([-+−]?)(?:人民币|rmb|cny|¥|￥)?([-+−]?)"
    r"(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?"
    r"(百万|千万|万|亿|千|w|k)?(?:元|圆|块|rmb|cny)?(?:整|正)?",
    re.IGNORECASE,
)
_NO_YEARS = frozenset(
    [
        "终身",
        "保终身",
        "保至终身",
        "至终身",
        "终生",
        "长期",
        "不定期",
        "趸交",
        "趸缴",
        "一次交清",
        "一次性",
        "一次性交清",
        "whole-life",
        "lifelong",
        "single",
    ]
)
_TINY = Decimal("0.0001")


def read_money(field: Field, raw: Any) -> int:
    """Fen from text ("12万", "¥1,234.50", "120,000元") or a number of yuan; raises InvalidField."""
    if isinstance(raw, str):
        fen = _fen(raw)
    elif isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        fen = _from_number(raw)
    else:
        fen = None
    text = str(raw).strip()[:20]
    if fen is None:
        raise invalid(field, BROKEN_NUMBER if SCIENTIFIC.fullmatch(text) else NOT_AN_AMOUNT, text=text)
    if fen != fen.to_integral_value():
        raise invalid(field, PART_OF_FEN, text=text)
    if abs(fen) > _LARGEST_FEN:
        raise invalid(field, TOO_LARGE, limit=f"{_LARGEST_FEN // 100:,}")
    return int(fen)


def _from_number(raw: float | Decimal) -> Decimal | None:
    fen = Decimal(repr(raw) if isinstance(raw, float) else raw) * 100
    if not fen.is_finite():
        return None
    whole = fen.quantize(Decimal(1), ROUND_HALF_UP) if abs(fen) < Decimal(10) ** 20 else fen
    # 0.30000000000000004 is what a spreadsheet made of 0.3
    return whole if abs(whole - fen) < _TINY else fen


@lru_cache(maxsize=8192)
def _fen(text: str) -> Decimal | None:
    text = re.sub(r"\s+", "", half_width(text))
    negative = len(text) > 2 and text[0] == "(" and text[-1] == ")"
    if negative:
        text = text[1:-1]
    found = _AMOUNT.fullmatch(text)
    if found is None or not (found[3] or (found[4] or "").strip(".")) or (found[1] and found[2]):
        return None
    amount = Decimal((found[3] or "0").replace(",", "") + (found[4] or "").rstrip("."))
    amount *= _SCALE[(found[5] or "").lower()] * 100
    return -amount if negative or (found[1] or found[2]) in ("-", "−") else amount


def read_integer(field: Field, raw: Any) -> int | None:
    """A whole number from text ("1,200", "12 年" keeps its unit out) or a number; raises InvalidField.

    None for words that stand in columns of years and are no number: a term for life, a single payment.
    """
    if isinstance(raw, str) and raw.strip().casefold() in _NO_YEARS:
        return None
    number = _number(field, raw)
    if number != number.to_integral_value() or abs(number) > 10**15:
        raise invalid(field, NOT_WHOLE, text=str(raw).strip()[:20])
    return int(number)


def read_decimal(field: Field, raw: Any) -> str:
    """Decimal text without trailing zeros ("26.05"); raises InvalidField."""
    return plain(_number(field, raw))


def read_percent(field: Field, raw: Any) -> str:
    """Per cent as decimal text: "12.5", "12.5%" and "12.5％" are 12.5 %; raises InvalidField."""
    if isinstance(raw, str):
        raw = half_width(raw).strip().removesuffix("%").removesuffix("％")
    return plain(_number(field, raw))


def plain(number: Decimal) -> str:
    """Decimal text without exponent and without trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _number(field: Field, raw: Any) -> Decimal:
    text = repr(raw) if isinstance(raw, float) else str(raw)
    text = re.sub(r"\s+", "", half_width(text)).replace("−", "-")
    if isinstance(raw, str):
        if SCIENTIFIC.fullmatch(text):
            raise invalid(field, BROKEN_NUMBER)
        text = re.sub(r"(?<=\d)(?:年期?|周?岁|分钟?|次|件|期|家|个|星|人)$", "", text)
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or isinstance(raw, bool) or "_" in text:
        raise invalid(field, NOT_A_NUMBER, text=str(raw).strip()[:20])
    return number
