"""The printed visit plan: everything on it, in reading order, whatever the length of names and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.paper.preview import Pages
from fieldcrm.core.visits.paper import (
    CallPaper,
    DayPaper,
    PlanPaper,
    StopPaper,
    navigation_link,
    print_visit_plan,
    visit_plan_bytes,
)

MONDAY = date(2026, 11, 23)
STOP = StopPaper(
    slot="10:00",
    minutes=60,
    name="王淑珍",
    about="52 岁 • 女",
    chip="满期 12-03 • 12 万",
    chip_tone="amber",
    address="台江区工业路 211 号 3 栋 502",
    phone="138 0591 ••32",
    purpose="年金 D 款方案讲解",
    bring="计划书 • 红利通知书",
    policy="千里马两全（分红）12 万",
    history="上次 11-20 电话：同意看方案",
    navigate_to="福州市台江区工业路211号",
)
LONG = StopPaper(
    slot="08:30",
    minutes=90,
    name="福建省海峡两岸农产品物流城开发有限公司长乐分公司（含䶮𠮷㛃仓储）" * 2,
    about="企业 • 财务总监",
    chip="续保 01-15",
    address="福建省福州市长乐区江田镇友爱村滨海工业区第三期二号路与四号路交叉口西北角 1288 号" * 2,
    purpose="讲解续保方案，" * 20,
    bring="续保方案书 • " * 12,
    history="对方要求提供同业比较，" * 60,
)


def plan(*days: DayPaper) -> PlanPaper:
    return PlanPaper(days, "福州支公司", "林晓", clock.instant(date(2026, 11, 20), 18, 2))


def texts(content: bytes) -> list[str]:
    with Pages(content) as pages:
        return [pages.text(number) for number in range(len(pages))]


def test_a_day_as_in_the_picture() -> None:
    i18n.use("zh_CN")
    calls = (CallPaper("陈志明", "满期 12-09 回访", "139 5012 ••08"),)
    (text,) = texts(visit_plan_bytes(plan(DayPaper(MONDAY, (STOP, STOP), calls))))
    assert "2026-11-23 星期一 • 福州支公司 • 客户经理 林晓" in text
    assert "2 家 • 预计 2 小时 • 电话 1 通" in text
    assert "天气与交通自记：" in text
    assert "内部资料 • 含客户个人信息，用毕回收" in text
    words = (
        "10:00", "60 分", "王淑珍", "52 岁 • 女", "满期 12-03 • 12 万", "台江区工业路 211 号 3 栋 502", "138 0591 ••32",
        "目的", "年金 D 款方案讲解", "携带", "保单", "往来", "结果 □ 成交 □ 有意向 □ 考虑 □ 拒绝 □ 改期",
        "下次 ____月____日 ____时", "10:00", "顺访与电话", "陈志明", "夕会小结",
    )  # fmt: skip
    at = 0
    for word in words:
        assert word in text[at:], word
        at = text.index(word, at)


def test_in_english() -> None:
    (text,) = texts(visit_plan_bytes(plan(DayPaper(MONDAY, (STOP,)))))
    assert "1 stop • about 1 h • 0 calls" in text
    assert "Result □ Deal □ Interested □ Considering □ Refused □ Another day" in text, "the words of the screen"


def test_each_day_has_its_page_even_an_empty_one() -> None:
    days = [DayPaper(MONDAY + timedelta(n), (STOP,) if n else ()) for n in range(5)]
    pages = texts(visit_plan_bytes(plan(*days)))
    assert len(pages) == 5
    assert all(f"2026-11-{23 + n}" in text for n, text in enumerate(pages))


def test_an_empty_day_is_planned_by_hand() -> None:
    """Cards to write on, and no counts of nothing."""
    i18n.use("zh_CN")
    (text,) = texts(visit_plan_bytes(plan(DayPaper(MONDAY))))
    assert text.count("目的") == text.count("结果 □ 成交") == 3
    assert "0 家" not in text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_overfull_days_split_no_card(language: str) -> None:
    i18n.use(language)
    stops = tuple(replace(LONG if n % 3 == 0 else STOP, slot=f"{8 + n:02}:07", purpose=f"P{n:02}。") for n in range(12))
    pages = texts(visit_plan_bytes(plan(DayPaper(MONDAY, stops, (CallPaper("陈志明"),) * 40))))
    for n in range(12):
        (page,) = [text for text in pages if f"{8 + n:02}:07" in text]
        assert f"P{n:02}" in page
    assert sum(text.count("陈志明") for text in pages) == 40
    assert sum(text.count("□") for text in pages) == 12 * 5 + 40


def test_rare_characters_of_a_long_name() -> None:
    (text, *_rest) = texts(visit_plan_bytes(plan(DayPaper(MONDAY, (LONG,)))))
    assert "䶮𠮷㛃" in text


def test_a_long_address_gives_way_never_the_phone() -> None:
    (text, *_rest) = texts(visit_plan_bytes(plan(DayPaper(MONDAY, (replace(STOP, address="浦上大道万达广场" * 20),)))))
    assert "138 0591 ••32" in text


def test_printing_writes_one_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    assert print_visit_plan(plan(DayPaper(MONDAY, (STOP,))), path) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_the_code_holds_the_address_alone() -> None:
    link = navigation_link("福州市台江区工业路211号")
    assert link.startswith("https://uri.amap.com/search?keyword=%E7%A6%8F")
    assert link.isascii()
    assert navigation_link("") == ""


def test_two_hundred_pages() -> None:
    days = [DayPaper(MONDAY + timedelta(n), (STOP,) * 3, (CallPaper("陈志明"),) * 4) for n in range(200)]
    assert len(texts(visit_plan_bytes(plan(*days)))) == 200
