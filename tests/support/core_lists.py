"""Lists as core systems give them, nasty on purpose and the same for a seed: for tests, the demo and benchmarks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟"
)
_GIVEN = "淑珍秀英玉兰桂芳建国志强文博子轩雨晨德明美玲国华小红海燕春梅永福金水丽娟俊杰欣怡浩然宗翰㛃䶮"
_PRODUCTS = (
    ("鑫享两全保险（分红型）", "分红险", "趸交"), ("金彩一生终身寿险（万能型）", "万能险", "趸交"),
    ("福满堂养老年金", "年金险", "期交"), ("安康两全保险", "两全险", "期交"),
)  # fmt: skip
_OUTLETS = ("五一支行", "东街口邮政所", "鼓楼支行", "仓山邮政所", "马尾网点")
TITLES = [
    "序号", "保险单号", "投保人", "性别", "出生日期", "证件号码", "联系电话", "家庭住址", "险种名称", "险种类别",
    "交费方式", "保险费", "满期本金", "生效日期", "满期日期", "保单状态", "网点名称", "被保险人", "业务员代码",
]  # fmt: skip


def resident_id(source: random.Random, born: date, female: bool) -> str:
    """An invented resident ID with a right check digit."""
    body = f"350102{born:%Y%m%d}{source.randrange(50) * 20 + (2 if female else 1):03d}"
    total = sum(int(d) * w for d, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return body + "10X98765432"[total % 11]


@dataclass
class Person:
    name: str
    female: bool
    born: date
    id_number: str
    phone: str
    address: str


@dataclass
class Sample:
    """A list and what must come of it: data rows, people, and the cells spoilt on purpose (row → column title)."""

    rows: list[list[Any]] = field(default_factory=list)
    people: int = 0
    spoilt: dict[int, str] = field(default_factory=dict)


def make(count: int, seed: int = 1, *, spoil: bool = True) -> Sample:
    """`count` data rows in the columns of `TITLES`; every 25th is spoilt."""
    source = random.Random(seed)
    sample = Sample()
    ids: set[str] = set()
    person = _person(source, 0, ids)
    sample.people = 1
    for number in range(1, count + 1):
        if number > 1 and source.random() < 0.7:
            person = _person(source, number, ids)
            sample.people += 1
        sample.rows.append(_row(source, number, person))
    if spoil:
        _spoil(source, sample)
    return sample


def _person(source: random.Random, number: int, ids: set[str]) -> Person:
    born = date(1945, 1, 1) + timedelta(days=source.randrange(60 * 365))
    female = source.random() < 0.55
    name = source.choice(_SURNAMES) + "".join(source.choice(_GIVEN) for _ in range(source.choice((1, 2, 2))))
    phone = f"13{source.randrange(10)}{number % 100_000:05d}{source.randrange(1000):03d}"
    address = f"福州市鼓楼区{source.choice(('五四路', '湖东路', '津泰路'))}{source.randrange(300)}号"
    id_number = resident_id(source, born, female)
    if id_number in ids:
        return _person(source, number, ids)
    ids.add(id_number)
    return Person(name, female, born, id_number, phone, address)


def _row(source: random.Random, number: int, person: Person) -> list[Any]:
    product, line, mode = source.choice(_PRODUCTS)
    begun = date(2016, 1, 1) + timedelta(days=source.randrange(3000))
    premium = source.choice((5_000, 10_000, 20_000, 50_000, 120_000))
    return [
        number, f"{3501000000000000 + number * 7}", person.name, "女" if person.female else "男",
        _date_text(source, person.born), person.id_number, person.phone, person.address, product, line, mode,
        _amount_text(source, premium), _amount_text(source, premium * 5), _date_text(source, begun),
        _date_text(source, begun.replace(year=begun.year + 10, day=min(begun.day, 28))), "有效",
        source.choice(_OUTLETS), person.name, f"A{source.randrange(10_000):04d}",
    ]  # fmt: skip


def _date_text(source: random.Random, day: date) -> Any:
    """One of the spellings met in lists; an int is a serial."""
    return source.choice(
        (
            day.isoformat(),
            f"{day.year}/{day.month}/{day.day}",
            f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}.{day.month:02d}.{day.day:02d}",
            (day - date(1899, 12, 30)).days,
            f"{day.isoformat()} 00:00:00",
        )
    )


def _amount_text(source: random.Random, yuan: int) -> Any:
    return source.choice(
        (yuan, f"{yuan:,}", f"{yuan:,}.00", f"{yuan}元", f"¥{yuan:,}", f" {yuan} ", f"{yuan / 10_000:g}万")
    )


def _spoil(source: random.Random, sample: Sample) -> None:
    kinds: list[tuple[str, Any]] = [
        ("保险单号", "3.5E+17"), ("证件号码", 350102196411231234.0), ("满期日期", "2026-13-45"), ("保险费", "约五万"),
        ("证件号码", "350102196402301234"), ("联系电话", "1380591"), ("投保人", "—"), ("保险单号", ""),
    ]  # fmt: skip
    for position in range(24, len(sample.rows), 25):
        title, value = kinds[(position // 25) % len(kinds)]
        sample.rows[position][TITLES.index(title)] = value
        sample.spoilt[position] = title


def laid_out(sample: Sample) -> Iterator[list[Any]]:
    """Rows of the whole sheet: titles, a header over two rows, a blank column, data, totals and notes."""
    width = len(TITLES) + 1
    blank = [""] * width
    yield ["满期客户清单", *blank[1:]]
    yield ["机构：福州中心支公司", *blank[1:6], "统计期间：2026-12", *blank[7:]]
    yield list(blank)
    yield _with_gap(TITLES)
    yield list(blank)  # second row of the header, merged with the first
    for row in sample.rows:
        yield _with_gap(row)
    yield ["合计", *blank[1:12], f"{len(sample.rows) * 50_000:,}", *blank[13:]]
    yield ["注：本表数据来源于核心系统。", *blank[1:]]
    yield ["制表人：王淑珍", *blank[1:4], "审核：", *blank[5:]]


def _with_gap(row: list[Any]) -> list[Any]:
    return [*row[:7], "", *row[7:]]


HEADER_ROWS = 5


def write_xlsx(path: Path, sample: Sample) -> Path:
    """The list as a workbook: merged titles and header, numbers as numbers, some dates as true dates."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    page = book.add_worksheet("满期清单")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    rows = list(laid_out(sample))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                true_date = column in (4, 14, 15) and value > 3000
                page.write_number(number, column, value, day if true_date and number % 2 else None)
            elif value != "":
                page.write_string(number, column, value)
    page.merge_range(0, 0, 0, len(TITLES), rows[0][0])
    for column, title in enumerate(rows[3]):
        if title:
            page.merge_range(3, column, 4, column, title)
    book.add_worksheet("说明").write_string(0, 0, "本表每月更新")
    book.close()
    return path


def write_csv(path: Path, sample: Sample, encoding: str = "gb18030", sign: str = ",") -> Path:
    """The list as text, as a core system exports it."""
    import csv

    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=sign).writerows(laid_out(sample))
    return path
