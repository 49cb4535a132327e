"""What a printed visit plan holds, as frozen rows; drawing it (`plan_sheet`) loads the PDF library only then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

from fieldcrm.base.jobs import Progress
from fieldcrm.core.clients.rules import whole_address


@dataclass(frozen=True)
class StopPaper:
    """A stop: `about` is age and sex or the contact person, `chip` the reason in short with its tone, `phone` is
    masked already, `navigate_to` the address the QR code leads to (empty: no code)."""

    slot: str
    minutes: int | None
    name: str
    about: str = ""
    chip: str = ""
    chip_tone: str = "grey"
    address: str = ""
    phone: str = ""
    purpose: str = ""
    bring: str = ""
    policy: str = ""
    history: str = ""
    navigate_to: str = ""


@dataclass(frozen=True)
class CallPaper:
    """A call to make along the way."""

    name: str
    reason: str = ""
    phone: str = ""
    time: str = ""


@dataclass(frozen=True)
class DayPaper:
    """One day; it begins on a page of its own."""

    on: date
    stops: tuple[StopPaper, ...] = ()
    calls: tuple[CallPaper, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(stop.minutes or 0 for stop in self.stops)


@dataclass(frozen=True)
class PlanPaper:
    """A week's plan (or any days): unit and manager stand in the head."""

    days: tuple[DayPaper, ...]
    unit: str = ""
    manager: str = ""
    printed_at: datetime | None = None
    invariant: bool = False


def navigation_link(address: str) -> str:
    """What the QR code holds: an https search link of Amap.

    The scanner of WeChat, which people here use, opens https links alone (a geo: link shows as plain text, and
    iPhones ignore it); Amap's page opens the map app where there is one and works in the browser where there is
    none. Nothing is asked of the network to print it. Only the address is in it, no name.
    """
    return f"https://uri.amap.com/search?keyword={quote(address)}&callnative=1" if address else ""


def house_address(city: str | None, district: str | None, address: str | None) -> str:
    """An address as far as the house: what a map finds. Flat and floor say too much and find nothing."""
    if not address:
        return ""
    bare = re.sub(r"\s+", "", address)
    house = re.match(r".{0,60}?\d+(?:[-—之]\d+)?号", bare)
    return whole_address(city, district, house[0] if house else bare[:40])


def print_visit_plan(plan: PlanPaper, path: Path, progress: Progress | None = None) -> int:
    """Write the plan as PDF, whole or not at all; gives its pages. Raises `Environment`, `Cancelled`."""
    from fieldcrm.base.paper import sheet
    from fieldcrm.core.visits import plan_sheet

    return sheet.save(plan_sheet.document(plan), path, progress)


def visit_plan_bytes(plan: PlanPaper, progress: Progress | None = None) -> bytes:
    """The plan as PDF in memory, for a preview."""
    from fieldcrm.base.paper import sheet
    from fieldcrm.core.visits import plan_sheet

    return sheet.build(plan_sheet.document(plan), progress)[0]
