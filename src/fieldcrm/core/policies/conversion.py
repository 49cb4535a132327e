"""What to offer a client whose policy matures: head office's conversion rules, default version (domain, section 1)."""

from __future__ import annotations

from dataclasses import dataclass

from fieldcrm.base.i18n import N_, gettext
from fieldcrm.core.policies.rules import UNKNOWN, band_words, is_whole_life, principal_band

VERSION = "default-1"
DIRECT_YEARS = 8  # a term of 8 years and over converts directly: its return beats the deposit
SETTLE_YEARS = 5  # at 5 years and under dissatisfaction is settled first


@dataclass(frozen=True)
class Offer:
    """One thing to offer: a stable code, what, and how much or why, in the language of the moment."""

    code: str
    what: str
    terms: str
    sells_insurance: bool


@dataclass(frozen=True)
class Advice:
    """The offers in their order, the objection to expect (a code of the forms), and why: version and reasons."""

    offers: tuple[Offer, ...]
    objection: str | None
    notes: tuple[str, ...]
    version: str
    reason: str


_DEPOSIT = ("deposit", N_("Turn the policy into a deposit"), N_("the rest, kept within reach"), False)
# Age band to (objection to expect, offers)
_BY_AGE: dict[str, tuple[str | None, tuple[tuple[str, str, str, bool], ...]]] = {
    "20_30": (
        "wants_flexible",
        (("protect", N_("Endowment or annuity with accident cover"), N_("10,000 a policy, 5 or 10 years"), True),),
    ),
    "31_40": (
        "comparing",
        (
            ("child", N_("Plan for the child"), N_("up to 30,000, regular"), True),
            ("own", N_("Plan for the client"), N_("up to 30,000, regular"), True),
        ),
    ),
    "41_50": ("below_deposit", (("annuity_5", N_("Annuity"), N_("30,000 to 50,000, 5 years"), True),)),
    "51_60": (
        "below_deposit",
        (("annuity_single", N_("Annuity, single premium"), N_("50,000 to 100,000"), True), _DEPOSIT),
    ),
    "61_up": (None, (("deposit", N_("Turn the policy into a deposit"), N_("the whole amount; no insurance"), False),)),
    "under_20": (None, ()),
    UNKNOWN: (None, ()),
}


def advise(age_band: str, line: str | None, principal_fen: int | None, term_years: int | None) -> Advice:
    """The suggestion for a maturing policy by the applicant's age band, the line, principal and term.

    A universal policy is kept (it does not mature); nobody of 61 and over is offered insurance.
    """
    objection, offers = _BY_AGE[age_band]
    notes: list[str] = []
    if is_whole_life(line):
        objection = "needs_money"
        offers = (("keep", N_("Keep the policy"), N_("whole life: a payout now is a surrender at cash value"), False),)
        notes.append(gettext("Explain long holding."))
    elif not offers:
        notes.append(gettext("The age is not known or under 20: ask before offering anything."))
    elif term_years is not None and term_years >= DIRECT_YEARS and age_band != "61_up":
        notes.append(gettext("Long term: the return beats the deposit, convert directly."))
    elif term_years is not None and term_years <= SETTLE_YEARS:
        notes.append(gettext("Short term: settle dissatisfaction first."))
    return Advice(
        offers=tuple(Offer(code, gettext(what), gettext(terms), sells) for code, what, terms, sells in offers),
        objection=objection,
        notes=tuple(notes),
        version=VERSION,
        reason=f"{band_words(age_band)} · {band_words(principal_band(principal_fen))}",
    )
