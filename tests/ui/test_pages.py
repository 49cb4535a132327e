"""All pages of both roles at once: their places in the rail, the names of their controls, their keys."""

from __future__ import annotations

from fieldcrm.ui.shell import navigation


def test_the_office_s_pages_stand_in_groups() -> None:
    groups = {e.key: e.group for e in navigation.entries(navigation.OFFICE)}
    assert list(groups)[:4] == ["inbox", "conflicts", "people", "diary"]
    assert {groups["people"], groups["diary"]} == {navigation.MANAGE}
    assert {groups[key] for key in ("clients", "policies", "callbacks", "complaints")} == {navigation.RECORDS}
    labels = {role: {e.key: e.label for e in navigation.entries(role)}["diary"] for role in navigation.BOTH}
    assert labels == {navigation.MANAGER: "Diary", navigation.OFFICE: "Diary check"}


def test_every_group_but_the_first_and_the_foot_has_words() -> None:
    for role in navigation.BOTH:
        groups = {e.group for e in navigation.entries(role)}
        assert groups - {navigation.MAIN, navigation.FOOT} <= set(navigation.GROUP_WORDS)
