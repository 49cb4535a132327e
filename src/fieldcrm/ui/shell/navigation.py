"""The one table of pages: key, words, icon, role, group, and where the page class is; imported when first opened."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.machinery import PathFinder

from fieldcrm.base.i18n import N_
from fieldcrm.ui import rooms
from fieldcrm.ui.kit.page import Page
from fieldcrm.ui.shell.me import MANAGER, OFFICE

MAIN, MANAGE, RECORDS, HEAD_OFFICE, FOOT = "main", "manage", "records", "head_office", "foot"

GROUP_WORDS = {MANAGE: N_("Manage"), RECORDS: N_("Managers' work"), HEAD_OFFICE: N_("Head office")}
"""The groups in the order of the rail; the main one and the foot have no words."""
_ORDER = (MAIN, *GROUP_WORDS, FOOT)


@dataclass(frozen=True)
class Entry:
    """One page. `place` is "module:Class"; the class takes the desk as its only argument."""

    key: str
    label: str  # msgid
    icon: str
    place: str
    group: str = MAIN
    roles: tuple[str, ...] = (MANAGER,)
    under: str = ""  # a page without a place in the rail: the one it is reached from
    manager_under: str = ""  # as `under`, only at a manager's, and in the group of that page
    office: str = ""  # the group at the office, where it is another one
    office_label: str = ""  # msgid at the office, where it is another one


_ROOMS = "fieldcrm.ui.rooms"
BOTH = (MANAGER, OFFICE)

ENTRIES = (
    Entry("inbox", N_("Inbox"), "inbox", f"{_ROOMS}.inbox.page:InboxPage", roles=(OFFICE,)),
    Entry(
        "conflicts", N_("Conflicts"), "git-merge", f"{_ROOMS}.conflicts.page:ConflictsPage", roles=BOTH,
        manager_under="sync",
    ),
    Entry("people", N_("Units & people"), "building-2", f"{_ROOMS}.inbox.people:PeoplePage", MANAGE, (OFFICE,)),
    Entry("today", N_("Today"), "layout-dashboard", f"{_ROOMS}.today.page:TodayPage"),
    Entry("clients", N_("Clients"), "users", f"{_ROOMS}.clients.page:ClientsPage", roles=BOTH, office=RECORDS),
    Entry(
        "imports", N_("Import a list"), "upload", f"{_ROOMS}.imports.page:ImportPage", roles=BOTH, under="clients",
        office=RECORDS,
    ),
    Entry(
        "policies", N_("Policies"), "file-text", f"{_ROOMS}.policies.page:PoliciesPage", roles=BOTH, office=RECORDS
    ),
    Entry("visits", N_("Visit plan"), "map-pin", f"{_ROOMS}.visits.page:VisitsPage"),
    Entry(
        "callbacks", N_("Callbacks"), "phone-call", f"{_ROOMS}.callbacks.page:CallbacksPage", roles=BOTH,
        office=RECORDS,
    ),
    Entry(
        "complaints", N_("Complaints"), "message-square-warning", f"{_ROOMS}.complaints.page:ComplaintsPage",
        roles=BOTH, office=RECORDS,
    ),
    Entry(
        "diary", N_("Diary"), "notebook-pen", f"{_ROOMS}.diary.page:DiaryPage", roles=BOTH, office=MANAGE,
        office_label=N_("Diary check"),
    ),
    Entry("sync", N_("Sync"), "refresh-cw", f"{_ROOMS}.sync.page:SyncPage", HEAD_OFFICE),
    Entry("settings", N_("Settings"), "settings", f"{_ROOMS}.settings.page:SettingsPage", FOOT, BOTH),
    Entry("bin", N_("Recycle bin"), "trash-2", f"{_ROOMS}.bin.page:BinPage", FOOT, BOTH),
    Entry("help", N_("Help"), "circle-question-mark", f"{_ROOMS}.help.page:HelpPage", FOOT, BOTH),
)  # fmt: skip


def entries(role: str) -> tuple[Entry, ...]:
    """The pages of a role that are built, in the order of the rail."""
    found = [entry for entry in ENTRIES if role in entry.roles and _built(entry.place.partition(":")[0])]
    if role == MANAGER:
        found = [
            replace(e, under=e.manager_under, group=entry(e.manager_under).group) if e.manager_under else e
            for e in found
        ]
    if role == OFFICE:
        found = [replace(e, group=e.office or e.group, label=e.office_label or e.label) for e in found]
    return tuple(sorted(found, key=lambda e: _ORDER.index(e.group)))


def entry(key: str) -> Entry:
    """The page of a key; KeyError when there is none."""
    return {e.key: e for e in ENTRIES}[key]


@cache
def _built(module: str) -> bool:
    """Whether the module exists, found without importing the packages above it."""
    if module in sys.modules:
        return True
    names = module.split(".")
    path: Sequence[str] | None = rooms.__path__
    start = rooms.__name__.count(".") + 2
    for depth in range(start, len(names) + 1):
        found = PathFinder.find_spec(".".join(names[:depth]), path)
        if found is None:
            return False
        path = found.submodule_search_locations
    return True


def import_page(key: str) -> None:
    """Import a page's module ahead of time, in the window's thread; an unknown key: the first page of either role."""
    known = {e.key: e for e in ENTRIES}
    first = [entries(role)[0] for role in (MANAGER, OFFICE)]
    for wanted in [known[key]] if key in known else first:
        module = wanted.place.partition(":")[0]
        if _built(module):
            importlib.import_module(module)


def page_class(wanted: Entry) -> type[Page]:
    """Import the page's class."""
    module, _colon, name = wanted.place.partition(":")
    found: type[Page] = getattr(importlib.import_module(module), name)
    return found
