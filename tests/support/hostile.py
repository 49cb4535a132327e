"""Hostile workbooks made by code, each kind by name; sizes on disk stay small."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = _RELS.format(f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>')
STYLES = f'<styleSheet xmlns="{_MAIN}"><cellXfs count="1"><xf/></cellXfs></styleSheet>'


def sheet_xml(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', after: str = "", before: str = "") -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(sheet: str | bytes | None = None, **more: str | bytes) -> dict[str, str | bytes]:
    """The parts of a smallest workbook; `more` replaces or adds (`__` stands for `/`)."""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELS.format(
            f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="rId3" Type="{_REL}/styles" Target="styles.xml"/>'
        ),
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet if sheet is not None else sheet_xml(),
    }
    found.update({name.replace("__", "/"): content for name, content in more.items()})
    return found


def pack(content: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9) as archive:
        for name, body in content.items():
            archive.writestr(name, body)
    return out.getvalue()


def _cell(address: str) -> bytes:
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return pack(parts(sheet_xml(f'<row r="{row}"><c r="{address}"><v>1</v></c></row>')))


def _with(name: str, body: str | bytes = b"x") -> bytes:
    return pack(parts() | {name: body})


def _sst(count: str, items: str = "<si><t>a</t></si>") -> bytes:
    sst = f'<sst xmlns="{_MAIN}" count="{count}" uniqueCount="{count}">{items}</sst>'
    return pack(parts(sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')) | {"xl/sharedStrings.xml": sst})


def _bomb(megabytes: int, filler: bytes) -> bytes:
    head, _, tail = sheet_xml("\0").encode().partition(b"\0")
    block = filler * (1 + (1 << 20) // len(filler))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, body in parts().items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, body)
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            stream.write(head)
            for _ in range(megabytes):
                stream.write(block)
            stream.write(tail)
    return out.getvalue()


def _modest(megabytes: int) -> bytes:
    """Half a million rows whose text packs 40 : 1 only, so that the ratio does not tell."""
    import random

    source = random.Random(1)
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="str"><v>%s</v></c></row>' % (i, i, b"%04x" % source.randrange(65536) * 80)
        for i in range(1, megabytes * 2600)
    )
    return pack(parts(sheet_xml(rows.decode())))


def _lying_size() -> bytes:
    """Central and local sizes say 100 bytes; 300 MB come out."""
    data = bytearray(_bomb(300, b"<row></row>"))
    at = data.rfind(b"xl/worksheets/sheet1.xml")
    struct.pack_into("<I", data, at - 46 + 24, 100)
    return bytes(data)


def _overlap() -> bytes:
    """Two directory entries share the bytes of one part."""
    data = pack(parts() | {"xl/worksheets/sheet2.xml": sheet_xml()})
    first, second = data.rfind(b"xl/worksheets/sheet1.xml"), data.rfind(b"xl/worksheets/sheet2.xml")
    offset = data[first - 4 : first]
    changed = bytearray(data)
    changed[second - 4 : second] = offset
    return bytes(changed)


def _duplicate() -> bytes:
    out = io.BytesIO()
    import warnings

    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        for name, body in parts().items():
            archive.writestr(name, body)
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml("<row/>"))
    return out.getvalue()


def _many_sheets(count: int) -> bytes:
    sheets = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId1"/>' for i in range(1, count + 1))
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>'
    return pack(parts() | {"xl/workbook.xml": book})


def _relation(kind: str, target: str = "https://example.invalid/x") -> bytes:
    return _with(
        "xl/worksheets/_rels/sheet1.xml.rels",
        _RELS.format(f'<Relationship Id="rId9" Type="{_REL}/{kind}" Target="{target}" TargetMode="External"/>'),
    )


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    doc = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{entities}]>'
    return pack(parts(doc + sheet_xml('<row r="1"><c r="A1" t="str"><v>&l9;</v></c></row>').partition("?>")[2]))


def _xxe() -> bytes:
    doc = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return pack(parts(doc + sheet_xml().partition("?>")[2]))


def _merges(count: int) -> bytes:
    merges = "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(1, count + 1))
    return pack(parts(sheet_xml(after=f'<mergeCells count="{count}">{merges}</mergeCells>')))


def _styles(count: int) -> bytes:
    return pack(
        parts() | {"xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{"<xf/>" * count}</cellXfs></styleSheet>'}
    )


def _encrypted(spin: int) -> bytes:
    """An OLE container with an agile header that asks for `spin` rounds (made by changing a real one)."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(pack(parts()))).encrypt("secret", out)
    old, new = b'spinCount="100000"', f'spinCount="{spin}"'.encode()
    data = out.getvalue()
    at = data.index(old)
    line = data.index(b"\n", at)  # the indent of the next line gives the room
    grown = len(new) - len(old)
    assert data[line + 1 : line + 1 + grown].isspace()
    return data[:at] + new + data[at + len(old) : line + 1] + data[line + 1 + grown :]


def _ole_loop() -> bytes:
    """A compound file whose directory chain points at itself."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 44, 1, 1, 0, 0x1000, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 1, *[2] * 126)
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 18, 2, 1) + b"\0" * 60
    return bytes(head) + fat + entry[:128] * 4


def _far_inside() -> bytes:
    """A far cell hidden in the middle of a row, where a look at the last cell does not find it."""
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c><c r="B1"><v>1</v></c></row>'
    return pack(parts(sheet_xml(rows)))


def _prefixed_far() -> bytes:
    xml = (
        f'<x:worksheet xmlns:x="{_MAIN}"><x:sheetData><x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    return pack(parts(xml))


def _wide_row() -> bytes:
    from xlsxwriter.utility import xl_col_to_name

    cells = "".join(f'<c r="{xl_col_to_name(i)}1"><v>1</v></c>' for i in range(600))
    return pack(parts(sheet_xml(f'<row r="1">{cells}</row>')))


def _dense(rows: int) -> bytes:
    """Many tiny rows with one far cell each: a dense grid of 500 columns."""
    body = "".join(f'<row r="{i}"><c r="SF{i}"><v>1</v></c></row>' for i in range(1, rows + 1))
    return pack(parts(sheet_xml(body)))


KINDS: dict[str, Callable[[], bytes]] = {
    "cell at XFD1048576": lambda: _cell("XFD1048576"),
    "cell at A1048576": lambda: _cell("A1048576"),
    "cell at XFD1": lambda: _cell("XFD1"),
    "two cells a million rows apart": lambda: pack(
        parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'))
    ),
    "far cell inside a row": _far_inside,
    "far cell in prefixed XML": _prefixed_far,
    "row gap over 100,000": lambda: pack(
        parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="150000"><c r="A150000"><v>1</v></c></row>'))
    ),
    "600 columns": _wide_row,
    "dense grid over the cell limit": lambda: _dense(70_000),
    "more than 300,000 rows": lambda: _bomb(6, b"<row></row>"),
    "shared strings say 4 billion": lambda: _sst("4000000000"),
    "shared strings say 900 million": lambda: _sst("900000000"),
    "shared string index out of range": lambda: pack(
        parts(sheet_xml('<row r="1"><c r="A1" t="s"><v>4000000000</v></c></row>'))
    ),
    "text of 40,000 characters repeated": lambda: _sst("1", f"<si><t>{'字' * 400_000}</t></si>"),
    "300 MB of spaces": lambda: _bomb(300, b" "),
    "300 MB of rows": lambda: _bomb(300, b"<row></row>"),
    "200 MB of spaces": lambda: _bomb(200, b" "),
    "120 MB at a modest ratio": lambda: _modest(120),
    "300 MB behind a lying size": _lying_size,
    "billion laughs": _laughs,
    "external entity": _xxe,
    "UTF-16 XML": lambda: pack(parts(sheet_xml().replace("UTF-8", "UTF-16").encode("utf-16"))),
    "EBCDIC declared": lambda: pack(parts(sheet_xml().replace("UTF-8", "cp037"))),
    "10,000 merges": lambda: _merges(10_000),
    "whole-sheet merge": lambda: pack(
        parts(sheet_xml(after='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'))
    ),
    "100,000 formats": lambda: _styles(100_000),
    "1,000 parts": lambda: pack(parts() | {f"xl/media/{i}.xml": "<a/>" for i in range(1000)}),
    "100 sheets": lambda: _many_sheets(100),
    "parent folder in a name": lambda: _with("xl/../../../evil.xml", "<a/>"),
    "absolute name": lambda: _with("/etc/evil.xml", "<a/>"),
    "backslash in a name": lambda: _with("xl\\evil.xml", "<a/>"),
    "drive in a name": lambda: _with("C:/evil.xml", "<a/>"),
    "duplicate part": _duplicate,
    "same name in another case": lambda: _with("XL/Workbook.xml", "<a/>"),
    "overlapping parts": _overlap,
    "macros": lambda: _with("xl/vbaProject.bin"),
    "Excel 4 macro sheet": lambda: _with("xl/macrosheets/sheet1.xml", "<a/>"),
    "ribbon code": lambda: _with("customUI/customUI.xml", "<a/>"),
    "external link part": lambda: _with("xl/externalLinks/externalLink1.xml", "<a/>"),
    "data connection": lambda: _with("xl/connections.xml", "<a/>"),
    "embedded object": lambda: _with("xl/embeddings/oleObject1.bin"),
    "ActiveX control": lambda: _with("xl/activeX/activeX1.xml", "<a/>"),
    "external picture relation": lambda: _relation("image"),
    "external OLE relation": lambda: _relation("oleObject"),
    "spin count of 90 million": lambda: _encrypted(90_000_000),
    "truncated": lambda: pack(parts())[:-200],
    "crossed bytes": lambda: pack(parts()).replace(b"sheet1.xml", b"sheet\0.xml"),
    "wrong checksum": lambda: pack(parts()).replace(struct.pack("<I", zlib.crc32(sheet_xml().encode())), b"\0\0\0\0"),
    "bzip2 parts": lambda: pack(parts(), zipfile.ZIP_BZIP2),
    "no workbook inside": lambda: pack({"word/document.xml": "<a/>"}),
    "zip of nothing": lambda: pack({}),
    "compound file that loops": _ole_loop,
    "compound file of zeros": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
    "deep XML": lambda: pack(parts(sheet_xml("<a>" * 200_000 + "</a>" * 200_000))),
    "a page that is no list": lambda: b"<html><body><table><tr><td><table><tr><td>1</td></tr></table></table></html>",
    "HTML spans of a billion": lambda: b"<table>" + b"<tr><td colspan=999999999 rowspan=999999999>x</tr>" * 5000,
    "web archive": lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nx",
    "CSV with one endless field": lambda: b'a,b\n"' + b"x" * 3_000_000,
    "CSV of 600 columns": lambda: b"," * 600 + b"\n",
    "CSV of 400,000 rows": lambda: b"1\n" * 400_000,
    "PNG named xlsx": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
    "empty file": lambda: b"",
}


def xml_2003(rows: str) -> bytes:
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="单"><Table>'
        f"{rows}</Table></Worksheet></Workbook>"
    ).encode()


KINDS["XML spreadsheet, row 999,999"] = lambda: xml_2003('<Row ss:Index="999999"><Cell><Data>1</Data></Cell></Row>')
KINDS["XML spreadsheet, column 9,999,999"] = lambda: xml_2003(
    '<Row><Cell ss:Index="9999999"><Data>1</Data></Cell></Row>'
)


@cache
def made(kind: str) -> bytes:
    return KINDS[kind]()


def write(folder: Path, kind: str) -> Path:
    path = folder / "hostile.xlsx"
    path.write_bytes(made(kind))
    return path
