"""Workbooks as they come: kinds of files, names that lie, encodings, merges, marks."""
# ruff: noqa: DTZ001  (the cells of a sheet have no time zone)

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base.errors import FieldcrmError, Refused
from fieldcrm.base.jobs import Progress, Step
from fieldcrm.base.sheets import reader
from fieldcrm.base.sheets.flat import delimiter
from fieldcrm.base.sheets.reader import address, as_text, read
from fieldcrm.base.sheets.writer import Column, SheetOut, write
from support import hostile
from support.office import Office

ROWS = [["姓名", "保单号", "保费"], ["王淑珍", "0012", "1,200.50"], ["陈𠮷", "350125196411231234", ""]]


def _text(rows: list[list[str]], sign: str) -> str:
    return "".join(sign.join(f'"{c}"' if sign in c else c for c in row) + "\r\n" for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv(encoding: str, sign: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(_text(ROWS, sign).encode(encoding))
    sheet = read(path).sheets[0]
    assert (sheet.name, sheet.rows) == ("list", ROWS)


def test_csv_that_keeps_numbers_as_formulas_of_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('保单号,公式,姓名\n="0012",=SUM(A1:A2),"=""350125196411231234"""\n', encoding="gb18030")
    assert read(path).sheets[0].rows[1] == ["0012", "=SUM(A1:A2)", "350125196411231234"]


def test_a_character_cut_in_the_middle_does_not_cost_the_list(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    cut = "五四路一百".encode("gb18030")[:-1]
    path.write_bytes("姓名,地址\n".encode("gb18030") * 500 + "王淑珍,".encode("gb18030") + cut + b"\n")
    assert read(path).sheets[0].rows[-1][1].startswith("五四路一")  # type: ignore[union-attr]
    path.write_bytes(bytes(range(128, 256)) * 50)
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.code == "sheet.no-text"


def test_csv_named_xls(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(_text(ROWS, "\t").encode("gbk", errors="ignore"))
    assert read(path).sheets[0].rows[1] == ROWS[1]


def test_html_named_xls(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset='gb2312'><title>清单</title><style>td{x:1}</style></head><body><table>"
        "<tr><td colspan=3>满期清单</td></tr><tr><th rowspan=2>姓名<th colspan=2>保单</tr><tr><td>号<td>保费</tr>"
        "<tr><td>王淑珍</td><td>&nbsp;0012</td><td>1&lt;2<br>3</td></tr></table></body></html>"
    )
    path = tmp_path / "list.xls"
    path.write_bytes(page.encode("gb18030"))
    sheet = read(path).sheets[0]
    assert sheet.rows == [["满期清单", "", ""], ["姓名", "保单", ""], ["", "号", "保费"], ["王淑珍", "0012", "1<2\n3"]]
    assert sheet.merges == [(0, 0, 0, 2), (1, 0, 2, 0), (1, 1, 1, 2)]


def test_xml_spreadsheet_named_xls(tmp_path: Path) -> None:
    rows = (
        '<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">单</Data></Cell></Row><Row ss:Index="3">'
        '<Cell ss:Index="2"><Data ss:Type="Number">12.5</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2026-11-26T00:00:00.000</Data></Cell></Row>'
    )
    path = tmp_path / "list.xls"
    path.write_bytes(hostile.xml_2003(rows))
    sheet = read(path).sheets[0]
    assert (sheet.name, sheet.merges) == ("单", [(0, 0, 0, 1)])
    assert sheet.rows == [["单", ""], [], ["", 12.5, datetime(2026, 11, 26)]]


def _workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    page, hidden, very = (book.add_worksheet(name) for name in ("清单", "暗", "极暗"))
    hidden.hide()
    very.very_hidden()
    page.merge_range("B2:C3", "头")
    page.write_number("B4", 12)
    page.write_datetime("C4", datetime(2026, 11, 26), book.add_format({"num_format": "yyyy-mm-dd"}))
    page.write_datetime("D4", datetime(2026, 11, 26, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    page.write_boolean("E4", True)
    page.write_formula("F4", "=B4*2", None, 24)
    page.write_formula("G4", "=NA()", None, "#N/A")
    page.write_string("H4", "0012")
    book.close()


def test_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    _workbook(path)
    book = read(path)
    sheet = book.sheets[0]
    assert [(s.name, s.hidden) for s in book.sheets] == [("清单", ""), ("暗", "hidden"), ("极暗", "very")]
    assert sheet.merges == [(1, 1, 2, 2)]
    assert sheet.rows[0] == [""] * 8
    assert sheet.rows[1][1] == "头"
    assert sheet.rows[3][:6] == ["", 12.0, date(2026, 11, 26), datetime(2026, 11, 26, 9, 30), True, 24.0]
    assert sheet.rows[3][7] == "0012"
    assert sheet.formulas == {(3, 5), (3, 6)}
    assert sheet.errors == {(3, 6)}
    assert book.peak_kb < 200 * 1024


@pytest.mark.office
def test_xls_from_libreoffice(tmp_path: Path, office: Office) -> None:
    source = tmp_path / "list.xlsx"
    _workbook(source)
    sheet = read(office.convert(source, "xls", tmp_path / "xls")).sheets[0]
    assert sheet.rows[3][1:6] == [12.0, date(2026, 11, 26), datetime(2026, 11, 26, 9, 30), True, 24.0]
    assert sheet.merges == [(1, 1, 2, 2)]


def test_xlsx_from_openpyxl_and_a_wrong_extension(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    book = openpyxl.Workbook()
    book.active.append(["姓名", 1, None, "x"])
    book.save(path)
    assert read(path).sheets[0].rows == [["姓名", 1.0, "", "x"]]


def test_ods_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "list.ods"
    path.write_bytes(
        hostile.pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})
    )
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.code == "sheet.no-workbook"


def test_progress_counts_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n" * 30_000)
    steps: list[Step] = []
    assert len(read(path, Progress(steps.append)).sheets[0].rows) == 30_000
    assert steps[0].stage == "Reading the file"


def test_a_child_sees_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldcrm.base.sheets import gate

    monkeypatch.setenv("FIELDCRM_PASSWORD", "secret")
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    assert not {"FIELDCRM_PASSWORD", "PYTHONSTARTUP"} & set(gate._environment())


@given(st.integers(0, 300_000), st.integers(0, 16_383))
def test_addresses(row: int, column: int) -> None:
    assert reader._position(address(row, column)) == (row, column)


@given(st.binary(max_size=300))
def test_delimiter_never_fails(data: bytes) -> None:
    assert delimiter(data.decode("latin-1")) in ",;\t|"


@pytest.mark.parametrize("seed", range(30))
def test_flipped_bits_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    source = random.Random(seed)
    path = tmp_path / "list.xlsx"
    write(path, [SheetOut("S", [Column("列")], [[str(i)] for i in range(50)])], password="secret" if seed % 2 else None)
    data = bytearray(path.read_bytes())
    for _ in range(source.choice((1, 3, 20))):
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)
    path.write_bytes(data)
    try:
        assert len(read(path, password="secret").sheets) == 1
    except FieldcrmError as refused:
        assert refused.code != "sheet.crashed"  # noqa: PT017  (either way is right, if it is told)


@pytest.mark.parametrize("count", range(0, 1600, 97))
def test_a_truncated_workbook_is_refused(count: int, tmp_path: Path) -> None:
    data = hostile.pack(hostile.parts())
    path = tmp_path / "list.xlsx"
    path.write_bytes(data[: max(len(data) - 1 - count, 1)])
    with pytest.raises(FieldcrmError):
        read(path)


def test_as_text() -> None:
    values = [" a ", 3.0, 1.5, True, date(2026, 1, 2), datetime(2026, 1, 2), datetime(2026, 1, 2, 3, 4)]
    assert [as_text(v) for v in values] == ["a", "3", "1.5", "1", "2026-01-02", "2026-01-02", "2026-01-02 03:04:00"]
