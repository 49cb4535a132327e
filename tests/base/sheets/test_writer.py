"""What is written comes back as it was: here, in openpyxl, and after LibreOffice saved it again."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base.errors import Cancelled, Environment, Refused
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets import reader
from fieldcrm.base.sheets.writer import Column, Properties, SheetOut, write
from support.office import Office

NASTY = [
    "00012", "350125196411231234", "=SUM(A1:A9)", "+8613805910032", "@cmd", "-1", " lead", "trail ", "a\nb", "<&>\"'",
    "_x0041_", "𠮷田", "㛃䶮", "1.20", "3.5E+17", "2026-11-26", "TRUE", "#N/A", "", "'",
]  # fmt: skip


def _texts(path: Path, password: str | None = None) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in reader.read(path, password=password).sheets[0].rows]


def _columns(count: int) -> list[Column]:
    return [Column(f"列{i}") for i in range(count)]


def test_texts_survive_here_and_in_openpyxl(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write(path, [SheetOut("清单", _columns(len(NASTY)), [NASTY, NASTY])]) == 2
    assert _texts(path)[1:] == [NASTY, NASTY]
    book = openpyxl.load_workbook(path)
    cells = [cell for cell in book["清单"][2] if cell.value is not None]
    assert [cell.value for cell in cells if "_x" not in cell.value] == [t for t in NASTY if t and "_x" not in t]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [p.name for p in tmp_path.iterdir()] == ["out.xlsx"]


@pytest.mark.office
@pytest.mark.parametrize("way", [("xlsx",), ("ods", "xlsx"), ("xls",), ("ods", "xls", "xlsx")])
def test_texts_survive_libreoffice(way: tuple[str, ...], tmp_path: Path, office: Office) -> None:
    path = tmp_path / "out.xlsx"
    write(path, [SheetOut("清单", _columns(len(NASTY)), [NASTY]), SheetOut("暗", _columns(1), [["x"]], hidden="very")])
    for step, kind in enumerate(way):
        path = office.convert(path, kind, tmp_path / str(step))
    row = _texts(path)[1]
    assert row[: len(NASTY)] == NASTY[: len(row)]
    assert [sheet.name for sheet in reader.read(path).sheets][:2] == ["清单", "暗"]


@pytest.mark.office
def test_a_protected_file_opens_in_libreoffice_and_here(tmp_path: Path, office: Office) -> None:
    path = tmp_path / "out.xlsx"
    write(path, [SheetOut("清单", _columns(2), [["350125196411231234", "王淑珍"]])], password="口令 1")
    assert "王淑珍".encode() not in path.read_bytes()
    assert path.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    assert _texts(path, "口令 1")[1] == ["350125196411231234", "王淑珍"]
    for password, code in ((None, "sheet.password-needed"), ("no", "sheet.wrong-password")):
        with pytest.raises(Environment) as refused:
            reader.read(path, password=password)
        assert refused.value.code == code
    assert office is not None


def test_a_changed_byte_of_a_protected_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(path, [SheetOut("清单", _columns(2), [[str(i), "王淑珍"] for i in range(2000)])], password="secret")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        reader.read(path, password="secret")
    assert refused.value.code == "sheet.damaged"


def test_features_of_the_frame(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    sheets = [
        SheetOut("说明", [Column("", 60, wrap=True)], [["如何使用"]], header=False),
        SheetOut(
            "客户",
            [Column("姓名", 10), Column("性别", 6, ("男", "女")), Column("原因", 30, tone="bad")],
            [["王淑珍", "女", "x"]] * 3,
        ),
        SheetOut("数据", [Column("d")], [["A" * 30_000]], hidden="very", header=False),
        SheetOut("数字", [Column("n", text=False)], [[12.5], [7], [10**17], [None], [True]]),
    ]
    write(path, sheets, properties=Properties(title="包", author="王"))
    book = openpyxl.load_workbook(path)
    clients = book["客户"]
    assert (clients.freeze_panes, clients.auto_filter.ref) == ("A2", "A1:C4")
    rule = clients.data_validations.dataValidation[0]
    assert (rule.type, rule.formula1) == ("list", "_lists!$A$1:$A$2")
    assert [row[0].value for row in book["_lists"]["A1:A2"]] == ["男", "女"]
    assert [book[name].sheet_state for name in ("数据", "_lists", "说明")] == ["veryHidden", "veryHidden", "visible"]
    assert book["数据"]["A1"].value == "A" * 30_000
    assert [row[0].value for row in book["数字"]["A2:A6"]] == [12.5, 7, str(10**17), None, "True"]
    assert (book.properties.title, book.properties.creator) == ("包", "王")
    assert clients["C2"].font.color.rgb == "FFB3261E"


def test_values_become_text(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    row = [date(2026, 11, 26), datetime(2026, 11, 26, 1, 5, tzinfo=UTC), 350125196411231234, 12.0, 0.5, None]
    write(path, [SheetOut("S", _columns(6), [row])])
    assert _texts(path)[1] == ["2026-11-26", "2026-11-26 09:05", "350125196411231234", "12", "0.5", ""]


def test_writing_refuses_what_no_spreadsheet_can_hold(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    for text in ("x" * 32_768, "&" * 32_768):
        with pytest.raises(Refused):
            write(path, [SheetOut("S", _columns(1), [[text]])])
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    progress = Progress()

    def rows():  # type: ignore[no-untyped-def]
        for i in range(5000):
            if i == 2000:
                progress.cancel()
            yield [str(i)]

    with pytest.raises(Cancelled):
        write(path, [SheetOut("S", _columns(1), rows())], progress=progress)
    assert (path.read_bytes(), [p.name for p in tmp_path.iterdir()]) == (b"old", ["out.xlsx"])
    with pytest.raises(Environment) as refused:
        write(tmp_path / "no" / "out.xlsx", [SheetOut("S", _columns(1), [])])
    assert refused.value.code == "sheet.cannot-write"


def test_long_and_dull_lists_pass_our_own_gate(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(path, [SheetOut("S", _columns(8), (["有效"] * 8 for _ in range(60_000)))])
    assert len(reader.read(path).sheets[0].rows) == 60_001


def test_rows_beyond_the_columns_and_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(
        path,
        [
            SheetOut("A", _columns(1), [["a", "b", "c"]]),
            SheetOut("B", _columns(2), []),
            SheetOut("C", [], [["x"]], header=False),
        ],
    )
    assert [sheet.rows for sheet in reader.read(path).sheets] == [
        [["列0", "", ""], ["a", "b", "c"]],
        [["列0", "列1"]],
        [["x"]],
    ]


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_text_makes_sound_xml(rows: list[list[str]]) -> None:
    out = io.BytesIO()
    write(out, [SheetOut("S", _columns(3), rows)])
    with zipfile.ZipFile(out) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    from xml.etree import ElementTree

    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    found = [
        {cell.get("r"): cell.findtext(f"{main}is/{main}t") for cell in row.iter(f"{main}c")}
        for row in ElementTree.fromstring(xml).iter(f"{main}row")
    ][1:]
    for number, row in enumerate(rows, 2):
        for letter, text in zip("ABC", row, strict=True):
            told = found[number - 2].get(f"{letter}{number}", "") or ""
            if text.isprintable() and "_x" not in text:
                assert told == text


def test_sheets_print_with_their_heads_and_as_wide_as_a_page(tmp_path: Path) -> None:
    """What somebody prints from Excel: A4, heads on each page, no column on a page of its own."""
    path = tmp_path / "out.xlsx"
    wide = [Column(f"列{i}", 12) for i in range(12)]
    very_wide = [Column(f"列{i}", 20) for i in range(30)]
    write(path, [SheetOut("窄", _columns(3), [["a"] * 3]), SheetOut("宽", wide, []), SheetOut("很宽", very_wide, [])])
    narrow, middle, widest = openpyxl.load_workbook(path).worksheets[:3]
    assert all(sheet.print_title_rows == "$1:$1" and int(sheet.page_setup.paperSize) == 9 for sheet in (narrow, widest))
    assert [sheet.page_setup.orientation or "portrait" for sheet in (narrow, middle)] == ["portrait", "landscape"]
    assert middle.sheet_properties.pageSetUpPr.fitToPage
    assert widest.print_title_cols == "$A:$B"
