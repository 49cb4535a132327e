"""Catalogues: reading what a union merge leaves, writing, and compiling for the standard library's gettext."""

from __future__ import annotations

import gettext
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import catalogue
from fieldcrm.base.catalogue import Entry

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'


def _loaded(text: str) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(catalogue.compiled(catalogue.read(text).values())))


def test_compiled_catalogue_speaks() -> None:
    words = _loaded(
        HEADER
        + '\nmsgid "Save"\nmsgstr "保存"\n\nmsgctxt "verb"\nmsgid "Open"\nmsgstr "打开"\n'
        + '\nmsgid "{n} client"\nmsgid_plural "{n} clients"\nmsgstr[0] "{n} 位客户"\n'
        + '\n#, fuzzy\nmsgid "Close"\nmsgstr "关闭?"\n'
        + '\nmsgid "Two\\n"\n"lines \\"here\\""\nmsgstr "两行\\n"\n"“这里”"\n'
    )
    assert words.gettext("Save") == "保存"
    assert words.pgettext("verb", "Open") == "打开"
    assert words.gettext("Open") == "Open"
    assert words.ngettext("{n} client", "{n} clients", 2) == "{n} 位客户"
    assert words.gettext("Close") == "Close"
    assert words.gettext('Two\nlines "here"') == "两行\n“这里”"


def test_what_a_union_merge_leaves_is_put_right() -> None:
    entries = catalogue.read(
        HEADER
        + 'msgid "Save"\nmsgstr "保存"\nmsgstr "存"\n'  # both sides translated it
        + 'msgid "Day"\nmsgid "Today"\nmsgstr "今天"\n'  # equal translations folded into one line
        + 'msgid "Save"\nmsgstr "储存"\n'  # added by both
        + 'msgid "Later"\nmsgstr ""\nmsgid "Later"\nmsgstr "稍后"\n'
    )
    assert {key[1]: e.forms[0] for key, e in entries.items() if key[1]} == {
        "Save": "保存",
        "Day": "今天",
        "Today": "今天",
        "Later": "稍后",
    }


def test_broken_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        catalogue.read('msgid "Save"\n<<<<<<< ours\n')


_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t\\"{}'), min_size=1)


@given(st.dictionaries(_text, _text, max_size=6))
def test_written_catalogue_reads_back(words: dict[str, str]) -> None:
    text = catalogue.write(Entry(msgid, forms={0: said}) for msgid, said in words.items())
    assert {e.msgid: e.forms[0] for e in catalogue.read(text).values()} == words
