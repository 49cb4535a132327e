"""Numbers that name: phones, resident IDs, credit codes, policy numbers; read, checked, never echoed in an error."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from fieldcrm.base.forms.amounts import SCIENTIFIC
from fieldcrm.base.forms.model import Field
from fieldcrm.base.forms.problems import (
    BROKEN_NUMBER,
    CODE_CHECK_DIGIT,
    CODE_LENGTH,
    CODE_SIGNS,
    ID_BIRTH,
    ID_CHECK_DIGIT,
    NOT_A_PHONE,
    invalid,
)
from fieldcrm.base.text import half_width

_MOBILE = re.compile(r"1[3-9]\d{9}")
_PHONE = re.compile(
    r"1[3-9]\d{9}|0\d{2,3}\d{7,8}(?:-\d{1,6})?"  # mobile, landline
    r"|[2-9]\d{6,7}|[48]00\d{7}|9[56]\d{3,6}|1[012]\d{3}"  # local, free, hotlines
    r"|\+\d{7,15}"  # abroad
)
_COUNTRY = re.compile(r"(?:\+|00)?86(?=1[3-9]\d{9}$|0\d{9,11}(?:-|$))|(?:\+|00)86(?=[1-9]\d{8,10}$)")
_EXTENSION = re.compile(r"(?:转|ext\.?|分机|x|#)", re.IGNORECASE)
_BETWEEN = re.compile(r"[,，、;；/|\n]+|\s{2,}")
_RESIDENT = re.compile(r"\d{17}[\dXx]")
_CODE_SIGNS = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number, not more


def read_number(field: Field, raw: Any) -> str:
    """A number that is a name, as text; raises InvalidField when a spreadsheet has broken it."""
    if isinstance(raw, float):
        if not raw.is_integer() or abs(raw) >= _EXACT:
            raise invalid(field, BROKEN_NUMBER)
        return str(int(raw))
    text = "".join(half_width(str(raw)).split()).lstrip("'`’‘").upper()
    if SCIENTIFIC.fullmatch(text) and ("." in text or "+" in text):
        raise invalid(field, BROKEN_NUMBER)
    return text


def read_phone(field: Field, raw: Any) -> str:
    """A phone as digits: mobile, landline with its area code (extension after a dash), service or foreign number."""
    number = plain_phone(read_number(field, raw))
    if not _PHONE.fullmatch(number):
        raise invalid(field, NOT_A_PHONE)
    return number


def plain_phone(text: str) -> str:
    """Blanks, dashes, brackets and the country code of China taken out; an extension stays after one dash."""
    main, *extension = _EXTENSION.split(half_width(text).strip(), maxsplit=1)
    parts = main.split("-")
    if not extension and len(parts) == 3 and parts[0].startswith("0") and len(parts[1]) >= 7:
        main, extension = "".join(parts[:2]), parts[2:]
    digits = _COUNTRY.sub("", re.sub(r"[\s\-().·_—–]", "", main))
    return f"{digits}-{extension[0].strip(' -')}" if extension and extension[0].strip(" -") else digits


def split_phones(text: str) -> list[str]:
    """The phones that stand in one cell ("13805910032/0591-28123116"), each as typed."""
    return [part.strip() for part in _BETWEEN.split(half_width(text)) if part.strip()]


def is_mobile(number: str) -> bool:
    return _MOBILE.fullmatch(number) is not None


def read_id_number(field: Field, raw: Any) -> str:
    """A document number; 18 digits (X at the end) are a resident ID and are checked (GB 11643), others are free.

    The place is not checked: lists of places lack old districts, and the number would still be genuine.
    """
    text = read_number(field, raw)
    if not _RESIDENT.fullmatch(text):
        return text
    if id_birth(text) is None:
        raise invalid(field, ID_BIRTH)
    from stdnum.cn import ric

    expected = ric.calc_check_digit(text)
    if text[17] != expected:
        raise invalid(field, ID_CHECK_DIGIT, digit=expected)
    return text


def id_birth(number: str) -> date | None:
    """The birth date in a resident ID of 18 (or, of the last century, 15) digits; None for other numbers."""
    if _RESIDENT.fullmatch(number):
        digits = number[6:14]
    elif re.fullmatch(r"\d{15}", number):
        digits = "19" + number[6:12]
    else:
        return None
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if 1880 <= day.year <= 2200 else None


def read_credit_code(field: Field, raw: Any) -> str:
    """A unified social credit code (GB 32100), checked; raises InvalidField telling what does not fit."""
    text = read_number(field, raw).replace("-", "")
    if len(text) != 18:
        raise invalid(field, CODE_LENGTH, length=len(text))
    if not _CODE_SIGNS.fullmatch(text):
        raise invalid(field, CODE_SIGNS)
    from stdnum.cn import uscc

    expected = uscc.calc_check_digit(text[:17])
    if text[17] != expected:
        raise invalid(field, CODE_CHECK_DIGIT, digit=expected)
    return text
