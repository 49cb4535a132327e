"""Catalogues and source in step, and a check that notices each way of falling out of step."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from fieldcrm.base import catalogue
from fieldcrm.base.catalogue import Entry

TREE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def translate() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("translate", TREE / "packaging" / "translate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translate"] = module  # dataclasses look it up
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    yield module
    del sys.modules["translate"]


def test_catalogues_are_complete(translate: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    ended = translate.main(["--check"])
    assert ended == 0, capsys.readouterr().out


def test_sentences_are_found(translate: ModuleType) -> None:
    problems: list[object] = []
    source = (
        'a = _("Save") + i18n.gettext("Open")\nb = ngettext("{n} day", "{n} days", n)\n'
        'c = pgettext("verb", "Open")\nd = N_("Two " "parts")\ne = gettext(stored)\n'
    )
    found = {(e.context, e.msgid, e.plural) for e in translate.found_in(source, "x.py", problems)}
    assert found == {
        (None, "Save", None),
        (None, "Open", None),
        (None, "{n} day", "{n} days"),
        ("verb", "Open", None),
        (None, "Two parts", None),
    }
    assert problems == []


@pytest.mark.parametrize("source", ['_(f"{n} clients")', '_("a" + b)', 'define("code", "Not marked.")'])
def test_sentence_that_cannot_be_translated_is_told(translate: ModuleType, source: str) -> None:
    problems: list[object] = []
    assert list(translate.found_in(source, "x.py", problems)) == []
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("catalogue_text", "said"),
    [
        ('msgid "Saved {n}."\nmsgstr ""\n', "not translated"),
        ("", "not translated"),
        ('msgid "Saved {n}."\nmsgstr "已保存。"\n', "other {fields}"),
        ('msgid "Saved {n}."\nmsgstr "已保存 {count}。"\n', "other {fields}"),
        ('#, fuzzy\nmsgid "Saved {n}."\nmsgstr "已保存 {n}。"\n', "fuzzy"),
        ('msgid "Saved {n}."\nmsgstr "已保存 {n}。"\n\nmsgid "Old"\nmsgstr "旧"\n', "unused"),
    ],
)
def test_each_gap_is_noticed(translate: ModuleType, catalogue_text: str, said: str) -> None:
    wanted = {(None, "Saved {n}."): Entry("Saved {n}.")}
    problems = [str(p) for p in translate.compare(wanted, catalogue.read(catalogue_text), "zh_CN")]
    assert len(problems) == 1
    assert said in problems[0]


def test_update_keeps_what_is_known_and_drops_what_is_unused(translate: ModuleType) -> None:
    have = catalogue.read(
        'msgid ""\nmsgstr "Language: zh_CN\\n"\n\nmsgid "Old"\nmsgstr "旧"\n\nmsgid "Save"\nmsgstr "保存"\n'
    )
    text = catalogue.write(translate.updated([Entry("Save"), Entry("{n} day", "{n} days")], have))
    assert text == (
        'msgid ""\nmsgstr "Language: zh_CN\\n"\n\nmsgid "Save"\nmsgstr "保存"\n\n'
        'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] ""\n'
    )
