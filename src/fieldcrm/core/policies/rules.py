"""Decisions about policies: bands of age and principal, what is paid in, when a policy matures (domain, section 1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.text import age

UNKNOWN = "unknown"

# Code to (first, last) full years of age; under 20 and unknown are rows of their own, so that totals tie.
AGE_BANDS: dict[str, tuple[int, int]] = {
    "under_20": (-999, 19),
    "20_30": (20, 30),
    "31_40": (31, 40),
    "41_50": (41, 50),
    "51_60": (51, 60),
    "61_up": (61, 999),
}
# Code to (from, to) in fen; the lower bound is in, the upper bound out.
PRINCIPAL_BANDS: dict[str, tuple[int, int | None]] = {
    "under_5": (0, 5_000_000),
    "5_10": (5_000_000, 10_000_000),
    "10_20": (10_000_000, 20_000_000),
    "20_up": (20_000_000, None),
}
_WORDS = {
    "under_20": N_("Under 20"),
    "20_30": N_("20–30"),
    "31_40": N_("31–40"),
    "41_50": N_("41–50"),
    "51_60": N_("51–60"),
    "61_up": N_("61 and over"),
    "under_5": N_("Under 50,000"),
    "5_10": N_("50,000–100,000"),
    "10_20": N_("100,000–200,000"),
    "20_up": N_("200,000 and over"),
    UNKNOWN: N_("Unknown"),
}
URGENT_DAYS = 7
SOON_DAYS = 30


def band_words(code: str) -> str:
    """The words of an age or principal band, in the language of the moment."""
    return gettext(_WORDS[code])


def age_band(birth_on: date | None, on: date) -> str:
    """The band of the applicant's full years on a day."""
    return age_band_of(None if birth_on is None else age(birth_on, on))


def age_band_of(years: int | None) -> str:
    """The band of an age in full years."""
    if years is None or years < 0:
        return UNKNOWN
    return next(code for code, (first, last) in AGE_BANDS.items() if first <= years <= last)


def principal_band(principal_fen: int | None) -> str:
    """The band of a principal."""
    if principal_fen is None or principal_fen < 0:
        return UNKNOWN
    return next(code for code, (_, to) in PRINCIPAL_BANDS.items() if to is None or principal_fen < to)


def principal(
    pay_mode: str | None, premium_fen: int | None, instalments_paid: int | None, stated_fen: int | None = None
) -> int | None:
    """Premiums paid in fen: as stated; else the single premium; else instalments paid times premium; None if unknown.

    The principal is never the maturity benefit; of a regular-pay policy it is the sum of instalments paid.
    """
    if stated_fen is not None:
        return stated_fen
    if premium_fen is None or pay_mode is None:
        return None
    if pay_mode == "single":
        return premium_fen
    return None if instalments_paid is None else premium_fen * instalments_paid


# The first word found in a product's name or a list's line tells the line; 万能 and 分红 before the kind of cover.
_LINE_WORDS = (
    ("universal", ("万能", "universal")), ("participating", ("分红", "participating")),
    ("group_ah", ("团体意外", "团体健康", "团意", "意健", "团体医疗", "团体重大疾病")),
    ("annuity", ("年金", "养老", "annuity")), ("endowment", ("两全", "endowment")),
    ("whole_life", ("终身寿", "增额终身", "whole life")), ("term_life", ("定期寿", "定寿", "term life")),
    ("liability", ("责任", "liability")), ("marine", ("货运", "货物运输", "船舶", "水险", "marine")),
    ("home", ("家财", "家庭财产")), ("engineering", ("工程", "建工", "安工")),
    ("credit", ("信用保", "保证保险", "信用险", "保证险")),
    ("health", ("健康", "重疾", "重大疾病", "医疗", "疾病", "防癌", "护理", "health")),
    ("accident", ("意外", "accident")), ("fleet", ("团车", "车险", "机动车", "车辆", "交强", "motor")),
    ("property", ("财产", "企财", "property")),
)  # fmt: skip


def line_of(words: str | None) -> str | None:
    """The line told by a product name or by the line word of a list ("千里马两全（分红型）"); None when none is."""
    text = (words or "").casefold()
    return next((line for line, keys in _LINE_WORDS if any(key in text for key in keys)), None)


RENEWING = frozenset({"property", "fleet", "group_ah", "liability", "marine", "engineering", "credit", "home"})
"""Lines of property and casualty: at the end of cover they are renewed, they never mature."""


def settle_dates(values: dict[str, Any], line: str | None) -> None:
    """Lists call the end of any cover 满期日; where the line renews, it is the renewal date."""
    if line in RENEWING and values.get("matures_on") is not None:
        ends = values.pop("matures_on")
        values["renews_on"] = values.get("renews_on") or ends


WHOLE_LIFE = frozenset({"universal", "whole_life"})
"""Lines that never mature, whatever the list says."""


def is_whole_life(line: str | None) -> bool:
    """Universal policies are whole-life: a payout at the listed maturity is a surrender at cash value."""
    return line in WHOLE_LIFE


def matures(line: str | None, matures_on: date | None) -> date | None:
    """The day a policy matures; None for whole-life lines and those that renew, whatever the list says."""
    return None if is_whole_life(line) or line in RENEWING else matures_on


def days_to_maturity(line: str | None, matures_on: date | None, on: date) -> int | None:
    """Days left (0 on the day, negative afterwards); None when it does not mature."""
    day = matures(line, matures_on)
    return None if day is None else (day - on).days


def maturity_tone(days_left: int | None) -> str:
    """Colour of a maturity: red overdue or within 7 days, amber within 30, else blue; grey when it does not mature."""
    if days_left is None:
        return "grey"
    if days_left <= URGENT_DAYS:
        return "red"
    return "amber" if days_left <= SOON_DAYS else "blue"


def next_month(on: date) -> tuple[date, date]:
    """First and last day of the month after a day's: its maturing policies are called now, one month ahead."""
    first = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, date.fromordinal(following.toordinal() - 1)
