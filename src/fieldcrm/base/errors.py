"""Errors in four families, each with a code, values and one sentence; anything else is a bug.

A sentence is registered once beside the code that raises it (`define`), so that the window, the
command line and an error workbook all say the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldcrm.base.i18n import gettext

_SENTENCES: dict[str, str] = {}


def define(code: str, sentence: str) -> str:
    """Register the sentence (a msgid marked with `N_`, `{name}` for values) of an error code; gives the code."""
    known = _SENTENCES.setdefault(code, sentence)
    if known != sentence:
        raise ValueError(f"two sentences for {code}")
    return code


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """The sentence of a code in the current language, with its values filled in."""
    return gettext(_SENTENCES[code]).format(**values)


class FieldcrmError(Exception):
    """What a person did or met, told in one sentence; never a programming error."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def sentence(self) -> str:
        return sentence(self.code, self.values)

    def __str__(self) -> str:
        return self.code  # values may be personal data and must not reach a log


class InvalidField(FieldcrmError):
    """A value that cannot stand at its field; `field` is the form's field name."""

    def __init__(self, field: str, code: str, **values: Any) -> None:
        super().__init__(code, **values)
        self.field = field


class InvalidFields(FieldcrmError):
    """Several fields at once; `problems` in the form's order."""

    def __init__(self, problems: list[InvalidField]) -> None:
        super().__init__(problems[0].code, **problems[0].values)
        self.problems = problems


class Refused(FieldcrmError):
    """Allowed by form, refused by a rule of the business or of safety."""


class ChangedElsewhere(FieldcrmError):
    """The record is no longer as the person saw it."""


class Environment(FieldcrmError):
    """Disk, file, lock, network, password: the world around the program."""


class Cancelled(Exception):
    """The person cancelled a job; everything it did is rolled back."""
