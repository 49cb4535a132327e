"""The default conversion rules by age, line and term."""

from __future__ import annotations

import pytest

from fieldcrm.base import forms, i18n
from fieldcrm.core.policies import rules
from fieldcrm.core.policies.conversion import advise

BANDS = (*rules.AGE_BANDS, rules.UNKNOWN)


@pytest.mark.parametrize(
    ("band", "codes"),
    [
        ("20_30", ["protect"]), ("31_40", ["child", "own"]), ("41_50", ["annuity_5"]),
        ("51_60", ["annuity_single", "deposit"]), ("61_up", ["deposit"]), ("under_20", []), ("unknown", []),
    ],
)  # fmt: skip
def test_offers_by_age(band: str, codes: list[str]) -> None:
    advice = advise(band, "participating", 12_000_000, 6)
    assert [offer.code for offer in advice.offers] == codes


@pytest.mark.parametrize("line", ["participating", "universal", "annuity", None])
@pytest.mark.parametrize("years", [3, 6, 10, None])
def test_insurance_is_never_pushed_at_61(line: str | None, years: int | None) -> None:
    advice = advise("61_up", line, 1_000_000, years)
    assert not any(offer.sells_insurance for offer in advice.offers)
    assert "convert directly" not in " ".join(advice.notes)


@pytest.mark.parametrize("band", BANDS)
def test_a_universal_policy_is_kept(band: str) -> None:
    advice = advise(band, "universal", 2_000_000, 5)
    assert [offer.code for offer in advice.offers] == ["keep"]
    assert advice.notes == ("Explain long holding.",)


def test_term_says_how_to_begin() -> None:
    assert "convert directly" in advise("41_50", "participating", 1, 8).notes[0]
    assert "dissatisfaction" in advise("41_50", "participating", 1, 5).notes[0]
    assert advise("41_50", "participating", 1, 6).notes == ()


@pytest.mark.parametrize("band", BANDS)
def test_every_suggestion_gives_version_reason_and_a_known_objection(band: str) -> None:
    i18n.use("zh_CN")
    advice = advise(band, "participating", 12_000_000, 5)
    assert advice.version
    assert "10–20 万" in advice.reason
    objection = forms.get("callback")["objection"]
    assert advice.objection is None or objection.choice(advice.objection) is not None
    assert all(not offer.what.isascii() and not offer.terms.isascii() for offer in advice.offers)
