"""Documents: pages counted, tables cut between rows, written whole or not at all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.errors import Cancelled, Environment
from fieldcrm.base.jobs import Progress
from fieldcrm.base.paper import sheet
from fieldcrm.base.paper.blocks import Heading, WriteLines
from fieldcrm.base.paper.preview import Pages
from fieldcrm.base.paper.sheet import Document, Head, Part
from fieldcrm.base.paper.table import Column, Table

PRINTED = clock.instant(date(2026, 11, 20), 18, 2)
COLUMNS = (Column("序号", 1), Column("客户", 4), Column("保费", 2, "right"))


def document(rows: list[list[str]]) -> Document:
    blocks = [Heading(words="明细"), Table(COLUMNS, rows), WriteLines()]
    part = Part(Head("统计表", "2026-11-23", ("福州支公司",)), blocks)
    return Document("统计表", [part], author="林晓", foot="内部资料", printed_at=PRINTED)


def texts(content: bytes) -> list[str]:
    with Pages(content) as pages:
        return [pages.text(number) for number in range(len(pages))]


def test_pages_are_numbered_with_their_total_and_the_printing_time() -> None:
    i18n.use("zh_CN")
    content, count = sheet.build(document([[str(n), "王淑珍", "120,000"] for n in range(100)]))
    pages = texts(content)
    assert len(pages) == count == 4
    for number, text in enumerate(pages, 1):
        assert f"第 {number} 页 / 共 {count} 页 • 打印于 2026-11-20 18:02" in text
        assert "内部资料" in text
    assert all("（续）" in text for text in pages[1:])


def test_heads_repeat_and_no_row_is_split() -> None:
    rows = [[f"R{n:03}", f"首行{n:03}\n中行{n:03}\n末行{n:03}", "1"] for n in range(60)]
    found: list[str] = []
    for text in texts(sheet.build(document(rows))[0]):
        here = re.findall(r"R(\d{3})", text)
        assert not here or "序号" in text
        for number in here:
            assert f"首行{number}" in text
            assert f"末行{number}" in text
        found += here
    assert found == [f"{n:03}" for n in range(60)]


def test_a_row_higher_than_a_page_loses_nothing() -> None:
    long = "\n".join(f"L{n:04}" for n in range(150))
    pages = texts(sheet.build(document([["1", "前", ""], ["2", long, ""], ["3", "后", ""]]))[0])
    assert re.findall(r"L(\d{4})", " ".join(pages)) == [f"{n:04}" for n in range(150)]
    assert "".join(pages).index("L0149") < "".join(pages).index("后")


def test_text_reads_in_order() -> None:
    text = texts(sheet.build(document([["1", "甲", "10"], ["2", "乙", "20"]]))[0])[0]
    text = text[text.index("明细") :]
    places = [text.index(words) for words in ("序号", "客户", "甲", "10", "乙", "20", "内部")]
    assert places == sorted(places)


def test_metadata_and_language() -> None:
    i18n.use("zh_CN")
    content = sheet.build(document([]))[0]
    pdf = pypdfium2.PdfDocument(content)
    try:
        known = pdf.get_metadata_dict()
    finally:
        pdf.close()
    assert (known["Title"], known["Author"]) == ("统计表", "林晓")
    assert known["CreationDate"].startswith("D:20261120180200+08")
    assert b"/Lang (zh-CN)" in content


def test_the_same_document_gives_the_same_bytes() -> None:
    same = replace(document([["1", "王𠮷", "3"]]), invariant=True)
    assert sheet.build(same) == sheet.build(same)


def test_landscape() -> None:
    with Pages(sheet.build(replace(document([]), landscape=True))[0]) as pages:
        width, height = pages.size(0)
        assert width > height
        assert pages.draw(0, 1.0).width == pytest.approx(width, abs=1)


def test_saving_leaves_one_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"old")
    assert sheet.save(document([]), path) == 1
    assert path.read_bytes().startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Environment) as caught:
        sheet.save(document([]), tmp_path / "missing" / "plan.pdf")
    assert "no such folder" in caught.value.sentence


def test_a_target_that_cannot_be_replaced_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "plan.pdf"
    folder.mkdir()
    with pytest.raises(Environment):
        sheet.save(document([]), folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_cancel_stops_between_pages() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        sheet.build(document([]), progress)
