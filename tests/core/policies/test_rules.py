"""Bands, principal and maturity, straight from the domain's words."""

from __future__ import annotations

from datetime import date

import pytest

from fieldcrm.base import forms, i18n
from fieldcrm.core.policies import rules

ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (date(2006, 11, 21), "under_20"), (date(2006, 11, 20), "20_30"), (date(1995, 11, 21), "20_30"),
        (date(1995, 11, 20), "31_40"), (date(1985, 11, 21), "31_40"), (date(1985, 11, 20), "41_50"),
        (date(1975, 11, 20), "51_60"), (date(1965, 11, 21), "51_60"), (date(1965, 11, 20), "61_up"),
        (date(1901, 1, 1), "61_up"), (None, "unknown"), (date(2027, 1, 1), "unknown"),
    ],
)  # fmt: skip
def test_age_bands_count_full_years_and_the_birthday(birth: date | None, band: str) -> None:
    assert rules.age_band(birth, ON) == band


def test_29_february_falls_on_1_march() -> None:
    born = date(1996, 2, 29)
    assert rules.age_band(born, date(2027, 2, 28)) == "20_30"  # still 30
    assert rules.age_band(born, date(2027, 3, 1)) == "31_40"
    assert rules.age_band(date(1988, 2, 29), date(2028, 2, 29)) == "31_40"


@pytest.mark.parametrize(
    ("fen", "band"),
    [
        (0, "under_5"), (4_999_999, "under_5"), (5_000_000, "5_10"), (9_999_999, "5_10"), (10_000_000, "10_20"),
        (19_999_999, "10_20"), (20_000_000, "20_up"), (10**12, "20_up"), (None, "unknown"),
    ],
)  # fmt: skip
def test_principal_bands_lower_in_upper_out(fen: int | None, band: str) -> None:
    assert rules.principal_band(fen) == band


def test_principal_is_what_was_paid() -> None:
    assert rules.principal("single", 12_000_000, None) == 12_000_000
    assert rules.principal("regular", 1_000_000, 3) == 3_000_000
    assert rules.principal("regular", 1_000_000, None) is None
    assert rules.principal(None, 1_000_000, 3) is None
    assert rules.principal("regular", 1_000_000, 3, stated_fen=5_000_000) == 5_000_000


def test_universal_never_matures() -> None:
    assert rules.days_to_maturity("participating", date(2026, 12, 3), ON) == 13
    assert rules.days_to_maturity("universal", date(2026, 12, 3), ON) is None
    assert rules.days_to_maturity("annuity", None, ON) is None
    tones = [rules.maturity_tone(days) for days in (-1, 0, 7, 8, 30, 31, None)]
    assert tones == ["red", "red", "red", "amber", "amber", "blue", "grey"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("千里马两全保险（分红型）", "participating"), ("金如意两全保险（万能型）", "universal"),
        ("福满年金保险 D 款", "annuity"),
        ("安心两全保险", "endowment"), ("增额终身寿险", "whole_life"), ("康宁重大疾病保险", "health"),
        ("团体意外伤害保险", "group_ah"), ("综合意外伤害保险", "accident"), ("机动车商业保险", "fleet"),
        ("财产一切险", "property"), ("家庭财产保险", "home"), ("雇主责任险", "liability"), ("货物运输保险", "marine"),
        ("建筑工程一切险", "engineering"), ("如意宝", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_line_told_by_the_name(name: str | None, line: str | None) -> None:
    assert rules.line_of(name) == line
    assert line is None or forms.get("policy")["line"].choice(line) is not None


def test_line_of_every_choice() -> None:
    for choice in forms.get("policy")["line"].choices:
        assert choice.code == "other" or rules.line_of(choice.zh) == choice.code


def test_next_month() -> None:
    assert rules.next_month(ON) == (date(2026, 12, 1), date(2026, 12, 31))
    assert rules.next_month(date(2026, 12, 31)) == (date(2027, 1, 1), date(2027, 1, 31))
    assert rules.next_month(date(2028, 1, 15)) == (date(2028, 2, 1), date(2028, 2, 29))


def test_words_of_bands() -> None:
    for code in (*rules.AGE_BANDS, *rules.PRINCIPAL_BANDS, rules.UNKNOWN):
        assert rules.band_words(code)
    i18n.use("zh_CN")
    assert rules.band_words("61_up") == "61 岁及以上"
    assert rules.band_words("10_20") == "10–20 万"


def test_cover_that_renews_never_matures() -> None:
    values: dict[str, object] = {"matures_on": date(2026, 12, 3)}
    rules.settle_dates(values, "fleet")
    assert values == {"renews_on": date(2026, 12, 3)}
    values = {"matures_on": date(2026, 12, 3)}
    rules.settle_dates(values, "participating")
    assert values == {"matures_on": date(2026, 12, 3)}
    assert rules.matures("property", date(2026, 12, 3)) is None
