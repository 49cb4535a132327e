"""Every setting, declared once: key, type, default, limits, label; windows, commands and help follow from it.

Settings of this device (language, theme, window) work before unlock and lie in a small JSON file of
the data folder; settings about the business lie in the encrypted book (`base.data.setting_table`).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from fieldcrm.base import files
from fieldcrm.base.errors import Environment, InvalidField, define
from fieldcrm.base.i18n import N_

FILE = "device.json"
WRONG = define("setting.wrong", N_("{value} is not a value of this setting."))
TOO_SMALL = define("setting.too_small", N_("At least {low}."))
TOO_LARGE = define("setting.too_large", N_("At most {high}."))
UNKNOWN = define("setting.unknown", N_("There is no setting {key}."))
NOT_SAVED = define("setting.not_saved", N_("The settings could not be saved ({reason})."))

T = TypeVar("T", bound=bool | int | str)


class Place(Enum):
    """Where a setting lives."""

    DEVICE = "device"
    BOOK = "book"


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `choices` pairs values with msgids; `low`, `high` include themselves; `hidden` ones have no row."""

    key: str
    default: T
    label: str
    place: Place
    group: str
    choices: tuple[tuple[T, str], ...] = ()
    low: int | None = None
    high: int | None = None
    unit: str = ""
    hidden: bool = False

    def check(self, value: object) -> T:
        """The value itself when it may stand; raises `InvalidField` (field = key)."""
        if type(value) is not type(self.default):
            raise InvalidField(self.key, WRONG, value=value)
        if self.choices and value not in [choice for choice, _label in self.choices]:
            raise InvalidField(self.key, WRONG, value=value)
        if isinstance(value, int):
            if self.low is not None and value < self.low:
                raise InvalidField(self.key, TOO_SMALL, low=self.low)
            if self.high is not None and value > self.high:
                raise InvalidField(self.key, TOO_LARGE, high=self.high)
        return value

    def parse(self, text: str) -> T:
        """A value from the command line; raises `InvalidField`."""
        plain = text.strip()
        try:
            if isinstance(self.default, bool):
                return self.check({"on": True, "true": True, "off": False, "false": False}[plain.lower()])
            return self.check(int(plain) if isinstance(self.default, int) else plain)
        except (KeyError, ValueError):
            raise InvalidField(self.key, WRONG, value=plain) from None


_TABLE: dict[str, Setting[Any]] = {}

LOOK, SAFETY, DAY = N_("Look"), N_("Safety"), N_("Day's work")


def _declare(setting: Setting[T]) -> Setting[T]:
    _TABLE[setting.key] = setting
    return setting


LANGUAGE = _declare(
    Setting("language", "zh_CN", N_("Language"), Place.DEVICE, LOOK, (("zh_CN", "中文"), ("en", "English")))
)
THEME = _declare(
    Setting(
        "theme",
        "system",
        N_("Theme"),
        Place.DEVICE,
        LOOK,
        (("system", N_("As system")), ("light", N_("Light")), ("dark", N_("Dark"))),
    )
)
SCALE = _declare(Setting("scale", 100, N_("Interface size"), Place.DEVICE, LOOK, low=80, high=200, unit="%"))
GEOMETRY = _declare(Setting("window_geometry", "", N_("Window"), Place.DEVICE, LOOK, hidden=True))
LAST_PAGE = _declare(Setting("last_page", "", N_("Last page"), Place.DEVICE, LOOK, hidden=True))
IMPORT_COLUMNS = _declare(  # JSON: a list's signature → {column title: what it means, null: left out}
    Setting("import_columns", "", N_("Columns of imported lists"), Place.DEVICE, DAY, hidden=True)
)
IDLE_LOCK_MINUTES = _declare(
    Setting("idle_lock_minutes", 10, N_("Lock when idle for"), Place.BOOK, SAFETY, low=1, high=60, unit=N_("minutes"))
)
CLIPBOARD_SECONDS = _declare(
    Setting(
        "clipboard_seconds",
        30,
        N_("Clear copied text after"),
        Place.BOOK,
        SAFETY,
        low=5,
        high=300,
        unit=N_("seconds"),
    )
)
CALLBACKS_A_DAY = _declare(Setting("callbacks_a_day", 20, N_("Callbacks a day"), Place.BOOK, DAY, low=0, high=200))
VISITS_A_DAY = _declare(Setting("visits_a_day", 3, N_("Visits a day"), Place.BOOK, DAY, low=0, high=30))
REMIND_MINUTES = _declare(
    Setting("remind_minutes", 30, N_("Remind before a visit"), Place.BOOK, DAY, low=0, high=1440, unit=N_("minutes"))
)


def all_settings(place: Place | None = None) -> list[Setting[Any]]:
    """The settings in the order of their declaration, of one place or of both."""
    return [setting for setting in _TABLE.values() if place in (None, setting.place)]


def named(key: str) -> Setting[Any]:
    """The setting of a key; raises `InvalidField` when there is none."""
    if key not in _TABLE:
        raise InvalidField("key", UNKNOWN, key=key)
    return _TABLE[key]


class Settings(Protocol):
    """What reads settings; a value that no longer fits its declaration counts as the default."""

    def get(self, setting: Setting[T], /) -> T: ...


class Values:
    """Settings over plain values, as they were read."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = dict(values or {})

    def get(self, setting: Setting[T], /) -> T:
        """The value, or the default."""
        try:
            return setting.check(self._values.get(setting.key, setting.default))
        except InvalidField:
            return setting.default


class DeviceSettings(Values):
    """The settings of this device, in `folder`/device.json; a damaged or missing file means the defaults."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        super().__init__(self._read())

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def set(self, setting: Setting[T], value: T, /) -> None:
        """Change and save at once, in one step: a reader sees the old file or the new one.

        Keys of a newer program stay. Raises `InvalidField`, `Environment`.
        """
        if setting.place is not Place.DEVICE:
            raise ValueError(f"{setting.key} lives in the book")
        self._values = self._read() | {setting.key: setting.check(value)}
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(self._file, json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        except OSError as problem:
            raise Environment(NOT_SAVED, reason=files.why(problem)) from problem


def _replace(target: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
