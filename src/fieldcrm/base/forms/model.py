"""What a form definition is: a record form declared once in TOML, for screen, sheet, paper and import."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fieldcrm.base.i18n import is_chinese


class Kind(StrEnum):
    """The closed list of field kinds and the Python type of their values."""

    TEXT = "text"  # str, one line
    LONG_TEXT = "long_text"  # str, several lines
    CHOICE = "choice"  # str, a stable code
    CHOICES = "choices"  # list[str]
    YES_NO = "yes_no"  # bool
    DATE = "date"  # datetime.date
    INSTANT = "instant"  # datetime, aware UTC; shown as Shanghai time
    TIME = "time"  # str "HH:MM"
    INTEGER = "integer"  # int
    MONEY = "money"  # int fen
    PERCENT = "percent"  # decimal text, "12.5" means 12.5 %
    DECIMAL = "decimal"  # decimal text
    PHONE = "phone"  # str, digits as typed without blanks; masked
    ID_NUMBER = "id_number"  # str; masked; an 18-digit resident ID is checked
    CREDIT_CODE = "credit_code"  # str, unified social credit code, checked
    NUMBER = "number"  # str, a number that is a name: policy number, licence
    TAGS = "tags"  # list[str], free words
    RECORD = "record"  # str, id of a record of the kind `of`
    LIST = "list"  # child records, one `form` each row


@dataclass(frozen=True)
class Choice:
    """One choice: a stable code, its words, and the tone of its chip (red, amber, blue, green, grey)."""

    code: str
    zh: str
    en: str
    tone: str = "grey"
    synonyms: tuple[str, ...] = ()  # further spellings in lists ("男性", "M")

    @property
    def label(self) -> str:
        return self.zh if is_chinese() else self.en


@dataclass(frozen=True)
class Field:
    """One field. `name` equals the column; `when` holds (field, value) pairs that must all be equal for it to show.

    A yes/no field may carry the choices "yes" and "no" for its own words ("已说明" / "需再说明").
    """

    name: str
    kind: Kind
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    required: bool = False
    readonly: bool = False  # counted or set by the program, shown but never typed
    past: bool = False  # a day that has come: today at the latest
    default: Any = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    width: int = 12  # characters of a column or half-form
    choices: tuple[Choice, ...] = ()
    when: tuple[tuple[str, Any], ...] = ()
    synonyms: tuple[str, ...] = ()  # further column names of import lists
    of: str = ""  # RECORD: record kind
    form: Form | None = None  # LIST: the child form
    _codes: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for c in self.choices:
            for words in (c.code, c.zh, c.en, *c.synonyms):
                self._codes.setdefault(words.casefold(), c.code)

    @property
    def label(self) -> str:
        return self.zh if is_chinese() else self.en

    @property
    def hint(self) -> str:
        return self.hint_zh if is_chinese() else self.hint_en

    @property
    def masked(self) -> bool:
        return self.kind in (Kind.PHONE, Kind.ID_NUMBER)

    def choice(self, code: str) -> Choice | None:
        return next((c for c in self.choices if c.code == code), None)

    def code_of(self, words: str) -> str | None:
        """The code of a choice given by code, label in either language or synonym."""
        return self._codes.get(words.casefold())


@dataclass(frozen=True)
class Section:
    """Fields under one heading, in the order they are read."""

    zh: str
    en: str
    fields: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.zh if is_chinese() else self.en


@dataclass(frozen=True)
class Form:
    """A record form. `kind` is the record kind (the table); `paper_*` the official title of the printed form."""

    kind: str
    version: int
    zh: str
    en: str
    fields: tuple[Field, ...]
    sections: tuple[Section, ...] = ()
    paper_zh: str = ""
    paper_en: str = ""
    _by_name: dict[str, Field] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_name.update({f.name: f for f in self.fields})

    @property
    def label(self) -> str:
        return self.zh if is_chinese() else self.en

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def named_beside(self, name: str) -> bool:
        """Whether the number or name of the record that this field points at is a field of its own."""
        stem = name.removesuffix("_id")
        return stem != name and any(n in self for n in (stem, f"{stem}_number", f"{stem}_name"))

    def shown(self, values: dict[str, Any]) -> tuple[Field, ...]:
        """The fields whose `when` holds for these values."""
        return tuple(f for f in self.fields if all(values.get(n) == v for n, v in f.when))
