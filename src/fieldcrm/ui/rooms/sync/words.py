"""The words and chips of packages: states, checks, changes, results."""

from __future__ import annotations

from collections.abc import Sequence

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.core.sync import PackageRow, Received


def state_words(state: str) -> tuple[str, str]:
    """What became of a package, and its tone."""
    known = {
        "sent": (_("Sent"), "blue"),
        "confirmed": (_("Confirmed"), "green"),
        "ready": (_("Ready to merge"), "blue"),
        "merged": (_("Merged"), "green"),
        "repeated": (_("Merged (nothing new)"), "green"),
        "held": (_("Waits"), "amber"),
        "refused": (_("Package refused"), "red"),
        "taken_back": (_("Taken back"), "grey"),
    }
    return known.get(state, (state, "grey"))


def row_state(row: PackageRow) -> tuple[str, str]:
    """As `state_words`, with conflicts that still wait."""
    if row.open_conflicts:
        return _("To decide"), "amber"
    return state_words(row.state)


def check_words(state: str, code: str) -> tuple[str, str]:
    """What the check of a package found, and its tone."""
    if code == "package.gap":
        return _("One before it is missing"), "amber"
    if code == "package.audit_cut":
        return _("Audit log cut back"), "amber"
    if code in ("package.forked", "package.own_gap", "package.office_gap"):
        return _("Computer restored or copied"), "amber"
    if code == "package.bad_signature":
        return _("Signature does not match"), "red"
    if code in ("package.damaged", "package.chain_broken"):
        return _("Damaged"), "red"
    if code in ("package.unknown_sender", "package.revoked_sender"):
        return _("Sender not enrolled"), "red"
    if code in ("sheet.password-needed", "sheet.wrong-password"):
        return _("Password wanted"), "amber"
    if code in ("package.not_for_us", "sealed_for_another"):
        return _("For another computer"), "red"
    if code == "clock.ahead":
        return _("Dated far ahead"), "red"
    if code in ("package.bad_value", "package.unknown_field", "package.unknown_kind", "package.incomplete"):
        return _("Content does not fit"), "red"
    if code == "package.newer":
        return _("Newer program"), "red"
    if state == "refused":
        return _("Not allowed") if code.startswith("package.") else _("Not readable"), "red"
    return _("Signature verified"), "green"


def change_words(new: int, changed: int, deleted: int, state: str) -> str:
    """+34 ~92 −2; `deleted` of `changed`."""
    if state == "repeated":
        return _("Came before")
    if state in ("refused", "held") and not (new or changed):
        return "—"
    figures = (("+", new), ("~", changed - deleted), ("−", deleted))
    return " ".join(f"{sign}{n:,}" for sign, n in figures if n) or "—"


def inside_words(row: PackageRow) -> str:
    """What a package carries: callbacks 104 · contacts 91."""
    return " · ".join(f"{kind.label} {kind.count:,}" for kind in row.kinds)


def result_words(results: Sequence[Received]) -> tuple[str, str]:
    """What became of imported packages, as (level, sentence)."""
    if len(results) == 1:
        return _one(results[0])
    states = [r.state for r in results]
    parts = _states(states)
    new, changed = sum(r.new for r in results), sum(r.changed for r in results)
    conflicts = sum(r.conflicts for r in results)
    words = " · ".join((*parts, *_figures(new, changed, conflicts)))
    return ("warning" if {"held", "refused"} & set(states) or conflicts else "done"), words


def left_words(results: Sequence[Received]) -> str:
    """What imported packages leave to do: those that wait or were refused, conflicts, what is wrong with a sender."""
    held_back = [r.state for r in results if r.state in ("held", "refused")]
    reasons = [r.reason for r in results if r.state == "merged" and r.reason]
    return " · ".join((*_states(held_back), *_figures(0, 0, sum(r.conflicts for r in results)), *reasons))


def _states(states: Sequence[str]) -> list[str]:
    parts = []
    for state, words in (
        ("merged", _("{n} merged")),
        ("repeated", _("{n} brought nothing new")),
        ("held", _("{n} wait")),
        ("refused", _("{n} refused")),
    ):
        if states.count(state):
            parts.append(words.format(n=states.count(state)))
    return parts


def _one(result: Received) -> tuple[str, str]:
    name = _("Package {n} from {sender}").format(n=result.number, sender=result.sender)
    if result.state == "refused":
        return "error", result.reason
    if result.state == "held":
        return "warning", result.reason
    if result.state == "repeated":
        return "info", name + " · " + _("brought nothing new")
    told = [result.reason] if result.reason else []
    words = " · ".join((name, _("merged"), *_figures(result.new, result.changed, result.conflicts), *told))
    return ("warning" if result.conflicts or told else "done"), words


def _figures(new: int, changed: int, conflicts: int) -> list[str]:
    figures = []
    if new:
        figures.append(ngettext("{n} new record", "{n} new records", new).format(n=f"{new:,}"))
    if changed:
        figures.append(ngettext("{n} changed", "{n} changed", changed).format(n=f"{changed:,}"))
    if conflicts:
        figures.append(ngettext("{n} conflict to decide", "{n} conflicts to decide", conflicts).format(n=conflicts))
    return figures
