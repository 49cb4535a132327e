"""Settings: the declarations hold together, the device file survives damage, wrong values are refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import fieldcrm
from fieldcrm.base import settings
from fieldcrm.base.errors import Environment, InvalidField
from fieldcrm.base.settings import DeviceSettings, Place, Setting, Values


@pytest.mark.parametrize("setting", settings.all_settings(), ids=lambda s: s.key)
def test_default_may_stand_and_parses_back(setting: Setting[Any]) -> None:
    assert setting.check(setting.default) == setting.default
    text = {True: "on", False: "off"}.get(setting.default) if isinstance(setting.default, bool) else None
    assert setting.parse(text or str(setting.default)) == setting.default


def test_what_must_work_before_unlock_lies_on_the_device() -> None:
    assert {s.key for s in settings.all_settings(Place.DEVICE)} >= {"language", "theme", "scale", "window_geometry"}
    assert settings.IDLE_LOCK_MINUTES.place is Place.BOOK


@pytest.mark.parametrize("value", [0, 61, True, "10", None])
def test_wrong_value_is_refused(value: object) -> None:
    with pytest.raises(InvalidField) as met:
        settings.IDLE_LOCK_MINUTES.check(value)
    assert met.value.field == "idle_lock_minutes"
    assert met.value.sentence


def test_unknown_key_and_word_are_refused() -> None:
    with pytest.raises(InvalidField):
        settings.named("colour")
    with pytest.raises(InvalidField):
        settings.THEME.parse("pink")
    with pytest.raises(InvalidField):
        settings.CALLBACKS_A_DAY.parse("twenty")


def test_value_of_an_older_program_counts_as_the_default() -> None:
    values = Values({"theme": "pink", "callbacks_a_day": 12})
    assert values.get(settings.THEME) == "system"
    assert values.get(settings.CALLBACKS_A_DAY) == 12


def test_device_settings_stay(tmp_path: Path) -> None:
    folder = tmp_path / "not yet"
    DeviceSettings(folder).set(settings.LANGUAGE, "en")
    DeviceSettings(folder).set(settings.SCALE, 150)
    again = DeviceSettings(folder)
    assert (again.get(settings.LANGUAGE), again.get(settings.SCALE)) == ("en", 150)
    assert [file.name for file in folder.iterdir()] == [settings.FILE]


def test_key_of_a_newer_program_stays(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('{"colour": "pink"}')
    DeviceSettings(tmp_path).set(settings.THEME, "dark")
    assert json.loads((tmp_path / settings.FILE).read_text()) == {"colour": "pink", "theme": "dark"}


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b"\xff\xfe\x00", b'{"theme": 7}'])
def test_damaged_file_means_the_defaults(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / settings.FILE).write_bytes(damage)
    device = DeviceSettings(tmp_path)
    assert device.get(settings.THEME) == "system"
    device.set(settings.THEME, "dark")
    assert DeviceSettings(tmp_path).get(settings.THEME) == "dark"


def test_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).mkdir()
    with pytest.raises(Environment):
        DeviceSettings(tmp_path).set(settings.THEME, "dark")
    assert [file.name for file in tmp_path.iterdir()] == [settings.FILE]


def test_setting_of_the_book_does_not_go_into_the_device_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lives in the book"):
        DeviceSettings(tmp_path).set(settings.CALLBACKS_A_DAY, 12)


def test_every_setting_is_read_somewhere() -> None:
    """A setting that nothing reads promises something that does not happen."""
    package = Path(fieldcrm.__file__).parent
    source = "\n".join(p.read_text("utf-8") for p in package.rglob("*.py") if p != Path(settings.__file__))
    declared = {name for name, value in vars(settings).items() if isinstance(value, Setting)}
    assert declared
    assert {name for name in declared if not re.search(rf"\b{name}\b", source)} == set()
