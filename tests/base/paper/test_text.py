"""Text on paper: every character drawn or marked, and read back by independent readers."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import clock
from fieldcrm.base.paper import fonts, lines, sheet
from fieldcrm.base.paper.blocks import Heading, Prose
from fieldcrm.base.paper.preview import Pages
from fieldcrm.base.paper.sheet import Document, Head, Part

RARE = "㛃䶮𠮷"


def build(*words: str, title: str = "Title") -> bytes:
    part = Part(Head(title, "who"), [Prose(text) for text in words])
    return sheet.build(Document("Title", [part], printed_at=clock.now()))[0]


def read(content: bytes) -> str:
    with Pages(content) as pages:
        return "\n".join(pages.text(number) for number in range(len(pages)))


def test_rare_characters_extract() -> None:
    text = read(build(f"王{RARE} 台江区", title=f"计划{RARE}"))
    assert f"王{RARE} 台江区" in text
    assert f"计划{RARE}" in text  # the head is bold: its fallback is there too


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_a_second_reader_agrees(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(build(f"王{RARE} 台江区", "无字形𠀀字"))
    read_by_poppler = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert f"王{RARE} 台江区" in read_by_poppler
    assert "𠀀" in read_by_poppler
    listed = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert listed
    assert all(re.match(r"[A-Z]{6}\+\S+ +TrueType +\S+ +yes yes yes", line) for line in listed)


def test_a_character_without_shape_is_boxed_and_noted() -> None:
    assert "U+20000 U+1F600" in read(build("前𠀀后😀"))
    assert fonts.shape("前𠀀后").width == 3


def test_no_note_where_every_character_has_a_shape() -> None:
    assert "U+" not in read(build(f"平常的字 and Latin {RARE}"))


def test_marks_without_shape_of_their_own_are_left_out() -> None:
    assert fonts.clean("葛\U000e0100a\u200bb\tc\ufe0f") == "葛ab c"


def test_to_unicode_is_utf16_in_blocks_of_100() -> None:
    table = fonts.to_unicode("F", [0x20BB7, 0x4E00, *range(0x5000, 0x5000 + 150)])
    assert "<00> <D842DFB7>" in table
    assert "<01> <4E00>" in table
    assert re.findall(r"(\d+) beginbfchar", table) == ["100", "52"]


def test_lines_never_begin_with_a_closing_mark() -> None:
    found = lines.wrap("甲乙丙丁戊己庚辛，壬癸。（子丑）寅卯" * 8, 80, 9)
    assert len(found) > 5
    assert not [line for line in found[1:] if line[0] in "，。）"]
    assert not [line for line in found if line[-1] == "（"]


def test_latin_words_stay_whole() -> None:
    words = "insurance account managers print their visit plans every Friday evening"
    assert " ".join(lines.wrap(words, 90, 9)).split() == words.split()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120), st.floats(20, 400))
def test_wrapping_loses_nothing_and_fits(text: str, room: float) -> None:
    found = lines.wrap(text, room, 9)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(fonts.width(line, 9) <= room + 0.01 or len(line.strip()) <= 4 for line in found)


def test_shortening_ends_with_an_ellipsis() -> None:
    short = lines.fit("很长的名字" * 10, 60, 9)
    assert short.endswith("…")
    assert fonts.width(short, 9) <= 60
    assert lines.fit("短", 60, 9) == "短"


def test_a_heading_stays_with_what_follows() -> None:
    blocks = [Prose("行\n" * 46), Heading(words="Section"), Prose("below\nbelow\nbelow")]
    content, count = sheet.build(Document("T", [Part(Head("T"), blocks)]))
    with Pages(content) as pages:
        assert count == len(pages) == 2
        assert "Section" not in pages.text(0)
        assert pages.text(1).index("Section") < pages.text(1).index("below")
