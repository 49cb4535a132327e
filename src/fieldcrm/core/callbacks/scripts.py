"""What to say: the default scripts by objection, with the client's own figures, and the stage of life by age band."""

from __future__ import annotations

from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.text import money

_HIGHER = N_(
    "Admit the difference first: a deposit over the same time comes to {difference} yuan more. Do not avoid it."
)
_LOWER = N_("Show the figures: the policy pays {difference} yuan more than a deposit over the same time.")
_UNKNOWN = N_("Take down what deposit the client compares with, and compute it together.")
_SENIOR = N_("61 and over: a deposit comes first, never push insurance.")

# Objection to the steps of the answer; `{figures}` stands for what is said about the difference
_STEPS: dict[str, tuple[str, ...]] = {
    "below_deposit": (
        "{figures}",
        N_("Recall the cover of these years and the services used."),
        N_("The new product's rate and gifts can make up part of the difference."),
        N_("Who wants it safe turns the policy into a deposit; nobody is talked out of it."),
    ),
    "needs_money": (
        N_("Ask when the money is needed and how much of it."),
        N_("Pay out what is needed, keep the rest within reach."),
        N_("Before maturity a loan on the policy costs less than a surrender."),
    ),
    "too_long": (
        N_("Ask until when the money can rest."),
        N_("Offer the shorter term, or part in a deposit."),
        N_("A long term locks in the rate while deposit rates fall."),
    ),
    "wants_flexible": (
        N_("Split it: what may be needed in a deposit, the rest in the policy."),
        N_("Partial withdrawals and loans on the policy are possible; show how."),
    ),
    "family": (
        N_("Ask who decides, and offer to explain it to the family together."),
        N_("Fix a time when they are at home; bring the plan and the last bonus notice."),
    ),
    "comparing": (
        N_("Ask which product it is compared with; write down rate, term and who guarantees it."),
        N_("Compare guaranteed parts only, never promised bonuses."),
        N_("Leave the comparison on paper."),
    ),
    "distrust": (
        N_("Listen first; say which part of it is right."),
        N_("Show the contract and what has been paid into the account."),
        N_("Tell the number of the hotline; no decision today."),
    ),
    "service": (
        N_("Apologise and write down what happened; say by when it is settled."),
        N_("Settle it first, talk of conversion in a later call."),
        N_("If the client complains, choose Complains: the clock starts today."),
    ),
    "no_need": (
        N_("Explain the maturity only: when, how much, where to get it."),
        N_("Ask whether anything has changed at home; do not press."),
    ),
    "other": (
        N_("Write down the client's words."),
        N_("Promise an answer with a day, and keep it."),
    ),
}  # fmt: skip
OPENING = (
    N_("Say who you are, and that the policy matures soon; ask whether it suits now."),
    N_("Explain when it matures, how much is paid and how it is drawn."),
    N_("Explain what it can be turned into, and ask what the client thinks."),
)
LONG_HOLDING = (
    N_("This policy is for life: it does not mature."),
    N_("A payout now is a surrender at cash value; explain what is lost."),
    N_("Part of the money can be drawn while the policy goes on."),
)
_STAGES = {
    "20_30": N_("Starting out"),
    "31_40": N_("Child's education"),
    "41_50": N_("Family at its fullest"),
    "51_60": N_("Planning the pension"),
    "61_up": N_("Enjoying the pension"),
}


def steps(objection: str | None, difference_fen: int | None, age_band: str, *, whole_life: bool) -> tuple[str, ...]:
    """The numbered sentences for an objection (None: the opening); `difference_fen` is deposit less benefit."""
    lines: tuple[str, ...] = _STEPS.get(objection or "", OPENING)
    if whole_life and objection in (None, "needs_money"):
        lines = LONG_HOLDING
    said = [figures(difference_fen) if line == "{figures}" else gettext(line) for line in lines]
    return (*said, gettext(_SENIOR)) if age_band == "61_up" else tuple(said)


def figures(difference_fen: int | None) -> str:
    """The sentence about the difference between a deposit and the benefit."""
    if difference_fen is None:
        return gettext(_UNKNOWN)
    return gettext(_HIGHER if difference_fen > 0 else _LOWER).format(difference=money(abs(difference_fen)))


def stage(age_band: str) -> str:
    """The stage of life of an age band; empty when it is not known."""
    return gettext(_STAGES[age_band]) if age_band in _STAGES else ""
