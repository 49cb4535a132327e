"""Sentences for values that cannot stand at their field, shared by screen, sheet and command line."""

from __future__ import annotations

from typing import Any

from fieldcrm.base.errors import InvalidField, define
from fieldcrm.base.forms.model import Field
from fieldcrm.base.i18n import N_

REQUIRED = define("forms.required", N_("{label} is missing."))
TOO_LONG = define("forms.too_long", N_("{label} is {length} characters long; at most {limit} fit."))
TOO_SMALL = define("forms.too_small", N_("{label} must not be less than {limit}."))
TOO_LARGE = define("forms.too_large", N_("{label} must not be more than {limit}."))
NOT_A_DATE = define("forms.not_a_date", N_("“{text}” is not a date; write it like 2026-11-20."))
NOT_YET = define("forms.not_yet", N_("{label} lies in the future; write the year, too."))
NOT_A_TIME = define("forms.not_a_time", N_("“{text}” is not a time; write it like 09:30."))
NOT_AN_INSTANT = define(
    "forms.not_an_instant", N_("“{text}” is not a date with a time; write it like 2026-11-20 09:30.")
)
NOT_AN_AMOUNT = define("forms.not_an_amount", N_("“{text}” is not an amount; write it like 120,000 or 12万."))
PART_OF_FEN = define("forms.part_of_fen", N_("“{text}” has more than two decimals of a yuan."))
NOT_A_NUMBER = define("forms.not_a_number", N_("“{text}” is not a number."))
NOT_WHOLE = define("forms.not_whole", N_("“{text}” is not a whole number."))
NOT_A_CHOICE = define("forms.not_a_choice", N_("“{text}” is not one of: {choices}."))
NOT_YES_NO = define("forms.not_yes_no", N_("“{text}” is neither yes nor no."))
NOT_A_PHONE = define(
    "forms.not_a_phone", N_("This is not a phone number: a mobile has 11 digits, a landline its area code first.")
)
BROKEN_NUMBER = define(
    "forms.broken_number",
    N_("Broken into scientific notation by the spreadsheet; export it again as text."),
)
ID_CHECK_DIGIT = define(
    "forms.id_check_digit", N_("The 18th digit of the ID number does not fit; it should be {digit}.")
)
ID_BIRTH = define("forms.id_birth", N_("Digits 7 to 14 of the ID number are not a date of birth."))
CODE_LENGTH = define("forms.code_length", N_("A unified social credit code has 18 characters; this has {length}."))
CODE_SIGNS = define(
    "forms.code_signs", N_("A unified social credit code holds only digits and capitals without I, O, S, V, Z.")
)
CODE_CHECK_DIGIT = define(
    "forms.code_check_digit", N_("The last character of the credit code does not fit; it should be {digit}.")
)
NOT_A_RECORD = define("forms.not_a_record", N_("{label}: choose a record from the list."))


def invalid(field: Field, code: str, **values: Any) -> InvalidField:
    """The error of a field; `{label}` of its sentence is the field's label."""
    return InvalidField(field.name, code, label=field.label, **values)
