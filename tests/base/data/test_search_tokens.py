"""Tokens of names, numbers and other text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldcrm.base.data.search import pinyin, tokens


def test_tokens_of_a_person() -> None:
    assert set(tokens.name_tokens("王淑珍").split()) == {
        "^王淑珍", "王", "淑", "珍", "王淑", "淑珍", "^wangshuzhen", "^wsz", "^wangsz", "shuzhen", "zhen", "sz",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("曾", {"zeng", "ceng"}), ("单", {"shan", "dan"}), ("仇", {"qiu", "chou"}), ("解", {"xie", "jie"}),
        ("查", {"zha", "cha"}), ("朴", {"piao", "pu"}), ("盖", {"ge", "gai"}), ("翟", {"zhai", "di"}),
        ("区", {"ou", "qu"}), ("缪", {"miao", "mou"}), ("乐", {"yue", "le"}), ("员", {"yun", "yuan"}),
    ],
)  # fmt: skip
def test_surnames_have_all_their_readings(name: str, readings: set[str]) -> None:
    assert readings <= {"".join(way) for way in pinyin.syllables(name)}


def test_double_surname() -> None:
    assert ["yu", "chi", "gong"] in pinyin.syllables("尉迟恭")


def test_surname_readings_count_only_at_the_front() -> None:
    assert pinyin.syllables("王乐") == [["wang", "le"]]


def test_company_tails_are_not_beginnings() -> None:
    found = tokens.name_tokens("恒安物流有限公司").split()
    assert "wuliuyouxian" in found
    assert "youxiangongs" not in found
    assert tokens.name_tokens("有限公司")


def test_numbers_stand_backwards() -> None:
    assert tokens.number_token("0591-2812 311X") == "#x1132181950"[:1] + "x1132182" + "1950"


def test_typed_numbers_in_groups_are_one() -> None:
    assert tokens.words_of("138 0591-0032") == [tokens.Word("13805910032")]
    assert tokens.words_of("王 0032") == [tokens.Word("王"), tokens.Word("0032")]


def test_names_sort_by_reading() -> None:
    names = ["张伟", "王珍", "Zoe", "王梅", "曾子轩", "安娜"]
    assert sorted(names, key=pinyin.sort_key) == ["安娜", "王梅", "王珍", "曾子轩", "张伟", "Zoe"]
    assert pinyin.sort_key("王淑珍") == "wang shu zhen 王淑珍"


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    program = (
        "import sys\n"
        "from fieldcrm.base import lunar, text, when, workdays\n"
        "assert 'sqlalchemy' not in sys.modules\n"
        "from fieldcrm.base.data.search import index\n"
        "assert not {'pypinyin', 'lunar_python', 'chinese_calendar', 'holidays'} & set(sys.modules)\n"
    )
    source = Path(tokens.__file__).parents[4]
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONPATH": str(source)})
